"""Undo takes all of it back, or refuses with names and changes nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from factories.django_rows import AT, make_application, make_person
from imports_steps import MENTEES, MENTORS, PAIRS, Journey, all_rows
from mentornet.common.answers import RefusedError
from mentornet.imports.services.undoing import undo_import
from mentornet.intake.models import Enrolment
from mentornet.intake.services.enrolments import give_word
from mentornet.partnerships.models import Partnership
from mentornet.partnerships.services import add_note, record_meeting
from mentornet.people.models import Person
from mentornet.people.services import change_person, keep_apart

Begin = Callable[..., Journey]


def work_on_a_note(done: Journey) -> None:
    add_note(by=done.by, partnership=Partnership.objects.get(state="active"), text="Met.", author_name="Inger")


def work_on_a_meeting(done: Journey) -> None:
    record_meeting(by=done.by, partnership=Partnership.objects.get(state="active"), on=done.by.today)


def work_on_a_word(done: Journey) -> None:
    give_word(by=done.by, enrolment=Enrolment.objects.get(application__reference="E2"))


def work_on_a_person(done: Journey) -> None:
    person = Enrolment.objects.get(application__reference="E2").person
    change_person(by=done.by, person=person, facts={"area": "Vollsmose"})


def work_on_an_application(done: Journey) -> None:
    enrolment = Enrolment.objects.get(application__reference="E2")
    make_application(person=enrolment.person, division=enrolment.division)


@pytest.mark.parametrize(
    ("work", "name"),
    [
        (work_on_a_note, ""),
        (work_on_a_meeting, "Amina Yusuf"),
        (work_on_a_word, "Rania Haddad"),
        (work_on_a_person, "Rania Haddad"),
        (work_on_an_application, "Rania Haddad"),
    ],
)
def test_what_was_built_on_it_keeps_it_from_being_undone(
    journey: Begin, work: Callable[[Journey], None], name: str
) -> None:
    done = journey(mentors=MENTORS, mentees=MENTEES, pairs=PAIRS).done()
    work(done)
    before = all_rows()

    with pytest.raises(RefusedError, match=name or "cannot be undone"):
        undo_import(by=done.by, batch=done.batch, author="Inger Holm")

    assert all_rows() == before


AGAIN = """id;name;languages;email;occupation
M1;Karen Lund Holm;"English:C2";karen@example.org;2330
M9;Amina Yusuf;;;
"""


@pytest.fixture
def two(journey: Begin) -> tuple[Journey, Journey, dict[str, list[str]]]:
    """Two imports over the same people, and how everything was between them."""
    first = journey(mentors=MENTORS, mentees=MENTEES, pairs=PAIRS).done()
    between = without_keys(all_rows())
    checked = journey(mentors=AGAIN, pairs="mentee id,mentor id,since\nE2,M2,2026-02-01\n").checked()
    return first, checked.choose(rest="same").write(), between


def without_keys(rows: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return rows but for what people speak, which is written anew, with new keys."""
    return {name: listed for name, listed in rows.items() if name != "people.languageskill"}


def test_imports_over_the_same_people_are_undone_in_reverse_order(
    journey: Begin, two: tuple[Journey, Journey, dict[str, list[str]]]
) -> None:
    first, second, between = two
    assert second.batch.counts["known"] == 1
    changed = Person.objects.get(email="karen@example.org")
    assert changed.profiles.get().occupation == "2330"

    undo_import(by=second.by, batch=second.batch, author="Inger Holm")
    assert without_keys(all_rows()) == between
    assert list(changed.languages.values_list("code", "level")) == [("da", "C2"), ("en", "C1")]
    undo_import(by=first.by, batch=first.batch, author="Inger Holm")
    assert not Person.objects.exists()


def test_the_earlier_import_says_which_one_is_to_be_undone_first(
    two: tuple[Journey, Journey, dict[str, list[str]]],
) -> None:
    first, _second, _between = two
    before = all_rows()
    with pytest.raises(RefusedError, match=r"mentors\.csv, pairs\.csv, .*Undo that one first"):
        undo_import(by=first.by, batch=first.batch, author="Inger Holm")
    assert all_rows() == before


def test_work_between_two_imports_still_keeps_the_first_from_being_undone(
    journey: Begin,
) -> None:
    first = journey(mentors=MENTORS, mentees=MENTEES).done()
    work_on_a_person(first)
    second = journey(mentors=AGAIN).checked().choose(rest="same").write()
    undo_import(by=second.by, batch=second.batch, author="Inger Holm")
    before = all_rows()
    with pytest.raises(RefusedError, match="Rania Haddad"):
        undo_import(by=first.by, batch=first.batch, author="Inger Holm")
    assert all_rows() == before


def test_undo_happens_once(journey: Begin) -> None:
    done = journey(mentees=MENTEES).done()
    undo_import(by=done.by, batch=done.batch, author="Inger Holm")
    with pytest.raises(RefusedError, match="undone already"):
        undo_import(by=done.by, batch=done.batch, author="Inger Holm")
    journey(mentees=MENTEES).done()
    assert Enrolment.objects.count() == 3


ENDED_PAIR = "mentee id;mentor id;since;until;reason\nE1;M1;2024-01-10;2025-01-10;goal reached\n"
APART = "id;name;must not meet\nE9;Nadia Saleh;M1\n"


@pytest.mark.parametrize(
    ("later", "file"), [({"pairs": ENDED_PAIR}, "pairs"), ({"mentees": APART}, "mentees")], ids=["paired", "kept apart"]
)
def test_a_later_import_that_leans_on_its_people_is_to_be_undone_first(
    journey: Begin, later: dict[str, str], file: str
) -> None:
    first = journey(mentors=MENTORS, mentees=MENTEES).done()
    second = journey(**later).done()
    before = all_rows()

    with pytest.raises(RefusedError, match=rf"{file}\.csv, .*Undo that one first"):
        undo_import(by=first.by, batch=first.batch, author="Inger Holm")

    assert all_rows() == before
    undo_import(by=second.by, batch=second.batch, author="Inger Holm")
    undo_import(by=first.by, batch=first.batch, author="Inger Holm")
    assert not Person.objects.exists()


@pytest.mark.parametrize("with_a_later_import", [False, True])
def test_a_word_at_the_desk_that_two_must_not_meet_is_not_deleted_with_them(
    journey: Begin, with_a_later_import: bool
) -> None:
    first = journey(mentors=MENTORS, mentees=MENTEES).done()
    karen = Enrolment.objects.get(application__reference="M1").person
    if with_a_later_import:
        journey(mentees=APART).done()
    keep_apart(by=first.by, person=make_person("Omar", "Aziz"), other=karen)
    before = all_rows()

    with pytest.raises(RefusedError, match=r"1 person .*\(Karen Lund Holm\)"):
        undo_import(by=first.by, batch=first.batch, author="Inger Holm")

    assert all_rows() == before


def test_a_pair_of_the_desk_keeps_an_import_from_being_undone(journey: Begin) -> None:
    first = journey(mentors=MENTORS, mentees=MENTEES).done()
    mentee, mentor = (Enrolment.objects.get(application__reference=reference) for reference in ("E1", "M1"))
    closed = {"state": "closed", "closed_on": AT.date(), "closing_reason": "goal"}
    Partnership.objects.create(mentee=mentee, mentor=mentor, division=mentee.division, created_at=AT, **closed)
    with pytest.raises(RefusedError, match=r"2 people .*Amina Yusuf, Karen Lund Holm"):
        undo_import(by=first.by, batch=first.batch, author="Inger Holm")


def test_places_of_pairs_taken_over_are_free_again_after_undoing(journey: Begin) -> None:
    journey(mentors=MENTORS, mentees=MENTEES).done()
    pairs = "mentee id;mentor id;since\nE1;M1;2026-01-10\nE2;M1;2026-01-11\n"
    done = journey(pairs=pairs).done()
    mentor = Enrolment.objects.get(application__reference="M1")
    assert mentor.active == 2

    undo_import(by=done.by, batch=done.batch, author="Inger Holm")

    mentor.refresh_from_db()
    assert mentor.active == 0
