"""Personal links: an address sent to one person opens one thing, until it expires or is closed."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from mentornet.accounts.enums import Purpose
from mentornet.accounts.models import PersonalLink
from mentornet.accounts.queries import token_hash
from mentornet.accounts.rules import may_make_link
from mentornet.audit.services import record
from mentornet.common.actors import Actor, System
from mentornet.common.answers import require
from mentornet.messaging.minting import GoneError

LASTS: Final[Mapping[str, timedelta]] = {
    Purpose.DRAFT: timedelta(days=30),
    Purpose.STATUS: timedelta(days=400),
    Purpose.INTERVIEW: timedelta(days=60),
    Purpose.CONFIRM: timedelta(days=30),
    Purpose.PROPOSAL: timedelta(days=30),
    Purpose.PARTNERSHIP: timedelta(days=30),
    Purpose.RETURN: timedelta(days=400),
    Purpose.TRAINING: timedelta(days=90),
    Purpose.AFTERWARDS: timedelta(days=60),
    Purpose.SURVEY: timedelta(days=60),
    Purpose.SEARCH: timedelta(days=120),
    Purpose.EXPERT: timedelta(days=800),
}
"""How long a link opens what it is for, unless whoever makes it says otherwise."""
_TOKEN_BYTES: Final = 32


@transaction.atomic
def make_link(
    *,
    by: Actor,
    purpose: Purpose | str,
    subject: str,
    person_key: str = "",
    language: str = "",
    lasts: timedelta | None = None,
) -> str:
    """Make a link and return its token, which is told this once and kept nowhere.

    Links that were sent before go on opening the same thing: she may use any letter of hers.

    Raises:
        NotAllowedError: a link cannot be made for this purpose.
    """
    require(may_make_link(by, purpose))
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    link = PersonalLink(
        created_at=by.at,
        purpose=purpose,
        subject=subject,
        token_hash=token_hash(token),
        person_key=person_key,
        language=language,
        expires_at=by.at + (lasts or LASTS[Purpose(purpose)]),
    )
    # Its keys are drawn at random, so nothing has to be asked about others.
    link.full_clean(validate_unique=False, validate_constraints=False)
    link.save(force_insert=True)
    record(by=by, act="accounts.make_link", of=link, detail={"purpose": str(purpose)})
    return token


@transaction.atomic
def close_links(*, by: Actor, purpose: Purpose | str, subject: str) -> int:
    """Close every link to a subject, or to any side of it (``<proposal>`` closes ``<proposal>:<person>``).

    Returns how many.
    """
    mine = Q(subject=subject) | Q(subject__startswith=f"{subject}:")
    return _close(by, PersonalLink.objects.filter(mine, purpose=purpose, closed_at__isnull=True))


@transaction.atomic
def close_links_of(*, by: Actor, person_key: str) -> int:
    """Close every link that was sent to somebody: who has lost her telephone has lost her letters too."""
    if not person_key:
        return 0
    return _close(by, PersonalLink.objects.filter(person_key=person_key, closed_at__isnull=True))


def _close(by: Actor, links: QuerySet[PersonalLink]) -> int:
    found = list(links.order_by("pk"))
    for link in found:
        if PersonalLink.objects.filter(pk=link.pk, closed_at__isnull=True).update(closed_at=by.at):
            record(by=by, act="accounts.close_link", of=link, detail={"purpose": link.purpose})
    return len(found)


@transaction.atomic
def reopen_links(*, by: Actor, purpose: Purpose | str, subject: str, closed_at: datetime) -> int:
    """Open again what was closed at one moment, by an act that is taken back: letters at home work as before.

    Returns how many.
    """
    links = PersonalLink.objects.filter(purpose=purpose, subject=subject, closed_at=closed_at)
    for link in links.order_by("pk"):
        record(by=by, act="accounts.reopen_link", of=link, detail={"purpose": link.purpose})
    return links.update(closed_at=None)


def note_opened(*, by: Actor, link: PersonalLink) -> None:
    """Keep when a link was first asked for, by herself or by her mail's scanner."""
    if link.first_opened_at is None:
        PersonalLink.objects.filter(pk=link.pk, first_opened_at__isnull=True).update(first_opened_at=by.at)


def address_of(token: str) -> str:
    """Return the address that a token stands in, as it is written into a letter."""
    return f"{settings.ADDRESS.rstrip('/')}/l/{token}/"


def write_link(spec: str, recipient_key: str, language: str, at: datetime) -> str:
    """Make the link that a letter names as ``<purpose>:<subject>``, at the moment the letter is written.

    So the outbox holds no token, and a letter that waits does not carry an old one.

    Raises:
        GoneError: nothing can be opened by a link of that name.
    """
    purpose, _, subject = spec.partition(":")
    if purpose not in LASTS or not subject:
        raise GoneError
    token = make_link(
        by=System("write letters", at), purpose=purpose, subject=subject, person_key=recipient_key, language=language
    )
    return address_of(token)
