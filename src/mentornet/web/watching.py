"""Nobody reads page by page all that her role may see: above a limit the code again, above another a pause."""

from __future__ import annotations

from collections.abc import Callable, Collection
from http import HTTPStatus
from typing import Any, Final, cast
from uuid import UUID

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import ResolverMatch, reverse
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect

from mentornet.accounts.models import User
from mentornet.accounts.queries import were_opened
from mentornet.audit.services import record_refusal
from mentornet.divisions.staff import Staff
from mentornet.privacy.pausing import names_who_let_on
from mentornet.privacy.services.watching import Verdict, weigh, weigh_file, weigh_shown
from mentornet.web.access import DeskRequest, Policy, policy_of, way_back
from mentornet.web.door import at_the_desk, opened_in
from mentornet.web.typed import typed_in

WATCHED: Final = frozenset({Policy.CASEWORK, Policy.LEAD})
"""Pages that show people. Whoever is paused keeps Today, and the pages about her own signing in."""
WATCHED_BESIDES: Final = frozenset({"desk:audit", "desk:audit_export", "desk:retention"})
"""Pages that show people under a policy whose other pages do not."""


class WatchMiddleware:
    """Counts whose pages a member of the staff opens, after it was asked whether she may."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; that somebody has asked for what is not hers to see is written down.

        To her it answers like what never was, and so it does here: which of the two it is, no entry tells either.
        """
        response = self.get_response(request)
        actor = getattr(request, "actor", None)
        if response.status_code == HTTPStatus.NOT_FOUND and isinstance(actor, Staff) and opened_in(request):
            name = cast(ResolverMatch, request.resolver_match).view_name
            record_refusal(by=actor, act="open", object_type="address", object_id=name[:40], reason="not found here")
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Let the request through, ask for the code, or say that she is paused."""
        del view, args, kwargs
        match, actor = request.resolver_match, getattr(request, "actor", None)
        # In a demonstration nobody is real, and nobody has a second factor.
        if settings.DEMO or match is None or not isinstance(actor, Staff):
            return None
        if policy_of(match) not in WATCHED and match.view_name not in WATCHED_BESIDES:
            return None
        user = cast(User, request.user)
        if user.reading_paused_at is not None:
            return _answer(request, Verdict.PAUSED)
        opened = opened_in(request)
        if not opened:
            return None
        again = request.method == "POST" and were_opened(user.pk, opened)
        verdict = weigh(
            by=actor,
            user=user,
            opened=opened,
            door=at_the_desk(request, user),
            proved_at=_proved_at(request),
            again=again,
        )
        return None if verdict is Verdict.SHOW else _answer(request, verdict)


def stop_file(request: DeskRequest) -> HttpResponseBase | None:
    """Count that a list leaves as a file; return what is answered instead where it may not."""
    if settings.DEMO:
        return None
    verdict = weigh_file(by=request.actor, user=cast(User, request.user), proved_at=_proved_at(request))
    return None if verdict is Verdict.SHOW else _answer(request, verdict)


def stop_shown(request: DeskRequest, shown: Collection[UUID]) -> HttpResponseBase | None:
    """Count people whom a page shows without a key in its address; return what is answered instead where it may not.

    Called with whatever stands for what is shown: people, or one key for a page as a whole.
    """
    if settings.DEMO or not shown:
        return None
    user = cast(User, request.user)
    verdict = weigh_shown(by=request.actor, user=user, shown=shown, proved_at=_proved_at(request))
    return None if verdict is Verdict.SHOW else _answer(request, verdict)


def _proved_at(request: HttpRequest) -> float:
    """Return when this session last gave the second factor; 0 where it never has."""
    records = get_authentication_records(request, request.user)
    return max((float(record["at"]) for record in records if record["method"] == "mfa"), default=0.0)


def _answer(request: HttpRequest, verdict: Verdict) -> HttpResponseBase:
    back = way_back(request)
    code_url = reverse("mfa_reauthenticate") + (f"?{urlencode({REDIRECT_FIELD_NAME: back})}" if back else "")
    if request.headers.get("HX-Request") == "true":
        # A part of a page: the browser goes to a whole one, which says why.
        return HttpResponseClientRedirect(f"{reverse('desk:reading')}?{urlencode({REDIRECT_FIELD_NAME: back})}")
    context: dict[str, Any] = {"typed": typed_in(request), "code_url": code_url}
    if verdict is Verdict.PAUSED:
        actor = cast(DeskRequest, request).actor
        context["names"] = names_who_let_on(actor.user_id, actor.today)
    return render(request, f"desk/sessions/{verdict.value}.html", context, status=HTTPStatus.FORBIDDEN)
