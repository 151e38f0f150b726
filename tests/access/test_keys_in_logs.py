"""No request writes what opens something into the log, however it was refused."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from factories.django_rows import make_application, make_person
from mentornet.accounts.enums import Purpose
from mentornet.accounts.limits import take_turn
from mentornet.accounts.services.links import make_link
from mentornet.common.actors import System
from mentornet.config.logs import WithoutKeys
from mentornet.partnerships.services import make_feed
from mentornet.people.participants import Participant
from mentornet.people.recipients import person_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def keys() -> tuple[str, str]:
    """A link's token and a calendar's."""
    cache.clear()
    at, person = timezone.now(), make_person("Amina", email="amina@example.org")
    application = make_application("mentee", person=person)
    link = make_link(
        by=System("tests", at), purpose=Purpose.STATUS, subject=str(application.pk), person_key=person_key(person.pk)
    )
    return link, make_feed(by=Participant(person_id=person.pk, name=person.name, at=at))


def ask_in_all_ways(keys: tuple[str, str]) -> None:
    link, feed = keys
    client = Client(enforce_csrf_checks=True)
    client.options(f"/l/{link}/")
    client.post(f"/l/{link}/")
    client.get(f"/l/{link}/)")
    client.get(f"/l/ {link}")
    client.options(f"/l/off/{link}/")
    address = reverse("portal:feed", args=[feed])
    client.options(address)
    client.post(address)
    for _ in range(30):
        take_turn("wrong calendar", "127.0.0.1", most=30, within=timedelta(minutes=10))
    client.get(address)


def told(caplog: pytest.LogCaptureFixture) -> str:
    return "\n".join(caplog.messages)


def test_no_key_is_logged(keys: tuple[str, str], caplog: pytest.LogCaptureFixture) -> None:
    ask_in_all_ways(keys)
    assert len(caplog.messages) >= 5
    assert all(key not in told(caplog) for key in keys)


def test_without_the_filter_keys_are_logged(
    keys: tuple[str, str], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The control of the test above.
    monkeypatch.setattr(WithoutKeys, "filter", lambda _self, record: isinstance(record, logging.LogRecord))
    ask_in_all_ways(keys)
    assert all(key in told(caplog) for key in keys)
