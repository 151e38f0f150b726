"""Which codes a text probably means, learnt from titles whose codes are known.

Two witnesses are heard. The *nearest titles* vote for their codes, each with its likeness raised to a high power. The
*words* testify as in a naive Bayes classifier: a word speaks for the codes in whose titles it is commoner than in all
titles, which tells *food production manager* from *food production operator* where likeness sees little difference.
The numbers below were tuned on titles that no reported figure rests on (docs/occupations.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from reference.likeness import Likeness

NEAREST: Final = 100
SHARPNESS: Final = 8
# How like a title must be to weigh as much as the doubt whether any code is meant at all.
DOUBT: Final = 0.5
WORDS_WEIGHT: Final = 0.4
# How much of a code's evidence is borrowed from all codes, as a share of the mean number of words that a code has.
SMOOTHING: Final = 0.25
# The strongest a missing word may speak against a code (natural logarithm).
STRONGEST_DENIAL: Final = -4.0


@dataclass(frozen=True, slots=True)
class Ranked:
    """A code that a text may mean.

    Attributes:
        code: as given with the titles.
        share: of the belief, 0 to 1; the shares of one text sum to less than 1, the rest is doubt.
        row: the number of the nearest title of this code.
        likeness: of that title to the text, 0 to 1.
    """

    code: str
    share: float
    row: int
    likeness: float


class Ranking:
    """Ranks codes for a text; ``titles`` are the features of each title, ``codes`` their codes, row by row."""

    def __init__(self, titles: Sequence[Sequence[str]], codes: Sequence[str]) -> None:
        self._likeness = Likeness(titles)
        self._codes = sorted(set(codes))
        place = {code: at for at, code in enumerate(self._codes)}
        self._code_of = np.array([place[code] for code in codes], dtype=np.int64)
        self._testimony = self._learnt()

    def _learnt(self) -> NDArray[np.float32]:
        """Return for each word (row) and code (column) how much commoner the word is there than anywhere (log)."""
        holders = self._likeness.holders
        shape = (len(self._likeness.numbers), len(self._codes))
        words = np.repeat(np.arange(shape[0]), np.diff(holders.starts))
        cells = words * shape[1] + self._code_of[holders.rows]
        counts = np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape).astype(np.float32)
        everywhere = counts.sum(axis=1, keepdims=True) / max(counts.sum(), 1.0)
        sizes = counts.sum(axis=0, keepdims=True)
        borrowed = SMOOTHING * float(sizes.mean())
        there = (counts + borrowed * everywhere) / (sizes + borrowed)
        learnt: NDArray[np.float32] = np.maximum(np.log(there / everywhere), STRONGEST_DENIAL)
        return learnt

    def ranked(self, text: Sequence[str]) -> tuple[Ranked, ...]:
        """Return the codes that the features ``text`` may mean, likeliest first, equal ones in the codes' order."""
        similar = [self._likeness.similar(word) for word in dict.fromkeys(text)]
        if not any(similar):
            return ()
        scores = self._likeness.scores(similar)
        nearest = np.argsort(-scores, kind="stable")[:NEAREST]
        nearest = nearest[scores[nearest] > 0]
        votes = np.zeros(len(self._codes))
        np.add.at(votes, self._code_of[nearest], scores[nearest] ** SHARPNESS)
        standing = np.flatnonzero(votes)
        belief = np.log(votes[standing])
        for known in similar:
            if known:
                number, alike = max(known, key=lambda pair: pair[1])
                belief += WORDS_WEIGHT * alike * self._testimony[number, standing]
        strength = np.exp(belief)
        shares = strength / (strength.sum() + DOUBT**SHARPNESS)
        first: dict[int, int] = {}
        for row in nearest.tolist():
            first.setdefault(int(self._code_of[row]), row)
        return tuple(
            Ranked(
                code=self._codes[code], share=float(shares[at]), row=first[code], likeness=float(scores[first[code]])
            )
            for at, code in sorted(enumerate(standing.tolist()), key=lambda pair: (-shares[pair[0]], pair[1]))
        )
