"""An address that the office writes anew: she is told where she was reached before, and her own copy waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from factories.django_rows import AT, make_application, make_person, make_staff
from mentornet.agenda.models import Kind, Task
from mentornet.common.actors import System
from mentornet.common.answers import ChangedMeanwhileError, NotAllowedError
from mentornet.divisions.models import Division, Role
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Application
from mentornet.intake.services.applications import change_facts
from mentornet.intake.services.protection import protect
from mentornet.intake.services.watching import UNTOLD
from mentornet.messaging.models import Letter
from mentornet.messaging.services import deliver_due_letters, take_back_letter
from mentornet.people import reached_before
from mentornet.people.models import Person, ProtectedIdentity, WrittenReach
from mentornet.people.participants import Participant
from mentornet.people.sealing import Cover
from mentornet.people.services import change_person
from mentornet.privacy.rules import may_copy
from mentornet.privacy.services import make_copy

pytestmark = pytest.mark.django_db
NEW = {"email": "coordinator@example.org"}


@pytest.fixture
def application(division: Division) -> Application:
    person = make_person("Amina", "Holm", email="amina@example.org", phone="61 23 45 67", language="en")
    return make_application("mentee", person=person, division=division)


def write(by: Staff, application: Application, facts: dict[str, Any] | None = None, **more: Any) -> None:
    change_facts(by=by, application=Application.objects.get(pk=application.pk), person_facts=facts or NEW, **more)


def told() -> list[str]:
    deliver_due_letters(by=System("tests", AT + timedelta(hours=1)))
    return [one.to[0] for one in mail.outbox]


def herself(application: Application, days: int = 0) -> Participant:
    return Participant(person_id=application.person_id, name="Amina", at=AT + timedelta(days=days))


def test_she_is_told_at_the_former_address_and_nobody_keeps_it(coordinator: Staff, application: Application) -> None:
    write(coordinator, application)
    assert told() == ["amina@example.org"]
    (letter,) = mail.outbox
    assert "a new address or phone number" in letter.body
    assert "Mentornet" not in f"{letter.subject}{letter.body}"
    kept = Letter.objects.get(event=reached_before.EVENT)
    assert (kept.state, kept.sent_to) == ("sent", "")


def test_whoever_has_written_it_cannot_take_the_letter_back(coordinator: Staff, application: Application) -> None:
    write(coordinator, application)
    letter = Letter.objects.get(event=reached_before.EVENT)
    with pytest.raises((NotAllowedError, ChangedMeanwhileError)):
        take_back_letter(by=coordinator, letter=letter)


@pytest.mark.parametrize(("way", "expected"), [("", ["amina@example.org"]), ("email", ["amina@example.org"])])
def test_safe_ways_are_heeded(way: str, expected: list[str], coordinator: Staff, application: Application) -> None:
    Person.objects.update(contact_way=way)
    write(coordinator, application)
    assert told() == expected
    assert not Task.objects.filter(kind=Kind.REVEALED).exists()


@pytest.mark.parametrize("way", ["call", "unsafe"])
def test_where_nothing_may_be_written_a_lead_is_asked_to_call(
    way: str, coordinator: Staff, division: Division, application: Application
) -> None:
    lead = make_staff(Role.DIVISION_LEAD, division)
    if way == "call":
        Person.objects.update(contact_way="call")
    write(coordinator, application, is_former_unsafe=way == "unsafe")
    assert told() == []
    task = Task.objects.get(kind=Kind.REVEALED)
    assert (task.owner_id, task.words["why"], task.target_id) == (lead.user_id, UNTOLD, application.person_id)
    assert WrittenReach.objects.get().email == ""


def test_her_own_copy_waits_two_weeks_and_says_so(coordinator: Staff, application: Application) -> None:
    assert make_copy(by=herself(application), person=application.person, language="en")
    write(coordinator, application)
    person = Person.objects.get(pk=application.person_id)
    with pytest.raises(NotAllowedError, match=r"from .*March"):
        make_copy(by=herself(application, 13), person=person, language="en")
    assert make_copy(by=herself(application, 14), person=person, language="en")


def test_a_second_number_is_a_way_in_too(coordinator: Staff, application: Application) -> None:
    Person.objects.update(phone="")
    write(coordinator, application, {"phone": "99 88 77 66"})
    assert told() == ["amina@example.org"]
    assert not may_copy(herself(application, 1), application.person, [])


def test_what_she_writes_herself_is_hers(application: Application) -> None:
    person = Person.objects.get(pk=application.person_id)
    change_person(by=herself(application), person=person, facts=NEW)
    assert not WrittenReach.objects.exists()
    assert may_copy(herself(application), person, [])


def test_without_it_whoever_wrote_the_address_would_take_the_copy(
    coordinator: Staff, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The control of the tests above.
    monkeypatch.setattr(reached_before, "tell_where_she_was", lambda **_given: None)
    write(coordinator, application)
    assert told() == []
    assert make_copy(by=herself(application), person=Person.objects.get(), language="en")


def test_protected_meanwhile_nothing_leads_to_the_former_address(coordinator: Staff, application: Application) -> None:
    write(coordinator, application)
    later = replace(coordinator, at=AT + timedelta(minutes=1))
    protect(by=later, known_by=application, cover=Cover(alias="Solveig"), reason="x")
    assert WrittenReach.objects.get().email == ""
    assert told() == []
    # Protecting her does not make the new address one that two know.
    assert ProtectedIdentity.objects.get().reach_written_at == AT
    assert not may_copy(herself(application, 20), Person.objects.get(pk=application.person_id), [])
