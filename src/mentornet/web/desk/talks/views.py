"""A talk with one of a pair, or both: noted, looked at again, taken back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentornet.followup import services
from mentornet.followup.models import Talk
from mentornet.followup.queries import visible_talks
from mentornet.followup.rules import may_log_talk
from mentornet.partnerships.models import Partnership
from mentornet.partnerships.queries import visible_partnerships
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt, posted
from mentornet.web.desk.people.standing import day
from mentornet.web.desk.talks import shown
from mentornet.web.desk.talks.forms import TalkForm
from mentornet.web.ui.toasts import say


def _back(pair: Partnership) -> HttpResponse:
    return redirect("desk:partnership", partnership_id=pair.pk)


@open_to(Policy.CASEWORK)
def talk(request: DeskRequest, partnership_id: UUID) -> HttpResponse:
    """Note a talk; before that, show what she would be given of it."""
    by = request.actor
    pair: Partnership = get_object_or_404(visible_partnerships(by), pk=partnership_id)
    if request.method != "POST" and not (may := may_log_talk(by, pair)):
        say(request, str(may.reason), tone="info")
        return _back(pair)
    form = TalkForm(posted(request), pair=pair, today=by.today)
    preview: dict[str, Any] | None = None
    if request.method == "POST" and form.is_valid():
        if "preview" in request.POST:
            preview = shown.given(form.facts(), pair)
        else:
            noted = attempt(request, lambda: services.log_talk(by=by, partnership=pair, **form.facts()), form)
            if noted is not None:
                say(request, _said(noted), undo=reverse("desk:talk_take_back", kwargs={"talk_id": noted.pk}))
                return _back(pair)
    context = {"pair": pair, "form": form, "preview": preview, "is_fresh": request.method != "POST"}
    return render(request, "desk/talks/new.html", context)


def _said(noted: Talk) -> str:
    if noted.was_reached:
        return _("Noted. What was waiting for this talk is done.")
    if noted.next_call_on is not None:
        return _("Noted. It comes back on %(day)s.") % {"day": day(noted.next_call_on)}
    return _("Noted. It comes back on the next working day.")


def _talk(request: DeskRequest, talk_id: UUID) -> Talk:
    found: Talk = get_object_or_404(visible_talks(request.actor), pk=talk_id)
    return found


@open_to(Policy.CASEWORK)
@require_POST
def thought(request: DeskRequest, talk_id: UUID) -> HttpResponse:
    """Show a talk with what its coordinator thinks of it; that it was read is recorded."""
    found = _talk(request, talk_id)
    pair = found.partnership
    words = attempt(request, lambda: services.read_thought(by=request.actor, talk=found))
    if words is None:
        return _back(pair)
    context = {"pair": pair, "talk": found, "title": shown.title_of(found, pair), "words": words}
    return render(request, "desk/talks/thought.html", context)


@open_to(Policy.CASEWORK)
@require_POST
def take_back(request: DeskRequest, talk_id: UUID) -> HttpResponse:
    """Take back a talk that was noted by mistake."""
    found = _talk(request, talk_id)
    pair = found.partnership

    def act() -> bool:
        services.take_talk_back(by=request.actor, talk=found)
        return True

    if attempt(request, act):
        say(request, _("Taken back. What it had settled waits again."))
    return _back(pair)
