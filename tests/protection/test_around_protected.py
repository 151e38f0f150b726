"""What stands around a protected person: asking for it, reading who looked, lists, applications, going back."""

from __future__ import annotations

import re
from datetime import timedelta
from importlib import import_module

import pytest
import time_machine
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client
from django.urls import reverse

from entering import sign_in_participant
from exporting import proposal
from factories.django_rows import AT, TODAY, make_division, make_staff, saved, user_of
from mentornet.agenda.models import Kind, Task
from mentornet.audit.models import Entry
from mentornet.common.actors import System
from mentornet.common.answers import NotAllowedError
from mentornet.divisions.models import Role as StaffRoleName
from mentornet.imports.likeness import Likeness
from mentornet.imports.planned import PlannedPerson
from mentornet.imports.queries import known_people, sealed_people
from mentornet.intake.applicants import known_people as known_as
from mentornet.intake.enums import WishKind
from mentornet.intake.models import ApplicationDraft, Enrolment, Wish
from mentornet.intake.services.applications import receive_application
from mentornet.intake.services.protection import approve_reveal, ask_to_copy, ask_to_reveal, rename_again, see
from mentornet.intake.services.sending import _added
from mentornet.matching.models import MeetingOption
from mentornet.matching.services.meeting import plan_meeting
from mentornet.messaging.letters import preview
from mentornet.partnerships.models import PlannedMeeting
from mentornet.people.entrance import user_for
from mentornet.people.enums import Role
from mentornet.people.models import Person
from mentornet.people.sealing import place_for
from mentornet.privacy.services.copying import make_copy
from protection.hers import ALIAS, EMAIL, FIRST, LAST, PHONE, POSTCODE, Network, make_network
from public.walking import fields
from signing import enter

pytestmark = pytest.mark.django_db


@pytest.fixture
def net() -> Network:
    return make_network()


def test_she_asks_on_her_own_pages_without_alarm(net: Network) -> None:
    with time_machine.travel(AT):
        client = sign_in_participant(net.person)
        page = reverse("portal:ask", args=["shown"])
        shown = client.get(page).content.decode()
        assert "protect" not in page
        assert "protect" not in shown.lower()
        assert "data-leave" in shown or "quick" in shown or "Leave" in shown
        assert client.get(reverse("portal:ask", args=["protect"])).status_code == 404
        assert client.post(page, {"words": ""}).status_code == 302
    wish = Wish.objects.get(person_id=net.her.person_id, kind=WishKind.PROTECT)
    task = Task.objects.get(kind=Kind.PROTECT, target_id=wish.pk)
    assert (task.due_on, task.done_at) == (TODAY, None)
    net.protect()
    task.refresh_from_db()
    wish.refresh_from_db()
    assert task.done_at is not None
    assert wish.settled_at is not None


def test_she_reads_who_has_looked_by_role(net: Network) -> None:
    net.protect()
    reveal = ask_to_reveal(by=net.coordinator, known_by=net.her.application, reason="The police has called.")
    approve_reveal(by=net.lead, reveal=reveal)
    see(by=net.coordinator, reveal=reveal)
    with time_machine.travel(AT):
        page = sign_in_participant(net.person).get(reverse("portal:seen")).content.decode()
    assert "A coordinator looked at your sealed name and address" in page
    assert "The head of the office said yes" in page
    assert net.coordinator.name not in page
    assert net.lead.name not in page


def _planned(name: str, **facts: object) -> PlannedPerson:
    first, _, last = name.partition(" ")
    person = {"first_name": first, "last_name": last, **facts}
    return PlannedPerson(
        file="list.csv",
        row=2,
        subject="mentees",
        role=Role.MENTEE,
        reference="",
        person=person,
        profile={},
        languages=None,
    )


@pytest.mark.parametrize(
    "planned",
    [
        _planned("Anybody Else", email=EMAIL.upper()),
        _planned("Anybody Else", phone="61728394"),
        _planned(f"{FIRST} {LAST}"),
        _planned(f"{FIRST} {LAST}", postcode=POSTCODE),
        _planned(f"{FIRST} {LAST}", birth_year=1990),
    ],
)
def test_list_neither_brings_her_back_nor_tells_who_she_is(net: Network, planned: PlannedPerson) -> None:
    def likeness() -> Likeness:
        division = net.division.pk
        return Likeness(known_people(net.coordinator, division), [], sealed_people(net.coordinator, division))

    assert likeness().matches(planned) != {}, "unprotected she is known again"
    net.protect()
    assert likeness().is_sealed(planned)
    assert likeness().matches(planned) == {}
    assert not likeness().is_sealed(_planned(f"{FIRST} Andersen", email="andersen@example.org"))


@pytest.mark.parametrize(
    "facts",
    [
        {"first_name": "Anybody", "email": EMAIL.upper()},
        {"first_name": "Anybody", "phone": "61728394"},
        {"first_name": FIRST, "last_name": LAST},
    ],
)
def test_staff_who_enter_her_anew_are_not_told_and_her_lead_is(net: Network, facts: dict[str, str]) -> None:
    net.protect()
    new = {"programme": net.her.programme, "role": "mentor", "person_facts": facts}
    away = make_division("Away")
    elsewhere = receive_application(by=make_staff(StaffRoleName.COORDINATOR, away), division=away, **new)  # type: ignore[arg-type]  # as keywords
    assert not Task.objects.filter(kind=Kind.REVEALED).exists()
    here = receive_application(by=net.coordinator, division=net.division, **new)  # type: ignore[arg-type]  # as keywords
    assert len({here.person_id, elsewhere.person_id, net.her.person_id}) == 3
    task = Task.objects.get(kind=Kind.REVEALED)
    assert (task.owner_id, task.target_id, task.words["name"]) == (net.lead.user_id, here.person_id, ALIAS)
    # What is entered is in the audit, and stays as it was entered.
    assert Entry.objects.filter(act="intake.receive", object_id=str(here.pk), actor=net.coordinator.key).exists()
    rename_again(by=System("tests", AT + timedelta(hours=1)))
    assert {name: getattr(Person.objects.get(pk=here.person_id), name) for name in facts} == facts


def test_lead_who_enters_her_anew_is_not_told_by_the_program(net: Network) -> None:
    net.protect()
    facts = {"first_name": "Anybody", "email": EMAIL}
    receive_application(
        by=net.lead, division=net.division, programme=net.her.programme, role="mentor", person_facts=facts
    )
    assert not Task.objects.filter(kind=Kind.REVEALED).exists()
    # Whoever is like nobody is told of to nobody.
    receive_application(
        by=net.coordinator, division=net.division, programme=net.her.programme, role="mentor",
        person_facts={"first_name": FIRST, "last_name": "Andersen", "phone": "61 72 83 95"},
    )  # fmt: skip
    assert not Task.objects.filter(kind=Kind.REVEALED).exists()


def read_by_the_enterer(net: Network, email: str, phone: str) -> list[str]:
    """Return what staff read who enter somebody, until an hour later."""
    desk = enter(Client(), user_of(net.colleague))
    new = reverse("desk:application_new")
    form = fields(desk.get(new).content.decode()) | {
        "first_name": ["Anna"], "last_name": ["Test"], "email": [email], "phone": [phone],
        "programme": [str(net.her.programme.pk)], "division": [str(net.division.pk)], "role": ["mentee"],
        "received_on": [TODAY.isoformat()], "language": ["da"],
    }  # fmt: skip
    answer = desk.post(new, form)
    assert answer.status_code == 302
    rename_again(by=System("tests", AT + timedelta(hours=1)))
    made = Person.objects.get(first_name="Anna", email=email)
    pages = [
        desk.get(address).content.decode()
        for address in (
            answer.headers["Location"],
            reverse("desk:person", args=[made.pk]),
            reverse("desk:today") + "?whose=all",
            reverse("desk:letters"),
        )
    ]
    said = []
    for page in pages:
        text = re.sub(r"<[^>]+>", " ", page[page.index("<main") :].replace("<wbr>", ""))
        for word in (email, phone):
            text = text.replace(word, "GIVEN")
        said.append(re.sub(r"\s+", " ", re.sub(r"[0-9a-f-]{36}", "KEY", text)))
    return said


def test_entered_with_her_address_or_with_nobodys_reads_the_same(net: Network) -> None:
    with time_machine.travel(AT):
        net.protect()
        with transaction.atomic():
            hers = read_by_the_enterer(net, EMAIL, PHONE)
            transaction.set_rollback(True)
        assert hers == read_by_the_enterer(net, "nobody@example.org", "+45 60 60 60 60")


def test_she_who_has_shown_that_she_reads_her_letters_is_known_again(net: Network) -> None:
    net.protect()
    draft = saved(
        ApplicationDraft(
            role="mentor", first_name=FIRST, last_name=LAST, email=EMAIL, contact_way="email", confirmed=EMAIL,
            created_at=AT, changed_at=AT, expires_on=TODAY,
        )
    )  # fmt: skip
    assert list(known_as(draft)) == [net.person]
    assert "safe_contact" not in _added(net.person, {"safe_contact": "x", "email": EMAIL, "language": "en"})
    draft.first_name = "Anybody"
    assert list(known_as(draft)) == []


def test_where_she_is_to_be_met_is_written_nowhere(net: Network) -> None:
    net.protect()
    assert set(PlannedMeeting.objects.values_list("place", flat=True)) == {""}
    assert not MeetingOption.objects.filter(place__isnull=False).exists()
    assert place_for("The library", net.person) == ""
    assert place_for("The library", net.namesake) == "The library"
    values = {"day": "2026-03-05", "time": "14:30", "place": ""}
    _subject, body = preview("meet_first_at", values, "en")
    assert "Place: we call you and tell you where" in body


def test_written_place_of_a_protected_pair_is_refused(net: Network) -> None:
    Enrolment.objects.filter(pk__in=[net.her.pk, net.other.pk]).update(active=0)
    one = proposal(net.her, net.other, state="to_meet", meets_first=True)
    net.protect()
    with pytest.raises(ValidationError, match="leave the place empty"):
        plan_meeting(by=net.coordinator, proposal=one, on=TODAY, place="The library")
    assert plan_meeting(by=net.coordinator, proposal=one, on=TODAY, place="").meeting_place == ""


def test_former_version_of_the_program_gets_back_who_she_is(net: Network) -> None:
    by = make_staff(StaffRoleName.NATIONAL_LEAD)
    user = user_for(by=by, person_id=net.her.person_id, reads_email=True)
    assert user is not None
    net.protect()
    import_module("mentornet.people.migrations.0007_protected_person").open_again(apps, None)
    person = net.person
    assert (person.name, person.email, person.phone, person.is_protected) == (f"{FIRST} {LAST}", EMAIL, PHONE, False)
    user.refresh_from_db()
    assert (user.email, user.is_sealed) == (EMAIL, False)
    assert ALIAS not in person.search_text


def test_copy_of_all_that_is_kept_takes_a_second_person_too(net: Network) -> None:
    net.protect()
    with pytest.raises(NotAllowedError, match="second person"):
        make_copy(by=net.lead, person=net.person, language="en")
    approve_reveal(by=net.coordinator, reveal=ask_to_copy(by=net.lead, known_by=net.her.application, reason="x"))
    assert make_copy(by=net.lead, person=net.person, language="en")
