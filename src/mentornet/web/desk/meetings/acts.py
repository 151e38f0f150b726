"""What is done on a meeting's board: each button a POST of its own, and back to the board."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from mentornet.intake.models import Enrolment
from mentornet.matching import services
from mentornet.matching.enums import Outcome, TieKind
from mentornet.matching.meeting_queries import decisions_of, runs_of, seen_places, tie_in, ties_of
from mentornet.matching.meeting_rules import may_throw_away
from mentornet.matching.models import MatchingMeeting
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt
from mentornet.web.desk.meetings.forms import DecisionForm, RestForm, SettingsForm, TieForm
from mentornet.web.desk.meetings.shown import divisions_told
from mentornet.web.desk.meetings.views import board, meeting_or_404, page_of
from mentornet.web.ui.toasts import say


def _back(request: DeskRequest, meeting: MatchingMeeting, mentee_id: UUID | None = None) -> HttpResponse:
    """Lead back to where she was on the board; from another page, to the woman it was about."""
    page, state = request.POST.get("page", ""), request.POST.get("state", "")
    if not page and mentee_id is not None:
        page = str(page_of(request, meeting, mentee_id))
    query = "&".join(
        f"{name}={value}" for name, value in (("state", state), ("page", page)) if value.isascii() and value.isalnum()
    )
    anchor = f"#w-{mentee_id}" if mentee_id is not None else ""
    return redirect(reverse("desk:meeting", args=[meeting.pk]) + (f"?{query}" if query else "") + anchor)


def _incomplete(request: DeskRequest) -> None:
    say(request, _("The page was not complete. Look once more, and press again."), tone="bad")


def _places(request: DeskRequest, *keys: UUID) -> list[Enrolment] | None:
    """Return whom a button is about, of those whom she sees; says so where one is not there."""
    found = seen_places(request.actor, keys)
    if len(found) != len(set(keys)):
        say(request, _("One of the two is not there any more. Look at the list again."), tone="bad")
        return None
    return [found[key] for key in keys]


@open_to(Policy.CASEWORK)
@require_POST
def again(request: DeskRequest, sitting_id: UUID) -> HttpResponse:
    """Begin the preparing anew that has stopped."""
    meeting = meeting_or_404(request, sitting_id)
    attempt(request, lambda: services.prepare_again(by=request.actor, meeting=meeting))
    return redirect("desk:meeting", sitting_id=meeting.pk)


@open_to(Policy.CASEWORK)
@require_POST
def solve(request: DeskRequest, sitting_id: UUID) -> HttpResponse:
    """Look for the best set anew, since people have changed, or the programme has."""
    meeting = meeting_or_404(request, sitting_id)
    run = attempt(request, lambda: services.solve_again(by=request.actor, meeting=meeting))
    if run is not None:
        say(request, _("The best set was looked for anew. What has changed stands above the list."))
    return _back(request, meeting)


@open_to(Policy.CASEWORK)
@require_POST
def tie(request: DeskRequest, sitting_id: UUID) -> HttpResponse:
    """Lock two together, or rule them out."""
    meeting, form = meeting_or_404(request, sitting_id), TieForm(request.POST)
    if not form.is_valid():
        _incomplete(request)
        return _back(request, meeting)
    given = form.cleaned_data
    two = _places(request, given["mentee"], given["mentor"])
    if two is None:
        return _back(request, meeting)
    run = attempt(
        request,
        lambda: services.tie_pair(by=request.actor, meeting=meeting, mentee=two[0], mentor=two[1], kind=given["kind"]),
    )
    if run is not None:
        words = _("Locked. What has changed stands above the list.")
        if given["kind"] == TieKind.FORBID:
            words = _("Ruled out for this meeting. What has changed stands above the list.")
        # Pressed twice, the newest run may be about two others.
        is_theirs = run.tie is not None and (run.tie.mentee_id, run.tie.mentor_id) == (two[0].pk, two[1].pk)
        undo = reverse("desk:meeting_lift", args=[meeting.pk, run.tie_id]) if is_theirs else ""
        say(request, words, undo=undo)
    return _back(request, meeting, two[0].pk)


@open_to(Policy.CASEWORK)
@require_POST
def lift(request: DeskRequest, sitting_id: UUID, tie_id: UUID) -> HttpResponse:
    """Lift a lock, or let a pair be proposed again."""
    meeting = meeting_or_404(request, sitting_id)
    found = get_object_or_404(tie_in(request.actor, meeting), pk=tie_id)
    run = attempt(request, lambda: services.lift_tie(by=request.actor, meeting=meeting, tie=found))
    if run is not None:
        say(request, _("Lifted. What has changed stands above the list."))
    return _back(request, meeting, found.mentee_id)


@open_to(Policy.CASEWORK)
@require_POST
def settings(request: DeskRequest, sitting_id: UUID) -> HttpResponse:
    """Judge by other weights, another floor, or with mentors of the other divisions."""
    meeting = meeting_or_404(request, sitting_id)
    form = SettingsForm(request.POST, meeting=meeting, several=len(meeting.sits.all()) > 1)
    if form.is_valid():
        run = attempt(
            request, lambda: services.change_settings(by=request.actor, meeting=meeting, **form.wanted()), form
        )
        if run is not None:
            say(request, _("The best set was looked for anew. What has changed stands above the list."))
            return _back(request, meeting)
    if newest_is_missing(meeting):
        return _back(request, meeting)
    meeting.refresh_from_db()
    return board(request, meeting, form)


def newest_is_missing(meeting: MatchingMeeting) -> bool:
    """Tell whether there is no set to show beside the form: the meeting is still being prepared."""
    return not meeting.runs.exists()


@open_to(Policy.CASEWORK)
@require_POST
def decide(request: DeskRequest, sitting_id: UUID) -> HttpResponse:
    """Decide about one mentee."""
    meeting, form = meeting_or_404(request, sitting_id), DecisionForm(request.POST)
    if not form.is_valid():
        _incomplete(request)
        return _back(request, meeting)
    given = form.cleaned_data
    proposes = given["outcome"] == Outcome.PROPOSE and given["mentor"] is not None
    keys = [given["mentee"], *([given["mentor"]] if proposes else [])]
    found = _places(request, *keys)
    if found is None:
        return _back(request, meeting)
    decision = attempt(
        request,
        lambda: services.decide(
            by=request.actor,
            meeting=meeting,
            mentee=found[0],
            seen=given["seen"],
            outcome=given["outcome"],
            mentor=found[1] if proposes else None,
            reason=given["reason"],
            dissent=given["dissent"],
        ),
    )
    if decision is not None:
        undo = reverse("desk:meeting_decision_back", args=[meeting.pk, decision.pk, decision.number])
        say(request, _("Decided. Nobody is told until all that is decided is sent."), undo=undo)
    return _back(request, meeting, found[0].pk)


@open_to(Policy.CASEWORK)
@require_POST
def decision_back(request: DeskRequest, sitting_id: UUID, decision_id: UUID, number: int) -> HttpResponse:
    """Take a decision back."""
    meeting = meeting_or_404(request, sitting_id)
    found = get_object_or_404(decisions_of(request.actor, meeting), pk=decision_id)

    def act() -> None:
        services.take_decision_back(by=request.actor, meeting=meeting, decision=found, seen=number)
        say(request, _("Taken back: nothing is decided about her."))

    attempt(request, act)
    return _back(request, meeting, found.mentee_id)


@open_to(Policy.CASEWORK)
@require_POST
def rest(request: DeskRequest, sitting_id: UUID) -> HttpResponse:
    """Decide all that is left as the set stands."""
    meeting, form = meeting_or_404(request, sitting_id), RestForm(request.POST)
    if not form.is_valid():
        _incomplete(request)
        return _back(request, meeting)
    count = attempt(request, lambda: services.decide_the_rest(by=request.actor, meeting=meeting, **form.cleaned_data))
    if count is not None:
        words = ngettext(
            "%(count)s pair decided as the set stands.", "%(count)s pairs decided as the set stands.", count
        )
        say(request, words % {"count": count})
    return _back(request, meeting)


@open_to(Policy.CASEWORK)
@require_POST
def send(request: DeskRequest, sitting_id: UUID) -> HttpResponse:
    """Send all that is decided in one go; what could not be sent is told."""
    meeting = meeting_or_404(request, sitting_id)
    sent = attempt(request, lambda: services.send_decided(by=request.actor, meeting=meeting))
    if sent is None:
        return _back(request, meeting)
    if sent.changed is not None:
        words = (
            _(
                "Nothing was sent: the programme was changed since. The best set was looked for anew; look at what has "
                "changed, and send then."
            )
            if sent.is_programme
            else _(
                "Nothing was sent: what is known of people has changed since. The best set was looked for anew; look "
                "at what has changed, and send then."
            )
        )
        say(request, words, tone="warn")
        return _back(request, meeting)
    if sent.refused:
        words = ngettext(
            "%(count)s proposal could not be sent. Why stands beside her.",
            "%(count)s proposals could not be sent. Why stands beside each of them.",
            len(sent.refused),
        )
        say(request, words % {"count": len(sent.refused)}, tone="warn")
    if sent.count or not sent.refused:
        words = ngettext(
            "%(count)s proposal sent. The letters leave in a minute.",
            "%(count)s proposals sent. The letters leave in a minute.",
            sent.count,
        )
        say(request, words % {"count": sent.count})
    return _back(request, meeting)


@open_to(Policy.CASEWORK)
@require_POST
def close(request: DeskRequest, sitting_id: UUID) -> HttpResponse:
    """Close the meeting."""
    meeting = meeting_or_404(request, sitting_id)
    done = attempt(request, lambda: services.close_meeting(by=request.actor, meeting=meeting))
    if done is not None:
        say(
            request,
            _("The meeting is closed. Its minutes stand here."),
            undo=reverse("desk:meeting_reopen", args=[meeting.pk]),
        )
        return redirect("desk:meeting_minutes", sitting_id=meeting.pk)
    return _back(request, meeting)


@open_to(Policy.CASEWORK)
@require_POST
def reopen(request: DeskRequest, sitting_id: UUID) -> HttpResponse:
    """Open a closed meeting again."""
    meeting = meeting_or_404(request, sitting_id)
    done = attempt(request, lambda: services.reopen_meeting(by=request.actor, meeting=meeting))
    if done is not None:
        say(request, _("The meeting is open again."))
    return _back(request, meeting)


@open_to(Policy.CASEWORK)
@require_http_methods(["GET", "HEAD", "POST"])
def throw_away(request: DeskRequest, sitting_id: UUID) -> HttpResponse:
    """Ask once more what would be gone; then throw a meeting away that was begun by mistake."""
    meeting = meeting_or_404(request, sitting_id)
    if request.method != "POST":
        if not (answer := may_throw_away(request.actor, meeting)):
            say(request, str(answer.reason), tone="bad")
            return redirect("desk:meeting", sitting_id=meeting.pk)
        context = {
            "meeting": meeting,
            "divisions": divisions_told(meeting),
            "ties": list(ties_of(request.actor, meeting)),
            "runs": runs_of(meeting).count(),
        }
        return render(request, "desk/meetings/throw_away.html", context)

    def act() -> bool:
        services.throw_meeting_away(by=request.actor, meeting=meeting)
        return True

    if attempt(request, act):
        say(request, _("The meeting is thrown away. Nothing had been decided in it."))
        return redirect("desk:meetings")
    return _back(request, meeting)
