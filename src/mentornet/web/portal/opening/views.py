"""Opening a personal link: the token leaves the address at once, and what it opens is kept in the session."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from mentornet.accounts import queries
from mentornet.accounts.limits import is_used_up, take_turn
from mentornet.accounts.services.links import note_opened
from mentornet.common.actors import Visitor
from mentornet.web.access import Policy, open_to
from mentornet.web.links import keep_grant, page_of
from mentornet.web.portal.proposals.settled import settled_page
from mentornet.web.portal.shell import portal_page
from mentornet.web.signin import network_address

MOST_WRONG: Final = 30
WITHIN: Final = timedelta(minutes=10)


@open_to(Policy.EVERYONE)
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """Keep what the link opens and go on to its page. A mail program that looks first uses nothing up.

    A token that is wrong, too old, or closed gets the same answer, and after thirty of them within ten minutes nobody
    at that address of the network is looked after for a while. What the end of its proposal has closed leads on.
    """
    at, sender = timezone.now(), network_address(request)
    if is_used_up("wrong link", sender, most=MOST_WRONG):
        return _unlogged(portal_page(request, "portal/opening/too_often.html", status=429))
    link = queries.link_of_token(token)
    if link is None or not link.is_open(at):
        settled = None if link is None else settled_page(request, link, at)
        if settled is not None:
            return settled
        take_turn("wrong link", sender, most=MOST_WRONG, within=WITHIN)
        return _unlogged(portal_page(request, "portal/opening/gone.html", status=404))
    note_opened(by=Visitor(at), link=link)
    keep_grant(request, link, at)
    response = redirect(page_of(link.purpose, link.subject))
    remember_language(request, response, link.language)
    return response


def _unlogged(response: HttpResponse) -> HttpResponse:
    """Keep the address out of Django's log of what was not found: the token may still open something elsewhere."""
    vars(response)["_has_been_logged"] = True
    return response


def remember_language(request: HttpRequest, response: HttpResponse, language: str) -> None:
    """Show her pages in her language, unless she has chosen one in this browser."""
    known = language in dict(settings.LANGUAGES)
    if known and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite="Lax",
        )
