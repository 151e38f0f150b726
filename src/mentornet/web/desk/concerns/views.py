"""Quiet words: the list, the page of one, and what is done about it. For all others there is nothing here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Concatenate, Final, ParamSpec
from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentornet.followup import services
from mentornet.followup.enums import ConcernState
from mentornet.followup.models import Concern
from mentornet.followup.queries import notes_of, readable_concerns, reading
from mentornet.followup.rules import may_step
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt
from mentornet.web.desk.concerns import shown
from mentornet.web.desk.concerns.forms import BackForm, NoteForm, ResolveForm
from mentornet.web.desk.people.her_page import her_page
from mentornet.web.ui.toasts import say

PAGE: Final = 25
P = ParamSpec("P")


def _where_it_lies(
    view: Callable[Concatenate[DeskRequest, P], HttpResponse],
) -> Callable[Concatenate[DeskRequest, P], HttpResponse]:
    """Answer where a lead is given what she reads for another division."""

    @wraps(view)
    def answered(request: DeskRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        with reading(request.actor):
            return view(request, *args, **kwargs)

    return answered


@open_to(Policy.CASEWORK)
@_where_it_lies
def concerns(request: DeskRequest) -> HttpResponse:
    """Show the quiet words that she may read, without names: what waits for somebody first."""
    page = Paginator(readable_concerns(request.actor), PAGE).get_page(request.GET.get("page"))
    rows = shown.rows_of(page.object_list, request.actor.at)
    context = {"rows": rows, "page": page, "several_divisions": len(request.actor.casework) > 1}
    return render(request, "desk/concerns/concerns.html", context)


def _concern(request: DeskRequest, concern_id: UUID) -> Concern:
    return get_object_or_404(readable_concerns(request.actor), pk=concern_id)


def _show(request: DeskRequest, concern: Concern, **forms_: forms.Form) -> HttpResponse:
    by = request.actor
    # Only somebody who asks for it reads it: what is opened by a link or by going back shows nothing in confidence.
    is_open = request.method == "POST"
    if is_open:
        services.read_concern(by=by, concern=concern)
    context = {
        "is_open": is_open,
        "concern": concern,
        "person_url": her_page(by, concern.raised_by_id) if is_open else "",
        "pair_url": shown.pair_url(by, concern) if is_open else "",
        "row": shown.row_of(concern, by.at),
        "next_words": shown.NEXT.get(concern.state, ""),
        "events": shown.timeline(concern, notes_of(concern)) if is_open else (),
        "may_take": may_step(by, concern, ConcernState.RAISED, ConcernState.TAKEN),
        "may_resolve": may_step(by, concern, ConcernState.TAKEN, ConcernState.RESOLVED),
        "may_close": may_step(by, concern, ConcernState.RESOLVED, ConcernState.CLOSED),
        "is_mine": shown.is_mine(by, concern),
        "note": forms_.get("note") or NoteForm(),
        "resolve": forms_.get("resolve") or ResolveForm(),
        "back": forms_.get("back") or BackForm(),
    }
    return render(request, "desk/concerns/concern.html", context)


@open_to(Policy.CASEWORK)
@_where_it_lies
def concern(request: DeskRequest, concern_id: UUID) -> HttpResponse:
    """Show that there is a quiet word; asked for by a button, what it says: that it was read is recorded."""
    return _show(request, _concern(request, concern_id))


def _pressed(request: DeskRequest, concern_id: UUID, act: Callable[[Concern], object], done: str) -> HttpResponse:
    """Do what needs no words."""
    one = _concern(request, concern_id)
    if attempt(request, lambda: act(one)) is not None:
        say(request, done)
    return redirect("desk:concern", concern_id=one.pk)


def _written(
    request: DeskRequest,
    concern_id: UUID,
    name: str,
    form: forms.Form,
    act: Callable[[Concern, Mapping[str, str]], object],
    done: str,
) -> HttpResponse:
    """Do what she has written something to, or show the page with what could not be stored."""
    one = _concern(request, concern_id)
    if form.is_valid() and attempt(request, lambda: act(one, form.cleaned_data), form) is not None:
        say(request, done)
        return redirect("desk:concern", concern_id=one.pk)
    one.refresh_from_db()
    return _show(request, one, **{name: form})


@open_to(Policy.CASEWORK)
@_where_it_lies
@require_POST
def take(request: DeskRequest, concern_id: UUID) -> HttpResponse:
    """Take a quiet word."""
    done = _("It is yours. Call her in the way that she has written.")
    return _pressed(request, concern_id, lambda one: services.take_concern(by=request.actor, concern=one), done)


@open_to(Policy.CASEWORK)
@_where_it_lies
@require_POST
def note(request: DeskRequest, concern_id: UUID) -> HttpResponse:
    """Note what was heard or done."""

    def act(one: Concern, data: Mapping[str, str]) -> object:
        return services.add_note(by=request.actor, concern=one, text=data["text"])

    return _written(request, concern_id, "note", NoteForm(request.POST), act, _("Noted."))


@open_to(Policy.CASEWORK)
@_where_it_lies
@require_POST
def resolve(request: DeskRequest, concern_id: UUID) -> HttpResponse:
    """Say what was done."""

    def act(one: Concern, data: Mapping[str, str]) -> object:
        return services.resolve_concern(by=request.actor, concern=one, outcome=data["outcome"])

    done = _("Kept. Now it waits for a second reader.")
    return _written(request, concern_id, "resolve", ResolveForm(request.POST), act, done)


@open_to(Policy.CASEWORK)
@_where_it_lies
@require_POST
def give_back(request: DeskRequest, concern_id: UUID) -> HttpResponse:
    """Give it back: something is missing."""

    def act(one: Concern, data: Mapping[str, str]) -> object:
        return services.give_back(by=request.actor, concern=one, text=data["text"])

    done = _("Given back, with what you have written.")
    return _written(request, concern_id, "back", BackForm(request.POST), act, done)


@open_to(Policy.CASEWORK)
@_where_it_lies
@require_POST
def close(request: DeskRequest, concern_id: UUID) -> HttpResponse:
    """Close it as its second reader."""
    return _pressed(
        request, concern_id, lambda one: services.close_concern(by=request.actor, concern=one), _("Closed.")
    )
