"""After an erasure nothing of her stands anywhere: no word, and no key by which an older copy is joined."""

from __future__ import annotations

from pathlib import Path
from typing import Final
from uuid import UUID

import pytest
from django.db import models
from pytest_django import Settings

from factories.django_rows import AT
from mentornet.common import fields
from mentornet.common.actors import System
from mentornet.common.ledger import LedgerEntry, hashed
from mentornet.divisions.queries import staff_member
from mentornet.followup.enums import ConcernState
from mentornet.followup.models import Concern
from mentornet.intake.models import Wish
from mentornet.messaging.models import Letter
from mentornet.privacy.enums import Reason
from mentornet.privacy.hers import find_hers, models_about_people
from mentornet.privacy.services import erase, erasing, replay
from mentornet.privacy.services.emptying import is_deleted
from privacy.canaries import World, everything, forms, found, make_world

pytestmark = pytest.mark.django_db

BUNDLE: Final = UUID(int=7)


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.DATA_FOLDER = tmp_path
    return tmp_path


@pytest.fixture
def world(folder: Path) -> World:
    world = make_world(folder)
    # What somebody still sees to stays in words: a test of its own.
    Concern.objects.update(state=ConcernState.CLOSED, closed_by="user:b", resolved_by="user:a", closed_at=AT)
    world.person.refresh_from_db()
    world.ids |= find_hers(world.person).ids()
    return world


def test_every_column_of_hers_is_planted(world: World, folder: Path) -> None:
    seen = {one for _where, one in found(folder, set(world.planted.values()))}
    assert seen == {one.lower() for one in world.planted.values()}
    assert len(world.planted) > 80


def test_an_erasure_leaves_no_word_and_no_key(world: World, folder: Path) -> None:
    erase(by=staff_member(world.lead, AT), person=world.person, reason=Reason.ASKED)
    assert found(folder, set(world.planted.values()) | forms(world.ids)) == []
    assert found(folder, {"zarghuna", "sharifi"}) == []


@pytest.mark.parametrize(
    ("model", "column"),
    [("people.Profile", "about"), ("intake.Interview", "coordinator_only"), ("people.Person", "area")],
)
def test_a_column_that_is_left_out_is_found(
    world: World, folder: Path, monkeypatch: pytest.MonkeyPatch, model: str, column: str
) -> None:
    # The negative control: a column that is declared to stay is seen by the look into every table.
    fields_of, kept = fields._REGISTRY[model], fields.technical(column)[column]
    monkeypatch.setitem(fields._REGISTRY, model, {**fields_of, column: kept})
    erase(by=staff_member(world.lead, AT), person=world.person, reason=Reason.ASKED)
    assert {one for _where, one in found(folder, set(world.planted.values()))} == {
        world.planted[f"{model}.{column}"].lower()
    }


def test_a_model_that_says_nothing_is_found(world: World, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(fields._SUBJECTS, "intake.Wish", fields.nobody("left out"))
    erase(by=staff_member(world.lead, AT), person=world.person, reason=Reason.ASKED)
    seen = {one for _where, one in found(folder, set(world.planted.values()) | forms(world.ids))}
    assert world.planted["intake.Wish.words"].lower() in seen
    assert str(world.rows[Wish].pk).replace("-", "") in {one.replace("-", "") for one in seen}


@pytest.mark.parametrize("left_out", ["forget_in_sessions", "forget_in_jobs", "forget_in_imports", "forget_in_bundles"])
def test_what_is_beside_her_rows_is_seen_too(
    world: World, folder: Path, monkeypatch: pytest.MonkeyPatch, left_out: str
) -> None:
    Letter.objects.filter(recipient=f"person:{world.person.pk}").update(bundle=BUNDLE)
    planted = "Kanarimate"
    Letter.objects.create(
        created_at=AT, recipient="person:other", event="word_from_waiting_list", state="sent", queued_by="system:tests",
        send_after=AT, body=planted, bundle=BUNDLE,
    )  # fmt: skip
    monkeypatch.setattr(erasing, left_out, lambda *_, **__: None)
    erase(by=staff_member(world.lead, AT), person=world.person, reason=Reason.ASKED)
    assert found(folder, set(world.planted.values()) | forms(world.ids) | {planted, "sharifi"}) != []


def test_nothing_of_hers_that_stays_has_a_key_that_counts_up(world: World) -> None:
    # A number drawn by counting would be the same as in an older copy.
    for model, _subject in models_about_people():
        assert is_deleted(model) or isinstance(model._meta.pk, models.UUIDField), model


def test_unknown_words_are_in_no_other_table(world: World, folder: Path) -> None:
    # As many tables are looked at as there are, the libraries' too.
    tables = {where for where, _text in everything(folder)}
    assert {"django_session", "django_tasks_database_dbtaskresult", "messaging_letter"} <= tables


def test_an_older_backup_is_as_empty(world: World, folder: Path) -> None:
    # What stands here is what an older backup has brought back.
    entry = LedgerEntry(3, AT, hashed(f"person:{world.person.pk}"))
    assert replay(by=System("tests", AT), entries=[entry]) == 1
    assert found(folder, set(world.planted.values()) | forms(world.ids) | {"sharifi"}) == []
    # Nobody is written to a second time.
    assert not Letter.objects.exists()
