"""The shortage map: the page, computing it anew, the same as a file, and a text ready to send."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentornet.common.computed import ComputedState
from mentornet.matching.models import ShortageMap
from mentornet.matching.services import ask_for_shortages
from mentornet.matching.shortage import FEWEST, MOST
from mentornet.matching.shortage_queries import visible_shortages, waited_for, waiting_now
from mentornet.programmes.models import Programme
from mentornet.programmes.queries import programmes_in
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt
from mentornet.web.desk.shortage import shown, texts
from mentornet.web.ui.toasts import say
from reference.writing import Table, csv_bytes

_MARK: Final = "\N{ZERO WIDTH NO-BREAK SPACE}".encode()
"""By which spreadsheet programs know that a file of values is in UTF-8."""


def _chosen(asked: str, programmes: Sequence[Programme], maps: Sequence[ShortageMap]) -> Programme | None:
    """Return the programme that the address names, or else the one in which most wait."""
    named = next((one for one in programmes if str(one.pk) == asked), None)
    if named is not None or not programmes:
        return named
    waiting: Counter[UUID] = Counter()
    for one in maps:
        waiting[one.programme_id] += one.content.get("waiting") or 0
    return max(programmes, key=lambda one: waiting[one.pk])


def _programmes(
    request: DeskRequest, maps: Sequence[ShortageMap], waited: Sequence[tuple[UUID, UUID]]
) -> list[Programme]:
    """Return the programmes in which somebody waits, or of which a map is there."""
    wanted = {one.programme_id for one in maps} | {programme_id for _division, programme_id in waited}
    return [one for one in programmes_in(request.actor.casework) if one.pk in wanted]


_DIGITS: Final = 3
"""No map has more profiles than have so many."""


@open_to(Policy.CASEWORK)
def shortage_map(request: DeskRequest) -> HttpResponse:
    """Show whom the bank lacks: profiles in order, a map of fields, and whom to look for one after the other."""
    by = request.actor
    maps, waited = list(visible_shortages(by)), waited_for(by.casework)
    programmes = _programmes(request, maps, waited)
    chosen = _chosen(request.GET.get("programme", ""), programmes, maps)
    if chosen is None:
        return render(request, "desk/shortage/shortage_map.html", {"programme": None})
    mine = [one for one in maps if one.programme_id == chosen.pk]
    done = [one for one in mine if one.state == ComputedState.DONE]
    at_work = [one for one in mine if one.state != ComputedState.DONE]
    has_stopped = any(one.has_stopped(by.at) for one in at_work)
    rows = shown.rows_of(done)
    wants_all = request.GET.get("what", "") == "all"
    parts = shown.parts_of(done, waiting_now(by.casework))
    context = {
        "programme": chosen,
        "programmes": programmes,
        "tabs": shown.tabs_of(programmes, chosen),
        "maps": done,
        "rows": rows if wants_all else rows[: shown.FIRST],
        "more": 0 if wants_all else max(0, len(rows) - shown.FIRST),
        "fields": shown.fields_of(done),
        "parts": parts,
        "has_plans": any(part.plan for part in parts),
        "may_compute": any(programme_id == chosen.pk for _division, programme_id in waited),
        "is_at_work": bool(at_work) and not has_stopped,
        "has_stopped": has_stopped,
        "fewest": FEWEST,
        "most": MOST,
        "today": by.today,
        **(shown.progress_of(at_work, chosen.pk) if at_work else {}),
    }
    return render(request, "desk/shortage/shortage_map.html", context)


@open_to(Policy.CASEWORK)
@require_POST
def compute(request: DeskRequest) -> HttpResponse:
    """Ask that the maps of a programme be computed anew, in the background: one for each division that waits."""
    asked = request.POST.get("programme", "")
    for division_id, programme_id in waited_for(request.actor.casework):
        if str(programme_id) == asked:
            attempt(request, partial(_ask, request, division_id, programme_id))
    return redirect(_page(asked))


def _ask(request: DeskRequest, division_id: UUID, programme_id: UUID) -> ShortageMap:
    return ask_for_shortages(by=request.actor, division_id=division_id, programme_id=programme_id)


def _page(programme: str) -> str:
    query = f"?{urlencode({'programme': programme})}" if programme else ""
    return f"{reverse('desk:shortage_map')}{query}"


@open_to(Policy.CASEWORK)
def progress(request: DeskRequest) -> HttpResponse:
    """Answer how far the work is; when it has ended, send the page on."""
    target = _page(request.GET.get("programme", ""))
    if request.headers.get("HX-Request") != "true":
        return redirect(target)
    at_work = [
        one
        for one in visible_shortages(request.actor)
        if one.state != ComputedState.DONE and str(one.programme_id) == request.GET.get("programme", "")
    ]
    if at_work and not any(one.has_stopped(request.actor.at) for one in at_work):
        context = shown.progress_of(at_work, at_work[0].programme_id)
        return render(request, "ui/components/_progress.html", context)
    if not at_work:
        say(request, _("Computed. The map is that of today."))
    response = HttpResponse()
    response["HX-Redirect"] = target
    return response


@open_to(Policy.CASEWORK)
def table(request: DeskRequest) -> HttpResponse:
    """Give the list of profiles as a file: nobody stands in it, and what is left out of the page is left out of it."""
    asked = request.GET.get("programme", "")
    done = [
        one
        for one in visible_shortages(request.actor)
        if one.state == ComputedState.DONE and str(one.programme_id) == asked
    ]
    headers = (
        _("place"),
        _("division"),
        _("field of work"),
        _("besides"),
        _("more matched"),
        _("points better"),
        _("such mentors wanted"),
        _("who wait and share it"),
    )
    lines = shown.table_of(shown.rows_of(done))
    response = HttpResponse(_MARK + csv_bytes(Table(headers, lines)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="shortage-map-{request.actor.today.isoformat()}.csv"'
    return response


@open_to(Policy.CASEWORK)
def text(request: DeskRequest, map_id: UUID) -> HttpResponse:
    """Show a text with which such a mentor is looked for, in each language; the first one's without a place."""
    asked = request.GET.get("what", "1")
    place = int(asked) if asked.isdecimal() and len(asked) <= _DIGITS else 0
    one = next((each for each in visible_shortages(request.actor).filter(pk=map_id)), None)
    profiles = one.content.get("profiles", ()) if one is not None else ()
    if one is None or not 1 <= place <= len(profiles):
        raise Http404
    kept = profiles[place - 1]
    context = {
        "map": one,
        "row": shown.row_of(one, place, kept),
        "texts": texts.texts_of(one, kept),
        "back": _page(str(one.programme_id)),
    }
    return render(request, "desk/shortage/text.html", context)
