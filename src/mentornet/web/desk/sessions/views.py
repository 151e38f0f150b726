"""Where a staff member is signed in, and how she ends it: a borrowed machine, a lost telephone."""

from __future__ import annotations

from typing import Final, cast
from uuid import UUID

from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentornet.accounts.models import User
from mentornet.accounts.queries import sign_in_entries, sign_ins_of
from mentornet.accounts.services.sessions import end_all_sessions, end_session
from mentornet.audit.models import Kind
from mentornet.privacy.pausing import names_who_let_on, paused_for
from mentornet.privacy.services.watching import let_on
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt
from mentornet.web.desk.words.signing import act_words
from mentornet.web.sessions import LONGEST
from mentornet.web.ui import toasts

MOST_EVENTS: Final = 20


@open_to(Policy.STAFF)
def sessions(request: DeskRequest) -> HttpResponse:
    """List the browsers in which she is signed in, and what has lately been done with her sign-in."""
    user = cast(User, request.user)
    context = {
        "rows": list(sign_ins_of(user, request.actor.at - LONGEST)),
        "current": request.session.session_key,
        "lately": [
            {"at": entry.at, "words": act_words(entry), "is_refusal": entry.kind == Kind.REFUSAL}
            for entry in sign_in_entries(user)[:MOST_EVENTS]
        ],
    }
    return render(request, "desk/sessions/sessions.html", context)


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


@open_to(Policy.STAFF)
def reading(request: DeskRequest) -> HttpResponse:
    """Say why nobody is shown: for a part of a page, which has no room for it."""
    back = request.GET.get(REDIRECT_FIELD_NAME, "")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    code_url = reverse("mfa_reauthenticate") + (f"?{urlencode({REDIRECT_FIELD_NAME: back})}" if is_ours else "")
    if cast(User, request.user).reading_paused_at is not None:
        names = names_who_let_on(request.actor.user_id, request.actor.today)
        return render(request, "desk/sessions/paused.html", {"typed": [], "names": names})
    return render(request, "desk/sessions/ask.html", {"typed": [], "code_url": code_url})


@open_to(Policy.STAFF)
@require_POST
def let_reader_on(request: DeskRequest, user_id: UUID) -> HttpResponse:
    """Let somebody on whose reading was paused."""
    user = paused_for(request.actor).filter(pk=user_id).first()
    if user is None:
        # Whoever is not hers to let on is answered about as whoever is not there.
        toasts.say(request, _("She had been let on already, or somebody else lets her on."), tone="info")
        return redirect("desk:today")
    done = attempt(request, lambda: let_on(by=request.actor, user=user))
    if done is not None:
        words = _("%(name)s is shown people again.") if done else _("%(name)s had been let on already.")
        toasts.say(request, words % {"name": user.name}, tone="good" if done else "info")
    return redirect("desk:today")
