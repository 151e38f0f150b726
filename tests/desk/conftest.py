"""Signing in for tests of the desk."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from factories.django_rows import AT, user_of
from mentornet.divisions.staff import Staff
from mentornet.matching.bank import forget
from signing import SignIn, enter


@pytest.fixture
def sign_in(db: None) -> SignIn:
    """Return what signs a staff member in, her second factor set up."""

    def sign(client: Client, staff: Staff) -> Client:
        return enter(client, user_of(staff))

    return sign


@pytest.fixture
def that_morning() -> Iterator[None]:
    """Let it be the morning of the factories' rows, with nothing kept in memory from another test."""
    forget()
    with time_machine.travel(AT):
        yield
