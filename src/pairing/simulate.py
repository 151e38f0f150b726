"""Waiting under a policy: a network's days played through, with the real scores and the real solver.

A discrete-event simulation. Women come, and wait; mentors come to the bank; whoever decides makes proposals as often as
the policy says and as far as there are hands for it; proposals are accepted or refused after some days; partnerships
end, and places are free again; people lose patience and leave. What comes by chance is drawn from
:class:`~pairing.habits.Habits`, which :mod:`pairing.history` reads from what a network has done. See
``docs/pairing.md`` for the model and its sources.

Who comes, when, how patient she is and what she is like is drawn from a chance of its own, and so is when there are
hands for a proposal; what a woman will say to her first mentor and to her second, and how long her pair lasts, goes
with her. So two policies with the same seed meet the same people with the same luck, and what differs is the policy's
(common random numbers; A. M. Law, *Simulation Modeling and Analysis*, 2015, section 11.2).
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from itertools import count
from math import inf, isfinite

import numpy as np

from pairing.certificate import PairingResult
from pairing.features import F64, I64, chosen
from pairing.habits import NOT_ALLOWED, Cast, Course, Fate, Habits, Standing, Way
from pairing.problem import PairingProblem, PairSet
from pairing.scoring import judge_row
from pairing.terms import UNITS

Solver = Callable[[PairingProblem], PairingResult]
"""What chooses the pairs of an agenda, as :func:`pairing.solve.solve` does."""


class Scores:
    """What each woman scores with each mentor without the waiting bonus, row by row as somebody asks."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self._rows: dict[int, I64] = {}
        self._problem = problem_of(cast, np.arange(len(cast.mentee_home)), np.arange(len(cast.mentor_home)))

    def row(self, profile: int) -> I64:
        """Return int64 (m,): units of 1/10,000, or ``NOT_ALLOWED``."""
        if profile not in self._rows:
            judged = judge_row(self._problem, profile)
            self._rows[profile] = np.where(judged.rules.allowed, judged.scores, NOT_ALLOWED)
        return self._rows[profile]


def problem_of(
    cast: Cast, mentees: I64, mentors: I64, bonus: F64 | None = None, refused: list[tuple[int, int]] | None = None
) -> PairingProblem:
    """Return the problem of some people of a cast: profiles of mentees and of mentors, each with one place.

    Args:
        cast: whose profiles.
        mentees: int64 (n,); a profile may stand there more than once.
        mentors: int64 (m,), likewise.
        bonus: float64 (n,), the waiting bonuses; none without it.
        refused: places of pairs that have refused each other, as (row, column), ascending.
    """
    starts = np.zeros(len(mentees) + 1, np.int64)
    pairs = refused or []
    for row, _ in pairs:
        starts[row + 1] += 1
    nobody = PairSet(np.zeros(len(mentees) + 1, np.int64), np.zeros(0, np.int32))
    return PairingProblem(
        mentee_ids=tuple(f"{row:06d}" for row in range(len(mentees))),
        mentor_ids=tuple(f"{column:06d}" for column in range(len(mentors))),
        features=chosen(cast.features, mentees, mentors),
        policy=cast.policy,
        bonus=np.zeros(len(mentees), np.float64) if bonus is None else bonus,
        capacity=np.ones(len(mentors), np.int64),
        full=np.zeros(len(mentors), np.bool_),
        resting=np.zeros(len(mentors), np.bool_),
        conflicts=PairSet(np.cumsum(starts), np.array([column for _, column in pairs], np.int32)),
        forbidden=nobody,
        locks=np.zeros((0, 2), np.int64),
    )


class _Happens(IntEnum):
    """What can happen; of two things at one moment the earlier in this list comes first."""

    MENTOR_COMES = 0
    PAIR_ENDS = 1
    MENTOR_LEAVES = 2
    MENTEE_COMES = 3
    MENTEE_LEAVES = 4
    ANSWER = 5
    AGENDA = 6


_Luck = tuple[int, ...]
"""Whose luck it is: who is there, who comes as the nth, who is paired, who is asked; in her next wait a 0 longer."""
_THERE, _COMES, _PAIRED, _ASKED, _LOTS = range(5)


@dataclass(slots=True)
class _Woman:
    profile: int
    home: int
    applied: float
    joined: float
    leaves: float
    came_back: bool
    luck: _Luck
    chance: np.random.Generator
    fate: Fate = Fate.WAITS
    until: float = inf
    score: int = NOT_ALLOWED


@dataclass(slots=True)
class _Mentor:
    profile: int
    home: int
    leaves: float
    only: int = -1  # the woman for whom alone her place is kept in another division


class _Run:
    """One run: people by number, and what is to happen in a heap."""

    def __init__(
        self, cast: Cast, scores: Scores, habits: Habits, way: Way, solver: Solver, seed: int, days: float
    ) -> None:
        self.cast, self.scores, self.habits, self.way, self.days = cast, scores, habits, way, days
        self.solve, self.seed = solver, seed
        # Whoever comes is the same under every policy: what the policy leads to is drawn elsewhere.
        chances = np.random.SeedSequence(seed).spawn(3)
        self.coming, self.joining, handing = map(np.random.default_rng, chances)
        self.handed = [_stream(float(rate), days, handing) for rate in habits.hands]
        self.heap: list[tuple[float, int, int, int, int]] = []
        self.order = count()
        self.women: list[_Woman] = []
        self.mentors: list[_Mentor] = []
        self.waiting: list[set[int]] = [set() for _ in range(cast.homes)]
        self.free: list[set[int]] = [set() for _ in range(cast.homes)]
        self.refused: dict[int, set[int]] = {}
        self.asked: dict[int, int] = {}
        self.pairs: list[tuple[int, int, _Luck]] = []
        self.lent: dict[int, int] = {}
        self.came = self.taken = self.left = 0

    def plan(self, at: float, what: _Happens, one: int = 0, other: int = 0) -> None:
        if at <= self.days and isfinite(at):
            heapq.heappush(self.heap, (at, int(what), next(self.order), one, other))

    # People -----------------------------------------------------------------------------------------------------------

    def chance_of(self, luck: _Luck) -> np.random.Generator:
        return np.random.default_rng([self.seed, 1, *luck])

    def join(
        self, profile: int, now: float, applied: float, leaves: float, luck: _Luck, *, came_back: bool = False
    ) -> int:
        number = len(self.women)
        home = int(self.cast.mentee_home[profile])
        self.women.append(_Woman(profile, home, applied, now, leaves, came_back, luck, self.chance_of(luck)))
        self.waiting[home].add(number)
        self.plan(leaves, _Happens.MENTEE_LEAVES, number)
        return number

    def enlist(self, profile: int, leaves: float) -> int:
        number = len(self.mentors)
        home = int(self.cast.mentor_home[profile])
        self.mentors.append(_Mentor(profile, home, leaves))
        self.free[home].add(number)
        self.plan(leaves, _Happens.MENTOR_LEAVES, number)
        return number

    def pair(self, theirs: int, hers: int, luck: _Luck, after: float) -> None:
        self.plan(after, _Happens.PAIR_ENDS, len(self.pairs))
        self.pairs.append((theirs, hers, luck))

    def lend(self, number: int, mentor: int) -> None:
        self.lent[number] = mentor
        self.move(mentor, self.women[number].home, number)

    def move(self, mentor: int, home: int, only: int = -1) -> None:
        one = self.mentors[mentor]
        self.free[one.home].discard(mentor)
        one.home, one.only = home, only
        self.free[home].add(mentor)

    def give_back(self, number: int) -> None:
        """Give the place that was kept for a woman back to the division that lent it."""
        mentor = self.lent.pop(number, None)
        if mentor is not None:
            self.move(mentor, int(self.cast.mentor_home[self.mentors[mentor].profile]))

    def next_mentee(self, home: int, now: float) -> None:
        rate = float(self.habits.mentees_a_day[home])
        if rate > 0 and len(self.habits.mentee_pool[home]):
            self.plan(now + float(self.coming.exponential(1 / rate)), _Happens.MENTEE_COMES, home)

    def next_mentor(self, home: int, now: float) -> None:
        rate = float(self.habits.mentors_a_day[home])
        if rate > 0 and len(self.habits.mentor_pool[home]):
            self.plan(now + float(self.joining.exponential(1 / rate)), _Happens.MENTOR_COMES, home)

    def begin(self, standing: Standing) -> None:
        habits = self.habits
        numbers: dict[int, int] = {}
        for profile, waited in zip(standing.waiting.tolist(), standing.waited.tolist(), strict=True):
            leaves = habits.patience.draw(float(self.coming.random()), waited) - waited
            numbers[profile] = self.join(profile, -waited, -waited, leaves, (_THERE, len(self.women)))
        for profile, idle in zip(standing.bank.tolist(), standing.idle.tolist(), strict=True):
            self.enlist(profile, habits.idle_patience.draw(float(self.joining.random()), idle) - idle)
        for at, ((hers, theirs), lasted) in enumerate(
            zip(standing.couples.tolist(), standing.lasted.tolist(), strict=True)
        ):
            luck = (_PAIRED, at)
            ends = habits.together.draw(float(self.chance_of(luck).random()), lasted) - lasted
            self.pair(theirs, hers, luck, ends)
        self.begin_held(standing, numbers)
        for profile in self.way.more:
            self.enlist(profile, inf)
        for home in range(self.cast.homes):
            self.next_mentee(home, 0.0)
            self.next_mentor(home, 0.0)
        self.plan_agendas()

    def begin_held(self, standing: Standing, numbers: dict[int, int]) -> None:
        """Take the places that are held: by proposals without an answer yet, and by loans without a proposal."""
        held = zip(standing.asked.tolist(), standing.asked_waited.tolist(), standing.asked_since.tolist(), strict=True)
        for at, ((hers, theirs), waited, since) in enumerate(held):
            leaves = self.habits.patience.draw(float(self.chance_of((_ASKED, at, 0)).random()), waited) - waited
            number = self.join(hers, -waited, -waited, leaves, (_ASKED, at))
            # Whoever proposed them may have set a rule aside.
            score = max(0, int(self.scores.row(hers)[theirs]))
            self.ask(0.0, number, self.enlist(theirs, inf), score, since)
        for hers, theirs in standing.lent.tolist():
            if hers in numbers:
                self.lend(numbers[hers], self.enlist(theirs, inf))

    def plan_agendas(self) -> None:
        """Plan when women are taken up; with hands for everything, at once, none but the first needs to be planned."""
        for home in range(self.cast.homes):
            if self.way.every:
                self.plan(self.way.every, _Happens.AGENDA, home)
            elif isfinite(self.habits.hands[home]):
                for at in self.handed[home].tolist():
                    self.plan(at, _Happens.AGENDA, home)
            else:
                self.plan(0.0, _Happens.AGENDA, home)

    # What happens -----------------------------------------------------------------------------------------------------

    def go(self) -> None:
        happens: dict[int, Callable[[float, int, int], None]] = {
            _Happens.MENTOR_COMES: self.mentor_comes,
            _Happens.PAIR_ENDS: self.pair_ends,
            _Happens.MENTOR_LEAVES: self.mentor_leaves,
            _Happens.MENTEE_COMES: self.mentee_comes,
            _Happens.MENTEE_LEAVES: self.mentee_leaves,
            _Happens.ANSWER: self.answer,
        }
        while self.heap:
            now, what, _, one, other = heapq.heappop(self.heap)
            if what != _Happens.AGENDA:
                happens[what](now, one, other)
                continue
            homes = [one]
            while self.heap and self.heap[0][:2] == (now, int(_Happens.AGENDA)):
                homes.append(heapq.heappop(self.heap)[3])
            self.sit(now, sorted(set(homes)))

    def at_once(self, now: float, home: int) -> None:
        """Where there are hands for everything, look again as soon as somebody has come or is free."""
        if not self.way.every:
            for one in range(self.cast.homes) if self.way.lends else (home,):
                if self.habits.hands[one] == inf:
                    self.plan(now, _Happens.AGENDA, one)

    def mentee_comes(self, now: float, home: int, _: int) -> None:
        habits, chance = self.habits, self.coming
        pool = habits.mentee_pool[home]
        profile = int(pool[chance.integers(len(pool))])
        ready = float(habits.ready[chance.integers(len(habits.ready))]) if len(habits.ready) else 0.0
        luck = (_COMES, self.came)
        self.came += 1
        self.join(profile, now, now - ready, now + habits.patience.draw(float(chance.random())), luck)
        self.next_mentee(home, now)
        self.at_once(now, home)

    def mentor_comes(self, now: float, home: int, _: int) -> None:
        pool = self.habits.mentor_pool[home]
        profile = int(pool[self.joining.integers(len(pool))])
        self.enlist(profile, now + self.habits.idle_patience.draw(float(self.joining.random())))
        self.next_mentor(home, now)
        self.at_once(now, home)

    def pair_ends(self, now: float, number: int, _: int) -> None:
        theirs, hers, luck = self.pairs[number]
        again = (*luck, 0)
        stays, hers_again, mentors_patience, her_patience = self.chance_of((*again, 1)).random(4).tolist()
        if stays < self.habits.stays:
            self.enlist(theirs, now + self.habits.idle_patience.draw(mentors_patience))
        if hers_again < self.habits.again:
            self.join(hers, now, now, now + self.habits.patience.draw(her_patience), again, came_back=True)
        for home in sorted({int(self.cast.mentor_home[theirs]), int(self.cast.mentee_home[hers])}):
            self.at_once(now, home)

    def mentor_leaves(self, _now: float, number: int, _: int) -> None:
        home = self.mentors[number].home
        if number in self.free[home]:
            self.free[home].discard(number)
            self.left += 1

    def mentee_leaves(self, now: float, number: int, _: int) -> None:
        woman = self.women[number]
        if woman.fate is Fate.WAITS:
            self.waiting[woman.home].discard(number)
            woman.fate, woman.until = Fate.LEFT, now
            self.give_back(number)

    def answer(self, now: float, hers: int, theirs: int) -> None:
        woman, mentor = self.women[hers], self.mentors[theirs]
        said_yes = self.asked.pop(hers) == theirs
        if said_yes:
            woman.fate, woman.until = Fate.MATCHED, now
            self.taken += 1
            ends = now + self.habits.together.draw(float(woman.chance.random()))
            self.pair(mentor.profile, woman.profile, woman.luck, ends)
            return
        woman.score = NOT_ALLOWED
        self.refused.setdefault(hers, set()).add(theirs)
        if woman.leaves <= now:
            woman.fate, woman.until = Fate.LEFT, now
        else:
            woman.fate = Fate.WAITS
            self.waiting[woman.home].add(hers)
        if mentor.leaves <= now:
            self.left += 1
        else:
            self.free[mentor.home].add(theirs)
        self.at_once(now, woman.home)

    # Choosing ---------------------------------------------------------------------------------------------------------

    def sit(self, now: float, homes: list[int]) -> None:
        """Hold a matching meeting in some homes, or take up the next woman."""
        together = [homes] if self.way.lends else [[home] for home in homes]
        for some in together:
            agenda: list[int] = []
            mentors = self.mentors_for(some)
            for home in some:
                places = self.places(home, now)
                if places and mentors:
                    agenda += self.agenda(home, places, mentors, now)
            if agenda:
                self.propose(now, agenda, mentors)
        for home in homes if self.way.every else ():
            self.plan(now + self.way.every, _Happens.AGENDA, home)

    def mentors_for(self, homes: list[int]) -> list[int]:
        asked = range(self.cast.homes) if self.way.lends else homes
        return sorted(number for home in asked for number in self.free[home])

    def places(self, home: int, now: float) -> int:
        """Return how many women can be taken up now: as many as there were hands for since the last meeting."""
        if self.habits.hands[home] == inf:
            return len(self.waiting[home])
        if not self.way.every:
            return 1
        since, until = np.searchsorted(self.handed[home], (now - self.way.every, now), side="right").tolist()
        return int(until - since)

    def scores_with(self, number: int, mentors: list[int], profiles: I64) -> I64:
        """Return what a woman scores with mentors, without those who have refused her or she them."""
        found = self.scores.row(self.women[number].profile)[profiles]
        never = self.refused.get(number)
        if never:
            found = np.where([mentor in never for mentor in mentors], NOT_ALLOWED, found)
        if self.lent:
            found = np.where([self.mentors[mentor].only not in (-1, number) for mentor in mentors], NOT_ALLOWED, found)
        return found

    def bonus(self, number: int, now: float) -> float:
        policy = self.cast.policy
        return policy.waiting_bonus * min(1.0, max(0.0, now - self.women[number].applied) / policy.waiting_days)

    def agenda(self, home: int, places: int, mentors: list[int], now: float) -> list[int]:
        """Return whom to take up: of those for whom there is somebody, the longest waits, and some by lot."""
        profiles = np.array([self.mentors[mentor].profile for mentor in mentors], np.int64)
        floor = self.cast.policy.floor
        left = sorted(self.waiting[home], key=lambda number: (self.women[number].applied, number))
        lots = self.chance_of((_LOTS, home, int(now * 1e6)))
        found: list[int] = []
        while left and len(found) < places:
            by_lot = self.habits.fair < 1 and lots.random() >= self.habits.fair
            number = left.pop(int(lots.integers(len(left))) if by_lot else 0)
            best = int(self.scores_with(number, mentors, profiles).max(initial=NOT_ALLOWED))
            if best > NOT_ALLOWED and best + round(self.bonus(number, now) * UNITS) >= floor:
                found.append(number)
        return found

    def propose(self, now: float, agenda: list[int], mentors: list[int]) -> None:
        """Make the best set of pairs of an agenda, and ask them."""
        profiles = np.array([self.mentors[mentor].profile for mentor in mentors], np.int64)
        rows = [self.scores_with(number, mentors, profiles) for number in agenda]
        # Among k women each needs to look at her best k mentors only: one of them is always left.
        wanted = sorted({column for row in rows for column in _best(row, len(agenda))})
        place = {mentors[column]: at for at, column in enumerate(wanted)}
        refused = [
            (row, place[mentor])
            for row, number in enumerate(agenda)
            for mentor in place
            if mentor in self.refused.get(number, ()) or self.mentors[mentor].only not in (-1, number)
        ]
        bonus = np.array([self.bonus(number, now) for number in agenda], np.float64)
        women = np.array([self.women[number].profile for number in agenda], np.int64)
        problem = problem_of(self.cast, women, profiles[wanted], bonus, refused)
        for row, column in self.solve(problem).pairs.tolist():
            self.ask(now, agenda[row], mentors[wanted[column]], int(rows[row][wanted[column]]))

    def ask(self, now: float, hers: int, theirs: int, score: int, since: float = 0.0) -> None:
        """Ask two; ``since`` so many days they have been asked already."""
        woman, mentor = self.women[hers], self.mentors[theirs]
        self.waiting[woman.home].discard(hers)
        # With whomever she is asked: the place that was kept for her alone is kept no longer.
        self.give_back(hers)
        self.free[mentor.home].discard(theirs)
        woman.fate, woman.score = Fate.ASKED, score
        said, late = woman.chance.random(2).tolist()
        yes = said < self.habits.accepted
        days = self.habits.until_yes if yes else self.habits.until_no
        if since:
            # Of those who take as long; where nobody ever has, she is about to answer.
            days = np.maximum(days[days >= since] - since, 0)
        # What they will say is settled when they are asked; nobody knows it before the answer.
        self.asked[hers] = theirs if yes else -1
        after = float(days[int(late * len(days))]) if len(days) else 0.0
        self.plan(now + after, _Happens.ANSWER, hers, theirs)

    def course(self) -> Course:
        women = self.women
        until = [one.until if isfinite(one.until) else self.days for one in women]
        return Course(
            profile=np.array([one.profile for one in women], np.int64),
            joined=np.array([one.joined for one in women], np.float64),
            waited=np.array([end - one.applied for end, one in zip(until, women, strict=True)], np.float64),
            fate=np.array([int(one.fate) for one in women], np.int8),
            score=np.array([one.score if one.fate is Fate.MATCHED else NOT_ALLOWED for one in women], np.int64),
            came_back=np.array([one.came_back for one in women], np.bool_),
            mentors=len(self.mentors),
            mentors_free=sum(len(free) for free in self.free),
            mentors_asked=len(self.asked),
            mentors_taken=self.taken,
            mentors_left=self.left,
        )


def _stream(rate: float, days: float, chance: np.random.Generator) -> F64:
    """Return the moments of a Poisson stream up to a day; none where its rate is not finite."""
    if rate <= 0 or not isfinite(rate):
        return np.zeros(0, np.float64)
    return np.sort(chance.uniform(0, days, int(chance.poisson(rate * days)))).astype(np.float64)


def _best(row: I64, most: int) -> list[int]:
    """Return the places of the highest scores that are allowed; among equals the first."""
    order = np.argsort(-row, kind="stable")[:most]
    return [int(place) for place in order if row[place] > NOT_ALLOWED]


def simulate(
    cast: Cast,
    habits: Habits,
    standing: Standing,
    way: Way,
    *,
    solve: Solver,
    seed: int,
    days: float,
    scores: Scores | None = None,
) -> Course:
    """Play some days through once.

    Args:
        cast: who may come.
        habits: what the network does by itself.
        standing: who is there on the first day.
        way: the policy.
        solve: chooses the pairs of each agenda.
        seed: the same one gives the same course, and under another policy the same people.
        days: how many.
        scores: of the same cast, where they have been asked for before; it only saves time.

    Each agenda takes time in proportion to its women times the mentors that are free.
    """
    run = _Run(cast, scores or Scores(cast), habits, way, solve, seed, days)
    run.begin(standing)
    run.go()
    return run.course()
