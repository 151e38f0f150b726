"""Matching meetings: the list, a new one, the board with its agenda, and what each act has changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mentornet.common.spoken import reference_language
from mentornet.divisions.queries import divisions_of
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.matching import services
from mentornet.matching.changes import Difference, Given, are_judged_alike, count_seen, of_those_seen, seen_set, sets_of
from mentornet.matching.enums import MeetingState, Outcome
from mentornet.matching.meeting_queries import (
    agenda_of,
    decision_counts,
    decisions_of,
    fixed_in,
    newest_run,
    others_open,
    run_numbered,
    runs_of,
    seen_places,
    ties_of,
    visible_meetings,
)
from mentornet.matching.meeting_rules import may_reopen, may_sit_in
from mentornet.matching.models import MatchingMeeting, MeetingDecision, MeetingRun
from mentornet.matching.services.meeting_runs import is_outdated, settings_of, whole_now
from mentornet.matching.services.meeting_sending import changed_between
from mentornet.matching.whole import contradictions_in
from mentornet.programmes.queries import open_programmes_in
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt, posted
from mentornet.web.desk.meetings import settled, shown
from mentornet.web.desk.meetings.forms import MeetingForm, SettingsForm
from mentornet.web.ui.toasts import say

PAGE: Final = 15
MEETINGS: Final = 25
MOST_RUNS: Final = 100
MOST_OTHERS: Final = 3


def meeting_or_404(request: DeskRequest, sitting_id: UUID) -> MatchingMeeting:
    """Return a meeting in all of whose divisions she works; for everybody else there is nothing here."""
    return get_object_or_404(visible_meetings(request.actor), pk=sitting_id)


@open_to(Policy.CASEWORK)
def meetings(request: DeskRequest) -> HttpResponse:
    """Show the meetings that she may sit in, the newest first."""
    by = request.actor
    page = Paginator(visible_meetings(by), MEETINGS).get_page(request.GET.get("page"))
    listed = list(page.object_list)
    counts = decision_counts(by, listed)
    rows = [
        {"meeting": one, "divisions": shown.divisions_told(one), "counts": counts.get(one.pk, (0, 0))} for one in listed
    ]
    return render(request, "desk/meetings/meetings.html", {"page": page, "rows": rows})


@open_to(Policy.CASEWORK)
def meeting_new(request: DeskRequest) -> HttpResponse:
    """Choose programme and divisions; then open the meeting."""
    by = request.actor
    divisions = divisions_of(by)
    programmes = open_programmes_in(by.casework, by.today)
    first: dict[str, Any] = {"divisions": [one.pk for one in divisions] if len(divisions) == 1 else []}
    form = MeetingForm(posted(request), programmes=programmes, divisions=divisions, initial=first)
    if form.is_valid():
        made = attempt(
            request,
            lambda: services.open_meeting(
                by=by, programme=form.cleaned_data["programme"], divisions=list(form.cleaned_data["divisions"])
            ),
            form,
        )
        if made is not None:
            return redirect("desk:meeting", sitting_id=made.pk)
    return render(request, "desk/meetings/new.html", {"form": form}, status=422 if form.errors else 200)


def _told_of(
    by: Staff, meeting: MatchingMeeting, run: MeetingRun, page: str | None = None
) -> tuple[Difference | None, shown.Cost | None]:
    """Return what an act has changed, of those whom she sees, and in words; nothing for the first run."""
    before = run_numbered(meeting, run.number - 1)
    if before is None:
        return None, None
    told = of_those_seen(by, changed_between(meeting, before, run))
    alike = are_judged_alike(before.settings, run.settings)
    return told, shown.cost_of(by, told, page=page, notes=settled.notes_of(before, run), is_compared=alike)


@open_to(Policy.CASEWORK)
def meeting(request: DeskRequest, sitting_id: UUID) -> HttpResponse:
    """Show the board: the set as a whole, and the agenda with three candidates each, the longest wait first."""
    one = meeting_or_404(request, sitting_id)
    if one.state == MeetingState.PREPARING:
        has_stopped = one.has_stopped(request.actor.at)
        context = {"meeting": one, "divisions": shown.divisions_told(one), "has_stopped": has_stopped}
        return render(request, "desk/meetings/preparing.html", context | shown.progress_of(one))
    return board(request, one)


def board(request: DeskRequest, one: MatchingMeeting, form: SettingsForm | None = None) -> HttpResponse:
    """Show the board of a meeting that is prepared; with the settings as they were typed, where they were refused."""
    by = request.actor
    run = newest_run(one)
    if run is None:
        raise Http404
    settings, whole = settings_of(one), whole_now(one, by)
    best = seen_set(by, sets_of(one, run)[0])
    last, cost = _told_of(by, one, run)
    ties, decisions, fixed = list(ties_of(by, one)), list(decisions_of(by, one)), fixed_in(one)
    refused: dict[UUID, list[UUID]] = {}
    for mentee, mentor in fixed.refused:
        refused.setdefault(UUID(mentee), []).append(UUID(mentor))
    several = len(one.sits.all()) > 1
    state = request.GET.get("state", "")
    agenda = _narrowed(agenda_of(by, one), state, best, decisions, last)
    page = Paginator(agenda, PAGE).get_page(request.GET.get("page"))
    made = shown.Board(
        whole=whole,
        settings=settings,
        best=best,
        changed={change.mentee_id for change in last.changes} if last is not None else set(),
        ties=ties,
        decisions={decision.mentee_id: decision for decision in decisions},
        refused=refused,
    )
    is_open = one.state == MeetingState.OPEN
    programme = settled.programme_changed(one) if is_open else None
    waiting = agenda_of(by, one).count() if state else page.paginator.count
    unsent = [one for one in decisions if one.proposal_id is None and one.outcome == Outcome.PROPOSE]
    gone = [one for one in unsent if not shown.waits(one.mentee)]
    rows = shown.rows_of(by, made, page.object_list)
    context = {
        "meeting": one,
        "divisions": shown.divisions_told(one),
        "run": run,
        "page": page,
        "rows": rows,
        "has_earlier": any(row.earlier for row in rows),
        "state": state,
        "waiting": waiting,
        "paired": sum(1 for key in best),
        "points": sum(given.score for given in best.values()) / 100,
        "cost": cost,
        "is_outdated": is_open and is_outdated(whole, run) and not (programme and programme.forgets),
        "programme": programme,
        "wrong": shown.wrong_locks(one, contradictions_in(whole, settings, fixed), ties, decisions),
        "settings": settled.settings_lines(run),
        "form": form or SettingsForm(meeting=one, several=several),
        "several": several,
        "decided": len(decisions),
        "to_send": len(unsent) - len(gone),
        "gone": gone,
        "others": list(others_open(by, one)[:MOST_OTHERS]) if is_open else [],
        "left": sum(1 for key in best if key not in made.decisions),
        # Rounded down to what the page shows: whoever types it has a pair.
        "reachable": run.settings.get("reachable", 0) // 10 / 10,
        "locked": len(run.locks),
        "floor": one.floor * 100,
        "may_sit": may_sit_in(by, one),
        "may_reopen": may_reopen(by, one),
        "outcomes": Outcome.choices,
        "words_language": reference_language(),
    }
    return render(request, "desk/meetings/board.html", context, status=422 if form is not None else 200)


def page_of(request: DeskRequest, one: MatchingMeeting, mentee_id: UUID) -> int:
    """Return on which page of the agenda somebody stands."""
    listed = list(agenda_of(request.actor, one).values_list("pk", flat=True))
    return 1 + listed.index(mentee_id) // PAGE if mentee_id in listed else 1


def _narrowed(
    agenda: QuerySet[Enrolment],
    state: str,
    best: Mapping[UUID, Given],
    decisions: Iterable[MeetingDecision],
    last: Difference | None,
) -> QuerySet[Enrolment]:
    match state:
        case "undecided":
            return agenda.exclude(pk__in=[one.mentee_id for one in decisions])
        case "decided":
            return agenda.filter(pk__in=[one.mentee_id for one in decisions])
        case "without":
            return agenda.exclude(pk__in=list(best))
        case "changed":
            return agenda.filter(pk__in=[one.mentee_id for one in last.changes] if last is not None else [])
    return agenda


@open_to(Policy.CASEWORK)
def progress(request: DeskRequest, sitting_id: UUID) -> HttpResponse:
    """Answer how far the preparing is; when it has ended, send the page on."""
    one = meeting_or_404(request, sitting_id)
    target = reverse("desk:meeting", args=[one.pk])
    if request.headers.get("HX-Request") != "true":
        return redirect(target)
    if one.state == MeetingState.PREPARING and not one.has_stopped(request.actor.at):
        return render(request, "ui/components/_progress.html", shown.progress_of(one))
    if one.state != MeetingState.PREPARING:
        say(request, _("The meeting is ready: the best set stands here, the longest wait comes first."))
    response = HttpResponse()
    response["HX-Redirect"] = target
    return response


@open_to(Policy.CASEWORK)
@require_safe
def pulse(request: DeskRequest, sitting_id: UUID) -> HttpResponse:
    """Answer whether somebody else in the meeting has done something since the page was made."""
    one = meeting_or_404(request, sitting_id)
    if request.headers.get("HX-Request") != "true":
        return redirect("desk:meeting", sitting_id=one.pk)
    seen = request.GET.get("seen", "")
    context = {
        "meeting": one,
        "seen": seen,
        "is_changed": seen != str(one.revision),
        "is_own": one.acted_by in {"", request.actor.key},
    }
    return render(request, "desk/meetings/_pulse.html", context)


@open_to(Policy.CASEWORK)
def run(request: DeskRequest, sitting_id: UUID, number: int) -> HttpResponse:
    """Show what one act has changed, woman by woman; by the button, compute it again and tell whether it holds."""
    by, one = request.actor, meeting_or_404(request, sitting_id)
    found = run_numbered(one, number)
    if found is None:
        raise Http404
    replay = None
    if request.method == "POST":
        replay = attempt(request, lambda: services.replay_run(by=by, meeting=one, run=found))
    tie = found.tie
    # Whoever is hidden, or was lent by another division and is no more, is named to nobody here.
    if tie is not None and len(seen_places(by, two := {tie.mentee_id, tie.mentor_id})) < len(two):
        tie = None
    context = {
        "meeting": one,
        "divisions": shown.divisions_told(one),
        "run": found,
        "tie": tie,
        "cost": _told_of(by, one, found, request.GET.get("page"))[1],
        "paired": len(seen_set(by, sets_of(one, found)[0])),
        "mentees": count_seen(by, one, found.snapshot.mentees),
        "mentors": count_seen(by, one, found.snapshot.mentors),
        "runs": list(runs_of(one)[:MOST_RUNS]),
        "replay": replay,
        "settings": settled.settings_lines(found),
    }
    return render(request, "desk/meetings/run.html", context)
