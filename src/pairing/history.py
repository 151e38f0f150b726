"""What a network has done, read into habits; and how well they foretell what came after.

Plain arrays in, plain numbers out: days are numbers (ordinals), people are numbers of profiles. Whatever is read
*until* a day uses nothing that was known only later. For what has not ended yet: E. L. Kaplan and P. Meier, JASA 53
(1958). The two habits that nobody has written down (how much there are hands for, and how far the longest wait comes
first) are those under which the year before is met best (simulated moments: D. McFadden, Econometrica 57 (1989)).

What is long ago counts less: a day's weight halves with each year that it is older (discounted Poisson counts:
J. Q. Smith, JRSS B 41 (1979)). A rate that is read from few, or from counts that go up and down by more than chance, is
not known well: :func:`doubts_of` says how badly, and :func:`drawn` gives each run rates of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from math import isfinite, log
from typing import Final

import numpy as np

from pairing.features import F64, I64, Bool
from pairing.habits import Cast, Course, Fate, Habits, Lasts, Standing, Way
from pairing.simulate import Scores, Solver, simulate

NEVER: Final = 10_000_000
"""The day of what has not happened."""
YEAR: Final = 365
QUARTERS: Final = (0.25, 0.5, 0.75)
HALF_LIFE: Final = YEAR
"""After so many days what happened counts half as much for a rate."""
STRETCH: Final = 91
"""Days of which each is counted by itself, to see by how much counts go up and down."""
SHORTEST: Final = 28
"""For fewer days no rate is read: a division that has just opened is taken to have been there as long."""
STAYS_WITHIN: Final = 30
"""Days after a partnership within which whoever leaves does not wait for another."""
HANDS_TRIED: Final = (1.0, 1.2, 1.5, 2.0, 3.0)
"""Times the proposals that were made: there may have been hands for more than there were women."""
FAIR_TRIED: Final = (0.0, 0.5, 1.0)
TRIED_WITH: Final = (11, 12)
"""The seeds with which habits are tried."""


def _nothing_kept() -> I64:
    return np.zeros((0, 4), np.int64)


@dataclass(frozen=True, slots=True)
class History:
    """What has happened in one programme; int64 where nothing else is said, days as ordinals, ``NEVER`` for not yet.

    Attributes:
        cast: the profiles of all who were ever there.
        applied, listed, unlisted: of each mentee, the day of her application, the day on which she joined the list,
            and that on which she left the programme.
        briefed, gone: of each mentor, when she joined the bank and when she left it.
        away: of each mentor, until when she rests.
        places: of each mentor.
        couples: (k, 2), mentee and mentor of each partnership; ``matched`` and ``closed``: its days.
        asked, settled: of each proposal, when it was sent and when it ended.
        agreed: bool, it became a partnership.
        held: (k, 4), mentee and mentor of each proposal, also of those that are open or were taken back, the day on
            which it was sent and that on which it ended: meanwhile both places are held.
        lent: (k, 4), mentee and mentor of each loan, the day on which it was released and that on which it was used or
            ended: meanwhile the mentor's place is kept for this mentee of another division.
    """

    cast: Cast
    applied: I64
    listed: I64
    unlisted: I64
    briefed: I64
    gone: I64
    away: I64
    places: I64
    couples: I64
    matched: I64
    closed: I64
    asked: I64
    settled: I64
    agreed: Bool
    held: I64 = field(default_factory=_nothing_kept)
    lent: I64 = field(default_factory=_nothing_kept)

    @property
    def first_match(self) -> I64:
        """Of each mentee, the day of her first partnership."""
        days = np.full(len(self.listed), NEVER, np.int64)
        np.minimum.at(days, self.couples[:, 0], self.matched)
        return days

    def matches(self, since: int, until: int) -> int:
        """Return how many partnerships began from one day to before another."""
        return int(((self.matched >= since) & (self.matched < until)).sum())


def _between(days: I64, since: int, until: int) -> Bool:
    return (days >= since) & (days < until)


def _seen(since: I64, ended: I64, lost: I64, until: int) -> Lasts:
    """Estimate how long something lasts that ends, is lost from sight, or goes on until a day."""
    there = since < until
    last = np.minimum(np.minimum(ended, lost), until)
    days = np.maximum(last - since, 0)
    return Lasts.of(days[there].astype(np.float64), ((ended <= lost) & (ended < until))[there])


def _idle_spells(history: History) -> tuple[I64, I64, I64]:
    """Return of each stretch in which a mentor had no mentee when it began, when she left, and when she was matched."""
    begins, leaves, matches = [], [], []
    pairs: dict[int, list[tuple[int, int]]] = {}
    for mentor, matched, closed in zip(
        history.couples[:, 1].tolist(), history.matched.tolist(), history.closed.tolist(), strict=True
    ):
        pairs.setdefault(mentor, []).append((matched, closed))
    for mentor, (briefed, gone) in enumerate(zip(history.briefed.tolist(), history.gone.tolist(), strict=True)):
        free = briefed
        for matched, closed in [*sorted(pairs.get(mentor, ())), (NEVER, NEVER)]:
            if free < NEVER and matched >= free:
                begins.append(free)
                leaves.append(gone)
                matches.append(matched)
            free = max(free, closed)
    return tuple(np.array(days, np.int64) for days in (begins, leaves, matches))  # type: ignore[return-value]  # three


@dataclass(frozen=True, slots=True)
class _Stream:
    """What comes to each home: float64 (homes,), how many a day, and the relative variance of what it is next year."""

    rate: F64
    doubt: F64


def _streams(history: History, since: int, until: int) -> tuple[_Stream, _Stream, _Stream]:
    """Read how many mentees and places join in each home, and how many pairs are made."""
    cast = history.cast
    begun = np.full(cast.homes, until - SHORTEST, np.int64)
    np.minimum.at(begun, cast.mentee_home, history.listed)
    np.minimum.at(begun, cast.mentor_home, history.briefed)
    begun = np.maximum(begun, since)
    return (
        _stream(history.listed, cast.mentee_home, np.ones(len(history.listed)), begun, until),
        _stream(history.briefed, cast.mentor_home, history.places.astype(np.float64), begun, until),
        _stream(history.matched, cast.mentee_home[history.couples[:, 0]], np.ones(len(history.matched)), begun, until),
    )


def _stream(days: I64, home: I64, each: F64, begun: I64, until: int) -> _Stream:
    """Read a stream from the days on which something came, where, and how much of it."""
    homes = len(begun)
    seen = (days >= begun[home]) & (days < until)
    weight = 0.5 ** ((until - days[seen]) / HALF_LIFE)
    shown = HALF_LIFE / log(2) * (1 - 0.5 ** ((until - begun) / HALF_LIFE))
    came = np.bincount(home[seen], weight * each[seen], minlength=homes)
    squares = np.bincount(home[seen], (weight * each[seen]) ** 2, minlength=homes)
    rate = came / shown
    spread = _spread(days[seen], home[seen], begun, until)
    with np.errstate(divide="ignore", invalid="ignore"):
        # From how many it is read, of whom some count less; and by how much a year differs from the next beyond chance.
        doubt = spread * squares / came**2 + (spread - 1) / (rate * YEAR)
    return _Stream(rate, np.where(came > 0, doubt, 0.0))


def _spread(days: I64, home: I64, begun: I64, until: int) -> float:
    """Return how many times further counts of a quarter vary than by chance: Pearson's chi square over its freedom."""
    chi, free = 0.0, 0
    for one, first in enumerate(begun.tolist()):
        stretches = (until - first) // STRETCH
        ago = until - 1 - days[home == one]
        counts = np.bincount((ago // STRETCH)[ago < stretches * STRETCH], minlength=stretches)
        if stretches > 1 and counts.sum():
            chi += float(((counts - counts.mean()) ** 2).sum() / counts.mean())
            free += stretches - 1
    return max(1.0, chi / free) if free else 1.0


@dataclass(frozen=True, slots=True)
class Doubts:
    """How well rates are known: float64 (homes,), the relative variance of what each may be next year.

    Attributes:
        mentees, mentors, hands: of the rates of the same name in :class:`~pairing.habits.Habits`.
    """

    mentees: F64
    mentors: F64
    hands: F64


def doubts_of(history: History, *, since: int, until: int) -> Doubts:
    """Say how well the rates of a time are known: from how many they are read, and how far their counts lie apart."""
    comes, joins, matched = _streams(history, since, until)
    return Doubts(comes.doubt, joins.doubt, matched.doubt)


def drawn(habits: Habits, doubts: Doubts, seed: int) -> Habits:
    """Return habits as they may be: each rate times a number drawn from a gamma distribution with mean 1.

    With a Poisson stream of such a rate, counts are negative binomial, as counts of people mostly are. The same seed
    gives the same, whatever the policy.
    """
    chance = np.random.default_rng([seed, len(doubts.hands)])

    def maybe(rate: F64, doubt: F64) -> F64:
        shape = 1 / np.maximum(doubt, 1e-9)
        factor = chance.gamma(shape) / shape
        return np.where(doubt > 0, rate * factor, rate)

    return replace(
        habits,
        mentees_a_day=maybe(habits.mentees_a_day, doubts.mentees),
        mentors_a_day=maybe(habits.mentors_a_day, doubts.mentors),
        hands=maybe(habits.hands, doubts.hands),
    )


def habits_of(history: History, *, since: int, until: int) -> Habits:
    """Read what a network did from one day to before another.

    Hands are as many as proposals were made, and the longest wait comes first: :func:`tuned` tries more.
    """
    cast = history.cast
    homes = range(cast.homes)
    came, joined = _between(history.listed, since, until), _between(history.briefed, since, until)
    settled = _between(history.settled, since, until)
    yes, no = settled & history.agreed, settled & ~history.agreed
    accepted = float(yes.sum() / settled.sum()) if yes.any() else 1.0
    comes, joins, matched = _streams(history, since, until)
    ended = _between(history.closed, since, until - STAYS_WITHIN)
    left_both = [
        gone[history.couples[ended, side]] <= history.closed[ended] + STAYS_WITHIN
        for side, gone in enumerate((history.unlisted, history.gone))
    ]
    again, stays = (1 - float(left.mean()) if left.size else 1.0 for left in left_both)
    # She who comes back is counted as such, and as nobody new.
    return Habits(
        mentees_a_day=comes.rate,
        mentors_a_day=joins.rate,
        mentee_pool=tuple(np.flatnonzero(came & (cast.mentee_home == home)) for home in homes),
        mentor_pool=tuple(np.flatnonzero(joined & (cast.mentor_home == home)) for home in homes),
        ready=np.maximum(history.listed - history.applied, 0)[came].astype(np.float64),
        patience=_seen(history.listed, history.unlisted, history.first_match, until),
        idle_patience=_seen(*_idle_spells(history), until),
        hands=matched.rate / accepted,
        fair=1.0,
        accepted=accepted,
        until_yes=np.maximum(history.settled - history.asked, 0)[yes].astype(np.float64),
        until_no=np.maximum(history.settled - history.asked, 0)[no].astype(np.float64),
        together=_seen(history.matched, history.closed, np.full(len(history.closed), NEVER, np.int64), until),
        stays=stays,
        again=again,
    )


def standing_on(history: History, day: int) -> Standing:
    """Return who was there at the beginning of a day, and which places were held or lent."""
    running = (history.matched < day) & (history.closed >= day)
    held = history.held[_open(history.held, day)]
    lent = history.lent[_open(history.lent, day)]
    engaged = np.zeros(len(history.listed), np.bool_)
    engaged[history.couples[running, 0]] = True
    asked = held[~engaged[held[:, 0]]]
    engaged[asked[:, 0]] = True
    waiting = np.flatnonzero((history.listed < day) & (history.unlisted >= day) & ~engaged)
    since = history.applied.copy()
    over = history.closed < day
    np.maximum.at(since, history.couples[over, 0], history.closed[over])
    # A place is kept for her only as long as she waits.
    lent = lent[np.isin(lent[:, 0], waiting)]
    taken = sum(
        np.bincount(mentors, minlength=len(history.briefed))
        for mentors in (history.couples[running, 1], asked[:, 1], lent[:, 1])
    )
    there = (history.briefed < day) & (history.gone >= day) & (history.away <= day)
    free = np.where(there, np.maximum(history.places - taken, 0), 0)
    bank = np.repeat(np.arange(len(free)), free)
    idle = history.briefed.copy()
    np.maximum.at(idle, history.couples[over, 1], history.closed[over])
    return Standing(
        waiting=waiting,
        waited=(day - since[waiting]).astype(np.float64),
        bank=bank,
        idle=(day - idle[bank]).astype(np.float64),
        couples=history.couples[running],
        lasted=(day - history.matched[running]).astype(np.float64),
        asked=asked[:, :2],
        asked_waited=np.maximum(day - since[asked[:, 0]], 0).astype(np.float64),
        asked_since=(day - asked[:, 2]).astype(np.float64),
        lent=lent[:, :2],
    )


def _open(kept: I64, day: int) -> Bool:
    return (kept[:, 2] < day) & (kept[:, 3] >= day)


# Waits ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Waits:
    """How long some women waited for a mentor; those who left or still wait are counted for as long as they were seen.

    Attributes:
        women: how many.
        matched: how many of them were matched.
        quarters: days by which a quarter, half and three quarters had a mentor; ``None`` where that was never seen.
    """

    women: int
    matched: int
    quarters: tuple[float | None, float | None, float | None]


def waits_of(days: F64, matched: Bool) -> Waits:
    """Tell how long some women waited: float64 (k,) days, and whether they ended with a match."""
    lasts = Lasts.of(days, matched)
    first, half, third = (lasts.after(share) for share in QUARTERS)
    found = tuple(day if isfinite(day) else None for day in (first, half, third))
    return Waits(len(days), int(matched.sum()), (found[0], found[1], found[2]))


def real_waits(
    history: History, *, since: int, until: int, among: Bool | None = None, known: int | None = None
) -> tuple[F64, Bool]:
    """Return the first wait of each woman who joined the list from one day to before another, as known on the latter.

    Args:
        history: of whom.
        since: the first day.
        until: the day after the last, on which it is known.
        among: bool (n,), only these mentees.
        known: a later day on which it is known.
    """
    known = until if known is None else known
    wanted = _between(history.listed, since, until)
    if among is not None:
        wanted &= among
    first, left = history.first_match[wanted], history.unlisted[wanted]
    ended = np.minimum(np.minimum(first, left), known)
    return np.maximum(ended - history.applied[wanted], 0).astype(np.float64), (first <= left) & (first < known)


def foretold_waits(courses: Sequence[Course], among: Bool | None = None) -> tuple[F64, Bool]:
    """Return the waits of the women who came in some runs, not of those who were there at the start or came back.

    Args:
        courses: the runs.
        among: bool (n,), only these profiles.
    """
    days, matched = [], []
    for course in courses:
        wanted = (course.joined >= 0) & ~course.came_back
        if among is not None:
            wanted &= among[course.profile]
        days.append(course.waited[wanted])
        matched.append(course.fate[wanted] == Fate.MATCHED)
    return np.concatenate([np.zeros(0), *days]), np.concatenate([np.zeros(0, np.bool_), *matched])


# Finding the habits that nobody has written down ----------------------------------------------------------------------


def distance(foretold: Waits, real: Waits, matches: float, really: int) -> float:
    """Return how far two waits and two numbers of matches are apart: the mean of the logarithms of their ratios.

    A quarter that only one of the two has reached counts as twice as long; a week is added to each, lest days weigh.
    """
    parts = [abs(log((matches + 1) / (really + 1)))]
    for one, other in zip(foretold.quarters, real.quarters, strict=True):
        if one is not None and other is not None:
            parts.append(abs(log((one + 7) / (other + 7))))
        elif one is not other:
            parts.append(log(2))
    return sum(parts) / len(parts)


def tuned(
    history: History,
    *,
    since: int,
    until: int,
    way: Way,
    solve: Solver,
    scores: Scores,
    tell: Callable[[], None],
    seeds: Sequence[int] = TRIED_WITH,
) -> Habits:
    """Return the habits of a time, with the hands and the fairness under which its last year is met best.

    Args:
        history: of the network.
        since: the first day that is read.
        until: the day after the last; the year before it is played through again.
        way: how the network matches now.
        solve: as for :func:`pairing.simulate.simulate`.
        scores: likewise.
        tell: is called after each run.
        seeds: with which each is tried.

    Of equals the one that is tried first: fewest hands.
    """
    habits = habits_of(history, since=since, until=until)
    begin = max(since, until - YEAR)
    standing = standing_on(history, begin)
    real = waits_of(*real_waits(history, since=begin, until=until))
    really = history.matches(begin, until)
    best, found = float("inf"), habits
    for hands, fair in product(HANDS_TRIED, FAIR_TRIED):
        some = replace(habits, hands=habits.hands * hands, fair=fair)
        courses = []
        for seed in seeds:
            courses.append(
                simulate(history.cast, some, standing, way, solve=solve, seed=seed, days=until - begin, scores=scores)
            )
            tell()
        matches = sum(int((course.fate == Fate.MATCHED).sum()) for course in courses) / len(courses)
        apart = distance(waits_of(*foretold_waits(courses)), real, matches, really)
        if apart < best:
            best, found = apart, some
    return found


def tries(seeds: Sequence[int] = TRIED_WITH) -> int:
    """Return how many runs :func:`tuned` makes."""
    return len(HANDS_TRIED) * len(FAIR_TRIED) * len(seeds)
