"""Requests about data: the list with the clock, the page of one, taking one down, more time, the answer."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentornet.accounts.queries import user_by_id
from mentornet.divisions.queries import leads_of
from mentornet.privacy.models import Request
from mentornet.privacy.queries import is_carried_out, requests_of_person, visible_requests
from mentornet.privacy.request_rules import latest_extension, may_extend
from mentornet.privacy.services.requesting import close_request, extend_request, take_request_down
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt, posted
from mentornet.web.desk.people.her_page import her_page, known_by
from mentornet.web.desk.requests.forms import CloseForm, ExtendForm, TakeDownForm
from mentornet.web.desk.requests.shown import done_at, row_of, rows_of
from mentornet.web.ui.toasts import say

PAGE: Final = 25
CLOSED: Final = "closed"


@open_to(Policy.CASEWORK)
def requests(request: DeskRequest) -> HttpResponse:
    """Show what somebody waits for, what is due first on top; or what has been answered."""
    by = request.actor
    state = CLOSED if request.GET.get("state") == CLOSED else ""
    found = visible_requests(by)
    listed = found.filter(closed_at__isnull=False).order_by("-closed_at", "pk") if state else None
    page = Paginator(found.filter(closed_at__isnull=True) if listed is None else listed, PAGE).get_page(
        request.GET.get("page")
    )
    address = reverse("desk:requests")
    tabs = [
        {"label": _("Open"), "url": address, "is_current": not state},
        {"label": _("Answered"), "url": f"{address}?state={CLOSED}", "is_current": bool(state)},
    ]
    context = {
        "rows": rows_of(page.object_list, by.today),
        "page": page,
        "tabs": tabs,
        "state": state,
        "several_divisions": len(by.casework) > 1,
    }
    return render(request, "desk/requests/requests.html", context)


def _request(request: DeskRequest, request_id: UUID) -> Request:
    return get_object_or_404(visible_requests(request.actor), pk=request_id)


@open_to(Policy.CASEWORK)
def one_request(request: DeskRequest, request_id: UUID) -> HttpResponse:
    """Show one: what she asks, by when she hears, where it is done, and the form that answers her."""
    return _show(request, _request(request, request_id))


def _show(request: DeskRequest, one: Request, **given: forms.Form) -> HttpResponse:
    by, where = request.actor, done_at(request.actor, one)
    leads = leads_of(one.division_id, by.today) if where.is_for_leads else []
    context = {
        "one": one,
        "row": row_of(one, by.today),
        "person_url": her_page(by, one.person_id),
        "done_at": where,
        "leads": [user.name for key in leads if (user := user_by_id(key)) is not None],
        "is_done": one.is_open and is_carried_out(one),
        "extendable": may_extend(by, one),
        "latest": latest_extension(one),
        "extend": given.get("extend") or ExtendForm(initial={"until": latest_extension(one)}),
        "close": given.get("close") or CloseForm(),
    }
    return render(request, "desk/requests/request.html", context)


@open_to(Policy.CASEWORK)
@require_POST
def extend(request: DeskRequest, request_id: UUID) -> HttpResponse:
    """Give it more time, and tell her."""
    one, form = _request(request, request_id), ExtendForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        done = attempt(
            request,
            lambda: extend_request(by=request.actor, request=one, until=told["until"], reason=told["reason"]),
            form,
        )
        if done is not None:
            say(request, _("She is told that it takes longer, until when, and why."))
            return redirect("desk:request", request_id=one.pk)
        one.refresh_from_db()
    return _show(request, one, extend=form)


@open_to(Policy.CASEWORK)
@require_POST
def close(request: DeskRequest, request_id: UUID) -> HttpResponse:
    """Answer her. Twice is once: the second one is shown what was answered."""
    one, form = _request(request, request_id), CloseForm(request.POST)
    if not one.is_open:
        say(request, _("This has been answered already."), tone="info")
        return redirect("desk:request", request_id=one.pk)
    if form.is_valid():
        told = form.cleaned_data
        done = attempt(
            request,
            lambda: close_request(by=request.actor, request=one, outcome=told["outcome"], answer=told["answer"]),
            form,
        )
        if done is not None:
            say(request, _("Answered. She gets a letter that leads her to your words."))
            return redirect("desk:requests")
        one.refresh_from_db()
    return _show(request, one, close=form)


@open_to(Policy.CASEWORK)
def take_down(request: DeskRequest, person_id: UUID) -> HttpResponse:
    """Take down what somebody has asked by letter, telephone or face to face."""
    by, known = request.actor, known_by(request.actor, person_id)
    if known is None:
        raise Http404
    form = TakeDownForm(posted(request), initial={"received_on": by.today})
    if request.method == "POST" and form.is_valid():
        told = {name: value for name, value in form.cleaned_data.items() if name != "is_she"}
        made = attempt(
            request,
            lambda: take_request_down(by=by, person=known.person, division_id=known.division_id, **told),
            form,
        )
        if made is not None:
            say(request, _("Taken down. She gets a letter that says by when she hears."))
            return redirect("desk:request", request_id=made.pk)
    context = {
        "person": known.person,
        "person_url": her_page(by, person_id),
        "form": form,
        "rows": rows_of(requests_of_person(by, person_id), by.today),
    }
    return render(request, "desk/requests/take_down.html", context)
