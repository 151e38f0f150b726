"""Breaks: she asks for one, ends it, is asked whether she is back; and how many mentees a mentor takes."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentornet.accounts.enums import Purpose
from mentornet.intake.enums import WishKind
from mentornet.intake.models import Enrolment
from mentornet.intake.queries import own_enrolments, own_open_wishes
from mentornet.intake.services import resting
from mentornet.intake.services.enrolments import set_capacity
from mentornet.intake.services.wishes import make_wish
from mentornet.people.enums import Role
from mentornet.people.participants import Participant
from mentornet.web.access import Policy, PortalRequest, open_to
from mentornet.web.links import by_link
from mentornet.web.portal.profile.rest_forms import PlacesForm, RestForm
from mentornet.web.portal.shell import attempt, portal_page, posted
from mentornet.web.ui.toasts import say

READY, LATER, STOP = "ready", "later", "stop"


def _hers(by: Participant, enrolment_id: UUID) -> Enrolment:
    return get_object_or_404(own_enrolments(by), pk=enrolment_id)


def _rest(by: Participant, enrolment: Enrolment, form: RestForm) -> Callable[[], Enrolment]:
    return lambda: resting.rest_until_asked(
        by=by, enrolment=enrolment, until=form.until, note=form.cleaned_data["note"]
    )


def _say_rests(request: PortalRequest, enrolment: Enrolment) -> None:
    day = date_format(enrolment.resting_until, "DATE_FORMAT") if enrolment.resting_until else ""
    say(request, _("Saved. We ask you again on %(day)s.") % {"day": day})


@open_to(Policy.PARTICIPANT)
def rest(request: PortalRequest, enrolment_id: UUID) -> HttpResponse:
    """Let her ask for a break, or change the one that she has."""
    by = request.participant
    enrolment = _hers(by, enrolment_id)
    form = RestForm(posted(request), today=by.today)
    if request.method == "POST" and form.is_valid():
        changed = attempt(request, _rest(by, enrolment, form), form)
        if changed is not None:
            _say_rests(request, changed)
            return redirect("portal:home")
    return portal_page(
        request,
        "portal/profile/rest.html",
        form=form,
        enrolment=enrolment,
        is_mentor=enrolment.role == Role.MENTOR,
        is_resting=enrolment.is_resting(by.today),
        office=enrolment.division,
    )


@open_to(Policy.PARTICIPANT)
@require_POST
def end(request: PortalRequest, enrolment_id: UUID) -> HttpResponse:
    """End her break now."""
    by = request.participant
    enrolment = _hers(by, enrolment_id)
    if attempt(request, lambda: resting.come_back(by=by, enrolment=enrolment)) is not None:
        say(request, _("Welcome back. Your break is over."))
    return redirect("portal:home")


@open_to(Policy.PERSONAL)
@by_link(Purpose.RETURN, "enrolment_id", code=False)
def come_back(request: PortalRequest, enrolment_id: UUID) -> HttpResponse:
    """Ask whether she is back: yes, not yet, or she wants to stop. A link is enough: the page tells of nobody else."""
    by = request.participant
    enrolment = _hers(by, enrolment_id)
    answer = request.POST.get("answer", "")
    form = RestForm(posted(request) if answer == LATER else None, today=by.today)
    if request.method == "POST" and _is_answered(request, enrolment, answer, form):
        return redirect("portal:return", enrolment_id=enrolment.pk)
    return portal_page(
        request,
        "portal/profile/return.html",
        form=form,
        enrolment=enrolment,
        is_mentor=enrolment.role == Role.MENTOR,
        is_resting=enrolment.is_resting(by.today),
        is_over=enrolment.resting_until is not None and enrolment.resting_until <= by.today,
        is_leaving=own_open_wishes(by).filter(kind=WishKind.LEAVE).exists(),
        office=enrolment.division,
    )


def _is_answered(request: PortalRequest, enrolment: Enrolment, answer: str, form: RestForm) -> bool:
    """Do what she has answered; false where the form is to be shown again."""
    by = request.participant
    if answer == READY:
        attempt(request, lambda: resting.come_back(by=by, enrolment=enrolment))
        return True
    if answer == STOP:
        attempt(request, lambda: make_wish(by=by, kind=WishKind.LEAVE))
        return True
    return form.is_valid() and attempt(request, _rest(by, enrolment, form), form) is not None


@open_to(Policy.PARTICIPANT)
def places(request: PortalRequest, enrolment_id: UUID) -> HttpResponse:
    """Let a mentor say how many more she can take."""
    by = request.participant
    enrolment = get_object_or_404(own_enrolments(by).filter(role=Role.MENTOR, ended_on=None), pk=enrolment_id)
    taken = enrolment.promised + enrolment.active
    form = PlacesForm(posted(request), left=enrolment.places_left)
    if request.method == "POST" and form.is_valid():
        capacity = taken + form.cleaned_data["more"]
        changed = attempt(request, lambda: set_capacity(by=by, enrolment=enrolment, capacity=capacity), form)
        if changed is not None:
            say(request, _("Saved. Thank you for telling us."))
            return redirect("portal:home")
    return portal_page(
        request,
        "portal/profile/places.html",
        form=form,
        enrolment=enrolment,
        office=enrolment.division,
    )
