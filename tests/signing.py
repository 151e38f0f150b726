"""Signing in for tests, and names for what fixtures hand to them."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.test import Client
from pytest_django import DjangoAssertNumQueries as CountQueries

from mentornet.accounts.models import User
from mentornet.divisions.staff import Staff

__all__ = ["CountQueries", "SignIn", "email_of", "enter"]

SignIn = Callable[[Client, Staff], Client]
"""Signs a staff member in, her second factor set up."""


def enter(client: Client, user: User) -> Client:
    """Sign somebody in, her second factor set up."""
    Authenticator.objects.get_or_create(user=user, type=Authenticator.Type.TOTP, defaults={"data": {"secret": "x"}})
    client.force_login(user)
    return client


def email_of(user: User) -> str:
    """Return the e-mail address of somebody who has one, as all staff have."""
    assert user.email is not None
    return user.email
