"""What somebody asks about her data: the clock, a letter for each step, more time once, and one answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from pytest_django import Settings

from factories.django_rows import AT, TODAY, make_division, make_enrolment, make_person, make_staff
from mentornet.agenda.models import Kind, Task
from mentornet.audit.models import Entry
from mentornet.common.answers import ChangedMeanwhileError, NotAllowedError, RefusedError
from mentornet.divisions.models import Division, Role
from mentornet.divisions.staff import Staff
from mentornet.messaging.events import TEMPLATES
from mentornet.messaging.models import Letter
from mentornet.people.enums import ObjectionPurpose
from mentornet.people.models import Person
from mentornet.people.participants import Participant
from mentornet.people.recipients import person_key
from mentornet.privacy.enums import Outcome, Reason, RequestKind, RequestWay
from mentornet.privacy.models import Request
from mentornet.privacy.queries import open_requests, own_requests, visible_requests
from mentornet.privacy.services.copying import make_copy
from mentornet.privacy.services.erasing import erase
from mentornet.privacy.services.objecting import object_to
from mentornet.privacy.services.requesting import (
    ask_about_data,
    close_request,
    extend_request,
    take_request_back,
    take_request_down,
)
from mentornet.privacy.services.restricting import restrict_data

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(division: Division) -> Person:
    return make_enrolment("mentee", division, person=make_person(email="amina@example.org")).person


def herself(person: Person) -> Participant:
    return Participant(person_id=person.pk, name=person.name, at=AT)


def down(by: Staff, person: Person, division: Division, **facts: object) -> Request:
    asked = {"kind": RequestKind.ACCESS, "way": RequestWay.LETTER, "words": "A copy, please.", "received_on": TODAY}
    return take_request_down(by=by, person=person, division_id=division.pk, **(asked | facts))  # type: ignore[arg-type]


def letters_to(person: Person) -> list[str]:
    written = Letter.objects.filter(recipient=person_key(person.pk)).order_by("created_at", "event")
    return [letter.event for letter in written]


def test_she_asks_on_her_own_page_and_hears_within_thirty_days(person: Person) -> None:
    request = ask_about_data(by=herself(person), kind=RequestKind.ACCESS, words="What do you keep?")
    assert (request.received_on, request.due_on) == (TODAY, TODAY + timedelta(days=30))
    assert request.way == RequestWay.PORTAL
    task = Task.objects.get(kind=Kind.REQUEST, target_id=request.pk)
    assert (task.due_on, task.words) == (request.due_on, {"name": person.name})
    assert letters_to(person) == ["request_received"]
    assert Letter.objects.get().values == {"day": request.due_on.isoformat()}
    assert Entry.objects.filter(act="privacy.receive_request", object_id=str(request.pk)).exists()


def test_a_second_press_is_the_same_request_and_more_words_stand_beneath(person: Person) -> None:
    first = ask_about_data(by=herself(person), kind=RequestKind.ACCESS, words="One.")
    assert ask_about_data(by=herself(person), kind=RequestKind.ACCESS, words="One.").pk == first.pk
    again = ask_about_data(by=herself(person), kind=RequestKind.ACCESS, words="Two.")
    assert (again.pk, again.words) == (first.pk, "One.\n\nTwo.")
    other = ask_about_data(by=herself(person), kind=RequestKind.ERASURE)
    assert other.pk != first.pk
    assert letters_to(person) == ["request_received", "request_received"]


def test_the_database_itself_knows_no_second_open_one(person: Person, division: Division, coordinator: Staff) -> None:
    first = down(coordinator, person, division)
    fields = {"kind": first.kind, "way": first.way, "received_on": TODAY, "due_on": TODAY + timedelta(days=1)}
    with pytest.raises(IntegrityError), transaction.atomic():
        Request.objects.create(person=person, division=division, taken_by="x", created_at=AT, **fields)
    close_request(by=coordinator, request=first, outcome=Outcome.REFUSED, answer="It is not ours.")
    Request.objects.create(person=person, division=division, taken_by="x", created_at=AT, **fields)
    assert Request.objects.count() == 2


def test_what_she_sends_herself_stands_beneath_what_an_office_was_told(person: Person) -> None:
    there = make_division("Vejle")
    make_enrolment("mentor", there, person=person)
    first = down(make_staff(Role.COORDINATOR, there), person, there, kind=RequestKind.ERASURE)
    again = ask_about_data(by=herself(person), kind=RequestKind.ERASURE, words="Everything, please.")
    assert again == first
    assert again.words.endswith("Everything, please.")


def test_whoever_no_office_knows_is_told_to_call() -> None:
    with pytest.raises(RefusedError):
        ask_about_data(by=herself(make_person()), kind=RequestKind.ACCESS)


def test_the_clock_runs_from_the_day_it_came(person: Person, division: Division, coordinator: Staff) -> None:
    request = down(coordinator, person, division, received_on=TODAY - timedelta(days=40))
    assert request.due_on == TODAY - timedelta(days=10)
    with pytest.raises(ValidationError):
        down(coordinator, person, division, kind=RequestKind.ERASURE, received_on=TODAY + timedelta(days=1))


def test_more_time_once_with_a_reason_and_before_the_month_is_over(
    person: Person, division: Division, coordinator: Staff
) -> None:
    request = down(coordinator, person, division)
    late = request.due_on + timedelta(days=61)
    for until, reason in ((late, "Much."), (request.due_on, "Much."), (late - timedelta(days=1), " ")):
        with pytest.raises(ValidationError):
            extend_request(by=coordinator, request=request, until=until, reason=reason)
        request.refresh_from_db()
    until = request.due_on + timedelta(days=60)
    extend_request(by=coordinator, request=request, until=until, reason="There are many letters.")
    request.refresh_from_db()
    assert (request.due_on, request.extension_reason) == (until, "There are many letters.")
    assert Task.objects.get(kind=Kind.REQUEST).due_on == until
    assert letters_to(person) == ["request_extended", "request_received"]
    with pytest.raises(NotAllowedError):
        extend_request(by=coordinator, request=request, until=until + timedelta(days=1), reason="More.")


def test_nothing_is_put_off_when_the_month_is_over(person: Person, division: Division, coordinator: Staff) -> None:
    request = down(coordinator, person, division, received_on=TODAY - timedelta(days=31))
    with pytest.raises(NotAllowedError):
        extend_request(by=coordinator, request=request, until=TODAY + timedelta(days=20), reason="Late.")


@pytest.mark.parametrize("outcome", [Outcome.DONE, Outcome.REFUSED])
def test_an_answer_is_told_settles_the_task_and_is_given_once(
    person: Person, division: Division, coordinator: Staff, outcome: Outcome
) -> None:
    request = down(coordinator, person, division, kind=RequestKind.CORRECTION)
    with pytest.raises(ValidationError):
        close_request(by=coordinator, request=request, outcome=outcome, answer=" ")
    close_request(by=coordinator, request=request, outcome=outcome, answer="This is so.")
    request.refresh_from_db()
    assert (request.outcome, request.answer, request.closed_by) == (outcome, "This is so.", coordinator.key)
    assert not Task.objects.filter(kind=Kind.REQUEST, done_at__isnull=True).exists()
    assert letters_to(person) == ["request_answered", "request_received"]
    stale = Request.objects.get(pk=request.pk)
    stale.closed_at = None
    with pytest.raises(ChangedMeanwhileError):
        close_request(by=coordinator, request=stale, outcome=outcome, answer="Once more.")
    assert letters_to(person) == ["request_answered", "request_received"]


def test_she_is_not_told_that_it_was_done_before_it_was(
    person: Person, division: Division, coordinator: Staff, division_lead: Staff
) -> None:
    acts: dict[RequestKind, Callable[[], object]] = {
        RequestKind.ACCESS: lambda: make_copy(by=division_lead, person=person, language="en"),
        RequestKind.RESTRICTION: lambda: restrict_data(by=coordinator, person=person, reason="She has asked for it."),
        RequestKind.OBJECTION: lambda: object_to(by=coordinator, person=person, purpose=ObjectionPurpose.NEWS),
    }
    for kind, act in acts.items():
        request = down(coordinator, person, division, kind=kind)
        with pytest.raises(ValidationError):
            close_request(by=coordinator, request=request, outcome=Outcome.DONE, answer="It is done.")
        act()
        close_request(by=coordinator, request=request, outcome=Outcome.DONE, answer="It is done.")
    erasure = down(coordinator, person, division, kind=RequestKind.ERASURE)
    with pytest.raises(ValidationError):
        close_request(by=coordinator, request=erasure, outcome=Outcome.DONE, answer="You are forgotten.")
    erasure.refresh_from_db()
    assert erasure.is_open


def test_she_takes_it_back_and_nobody_else_does(person: Person, coordinator: Staff) -> None:
    request = ask_about_data(by=herself(person), kind=RequestKind.ERASURE)
    with pytest.raises(NotAllowedError):
        take_request_back(by=herself(make_person("Bodil")), request=request)
    take_request_back(by=herself(person), request=request)
    request.refresh_from_db()
    assert request.outcome == Outcome.TAKEN_BACK
    assert not open_requests().exists()
    with pytest.raises(NotAllowedError):
        close_request(by=coordinator, request=request, outcome=Outcome.DONE, answer="Done.")


def test_another_division_neither_sees_nor_answers(person: Person, division: Division, coordinator: Staff) -> None:
    request = down(coordinator, person, division)
    stranger = make_staff("coordinator", make_division())
    assert list(visible_requests(coordinator)) == [request]
    assert list(visible_requests(stranger)) == []
    assert list(open_requests(divisions=stranger.casework)) == []
    assert list(own_requests(herself(person))) == [request]
    acts: list[Callable[[], object]] = [
        lambda: close_request(by=stranger, request=request, outcome=Outcome.DONE, answer="No."),
        lambda: extend_request(by=stranger, request=request, until=TODAY + timedelta(days=40), reason="No."),
        lambda: down(stranger, person, division, kind=RequestKind.ERASURE),
    ]
    for act in acts:
        with pytest.raises(NotAllowedError):
            act()


def test_erasing_her_closes_what_she_asked_and_leaves_no_words(
    person: Person, division: Division, coordinator: Staff, division_lead: Staff, settings: Settings, tmp_path: Path
) -> None:
    settings.DATA_FOLDER = tmp_path
    request = down(coordinator, person, division, kind=RequestKind.ERASURE, words="Forget me, Amina.")
    erase(by=division_lead, person=person, reason=Reason.ASKED)
    left = Request.objects.get()
    assert left.pk != request.pk
    assert (left.outcome, left.words, left.kind) == (Outcome.DONE, "", RequestKind.ERASURE)
    assert not Task.objects.filter(kind=Kind.REQUEST, done_at__isnull=True).exists()


def test_no_letter_of_these_says_what_it_is_about(person: Person, division: Division, coordinator: Staff) -> None:
    for event in ("request_received", "request_extended", "request_answered", "rest_of_data_ends"):
        words = f"{TEMPLATES[event].subject} {TEMPLATES[event].body} {TEMPLATES[event].sms}".lower()
        assert not {"data", "mentor", "copy", "delete", "network"} & set(words.replace(".", " ").split())
