"""Mentors of other divisions: looking for one, asking, answering, and the list of what was asked."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentornet.common.spoken import reference_language
from mentornet.divisions.queries import divisions_of
from mentornet.intake.models import Enrolment
from mentornet.intake.queries import visible_enrolments
from mentornet.matching import services
from mentornet.matching.lending import others_of
from mentornet.matching.loan_queries import asked_by, asked_of, loans_for, parts_of_divisions, people_of, visible_loans
from mentornet.matching.models import Loan
from mentornet.matching.rules import may_match
from mentornet.people.enums import Role
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt, posted
from mentornet.web.desk.loans import shown
from mentornet.web.desk.loans.forms import AskForm, DeclineForm, ReleaseForm
from mentornet.web.ui.toasts import say

PAGE: Final = 20
LISTED: Final = 25


def _mentee(request: DeskRequest, mentee_id: UUID) -> Enrolment:
    return get_object_or_404(visible_enrolments(request.actor), pk=mentee_id, role=Role.MENTEE)


def _loan(request: DeskRequest, loan_id: UUID) -> Loan:
    return get_object_or_404(visible_loans(request.actor), pk=loan_id)


def _rows(request: DeskRequest, loans: list[Loan]) -> list[shown.Row]:
    people = people_of(request.actor, loans)
    return [shown.row_of(request.actor, one, people) for one in loans]


@open_to(Policy.CASEWORK)
def loans(request: DeskRequest) -> HttpResponse:
    """List what was asked of one's divisions, or by them; and in how many pairs each has a part."""
    by = request.actor
    is_by_us = request.GET.get("by") == "us"
    listed = visible_loans(by).filter(asked_by(by) if is_by_us else asked_of(by))
    page = Paginator(listed, LISTED).get_page(request.GET.get("page"))
    parts, total = parts_of_divisions(by)
    context = {
        "rows": _rows(request, list(page.object_list)),
        "page": page,
        "is_by_us": is_by_us,
        "tabs": [
            {"label": _("Asked of us"), "url": "?", "is_current": not is_by_us},
            {"label": _("Asked by us"), "url": "?by=us", "is_current": is_by_us},
        ],
        "parts": [{"division": one.name, "parts": parts[one.pk]} for one in divisions_of(by)],
        "total": total,
    }
    return render(request, "desk/loans/loans.html", context)


@open_to(Policy.CASEWORK)
def search(request: DeskRequest, mentee_id: UUID) -> HttpResponse:
    """Show what other divisions' banks hold for one mentee: nobody by herself, of five alike the best."""
    by, mentee = request.actor, _mentee(request, mentee_id)
    others = others_of(by)
    allowed = may_match(by, mentee)
    offered = (services.look_beyond(by=by, mentee=mentee) if others else []) if allowed else []
    names = shown.names_of(others)
    chosen = {facet: request.GET.get(facet, "") for facet in shown.FACETS}
    found = shown.chosen_among(offered or [], chosen)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "mentee": mentee,
        "why_not": "" if allowed else allowed.reason,
        "is_unranked": offered is None,
        "works_everywhere": not others,
        "lines": [shown.line_of(one, mentee, names) for one in page.object_list],
        "page": page,
        "count": len(found),
        "is_narrowed": any(chosen.values()),
        "selects": shown.selects_of(offered or [], chosen, names),
        "asked": _rows(request, list(loans_for(by, mentee))),
        "words_language": reference_language(),
    }
    return render(request, "desk/loans/search.html", context)


@open_to(Policy.CASEWORK)
def ask(request: DeskRequest, mentee_id: UUID) -> HttpResponse:
    """Ask for whoever is behind a line."""
    by, mentee = request.actor, _mentee(request, mentee_id)
    handle = request.POST.get("line", "") or request.GET.get("line", "")
    form = AskForm(posted(request))
    if form.is_valid():
        made = attempt(
            request,
            lambda: services.ask_for_loan(by=by, mentee=mentee, handle=handle, reason=form.cleaned_data["reason"]),
            form,
        )
        if made is not None:
            say(request, _("Asked. Her division finds it on its Today, and you on yours when it has answered."))
            return redirect("desk:loan", loan_id=made.pk)
    offered = services.look_beyond(by=by, mentee=mentee) if may_match(by, mentee) else None
    line = next((one for one in offered or () if one.handle == handle), None)
    context = {
        "mentee": mentee,
        "form": form,
        "handle": handle,
        "line": shown.line_of(line, mentee, shown.names_of(others_of(by))) if line is not None else None,
        "words_language": reference_language(),
    }
    return render(request, "desk/loans/ask.html", context, status=422 if form.errors else 200)


@open_to(Policy.CASEWORK)
def loan(request: DeskRequest, loan_id: UUID) -> HttpResponse:
    """Show one loan: what was asked, what was answered, and what can be done."""
    return _page(request, _loan(request, loan_id))


def _page(request: DeskRequest, one: Loan, **bound: Any) -> HttpResponse:
    by = request.actor
    (row,) = _rows(request, [one])
    told = row.told
    wrong = next((form for form in bound.values() if form.errors), None)
    context = {
        "row": row,
        "loan": one,
        "facts": shown.facts_of(told, {one.lender_id: one.lender.name}) if told else [],
        "fit": [shown.total_of(told), *shown.fit_of(told)] if told else [],
        "next": shown.next_of(row),
        "release_form": bound.get("release") or ReleaseForm(today=by.today),
        "decline_form": bound.get("decline") or DeclineForm(),
        "wrong": wrong,
        "words_language": reference_language(),
    }
    return render(request, "desk/loans/loan.html", context, status=422 if wrong else 200)


@open_to(Policy.CASEWORK)
@require_POST
def release(request: DeskRequest, loan_id: UUID) -> HttpResponse:
    """Release a mentor to the division that asks."""
    one = _loan(request, loan_id)
    form = ReleaseForm(request.POST, today=request.actor.today)
    if form.is_valid():
        told = form.cleaned_data
        made = attempt(
            request,
            lambda: services.release_loan(by=request.actor, loan=one, answer=told["answer"], until=told["until"]),
            form,
        )
        if made is not None:
            say(request, _("Released. The other division sees who she is now, and may propose her."))
            return redirect("desk:loan", loan_id=one.pk)
    return _page(request, _loan(request, loan_id), release=form)


@open_to(Policy.CASEWORK)
@require_POST
def decline(request: DeskRequest, loan_id: UUID) -> HttpResponse:
    """Do not release her, and say why."""
    one = _loan(request, loan_id)
    form = DeclineForm(request.POST)
    if form.is_valid():
        made = attempt(
            request,
            lambda: services.decline_loan(by=request.actor, loan=one, answer=form.cleaned_data["answer"]),
            form,
        )
        if made is not None:
            say(request, _("Answered. The other division reads why, and still not who she is."))
            return redirect("desk:loan", loan_id=one.pk)
    return _page(request, _loan(request, loan_id), decline=form)


@open_to(Policy.CASEWORK)
@require_POST
def take_back(request: DeskRequest, loan_id: UUID) -> HttpResponse:
    """Take back what was asked or released."""
    one = _loan(request, loan_id)
    if attempt(request, lambda: services.take_loan_back(by=request.actor, loan=one)) is not None:
        say(request, _("Taken back."))
    return redirect("desk:loan", loan_id=one.pk)
