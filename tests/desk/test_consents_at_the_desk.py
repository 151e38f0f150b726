"""What somebody agrees to, at the desk; and the way from what a contact person writes to her page."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from factories.django_rows import AT, TODAY, make_application, make_enrolment, make_person, saved
from mentornet.agenda.models import Kind, Task
from mentornet.audit.models import Entry
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.enums import ConsentPurpose
from mentornet.intake.models import Application, Consent, ContactPerson
from mentornet.intake.services.applications import withdraw_application
from mentornet.intake.services.consents import note_consents
from mentornet.intake.services.wishes import make_wish
from mentornet.people.participants import Participant
from portal.proposal_pages import main_of, read
from signing import SignIn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]

P = ConsentPurpose


@pytest.fixture
def desk(client: Client, sign_in: SignIn, coordinator: Staff) -> Client:
    return sign_in(client, coordinator)


def test_coordinator_takes_it_back_at_her_word(desk: Client, coordinator: Staff, division: Division) -> None:
    application = make_application("mentee", division)
    person = application.person
    note_consents(
        by=coordinator, person=person, division_id=division.pk, purposes=[P.HANDLING, P.INTRODUCTION], language="en"
    )
    page = reverse("desk:person_consents", args=[person.pk])
    assert page in read(desk, reverse("desk:person", args=[person.pk]))
    assert main_of(read(desk, page)).count("agrees") >= 2
    answered = desk.post(page, {"purpose": "introduction", "say": "back"}, follow=True)
    assert "Taken back, at her word." in answered.content.decode()
    entry = Entry.objects.get(act="intake.consent_back")
    assert entry.actor == coordinator.key
    her_page = main_of(read(desk, reverse("desk:person", args=[person.pk])))
    assert "Her introduction is shown to nobody" in her_page
    assert "Something she agreed to was taken back" in her_page
    desk.post(page, {"purpose": "introduction", "say": "yes"})
    noted = Consent.objects.get(person=person, purpose=P.INTRODUCTION, withdrawn_at__isnull=True)
    assert noted.heard_by == coordinator.key
    desk.post(page, {"purpose": "handling", "say": "back"})
    assert Application.objects.get().state == "withdrawn"
    before = Entry.objects.count()
    assert desk.post(page, {"purpose": "nonsense", "say": "back"}).status_code == 302
    assert Entry.objects.count() == before


def test_what_other_divisions_have_of_her_is_asked_of_them(
    desk: Client,
    coordinator: Staff,
    other_coordinator: Staff,
    division: Division,
    other_division: Division,
    sign_in: SignIn,
) -> None:
    person = make_person("Dina")
    place_here = make_enrolment("mentee", division, person=person)
    contact_here = saved(ContactPerson(person=person, division=division, asked_on=TODAY, created_at=AT))
    waits_there = make_application("mentor", other_division, person=person)
    contact_there = saved(ContactPerson(person=person, division=other_division, asked_on=TODAY, created_at=AT))
    note_consents(by=coordinator, person=person, division_id=division.pk, purposes=[P.HANDLING], language="en")
    page = reverse("desk:person_consents", args=[person.pk])
    desk.post(page, {"purpose": "handling", "say": "back"})
    contact_here.refresh_from_db()
    assert contact_here.state == "left"
    asked = Task.objects.filter(kind=Kind.NO_CONSENT, done_at=None)
    assert dict(asked.values_list("target_id", "division_id")) == {
        place_here.pk: division.pk,
        waits_there.pk: other_division.pk,
        contact_there.pk: other_division.pk,
    }
    today = read(desk, reverse("desk:today") + "?whose=all")
    assert reverse("desk:enrolment_end", args=[place_here.pk]) in today
    assert "no longer agrees" in main_of(today)
    their = sign_in(Client(), other_coordinator)
    today = read(their, reverse("desk:today") + "?whose=all")
    for address in (
        reverse("desk:application", args=[waits_there.pk]),
        reverse("desk:contact_person", args=[contact_there.pk]),
    ):
        assert address in today
        assert their.get(address).status_code == 200
    # The act itself settles it, and so does her new yes.
    withdraw_application(by=other_coordinator, application=waits_there)
    assert set(asked.values_list("target_id", flat=True)) == {place_here.pk, contact_there.pk}
    desk.post(page, {"purpose": "handling", "say": "yes"})
    assert not asked.exists()


def test_contact_persons_consents_are_seen_and_another_divisions_are_not(
    desk: Client, division: Division, other_division: Division
) -> None:
    here, there = (
        saved(ContactPerson(person=make_person(), division=one, asked_on=TODAY, created_at=AT))
        for one in (division, other_division)
    )
    page = reverse("desk:person_consents", args=[here.person_id])
    assert page in read(desk, reverse("desk:contact_person", args=[here.pk]))
    assert desk.get(page).status_code == 200
    assert desk.get(reverse("desk:person_consents", args=[there.person_id])).status_code == 404


def test_coordinator_comes_from_a_contact_persons_wish_to_her_page(desk: Client, division: Division) -> None:
    contact = saved(ContactPerson(person=make_person("Dina"), division=division, asked_on=TODAY, created_at=AT))
    by = Participant(person_id=contact.person_id, name="Dina", at=AT)
    wish = make_wish(by=by, kind="leave")
    contact_page = reverse("desk:contact_person", args=[contact.pk])
    page = read(desk, reverse("desk:wish", args=[wish.pk]))
    assert contact_page in page
    assert reverse("desk:person", args=[contact.person_id]) not in page
    assert desk.post(reverse("desk:wish_settle", args=[wish.pk])).headers["Location"] == contact_page
