"""Letters to a friend."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from mentornet.messaging import minting, recipients
from mentornet.messaging.models import Letter
from mentornet.messaging.services import queue_letter
from messaging.friends import DIVISION, Friends, Queue, program
from messaging.makers import Makers


@pytest.fixture
def friends() -> Iterator[Friends]:
    """Register ``friend:`` for one test."""
    friends = Friends()
    recipients.register("friend", friends.find)
    yield friends
    del recipients._RESOLVERS["friend"]


@pytest.fixture
def makers(monkeypatch: pytest.MonkeyPatch) -> Makers:
    """Let links and codes be made by a test's own."""
    makers = Makers()
    monkeypatch.setitem(minting._MAKERS, "link", makers.link)
    monkeypatch.setitem(minting._MAKERS, "code", makers.code)
    return makers


@pytest.fixture
def queue(friends: Friends) -> Queue:
    """Queue a letter to a friend, at noon and to leave at once unless a test says otherwise."""
    del friends

    def queued(**changes: Any) -> Letter:
        words: dict[str, Any] = {
            "by": program(),
            "recipient": "friend:amal",
            "event": "proposal_ended",
            "values": {"day": "2026-04-01"},
            "about_id": None,
            "division_id": DIVISION,
        }
        with transaction.atomic():
            return queue_letter(**words | changes)

    return queued
