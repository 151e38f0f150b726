"""Reads of personal links, one-time codes and sign-ins."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from mentornet.accounts.models import OneTimeCode, PersonalLink, SignInSession, User


def token_hash(token: str) -> str:
    """Return what is kept of a link's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def open_link(token: str, at: datetime) -> PersonalLink | None:
    """Return the link that a token opens. Wrong, expired or closed: the same ``None``, after the same one query."""
    return PersonalLink.objects.filter(token_hash=token_hash(token), closed_at__isnull=True, expires_at__gt=at).first()


def link_of_token(token: str) -> PersonalLink | None:
    """Return the link of a token whether or not it opens anything still: one query, whatever comes of it."""
    return PersonalLink.objects.filter(token_hash=token_hash(token)).first()


def link_still_open(link_id: UUID | str, at: datetime) -> PersonalLink | None:
    """Return a link that was opened before, if it is open still."""
    return PersonalLink.objects.filter(pk=link_id, closed_at__isnull=True, expires_at__gt=at).first()


def link_by_id(link_id: UUID | str) -> PersonalLink | None:
    """Return a link that was opened before, whether or not it opens anything still."""
    return PersonalLink.objects.filter(pk=link_id).first()


def code_waiting(challenge_id: UUID | str, at: datetime) -> OneTimeCode | None:
    """Return a question that can still be answered."""
    return OneTimeCode.objects.filter(pk=challenge_id, used_at__isnull=True, expires_at__gt=at).first()


def user_of_email(email: str) -> User | None:
    """Return who signs in with an e-mail address, whatever its case."""
    return User.objects.filter(email__iexact=email).first()


def user_by_id(user_id: UUID | str) -> User | None:
    """Return a user who may sign in."""
    return User.objects.filter(pk=user_id, is_active=True).first()


def user_by_key(user_id: UUID | str) -> User | None:
    """Return a user, whether or not she may sign in."""
    return User.objects.filter(pk=user_id).first()


def sign_ins_of(user: User, since: datetime) -> QuerySet[SignInSession]:
    """Return her signed-in browsers used since then, the latest first."""
    return SignInSession.objects.filter(user=user, seen_at__gte=since).order_by("-seen_at", "pk")
