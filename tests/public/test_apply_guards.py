"""Robots get a page that a person passes; a busy database loses nothing; a contact is not flooded."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection
from django.test import Client
from pytest_django import Settings

from mentornet.common import patience
from mentornet.common.patience import BusyError, patiently
from mentornet.intake.models import Application, ApplicationDraft
from mentornet.messaging.models import Letter
from mentornet.web.public.apply import guards
from public.conftest import Place
from public.walking import CONTACT, Walk, fields, where

pytestmark = pytest.mark.django_db


# Robots -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "seconds"),
    [({"website": "https://spam.example"}, 10), ({}, 0), ({"opened": "forged"}, 10), ({"opened": ""}, 10)],
    ids=["trap", "too fast", "forged", "no stamp"],
)
def test_robot_begins_nothing_and_a_person_gets_through(
    walk: Walk, place: Place, more: dict[str, str], seconds: int
) -> None:
    page = walk.get(walk.url("apply"))
    caught = walk.send(walk.url("apply"), {**fields(page.content.decode()), **more}, seconds=seconds)
    assert caught.status_code == 422
    assert "Are you a person?" in caught.content.decode()
    assert not ApplicationDraft.objects.exists()
    # Without the tick it is the same page again; with it she goes on.
    data = fields(caught.content.decode())
    assert walk.send(walk.url("apply"), data).status_code == 422
    data = fields(walk.last.content.decode())  # type: ignore[union-attr]
    assert where(walk.send(walk.url("apply"), {**data, "person": "1"})) == "place"


def test_without_the_guard_a_robot_begins(walk: Walk, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    # The negative control of the test above.
    monkeypatch.setattr(guards, "is_like_a_robot", lambda *_given: False)
    page = walk.get(walk.url("apply"))
    walk.send(walk.url("apply"), {**fields(page.content.decode()), "website": "x"}, seconds=0)
    assert ApplicationDraft.objects.exists()


def test_robot_at_the_end_loses_nothing(walk: Walk, place: Place) -> None:
    walk.up_to_check(place.odense, place.job)
    url = walk.url("apply_step", step="check")
    data = fields(walk.get(url).content.decode())
    caught = walk.send(url, {**data, "website": "x"})
    assert "Are you a person?" in caught.content.decode()
    assert not Application.objects.exists()
    assert where(walk.send(url, {**fields(caught.content.decode()), "person": "1"})) == "sent"
    assert Application.objects.count() == 1


def test_stamp_of_another_page_is_no_stamp(walk: Walk, place: Place) -> None:
    walk.up_to_check(place.odense, place.job)
    url = walk.url("apply_step", step="check")
    data = fields(walk.get(url).content.decode())
    assert walk.send(url, {**data, "opened": guards.stamp("begin")}).status_code == 422


def test_too_many_from_one_address_are_asked_whether_they_are_people(
    client: Client, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(guards.MOST, "begin", 2)
    answers = [where(Walk(Client()).begin()) for _number in range(3)]
    assert answers == ["place", "place", "mentee"]
    assert ApplicationDraft.objects.count() == 2
    walk = Walk(client)
    caught = walk.begin()
    assert where(walk.send(walk.url("apply"), {**fields(caught.content.decode()), "person": "1"})) == "place"


def test_one_contact_gets_few_codes_whoever_asks(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(guards.MOST, "code", 2)
    for _number in range(3):
        walk = Walk(Client())
        walk.begin()
        assert where(walk.answer("contact", **CONTACT)) == "confirm"
    assert Letter.objects.filter(event="one_time_code").count() == 2


def test_one_contact_gets_few_links(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(guards.MOST, "link", 1)
    for number in range(2):
        walk = Walk(Client())
        walk.begin()
        walk.answer("contact", **CONTACT)
        page = walk.send(walk.url("apply_later"), {"link": "1"})
        assert page.status_code == (200 if number == 0 else 429)
    assert Letter.objects.filter(event="application_started").count() == 1


# A busy database ----------------------------------------------------------------------------------------------------


@contextmanager
def locked_database(seconds: float) -> Iterator[None]:
    """Hold the embedded database's write lock in another connection for a while."""
    name, ready, done = connection.settings_dict["NAME"], threading.Event(), threading.Event()

    def hold() -> None:
        other = sqlite3.connect(name, timeout=30, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        ready.set()
        done.wait(seconds)
        other.execute("ROLLBACK")
        other.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert ready.wait(30)
    yield
    done.set()
    holder.join()


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "PAUSES", (0.1, 0.2))
    monkeypatch.setattr(patience, "_WAIT_FOR_LOCK_MS", 100)


@pytest.mark.sqlite_only
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("hurried")
def test_page_sent_while_the_database_is_locked_comes_back_whole(walk: Walk, place: Place) -> None:
    walk.begin()
    url = walk.url("apply_step", step="name")
    data = {"first_name": "Amina", "last_name": "“Noor” & Søn"}
    with locked_database(60):
        page = walk.send(url, data)
    assert page.status_code == 503
    assert page["Retry-After"] == "15"
    kept = fields(page.content.decode())
    assert kept == {name: [value] for name, value in data.items()}
    assert ApplicationDraft.objects.get().first_name == ""
    assert where(walk.send(url, kept)) == "contact"
    assert ApplicationDraft.objects.get().name == "Amina “Noor” & Søn"


@pytest.mark.sqlite_only
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("hurried")
def test_application_sent_while_the_database_is_locked_is_not_lost(walk: Walk, place: Place) -> None:
    walk.up_to_check(place.odense, place.job)
    url = walk.url("apply_step", step="check")
    data = fields(walk.get(url).content.decode())
    with locked_database(60):
        page = walk.send(url, data)
    assert page.status_code == 503
    assert not Application.objects.exists()
    assert where(walk.send(url, fields(page.content.decode()))) == "sent"
    assert Application.objects.count() == 1


@pytest.mark.sqlite_only
@pytest.mark.django_db(transaction=True)
def test_short_lock_is_not_even_noticed(walk: Walk, place: Place) -> None:
    walk.begin()
    with locked_database(1.5):
        began = time.monotonic()
        assert where(walk.send(walk.url("apply_step", step="name"), {"first_name": "Amina"})) == "contact"
    assert time.monotonic() - began < 20


def test_patience_ends_and_other_faults_are_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []

    def act() -> None:
        tried.append(1)
        raise OperationalError("database is locked")

    with pytest.raises(BusyError):
        patiently(act, pauses=(0, 0))
    assert len(tried) == 3

    def broken() -> None:
        raise OperationalError("no such table: people")

    with pytest.raises(OperationalError):
        patiently(broken, pauses=(0,))


@pytest.mark.sqlite_only
def test_usual_wait_is_restored() -> None:
    def wait() -> int:
        with connection.cursor() as cursor:
            return int(cursor.execute("PRAGMA busy_timeout").fetchone()[0])

    before = wait()
    assert patiently(wait) == patience._WAIT_FOR_LOCK_MS
    assert wait() == before > patience._WAIT_FOR_LOCK_MS


def test_demonstration_is_guarded_too(settings: Settings, walk: Walk, place: Place) -> None:
    settings.DEMO = True
    assert walk.begin(website="x").status_code == 422
