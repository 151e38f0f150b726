"""Whose time is over soon, for those who work with them; and holding one of them back."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentornet.divisions.queries import divisions_of
from mentornet.people.models import Person
from mentornet.privacy.due import going_within
from mentornet.privacy.ends import hold_of
from mentornet.privacy.register import named_among
from mentornet.privacy.services.keeping import hold_back, let_go
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt, posted
from mentornet.web.desk.data_protection.forms import HoldForm
from mentornet.web.desk.people.her_page import her_page, known_by
from mentornet.web.ui.toasts import say

USUAL = timedelta(days=183)


@open_to(Policy.CASEWORK)
def soon(request: DeskRequest, division_id: UUID) -> HttpResponse:
    """Show whom a division loses within a month."""
    by = request.actor
    division = get_object_or_404(divisions_of(by), pk=division_id)
    context = {"division": division, "rows": named_among(by, going_within(by.today), division_id=division.pk)}
    return render(request, "desk/data_protection/soon.html", context)


def _person(request: DeskRequest, person_id: UUID) -> Person:
    known = known_by(request.actor, person_id)
    if known is None:
        raise Http404
    return known.person


@open_to(Policy.CASEWORK)
def hold(request: DeskRequest, person_id: UUID) -> HttpResponse:
    """Keep what is known of somebody past its time."""
    person, by = _person(request, person_id), request.actor
    form = HoldForm(posted(request), initial={"until": by.today + USUAL})
    if request.method == "POST" and form.is_valid():
        held = attempt(request, lambda: hold_back(by=by, person=person, author_name=by.name, **form.cleaned_data), form)
        if held is not None:
            say(request, _("She is held back until that day."))
            return redirect("desk:person_hold", person_id=person.pk)
    context = {
        "person": person,
        "person_url": her_page(by, person.pk),
        "hold": hold_of(person.pk, by.today),
        "form": form,
    }
    return render(request, "desk/data_protection/hold.html", context, status=422 if form.errors else 200)


@open_to(Policy.CASEWORK)
@require_POST
def end(request: DeskRequest, person_id: UUID) -> HttpResponse:
    """Take a hold back."""
    person, by = _person(request, person_id), request.actor
    held = hold_of(person.pk, by.today)
    if held is None:
        say(request, _("That hold has been taken back already."), tone="info")
    elif attempt(request, lambda: let_go(by=by, hold=held)) is not None:
        say(request, _("She is held back no longer."))
    return redirect("desk:person_hold", person_id=person.pk)
