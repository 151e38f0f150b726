"""Letting somebody's data rest, telling her before it ends, and what she objects to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from mentornet.partnerships.queries import partnerships_of_person
from mentornet.people.enums import ObjectionPurpose
from mentornet.people.models import Person
from mentornet.people.queries import objections_of, restriction_of
from mentornet.privacy.enums import RequestKind
from mentornet.privacy.queries import requests_of_person
from mentornet.privacy.services.objecting import object_no_more, object_to
from mentornet.privacy.services.restricting import lift_restriction, restrict_data, tell_that_rest_ends
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt
from mentornet.web.desk.people.her_page import her_page, known_by
from mentornet.web.desk.requests.forms import EndsForm, RestForm
from mentornet.web.ui.toasts import say

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

WHAT_HAPPENS: Final[dict[str, _StrOrPromise]] = {
    ObjectionPurpose.RANKING: gettext_lazy(
        "She stands in no list that the program puts in order, as a mentee and as a mentor. A coordinator chooses for "
        "her by hand, which may take longer. The rules, such as a language that both speak, are asked as ever."
    ),
    ObjectionPurpose.STATISTICS: gettext_lazy("She, and her partnerships, are left out of the figures that are shown."),
    ObjectionPurpose.NEWS: gettext_lazy(
        "She gets no letters that tell only that we have not forgotten her, and no reminders. What she has to know, "
        "she is still told."
    ),
}


def _person(request: DeskRequest, person_id: UUID) -> Person:
    known = known_by(request.actor, person_id)
    if known is None:
        raise Http404
    return known.person


@open_to(Policy.CASEWORK)
def rest(request: DeskRequest, person_id: UUID) -> HttpResponse:
    """Say what it means that her data rest; let them rest, tell her that it ends, or end it at her wish."""
    return _rest(request, _person(request, person_id))


def _rest(request: DeskRequest, person: Person, **given: forms.Form) -> HttpResponse:
    by = request.actor
    context = {
        "person": person,
        "person_url": her_page(by, person.pk),
        "restriction": restriction_of(person.pk),
        "running": [one for one in partnerships_of_person(by, person.pk) if one.is_running],
        "form": given.get("form") or RestForm(),
        "ends": given.get("ends") or EndsForm(),
    }
    return render(request, "desk/requests/rest.html", context)


@open_to(Policy.CASEWORK)
@require_POST
def begin(request: DeskRequest, person_id: UUID) -> HttpResponse:
    """Let her data rest."""
    person, form = _person(request, person_id), RestForm(request.POST)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(request, lambda: restrict_data(by=request.actor, person=person, reason=reason), form) is not None:
            say(request, _("Her data rest now. Tell her, and answer her request."))
            return _on(request, person, RequestKind.RESTRICTION, "desk:person_rest")
    return _rest(request, person, form=form)


def _on(request: DeskRequest, person: Person, kind: RequestKind, page: str) -> HttpResponse:
    # Done is what she has asked for: next she is answered.
    asked = requests_of_person(request.actor, person.pk).filter(kind=kind, closed_at__isnull=True).first()
    return redirect(page, person_id=person.pk) if asked is None else redirect("desk:request", request_id=asked.pk)


@open_to(Policy.CASEWORK)
@require_POST
def announce(request: DeskRequest, person_id: UUID) -> HttpResponse:
    """Tell her from which day on her data are used again."""
    person, form = _person(request, person_id), EndsForm(request.POST)
    if (standing := restriction_of(person.pk)) is None:
        return _ended(request, person)
    if form.is_valid():
        day = form.cleaned_data["day"]
        told = attempt(request, lambda: tell_that_rest_ends(by=request.actor, restriction=standing, day=day), form)
        if told is not None:
            say(request, _("She gets a letter. On that day it ends by itself."))
            return redirect("desk:person_rest", person_id=person.pk)
    return _rest(request, person, ends=form)


@open_to(Policy.CASEWORK)
@require_POST
def lift(request: DeskRequest, person_id: UUID) -> HttpResponse:
    """End it, since she has said so herself."""
    person = _person(request, person_id)
    if (standing := restriction_of(person.pk)) is None:
        return _ended(request, person)
    if attempt(request, lambda: lift_restriction(by=request.actor, restriction=standing, at_her_wish=True)) is not None:
        return _ended(request, person)
    return redirect("desk:person_rest", person_id=person.pk)


def _ended(request: DeskRequest, person: Person) -> HttpResponse:
    # Also where the button was pressed twice, or a colleague was faster.
    say(request, _("Her data are used again."))
    return redirect("desk:person_rest", person_id=person.pk)


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that she can object to."""

    purpose: str
    name: str
    words: str
    since: object


@open_to(Policy.CASEWORK)
def objections(request: DeskRequest, person_id: UUID) -> HttpResponse:
    """Show what she objects to; note one at her word, or that she does no longer."""
    person, by = _person(request, person_id), request.actor
    if request.method == "POST":
        if _note(request, person):
            return _on(request, person, RequestKind.OBJECTION, "desk:person_objections")
        return redirect("desk:person_objections", person_id=person.pk)
    standing = objections_of(person.pk)
    rows = [
        Row(one.value, str(one.label), str(WHAT_HAPPENS[one]), standing[one].created_at if one in standing else None)
        for one in ObjectionPurpose
    ]
    context = {"person": person, "person_url": her_page(by, person.pk), "rows": rows}
    return render(request, "desk/requests/objections.html", context)


def _note(request: DeskRequest, person: Person) -> bool:
    """Note what is sent; tell whether it is a no."""
    by, purpose = request.actor, request.POST.get("purpose", "")
    if purpose not in ObjectionPurpose.values:
        return False
    if request.POST.get("say") == "no":
        noted = attempt(request, lambda: object_to(by=by, person=person, purpose=purpose)) is not None
        if noted:
            say(request, _("Noted, and it is not done any more."))
        return noted
    if attempt(request, lambda: object_no_more(by=by, person=person, purpose=purpose)):
        say(request, _("Noted: she no longer objects."))
    return False
