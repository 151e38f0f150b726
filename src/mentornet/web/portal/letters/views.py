"""Saying no to letters of a kind, and taking it back: by the address in each of them, without signing in."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt

from mentornet.common.actors import Visitor
from mentornet.messaging.letters import language_of
from mentornet.messaging.queries import kinds_refused
from mentornet.messaging.recipients import look_up
from mentornet.messaging.refusing import Refusal, refusal_of
from mentornet.messaging.services import refuse_letters, want_letters
from mentornet.web.access import Policy, open_to
from mentornet.web.portal.shell import portal_page


# A mail program posts here by itself (RFC 8058), without our cookies; the signed address is what lets it.
@csrf_exempt
@open_to(Policy.EVERYONE)
def stop_letters(request: HttpRequest, signed: str) -> HttpResponse:
    """Ask whether she does not want such letters, and note it. Opening the page alone changes nothing."""
    at = timezone.now()
    refusal = refusal_of(signed, timezone.localdate(at))
    if refusal is None:
        return portal_page(request, "portal/opening/gone.html", status=404)
    if request.method == "POST":
        by = Visitor(at)
        change = want_letters if "again" in request.POST else refuse_letters
        change(by=by, recipient=refusal.recipient, kinds=refusal.kinds)
    is_stopped = set(refusal.kinds) <= kinds_refused(refusal.recipient)
    with translation.override(_language(request, refusal)):
        return portal_page(
            request,
            "portal/letters/stop.html",
            kinds=[kind.label for kind in refusal.kinds],
            is_stopped=is_stopped,
            is_answer=request.method == "POST",
        )


def _language(request: HttpRequest, refusal: Refusal) -> str | None:
    """Return her language, unless somebody has chosen one in this browser."""
    if settings.LANGUAGE_COOKIE_NAME in request.COOKIES:
        return translation.get_language()
    recipient = look_up(refusal.recipient)
    return language_of(recipient.language) if recipient is not None else translation.get_language()
