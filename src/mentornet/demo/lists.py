"""How lists to draw from are written down: a text of words, or values with their shares."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


class Weighted(Generic[T]):
    """Values, each with the share of draws that bring it."""

    def __init__(self, shares: Mapping[T, float]) -> None:
        self.values = tuple(shares)
        self._cumulated = tuple(accumulate(shares.values()))

    def one(self, random: Random) -> T:
        """Draw one value."""
        return random.choices(self.values, cum_weights=self._cumulated)[0]

    def different(self, random: Random, least: int, most: int) -> tuple[T, ...]:
        """Return ``least`` to ``most`` different values, the likelier ones more often and sooner."""
        wanted = random.randint(least, most)
        found: dict[T, None] = {}
        while len(found) < wanted:
            found.update(dict.fromkeys(random.choices(self.values, cum_weights=self._cumulated, k=wanted)))
        return tuple(found)[:wanted]


def words(text: str) -> tuple[str, ...]:
    """Return the words of a text; of one with semicolons, what stands between them."""
    return tuple(" ".join(part.split()) for part in (text.split(";") if ";" in text else text.split()))
