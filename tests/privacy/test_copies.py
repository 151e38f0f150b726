"""Her own copy holds every column that is hers, says what it withholds, and tells nothing of anybody else."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from pytest_django import Settings

from factories.django_rows import AT
from mentornet.audit.models import Entry
from mentornet.common.answers import NotAllowedError
from mentornet.divisions.queries import staff_member
from mentornet.divisions.staff import Staff
from mentornet.messaging.models import Letter
from mentornet.people.models import Person
from mentornet.people.participants import Participant
from mentornet.privacy.services import make_copy
from privacy.canaries import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(tmp_path: Path, settings: Settings) -> World:
    settings.DATA_FOLDER = tmp_path
    return make_world(tmp_path)


def opened(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as files:
        return {name: files.read(name).decode() for name in files.namelist()}


def her(person: Person) -> Participant:
    return Participant(person_id=person.pk, name=person.name, at=AT)


def test_her_copy_holds_every_column_that_is_not_withheld(world: World) -> None:
    files = opened(make_copy(by=her(world.person), person=world.person, language="en"))
    told = json.loads(files["data.json"])
    beside = {"a letter to the other one", "a list that waits", "what an import changed"}
    # Kept as bytes: it stands there in base64, as all bytes in JSON do.
    beside |= {"people.Person.sort_key"}
    # A letter that was not sent is in nobody's copy: the mentor's would tell what the mentee has said.
    beside |= {f"followup.ImpactLetter.{name}" for name in ("texts", "words", "chosen")}
    missing = {where for where, one in world.planted.items() if where not in beside and one not in files["data.json"]}
    assert missing == set(told["withheld"]) & set(world.planted)
    assert len(world.planted) - len(missing) > 60


def test_what_is_withheld_has_a_reason_that_is_said(world: World) -> None:
    files = opened(make_copy(by=her(world.person), person=world.person, language="en"))
    told = json.loads(files["data.json"])
    assert set(told["withheld"].values()) <= set(told["reasons"])
    assert told["withheld"]["accounts.User.password"] == "secret"
    assert told["withheld"]["matching.Proposal.reason"] == "other"
    assert "What is not in this copy" in files["index.html"]
    assert "told us in confidence" in files["index.html"]


def test_a_copy_tells_nothing_of_the_other_one(world: World) -> None:
    other = world.mentor.person
    Person.objects.filter(pk=other.pk).update(last_name="Ukendtsen", email="other@example.net", phone="99 88 77 66")
    Letter.objects.filter(recipient=f"person:{other.pk}").update(sent_to="other@example.net")
    text = "\n".join(opened(make_copy(by=her(world.person), person=world.person, language="en")).values())
    for hidden in ("Ukendtsen", "other@example.net", "99 88 77 66", str(other.pk), str(world.mentor.pk)):
        assert hidden not in text
    assert world.planted["a letter to the other one"] not in text
    # Nor which member of the staff did what.
    assert str(world.lead.pk) not in text
    assert "Birthe Dam" not in text


@pytest.mark.parametrize(("language", "direction"), [("da", "ltr"), ("en", "ltr"), ("ar", "rtl"), ("fa", "rtl")])
def test_pages_run_as_her_language_does(world: World, language: str, direction: str) -> None:
    files = opened(make_copy(by=her(world.person), person=world.person, language=language))
    pages = {name: text for name, text in files.items() if name.endswith(".html")}
    assert len(pages) == 6
    for text in pages.values():
        assert f'<html lang="{language}" dir="{direction}">' in text
    assert world.planted["people.Profile.about"] in files["you.html"]
    assert world.planted["partnerships.OwnNote.text"] in files["together.html"]
    assert world.planted["messaging.Letter.body"] in files["letters.html"]


def test_what_people_wrote_is_shown_not_obeyed(world: World) -> None:
    Person.objects.filter(pk=world.person.pk).update(area="<script>alert(1)</script>")
    files = opened(make_copy(by=her(world.person), person=world.person, language="en"))
    assert "<script>" not in files["you.html"]
    assert "&lt;script&gt;" in files["you.html"]


def test_a_copy_is_recorded(world: World) -> None:
    make_copy(by=her(world.person), person=world.person, language="en")
    entry = Entry.objects.get(act="privacy.copy")
    assert (entry.kind, entry.object_id, entry.actor) == ("read", str(world.person.pk), f"person:{world.person.pk}")


def test_nobody_else_gets_a_copy(world: World, coordinator: Staff, other_coordinator: Staff) -> None:
    for by in (coordinator, other_coordinator, her(world.mentor.person)):
        with pytest.raises(NotAllowedError):
            make_copy(by=by, person=world.person, language="en")
    assert make_copy(by=staff_member(world.lead, AT), person=world.person, language="en")
