"""Searching the bank: who is found, and that every count tells the truth."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from days import TODAY
from factories.django_rows import make_enrolment, make_person, make_programme
from mentornet.common.actors import System
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.bank_search import Found, Index, Sort, State, Wanted, mentor_index, rows_of
from mentornet.intake.enums import Facet
from mentornet.intake.models import Enrolment
from mentornet.intake.queries import mentor_bank
from mentornet.intake.services.enrolments import end_enrolment, rest
from mentornet.intake.services.places import hold
from mentornet.people.enums import Provenance, Role
from mentornet.people.services import change_person, write_languages, write_profile
from mentornet.programmes.models import Programme
from reference import isco
from signing import CountQueries

pytestmark = pytest.mark.django_db

LANGUAGES: tuple[dict[str, str], ...] = (
    {"da": "C2", "ar": "A2"},
    {"da": "", "en": "C1"},
    {"ar": "C1"},
    {},
    {"en": "B1", "da": "B2", "so": ""},
)
OCCUPATIONS = ("2221", "2512", "", "5120")
TOPICS = (("cv", "network"), ("danish",), None, ("cv", "danish", "interview"), ())
SLOTS = (("mon-evening", "tue-evening"), ("sat-morning",), None, ("fri-morning", "sun-evening"))
MEETING = (("in person",), ("in person", "online"), None)


def _mentor(
    number: int, division: Division, programme: Programme, *, first_name: str = "Birthe", last_name: str = ""
) -> Enrolment:
    """Make the mentor of a number: the same number is the same mentor, in every division."""
    idle = (3, 30, 31, 89, 90, 400, None)[number % 7]
    return make_enrolment(
        Role.MENTOR,
        division,
        person=make_person(first_name, last_name or f"Nr{number}"),
        programme=programme,
        languages=LANGUAGES[number % 5],
        occupation=OCCUPATIONS[number % 4],
        occupation_title=("Sygeplejerske", "", "Kok")[number % 3],
        sector=("hospital", "")[number % 2],
        topics=TOPICS[number % 5],
        availability=SLOTS[number % 4],
        meeting=MEETING[number % 3],
        interests=(("Håndbold", "kor"), None)[number % 2],
        enrolment={
            "capacity": (1, 2, 4)[number % 3],
            "active": (0, 0, 1)[number % 3] if number % 11 else 0,
            "briefed_on": None if number % 13 == 12 else TODAY - timedelta(days=500),
            "resting_until": (None, None, TODAY + timedelta(days=9), TODAY)[number % 4] if number % 3 == 0 else None,
            "since": None if idle is None else TODAY - timedelta(days=idle),
        },
    )


@pytest.fixture
def mentors(division: Division, programme: Programme) -> list[Enrolment]:
    """Thirty mentors, no two alike, in two programmes; two of them full."""
    other = make_programme("Second programme")
    rows = [_mentor(number, division, other if number % 5 == 4 else programme) for number in range(28)]
    for number in (28, 30):
        row = _mentor(number, division, programme)
        Enrolment.objects.filter(pk=row.pk).update(capacity=1, active=1, stamp=number)
        rows.append(row)
    return list(Enrolment.objects.filter(pk__in=[row.pk for row in rows]).select_related("person", "profile"))


def _state(mentor: Enrolment) -> State:
    if mentor.briefed_on is None:
        return State.NOT_BRIEFED
    if mentor.resting_until is not None and mentor.resting_until > TODAY:
        return State.RESTING
    return State.IN_BANK if mentor.capacity > mentor.promised + mentor.active else State.FULL


def _has(mentor: Enrolment, facet: Facet, choice: str, *, fluent_only: bool) -> bool:
    """Tell whether a mentor has a choice: written anew, row by row, without any column."""
    profile = mentor.profile
    match facet:
        case Facet.DIVISION:
            return str(mentor.division_id) == choice
        case Facet.PROGRAMME:
            return str(mentor.programme_id) == choice
        case Facet.LANGUAGE:
            good = ("B1", "B2", "C1", "C2") if fluent_only else ("", "A1", "A2", "B1", "B2", "C1", "C2")
            return mentor.person.languages.filter(code=choice, level__in=good).exists()
        case Facet.FIELD:
            return profile.occupation.startswith(choice)
        case Facet.TOPIC:
            return choice in (profile.topics or ())
        case Facet.MEETING:
            return choice in (profile.meeting or ())
        case Facet.TIME:
            days, _, part = choice.partition("-")
            ends = {"weekday": ("mon", "tue", "wed", "thu", "fri"), "weekend": ("sat", "sun")}[days]
            return any(slot in [f"{day}-{part}" for day in ends] for slot in profile.availability or ())
        case Facet.PLACES:
            left = mentor.places_left
            return left >= 3 if choice == "3" else left == int(choice)
        case Facet.IDLE:
            return mentor.since is not None and (TODAY - mentor.since).days >= int(choice)


def _found_plainly(mentors: Iterable[Enrolment], wanted: Wanted) -> set[UUID]:
    words = wanted.text.lower().split()
    found = set()
    for mentor in mentors:
        profile = mentor.profile
        told = [mentor.person.name, profile.occupation_title, profile.sector, *(profile.interests or ())]
        if profile.occupation:
            # What her occupation is called in the classification counts as much as her own words for it.
            told += [isco.title(profile.occupation, "en"), isco.title(profile.occupation, "da")]
        text = " | ".join(told).lower()
        if wanted.state not in (State.ALL, _state(mentor)) or not all(word in text for word in words):
            continue
        if all(
            any(_has(mentor, facet, choice, fluent_only=wanted.fluent_only) for choice in choices)
            for facet, choices in wanted.chosen.items()
        ):
            found.add(mentor.pk)
    return found


SEARCHES = (
    Wanted(),
    Wanted(text="HÅND kor"),
    Wanted(chosen={Facet.LANGUAGE: frozenset({"ar", "en"})}),
    Wanted(chosen={Facet.LANGUAGE: frozenset({"ar", "da"}), Facet.TOPIC: frozenset({"cv"})}, fluent_only=True),
    Wanted(chosen={Facet.FIELD: frozenset({"2"}), Facet.IDLE: frozenset({"90"})}, state=State.ALL),
    Wanted(text="sygepl", chosen={Facet.TIME: frozenset({"weekday-evening", "weekend-morning"})}, state=State.ALL),
    Wanted(chosen={Facet.PLACES: frozenset({"1", "3"}), Facet.MEETING: frozenset({"online"})}),
    Wanted(state=State.RESTING),
)


def test_found_and_counts_agree_with_a_plain_reading(mentors: list[Enrolment], division: Division) -> None:
    index = mentor_index([division.pk])
    compared = 0
    for wanted in SEARCHES:
        found = index.search(wanted, TODAY)
        assert set(found.ids) == _found_plainly(mentors, wanted)
        assert index.count(wanted, TODAY) == len(found.ids)
        for facet, counts in found.counts.items():
            for choice, count in counts.items():
                alone = replace(wanted, chosen={**wanted.chosen, facet: frozenset({choice})})
                assert count == len(_found_plainly(mentors, alone)), (wanted, facet, choice)
                compared += count > 0
        for state, count in found.states.items():
            assert count == len(_found_plainly(mentors, replace(wanted, state=state))), (wanted, state)
    assert compared > 100


def test_bank_agrees_with_the_query_of_the_database(mentors: list[Enrolment], division: Division) -> None:
    found = mentor_index([division.pk]).search(Wanted(), TODAY)
    assert list(found.ids)
    assert set(found.ids) == set(mentor_bank([division.pk], TODAY).values_list("pk", flat=True))
    assert found.in_bank == len(found.ids) < len(mentors)
    assert {state for state, count in found.states.items() if count} == set(State)


@pytest.mark.parametrize(
    "text", ["åse", "ÅSE", "ærø", "ÆRØ åse", "SYGEPLEJERSKE", "ørelæge", "ØRELÆGE", "håndbold", "HÅNDBOLD", "Børne"]
)
def test_danish_letters_are_found_in_any_case(text: str, division: Division, programme: Programme) -> None:
    wanted = make_enrolment(
        Role.MENTOR,
        division,
        person=make_person("Åse", "Ærø"),
        programme=programme,
        occupation="2221",
        occupation_title="Sygeplejerske og ØRELÆGE",
        sector="BØRNEHJEM",
        interests=("Håndbold",),
    )
    make_enrolment(
        Role.MENTOR, division, person=make_person("Ase", "Aro"), programme=programme, interests=("handbold",)
    )
    assert mentor_index([division.pk]).search(Wanted(text=text), TODAY).ids == (wanted.pk,)


def test_no_word_is_found_across_two_facts(division: Division, programme: Programme) -> None:
    make_enrolment(Role.MENTOR, division, person=make_person("Eva", "Holm"), programme=programme, sector="skole")
    index = mentor_index([division.pk])
    assert not index.search(Wanted(text="holmskole"), TODAY).ids
    assert index.search(Wanted(text="skole holm"), TODAY).ids


def test_another_divisions_mentors_are_never_counted(
    mentors: list[Enrolment], division: Division, other_division: Division, programme: Programme
) -> None:
    before = [mentor_index([division.pk]).search(wanted, TODAY) for wanted in SEARCHES]
    for number in range(9):
        _mentor(number, other_division, programme)
    after = [mentor_index([division.pk]).search(wanted, TODAY) for wanted in SEARCHES]
    assert after == before
    # The control: whoever works in both counts both.
    both = mentor_index([division.pk, other_division.pk]).search(Wanted(state=State.ALL), TODAY)
    assert len(both.ids) == len(mentors) + 9


def _search(division: Division, wanted: Wanted | None = None) -> Found:
    return mentor_index([division.pk]).search(wanted or Wanted(), TODAY)


def test_each_change_is_seen_at_once(division: Division, programme: Programme, coordinator: Staff) -> None:
    by = replace(coordinator, at=timezone.now())
    one = _mentor(0, division, programme, first_name="Anna")
    Enrolment.objects.filter(pk=one.pk).update(resting_until=None, stamp=1)
    one.refresh_from_db()
    assert _search(division).ids == (one.pk,)

    change_person(by=by, person=one.person, facts={"first_name": "Øjvind"})
    assert _search(division, Wanted(text="ØJVIND")).ids == (one.pk,)
    write_languages(by=by, person=one.person, skills=[("uk", "B2")], source=Provenance.HEARD)
    assert _search(division).counts[Facet.LANGUAGE] == {"uk": 1}
    write_profile(by=by, person=one.person, role=Role.MENTOR, facts={"occupation": "5120"}, source=Provenance.HEARD)
    assert _search(division).counts[Facet.FIELD]["5"] == 1
    rest(by=by, enrolment=one, until=TODAY + timedelta(days=2))
    assert _search(division).states[State.RESTING] == 1
    one.refresh_from_db()
    rest(by=by, enrolment=one, until=None)
    hold(by=System("test", timezone.now()), enrolment=one)
    assert _search(division).states[State.FULL] == 1
    Enrolment.objects.filter(pk=one.pk).update(promised=0, stamp=2)
    one.refresh_from_db()
    end_enrolment(by=by, enrolment=one, reason="moved")
    assert _search(division).states[State.ALL] == 0


def test_state_follows_the_day_without_any_change(division: Division, programme: Programme) -> None:
    mentor = make_enrolment(
        Role.MENTOR, division, programme=programme, enrolment={"resting_until": TODAY + timedelta(days=1)}
    )
    index = mentor_index([division.pk])
    assert index.search(Wanted(), TODAY).ids == ()
    assert index.search(Wanted(), TODAY + timedelta(days=1)).ids == (mentor.pk,)


@pytest.mark.parametrize(
    ("sort", "expected"),
    [(Sort.IDLE, ["Åse", "Aase", "Zoe", "Bo"]), (Sort.NAME, ["Bo", "Zoe", "Aase", "Åse"]),
     (Sort.PLACES, ["Zoe", "Bo", "Aase", "Åse"])],
)  # fmt: skip
def test_orders(sort: Sort, expected: list[str], division: Division, programme: Programme) -> None:
    idle: dict[str, tuple[date | None, int]] = {
        "Zoe": (TODAY - timedelta(days=1), 4),
        "Åse": (TODAY - timedelta(days=30), 1),
        "Bo": (None, 2),
        "Aase": (TODAY - timedelta(days=2), 1),
    }
    for name, (since, capacity) in idle.items():
        make_enrolment(
            Role.MENTOR,
            division,
            person=make_person(name, "Holm"),
            programme=programme,
            enrolment={"since": since, "capacity": capacity},
        )
    found = mentor_index([division.pk]).search(Wanted(sort=sort), TODAY)
    assert [row.person.first_name for row in rows_of(found.ids)] == expected


def test_queries_do_not_grow_with_the_bank(
    mentors: list[Enrolment],
    division: Division,
    programme: Programme,
    django_assert_num_queries: CountQueries,
) -> None:
    with django_assert_num_queries(4):
        # How many there are, whose stamps have changed, what they say, what they speak.
        mentor_index([division.pk])
    with django_assert_num_queries(1):
        index = mentor_index([division.pk])
    _mentor(40, division, programme)
    with django_assert_num_queries(4):
        assert len(mentor_index([division.pk])) == len(index) + 1
    with django_assert_num_queries(2):
        rows_of(index.search(Wanted(), TODAY).ids)


def test_nobody_is_an_index_too() -> None:
    index = mentor_index([])
    assert isinstance(index, Index)
    found = index.search(Wanted(text="x", chosen={Facet.LANGUAGE: frozenset({"da"})}), TODAY)
    assert found.ids == ()
    assert found.in_bank == 0
