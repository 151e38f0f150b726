"""What the form offers is what there is: ways that reach her, an office to begin at, words to say yes to."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from factories.django_rows import AT, make_division, make_programme
from mentornet.common.actors import System
from mentornet.intake.models import ApplicationDraft
from mentornet.messaging.models import Letter, LetterState
from mentornet.messaging.services import deliver_due_letters
from public.conftest import Place
from public.walking import CONTACT, Walk, fields, the_draft, where

pytestmark = pytest.mark.django_db

TEXT = "By text message (SMS)"


# Ways ---------------------------------------------------------------------------------------------------------------


def at_contact(walk: Walk) -> str:
    """Open the page that asks how she is reached."""
    return walk.get(walk.url("apply_step", step="contact")).content.decode()


def test_text_messages_are_offered_where_they_leave(walk: Walk, place: Place, settings: Settings) -> None:
    walk.begin()
    assert TEXT in at_contact(walk)
    settings.SMS_URL = ""
    assert TEXT not in at_contact(walk)
    wrong = walk.answer("contact", contact_way="text", phone="61 23 45 67")
    assert wrong.status_code == 422
    assert the_draft().contact_way == ""


def test_way_that_no_longer_leads_anywhere_is_chosen_anew(walk: Walk, place: Place, settings: Settings) -> None:
    walk.begin()
    walk.answer("contact", contact_way="text", phone="61 23 45 67")
    settings.SMS_URL = ""
    page = walk.get(walk.url("apply_step", step="contact")).content.decode()
    assert "contact_way" not in fields(page)


def test_code_that_cannot_come_is_not_said_to_have_been_sent(walk: Walk, place: Place, settings: Settings) -> None:
    walk.begin()
    page = walk.answer("contact", contact_way="text", phone="61 23 45 67").content.decode()
    assert "We have sent a code" in page
    settings.SMS_URL = ""
    page = walk.get(walk.url("apply_step", step="confirm")).content.decode()
    assert "We have sent a code" not in page
    assert "We could not reach" in page
    assert walk.url("apply_step", step="contact") in page


def test_address_that_its_server_refuses_is_told_of(walk: Walk, place: Place) -> None:
    walk.begin()
    assert "We have sent a code" in walk.answer("contact", **CONTACT).content.decode()
    Letter.objects.filter(event="one_time_code").update(state=LetterState.FAILED, problem="refused")
    assert "We could not reach" in walk.get(walk.url("apply_step", step="confirm")).content.decode()
    # Another code is another letter.
    assert "We have sent a code" in walk.answer("confirm", again="1").content.decode()


def test_code_that_has_left_is_waited_for(walk: Walk, place: Place) -> None:
    walk.begin()
    walk.answer("contact", **CONTACT)
    deliver_due_letters(by=System("tests", walk.at))
    assert "We have sent a code" in walk.get(walk.url("apply_step", step="confirm")).content.decode()


# Offices ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["mentee", "mentor", "contact-person"])
def test_nobody_begins_where_no_office_is_open(client: Client, role: str) -> None:
    walk = Walk(client, role=role)
    page = walk.get(walk.url("apply")).content.decode()
    assert "No office is open yet" in page
    assert ">Begin<" not in page
    # Nor does it tell of a form that nobody can fill in.
    assert "What you need" not in page
    assert "15 minutes" not in page
    assert where(walk.send(walk.url("apply"), {})) == role
    assert not ApplicationDraft.objects.exists()
    make_division(opened_on=AT.date())
    make_programme()
    page = walk.get(walk.url("apply")).content.decode()
    assert "No office is open yet" not in page
    assert ">Begin<" in page


# Programmes ---------------------------------------------------------------------------------------------------------


def test_nobody_says_yes_to_what_is_not_written(walk: Walk) -> None:
    division = make_division()
    programme = make_programme(eligibility={})
    walk.begin()
    page = walk.answer("place", division=str(division.pk)).content.decode()
    assert "Ask the office whether it is for you." in page
    assert "Read who it is for" not in page
    assert "Yes, this is me" not in page
    assert walk.answer("programme", programme=str(programme.pk), eligible="yes").status_code == 422
    assert where(walk.answer("programme", programme=str(programme.pk), eligible="unsure")) == "name"


def test_yes_is_for_the_programme_that_is_written(walk: Walk, place: Place) -> None:
    silent = make_programme("Natur", eligibility={})
    walk.begin()
    page = walk.answer("place", division=str(place.odense.pk)).content.decode()
    assert "Read who it is for" in page
    assert "Yes, this is me" in page
    wrong = walk.answer("programme", programme=str(silent.pk), eligible="yes")
    assert "Choose that you are not sure" in wrong.content.decode()
    assert where(walk.answer("programme", programme=str(place.job.pk), eligible="yes")) == "name"
