"""What a simulation is made of: who may come, what a network does by itself, who is there, and what a run came to.

Frozen data; :mod:`pairing.history` fills it from a network's past, :mod:`pairing.simulate` plays it through.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from math import inf
from typing import Final

import numpy as np

from pairing.features import F64, I8, I64, Bool, Features
from pairing.policy import Policy

NOT_ALLOWED: Final = -1
"""The score of a pair that a hard rule forbids, and of a woman who has no pair."""


class Fate(IntEnum):
    """What has become of a woman by the end."""

    WAITS = 0
    ASKED = 1
    MATCHED = 2
    LEFT = 3


@dataclass(frozen=True, slots=True)
class Lasts:
    """How long something lasts: a stair that falls from 1, as Kaplan and Meier estimate it.

    Attributes:
        days: float64 (k,), growing.
        left: float64 (k,), how large a share still lasts after each of them; where the last is above 0, some last for
            ever: nobody has seen them end.
    """

    days: F64
    left: F64

    @classmethod
    def of(cls, days: F64, ended: Bool) -> Lasts:
        """Estimate it from how long each was seen to last, and whether it ended then. Empty: it lasts for ever."""
        order = np.sort(days)
        steps, counts = np.unique(days[ended], return_counts=True)
        at_risk = len(order) - np.searchsorted(order, steps, side="left")
        left: F64 = np.cumprod(1 - counts / at_risk, dtype=np.float64)
        return cls(steps.astype(np.float64), left)

    def draw(self, chance: float, so_far: float = 0.0) -> float:
        """Return the day on which it ends, given that it has lasted ``so_far``; ``inf`` where it does not.

        Args:
            chance: from 0 to below 1; the same one gives the same day.
            so_far: what has lasted as long lasts longer still.
        """
        begun = int(np.searchsorted(self.days, so_far, side="right"))
        before = float(self.left[begun - 1]) if begun else 1.0
        # Of those who are left a share of 1 - chance is to remain; the stair falls, its negative grows.
        place = int(np.searchsorted(-self.left, -before * (1 - chance), side="left"))
        place = max(place, begun)
        return float(self.days[place]) if place < len(self.days) else inf

    def after(self, share: float) -> float:
        """Return the day by which it has ended for a share of them; ``inf`` where that was never seen."""
        place = int(np.searchsorted(-self.left, -(1 - share) - 1e-12, side="left"))
        return float(self.days[place]) if place < len(self.days) else inf


@dataclass(frozen=True, slots=True)
class Cast:
    """Who may come: profiles of people who have, any of whom may come again as somebody else.

    Attributes:
        features: n profiles of mentees, m of mentors.
        policy: weights, floor and bonus.
        mentee_home, mentor_home: int64 (n,) and (m,), each profile's division as a number from 0.
        homes: how many divisions there are.
    """

    features: Features
    policy: Policy
    mentee_home: I64
    mentor_home: I64
    homes: int


@dataclass(frozen=True, slots=True)
class Habits:
    """What a network does by itself, whatever the policy; days are the unit of time.

    Attributes:
        mentees_a_day, mentors_a_day: float64 (homes,), how many join the waiting list and the bank (Poisson).
        mentee_pool, mentor_pool: for each home, int64, the profiles of which one comes, each as likely.
        ready: float64, days from the application to the waiting list, of which one is drawn; her wait counts from the
            application.
        patience: how long a woman stays on the list without a mentor.
        idle_patience: how long a mentor stays in the bank without a mentee.
        hands: float64 (homes,), for how many proposals a day there are hands (Poisson); ``inf`` for as many as can be
            made.
        fair: the share of the places on an agenda that the longest waits get; the others are drawn by lot.
        accepted: the share of proposals to which both say yes.
        until_yes, until_no: float64, days until a proposal is settled, of which one is drawn.
        together: how long a partnership lasts.
        stays: the share of mentors who are in the bank again after it.
        again: the share of mentees who wait again after it.
    """

    mentees_a_day: F64
    mentors_a_day: F64
    mentee_pool: tuple[I64, ...]
    mentor_pool: tuple[I64, ...]
    ready: F64
    patience: Lasts
    idle_patience: Lasts
    hands: F64
    fair: float
    accepted: float
    until_yes: F64
    until_no: F64
    together: Lasts
    stays: float
    again: float


def _no_pairs() -> I64:
    return np.zeros((0, 2), np.int64)


def _no_days() -> F64:
    return np.zeros(0, np.float64)


@dataclass(frozen=True, slots=True)
class Standing:
    """Who is there on the first day.

    Attributes:
        waiting: int64, profiles of the mentees on the list; ``waited``: float64, since how many days.
        bank: int64, profiles of the mentors, one for each free place; ``idle``: float64, since how many days.
        couples: int64 (k, 2), profiles of mentee and mentor of each partnership that runs; ``lasted``: float64.
        asked: int64 (k, 2), profiles of mentee and mentor of each proposal without an answer yet: she does not wait,
            and the place is held; ``asked_waited``: float64, since how many days she waits; ``asked_since``: float64,
            since how many days they have been asked.
        lent: int64 (k, 2), profiles of mentee and mentor where a place of another division is kept for her who waits.
            Such a place stands in ``bank`` no more.
    """

    waiting: I64
    waited: F64
    bank: I64
    idle: F64
    couples: I64
    lasted: F64
    asked: I64 = field(default_factory=_no_pairs)
    asked_waited: F64 = field(default_factory=_no_days)
    asked_since: F64 = field(default_factory=_no_days)
    lent: I64 = field(default_factory=_no_pairs)


@dataclass(frozen=True, slots=True)
class Way:
    """A policy.

    Attributes:
        every: days from one matching meeting to the next; 0 matches at once: whenever there is somebody to match, and
            hands for it.
        lends: mentors of every division are asked, not only her own's; the place rule holds all the same.
        more: profiles of mentors who join the bank on the first day, beside all others.
    """

    every: int = 0
    lends: bool = False
    more: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Course:
    """What a run came to: k women, in the order in which they came; those who were there at the start first.

    Attributes:
        profile: int64 (k,).
        joined: float64 (k,), the day on which she joined the list; below 0 before the first day.
        waited: float64 (k,), days from her application until she was matched, left, or the end of the run.
        fate: int8 (k,), a :class:`Fate`.
        score: int64 (k,), of her pair, without the waiting bonus; ``NOT_ALLOWED`` where she has none.
        came_back: bool (k,), she had had a mentor before.
        mentors: how many mentors (places) there were in all: at the start, come, come back.
        mentors_free, mentors_asked, mentors_taken, mentors_left: and what became of them by the end.
    """

    profile: I64
    joined: F64
    waited: F64
    fate: I8
    score: I64
    came_back: Bool
    mentors: int
    mentors_free: int
    mentors_asked: int
    mentors_taken: int
    mentors_left: int
