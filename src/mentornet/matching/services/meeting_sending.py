"""Sending what a meeting has decided, in one go: each by the very service that the match desk proposes with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentornet.audit.services import record
from mentornet.common.answers import RefusedError, require
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.matching.changes import Difference, difference, sets_of
from mentornet.matching.enums import Outcome, RunCause
from mentornet.matching.meeting_queries import newest_run, to_send
from mentornet.matching.meeting_rules import may_sit_in
from mentornet.matching.models import MatchingMeeting, MeetingDecision, MeetingRun
from mentornet.matching.queries import proposals_between, refused_of
from mentornet.matching.services.meeting_runs import (
    division_of,
    is_changed_programme,
    is_outdated,
    lock_meeting,
    run_again,
    whole_now,
)
from mentornet.matching.services.proposing import propose

LONGEST_REFUSAL: Final = 500


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of sending.

    Attributes:
        count: how many proposals went out.
        refused: the decisions whose proposals did not, each with why.
        changed: what has changed since the set was looked for last; nothing was sent then.
        is_programme: it was the programme that was changed.
    """

    count: int = 0
    refused: tuple[MeetingDecision, ...] = ()
    changed: Difference | None = field(default=None)
    is_programme: bool = False


def send_decided(*, by: Staff, meeting: MatchingMeeting) -> Sent:
    """Send a proposal for each decided pair; what is refused is told, and the rest goes.

    First it is asked whether the set still stands: where what is known of people has changed, or the programme, it is
    looked for anew, and where that gives anybody another mentor nothing is sent. Each proposal is a transaction of its
    own, and its decision is held meanwhile: of two who press at once, or twice, the second finds it sent.

    Raises:
        NotAllowedError: the meeting is not hers, or not open.
    """
    changed, cause = _brought_up_to_date(by, meeting)
    if changed is not None and changed.changes:
        return Sent(changed=changed, is_programme=cause == RunCause.PROGRAMME)
    count, refused = 0, []
    for key in list(to_send(by, meeting).values_list("pk", flat=True)):
        decision = _send_one(by, key)
        if decision is None:
            continue
        if decision.proposal_id is not None:
            count += 1
        else:
            refused.append(decision)
    if count:
        _after(by, meeting, count)
    return Sent(count, tuple(refused))


@transaction.atomic
def _brought_up_to_date(by: Staff, meeting: MatchingMeeting) -> tuple[Difference | None, RunCause]:
    """Look for the set anew where people, or the programme, are others than before; tell what it changed, and why."""
    meeting = lock_meeting(meeting)
    require(may_sit_in(by, meeting))
    last = newest_run(meeting)
    assert last is not None
    cause = RunCause.PROGRAMME if is_changed_programme(meeting) else RunCause.DATA
    if cause == RunCause.DATA and not is_outdated(whole_now(meeting, by), last):
        return None, cause
    run = run_again(by, meeting, cause)
    return changed_between(meeting, last, run), cause


def changed_between(meeting: MatchingMeeting, before: MeetingRun, after: MeetingRun) -> Difference:
    """Return what has changed from one run to another, but for those whose proposals the meeting has sent."""
    sent = MeetingDecision.objects.filter(meeting=meeting, proposal__isnull=False).values_list("mentee_id", flat=True)
    one, other = sets_of(meeting, before, after)
    return difference(one, other, left=set(sent) - set(other))


def _send_one(by: Staff, key: UUID) -> MeetingDecision | None:
    """Send one; ``None`` where somebody else was faster, or has taken it back."""
    try:
        with transaction.atomic():
            held = MeetingDecision.objects.select_for_update(of=("self",)).filter(
                pk=key, outcome=Outcome.PROPOSE, proposal__isnull=True
            )
            decision = held.select_related(
                "mentee__person", "mentee__division", "mentor__person", "mentor__division", "meeting__version"
            ).first()
            if decision is None:
                return None
            mentor = _chosen(decision)
            refused = refused_of(proposals_between(decision.mentee, mentor))
            decision.proposal = propose(
                by=by,
                mentee=decision.mentee,
                mentor=mentor,
                reason=decision.reason,
                # Such a pair has been decided about by itself: its reason is why they are asked once more.
                again=decision.reason if refused else "",
                seen_version=decision.meeting.version.number,
            )
            decision.refused = ""
            decision.save(update_fields=["proposal", "refused"])
    except (RefusedError, ValidationError) as error:
        why = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
        MeetingDecision.objects.filter(pk=key, proposal__isnull=True).update(refused=why[:LONGEST_REFUSAL])
        return to_decision(key)
    return decision


def _chosen(decision: MeetingDecision) -> Enrolment:
    if decision.mentor is None:
        # Lent by another division until a moment ago, she is seen by nobody here any more.
        raise RefusedError(_("The mentor is not lent to her any more."))
    return decision.mentor


def to_decision(key: UUID) -> MeetingDecision | None:
    """Return a decision with the two in it."""
    return MeetingDecision.objects.filter(pk=key).select_related("mentee__person", "mentor__person").first()


@transaction.atomic
def _after(by: Staff, meeting: MatchingMeeting, count: int) -> None:
    """Look for the set of those who are left."""
    meeting = lock_meeting(meeting)
    record(
        by=by,
        act="matching.send_meeting",
        of=meeting,
        division_id=division_of(meeting),
        detail={"count": count},
    )
    run_again(by, meeting, RunCause.SENT)
