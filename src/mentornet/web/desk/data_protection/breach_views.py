"""Breaches: reported by anybody, seen to by the officer and the leads, closed by a second reader."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentornet.divisions.models import Division
from mentornet.divisions.queries import all_divisions, divisions_of
from mentornet.divisions.rules import may_oversee_data
from mentornet.privacy.models import Breach
from mentornet.privacy.oversight import may_close, may_handle
from mentornet.privacy.register import visible_breaches
from mentornet.privacy.services.breaching import (
    close_breach,
    give_breach_back,
    report_breach,
    settle_breach,
    write_breach,
)
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt, posted
from mentornet.web.desk.data_protection.forms import BreachForm, ReportForm
from mentornet.web.desk.data_protection.shown import breach_row, breach_rows
from mentornet.web.ui.toasts import say

PAGE: Final = 25


def _divisions(request: DeskRequest) -> QuerySet[Division]:
    return all_divisions() if may_oversee_data(request.actor) else divisions_of(request.actor)


@open_to(Policy.STAFF)
def breaches(request: DeskRequest) -> HttpResponse:
    """Show the breaches that she reads."""
    page = Paginator(visible_breaches(request.actor), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": breach_rows(page.object_list, request.actor.at),
        "oversees": may_oversee_data(request.actor),
    }
    return render(request, "desk/data_protection/breaches.html", context)


@open_to(Policy.STAFF)
def report(request: DeskRequest) -> HttpResponse:
    """Report that something may have gone wrong."""
    by = request.actor
    form = ReportForm(posted(request), divisions=_divisions(request), initial={"found_at": by.at, "found_by": by.name})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        reported = attempt(
            request,
            lambda: report_breach(
                by=by,
                found_at=given["found_at"],
                found_by=given["found_by"],
                happened=given["happened"],
                division_id=given["division"].pk if given["division"] else None,
                author_name=by.name,
            ),
            form,
        )
        if reported is not None:
            say(request, _("Thank you. The data-protection officer and the leads see it from now on."))
            return redirect("desk:breach", breach_id=reported.pk)
    return render(
        request, "desk/data_protection/breach_report.html", {"form": form}, status=422 if form.errors else 200
    )


def _breach(request: DeskRequest, breach_id: UUID) -> Breach:
    return get_object_or_404(visible_breaches(request.actor), pk=breach_id)


@open_to(Policy.STAFF)
def breach(request: DeskRequest, breach_id: UUID) -> HttpResponse:
    """Show a breach."""
    found, by = _breach(request, breach_id), request.actor
    context = {
        "breach": found,
        "row": breach_row(found, by.at),
        "may_write": bool(may_handle(by, found)) and found.settled_at is None,
        "may_give_back": bool(may_handle(by, found)) and found.settled_at is not None and found.closed_at is None,
        "may_close": bool(may_close(by, found)) and found.closed_at is None,
        "is_mine": found.settled_by == by.key,
    }
    return render(request, "desk/data_protection/breach.html", context)


@open_to(Policy.STAFF)
def write(request: DeskRequest, breach_id: UUID) -> HttpResponse:
    """Write down what is known of a breach, and what was done."""
    found, by = _breach(request, breach_id), request.actor
    form = BreachForm(posted(request), initial={name: getattr(found, name) for name in BreachForm.base_fields})
    if request.method == "POST" and form.is_valid():
        written = attempt(request, lambda: write_breach(by=by, breach=found, facts=form.cleaned_data), form)
        if written is not None:
            say(request, _("Saved."))
            return redirect("desk:breach", breach_id=found.pk)
    context = {"form": form, "breach": found, "row": breach_row(found, by.at), "may": may_handle(by, found)}
    return render(request, "desk/data_protection/breach_write.html", context, status=422 if form.errors else 200)


def _pressed(request: DeskRequest, breach_id: UUID, act: Callable[[Breach], object], done: str) -> HttpResponse:
    found = _breach(request, breach_id)
    if attempt(request, lambda: act(found)) is not None:
        say(request, done)
    return redirect("desk:breach", breach_id=found.pk)


@open_to(Policy.STAFF)
@require_POST
def settle(request: DeskRequest, breach_id: UUID) -> HttpResponse:
    """Say that all is done."""
    by = request.actor
    return _pressed(
        request,
        breach_id,
        lambda found: settle_breach(by=by, breach=found, author_name=by.name),
        _("A second person reads it now, and closes it."),
    )


@open_to(Policy.STAFF)
@require_POST
def back(request: DeskRequest, breach_id: UUID) -> HttpResponse:
    """Say that something is still to be done."""
    by = request.actor
    return _pressed(
        request, breach_id, lambda found: give_breach_back(by=by, breach=found), _("It can be written in again.")
    )


@open_to(Policy.STAFF)
@require_POST
def close(request: DeskRequest, breach_id: UUID) -> HttpResponse:
    """Close it, as its second reader."""
    by = request.actor
    return _pressed(
        request, breach_id, lambda found: close_breach(by=by, breach=found, author_name=by.name), _("It is closed.")
    )


@open_to(Policy.STAFF)
def paper(request: DeskRequest, breach_id: UUID) -> HttpResponse:
    """Show a breach as it is put on file, or sent to the authority."""
    found = _breach(request, breach_id)
    context = {"breach": found, "row": breach_row(found, request.actor.at), "printed_at": request.actor.at}
    return render(request, "desk/data_protection/breach_print.html", context)
