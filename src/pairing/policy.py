"""Weights, neutral values, floor and the like: what a coordinator may change, and its defaults.

The file format is TOML, defined in ``docs/formats.md``.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_CEILING, Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Final

from pairing.errors import PolicyError
from pairing.terms import CRITERIA, UNITS, Criterion
from reference.cefr import Level
from reference.customs import Custom, UnusableCustomsError, read_customs
from reference.spoken import Decimal as Spoken
from reference.translation import N_, Message, Value

DEFAULT_WEIGHTS: Final[Mapping[Criterion, float]] = MappingProxyType(
    {
        Criterion.OCCUPATION: 0.25,
        Criterion.TOPICS: 0.20,
        Criterion.LANGUAGE: 0.12,
        Criterion.INTERESTS: 0.10,
        Criterion.PACE: 0.10,
        Criterion.TIME: 0.08,
        Criterion.EDUCATION: 0.05,
        Criterion.SECTOR: 0.04,
        Criterion.PLACE: 0.03,
        Criterion.EXPERIENCE: 0.03,
    }
)
DEFAULT_NEUTRAL: Final[Mapping[Criterion, float]] = MappingProxyType(
    {
        Criterion.OCCUPATION: 0.3,
        Criterion.TOPICS: 0.4,
        Criterion.LANGUAGE: 0.5,
        Criterion.INTERESTS: 0.3,
        Criterion.PACE: 0.6,
        Criterion.TIME: 0.5,
        Criterion.EDUCATION: 0.5,
        Criterion.SECTOR: 0.3,
        Criterion.PLACE: 0.5,
        Criterion.EXPERIENCE: 0.5,
    }
)
DEFAULT_FLOOR: Final = "0.35"
MAX_BONUS: Final = 1.0
MAX_DAYS: Final = 36_525


@dataclass(frozen=True, slots=True)
class Policy:
    """How pairs are judged.

    Attributes:
        weights: one for each criterion, at least 0, summing to 1 (with those of own criteria).
        neutral: one for each criterion, 0 to 1: stands in where the value is unknown.
        floor: the lowest score of a pair that is proposed, in units of 1/10,000.
        min_language: the level that both need in a shared language.
        customs: the programme's own criteria and hard rules; the weights of the criteria are in the same sum of 1.
        waiting_bonus: added to the score of a mentee who has waited ``waiting_days`` days or longer, in
            proportion below; 0 to 1.
    """

    weights: Mapping[Criterion, float] = field(default_factory=lambda: DEFAULT_WEIGHTS)
    neutral: Mapping[Criterion, float] = field(default_factory=lambda: DEFAULT_NEUTRAL)
    floor: int = 3_500
    min_language: Level = Level.B1
    waiting_bonus: float = 0.02
    waiting_days: float = 365.0
    customs: tuple[Custom, ...] = ()

    @property
    def scored(self) -> tuple[Custom, ...]:
        """The own criteria; hard rules are no part of them."""
        return tuple(custom for custom in self.customs if not custom.is_rule)

    @property
    def own_rules(self) -> tuple[Custom, ...]:
        """The own hard rules."""
        return tuple(custom for custom in self.customs if custom.is_rule)

    def with_floor(self, floor: int) -> Policy:
        """Return the same policy with another floor, in units."""
        return replace(self, floor=floor)


def normalised(weights: Mapping[Criterion, float]) -> Mapping[Criterion, float]:
    """Return ``weights`` divided by their sum, in the criteria's order."""
    total = math.fsum(weights.values())
    # What has been normalised once may be a hair off 1: dividing again would only move it.
    if math.isclose(total, 1.0, rel_tol=1e-12):
        return MappingProxyType({criterion: weights[criterion] for criterion in CRITERIA})
    return MappingProxyType({criterion: weights[criterion] / total for criterion in CRITERIA})


def shared_out(
    weights: Mapping[Criterion, float], customs: Sequence[Custom]
) -> tuple[Mapping[Criterion, float], tuple[Custom, ...]]:
    """Return the weights of the criteria and of own ones, all divided by their one sum."""
    total = math.fsum([*weights.values(), *(custom.weight for custom in customs)])
    if not customs or math.isclose(total, 1.0, rel_tol=1e-12):
        return (normalised(weights) if not customs else weights), tuple(customs)
    shares = MappingProxyType({criterion: weights[criterion] / total for criterion in CRITERIA})
    return shares, tuple(replace(custom, weight=custom.weight / total) for custom in customs)


def floor_units(floor: str) -> int:
    """Return the smallest whole number of units that reaches ``floor``, a decimal number written out."""
    return int((Decimal(floor) * UNITS).to_integral_value(rounding=ROUND_CEILING))


class _Reading:
    """Takes values out of a parsed weights file and remembers every complaint."""

    def __init__(self, name: str, content: Mapping[str, object]) -> None:
        self.name = name
        self.content = content
        self.complaints: list[Message] = []

    def complain(self, key: str, expected: Message) -> None:
        values: dict[str, Value | Message] = {"file": self.name, "key": key, "expected": expected}
        self.complaints.append(Message(N_("{file}, {key}: {expected}"), values))

    def table(self, key: str, known: tuple[str, ...]) -> dict[str, object]:
        found = self.content.get(key, {})
        if not isinstance(found, dict):
            self.complain(key, Message(N_("expected a table, as in “[{key}]” on a line of its own"), {"key": key}))
            return {}
        for name in found:
            if name not in known:
                values = {"known": ", ".join(known)}
                self.complain(f"[{key}] {name}", Message(N_("not a known setting; known are {known}"), values))
        return {name: value for name, value in found.items() if name in known}

    def number(self, key: str, value: object, low: float, high: float) -> float | None:
        if isinstance(value, Decimal | int) and not isinstance(value, bool):
            number = float(value)
            if math.isfinite(number) and low <= number <= high:
                return number
        values = {"low": Spoken(low), "high": Spoken(high)}
        self.complain(key, Message(N_("expected a number from {low} to {high}"), values))
        return None


def read_policy(path: Path) -> Policy:
    """Read a weights file.

    Raises:
        PolicyError: with every complaint: not TOML, unknown keys, values out of range, all weights zero.
    """
    values: dict[str, Value | Message] = {"file": path.name}
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"), parse_float=Decimal)
    except OSError as error:
        raise PolicyError([Message(N_("{file}: the file cannot be read"), values)]) from error
    except UnicodeDecodeError as error:
        raise PolicyError([Message(N_("{file}: expected a text file in UTF-8"), values)]) from error
    except tomllib.TOMLDecodeError as error:
        template = N_("{file}: not a weights file (TOML): {detail}")
        raise PolicyError([Message(template, {**values, "detail": str(error)})]) from error
    return policy_from(content, path.name)


def policy_from(content: Mapping[str, object], name: str) -> Policy:
    """Build a policy from a parsed weights file whose decimals are ``Decimal``; ``name`` stands in complaints.

    Raises:
        PolicyError: with every complaint.
    """
    reading = _Reading(name, content)
    for key in content:
        if key not in {"floor", "weights", "neutral", "rules", "waiting", "custom"}:
            known = "floor, [weights], [neutral], [rules], [waiting], [[custom]]"
            reading.complain(key, Message(N_("not a known setting; known are {known}"), {"known": known}))
    names = tuple(str(criterion) for criterion in CRITERIA)

    weights = dict(DEFAULT_WEIGHTS)
    for key, value in reading.table("weights", names).items():
        weight = reading.number(f"[weights] {key}", value, 0, 1_000_000)
        weights[Criterion(key)] = 0.0 if weight is None else weight
    neutral = dict(DEFAULT_NEUTRAL)
    for key, value in reading.table("neutral", names).items():
        stand_in = reading.number(f"[neutral] {key}", value, 0, 1)
        neutral[Criterion(key)] = 0.0 if stand_in is None else stand_in

    floor = content.get("floor", Decimal(DEFAULT_FLOOR))
    reading.number("floor", floor, 0, 2)
    level = reading.table("rules", ("min_language",)).get("min_language", Level.B1.name)
    if not isinstance(level, str) or level.upper() not in Level.__members__:
        values = {"levels": ", ".join(Level.__members__)}
        reading.complain("[rules] min_language", Message(N_("expected one of {levels}"), values))
    waiting = reading.table("waiting", ("bonus", "days"))
    bonus = reading.number("[waiting] bonus", waiting.get("bonus", Decimal("0.02")), 0, MAX_BONUS)
    days = reading.number("[waiting] days", waiting.get("days", 365), 1, MAX_DAYS)

    customs: tuple[Custom, ...] = ()
    try:
        customs = read_customs(content.get("custom", ()))
    except UnusableCustomsError as error:
        for place, message in error.complaints:
            reading.complain(f"[[custom]] {place}".strip(), message)

    if not reading.complaints and not any([*weights.values(), *(custom.weight for custom in customs)]):
        reading.complain("[weights]", Message(N_("expected at least one weight above 0")))
    if reading.complaints or bonus is None or days is None:
        raise PolicyError(reading.complaints)
    shares, customs = shared_out(weights, customs)
    return Policy(
        weights=shares,
        neutral=MappingProxyType(neutral),
        floor=floor_units(str(floor)),
        min_language=Level[str(level).upper()],
        waiting_bonus=bonus,
        waiting_days=days,
        customs=customs,
    )
