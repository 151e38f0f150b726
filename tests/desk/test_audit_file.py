"""The audit as it is taken out: it names no participant to the officer, and nobody hidden to anybody."""

from __future__ import annotations

import csv
import io

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from exporting import proven
from factories.django_rows import AT, make_enrolment, make_person, make_staff, saved, user_of
from mentornet.audit.models import Entry
from mentornet.audit.services import record
from mentornet.divisions.models import HiddenPerson, Role
from mentornet.divisions.staff import Staff
from mentornet.people.participants import Participant
from mentornet.privacy.enums import RequestKind
from mentornet.privacy.services.requesting import ask_about_data
from protection.hers import ALIAS, FIRST, LAST, Network, make_network
from signing import enter

pytestmark = pytest.mark.django_db


def read_by(staff: Staff) -> tuple[str, list[dict[str, str]]]:
    """Return the page, and the lines of the file."""
    with time_machine.travel(AT):
        desk = proven(enter(Client(), user_of(staff)), staff)
        page = desk.get(reverse("desk:audit"), {"since": "2020-01-01"})
        answer = desk.post(reverse("desk:audit_export") + "?since=2020-01-01")
    assert (page.status_code, answer.status_code, answer["Content-Type"]) == (200, 200, "text/csv; charset=utf-8")
    return page.content.decode(), list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_file_for_the_officer_names_no_participant_and_no_division_of_a_protected_one() -> None:
    net = make_network()
    person = net.protect()
    record(by=net.coordinator, act="people.change", of=net.namesake, division_id=net.division.pk)
    with time_machine.travel(AT):
        herself = Participant(person_id=person.pk, name=person.name, at=AT)
        ask_about_data(by=herself, kind=RequestKind.ACCESS, words="x")
    page, lines = read_by(make_staff(Role.DATA_PROTECTION_OFFICER, name="Olga Dam"))
    assert {name for name in (ALIAS, FIRST, LAST, "Andersen") if name in f"{page}{lines}"} == set()
    about = {line["about"]: line for line in lines if line["act"].startswith("people.")}
    assert about[str(net.namesake.pk)]["division"] == net.division.name
    assert (about[str(person.pk)]["act"], about[str(person.pk)]["who"]) == ("people.protect", net.coordinator.name)
    hers = [line for line in lines if line["who"] == herself.key or line["about"] in keys_of(net)]
    assert len(hers) >= 3
    assert {line["division"] for line in hers} == {""}


def keys_of(net: Network) -> set[str]:
    return {str(one.pk) for one in (net.her, net.her.application, net.pair, net.her.person)}


def test_file_tells_nothing_of_whom_its_reader_must_not_see() -> None:
    net = make_network()
    hidden = make_enrolment("mentee", net.division, person=make_person("Zulaikha", "Fjernholm"))
    record(by=net.coordinator, act="people.change", of=hidden.person, division_id=net.division.pk)
    record(by=net.coordinator, act="intake.rest", of=hidden, division_id=net.division.pk)
    herself = Participant(person_id=hidden.person_id, name="Zulaikha", at=AT)
    record(by=herself, act="people.change", of=hidden.person)
    readers = [make_staff(role) for role in (Role.DATA_PROTECTION_OFFICER, Role.NATIONAL_LEAD)]
    told = {str(hidden.pk), str(hidden.person_id), "Zulaikha", "Fjernholm"}
    for reader in readers:
        page, lines = read_by(reader)
        shown = {word for word in told if word in f"{page}{lines}"}
        # Whoever works with her reads her name, and the officer her key.
        name = {str(hidden.person_id)} if reader.is_data_protection_officer else {"Zulaikha", "Fjernholm"}
        assert shown == {str(hidden.pk), *name}
        saved(
            HiddenPerson(
                user=user_of(reader), person_id=hidden.person_id, reason="A cousin.", set_by="user:x",
                created_at=timezone.now(),
            ),
            exclude=("lifted_at",),
        )  # fmt: skip
        page, lines = read_by(reader)
        assert {word for word in told if word in f"{page}{lines}"} == set()
    # The entries are there.
    assert Entry.objects.filter(object_id=str(hidden.person_id)).count() == 2
