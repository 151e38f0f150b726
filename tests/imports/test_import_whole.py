"""An import from the files to the rows, and back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from imports_steps import BRIEFED_ON, MENTEES, MENTORS, PAIRS, Journey, all_rows
from mentornet.imports.enums import BatchState
from mentornet.imports.models import File, Report, Trace
from mentornet.imports.services.undoing import undo_import
from mentornet.intake.enums import ApplicationState
from mentornet.intake.models import Application, Enrolment
from mentornet.partnerships.models import Partnership
from mentornet.people.enums import Role
from mentornet.people.models import Avoidance, Person


def test_three_files_are_taken_over(journey: Callable[..., Journey]) -> None:
    done = journey(mentors=MENTORS, mentees=MENTEES, pairs=PAIRS).done()

    assert done.batch.state == BatchState.DONE
    karen = Person.objects.get(email="karen@example.org")
    assert (karen.first_name, karen.last_name) == ("Karen Lund", "Holm")
    assert list(karen.languages.values_list("code", "level")) == [("da", "C2"), ("en", "C1")]
    mentor = Enrolment.objects.get(person=karen)
    assert (mentor.capacity, mentor.active, mentor.briefed_on) == (2, 1, BRIEFED_ON)
    assert mentor.profile.occupation == "2221"
    assert mentor.profile.provenance["occupation"] == ["imported", "2026-03-02"]
    amina = Enrolment.objects.get(application__reference="E1")
    assert (amina.active, amina.since) == (1, date(2025, 10, 1))
    assert amina.application.state == ApplicationState.APPROVED
    assert amina.application.decision.reason == "Taken over from the spreadsheet mentees.csv."
    left = Enrolment.objects.get(application__reference="E3")
    assert (left.ended_on, left.end_reason) == (date(2025, 1, 10), "done")
    states = {
        row.mentee.application.reference: row for row in Partnership.objects.select_related("mentee__application")
    }
    assert (states["E1"].state, states["E1"].first_met_on) == ("active", date(2025, 12, 1))
    assert (states["E3"].state, states["E3"].closing_reason) == ("closed", "goal")
    assert Avoidance.objects.get().person == karen
    assert done.batch.counts["waiting"] == 1
    assert Enrolment.objects.filter(role=Role.MENTEE, ended_on=None, active=0).count() == 1


def test_lists_are_deleted_when_done(journey: Callable[..., Journey]) -> None:
    done = journey(mentors=MENTORS, mentees=MENTEES).done()

    assert not Report.objects.exists()
    for file in File.objects.filter(batch=done.batch):
        assert file.content is None
        assert file.layout == []


def test_undo_restores_everything(journey: Callable[..., Journey]) -> None:
    before = all_rows()
    done = journey(mentors=MENTORS, mentees=MENTEES, pairs=PAIRS).done()
    assert all_rows() != before

    undone = undo_import(by=done.by, batch=done.batch, author="Inger Holm")

    assert undone.state == BatchState.UNDONE
    assert not Trace.objects.exists()
    assert all_rows() == before


def test_a_later_list_refers_to_the_ids_of_an_earlier_one(journey: Callable[..., Journey]) -> None:
    journey(mentors=MENTORS, mentees=MENTEES).done()
    before = all_rows()

    later = journey(pairs="mentee id,mentor id,since\nE2,M2,2026-02-01\n").done()

    pair = Partnership.objects.get()
    assert pair.mentee.active == pair.mentor.active == 1
    undo_import(by=later.by, batch=later.batch, author="Inger Holm")
    assert all_rows() == before
    assert Application.objects.count() == 5
