"""How long a session lasts, and by which door it was opened.

Whatever opens something, a sign-in, a personal link or an application that is being written, ends twelve hours after it
began, and sooner when nobody uses it: staff's after half an hour, since it shows other people's cases; a participant's
after two, since she may share her telephone and shows only herself.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from django.contrib.auth import SESSION_KEY, update_session_auth_hash
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from mentornet.accounts.enums import Door
from mentornet.accounts.queries import user_by_id
from mentornet.accounts.services.sessions import HELD, begin_sign_in, forget_sign_in, note_seen

LINKS: Final = "mentornet.links"
"""Where a session keeps what personal links have opened in it (:mod:`mentornet.web.links`)."""
DRAFTS: Final = "mentornet.drafts"
"""Where a session keeps the applications that are being written in it (:mod:`mentornet.web.public.apply.held`)."""
LONGEST: Final = timedelta(hours=12)
IDLE: Final = {Door.STAFF: timedelta(minutes=30), Door.PORTAL: timedelta(hours=2)}
PROVED_FOR: Final = timedelta(minutes=15)
"""For how long a change to how a participant signs in asks for nothing more."""
_PROVED: Final = "mentornet.proved"
NOTED_EVERY: Final = timedelta(minutes=1)
"""How exactly the last use is kept: not every request writes."""


def door_of(request: HttpRequest) -> Door | None:
    """Return the door by which somebody signed in; ``None`` for nobody."""
    if not request.user.is_authenticated:
        return None
    return Door.PORTAL if request.session.get(HELD, {}).get("door") == Door.PORTAL else Door.STAFF


def begin_unsigned(request: HttpRequest, at: datetime) -> None:
    """Let a session count from now on that opens something without a sign-in."""
    request.session[HELD] = {"since": at.timestamp(), "seen": at.timestamp(), "door": Door.PORTAL.value}


def keep_proved(request: HttpRequest) -> None:
    """Keep that somebody has just shown who she is."""
    request.session[_PROVED] = timezone.now().timestamp()


def has_just_proved(request: HttpRequest) -> bool:
    """Tell whether she has shown who she is so lately that it is hardly somebody else who holds her telephone."""
    return timezone.now().timestamp() - float(request.session.get(_PROVED, 0)) < PROVED_FOR.total_seconds()


def go_on_after_own_act(request: HttpRequest, at: datetime) -> None:
    """Let this session go on when all of hers were ended by what she herself has just done in it, at that moment.

    Such as writing another address for letters to her. When anybody else ended them, it was at another moment.
    """
    user = user_by_id(str(request.user.pk))
    if user is None or user.sessions_ended_at != at:
        return
    held, door = request.session.get(HELD), door_of(request)
    update_session_auth_hash(request, user)
    begin_sign_in(
        user=user,
        session=request.session,
        door=door or Door.STAFF,
        agent=request.META.get("HTTP_USER_AGENT", ""),
        at=timezone.now(),
    )
    if held is not None:
        request.session[HELD] = held


class SessionLimitsMiddleware:
    """Ends a session that has lasted too long or lain unused, before anybody asks who is signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, as to nobody when the session is over."""
        session = request.session
        if SESSION_KEY in session or LINKS in session or DRAFTS in session:
            now = timezone.now()
            held = session.get(HELD)
            if held is None:
                # Begun by an earlier version of the program, which kept no times: it counts from now.
                door = Door.STAFF if SESSION_KEY in session else Door.PORTAL
                session[HELD] = {"since": now.timestamp(), "seen": now.timestamp(), "door": door.value}
            elif _is_over(held, now):
                forget_sign_in(session.session_key)
                session.flush()
                request.user = AnonymousUser()
            elif now.timestamp() - held["seen"] > NOTED_EVERY.total_seconds():
                session[HELD] = {**held, "seen": now.timestamp()}
                if SESSION_KEY in session:
                    note_seen(session.session_key, now)
        return self.get_response(request)


def _is_over(held: dict[str, Any], now: datetime) -> bool:
    idle = IDLE[Door.PORTAL if held["door"] == Door.PORTAL else Door.STAFF]
    age, unused = now.timestamp() - float(held["since"]), now.timestamp() - float(held["seen"])
    return age >= LONGEST.total_seconds() or unused >= idle.total_seconds()
