"""Handover packs: a page that says what a pack holds, and by a button the pack itself, on the record.

A pack is much on one page, and it leaves the program on paper: made by a button and not by a link, noted with who made
it and of whom, and over all cases only with the second factor given again, counted like a list that leaves as a file.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse

from mentornet.accounts.models import User
from mentornet.divisions.queries import divisions_of, has_worked_in, users_by_id
from mentornet.divisions.staff import Staff
from mentornet.followup.packs import gather
from mentornet.followup.queries import cases_of
from mentornet.followup.rules import may_hand_over
from mentornet.followup.services import record_pack, record_packs
from mentornet.intake.models import Enrolment
from mentornet.intake.queries import visible_enrolments
from mentornet.matching.queries import proposals_to
from mentornet.partnerships.queries import visible_partnerships
from mentornet.partnerships.rules import may_work_on
from mentornet.web.access import DeskRequest, Policy, is_demonstration, open_to
from mentornet.web.desk.exports.second_factor import ask_for_it, is_fresh
from mentornet.web.desk.packs import shown
from mentornet.web.ui.papers import has_pdf
from mentornet.web.ui.printing import private_pdf
from mentornet.web.watching import stop_file

PDF_STYLES: Final = ("ui/css/paper-pdf.css", "desk/css/packs-pdf.css")
MOST_IN_A_PDF: Final = 30
"""Cases in one file, which is made while somebody waits, in two seconds: of more there is the page to print."""


def _packs(
    by: Staff, places: Sequence[Enrolment], only: UUID | None = None, *, wide: bool = False
) -> list[shown.CasePack]:
    return shown.packs(by, places, gather(by, places), proposals_to(by, places), only=only, wide=wide)


def _before(request: DeskRequest, title: str, back: str, count: int, *, is_all: bool = False) -> HttpResponse:
    context = {
        "title": title,
        "back": back,
        "count": count,
        "is_all": is_all,
        "has_pdf": has_pdf() and count <= MOST_IN_A_PDF,
        "is_demonstration": is_demonstration(),
    }
    return render(request, "desk/packs/before.html", context)


def _print(
    request: DeskRequest, title: str, back: str, cases: Sequence[shown.CasePack], *, is_all: bool = False
) -> HttpResponse:
    by = request.actor
    context = {
        "title": title,
        "back": back,
        "cases": cases,
        "agenda": shown.agenda(by, cases) if is_all else None,
        "printed_by": by.name,
        "printed_at": by.at,
    }
    if request.POST.get("as") == "pdf" and len(cases) <= MOST_IN_A_PDF:
        made = private_pdf(render_to_string("desk/packs/pdf.html", context), *PDF_STYLES)
        if made is not None:
            shown_as = {"Content-Disposition": 'attachment; filename="handover-pack.pdf"'}
            return HttpResponse(made, content_type="application/pdf", headers=shown_as)
    return render(request, "desk/packs/pack.html", context)


@open_to(Policy.CASEWORK)
def of_pair(request: DeskRequest, partnership_id: UUID) -> HttpResponse:
    """Make the pack of a pair."""
    by = request.actor
    pair = get_object_or_404(visible_partnerships(by), pk=partnership_id)
    if not may_work_on(by, pair):
        raise Http404
    title, back = f"{pair.mentee.person.name} – {pair.mentor.person.name}", reverse("desk:partnership", args=[pair.pk])
    if request.method != "POST":
        return _before(request, title, back, 1)
    record_pack(by=by, of=pair, division_id=pair.division_id)
    return _print(request, title, back, _packs(by, [pair.mentee, pair.mentor], only=pair.pk))


@open_to(Policy.CASEWORK)
def of_place(request: DeskRequest, enrolment_id: UUID) -> HttpResponse:
    """Make the pack of somebody's place: with her partnership, where one runs."""
    by = request.actor
    place = get_object_or_404(visible_enrolments(by), pk=enrolment_id)
    title, back = place.person.name, reverse("desk:person", args=[place.person_id])
    if request.method != "POST":
        return _before(request, title, back, 1)
    record_pack(by=by, of=place, division_id=place.division_id)
    return _print(request, title, back, _packs(by, [place], wide=True))


@open_to(Policy.CASEWORK)
def of_everything(request: DeskRequest, user_id: UUID, division_id: UUID) -> HttpResponseBase:
    """Make the pack of all of a coordinator's cases in a division: with the second factor given anew."""
    by, owner = request.actor, users_by_id([user_id]).get(user_id)
    division = get_object_or_404(divisions_of(by), pk=division_id)
    if owner is None or not may_hand_over(by, user_id, division.pk) or not has_worked_in(user_id, division.pk):
        raise Http404
    if not is_fresh(request):
        return ask_for_it(request)
    places = list(cases_of(by, owner.pk, division.pk))
    title, back = f"{owner.name}, {division.name}", reverse("desk:handovers")
    if request.method != "POST":
        return _before(request, title, back, len(places), is_all=True)
    if (stopped := stop_file(request)) is not None:
        return stopped
    cases = _packs(by, places)
    # Made first: what failed has not left. Then the entry, without which nothing does.
    answer = _print(request, title, back, cases, is_all=True)
    record_packs(by=by, user=cast(User, request.user), division_id=division.pk, count=len(cases))
    return answer
