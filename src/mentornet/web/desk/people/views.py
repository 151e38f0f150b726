"""People: the list, the page of one person, and the forms that correct what is known of her."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from mentornet.divisions.queries import divisions_of
from mentornet.followup.after import alumnae
from mentornet.intake.models import Application
from mentornet.intake.queries import (
    applications_of_person,
    people_found,
    visible_interviews,
    visible_people,
    where_they_stand,
)
from mentornet.intake.services.applications import change_facts
from mentornet.intake.services.contact_persons import change_contact_person
from mentornet.intake.services.interviews import read_coordinator_only
from mentornet.people.enums import Provenance, Role
from mentornet.people.models import Person
from mentornet.people.queries import languages_of, profiles_of, with_rest
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt, posted
from mentornet.web.desk.people import facts
from mentornet.web.desk.people import page as pages
from mentornet.web.desk.people.forms import ProfileForm
from mentornet.web.desk.people.her_page import her_page, known_by
from mentornet.web.desk.people.reached_form import ReachedForm
from mentornet.web.desk.people.standing import ROLES, rows_of
from mentornet.web.ui.toasts import say

PAGE: Final = 25
STATES: Final[dict[str, str | Promise]] = {
    "": gettext_lazy("Wherever they stand"),
    "applied": gettext_lazy("Applied, not decided"),
    "waiting": gettext_lazy("On the waiting list"),
    "in_bank": gettext_lazy("In the mentor bank"),
    "proposed": gettext_lazy("A proposal is under way"),
    "paired": gettext_lazy("In a partnership"),
    "not_briefed": gettext_lazy("Not briefed yet"),
    "resting": gettext_lazy("Resting"),
    "left": gettext_lazy("Left"),
    "alumnae": gettext_lazy("Ended well, and may be asked again"),
}


@open_to(Policy.CASEWORK)
def people(request: DeskRequest) -> HttpResponse:
    """Show the people of her divisions, in alphabetical order; the search and the filters stand in the address."""
    by = request.actor
    text = request.GET.get("q", "").strip()
    role = request.GET.get("role", "")
    role = role if role in Role.values else ""
    divisions = list(divisions_of(by))
    division = next((one for one in divisions if str(one.pk) == request.GET.get("division")), None)
    conditions = where_they_stand(by, role=role, division_id=division.pk if division else None)
    conditions |= {"alumnae": alumnae(by) & conditions[""]}
    state = request.GET.get("state", "")
    state = state if state in conditions else ""
    found = people_found(by, text)
    if role or division or state:
        found = found.filter(conditions[state])
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "text": text,
        "page": page,
        "rows": rows_of(by, page.object_list),
        "roles": [("", _("Mentees and mentors")), (Role.MENTEE, _("Mentees")), (Role.MENTOR, _("Mentors"))],
        "role": role,
        "divisions": divisions,
        "division": division,
        "states": STATES,
        "state": state,
        "is_narrowed": bool(text or role or division or state),
    }
    is_fragment = request.headers.get("HX-Target") == "people-found"
    return render(request, "desk/people/_found.html" if is_fragment else "desk/people/people.html", context)


def visible_person(request: DeskRequest, person_id: UUID) -> Person:
    """Return somebody of the actor's divisions, or answer that there is nobody."""
    return get_object_or_404(with_rest(visible_people(request.actor)), pk=person_id)


def latest_application(request: DeskRequest, person: Person, role: str = "") -> Application:
    """Return her newest visible application, in a role if one is named: the acts about a person go through it."""
    applications = applications_of_person(request.actor, person.pk)
    found = (applications.filter(role=role) if role else applications).first()
    if found is None:
        raise Http404
    return found


def show_person(request: DeskRequest, person: Person, revealed: dict[UUID, str] | None = None) -> HttpResponse:
    """Show the page of one person; ``revealed`` holds the notes that she has just asked to read."""
    page = pages.PersonPage(request.actor, person, revealed)
    shown, folded = pages.first(page.timeline(), pages.MOST_EVENTS)
    return render(
        request,
        "desk/people/person.html",
        {
            "person": person,
            "page": page,
            "step": page.next_step(),
            "cases": page.cases(),
            "events": shown,
            "earlier": folded,
            "levels": {name: facts.level_name("people.Person", name) for name in ("email", "phone", "safe_contact")},
        },
    )


@open_to(Policy.CASEWORK)
def person(request: DeskRequest, person_id: UUID) -> HttpResponse:
    """Show the page of one person."""
    return show_person(request, visible_person(request, person_id))


@open_to(Policy.CASEWORK)
@require_POST
def interview_notes(request: DeskRequest, interview_id: UUID) -> HttpResponse:
    """Show her page with what is for coordinators only of one interview; that it was read is recorded."""
    interview = get_object_or_404(visible_interviews(request.actor), pk=interview_id)
    notes = attempt(request, lambda: read_coordinator_only(by=request.actor, interview=interview))
    revealed = {} if notes is None else {interview.pk: notes}
    return show_person(request, interview.application.person, revealed)


@open_to(Policy.CASEWORK)
def details(request: DeskRequest, person_id: UUID) -> HttpResponse:
    """Change her name, how to reach her, and where she lives; of a contact person too."""
    known = known_by(request.actor, person_id)
    if known is None:
        raise Http404
    person = known.person
    page = her_page(request.actor, person.pk)
    form = ReachedForm(posted(request), person=person)
    if request.method == "POST" and form.is_valid():
        by, entered = request.actor, form.facts
        # What she has not touched is not written: somebody else may have corrected it meanwhile.
        changed = {name: entered[name] for name in form.changed_data if name in entered}
        is_unsafe = bool(form.cleaned_data.get("is_former_unsafe"))

        def act() -> bool:
            if isinstance(known, Application):
                change_facts(by=by, application=known, person_facts=changed, is_former_unsafe=is_unsafe)
            else:
                change_contact_person(by=by, contact=known, facts=changed, is_former_unsafe=is_unsafe)
            return True

        if attempt(request, act, form):
            say(request, _("Saved. Letters that leave from now on use it."))
            return redirect(page)
    context = {"person": person, "person_url": page, "form": form, "levels": _levels()}
    return render(request, "desk/people/details.html", context)


def _levels() -> dict[str, str]:
    # What is asked beside the columns is about the address.
    columns = {name: "email" if name == "is_former_unsafe" else name for name in ReachedForm.base_fields}
    return {name: facts.level_name("people.Person", column) for name, column in columns.items()}


@open_to(Policy.CASEWORK)
def profile(request: DeskRequest, person_id: UUID, role: str) -> HttpResponse:
    """Change what is known of her in one role, with where it comes from."""
    if role not in Role.values:
        raise Http404
    person = visible_person(request, person_id)
    application = latest_application(request, person, role)
    known = next(iter(profiles_of(person, [role])), None)
    skills = languages_of(person)
    form = ProfileForm(posted(request), role=role, profile=known, skills=skills)
    if request.method == "POST" and form.is_valid():
        by, source = request.actor, form.cleaned_data["source"]
        before = [(skill.code, skill.level) for skill in skills]
        languages = form.spoken if form.spoken != before or source == Provenance.CONFIRMED else None

        def act() -> bool:
            with transaction.atomic():
                change_facts(
                    by=by,
                    application=application,
                    profile_facts=form.facts,
                    languages=languages,
                    source=source,
                    seen=form.cleaned_data["seen"],
                )
            return True

        if attempt(request, act, form):
            say(request, _("Saved. The next ranking for her, or with her in it, counts with it."))
            return redirect(f"{reverse('desk:person', args=[person.pk])}#profile-{role}")
    context = {"person": person, "form": form, "role": role, "role_name": ROLES[role], "levels": profile_levels()}
    return render(request, "desk/people/profile.html", context)


def profile_levels() -> dict[str, str]:
    """Return who sees each fact of a profile."""
    return {name: facts.level_name("people.Profile", name) for name in facts.PROFILE_NAMES}
