"""What stands around a protected person: asking for it, reading who looked, lists, applications, going back."""

from __future__ import annotations

from importlib import import_module

import pytest
import time_machine
from django.apps import apps
from django.core.exceptions import ValidationError
from django.urls import reverse

from entering import sign_in_participant
from exporting import proposal
from factories.django_rows import AT, TODAY, make_staff, saved
from mentornet.agenda.models import Kind, Task
from mentornet.common.answers import NotAllowedError, RefusedError
from mentornet.divisions.models import Role as StaffRoleName
from mentornet.imports.likeness import Likeness
from mentornet.imports.planned import PlannedPerson
from mentornet.imports.queries import known_people, sealed_people
from mentornet.intake.applicants import known_people as known_as
from mentornet.intake.enums import WishKind
from mentornet.intake.models import ApplicationDraft, Enrolment, Wish
from mentornet.intake.services.applications import receive_application
from mentornet.intake.services.protection import approve_reveal, ask_to_reveal, see
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
        return Likeness(known_people(division), [], sealed_people(division))

    assert likeness().matches(planned) != {}, "unprotected she is known again"
    net.protect()
    assert likeness().is_sealed(planned)
    assert likeness().matches(planned) == {}
    assert not likeness().is_sealed(_planned(f"{FIRST} Andersen", email="andersen@example.org"))


def test_staff_of_her_division_cannot_enter_her_anew(net: Network) -> None:
    net.protect()
    facts = {"first_name": FIRST, "last_name": LAST, "email": EMAIL}
    new = {"programme": net.her.programme, "role": "mentor", "person_facts": facts}
    with pytest.raises(RefusedError, match="cannot be entered"):
        receive_application(by=net.coordinator, division=net.division, **new)  # type: ignore[arg-type]  # as keywords
    assert Person.objects.filter(email=EMAIL).count() == 0


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
    approve_reveal(by=net.coordinator, reveal=ask_to_reveal(by=net.lead, known_by=net.her.application, reason="x"))
    assert make_copy(by=net.lead, person=net.person, language="en")
