"""Where a staff member is signed in, and how she ends it: a borrowed machine, a lost telephone."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib.auth import logout
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentornet.accounts.models import User
from mentornet.accounts.queries import sign_ins_of
from mentornet.accounts.services.sessions import end_all_sessions, end_session
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.sessions import LONGEST
from mentornet.web.ui import toasts


@open_to(Policy.STAFF)
def sessions(request: DeskRequest) -> HttpResponse:
    """List the browsers in which she is signed in."""
    rows = list(sign_ins_of(cast(User, request.user), request.actor.at - LONGEST))
    return render(request, "desk/sessions/sessions.html", {"rows": rows, "current": request.session.session_key})


@open_to(Policy.STAFF)
@require_POST
def end_one(request: DeskRequest, sign_in_id: UUID) -> HttpResponse:
    """End one of them; this very one is signing out."""
    own = sign_ins_of(cast(User, request.user), request.actor.at - LONGEST).filter(pk=sign_in_id)
    if own.filter(session_key=request.session.session_key).exists():
        logout(request)
        return redirect("account_login")
    if not end_session(by=request.actor, user=cast(User, request.user), sign_in_id=sign_in_id):
        raise Http404
    toasts.say(request, _("You are signed out there."))
    return redirect("desk:sessions")


@open_to(Policy.STAFF)
@require_POST
def end_all(request: DeskRequest) -> HttpResponse:
    """End all of them, this one too."""
    end_all_sessions(by=request.actor, user=cast(User, request.user))
    logout(request)
    return redirect("account_login")
