"""The browsers in which somebody is signed in: listed for her, and ended when she says so."""

from __future__ import annotations

import re
from datetime import datetime
from importlib import import_module
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction

from mentornet.accounts.enums import Door
from mentornet.accounts.models import SignInSession, User
from mentornet.accounts.rules import may_change_account
from mentornet.audit.services import record
from mentornet.common.actors import Actor
from mentornet.common.answers import require

HELD: Final = "mentornet.held"
"""Where a session keeps since when it lasts, when it was last used, and by which door it was opened."""

# In this order: each names itself as those after it, too.
_BROWSERS: Final = (
    ("SamsungBrowser", "Samsung Internet"), ("Edg", "Edge"), ("OPR", "Opera"), ("FxiOS", "Firefox"),
    ("Firefox", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS: Final = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "Mac"),
    ("CrOS", "Chromebook"), ("Linux", "Linux"),
)  # fmt: skip


def browser_words(agent: str) -> str:
    """Return what to know a browser by: its name and the machine's, no versions."""
    found = [
        next((name for sign, name in known if re.search(rf"\b{sign}", agent)), "") for known in (_BROWSERS, _SYSTEMS)
    ]
    return ", ".join(name for name in found if name)


def begin_sign_in(*, user: User, session: Any, door: Door, agent: str, at: datetime) -> None:
    """Keep that somebody has signed in in a browser, and since when its session lasts."""
    session[HELD] = {"since": at.timestamp(), "seen": at.timestamp(), "door": door.value}
    if session.session_key is None:
        session.create()
    SignInSession.objects.update_or_create(
        session_key=session.session_key,
        defaults={"user": user, "door": door, "seen_at": at, "created_at": at, "browser": browser_words(agent)},
    )


def note_seen(session_key: str | None, at: datetime) -> None:
    """Keep when a signed-in browser was last used."""
    SignInSession.objects.filter(session_key=session_key).update(seen_at=at)


def move_sign_in(before: str | None, after: str | None) -> None:
    """Follow a session whose key was drawn anew."""
    if before and after:
        SignInSession.objects.filter(session_key=before).update(session_key=after)


def forget_sign_in(session_key: str | None) -> None:
    """Take a browser off its owner's list: its session is over."""
    SignInSession.objects.filter(session_key=session_key).delete()


@transaction.atomic
def end_session(*, by: Actor, user: User, sign_in_id: UUID) -> bool:
    """End one of her sessions; ``False`` when it is over already.

    Raises:
        NotAllowedError: it is somebody else's.
    """
    require(may_change_account(by, user))
    row = SignInSession.objects.filter(pk=sign_in_id, user=user).first()
    if row is None:
        return False
    _store()(row.session_key).delete()
    row.delete()
    record(by=by, act="accounts.end_session", of=user)
    return True


@transaction.atomic
def end_all_sessions(*, by: Actor, user: User) -> None:
    """End all her sessions, wherever they are kept, this one too.

    Raises:
        NotAllowedError: somebody else asks.
    """
    require(may_change_account(by, user))
    end_sessions_of(by=by, user=user)


@transaction.atomic
def end_sessions_of(*, by: Actor, user: User) -> None:
    """End all sessions of somebody. Whoever calls has asked whether the actor may.

    What she has done herself ends the session in which she did it too, but there the front end goes on with another.
    """
    user.sessions_ended_at = by.at
    User.objects.filter(pk=user.pk).update(sessions_ended_at=by.at)
    for row in SignInSession.objects.filter(user=user):
        _store()(row.session_key).delete()
        row.delete()
    record(by=by, act="accounts.end_sessions", of=user)


def _store() -> Any:
    return import_module(settings.SESSION_ENGINE).SessionStore
