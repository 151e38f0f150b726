"""People for tests: plain ones that fit each other, random ones by a seed, and hypothesis strategies.

Few languages, divisions and times of the week, so that every rule passes often and fails often. All values are such
that a spreadsheet could bring them: real ISCO-08 codes, stripped cells, nothing twice in one cell (but interests that
differ in case only).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any, Final, TypeVar

from hypothesis import strategies as st

from reference.cefr import Level
from reference.people import LanguageSkill, MeetingMode, Mentee, Mentor, Requirement, RequirementKind
from reference.slots import Day, Part, Slot
from reference.topics import Topic

T = TypeVar("T")

TODAY: Final = date(2026, 11, 21)

# Upper and lower case, and a letter that lower() and casefold() treat differently.
DIVISIONS: Final = ("Aarhus", "AARHUS", "Strøby", "STRØBY", "Großdorf", "GROSSDORF")
# As somebody writes them after "division:".
DEMANDED_DIVISIONS: Final = (*DIVISIONS, " aarhus ")
POSTCODES: Final = ("8000", "8082", "8200", "8600", "DK-8000", "5 000", "2100", "2", "Aarhus", "D-80331")
LANGUAGES: Final = ("da", "en", "ar", "uk")
OCCUPATIONS: Final = (
    *("2211", "2212", "2221", "221", "222", "22", "2320", "2330", "23", "2"),
    *("5120", "5131", "512", "51", "5", "0110", "011", "01", "0"),
)
SECTORS: Final = ("health", "teaching", "kitchen")
INTERESTS: Final = ("football", "Football", "cooking", "Straße", "STRASSE", "chess", "løb", "LØB")
SLOTS: Final = tuple(Slot(day, part) for day in Day for part in Part)
# One to four of these six each: often disjoint, often one, two or three in common.
COMMON_SLOTS: Final = (SLOTS[0], SLOTS[2], SLOTS[5], SLOTS[11], SLOTS[17], SLOTS[20])
HOURS: Final = (0.1, 0.7, 1.0, 1.5, 2.0, 2.5, 3.3, 4.0, 10.0)
MONTHS: Final = (0.5, 3.0, 6.0, 7.0, 9.0, 12.0)
# Days from today: long ago, around a year, yesterday, today, tomorrow, and far ahead.
DAYS: Final = (-4000, -366, -365, -364, -182, -73, -1, 0, 1, 30)
LEVELS: Final = tuple(Level)
MEETINGS: Final = (
    (MeetingMode.IN_PERSON,),
    (MeetingMode.ONLINE,),
    (MeetingMode.IN_PERSON, MeetingMode.ONLINE),
    (MeetingMode.ONLINE, MeetingMode.IN_PERSON),
)
STRANGER: Final = "nobody-has-this-id"


# Plain builders -------------------------------------------------------------------------------------------------------


def skills(*written: str) -> tuple[LanguageSkill, ...]:
    """Languages as a spreadsheet writes them: ``skills("da:B1", "ar")``."""
    found = []
    for text in written:
        code, _, level = text.partition(":")
        found.append(LanguageSkill(code, Level[level] if level else None))
    return tuple(found)


def slots(*written: str) -> tuple[Slot, ...]:
    """Times of the week as a spreadsheet writes them: ``slots("mon-evening")``."""
    found = []
    for text in written:
        day, _, part = text.partition("-")
        found.append(Slot(Day[day.upper()], Part[part.upper()]))
    return tuple(found)


def demands(*written: str) -> tuple[Requirement, ...]:
    """Requirements as a spreadsheet writes them: ``demands("language:ar", "online")``."""
    found = []
    for text in written:
        kind, _, value = text.partition(":")
        found.append(Requirement(RequirementKind(kind), value))
    return tuple(found)


A_MENTEE: Final = Mentee(
    id="e1",
    row=2,
    name="Amina Yusuf",
    division="Aarhus",
    postcode="8000",
    languages=skills("da:B1", "ar:C2"),
    occupation="2211",
    sector="health",
    education=7,
    topics=(Topic.NETWORK, Topic.CV),
    interests=("cooking", "chess"),
    availability=slots("mon-evening", "wed-evening"),
    meeting=(MeetingMode.IN_PERSON, MeetingMode.ONLINE),
    hours_per_month=2.0,
    months=6.0,
    waiting_since=TODAY,
    practise_danish=False,
    needs_experience=False,
)
A_MENTOR: Final = Mentor(
    id="m1",
    row=2,
    name="Mette Sørensen",
    division="Aarhus",
    postcode="8000",
    languages=skills("da:C2", "en:C1"),
    occupation="2211",
    sector="health",
    education=7,
    topics=(Topic.CV, Topic.NETWORK),
    interests=("chess", "cooking"),
    availability=slots("mon-evening", "sat-morning"),
    meeting=(MeetingMode.IN_PERSON, MeetingMode.ONLINE),
    hours_per_month=2.0,
    months=6.0,
    pairs_before=3,
)


def a_mentee(id: str = "e1", **changes: Any) -> Mentee:  # noqa: A002 (the name of the field)
    """A mentee of whom everything is known and whom ``a_mentor()`` may meet."""
    return replace(A_MENTEE, id=id, **changes)


def a_mentor(id: str = "m1", **changes: Any) -> Mentor:  # noqa: A002 (the name of the field)
    """A mentor of whom everything is known and who may meet ``a_mentee()``."""
    return replace(A_MENTOR, id=id, **changes)


# Random people --------------------------------------------------------------------------------------------------------


def random_people(
    seed: int, mentees: int, mentors: int, *, unknown_share: float = 0.2
) -> tuple[tuple[Mentee, ...], tuple[Mentor, ...]]:
    """The same people for the same arguments; ``unknown_share`` of the cells that may be unknown are."""
    random = Random(seed)
    # Both files number their people alike: an id is unique in its own file only. Neither the order of the rows nor
    # the order as text is that of the numbers.
    mentee_ids = [str(number) for number in random.sample(range(1, 2 * mentees + 1), mentees)]
    mentor_ids = [str(number) for number in random.sample(range(1, 2 * mentors + 1), mentors)]
    dice = _Dice(random, unknown_share)
    return (
        tuple(dice.mentee(id_, row, mentor_ids) for row, id_ in enumerate(mentee_ids, start=2)),
        tuple(dice.mentor(id_, row, mentee_ids) for row, id_ in enumerate(mentor_ids, start=2)),
    )


class _Dice:
    def __init__(self, random: Random, unknown_share: float) -> None:
        self.random = random
        self.unknown_share = unknown_share

    def mentee(self, id_: str, row: int, others: Sequence[str]) -> Mentee:
        return Mentee(
            **self.person(id_, row, others),
            waiting_since=self.known(self.day()),
            practise_danish=self.known(self.chance(0.5)),
            needs_experience=self.known(self.chance(0.5)),
        )

    def mentor(self, id_: str, row: int, others: Sequence[str]) -> Mentor:
        return Mentor(
            **self.person(id_, row, others),
            capacity=self.random.choice((0, 1, 1, 2, 2, 3)),
            active_pairs=self.random.choice((0, 0, 0, 1, 3)),
            pairs_before=self.known(self.random.randrange(6)),
            min_danish=self.random.choice(LEVELS) if self.chance(0.4) else None,
            resting_until=self.day() if self.chance(0.3) else None,
            idle_since=self.known(self.day()),
        )

    def person(self, id_: str, row: int, others: Sequence[str]) -> dict[str, Any]:
        return {
            "id": id_,
            "row": row,
            "name": self.known(f"Åse {id_}"),
            "division": self.known(self.random.choice(DIVISIONS)),
            "postcode": self.known(self.random.choice(POSTCODES)),
            "languages": self.known(self.languages()),
            "occupation": self.known(self.random.choice(OCCUPATIONS)),
            "sector": self.known(self.random.choice(SECTORS)),
            "education": self.known(self.random.randrange(9)),
            "topics": self.known(self.topics()),
            "interests": self.known(self.some(INTERESTS, 1, 5)),
            "availability": self.known(self.availability()),
            "meeting": self.known(self.random.choice(MEETINGS)),
            "hours_per_month": self.known(self.random.choice(HOURS)),
            "months": self.known(self.random.choice(MONTHS)),
            "must_not_meet": self.must_not_meet(others),
            "requires": self.requires(),
            "wishes": self.known("somebody patient, =please"),
        }

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def known(self, value: T) -> T | None:
        return None if self.chance(self.unknown_share) else value

    def some(self, values: Sequence[T], least: int, most: int) -> tuple[T, ...]:
        return tuple(self.random.sample(values, self.random.randint(least, min(most, len(values)))))

    def day(self) -> date:
        return TODAY + timedelta(days=self.random.choice(DAYS))

    def languages(self) -> tuple[LanguageSkill, ...]:
        codes = self.some(LANGUAGES, 1, 3)
        return tuple(LanguageSkill(code, self.known(self.random.choice(LEVELS))) for code in codes)

    def topics(self) -> tuple[Topic, ...]:
        # Now and then every topic: whoever offers all of them offers the goals of somebody who told none.
        return self.some(tuple(Topic), 14, 14) if self.chance(0.05) else self.some(tuple(Topic), 1, 6)

    def availability(self) -> tuple[Slot, ...]:
        # Now and then the whole week: a common time with everybody, also with those who told none.
        return self.some(SLOTS, 21, 21) if self.chance(0.05) else self.some(COMMON_SLOTS, 1, 4)

    def must_not_meet(self, others: Sequence[str]) -> tuple[str, ...]:
        # An id that is in neither file is a notice, no fault.
        return self.some((*others, STRANGER), 1, 2) if self.chance(0.15) else ()

    def requires(self) -> tuple[Requirement, ...]:
        count = self.random.choice((0, 0, 0, 1, 1, 2))
        found = [self.requirement(self.random.choice(tuple(RequirementKind))) for _ in range(count)]
        return tuple(dict.fromkeys(found))

    def requirement(self, kind: RequirementKind) -> Requirement:
        match kind:
            case RequirementKind.LANGUAGE:
                return Requirement(kind, self.random.choice(LANGUAGES))
            case RequirementKind.OCCUPATION:
                return Requirement(kind, self.random.choice(OCCUPATIONS))
            case RequirementKind.DIVISION:
                return Requirement(kind, self.random.choice(DEMANDED_DIVISIONS))
            case _:
                return Requirement(kind)


# Hypothesis strategies ------------------------------------------------------------------------------------------------

MENTEE_IDS: Final = tuple(f"e{number}" for number in range(1, 10))
MENTOR_IDS: Final = tuple(f"m{number}" for number in range(1, 10))


def _maybe(values: st.SearchStrategy[T]) -> st.SearchStrategy[T | None]:
    return st.none() | values


def _tuples(values: Sequence[T], least: int, most: int) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(st.sampled_from(values), min_size=least, max_size=most, unique=True).map(tuple)


def _days() -> st.SearchStrategy[date]:
    return st.sampled_from(DAYS).map(lambda days: TODAY + timedelta(days=days))


def _amounts(usual: Sequence[float]) -> st.SearchStrategy[float]:
    # Also odd amounts, with as many decimals as somebody may write.
    return st.sampled_from(usual) | st.decimals("0.001", "1000", places=3).map(float)


def language_lists() -> st.SearchStrategy[tuple[LanguageSkill, ...]]:
    skill = st.builds(LanguageSkill, st.sampled_from(LANGUAGES), _maybe(st.sampled_from(LEVELS)))
    return st.lists(skill, min_size=1, max_size=3, unique_by=lambda one: one.code).map(tuple)


def requirements() -> st.SearchStrategy[Requirement]:
    return st.one_of(
        st.sampled_from((Requirement(RequirementKind.ONLINE), Requirement(RequirementKind.IN_PERSON))),
        st.builds(Requirement, st.just(RequirementKind.LANGUAGE), st.sampled_from(LANGUAGES)),
        st.builds(Requirement, st.just(RequirementKind.OCCUPATION), st.sampled_from(OCCUPATIONS)),
        st.builds(Requirement, st.just(RequirementKind.DIVISION), st.sampled_from(DEMANDED_DIVISIONS)),
    )


def _person(ids: Sequence[str], others: Sequence[str]) -> dict[str, st.SearchStrategy[Any]]:
    return {
        "id": st.sampled_from(ids),
        "row": st.integers(2, 20_001),
        "name": _maybe(st.sampled_from(("Åse Bæk", "Yusuf"))),
        "division": _maybe(st.sampled_from(DIVISIONS)),
        "postcode": _maybe(st.sampled_from(POSTCODES)),
        "languages": _maybe(language_lists()),
        "occupation": _maybe(st.sampled_from(OCCUPATIONS)),
        "sector": _maybe(st.sampled_from(SECTORS)),
        "education": _maybe(st.integers(0, 8)),
        "topics": _maybe(_tuples(tuple(Topic), 1, 14)),
        "interests": _maybe(_tuples(INTERESTS, 1, 5)),
        "availability": _maybe(_tuples(COMMON_SLOTS, 1, 4) | st.permutations(SLOTS).map(tuple)),
        "meeting": _maybe(st.sampled_from(MEETINGS)),
        "hours_per_month": _maybe(_amounts(HOURS)),
        "months": _maybe(_amounts(MONTHS)),
        "must_not_meet": _tuples((*others, STRANGER), 0, 2),
        "requires": st.lists(requirements(), max_size=3, unique=True).map(tuple),
        "wishes": _maybe(st.just("somebody patient, =please")),
    }


def mentees(ids: Sequence[str] = MENTEE_IDS, others: Sequence[str] = MENTOR_IDS) -> st.SearchStrategy[Mentee]:
    """One mentee; of several, ``st.lists(mentees(), unique_by=lambda mentee: mentee.id)``."""
    return st.builds(
        Mentee,
        **_person(ids, others),
        waiting_since=_maybe(_days()),
        practise_danish=_maybe(st.booleans()),
        needs_experience=_maybe(st.booleans()),
    )


def mentors(ids: Sequence[str] = MENTOR_IDS, others: Sequence[str] = MENTEE_IDS) -> st.SearchStrategy[Mentor]:
    """One mentor; of several, ``st.lists(mentors(), unique_by=lambda mentor: mentor.id)``."""
    return st.builds(
        Mentor,
        **_person(ids, others),
        capacity=st.integers(0, 3),
        active_pairs=st.integers(0, 3),
        pairs_before=_maybe(st.integers(0, 5)),
        min_danish=_maybe(st.sampled_from(LEVELS)),
        resting_until=_maybe(_days()),
        idle_since=_maybe(_days()),
    )
