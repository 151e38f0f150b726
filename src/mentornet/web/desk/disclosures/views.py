"""Who outside was told what about whom: written from her page, listed for whoever leads; and demands for lists."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID, uuid4

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentornet.divisions.queries import divisions_of
from mentornet.privacy.enums import DemandAnswer
from mentornet.privacy.models import Disclosure
from mentornet.privacy.queries import visible_demands, visible_disclosures
from mentornet.privacy.services.disclosing import hold_back_until, let_her_read, write_demand, write_disclosure
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt, posted
from mentornet.web.desk.disclosures.forms import DemandForm, DisclosureForm, HoldForm
from mentornet.web.desk.people.her_page import her_page, known_by
from mentornet.web.ui.toasts import say

PAGE: Final = 25
DEMANDS: Final = "lists"


@open_to(Policy.LEAD)
def disclosures(request: DeskRequest) -> HttpResponse:
    """Show whom the divisions told something outside; in a second tab, who wanted a list of people."""
    by = request.actor
    state = DEMANDS if request.GET.get("what") == DEMANDS else ""
    found: Any = visible_demands(by) if state else visible_disclosures(by).filter(division_id__in=by.leads)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    address = reverse("desk:disclosures")
    tabs = [
        {"label": _("About one person"), "url": address, "is_current": not state},
        {"label": _("Demands for lists"), "url": f"{address}?what={DEMANDS}", "is_current": bool(state)},
    ]
    return render(request, "desk/disclosures/disclosures.html", {"page": page, "tabs": tabs, "state": state})


@open_to(Policy.CASEWORK)
def of_person(request: DeskRequest, person_id: UUID) -> HttpResponse:
    """Show who was told something about her, and write down another."""
    by, known = request.actor, known_by(request.actor, person_id)
    if known is None:
        raise Http404
    form = DisclosureForm(posted(request), initial={"told_on": by.today, "key": uuid4()})
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        key = told.pop("key")
        made = attempt(
            request,
            lambda: write_disclosure(by=by, person=known.person, division_id=known.division_id, facts=told, key=key),
            form,
        )
        if made is not None:
            held = _("Written down. She does not read it yet.")
            say(request, held if made.held_back_reason else _("Written down. She can read it."))
            return redirect("desk:person_disclosures", person_id=person_id)
    listed = visible_disclosures(by).filter(person_id=person_id)
    context = {
        "person": known.person,
        "person_url": her_page(by, person_id),
        "form": form,
        "page": Paginator(listed, PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "desk/disclosures/of_person.html", context)


def _disclosure(request: DeskRequest, disclosure_id: UUID) -> Disclosure:
    return get_object_or_404(visible_disclosures(request.actor), pk=disclosure_id)


@open_to(Policy.CASEWORK)
def disclosure(request: DeskRequest, disclosure_id: UUID) -> HttpResponse:
    """Show one; hold it back on, with a reason and a day."""
    by, one = request.actor, _disclosure(request, disclosure_id)
    form = HoldForm(posted(request), initial={"held_back_reason": one.held_back_reason})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        held = attempt(
            request,
            lambda: hold_back_until(by=by, disclosure=one, day=told["review_on"], reason=told["held_back_reason"]),
            form,
        )
        if held is not None:
            say(request, _("Held back. On that day it stands on Today again."))
            return redirect("desk:disclosure", disclosure_id=one.pk)
        one.refresh_from_db()
    context = {"one": one, "form": form, "person_url": her_page(by, one.person_id)}
    return render(request, "desk/disclosures/disclosure.html", context)


@open_to(Policy.CASEWORK)
@require_POST
def let_read(request: DeskRequest, disclosure_id: UUID) -> HttpResponse:
    """Let her read it from now on."""
    one = _disclosure(request, disclosure_id)
    if attempt(request, lambda: let_her_read(by=request.actor, disclosure=one)) is not None:
        say(request, _("She can read it now, on her own page and in her copy."))
    return redirect("desk:disclosure", disclosure_id=one.pk)


@open_to(Policy.LEAD)
def demand(request: DeskRequest) -> HttpResponse:
    """Write down that somebody outside wanted a list of people."""
    by = request.actor
    led = [one for one in divisions_of(by) if one.pk in by.leads]
    first = {"asked_on": by.today, "answer": DemandAnswer.REFUSED, "key": uuid4()}
    form = DemandForm(posted(request), initial=first, divisions=led)
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        key, division_id = told.pop("key"), UUID(told.pop("division"))
        made = attempt(request, lambda: write_demand(by=by, division_id=division_id, facts=told, key=key), form)
        if made is not None:
            say(request, _("Written down."))
            return redirect(f"{reverse('desk:disclosures')}?what={DEMANDS}")
    return render(request, "desk/disclosures/demand.html", {"form": form})
