"""A copy for somebody, and her erasure, at the desk: shown first, after the second factor, by whoever may."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from matching.pairs import both_say_yes, letters_arrive, make_pair, propose
from pytest_django import Settings

from exporting import proven
from factories.django_rows import make_enrolment
from mentornet.audit.models import Entry
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.partnerships.models import Partnership
from mentornet.people.models import Person
from mentornet.privacy.models import Erasure
from mentornet.programmes.models import Programme
from signing import SignIn

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.DATA_FOLDER = tmp_path
    return tmp_path


@pytest.fixture
def pair(coordinator: Staff, division: Division, programme: Programme) -> Partnership:
    """Two who have begun."""
    proposal = both_say_yes(coordinator, propose(coordinator, make_pair(division, programme)))
    letters_arrive()
    assert proposal.partnership is not None
    return proposal.partnership


@pytest.fixture
def lead(client: Client, sign_in: SignIn, division_lead: Staff) -> Client:
    """The division's lead, who has just given her second factor."""
    return proven(sign_in(client, division_lead), division_lead)


def copy_of(person: Person) -> str:
    return reverse("desk:person_copy", args=[person.pk])


def erasure_of(person: Person) -> str:
    return reverse("desk:person_erase", args=[person.pk])


def test_the_person_page_leads_there_for_leads_alone(
    client: Client, lead: Client, sign_in: SignIn, coordinator: Staff, pair: Partnership
) -> None:
    page = reverse("desk:person", args=[pair.mentee.person_id])
    assert erasure_of(pair.mentee.person) in lead.get(page).content.decode()
    other = sign_in(Client(), coordinator)
    assert erasure_of(pair.mentee.person) not in other.get(page).content.decode()
    assert other.get(erasure_of(pair.mentee.person)).status_code == 403
    assert other.get(copy_of(pair.mentee.person)).status_code == 403


@pytest.mark.parametrize("name", ["person_copy", "person_erase"])
def test_the_second_factor_is_asked_for_again(
    client: Client, sign_in: SignIn, division_lead: Staff, pair: Partnership, name: str
) -> None:
    browser = proven(sign_in(client, division_lead), division_lead, ago=timedelta(minutes=11))
    person = pair.mentee.person
    for answer in (
        browser.get(reverse(f"desk:{name}", args=[person.pk])),
        browser.post(reverse(f"desk:{name}", args=[person.pk]), {"reason": "asked", "is_read": "on"}),
    ):
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("mfa_reauthenticate"))
    assert Person.objects.filter(pk=person.pk).exists()
    assert not Entry.objects.filter(act="privacy.copy").exists()


@pytest.mark.parametrize("name", ["person_copy", "person_erase"])
def test_another_divisions_people_do_not_exist(
    lead: Client, other_division: Division, programme: Programme, name: str
) -> None:
    stranger = make_enrolment("mentee", other_division, programme=programme).person
    assert lead.get(reverse(f"desk:{name}", args=[stranger.pk])).status_code == 404
    assert lead.post(reverse(f"desk:{name}", args=[stranger.pk]), {"reason": "asked"}).status_code == 404
    assert Person.objects.filter(pk=stranger.pk).exists()


def test_the_copy_is_a_file_of_hers(lead: Client, pair: Partnership) -> None:
    page = lead.get(copy_of(pair.mentee.person))
    assert "Give it to her alone" in page.content.decode()
    answer = lead.post(copy_of(pair.mentee.person))
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"].startswith('attachment; filename="copy-')
    assert "no-store" in answer["Cache-Control"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as files:
        assert pair.mentee.person.name in files.read("you.html").decode() + files.read("index.html").decode()
    assert Entry.objects.filter(act="privacy.copy", object_id=str(pair.mentee.person_id)).count() == 1


def test_the_page_shows_exactly_what_will_happen(lead: Client, pair: Partnership) -> None:
    page = lead.get(erasure_of(pair.mentor.person)).content.decode()
    assert "Call them first" in page
    assert pair.mentee.person.name in page
    assert "She waits again" in page
    assert "1 partnership is closed." in page
    assert "1 place of hers ends." in page
    assert Person.objects.filter(pk=pair.mentor.person_id).exists()


def test_nothing_is_erased_before_it_has_been_read_and_they_have_been_called(lead: Client, pair: Partnership) -> None:
    for told in ({}, {"reason": "asked"}, {"reason": "asked", "is_read": "on"}, {"is_read": "on", "is_called": "on"}):
        answer = lead.post(erasure_of(pair.mentee.person), told)
        assert answer.status_code == 200
        assert "error-summary" in answer.content.decode()
    assert not Erasure.objects.exists()


def test_she_is_erased_and_her_page_is_gone(lead: Client, pair: Partnership) -> None:
    person = pair.mentee.person
    told = {"reason": "asked", "is_read": "on", "is_called": "on"}
    answer = lead.post(erasure_of(person), told, follow=True)
    text = answer.content.decode()
    assert answer.redirect_chain[0][0] == reverse("desk:people")
    assert "Erased. In the record it is number 1." in text
    assert person.name not in text
    assert lead.get(reverse("desk:person", args=[person.pk])).status_code == 404
    # Pressed twice: there is nobody any more.
    assert lead.post(erasure_of(person), told).status_code == 404
    assert Erasure.objects.count() == 1


def test_the_pages_of_whoever_is_left_still_open(lead: Client, pair: Partnership, division: Division) -> None:
    lead.post(erasure_of(pair.mentee.person), {"reason": "asked", "is_read": "on", "is_called": "on"})
    left = Partnership.objects.get(mentor=pair.mentor)
    pages = [
        reverse("desk:person", args=[pair.mentor.person_id]),
        reverse("desk:partnership", args=[left.pk]),
        reverse("desk:proposal", args=[left.proposal.pk]),
        *(reverse(f"desk:{name}") for name in ("today", "partnerships", "proposals", "letters", "people", "bank")),
        reverse("desk:partnerships") + "?state=closed",
        reverse("desk:proposals") + "?state=ended",
    ]
    for page in pages:
        answer = lead.get(page)
        assert answer.status_code == 200, page
        assert pair.mentee.person.last_name not in answer.content.decode(), page


def test_a_reach_that_is_too_short_is_said(lead: Client, pair: Partnership, other_division: Division) -> None:
    make_enrolment("mentor", other_division, person=pair.mentee.person, programme=pair.mentee.programme)
    for page in (copy_of(pair.mentee.person), erasure_of(pair.mentee.person)):
        text = lead.get(page).content.decode()
        assert "Ask the national lead." in text
        assert "<form class" not in text.partition("<main")[2]
        lead.post(page, {"reason": "asked", "is_read": "on", "is_called": "on"})
    assert not Erasure.objects.exists()
