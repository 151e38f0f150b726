"""Handing cases over: whose there are, the form, and the page of what was handed over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from mentornet.accounts.models import User
from mentornet.divisions.models import Division
from mentornet.divisions.queries import (
    divisions_of,
    divisions_worked_in,
    has_worked_in,
    marked_away,
    staff_at_work,
    users_by_id,
)
from mentornet.followup import services
from mentornet.followup.models import Handover
from mentornet.followup.queries import case_counts, cases_of, places_of_handover, visible_handovers
from mentornet.followup.rules import may_hand_over, may_take_handover_back
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt, posted
from mentornet.web.desk.handovers import shown
from mentornet.web.desk.handovers.forms import HandOverForm
from mentornet.web.ui.toasts import say

PAGE: Final = 25


@open_to(Policy.CASEWORK)
def handovers(request: DeskRequest) -> HttpResponse:
    """Show who has how many cases, and what was handed over."""
    by = request.actor
    counts = case_counts(by)
    names = users_by_id({user_id for user_id, _division, _count in counts})
    places = {one.pk: one for one in divisions_of(by)}
    rows: list[dict[str, Any]] = [
        {
            "user": names[user_id],
            "division": places[division_id],
            "count": count,
            "may": bool(may_hand_over(by, user_id, division_id)),
            "is_here": names[user_id].is_active,
            "is_mine": user_id == by.user_id,
        }
        for user_id, division_id, count in counts
        if user_id in names and division_id in places
    ]
    rows.sort(key=lambda row: (not row["is_mine"], row["division"].name, row["user"].name))
    page = Paginator(visible_handovers(by), PAGE).get_page(request.GET.get("page"))
    context = {"rows": rows, "page": page, "handovers": page.object_list, "several_divisions": len(places) > 1}
    return render(request, "desk/handovers/handovers.html", context)


def _whose(request: DeskRequest, user_id: UUID, division_id: UUID) -> tuple[User, Division]:
    """Return whose cases they are, and where: for everybody who may not hand them over there is nothing here."""
    former = users_by_id([user_id]).get(user_id)
    if former is None:
        raise Http404
    division = get_object_or_404(divisions_of(request.actor), pk=division_id)
    if not may_hand_over(request.actor, user_id, division_id) or not has_worked_in(user_id, division_id):
        raise Http404
    return former, division


@open_to(Policy.CASEWORK)
def hand_over(request: DeskRequest, user_id: UUID, division_id: UUID) -> HttpResponse:
    """Choose which cases go to whom; then hand them over."""
    by = request.actor
    former, division = _whose(request, user_id, division_id)
    places = list(cases_of(by, former.pk, division.pk))
    colleagues = marked_away(staff_at_work(by.today, [division.pk]).exclude(pk=former.pk), by.today)
    has_left = not former.is_active or division.pk not in divisions_worked_in(former.pk, by.today)
    form = HandOverForm(posted(request), colleagues=colleagues, initial={"with_talks": has_left})
    ticked = set(request.POST.getlist("place"))
    if form.is_valid():
        chosen = [one for one in places if str(one.pk) in ticked]
        made = None
        if form.cleaned_data["which"] == "ticked" and not chosen:
            form.add_error("which", _("Tick at least one case below."))
        elif form.cleaned_data["which"] == "all" and 0 < len(chosen) < len(places):
            # Who has ticked some would find all of them gone.
            form.add_error("which", _("You have ticked some of the cases. Choose whether those alone go, or all."))
        else:
            made = attempt(request, lambda: _do(request, form, former, division, chosen), form)
        if made is not None:
            given = chosen if form.cleaned_data["which"] == "ticked" else places
            return _handed_over(request, made, shown.kept_back(given, sum(one.count for one in made)))
    context = {
        "former": former,
        "division": division,
        "form": form,
        "cases": shown.cases(by, places),
        "ticked": ticked,
        "has_left": has_left,
        "is_mine": former.pk == by.user_id,
    }
    return render(request, "desk/handovers/new.html", context, status=422 if form.errors else 200)


def _do(
    request: DeskRequest, form: HandOverForm, former: User, division: Division, chosen: Sequence[Any]
) -> list[Handover]:
    told = form.cleaned_data
    return services.hand_over_cases(
        by=request.actor,
        former=former,
        receivers=list(told["receivers"]),
        division=division,
        places=[one.pk for one in chosen] if told["which"] == "ticked" else None,
        with_talks=told["with_talks"],
        writes=told["writes"],
        note=told["note"],
    )


def _handed_over(request: DeskRequest, made: Sequence[Handover], left: str) -> HttpResponse:
    count = sum(one.count for one in made)
    words = ngettext("%(count)s case handed over.", "%(count)s cases handed over.", count) % {"count": count}
    say(request, f"{words} {left}".strip())
    if len(made) == 1:
        return redirect("desk:handover", handover_id=made[0].pk)
    return redirect("desk:handovers")


def _handover(request: DeskRequest, handover_id: UUID) -> Handover:
    return get_object_or_404(visible_handovers(request.actor), pk=handover_id)


@open_to(Policy.CASEWORK)
def handover(request: DeskRequest, handover_id: UUID) -> HttpResponse:
    """Show what was handed over: each case with what waits first."""
    by, one = request.actor, _handover(request, handover_id)
    context = {
        "handover": one,
        "cases": shown.cases(by, places_of_handover(by, one)),
        "may_take_back": may_take_handover_back(by, one),
        "is_mine": one.receiver_id == by.user_id,
    }
    return render(request, "desk/handovers/handover.html", context)


@open_to(Policy.CASEWORK)
@require_POST
def take_back(request: DeskRequest, handover_id: UUID) -> HttpResponse:
    """Take a handover back: all is as it was before."""
    one = _handover(request, handover_id)
    count = attempt(request, lambda: services.take_handover_back(by=request.actor, handover=one))
    if count is not None:
        words = ngettext("Taken back: %(count)s case.", "Taken back: %(count)s cases.", count) % {"count": count}
        say(request, words)
    return redirect("desk:handover", handover_id=one.pk)
