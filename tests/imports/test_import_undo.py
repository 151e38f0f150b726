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


def test_undo_happens_once(journey: Begin) -> None:
    done = journey(mentees=MENTEES).done()
    undo_import(by=done.by, batch=done.batch, author="Inger Holm")
    with pytest.raises(RefusedError, match="undone already"):
        undo_import(by=done.by, batch=done.batch, author="Inger Holm")
    journey(mentees=MENTEES).done()
    assert Enrolment.objects.count() == 3
