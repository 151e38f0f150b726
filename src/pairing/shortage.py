"""The mentor who is not in the bank: which profile, if such a one joined, would help the waiting list most.

A profile names a group of occupations, a language beside Danish, a division and a time of the week. What a mentor of
profile t with one place is worth follows from the mentee-optimal prices (:mod:`pairing.prices`): whichever mentee i she
takes, the best set gains ``worth(i, t) - value(i)``, because without i it loses exactly her value; so the most that she
can bring is ``max(0, max over i)``. This is exact for one (Shapley and Shubik 1971; Leonard 1983), and no sum: two that
would take the same mentee bring less than both apart. Several are found one after the other, solving anew between.

Profiles are drawn from those who wait, and may reach people who are no staff. So a profile names only what at least
``fewest`` women who wait have all together: whatever is rarer is left out of it, and the profile is wider.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from typing import Final, NamedTuple

import numpy as np

from pairing.certificate import PairingResult, figures_of
from pairing.features import DANISH, I64, folded
from pairing.policy import Policy
from pairing.prices import NOT_ASKED, Amounts, Prices, prices_of
from pairing.problem import IdPair, PairingProblem, PairSet, build_problem
from pairing.scoring import judge_row
from reference.cefr import Level
from reference.people import LanguageSkill, MeetingMode, Mentee, Mentor
from reference.slots import Day, Part, Slot

FEWEST: Final = 3
"""So many who wait share all that a profile names."""
ONLINE: Final = ""
"""The division of a profile that meets online, from wherever she lives."""
ANY_TIME: Final[frozenset[Slot]] = frozenset()
_WEEKDAYS: Final = (Day.MON, Day.TUE, Day.WED, Day.THU, Day.FRI)
DAYTIME: Final = frozenset(Slot(day, part) for day in _WEEKDAYS for part in (Part.MORNING, Part.AFTERNOON))
EVENINGS: Final = frozenset(Slot(day, Part.EVENING) for day in _WEEKDAYS)
WEEKENDS: Final = frozenset(Slot(day, part) for day in (Day.SAT, Day.SUN) for part in Part)
TIMES: Final = (ANY_TIME, DAYTIME, EVENINGS, WEEKENDS)
PREFIXES: Final = (0, 1, 2)
"""How many digits of ISCO-08 a profile may name: none, the major group, the sub-major group."""
DANISH_LEVEL: Final = Level.C2
OTHER_LEVEL: Final = Level.C1
"""What a recruit is taken to speak: she is at home in Danish, and speaks the language that is asked for well."""

Told = Callable[[int], None]
"""Is told how many mentees have been read."""
Solve = Callable[[PairingProblem], PairingResult]
"""Finds the best set of pairs, as :func:`pairing.solve.solve` does; handed in, for it takes a second to load."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of a mentor who is wanted; all else counts as unknown.

    Attributes:
        occupation: the first 0 to 2 digits of an ISCO-08 code; empty is any.
        language: a code, spoken beside Danish; empty asks for none.
        division: where she meets in person; empty, she meets online.
        time: slots of the week; empty is any.
    """

    occupation: str = ""
    language: str = ""
    division: str = ONLINE
    time: frozenset[Slot] = ANY_TIME

    @property
    def named(self) -> int:
        """How much it names beside the division: what is easier to find comes first among equals."""
        return len(self.occupation) + bool(self.language) + bool(self.time)

    @property
    def key(self) -> tuple[str, str, str, tuple[int, ...]]:
        """By which profiles are put in order."""
        return folded(self.division), self.occupation, self.language, tuple(sorted(slot.number for slot in self.time))


def mentor_of(profile: Profile, name: str, *, capacity: int = 1) -> Mentor:
    """Return a mentor with this profile."""
    languages: tuple[LanguageSkill, ...] = (LanguageSkill(DANISH, DANISH_LEVEL),)
    if profile.language:
        languages = (*languages, LanguageSkill(profile.language, OTHER_LEVEL))
    return Mentor(
        id=name,
        occupation=profile.occupation or None,
        languages=languages,
        division=profile.division or None,
        meeting=(MeetingMode.IN_PERSON,) if profile.division else (MeetingMode.ONLINE,),
        availability=tuple(sorted(profile.time)) or None,
        capacity=capacity,
    )


def _profiles_of(mentee: Mentee) -> Iterator[Profile]:
    """Every profile that a mentee is known to fit with, each once."""
    code = mentee.occupation or ""
    occupations = [code[:length] for length in PREFIXES if length <= len(code)]
    languages = {"", *(skill.code for skill in mentee.languages or () if skill.code != DANISH)}
    modes = mentee.meeting or ()
    divisions = [ONLINE] if MeetingMode.ONLINE in modes else []
    if mentee.division and (not modes or MeetingMode.IN_PERSON in modes):
        divisions.append(mentee.division)
    free = frozenset(mentee.availability or ())
    times = [time for time in TIMES if not time or time & free]
    for occupation, language, division, time in product(occupations, sorted(languages), divisions, times):
        yield Profile(occupation, language, division, time)


def profiles_shared(mentees: Collection[Mentee], fewest: int = FEWEST) -> dict[Profile, int]:
    """Return the profiles that at least ``fewest`` of ``mentees`` are known to fit with, and how many do, in order.

    So a profile tells of nobody who is alone with what it names (Sweeney 2002).
    """
    counts = Counter(profile for mentee in mentees for profile in _profiles_of(mentee))
    shared = sorted((profile for profile, count in counts.items() if count >= fewest), key=lambda one: one.key)
    return {profile: counts[profile] for profile in shared}


class Worths(NamedTuple):
    """What one mentor of each profile would bring: (t,) each, in the order of the profiles.

    Attributes:
        gain: more pairs, and more score; both 0 where she would change nothing.
        mentee: int64, the row of the mentee through whom she brings it; -1 where nothing.
        reached: int64, how many of those who wait she could be paired with.
    """

    gain: Amounts
    mentee: I64
    reached: I64


def recruit_worths(
    prices: Prices, mentees: Collection[Mentee], profiles: Sequence[Profile], *, today: date, tell: Told | None = None
) -> Worths:
    """Say what one mentor more, with one place, would bring, for each profile; exact.

    Args:
        prices: of the best set without her.
        mentees: those of the problem.
        profiles: without doubles.
        today: the day of the problem.
        tell: told now and then how many mentees have been read.

    Time in proportion to n times t, memory to n + t. Locked mentees are outside: they have a mentor.
    """
    problem = _beside(prices.problem, mentees, profiles, today)
    best = np.zeros(len(profiles), np.int64)
    through = np.full(len(profiles), NOT_ASKED, np.int64)
    reached = np.zeros(len(profiles), np.int64)
    for row in range(problem.mentees):
        if tell is not None:
            tell(row)
        if prices.mate[row] == NOT_ASKED:
            continue
        judged = judge_row(problem, row)
        may = judged.rules.allowed & (judged.scores >= problem.policy.floor)
        gain = np.where(may, prices.big + judged.scores - prices.value[row], 0)
        reached += may
        is_better = gain > best
        best[is_better] = gain[is_better]
        through[is_better] = row
    return Worths(prices.amounts(best), through, reached)


def _beside(
    problem: PairingProblem, mentees: Collection[Mentee], profiles: Sequence[Profile], today: date
) -> PairingProblem:
    """Put the mentees of a problem beside a mentor of each profile, in the order of the profiles."""
    recruits = [mentor_of(profile, f"{number:09}") for number, profile in enumerate(profiles)]
    beside = build_problem(mentees=mentees, mentors=recruits, today=today, policy=problem.policy)
    # Whom a mentee must not meet is somebody who is there; a recruit's made-up id is nobody's.
    nobody = PairSet(np.zeros(problem.mentees + 1, np.int64), np.zeros(0, np.int32))
    return replace(beside, bonus=problem.bonus, conflicts=nobody)


def in_order(profiles: Sequence[Profile], gain: Amounts) -> list[int]:
    """Return the places of the profiles that bring something, best first: pairs, then score, then what is easiest."""
    found = [at for at in range(len(profiles)) if (int(gain.number[at]), int(gain.total[at])) > (0, 0)]

    def place(at: int) -> tuple[object, ...]:
        return -int(gain.number[at]), -int(gain.total[at]), profiles[at].named, profiles[at].key

    return sorted(found, key=place)


# Several, one after the other -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Recruit:
    """One step of a plan: whom to look for next, and what she brings beside those before her."""

    profile: Profile
    number: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bank:
    """All that is known without the recruits: what a problem is built from."""

    mentees: Sequence[Mentee]
    mentors: Sequence[Mentor]
    today: date
    policy: Policy
    earlier: Collection[IdPair] = ()

    def problem(self, recruits: Sequence[Mentor] = ()) -> PairingProblem:
        """Return the problem with some recruits among the mentors."""
        return build_problem(
            mentees=self.mentees,
            mentors=[*self.mentors, *recruits],
            today=self.today,
            policy=self.policy,
            earlier=self.earlier,
        )


def recruit_name(number: int) -> str:
    """Return the id of the recruit with this number: sorts after digits and letters, so nobody else's place changes."""
    return f"\uffff{number:03}"


def plan(bank: Bank, profiles: Sequence[Profile], count: int, solve: Solve) -> list[Recruit]:
    """Choose up to ``count`` mentors one after the other, each the best beside those before; ends where none helps.

    After each the whole list is solved anew. Choosing greedily is not always the best set of recruits, but what one
    mentor adds never grows as others join (Shapley 1962), so it is never far from it: at least 63 of 100 of what the
    best set of as many would bring (Nemhauser, Wolsey and Fisher 1978).
    """
    steps: list[Recruit] = []
    joined: list[Mentor] = []
    while len(steps) < count:
        problem = bank.problem(joined)
        prices = prices_of(problem, solve(problem))
        gain = recruit_worths(prices, bank.mentees, profiles, today=bank.today).gain
        order = in_order(profiles, gain)
        if not order:
            break
        best = order[0]
        steps.append(Recruit(profiles[best], int(gain.number[best]), int(gain.total[best])))
        joined.append(mentor_of(profiles[best], recruit_name(len(joined))))
    return steps


def how_many_help(bank: Bank, before: int, profile: Profile, most: int, solve: Solve) -> int:
    """Return how many more pairs ``most`` mentors of one profile would make, by solving with them.

    Each of them brings at most one, and no later one more than an earlier; so it is also how many of them are wanted.

    Args:
        bank: who is there.
        before: the number of pairs without them.
        profile: of all of them.
        most: how many.
        solve: the engine.
    """
    problem = bank.problem([mentor_of(profile, recruit_name(0), capacity=most)])
    return figures_of(problem, solve(problem)).number - before
