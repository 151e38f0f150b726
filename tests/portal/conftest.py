"""Participants for tests of their own pages: signed in, or holding a link."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

import pytest
import time_machine
from django.test import Client

from entering import open_with_link, sign_in_participant
from factories.django_rows import AT
from mentornet.accounts.enums import Purpose
from mentornet.matching.bank import forget
from mentornet.people.models import Person

__all__ = ["AsParticipant", "WithLink"]


class AsParticipant(Protocol):
    """Returns a browser in which a person has signed in; she gets a user if she has none."""

    def __call__(self, person: Person) -> Client: ...


class WithLink(Protocol):
    """Returns a browser that has opened a personal link, and given the one-time code unless told otherwise.

    ``subject`` as in the link, such as ``f"{proposal.pk}:{person.pk}"``; ``person=None`` for a link to nobody known.
    """

    def __call__(self, purpose: Purpose, subject: str, person: Person | None, *, code: bool = True) -> Client: ...


@pytest.fixture
def that_morning() -> Iterator[datetime]:
    """Let it be the morning of the factories' rows, with nothing kept in memory from another test."""
    forget()
    with time_machine.travel(AT):
        yield AT


@pytest.fixture
def as_participant(db: None) -> AsParticipant:
    """Signs participants in."""
    return sign_in_participant


@pytest.fixture
def with_link(db: None) -> WithLink:
    """Opens personal links."""
    return open_with_link
