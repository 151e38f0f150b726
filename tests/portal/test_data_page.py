"""My data: a copy for whoever has just given a code, and where to ask for the rest."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from matching.pairs import both_say_yes, letters_arrive, make_pair, propose
from pytest_django import Settings

from factories.django_rows import make_enrolment
from mentornet.audit.models import Entry
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.partnerships.models import Partnership
from mentornet.people.models import Person
from mentornet.privacy.enums import Reason
from mentornet.privacy.services import erase
from mentornet.programmes.models import Programme
from mentornet.web import sessions
from portal.conftest import AsParticipant

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]

PAGE = "/my/data/"


@pytest.fixture
def person(division: Division) -> Person:
    return make_enrolment("mentee", division, about="I like to row.").person


def proved(client: Client) -> Client:
    from django.utils import timezone  # noqa: PLC0415

    session = client.session
    session[sessions._PROVED] = timezone.now().timestamp()
    session.save()
    return client


def test_the_page_says_what_she_can_ask_for(as_participant: AsParticipant, person: Person) -> None:
    client = as_participant(person)
    text = client.get(PAGE).content.decode()
    assert "Save the copy" in text
    session = client.session
    session.pop(sessions._PROVED, None)
    session.save()
    text = client.get(PAGE).content.decode()
    for words in ("My data", "A copy of all of it", "Delete everything about me", "Get the code"):
        assert words in text
    assert reverse("portal:ask", args=["data"]) in text
    assert reverse("portal:profile") in text


def test_a_code_comes_first(as_participant: AsParticipant, person: Person) -> None:
    # A session of yesterday's sign-in: whoever holds the telephone now gets no file.
    client = as_participant(person)
    session = client.session
    session.pop(sessions._PROVED, None)
    session.save()
    answer = client.post(PAGE)
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("portal:prove"))
    assert not Entry.objects.filter(act="privacy.copy").exists()


def test_she_gets_her_copy_in_the_language_she_reads(as_participant: AsParticipant, person: Person) -> None:
    client = proved(as_participant(person))
    client.cookies["django_language"] = "ar"
    answer = client.post(PAGE)
    assert answer["Content-Type"] == "application/zip"
    # Nothing in its name tells what it is of.
    assert answer["Content-Disposition"].startswith('attachment; filename="my-data-')
    assert "no-store" in answer["Cache-Control"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as files:
        assert 'lang="ar" dir="rtl"' in files.read("index.html").decode()
        assert "I like to row." in files.read("you.html").decode()
        told = json.loads(files.read("data.json"))
    assert told["rows"]["people.Person"][0]["first_name"] == person.first_name


def test_nobody_gets_anothers(as_participant: AsParticipant, person: Person, division: Division) -> None:
    other = make_enrolment("mentor", division, about="I paint.").person
    answer = proved(as_participant(other)).post(PAGE)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as files:
        text = "".join(files.read(name).decode() for name in files.namelist())
    assert "I paint." in text
    assert "I like to row." not in text


def test_the_partners_pages_still_open_after_an_erasure(
    as_participant: AsParticipant,
    coordinator: Staff,
    division_lead: Staff,
    division: Division,
    programme: Programme,
    tmp_path: Path,
    settings: Settings,
) -> None:
    settings.DATA_FOLDER = tmp_path
    proposal = both_say_yes(coordinator, propose(coordinator, make_pair(division, programme)))
    letters_arrive()
    mentee, mentor = proposal.mentee, proposal.mentor
    client = as_participant(mentor.person)
    erase(by=division_lead, person=mentee.person, reason=Reason.ASKED)
    left = Partnership.objects.get(mentor=mentor)
    for page in (
        *(reverse(f"portal:{name}") for name in ("home", "profile", "seen", "data", "leaving", "consents")),
        *(reverse(f"portal:{name}", args=[left.pk]) for name in ("partnership", "meetings", "goals", "introductions")),
        reverse("portal:agreement", args=[left.pk]),
        reverse("portal:own_notes", args=[left.pk]),
        reverse("portal:proposal", args=[left.proposal.pk]),
    ):
        answer = client.get(page, follow=True)
        assert answer.status_code in {200, 404}, page
        assert mentee.person.last_name not in answer.content.decode(), page
    assert client.get(reverse("portal:partnership", args=[left.pk])).status_code == 200


def test_whoever_is_erased_is_signed_out(
    as_participant: AsParticipant, person: Person, division_lead: Staff, tmp_path: Path, settings: Settings
) -> None:
    settings.DATA_FOLDER = tmp_path
    client = as_participant(person)
    assert client.get(PAGE).status_code == 200
    erase(by=division_lead, person=Person.objects.get(pk=person.pk), reason=Reason.ASKED)
    assert client.get(PAGE).status_code == 302
