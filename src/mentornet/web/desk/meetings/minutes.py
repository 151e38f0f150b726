"""The minutes of a meeting: as a page, on paper and as a file, with who decided what, why, and who saw it otherwise."""

from __future__ import annotations

from typing import Final, cast
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone

from mentornet.accounts.models import User
from mentornet.matching.changes import seen_set, sets_of
from mentornet.matching.enums import Outcome
from mentornet.matching.meeting_queries import agenda_of, decisions_of, newest_run, runs_with_settings, ties_of
from mentornet.matching.models import MatchingMeeting
from mentornet.matching.services import record_minutes
from mentornet.matching.services.replaying import left_over
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.exports.second_factor import ask_for_it, is_fresh
from mentornet.web.desk.meetings import minuted, settled, shown
from mentornet.web.desk.meetings.views import meeting_or_404
from mentornet.web.ui.papers import has_pdf
from mentornet.web.ui.printing import private_pdf
from mentornet.web.watching import stop_file

PDF_STYLES: Final = ("ui/css/paper-pdf.css", "desk/css/packs-pdf.css")


def _told(request: DeskRequest, meeting: MatchingMeeting) -> dict[str, object]:
    by, run = request.actor, newest_run(meeting)
    decisions = list(decisions_of(by, meeting))
    groups = [(label, [one for one in decisions if one.outcome == value]) for value, label in Outcome.choices]
    waiting = agenda_of(by, meeting).count()
    runs = list(runs_with_settings(meeting))
    return {
        "meeting": meeting,
        "divisions": shown.divisions_told(meeting),
        "run": run,
        "paired": len(seen_set(by, sets_of(meeting, run)[0])) if run is not None else 0,
        "waiting": waiting,
        "groups": [(label, some) for label, some in groups if some],
        "decided": len(decisions),
        "sent": sum(1 for one in decisions if one.proposal_id is not None),
        "dissents": sum(1 for one in decisions if one.dissent),
        "undecided": agenda_of(by, meeting).exclude(pk__in=[one.mentee_id for one in decisions]).count(),
        "ties": list(ties_of(by, meeting)),
        "runs": runs,
        "turns": minuted.turns(by, runs),
        "left_over": minuted.left_over(by, left_over(meeting, run), decisions) if run is not None else [],
        "settings": settled.settings_lines(run) if run is not None else [],
        "people": sorted({one.author_name for one in decisions} | {meeting.author_name}),
        "printed_by": by.name,
        "printed_at": timezone.localtime(by.at),
        "has_pdf": has_pdf(),
    }


@open_to(Policy.CASEWORK)
def minutes(request: DeskRequest, sitting_id: UUID) -> HttpResponseBase:
    """Show the minutes; by a button, with the second factor given anew, hand them out to print or as a PDF."""
    meeting = meeting_or_404(request, sitting_id)
    context = _told(request, meeting)
    if request.method != "POST":
        return render(request, "desk/meetings/minutes.html", context)
    if not is_fresh(request):
        return ask_for_it(request)
    if (stopped := stop_file(request)) is not None:
        return stopped
    # Made first: what failed has not left. Then the entry, without which nothing does.
    answer: HttpResponse | None = None
    if request.POST.get("as") == "pdf":
        made = private_pdf(render_to_string("desk/meetings/minutes_pdf.html", context | {"is_pdf": True}), *PDF_STYLES)
        if made is not None:
            named = {"Content-Disposition": 'attachment; filename="meeting-minutes.pdf"'}
            answer = HttpResponse(made, content_type="application/pdf", headers=named)
    answer = answer or render(request, "desk/meetings/minutes.html", context | {"is_paper": True})
    record_minutes(by=request.actor, user=cast(User, request.user), meeting=meeting)
    return answer
