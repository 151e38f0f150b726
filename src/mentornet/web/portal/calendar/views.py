"""The address that her own calendar reads, and the page on which she makes it or stops it."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from mentornet.accounts.limits import is_used_up, take_turn
from mentornet.common.appointments import TYPE, calendar_of
from mentornet.messaging.letters import language_of
from mentornet.partnerships import services
from mentornet.partnerships.queries import feed_of, has_feed, planned_of
from mentornet.web.access import Policy, PortalRequest, open_to
from mentornet.web.portal.calendar.shown import appointment_of
from mentornet.web.portal.shell import attempt, portal_page
from mentornet.web.signin import network_address
from mentornet.web.ui.toasts import say

MOST_WRONG: Final = 30
WITHIN: Final = timedelta(minutes=10)
LOOKS_BACK: Final = timedelta(days=60)


@open_to(Policy.PARTICIPANT)
def calendar(request: PortalRequest) -> HttpResponse:
    """Show whether her calendar follows her meetings; make its address, shown this once, or stop it."""
    by = request.participant
    address = ""
    if request.method == "POST" and request.POST.get("act") == "stop":
        if attempt(request, lambda: services.stop_feed(by=by)) is not None:
            say(request, _("The address has stopped working. Your calendar gets no more meetings from here."))
            return redirect("portal:calendar")
    elif request.method == "POST":
        token = attempt(request, lambda: services.make_feed(by=by))
        if token is not None:
            address = f"{settings.ADDRESS.rstrip('/')}{reverse('portal:feed', args=[token])}"
    return portal_page(request, "portal/calendar/calendar.html", address=address, has_feed=has_feed(by))


@open_to(Policy.EVERYONE)
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """Answer a calendar program. A token that is wrong or has been stopped gets the same empty answer.

    A calendar cannot sign in: its address is the key. It tells of times and places alone, in neutral words, and whoever
    tries tokens is soon answered no more.
    """
    sender = network_address(request)
    if is_used_up("wrong calendar", sender, most=MOST_WRONG):
        return HttpResponse(status=429, content_type="text/plain")
    found = feed_of(token)
    if found is None:
        take_turn("wrong calendar", sender, most=MOST_WRONG, within=WITHIN)
        return HttpResponse(status=404, content_type="text/plain")
    with translation.override(language_of(found.person.language)):
        planned = planned_of(found.person, timezone.now() - LOOKS_BACK)
        return HttpResponse(calendar_of(map(appointment_of, planned), name=_("Appointments")), content_type=TYPE)
