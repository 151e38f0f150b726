"""Set-up: programmes with live preview, divisions, staff."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import models
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentornet.accounts.models import User
from mentornet.common.jobs import enqueue
from mentornet.divisions import services as divisions
from mentornet.divisions.models import StaffRole
from mentornet.divisions.queries import all_divisions, divisions_of, national_leads, staff_roles
from mentornet.divisions.queries import organisation as described
from mentornet.divisions.rules import may_administer, may_lead_nation
from mentornet.intake.queries import visible_enrolments, waiting_mentees
from mentornet.matching.policy import usual_settings
from mentornet.matching.preview import Case, cases, unreached
from mentornet.programmes import services as programmes
from mentornet.programmes.models import Programme, ProgrammeVersion
from mentornet.programmes.queries import current_version, current_versions, programmes_in
from mentornet.programmes.rules import may_set_up_programme
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt, posted
from mentornet.web.desk.setup.forms import DivisionForm, NewProgrammeForm, OrganisationForm, ProgrammeForm, RoleForm
from mentornet.web.signin import LETTER_JOB
from mentornet.web.ui.toasts import say

CASES = 10
"""How many mentees, those who have waited longest, a preview shows."""


@open_to(Policy.STAFF)
def setup(request: DeskRequest) -> HttpResponse:
    """Show what can be set up, and what she may set up."""
    actor = request.actor
    is_head = bool(may_administer(actor))
    return render(
        request,
        "desk/setup/setup.html",
        {
            "versions": current_versions(programmes_in(actor.casework)).select_related("programme__division")
            if actor.casework
            else [],
            "divisions": all_divisions() if is_head else divisions_of(actor),
            "is_head": is_head,
            "lacks_national_lead": not national_leads(actor.today),
            "leads": actor.leads,
            "organisation": described() if is_head else None,
            "sees_staff": is_head or bool(actor.leads),
            "may_start": bool(actor.leads),
        },
    )


# Programmes ---------------------------------------------------------------------------------------------------------


def found_programme(request: DeskRequest, programme_id: UUID) -> Programme:
    """Return a programme of her divisions, or of all; any other is not there."""
    return get_object_or_404(programmes_in(request.actor.casework), pk=programme_id)


def tried(version: ProgrammeVersion, wanted: Mapping[str, Any]) -> ProgrammeVersion:
    """Return an unsaved version with other settings."""
    return ProgrammeVersion(programme=version.programme, number=version.number + 1, **version.settings() | dict(wanted))


def preview_of(request: DeskRequest, version: ProgrammeVersion, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the change would do to those who have waited longest."""
    actor = request.actor
    mentees = list(waiting_mentees(actor.casework).filter(programme=version.programme)[:CASES])
    meant = tried(version, wanted)
    found: list[Case] = cases(by=actor, now=version, wanted=meant, mentees=mentees)
    # Only where none of those who are shown reaches the floor is it asked of everybody.
    is_high = bool(found) and not any(case.above_after for case in found)
    reach = unreached(by=actor, now=version, wanted=meant) if is_high else None
    ids = {place.mentor_id for case in found for place in case.places}
    names = {mentor.pk: mentor for mentor in visible_enrolments(actor).filter(pk__in=ids)}
    return {
        "cases": [(case, [(place, names.get(place.mentor_id)) for place in case.places]) for case in found],
        "moved": sum(case.changes_first for case in found),
        "below": sum(case.above_after < case.above_before for case in found),
        # Rounded down: a floor of so many points is reached.
        "reach": None
        if reach is None
        else {"pairs": reach.most, "any": (reach.any_at or 0) // 100, "all": (reach.all_at or 0) // 100},
    }


@open_to(Policy.CASEWORK)
def programme(request: DeskRequest, programme_id: UUID) -> HttpResponse:
    """Show a programme's settings; try others on real cases; write them as a new version."""
    found = found_programme(request, programme_id)
    version = current_version(found.pk)
    may = may_set_up_programme(request.actor, found)
    form = ProgrammeForm(posted(request), version=version, is_saved="save" in request.POST)
    preview: dict[str, Any] | None = None
    status = 200
    if request.method == "POST":
        if form.is_valid():
            if "save" in request.POST and may:
                saved = _save(request, found, form)
                if saved is not None:
                    return redirect("desk:programme", programme_id=found.pk)
                status = 422
            preview = preview_of(request, version, form.wanted())
        else:
            status = 422
    # Shown as needed again: only trying out goes without it.
    form.fields["reason"].required = True
    context = {
        "programme": found,
        "version": version,
        "history": [_event(one) for one in found.versions.all()],
        "form": form,
        "preview": preview,
        "may": may,
        "care_is_wrong": any(bound.errors for bound in form.care()),
        "lacks_who": not any(version.eligibility.values()),
    }
    if request.headers.get("HX-Target") == "preview":
        return render(request, "desk/setup/_preview.html", context)
    return render(request, "desk/setup/programme.html", context, status=status)


def _event(version: ProgrammeVersion) -> dict[str, object]:
    """Return a version as an entry of the history."""
    return {
        "at": version.created_at,
        "title": _("Version %(number)s") % {"number": version.number},
        "text": version.reason,
        "who": version.author_name,
        "icon": "setup",
    }


def _save(request: DeskRequest, found: Programme, form: ProgrammeForm) -> ProgrammeVersion | None:
    version = attempt(
        request,
        lambda: programmes.change_programme(
            by=request.actor,
            programme=found,
            seen=form.cleaned_data["seen"],
            settings=form.wanted(),
            author_name=request.actor.name,
            reason=form.cleaned_data["reason"],
        ),
        form,
    )
    if version is not None:
        say(
            request,
            _("Version %(number)s is in force. Lists are ranked by it from now on; proposals already made stay.")
            % {"number": version.number},
        )
    return version


@open_to(Policy.LEAD)
def programme_new(request: DeskRequest) -> HttpResponse:
    """Start a programme; its settings begin as those of one that runs."""
    actor = request.actor
    form = NewProgrammeForm(
        posted(request), divisions=divisions_of(actor).filter(pk__in=actor.leads),
        may_be_national=bool(may_lead_nation(actor)),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        model = current_versions(programmes_in(actor.casework)).first()
        started = attempt(
            request,
            lambda: programmes.start_programme(
                by=actor,
                name=form.cleaned_data["name"],
                division=form.cleaned_data["division"],
                settings=model.settings() | {"eligibility": {}} if model else usual_settings(),
                author_name=actor.name,
                reason=_("The programme begins."),
            ),
            form,
        )
        if started is not None:
            say(request, _("The programme has begun. Look through its settings now."))
            return redirect("desk:programme", programme_id=started.pk)
    return render(request, "desk/setup/programme_new.html", {"form": form}, status=422 if form.errors else 200)


# Divisions ----------------------------------------------------------------------------------------------------------


@open_to(Policy.ADMINISTRATION)
def division_new(request: DeskRequest) -> HttpResponse:
    """Open a division."""
    form = DivisionForm(posted(request), initial={"opened_on": request.actor.today})
    if request.method == "POST" and form.is_valid():
        opened = attempt(request, lambda: divisions.open_division(by=request.actor, facts=form.cleaned_data), form)
        if opened is not None:
            say(request, _("The division is open. Give somebody a role in it next."))
            return redirect("desk:staff")
    return render(request, "desk/setup/division.html", {"form": form}, status=422 if form.errors else 200)


@open_to(Policy.ADMINISTRATION)
def division(request: DeskRequest, division_id: UUID) -> HttpResponse:
    """Change a division's name, office or days."""
    found = get_object_or_404(all_divisions(), pk=division_id)
    initial = models.Model.serializable_value
    form = DivisionForm(posted(request), initial={name: initial(found, name) for name in DivisionForm.base_fields})
    if request.method == "POST" and form.is_valid():
        changed = attempt(
            request,
            lambda: divisions.change_division(by=request.actor, division=found, facts=form.cleaned_data),
            form,
        )
        if changed is not None:
            say(request, _("Saved."))
            return redirect("desk:setup")
        found.refresh_from_db()
    return render(
        request, "desk/setup/division.html", {"form": form, "division": found}, status=422 if form.errors else 200
    )


# The organisation ---------------------------------------------------------------------------------------------------


@open_to(Policy.ADMINISTRATION)
def organisation(request: DeskRequest) -> HttpResponse:
    """Say who runs the network."""
    found = described()
    form = OrganisationForm(
        posted(request), initial={name: getattr(found, name) for name in OrganisationForm.base_fields}
    )
    if request.method == "POST" and form.is_valid():
        saved = attempt(
            request,
            lambda: divisions.describe_organisation(by=request.actor, facts=form.cleaned_data),
            form,
        )
        if saved is not None:
            say(request, _("Saved. The public site shows it from now on."))
            return redirect("desk:setup")
    return render(request, "desk/setup/organisation.html", {"form": form}, status=422 if form.errors else 200)


# Staff --------------------------------------------------------------------------------------------------------------


def _invited(user: User) -> str:
    """Send somebody who is new here the letter with which she chooses her password, and return what to say of it."""
    if user.has_usable_password():
        return _("%(name)s has the role from today.")
    enqueue(LETTER_JOB, user_id=str(user.pk))
    return _("%(name)s has the role from today. A letter with which she chooses her password is on its way to her.")


@open_to(Policy.STAFF)
@require_POST
def staff_invite(request: DeskRequest, role_id: UUID) -> HttpResponse:
    """Send her once more the letter with which she chooses her password."""
    held: StaffRole = get_object_or_404(staff_roles(request.actor), pk=role_id)
    if held.user.has_usable_password():
        say(request, _("She has chosen her password already."), tone="info")
    else:
        _invited(held.user)
        say(request, _("The letter with which she chooses her password is on its way to her."))
    return redirect("desk:staff")


@open_to(Policy.STAFF)
def staff(request: DeskRequest) -> HttpResponse:
    """Show who holds which role, and give a new one."""
    actor = request.actor
    is_head = bool(may_administer(actor))
    theirs = all_divisions() if is_head else divisions_of(actor).filter(pk__in=actor.leads)
    may = is_head or bool(actor.leads)
    form = RoleForm(posted(request), divisions=theirs, is_head=is_head) if may else None
    if request.method == "POST" and form is not None and form.is_valid():
        given = attempt(
            request,
            lambda: divisions.give_role(by=actor, since=actor.today, **form.cleaned_data),
            form,
        )
        if given is not None:
            say(
                request,
                _invited(given.user) % {"name": given.user.name},
                undo=reverse("desk:role_end", kwargs={"role_id": given.pk}),
            )
            return redirect("desk:staff")
    held = staff_roles(actor)
    return render(
        request,
        "desk/setup/staff.html",
        {
            "form": form,
            "held": held.filter(models.Q(until__isnull=True) | models.Q(until__gt=actor.today)),
            "may": may,
        },
        status=422 if form is not None and form.errors else 200,
    )


@open_to(Policy.STAFF)
@require_POST
def role_end(request: DeskRequest, role_id: UUID) -> HttpResponse:
    """End a role today."""
    held: StaffRole = get_object_or_404(staff_roles(request.actor), pk=role_id)
    if attempt(request, lambda: divisions.end_role(by=request.actor, held=held)) is not None:
        say(request, _("%(name)s no longer has that role.") % {"name": held.user.name})
    return redirect("desk:staff")
