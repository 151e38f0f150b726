"""A population of believable people: five divisions, their occupations, languages, interests and times.

Nobody here exists: names are put together at random from ordinary ones. The shares are guesses at what such a
network looks like, uneven as in life: many nurses and few judges, much Arabic and little Tamil, evenings for those
who work and mornings for those who do not. The same seed gives the same people, and nothing else plays a part.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any, Final

from mentornet.demo.lists import T, Weighted, words
from mentornet.demo.lives import (
    CAPACITY,
    GOALS,
    HOURS,
    INTERESTS,
    MEETING,
    MENTEE_PATTERNS,
    MENTEE_WISHES,
    MENTEE_WORK,
    MENTOR_PATTERNS,
    MENTOR_WISHES,
    MENTOR_WORK,
    MIN_DANISH,
    MONTHS,
    OFFERS,
    PAIRS_BEFORE,
    Pattern,
    Work,
)
from mentornet.demo.names import (
    BACKGROUNDS,
    DANE,
    MENTEE_DANISH,
    MENTEE_ENGLISH,
    MENTOR_DANISH,
    MENTOR_ENGLISH,
    OTHER_LEVEL,
    Background,
)
from reference.cefr import Level
from reference.people import LanguageSkill, MeetingMode, Mentee, Mentor, Requirement, RequirementKind
from reference.slots import Slot

UNKNOWN_SHARE: Final = 0.1


# Where ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Division:
    """A local division.

    Attributes:
        postcodes: where its people live, the likelier ones more than once.
    """

    name: str
    postcodes: tuple[str, ...]


COPENHAGEN: Final = Division(
    "København",
    words(
        """
1256 1307 1457 1620 1717 1799 1850 1954 2100 2100 2100 2150 2200 2200 2200 2200 2300 2300 2300 2400 2400
2400 2450 2450 2500 2500 2600 2605 2620 2650 2720 2730 2770 2800 2820 2860 2880 2900
"""
    ),
)
AARHUS: Final = Division("Aarhus", words("8000 8000 8200 8210 8210 8220 8220 8220 8230 8240 8260 8270 8310 8361"))
ESBJERG: Final = Division("Esbjerg-Varde", words("6700 6700 6705 6705 6710 6715 6731 6740 6760 6800 6800"))
VOLLSMOSE: Final = Division("Vollsmose", words("5000 5000 5200 5210 5220 5220 5230 5240 5240 5240 5240 5260"))
TINGBJERG: Final = Division("Tingbjerg", words("2700 2700 2700 2700 2700 2400 2720 2730 2740"))

MENTEE_DIVISIONS: Final = {COPENHAGEN: 0.42, AARHUS: 0.21, ESBJERG: 0.09, VOLLSMOSE: 0.17, TINGBJERG: 0.11}
MENTOR_DIVISIONS: Final = {COPENHAGEN: 0.50, AARHUS: 0.23, ESBJERG: 0.09, VOLLSMOSE: 0.13, TINGBJERG: 0.05}


# Who ------------------------------------------------------------------------------------------------------------------

MENTEE_BACKGROUNDS: Final = BACKGROUNDS
# One mentor in six comes from a language minority herself.
MENTOR_BACKGROUNDS: Final = {DANE: 5.0, **BACKGROUNDS}


class Population:
    """Makes people, one after the other, from one source of chance.

    Attributes:
        unknown: the share of empty cells.
    """

    def __init__(
        self,
        random: Random,
        *,
        divisions: Mapping[Division, float],
        backgrounds: Mapping[Background, float],
        today: date,
        meeting: Weighted[tuple[MeetingMode, ...]] = MEETING,
        unknown: float = UNKNOWN_SHARE,
    ) -> None:
        self.random = random
        self.divisions = Weighted(divisions)
        self.backgrounds = Weighted(backgrounds)
        self.today = today
        self.meeting = meeting
        self.unknown = unknown

    def mentee(self, name: str, row: int, mentors: Sequence[str] = (), background: Background | None = None) -> Mentee:
        """Return a woman on the waiting list; some must not meet one of ``mentors``."""
        known = self._known
        background = background or self.backgrounds.one(self.random)
        requires: tuple[Requirement, ...] = ()
        if self._chance(0.05):
            requires = (self._requirement(background.native),)
        return Mentee(
            id=name,
            row=row,
            **self._person(background, MENTEE_WORK.one(self.random)),
            languages=known(self._mentee_languages(background)),
            topics=known(GOALS.different(self.random, 1, 4)),
            availability=known(self._availability(MENTEE_PATTERNS.one(self.random))),
            must_not_meet=(self.random.choice(mentors),) if mentors and self._chance(0.02) else (),
            requires=requires,
            wishes=self.random.choice(MENTEE_WISHES) if self._chance(0.4) else None,
            waiting_since=known(self._before(int(self.random.expovariate(1 / 110)))),
            practise_danish=known(self._chance(0.6)),
            needs_experience=known(self._chance(0.15)),
        )

    def mentor(self, name: str, row: int, background: Background | None = None) -> Mentor:
        """Return a woman in the mentor bank."""
        known = self._known
        background = background or self.backgrounds.one(self.random)
        requires: tuple[Requirement, ...] = ()
        if self._chance(0.02):
            requires = (Requirement(RequirementKind.IN_PERSON),)
        capacity = CAPACITY.one(self.random)
        before = PAIRS_BEFORE.one(self.random)
        return Mentor(
            id=name,
            row=row,
            **self._person(background, MENTOR_WORK.one(self.random)),
            languages=known(self._mentor_languages(background)),
            topics=known(OFFERS.different(self.random, 2, 6)),
            availability=known(self._availability(MENTOR_PATTERNS.one(self.random))),
            requires=requires,
            wishes=self.random.choice(MENTOR_WISHES) if self._chance(0.25) else None,
            capacity=capacity,
            active_pairs=1 if self._chance(0.08) else 0,
            pairs_before=known(before),
            min_danish=MIN_DANISH.one(self.random) if self._chance(0.35) else None,
            resting_until=self.today + timedelta(days=self.random.randint(7, 150)) if self._chance(0.04) else None,
            idle_since=known(self._before(self.random.randrange(400))),
        )

    def _person(self, background: Background, work: Work) -> dict[str, Any]:
        """Return what both roles have in common and draw alike."""
        random, known = self.random, self._known
        division = self.divisions.one(random)
        education = min(8, max(1, work.education + random.choice((-1, 0, 0, 0, 0, 1))))
        return {
            "name": f"{random.choice(background.first_names)} {random.choice(background.surnames)}",
            "division": None if self._chance(self.unknown / 5) else division.name,
            "postcode": known(random.choice(division.postcodes)),
            "occupation": known(work.code),
            "sector": known(work.sector),
            "education": known(education),
            "interests": known(INTERESTS.different(random, 1, 5)),
            "meeting": known(self.meeting.one(random)),
            "hours_per_month": known(HOURS.one(random)),
            "months": known(MONTHS.one(random)),
        }

    def _mentee_languages(self, background: Background) -> tuple[LanguageSkill, ...]:
        skills = {background.native: Level.C2, "da": MENTEE_DANISH.one(self.random)}
        self._add_foreign(skills, background, MENTEE_ENGLISH)
        return self._skills(skills)

    def _mentor_languages(self, background: Background) -> tuple[LanguageSkill, ...]:
        skills = {background.native: Level.C2}
        skills.setdefault("da", MENTOR_DANISH.one(self.random))
        self._add_foreign(skills, background, MENTOR_ENGLISH)
        return self._skills(skills)

    def _add_foreign(self, skills: dict[str, Level], background: Background, english: Weighted[Level]) -> None:
        if self._chance(background.english):
            skills.setdefault("en", english.one(self.random))
        if background.others and self._chance(0.4):
            skills.setdefault(self.random.choice(background.others), OTHER_LEVEL.one(self.random))

    def _skills(self, skills: Mapping[str, Level]) -> tuple[LanguageSkill, ...]:
        return tuple(LanguageSkill(code, self._known(level, self.unknown / 2)) for code, level in skills.items())

    def _availability(self, pattern: Pattern) -> tuple[Slot, ...]:
        random = self.random.random
        chosen = [slot for slots, share in pattern for slot in slots if random() < share]
        return tuple(sorted(chosen)) or (self.random.choice(pattern[0][0]),)

    def _requirement(self, native: str) -> Requirement:
        kind = self.random.choice((RequirementKind.LANGUAGE, RequirementKind.OCCUPATION, RequirementKind.IN_PERSON))
        if kind is RequirementKind.LANGUAGE:
            return Requirement(kind, native)
        if kind is RequirementKind.OCCUPATION:
            return Requirement(kind, MENTEE_WORK.one(self.random).code[:2])
        return Requirement(kind)

    def _before(self, days: int) -> date:
        return self.today - timedelta(days=days)

    def _chance(self, share: float) -> bool:
        return self.random.random() < share

    def _known(self, value: T, unknown: float | None = None) -> T | None:
        return None if self._chance(self.unknown if unknown is None else unknown) else value
