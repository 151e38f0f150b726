"""What personal links open: kept in the session of whoever opened them, asked again at every request.

A link shows that somebody has got a letter; where another person's life stands on the page it opens, a one-time code
shows besides that she still reads her letters. A session is one person's: opening a link that was sent to somebody
else takes out of it what was opened before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Final, TypeVar, cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from mentornet.accounts.enums import Purpose
from mentornet.accounts.models import PersonalLink
from mentornet.accounts.queries import link_by_id, link_still_open
from mentornet.accounts.services.sessions import move_sign_in
from mentornet.people.known_by import participant_by_id
from mentornet.people.models import Person
from mentornet.people.queries import person_of_key
from mentornet.web.access import PortalRequest, participant_of, way_back
from mentornet.web.sessions import DRAFTS, LINKS, begin_unsigned
from mentornet.web.typed import typed_in

View = TypeVar("View", bound=Callable[..., HttpResponseBase])

CODE_PAGE: Final = "portal:code"
_PAGES: Final[dict[str, tuple[str, str | None]]] = {}


@dataclass(frozen=True, slots=True)
class Grant:
    """What a link has opened in this session.

    Attributes:
        key: ``<purpose>:<subject>``.
        person_id: to whom the link was sent; ``None`` where nobody was known yet, as with an application just begun.
        has_code: she has given the one-time code in this session.
    """

    key: str
    link_id: str
    person_id: UUID | None
    has_code: bool

    @property
    def purpose(self) -> str:
        """What the link is for."""
        return self.key.partition(":")[0]

    @property
    def subject(self) -> str:
        """What it opens, with the person where the link says so."""
        return self.key.partition(":")[2]


def register_page(purpose: Purpose, url_name: str, argument: str | None) -> None:
    """Register which page a purpose's links lead to; ``argument`` takes the subject's first part, if any.

    Raises:
        ValueError: the purpose has another page already.
    """
    if _PAGES.setdefault(purpose, (url_name, argument)) != (url_name, argument):
        raise ValueError(f"links for {purpose} lead to two pages")


def page_of(purpose: str, subject: str) -> str:
    """Return the address to which a link leads.

    Raises:
        Http404: no page is registered for its purpose.
    """
    if purpose not in _PAGES:
        raise Http404
    url_name, argument = _PAGES[purpose]
    return reverse(url_name, kwargs={argument: subject.partition(":")[0]} if argument else None)


# The session --------------------------------------------------------------------------------------------------------


def keep_grant(request: HttpRequest, link: PersonalLink, at: datetime, *, code_lasts: timedelta | None = None) -> None:
    """Keep in the session what a link opens. The session's key is drawn anew: what it opens has become more.

    A code that she has given counts for this link too; with ``code_lasts`` only if it was given no longer ago.
    """
    session = request.session
    person_id = person_of_key(link.person_key) if link.person_key else None
    whose = str(person_id or "")
    held: dict[str, dict[str, Any]] = session.get(LINKS, {})
    # A shared telephone: what was opened for somebody else is not hers to see.
    mine = {key: kept for key, kept in held.items() if not kept["person"] or not whose or kept["person"] == whose}
    given = next((kept["code_at"] for kept in mine.values() if whose and kept["person"] == whose), None)
    if given and code_lasts is not None and datetime.fromisoformat(given) + code_lasts < at:
        given = None
    key = f"{link.purpose}:{link.subject}"
    mine[key] = {"link": str(link.pk), "person": whose, "at": at.isoformat(), "code_at": given}
    if not request.user.is_authenticated and not held:
        begin_unsigned(request, at)
    if whose and not _is_at_work(request, whose, held):
        # Nor what somebody else was writing in this browser when she got up.
        session.pop(DRAFTS, None)
    session[LINKS] = mine
    before = session.session_key
    session.cycle_key()
    move_sign_in(before, session.session_key)


def _is_at_work(request: HttpRequest, whose: str, held: dict[str, dict[str, Any]]) -> bool:
    """Tell whether a session was this person's already: she has signed in, or opened another link of hers."""
    participant = participant_of(request)
    if participant is not None:
        return str(participant.person_id) == whose
    return any(kept["person"] == whose for kept in held.values())


def keep_only_hers(request: HttpRequest, person: Person | None) -> None:
    """Forget what links have opened for others, and what was being written: she has signed in, the session is hers."""
    request.session.pop(DRAFTS, None)
    held: dict[str, dict[str, Any]] = request.session.get(LINKS, {})
    whose = "" if person is None else str(person.pk)
    mine = {key: kept for key, kept in held.items() if kept["person"] in {"", whose}}
    if mine != held:
        request.session[LINKS] = mine


def note_code(request: HttpRequest, grant: Grant, at: datetime) -> None:
    """Keep that she has given the one-time code: for this link, and for all others that were sent to her."""
    held: dict[str, dict[str, Any]] = request.session.get(LINKS, {})
    whose = str(grant.person_id or "")
    for key, kept in held.items():
        if key == grant.key or (whose and kept["person"] == whose):
            kept["code_at"] = at.isoformat()
    request.session[LINKS] = held
    before = request.session.session_key
    request.session.cycle_key()
    move_sign_in(before, request.session.session_key)


def grant_for(request: HttpRequest, key: str) -> Grant | None:
    """Return what the session holds for ``<purpose>:<subject>``, or for a person's side of it, if still open."""
    kept = next(_held(request, key), None)
    if kept is None or link_still_open(kept.link_id, timezone.now()) is None:
        return None
    return kept


def grants_of(request: HttpRequest) -> list[Grant]:
    """Return all that the session holds, whether or not it is still open."""
    return [_grant(key, kept) for key, kept in request.session.get(LINKS, {}).items()]


def _held(request: HttpRequest, key: str) -> Iterator[Grant]:
    for name, kept in request.session.get(LINKS, {}).items():
        if name == key or name.startswith(f"{key}:"):
            yield _grant(name, kept)


def _grant(key: str, kept: dict[str, Any]) -> Grant:
    return Grant(
        key=key,
        link_id=kept["link"],
        person_id=UUID(kept["person"]) if kept["person"] else None,
        has_code=bool(kept["code_at"]),
    )


# Views --------------------------------------------------------------------------------------------------------------


Closed = Callable[[HttpRequest, PersonalLink, datetime], "HttpResponse | None"]
"""Answers whoever holds a link that has been closed since; with nothing, the page is not found."""


def by_link(
    purpose: Purpose, argument: str, *, code: bool = False, closed: Closed | None = None
) -> Callable[[View], View]:
    """Open a view to whoever holds a link for what its address names, and to participants who have signed in.

    The view gets a :class:`~mentornet.web.access.PortalRequest`: ``request.participant`` is the person to whom the
    link was sent, or who has signed in (not set for a link that was sent to nobody known: then only
    ``request.grant``). Whether the object is hers the view asks itself, and answers 404 when not.

    Args:
        purpose: of the links.
        argument: the view's argument whose value the link's subject begins with.
        code: the page tells about another person: she gives a one-time code first.
        closed: says more than that nothing is there to whoever has opened a link in this browser that opens no more.
    """

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            portal = cast(PortalRequest, request)
            participant = participant_of(request)
            grant = grant_for(request, f"{purpose}:{kwargs[argument]}")
            portal.grant = grant
            if grant is not None and (participant is None or participant.person_id != grant.person_id):
                if code and not grant.has_code:
                    return _ask_for_code(request, grant)
                participant = None if grant.person_id is None else participant_by_id(grant.person_id, timezone.now())
                if participant is None and grant.person_id is not None:
                    raise Http404
            elif participant is None:
                told = _tell_closed(request, f"{purpose}:{kwargs[argument]}", closed)
                if told is not None:
                    return told
                raise Http404
            if participant is not None:
                portal.participant = participant
            return view(request, *args, **kwargs)

        return cast(View, guarded)

    return declare


def _tell_closed(request: HttpRequest, key: str, closed: Closed | None) -> HttpResponse | None:
    kept = None if closed is None or request.method != "GET" else next(_held(request, key), None)
    link = None if kept is None else link_by_id(kept.link_id)
    return None if closed is None or link is None else closed(request, link, timezone.now())


def _ask_for_code(request: HttpRequest, grant: Grant) -> HttpResponse:
    """Lead to the page that sends her a code; a form that was sent meanwhile is given back to her."""
    target = f"{reverse(CODE_PAGE)}?{urlencode({'for': grant.key, 'next': way_back(request)})}"
    typed = typed_in(request)
    if typed:
        return render(request, "ui/code_first.html", {"typed": typed, "code_url": target}, status=403)
    return redirect(target)
