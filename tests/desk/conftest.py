"""Signing in for tests of the desk."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from factories.django_rows import user_of
from mentornet.divisions.staff import Staff
from signing import SignIn


@pytest.fixture
def sign_in(db: None) -> SignIn:
    """Return what signs a staff member in, her second factor set up."""

    def sign(client: Client, staff: Staff) -> Client:
        user = user_of(staff)
        Authenticator.objects.get_or_create(user=user, type=Authenticator.Type.TOTP, defaults={"data": {"secret": "x"}})
        client.force_login(user)
        return client

    return sign
