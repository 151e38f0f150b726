"""Entering an application by hand: somebody has called, or come by."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.core.exceptions import NON_FIELD_ERRORS
from django.db import IntegrityError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from mentornet.divisions.queries import divisions_of
from mentornet.intake.models import Application, ApplicationDraft
from mentornet.intake.queries import alike_people, visible_applications, visible_people
from mentornet.intake.services.drafts import begin_with_her
from mentornet.intake.services.entering import enter_application
from mentornet.people.enums import Provenance
from mentornet.people.models import Person
from mentornet.programmes.queries import programmes_in
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt, posted
from mentornet.web.desk.people import facts
from mentornet.web.desk.people.entry_forms import EntryForm
from mentornet.web.desk.people.forms import PersonForm
from mentornet.web.desk.people.standing import rows_of
from mentornet.web.ui.toasts import say
from mentornet.web.watching import stop_shown

MOST_ALIKE: Final = 3
NEW: Final = "new"


@open_to(Policy.CASEWORK)
def new(request: DeskRequest) -> HttpResponseBase:
    """Enter an application by hand; people who may be the same are shown beside it first."""
    by = request.actor
    initial = {"programme": request.GET.get("programme"), "role": request.GET.get("role")}
    known = _known(request, request.GET.get("person", ""))
    if known is not None:
        initial |= {name: getattr(known, name) for name in PersonForm.base_fields} | {"person": str(known.pk)}
    form = EntryForm(
        posted(request),
        programmes=programmes_in(by.casework).filter(closed_on__isnull=True),
        divisions=divisions_of(by),
        initial={name: value for name, value in initial.items() if value},
    )
    alike: list[Person] = []
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if "draft" in request.POST:
            return _keep_as_draft(request, form)
        if (there := _entered_already(request, data["key"])) is not None:
            return there
        chosen = _known(request, data["person"])
        if chosen is None and data["person"] != NEW:
            name = f"{data['first_name']} {data['last_name']}"
            alike = list(alike_people(by, name=name, email=data["email"], phone=data["phone"])[:MOST_ALIKE])
        if not alike:
            try:
                received = attempt(request, lambda: _receive(request, form, chosen), form)
            except IntegrityError:
                # The same form, sent at the same moment: the other one was faster.
                if (there := _entered_already(request, data["key"])) is None:
                    raise
                return there
            if form.has_error(NON_FIELD_ERRORS) and (there := _entered_already(request, data["key"])) is not None:
                return there
            if received is not None:
                say(request, _("Entered. The next step is the interview."))
                return redirect("desk:application", application_id=received.pk)
    return _beside_those_alike(request, form, alike)


def _beside_those_alike(request: DeskRequest, form: EntryForm, alike: list[Person]) -> HttpResponseBase:
    """Show the form; beside it what is known of people who may be the same, which counts as reading in them."""
    if (stopped := stop_shown(request, [one.pk for one in alike])) is not None:
        return stopped
    context = {"form": form, "alike": _side_by_side(request, form, alike) if alike else None}
    return render(request, "desk/people/application_new.html", context)


def _entered_already(request: DeskRequest, key: UUID | None) -> HttpResponse | None:
    """Lead to what this very form has entered before."""
    there = visible_applications(request.actor).filter(pk=key).first() if key else None
    if there is None:
        return None
    say(request, _("This application has been entered already. Here it is."), tone="info")
    return redirect("desk:application", application_id=there.pk)


def _known(request: DeskRequest, person_id: str) -> Person | None:
    try:
        key = UUID(person_id)
    except ValueError:
        return None
    return visible_people(request.actor).filter(pk=key).first()


def _receive(request: DeskRequest, form: EntryForm, person: Person | None) -> Application:
    data, entered = form.cleaned_data, form.facts
    if person is not None:
        # She is known: what stands in her file is kept, what was empty there is filled in.
        entered = {name: value for name, value in entered.items() if value and not getattr(person, name)}
    return enter_application(
        by=request.actor,
        consents=data["consents"],
        programme=data["programme"],
        division=data["division"],
        role=data["role"],
        person=person,
        person_facts=entered,
        facts=dict(form.came),
        source=Provenance.SELF_REPORTED,
        key=data["key"],
    )


def _keep_as_draft(request: DeskRequest, form: EntryForm) -> HttpResponse:
    """Let her go on by herself, from what has been entered."""
    if attempt(request, lambda: _begin(request, form), form) is not None:
        say(request, _("Kept. She gets a link, and goes on herself. You see it when she has sent it."))
        return redirect("desk:applications")
    return render(request, "desk/people/application_new.html", {"form": form, "alike": None})


def _begin(request: DeskRequest, form: EntryForm) -> ApplicationDraft:
    """Keep what was entered as a draft that she goes on with."""
    data = form.cleaned_data
    columns, answers = form.as_draft
    return begin_with_her(
        by=request.actor,
        role=data["role"],
        division=data["division"],
        programme=data["programme"],
        columns=columns,
        answers=answers,
        came_through=data["referrer"],
    )


def _side_by_side(request: DeskRequest, form: EntryForm, alike: list[Person]) -> dict[str, Any]:
    """Return what was typed beside people who may be the same, differences marked."""
    data = form.cleaned_data
    typed = f"{data['first_name']} {data['last_name']}".strip()
    known = rows_of(request.actor, alike)
    subjects = [{"name": _("Just typed"), "role": ""}] + [
        {"name": row.person.name, "role": row.roles, "division": row.divisions, "url": _person_url(row.person)}
        for row in known
    ]
    names = [format_html("<bdi>{}</bdi>", name) for name in (typed, *(row.person.name for row in known))]
    rows: list[dict[str, Any]] = [
        {"label": _("Name"), "cells": names, "is_different": len({name.casefold() for name in names}) > 1}
    ]
    for name in ("email", "phone", "area", "birth_year"):
        told = [str(data[name] or ""), *(str(getattr(row.person, name) or "") for row in known)]
        cells = [format_html("<bdi>{}</bdi>", one) for one in told]
        rows.append({"label": facts.LABELS[name], "cells": cells, "is_different": len(set(told)) > 1})
    standings = ["", *("; ".join(standing.text for standing in row.standings) for row in known)]
    rows.append({"label": _("Where she stands"), "cells": standings, "is_different": False})
    return {"subjects": subjects, "rows": rows, "people": alike}


def _person_url(person: Person) -> str:
    return reverse("desk:person", args=[person.pk])
