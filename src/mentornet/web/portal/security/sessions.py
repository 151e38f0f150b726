"""Where a participant is signed in."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib.auth import logout
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentornet.accounts.holder import Holder
from mentornet.accounts.models import User
from mentornet.accounts.queries import sign_ins_of
from mentornet.accounts.services.links import close_links_of
from mentornet.accounts.services.sessions import end_all_sessions, end_session
from mentornet.partnerships.services import stop_feed
from mentornet.web.access import Policy, PortalRequest, open_to
from mentornet.web.portal.shell import portal_page
from mentornet.web.sessions import LONGEST
from mentornet.web.ui import toasts


@open_to(Policy.PARTICIPANT)
def sessions(request: PortalRequest) -> HttpResponse:
    """List the browsers in which she is signed in."""
    rows = sign_ins_of(cast(User, request.user), timezone.now() - LONGEST)
    return portal_page(request, "portal/security/sessions.html", rows=list(rows), current=request.session.session_key)


@open_to(Policy.PARTICIPANT)
@require_POST
def end_one(request: PortalRequest, sign_in_id: UUID) -> HttpResponse:
    """End one of them; this very one is signing out."""
    user = cast(User, request.user)
    if sign_ins_of(user, timezone.now() - LONGEST).filter(pk=sign_in_id, session_key=request.session.session_key):
        logout(request)
        return portal_page(request, "portal/security/signed_out.html")
    if not end_session(by=Holder(user_id=user.pk, at=timezone.now()), user=user, sign_in_id=sign_in_id):
        raise Http404
    toasts.say(request, _("You are signed out there."))
    return redirect("portal:sessions")


@open_to(Policy.PARTICIPANT)
@require_POST
def end_all(request: PortalRequest) -> HttpResponse:
    """End all of them, and close the links that were sent to her: who has lost a telephone has lost both."""
    user = cast(User, request.user)
    by = Holder(user_id=user.pk, at=timezone.now())
    end_all_sessions(by=by, user=user)
    close_links_of(by=by, person_key=request.participant.key)
    # The address that her calendar reads is a link as well: it tells where she will be, and when.
    stop_feed(by=request.participant)
    logout(request)
    return portal_page(request, "portal/security/signed_out.html", everywhere=True)
