"""Whom somebody must not meet: reading it is recorded."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentornet.intake.queries import people_found, visible_people
from mentornet.intake.services import apart as services
from mentornet.people.models import Person
from mentornet.people.queries import avoidance_of
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt, posted
from mentornet.web.desk.people.case_forms import ApartForm
from mentornet.web.desk.people.standing import Row, rows_of
from mentornet.web.desk.people.views import latest_application, visible_person
from mentornet.web.ui.toasts import say

MOST_FOUND: Final = 10


@open_to(Policy.CASEWORK)
@require_POST
def apart(request: DeskRequest, person_id: UUID) -> HttpResponse:
    """Show whom she must not meet, and why; that it was read is recorded."""
    by, person = request.actor, visible_person(request, person_id)
    application = latest_application(request, person)
    rows = attempt(request, lambda: services.read_apart(by=by, application=application)) or []
    others = {row.other_id if row.person_id == person.pk else row.person_id for row in rows}
    seen = set(visible_people(by).filter(pk__in=others).values_list("pk", flat=True))
    listed = [
        {
            "avoidance": row,
            "other": other if other.pk in seen else None,
            # What somebody of another division has told is hers and her coordinators'.
            "reason": row.reason if other.pk in seen or row.person_id == person.pk else "",
            "is_hers": row.person_id == person.pk,
        }
        for row in rows
        for other in [row.other if row.person_id == person.pk else row.person]
    ]
    return render(request, "desk/people/apart.html", {"person": person, "rows": listed})


def _found(request: DeskRequest, person: Person, text: str) -> list[Row]:
    if not text:
        return []
    found = people_found(request.actor, text).exclude(pk=person.pk)[:MOST_FOUND]
    return rows_of(request.actor, found)


@open_to(Policy.CASEWORK)
def keep_apart(request: DeskRequest, person_id: UUID) -> HttpResponse:
    """Choose somebody whom she must not meet."""
    by, person = request.actor, visible_person(request, person_id)
    application = latest_application(request, person)
    text = request.GET.get("q", "").strip()
    other_id = request.POST.get("other") or request.GET.get("other", "")
    other = _chosen(request, other_id)
    form = ApartForm(posted(request), initial={"other": other.pk if other else ""})
    if request.method == "POST" and other is not None and form.is_valid():
        chosen = other

        def act() -> object:
            return services.keep_apart(by=by, application=application, other=chosen, reason=form.cleaned_data["reason"])

        if attempt(request, act, form) is not None:
            say(request, _("Noted. The two are never proposed to each other."))
            return redirect("desk:person", person_id=person.pk)
    context = {"person": person, "text": text, "rows": _found(request, person, text), "other": other, "form": form}
    return render(request, "desk/people/keep_apart.html", context)


def _chosen(request: DeskRequest, other_id: str) -> Person | None:
    try:
        key = UUID(other_id)
    except ValueError:
        return None
    return visible_people(request.actor).filter(pk=key).first()


@open_to(Policy.CASEWORK)
@require_POST
def let_meet(request: DeskRequest, person_id: UUID, avoidance_id: int) -> HttpResponse:
    """Take back that two must not meet."""
    by, person = request.actor, visible_person(request, person_id)
    application = latest_application(request, person)
    avoidance = avoidance_of(request.actor, person, avoidance_id)
    if avoidance is None:
        say(request, _("Somebody has taken this back already."), tone="info")
        return redirect("desk:person", person_id=person.pk)

    def act() -> bool:
        services.let_meet(by=by, application=application, avoidance=avoidance)
        return True

    if attempt(request, act):
        say(request, _("Taken back. The two may be proposed to each other again."))
    return redirect("desk:person", person_id=person.pk)
