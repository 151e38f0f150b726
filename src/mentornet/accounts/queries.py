"""Reads of personal links, one-time codes and sign-ins."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db.models import Count, QuerySet, Subquery
from django.db.models.functions import Coalesce

from mentornet.accounts.models import OneTimeCode, Opening, PersonalLink, SignInSession, User
from mentornet.audit.models import Entry
from mentornet.audit.queries import entries_about

COUNTED_FOR: Final = timedelta(hours=1)
NOTED_AGAIN_AFTER: Final = timedelta(minutes=5)
"""What was opened so lately is not written down again: a page that is read twice in a row writes once."""


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


SIGNING_IN: Final = tuple(
    f"accounts.{act}"
    for act in (
        *("sign_in", "sign_out", "sign_in_failed", "prove_again", "set_password", "remove_password"),
        *("add_second_factor", "remove_second_factor", "forget_second_factor", "renew_recovery_codes"),
        *("end_session", "end_sessions", "ask_reader", "pause_reader", "let_reader_on"),
    )
)
"""What the audit tells her herself of how she signs in."""


def sign_in_entries(user: User) -> QuerySet[Entry]:
    """Return what the audit tells of how somebody signs in, also what others have tried, the latest first."""
    return entries_about([user]).filter(act__in=SIGNING_IN)


# How much somebody reads ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AtTheDoor:
    """What is asked of whoever comes to the desk, in one query.

    Attributes:
        has_app: she has set up her second factor.
        lately: about how many people she has opened in the last hour who are not her own cases.
        noted: how many of what she opens now are written down already.
    """

    has_app: bool
    lately: int
    noted: int


def at_the_door(user_id: UUID, opened: Collection[UUID], at: datetime) -> AtTheDoor:
    """Return whether somebody has her second factor, and how much she has read: one query, on every page."""
    app = Authenticator.objects.filter(user_id=user_id, type=Authenticator.Type.TOTP)
    if opened:
        again = Opening.objects.filter(reader_id=user_id, opened__in=opened, at__gt=at - NOTED_AGAIN_AFTER)
        row = app.annotate(lately=_number(_lately(user_id, at)), noted=_number(again)).values_list("lately", "noted")
        found = row.first()
        return AtTheDoor(found is not None, (found and found[0]) or 0, (found and found[1]) or 0)
    return AtTheDoor(app.exists(), 0, 0)


def _lately(user_id: UUID, at: datetime) -> QuerySet[Opening]:
    return Opening.objects.filter(reader_id=user_id, at__gt=at - COUNTED_FOR, is_own=False)


def _number(openings: QuerySet[Opening]) -> Subquery:
    # Several pages about one person count once, as soon as it is known that they are about her.
    counted = (
        openings.order_by().values("reader_id").annotate(number=Count(Coalesce("subject", "opened"), distinct=True))
    )
    return Subquery(counted.values("number"))


def opened_lately(user_id: UUID, at: datetime) -> int:
    """Return how many people somebody has opened in the last hour who are not her own cases."""
    number: int = _lately(user_id, at).aggregate(n=Count(Coalesce("subject", "opened"), distinct=True))["n"]
    return number


def were_opened(user_id: UUID, opened: Collection[UUID]) -> bool:
    """Tell whether all of these have been opened by her before, as long as that is kept."""
    return Opening.objects.filter(reader_id=user_id, opened__in=opened).count() == len(set(opened))


def openings_to_look_at(user_id: UUID, at: datetime) -> list[Opening]:
    """Return what she has opened in the last hour of which nobody has asked yet whom it is about."""
    return list(_lately(user_id, at).filter(is_looked_at=False))


def paused_readers() -> QuerySet[User]:
    """Return whoever is shown nobody at present, since she had opened unusually many pages; the first one first."""
    return User.objects.filter(reading_paused_at__isnull=False).order_by("reading_paused_at", "pk")
