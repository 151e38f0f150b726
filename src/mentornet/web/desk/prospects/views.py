"""Experts of the actor's divisions: found by field and text, told about us, and ended when they say no."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from mentornet.common.spoken import reference_language
from mentornet.sourcing import services
from mentornet.sourcing.enums import ProspectState
from mentornet.sourcing.models import Prospect
from mentornet.sourcing.queries import own_lists, prospects_by_state, prospects_found, visible_prospects
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt
from mentornet.web.ui.listed import said, upper_first
from mentornet.web.ui.toasts import say
from reference import isco, occupations
from reference import languages as language_names

PAGE: Final = 25
TONES: Final[dict[str, tuple[str, str]]] = {
    ProspectState.NEW: ("quiet", "person"),
    ProspectState.TOLD: ("info", "letter"),
    ProspectState.WILLING: ("good", "check-circle"),
}


@open_to(Policy.CASEWORK)
def prospects(request: DeskRequest) -> HttpResponse:
    """List experts, found by field and by text, with those who may be asked by how they stand."""
    by, language = request.actor, reference_language()
    every = visible_prospects(by)
    text, field = request.GET.get("q", "").strip(), request.GET.get("field", "")
    field = field if isco.exists(field) else ""
    found = prospects_found(every, text=text, occupation=field)
    counts = prospects_by_state(found)
    state = request.GET.get("state", "")
    state = state if state in TONES else ""
    page = Paginator(found.filter(state=state) if state else found, PAGE).get_page(request.GET.get("page"))
    asked = {"q": text, "field": field}
    tabs = [
        {
            "label": label,
            "url": "?" + urlencode({**{key: value for key, value in asked.items() if value}, "state": name}),
            "is_current": name == state,
            "count": counts.get(name, 0) if name else sum(counts.values()),
        }
        for name, label in (("", _("All")), *((one, upper_first(str(ProspectState(one).label))) for one in TONES))
    ]
    rows = [(one, *TONES[one.state], _field(one)) for one in page.object_list]
    fields = [(one.code, occupations.title(one.code, language)) for digits in (1, 2) for one in isco.groups(digits)]
    context = {
        "rows": rows,
        "page": page,
        "tabs": tabs,
        "q": text,
        "field": field,
        "fields": sorted(fields),
        "found": page.paginator.count,
        "can_invite": any(one.state == ProspectState.NEW for one in page.object_list),
        "lists": list(own_lists(by)),
    }
    return render(request, "desk/prospects/prospects.html", context)


def _field(prospect: Prospect) -> str:
    return said(occupations.title(prospect.occupation, reference_language())) if prospect.occupation else ""


def _prospect(request: DeskRequest, prospect_id: UUID) -> Prospect:
    return get_object_or_404(visible_prospects(request.actor), pk=prospect_id)


@open_to(Policy.CASEWORK)
def prospect(request: DeskRequest, prospect_id: UUID) -> HttpResponse:
    """Show what is kept of an expert, where it comes from, and until when."""
    found = _prospect(request, prospect_id)
    language = reference_language()
    context = {
        "expert": found,
        "tone": TONES[found.state],
        "field": _field(found),
        "spoken": [said(upper_first(language_names.name(code, language))) for code in found.languages or ()],
    }
    return render(request, "desk/prospects/prospect.html", context)


@open_to(Policy.CASEWORK)
@require_POST
def invite(request: DeskRequest, prospect_id: UUID) -> HttpResponse:
    """Write to her who we are, where we have her name from, and how she says no."""
    found = _prospect(request, prospect_id)
    if attempt(request, lambda: services.invite(by=request.actor, prospect=found)) is not None:
        say(request, _("A letter goes to %(name)s. She reads there how to say no.") % {"name": found.name})
    return redirect("desk:prospect", prospect_id=found.pk)


@open_to(Policy.CASEWORK)
@require_POST
def invite_ticked(request: DeskRequest) -> HttpResponse:
    """Write to those who are ticked and have not been written to."""
    keys = {key for text in request.POST.getlist("prospect") if (key := _key(text)) is not None}
    chosen = list(visible_prospects(request.actor).filter(pk__in=keys))
    count = attempt(request, lambda: services.invite_several(by=request.actor, prospects=chosen))
    if count:
        words = ngettext("A letter goes to %(count)s expert.", "Letters go to %(count)s experts.", count)
        say(request, words % {"count": count})
    elif count == 0:
        say(request, _("Tick those who have not been written to."), tone="info")
    return redirect("desk:prospects")


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@open_to(Policy.CASEWORK)
@require_POST
def said_no(request: DeskRequest, prospect_id: UUID) -> HttpResponse:
    """Note that she has said no, on the telephone or in a mail of her own: for ever."""
    found = _prospect(request, prospect_id)

    def ended() -> bool:
        services.shut_out(by=request.actor, prospect=found)
        return True

    if attempt(request, ended) is None:
        return redirect("desk:prospect", prospect_id=found.pk)
    say(request, _("Deleted. No list brings her back."))
    return redirect("desk:prospects")
