"""A synthetic waiting list and mentor bank for the benchmark and the examples, of the demo network's people."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Final

from mentornet.demo.lists import Weighted
from mentornet.demo.lives import MENTOR_WORK
from mentornet.demo.names import BACKGROUNDS, DANE
from mentornet.demo.population import (
    COPENHAGEN,
    MENTEE_BACKGROUNDS,
    MENTEE_DIVISIONS,
    MENTOR_BACKGROUNDS,
    MENTOR_DIVISIONS,
    Population,
)
from reference import isco
from reference.people import Mentee, Mentor

__all__ = ["BACKGROUNDS", "COPENHAGEN", "DANE", "SEED", "TODAY", "Population", "Weighted", "network"]

SEED: Final = 2003
TODAY: Final = date(2026, 11, 21)


def network(
    mentees: int, mentors: int, *, seed: int = SEED, today: date = TODAY
) -> tuple[tuple[Mentee, ...], tuple[Mentor, ...]]:
    """Return a waiting list and a mentor bank; the first so many of a larger network are the same people."""
    missing = [work.code for work in MENTOR_WORK.values if not isco.exists(work.code)]
    assert not missing, missing
    mentor_ids = [f"M{number:06d}" for number in range(1, mentors + 1)]
    waiting = Population(
        Random(f"{seed} mentees"), divisions=MENTEE_DIVISIONS, backgrounds=MENTEE_BACKGROUNDS, today=today
    )
    bank = Population(
        Random(f"{seed} mentors"), divisions=MENTOR_DIVISIONS, backgrounds=MENTOR_BACKGROUNDS, today=today
    )
    return (
        tuple(waiting.mentee(f"K{number:06d}", number + 1, mentor_ids) for number in range(1, mentees + 1)),
        tuple(bank.mentor(name, row) for row, name in enumerate(mentor_ids, 2)),
    )
