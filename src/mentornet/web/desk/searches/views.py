"""Searches of the actor's divisions: the list, beginning one, asking, and what came of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy
from django.views.decorators.http import require_POST

from mentornet.intake.models import Enrolment
from mentornet.intake.queries import visible_enrolments
from mentornet.people.enums import Role
from mentornet.sourcing import services
from mentornet.sourcing.enums import SearchState
from mentornet.sourcing.models import Search
from mentornet.sourcing.queries import (
    askable_contacts,
    askable_prospects,
    askings_of,
    begun_through,
    came_of,
    open_search_for,
    searches_by_state,
    visible_searches,
)
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt, posted
from mentornet.web.desk.searches import shown
from mentornet.web.desk.searches.forms import CloseForm, DayForm, SearchForm, slots_of, stated_of
from mentornet.web.ui import briefs
from mentornet.web.ui.toasts import say

PAGE: Final = 25
USUALLY: Final = timedelta(days=14)
_TABS: Final[tuple[tuple[str, str | Promise], ...]] = (
    (SearchState.OPEN, pgettext_lazy("searches", "Going on")),
    (SearchState.DRAFT, pgettext_lazy("searches", "Not sent yet")),
    (SearchState.CLOSED, pgettext_lazy("searches", "Closed")),
)


@open_to(Policy.CASEWORK)
def searches(request: DeskRequest) -> HttpResponse:
    """List searches by how they stand, the nearest day first, with how many were asked and have answered."""
    every = visible_searches(request.actor)
    counts = searches_by_state(every)
    state = request.GET.get("state", "")
    state = state if state in SearchState.values else SearchState.OPEN
    page = Paginator(every.filter(state=state), PAGE).get_page(request.GET.get("page"))
    tabs = [
        {"label": label, "url": "?" + urlencode({"state": name}), "is_current": name == state,
         "count": counts.get(name, 0)}
        for name, label in _TABS
    ]  # fmt: skip
    rows = [(one, briefs.lines(one.brief), *shown.TONES[one.state]) for one in page.object_list]
    context = {"rows": rows, "page": page, "tabs": tabs, "today": request.actor.today}
    return render(request, "desk/searches/searches.html", context)


def _mentee(request: DeskRequest) -> Enrolment | None:
    """Return for whom a search begins, if for one; 404 for somebody who is not there."""
    key = request.GET.get("mentee", "")
    if not key:
        return None
    try:
        wanted = UUID(key)
    except ValueError as error:
        raise Http404 from error
    mentees = visible_enrolments(request.actor).filter(role=Role.MENTEE).prefetch_related("person__languages")
    return get_object_or_404(mentees, pk=wanted)


@open_to(Policy.CASEWORK)
def new(request: DeskRequest) -> HttpResponse:
    """Say which mentor is looked for, for a waiting woman or for a profile; then see how the brief is widened."""
    by, mentee = request.actor, _mentee(request)
    if mentee is not None and (known := open_search_for(mentee)) is not None:
        return redirect("desk:search", sought_id=known.pk)
    initial: dict[str, Any] = {"due_on": by.today + USUALLY}
    if mentee is not None:
        initial |= stated_of(mentee)
    else:
        asked = {
            "division": request.GET.get("division", ""),
            "programme": request.GET.get("programme", ""),
            "occupation": request.GET.get("occupation", ""),
            "language": request.GET.get("language", ""),
            "times": slots_of(request.GET.getlist("time")),
            "meeting": request.GET.get("way", ""),
        }
        # What is not said leaves the form its own beginning.
        initial |= {name: value for name, value in asked.items() if value}
    form = SearchForm(posted(request), actor=by, mentee=mentee, initial=initial)
    if form.is_valid():
        told = form.cleaned_data
        begun = attempt(
            request,
            lambda: services.begin_search(
                by=by,
                division=told["division"],
                programme=told["programme"],
                brief=form.brief,
                due_on=told["due_on"],
                mentee=mentee,
            ),
            form,
        )
        if begun is not None:
            return redirect("desk:search", sought_id=begun.pk)
    context = {"form": form, "mentee": mentee}
    return render(request, "desk/searches/new.html", context, status=422 if form.errors else 200)


def _search(request: DeskRequest, sought_id: UUID) -> Search:
    return get_object_or_404(visible_searches(request.actor), pk=sought_id)


def _page(request: DeskRequest, found: Search, **more: Any) -> HttpResponse:
    by = request.actor
    can_ask = found.state != SearchState.CLOSED
    context = {
        "search": found,
        "lines": briefs.lines(found.brief),
        "steps": shown.steps(found),
        "tone": shown.TONES[found.state],
        "asked": shown.asked(askings_of(by, found)) if found.sent_at else [],
        "came": shown.came(came_of(found, by)) if found.sent_at else [],
        "begun": begun_through(found, by) if found.sent_at else None,
        "contacts": askable_contacts(by, found) if can_ask else [],
        "experts": askable_prospects(by, found) if can_ask else [],
        "day_form": DayForm(initial={"due_on": found.due_on}),
        "close_form": CloseForm(),
        "ticked": set(request.POST.getlist("contact")) | set(request.POST.getlist("prospect")),
        "is_first": request.method != "POST",
        **more,
    }
    return render(request, "desk/searches/search.html", context, status=422 if more else 200)


@open_to(Policy.CASEWORK)
def search(request: DeskRequest, sought_id: UUID) -> HttpResponse:
    """Show a search: what is looked for and how it became that, whom to ask, what was answered, who has come."""
    return _page(request, _search(request, sought_id))


@open_to(Policy.CASEWORK)
@require_POST
def send(request: DeskRequest, sought_id: UUID) -> HttpResponse:
    """Ask those who are ticked."""
    by, found = request.actor, _search(request, sought_id)
    chosen = set(request.POST.getlist("contact")) | set(request.POST.getlist("prospect"))
    contacts: list[Any] = [one.whom for one in askable_contacts(by, found) if str(one.whom.pk) in chosen]
    experts: list[Any] = [one.whom for one in askable_prospects(by, found) if str(one.whom.pk) in chosen]
    made = attempt(request, lambda: services.send_search(by=by, search=found, contacts=contacts, prospects=experts))
    if made is not None:
        count = len(made)
        words = ngettext("%(count)s is asked. The letter leaves in a minute.",
                         "%(count)s are asked. The letters leave in a minute.", count)  # fmt: skip
        say(request, words % {"count": count})
    return redirect("desk:search", sought_id=found.pk)


@open_to(Policy.CASEWORK)
@require_POST
def widen(request: DeskRequest, sought_id: UUID) -> HttpResponse:
    """Count again who waits, and leave out what is ticked besides."""
    found = _search(request, sought_id)
    without = request.POST.getlist("without")
    done = attempt(request, lambda: services.widen_again(by=request.actor, search=found, without=without))
    if done is not None:
        words = ngettext("The brief fits %(count)s who waits.", "The brief fits %(count)s who wait.", done.fits)
        say(request, words % {"count": done.fits})
    return redirect("desk:search", sought_id=found.pk)


@open_to(Policy.CASEWORK)
@require_POST
def day(request: DeskRequest, sought_id: UUID) -> HttpResponse:
    """Give a search another day."""
    found = _search(request, sought_id)
    form = DayForm(request.POST)
    if not form.is_valid():
        return _page(request, found, day_form=form)
    due_on = form.cleaned_data["due_on"]
    if attempt(request, lambda: services.move_due(by=request.actor, search=found, due_on=due_on), form) is None:
        return _page(request, found, day_form=form)
    say(request, _("Noted. Whoever has not answered is reminded once more."))
    return redirect("desk:search", sought_id=found.pk)


@open_to(Policy.CASEWORK)
@require_POST
def close(request: DeskRequest, sought_id: UUID) -> HttpResponse:
    """Close a search."""
    found = _search(request, sought_id)
    form = CloseForm(request.POST)
    if not form.is_valid():
        return _page(request, found, close_form=form)
    because = form.cleaned_data["because"]
    if attempt(request, lambda: services.close_search(by=request.actor, search=found, because=because)) is not None:
        say(request, _("Closed. Nobody is asked any more; whoever has begun to write goes on."))
    return redirect("desk:search", sought_id=found.pk)


@open_to(Policy.CASEWORK)
@require_POST
def reopen(request: DeskRequest, sought_id: UUID) -> HttpResponse:
    """Take back that a search was closed."""
    found = _search(request, sought_id)
    if attempt(request, lambda: services.reopen_search(by=request.actor, search=found)) is not None:
        say(request, _("The search goes on where it was."))
    return redirect("desk:search", sought_id=found.pk)


@open_to(Policy.CASEWORK)
@require_POST
def discard(request: DeskRequest, sought_id: UUID) -> HttpResponse:
    """Throw away a search that nobody has sent."""
    found = _search(request, sought_id)

    def thrown_away() -> bool:
        services.discard_search(by=request.actor, search=found)
        return True

    if attempt(request, thrown_away) is None:
        return redirect("desk:search", sought_id=found.pk)
    say(request, _("Thrown away. Nobody was asked."))
    return redirect("desk:searches")
