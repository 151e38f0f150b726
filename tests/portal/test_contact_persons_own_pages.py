"""Who only helps as a contact person, or has no place any more: heard by an office, and promised nothing of a match."""

from __future__ import annotations

import pytest
from django.urls import reverse

from factories.django_rows import AT, TODAY, make_application, make_enrolment, make_person, saved
from mentornet.divisions.models import Division
from mentornet.followup.models import Concern
from mentornet.intake.enums import ApplicationState
from mentornet.intake.models import ContactPerson, Wish
from mentornet.people.models import Person
from portal.conftest import AsParticipant
from portal.proposal_pages import main_of, read

pytestmark = pytest.mark.django_db
WORD = {"about": "other", "words": "KANARIE", "addressee": "coordinator"}


def a_contact(division: Division, state: str = "confirmed") -> Person:
    contact = ContactPerson(person=make_person("Dina"), division=division, state=state, asked_on=TODAY, created_at=AT)
    return saved(contact).person


@pytest.fixture(params=["asked", "confirmed", "left", "declined", "withdrawn"])
def without_place(request: pytest.FixtureRequest, division: Division) -> Person:
    if request.param in {"declined", "withdrawn"}:
        return make_application("mentee", division, state=ApplicationState(request.param)).person
    return a_contact(division, request.param)


@pytest.mark.parametrize("kind", ["other", "leave", "data"])
@pytest.mark.usefixtures("that_morning")
def test_what_she_asks_reaches_her_office(
    kind: str, without_place: Person, division: Division, as_participant: AsParticipant
) -> None:
    client = as_participant(without_place)
    answer = client.post(reverse("portal:ask", args=[kind]), {"words": "Please delete it."}, follow=True)
    assert "Sent." in answer.content.decode()
    assert (Wish.objects.get().division, Wish.objects.get().kind) == (division, kind)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("state", ["asked", "confirmed"])
@pytest.mark.usefixtures("that_morning", "national_lead", "coordinator")
def test_her_quiet_word_is_kept(state: str, division: Division, as_participant: AsParticipant) -> None:
    client = as_participant(a_contact(division, state))
    answer = client.post(reverse("portal:word"), WORD)
    assert answer.status_code == 302
    assert Concern.objects.get().division == division


@pytest.mark.usefixtures("that_morning")
def test_a_place_of_hers_comes_before_what_she_helps_with(
    division: Division, other_division: Division, as_participant: AsParticipant
) -> None:
    mentor = make_enrolment("mentor", division)
    saved(ContactPerson(person=mentor.person, division=other_division, asked_on=TODAY, created_at=AT))
    as_participant(mentor.person).post(reverse("portal:ask", args=["other"]), {"words": "Hello."})
    assert Wish.objects.get().division == division


@pytest.mark.usefixtures("that_morning")
def test_contact_person_is_promised_nothing_that_is_not_hers(division: Division, as_participant: AsParticipant) -> None:
    client = as_participant(a_contact(division))
    profile = main_of(read(client, "/my/profile/"))
    assert "interview" not in profile
    assert "where you know people" in profile
    training = main_of(read(client, "/my/training/"))
    assert "when you have a place" not in training
    home = read(client, "/my/")
    assert reverse("portal:training") not in home
    assert reverse("portal:seen") not in home
    assert "under your place" not in read(client, "/my/leaving/")
    # The control: an applicant is told of her talk, and of her training.
    applicant = as_participant(make_application("mentee", division).person)
    assert "when you have a place" in main_of(read(applicant, "/my/training/"))
    assert reverse("portal:training") in read(applicant, "/my/")
