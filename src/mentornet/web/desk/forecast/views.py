"""How long women will wait: the page, the same as a file, and computing it anew."""

from __future__ import annotations

from typing import Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentornet.matching.five_more import visible_five_more
from mentornet.matching.forecast import NEEDED, forecast_at_work, newest_forecast
from mentornet.matching.rules import may_ask_for_forecast
from mentornet.matching.services import ask_for_five_more, ask_for_forecast
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt
from mentornet.web.desk.forecast import five_more, shown
from mentornet.web.desk.forecast.forms import FiveMoreForm
from mentornet.web.ui.toasts import say
from reference.writing import Table, csv_bytes

_MARK: Final = "\N{ZERO WIDTH NO-BREAK SPACE}".encode()


@open_to(Policy.CASEWORK)
def forecast(request: DeskRequest) -> HttpResponse:
    """Show how long women may wait, how wrong that was a year ago, and what other ways of matching would change.

    An address may name the profile of five more mentors, as the shortage map's does: the form is filled in with it.
    """
    said = {name: request.GET.get(name) for name in FiveMoreForm.base_fields}
    named = {name: value for name, value in said.items() if value is not None}
    return _page(request, FiveMoreForm(named or None, actor=request.actor))


def _page(request: DeskRequest, form: FiveMoreForm) -> HttpResponse:
    by = request.actor
    newest, at_work = newest_forecast(), forecast_at_work()
    has_stopped = at_work is not None and at_work.has_stopped(by.at)
    parts = shown.parts_of(by, newest) if newest is not None else []
    played = list(visible_five_more(by))
    context = {
        "forecast": newest,
        "needed": NEEDED,
        "parts": parts,
        "has_stopped": has_stopped,
        "is_at_work": at_work is not None and not has_stopped,
        "may_compute": may_ask_for_forecast(by),
        **(shown.progress_of(at_work) if at_work is not None else {}),
        **five_more.context_of(by, form, played, has_forecast=any(not part.too_early for part in parts)),
    }
    return render(request, "desk/forecast/forecast.html", context)


@open_to(Policy.CASEWORK)
@require_POST
def ask_five_more(request: DeskRequest) -> HttpResponse:
    """Ask what five more mentors of a profile would change, in the background; what is not there is said."""
    form = FiveMoreForm(request.POST, actor=request.actor)
    if not form.is_valid():
        return _page(request, form)
    told = form.cleaned_data
    asked = attempt(
        request,
        lambda: ask_for_five_more(
            by=request.actor,
            division_id=told["division"].pk,
            programme_id=told["programme"].pk,
            wanted=form.wanted,
        ),
    )
    return redirect(f"{reverse('desk:forecast')}#five-more") if asked is not None else _page(request, form)


@open_to(Policy.CASEWORK)
def five_more_progress(request: DeskRequest) -> HttpResponse:
    """Answer how far it is; when it has ended, send the page on."""
    target = reverse("desk:forecast")
    if request.headers.get("HX-Request") != "true":
        return redirect(target)
    at_work = five_more.running(request.actor, list(visible_five_more(request.actor)))
    if at_work:
        return render(request, "ui/components/_progress.html", five_more.progress_of(at_work))
    say(request, _("Played through. What five more mentors would change stands at the end of the page."))
    response = HttpResponse()
    response["HX-Redirect"] = target
    return response


@open_to(Policy.CASEWORK)
def table(request: DeskRequest) -> HttpResponse:
    """Give the same numbers as a file: what is hidden on the page is hidden in it."""
    newest = newest_forecast()
    lines = shown.lines_of(request.actor, newest) if newest is not None else []
    lines += five_more.lines_of(visible_five_more(request.actor))
    content = _MARK + csv_bytes(Table(shown.COLUMNS, lines))
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="forecast.csv"'
    return response


@open_to(Policy.LEAD)
@require_POST
def compute(request: DeskRequest) -> HttpResponse:
    """Ask that it be computed anew, in the background."""
    attempt(request, lambda: ask_for_forecast(by=request.actor))
    return redirect("desk:forecast")


@open_to(Policy.CASEWORK)
def progress(request: DeskRequest) -> HttpResponse:
    """Answer how far the work is; when it has ended, send the page on."""
    target = reverse("desk:forecast")
    if request.headers.get("HX-Request") != "true":
        return redirect(target)
    at_work = forecast_at_work()
    if at_work is not None and not at_work.has_stopped(request.actor.at):
        return render(request, "ui/components/_progress.html", shown.progress_of(at_work))
    if at_work is None:
        say(request, _("Computed. It stands here with the numbers that it was read from."))
    response = HttpResponse()
    response["HX-Redirect"] = target
    return response
