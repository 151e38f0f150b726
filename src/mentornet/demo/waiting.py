"""Who waits in the demo network, for how long, and those for whom the bank has nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from mentornet.demo.entry import Case, Intake
from mentornet.demo.names import BACKGROUNDS, Background
from mentornet.demo.persons import Registrar
from mentornet.demo.places import VOLLSMOSE, Place
from mentornet.demo.world import DAY, Offer, Office, World
from mentornet.people.enums import Role
from reference.cefr import Level
from reference.people import LanguageSkill, MeetingMode, Requirement, RequirementKind
from reference.slots import Day, Part, Slot
from reference.topics import Topic

LONGEST: Final = 485
"""Sixteen months."""
SHORTEST: Final = 3

_ONLY_HERE: Final = (MeetingMode.IN_PERSON,)
_BOTH: Final = (MeetingMode.IN_PERSON, MeetingMode.ONLINE)


def _speaks(**levels: str) -> tuple[LanguageSkill, ...]:
    return tuple(LanguageSkill(code, Level[level]) for code, level in levels.items())


_PHARMACIST: Final[dict[str, Any]] = {
    "occupation": "2262",
    "sector": "sundhed",
    "education": 7,
    "topics": (Topic.RECOGNITION, Topic.NETWORK, Topic.DANISH),
    "meeting": _BOTH,
    "requires": (Requirement(RequirementKind.LANGUAGE, "ar"), Requirement(RequirementKind.OCCUPATION, "2262")),
}
HARD_CASES: Final[Sequence[tuple[str, str, int, Mapping[str, Any]]]] = (
    # No pharmacist in the bank speaks Arabic: three women wait for the same missing profile.
    ("København", "ar", 236, _PHARMACIST | {"languages": _speaks(ar="C2", da="A2", en="B1")}),
    ("Aarhus", "ar", 171, _PHARMACIST | {"languages": _speaks(ar="C2", da="A2")}),
    ("Vollsmose", "ar", 318, _PHARMACIST | {"languages": _speaks(ar="C2", da="A1")}),
    # A language that no mentor there speaks.
    ("Esbjerg", "ta", 264, {"languages": _speaks(ta="C2", da="A1"), "meeting": _ONLY_HERE}),
    ("Tingbjerg", "ti", 143, {"languages": _speaks(ti="C2", am="B1", da="A1"), "meeting": _ONLY_HERE}),
    # One hour of the week, and it must be there.
    (
        "Tingbjerg",
        "so",
        208,
        {
            "languages": _speaks(so="C2", da="B1"),
            "meeting": _ONLY_HERE,
            "availability": (Slot(Day.SUN, Part.EVENING),),
        },
    ),
    # Wants somebody from elsewhere, and cannot go there.
    (
        "Esbjerg",
        "fa",
        97,
        {
            "languages": _speaks(fa="C2", da="B2"),
            "meeting": _ONLY_HERE,
            "requires": (Requirement(RequirementKind.DIVISION, "Aarhus"),),
        },
    ),
)
# She has waited longest of all, and nothing stands in the way: two proposals came to nothing.
THE_LONGEST: Final[Mapping[str, Any]] = {
    "languages": _speaks(ar="C2", da="B1", en="A2"),
    "occupation": "3313",
    "sector": "regnskab",
    "education": 6,
    "topics": (Topic.JOB_SEARCH, Topic.NETWORK, Topic.INTERVIEW),
    "interests": ("madlavning", "gåture", "syning"),
    "availability": tuple(
        Slot(day, part) for day in (Day.MON, Day.TUE, Day.THU) for part in (Part.MORNING, Part.EVENING)
    ),
    "meeting": _BOTH,
    "hours_per_month": 3.0,
    "months": 9.0,
    "requires": (),
    "practise_danish": True,
    "needs_experience": False,
}

# She has come to the bank just now, and is what the one above has waited for.
HER_MENTOR: Final[Mapping[str, Any]] = {
    "languages": _speaks(da="C2", en="C1"),
    "occupation": "2411",
    "sector": "regnskab",
    "education": 7,
    "topics": (Topic.JOB_SEARCH, Topic.INTERVIEW, Topic.NETWORK, Topic.DANISH),
    "interests": ("gåture", "madlavning", "kor"),
    "availability": (Slot(Day.MON, Part.EVENING), Slot(Day.TUE, Part.EVENING), Slot(Day.THU, Part.EVENING)),
    "meeting": _BOTH,
    "hours_per_month": 3.0,
    "months": 12.0,
    "requires": (),
    "capacity": 1,
    "min_danish": None,
    "pairs_before": 0,
}


def background_of(native: str) -> Background:
    """Return the names that go with a mother tongue."""
    return next(background for background in BACKGROUNDS if background.native == native)


class WaitingList:
    """Fills the waiting list."""

    def __init__(self, world: World, registrar: Registrar, intake: Intake) -> None:
        self.world = world
        self.registrar = registrar
        self.intake = intake
        self.cases: list[Case] = []

    def enrol(
        self,
        office: Office,
        offer: Offer,
        days: int,
        *,
        native: str | None = None,
        facts: Mapping[str, Any] | None = None,
    ) -> Case:
        """Put somebody on the list who has waited so many days."""
        world = self.world
        on = world.ago(days)
        background = background_of(native) if native else None
        sparse = facts is None and world.chance(0.06)
        human = self.registrar.newcomer(office.place, Role.MENTEE, on, background=background, sparse=sparse)
        self.registrar.better(human, Role.MENTEE, **(facts or {}))
        case = self.intake.admit(human, Role.MENTEE, office, offer, on)
        self.promise(case)
        return case

    def promise(self, case: Case, soonest: int | None = None) -> None:
        """Say when she was last told how it stands, and when she is to hear again: some of that is overdue."""
        world, enrolment = self.world, case.enrolment
        draw = world.random.random()
        if soonest is not None:
            due = world.today + world.days(soonest, 27)
        elif draw < 0.13:
            due = world.today - world.days(1, 19)
        elif draw < 0.33:
            due = world.today + world.days(0, 7)
        else:
            due = world.today + world.days(8, 28)
        last = max(due - timedelta(days=28), case.joined, (enrolment.since or case.joined))
        enrolment.last_word_on = min(last, world.today - DAY)
        enrolment.word_due_on = max(due, enrolment.last_word_on + timedelta(days=7))
        self.cases.append(case)

    def age(self, place: Place) -> int:
        """Draw how long somebody has waited: longest in Vollsmose."""
        random = self.world.random
        if place is VOLLSMOSE:
            return int(random.triangular(6, LONGEST - 20, 190))
        days = int(random.expovariate(1 / 85))
        return random.randint(4, 60) if days < 7 else min(days, random.randint(340, 400))
