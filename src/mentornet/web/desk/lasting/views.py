"""How long pairs last: the page, and computing it anew."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentornet.followup.lasting import HORIZONS
from mentornet.followup.services import ask_for_fit
from mentornet.followup.sign_queries import fit_at_work, newest_fit
from mentornet.followup.sign_rules import may_ask_for_fit
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt
from mentornet.web.desk.lasting import shown
from mentornet.web.ui.toasts import say


@open_to(Policy.CASEWORK)
def how_long_pairs_last(request: DeskRequest) -> HttpResponse:
    """Show what the network's own history tells, by group; or that it is too early to tell."""
    by = request.actor
    fit, at_work = newest_fit(), fit_at_work()
    has_stopped = at_work is not None and at_work.has_stopped(by.at)
    context = {
        "fit": fit,
        "parts": shown.parts_of(by, fit) if fit is not None and fit.content.get("dimensions") else [],
        "too_early": shown.too_early(fit) if fit is not None else "",
        "left_out": fit.content.get("left_out", 0) if fit is not None else 0,
        "horizons": [shown.HORIZON_WORDS[day] for day in HORIZONS],
        "has_stopped": has_stopped,
        "is_at_work": at_work is not None and not has_stopped,
        "may_compute": may_ask_for_fit(by),
        **(shown.progress_of(at_work) if at_work is not None else {}),
    }
    return render(request, "desk/lasting/lasting.html", context)


@open_to(Policy.LEAD)
@require_POST
def compute(request: DeskRequest) -> HttpResponse:
    """Ask that it be computed anew, in the background."""
    attempt(request, lambda: ask_for_fit(by=request.actor))
    return redirect("desk:how_long_pairs_last")


@open_to(Policy.CASEWORK)
def progress(request: DeskRequest) -> HttpResponse:
    """Answer how far the work is; when it has ended, send the page on."""
    target = reverse("desk:how_long_pairs_last")
    if request.headers.get("HX-Request") != "true":
        return redirect(target)
    at_work = fit_at_work()
    if at_work is not None and not at_work.has_stopped(request.actor.at):
        return render(request, "ui/components/_progress.html", shown.progress_of(at_work))
    if at_work is None:
        say(request, _("Computed. It stands here with the numbers that it was read from."))
    response = HttpResponse()
    response["HX-Redirect"] = target
    return response
