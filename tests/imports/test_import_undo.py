"""Undo takes all of it back, or refuses with names and changes nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from factories.django_rows import make_application
from imports_steps import MENTEES, MENTORS, PAIRS, Journey, all_rows
from mentornet.common.answers import RefusedError
from mentornet.imports.services.undoing import undo_import
from mentornet.intake.models import Enrolment
from mentornet.intake.services.enrolments import give_word
from mentornet.partnerships.models import Partnership
from mentornet.partnerships.services import add_note, record_meeting
from mentornet.people.models import Person
from mentornet.people.services import change_person

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
