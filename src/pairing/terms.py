"""The names of the hard rules and the criteria, in their fixed order; files and tables use these words."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Rule(StrEnum):
    """A hard rule: a pair that fails one is not allowed."""

    # Python's own enum hashes through a method; these stand as keys in every inner loop.
    __hash__ = str.__hash__

    LANGUAGE = "language"
    PLACE = "place"
    TIME = "time"
    REQUIRES = "requires"
    CONFLICT = "conflict"
    RESTING = "resting"
    CAPACITY = "capacity"
    FORBIDDEN = "forbidden"


class Criterion(StrEnum):
    """A criterion: how well a pair fits in one respect, 0 to 1 or unknown."""

    # Python's own enum hashes through a method; these stand as keys in every inner loop.
    __hash__ = str.__hash__

    OCCUPATION = "occupation"
    TOPICS = "topics"
    LANGUAGE = "language"
    INTERESTS = "interests"
    PACE = "pace"
    TIME = "time"
    EDUCATION = "education"
    SECTOR = "sector"
    PLACE = "place"
    EXPERIENCE = "experience"


class UnmatchedReason(StrEnum):
    """Why a mentee is left over."""

    # Python's own enum hashes through a method; these stand as keys in every inner loop.
    __hash__ = str.__hash__

    NO_ALLOWED = "no_allowed"
    """No mentor passes all hard rules."""
    FLOOR = "floor"
    """Some mentor is allowed, none reaches the floor."""
    TAKEN = "taken"
    """Mentors reach the floor, and each of them is paired with somebody else."""


RULES: Final = tuple(Rule)
CRITERIA: Final = tuple(Criterion)
UNITS: Final = 10_000
"""Scores are whole numbers of 1/10,000."""
