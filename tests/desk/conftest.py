"""Signing in for tests of the desk."""

from __future__ import annotations

import pytest
from django.test import Client

from factories.django_rows import user_of
from mentornet.divisions.staff import Staff
from signing import SignIn, enter


@pytest.fixture
def sign_in(db: None) -> SignIn:
    """Return what signs a staff member in, her second factor set up."""

    def sign(client: Client, staff: Staff) -> Client:
        return enter(client, user_of(staff))

    return sign
