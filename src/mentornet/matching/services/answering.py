"""Taking down answers, meeting first, and what a proposal ends in."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentornet.agenda.models import Kind
from mentornet.agenda.services import finish
from mentornet.audit.services import record
from mentornet.common.actors import Actor, System
from mentornet.common.answers import ChangedMeanwhileError, require
from mentornet.divisions.staff import Staff
from mentornet.intake.services import places
from mentornet.matching.enums import Channel, DeclineReason, ProposalState, Reply, Round, Side
from mentornet.matching.models import Proposal, ProposalAnswer
from mentornet.matching.queries import expired_on
from mentornet.matching.rules import both_say_yes, may_answer, may_step, round_of
from mentornet.matching.services.steps import CHOOSE_AGAIN_WITHIN, ask, lock, meet_until, step
from mentornet.matching.services.telling import is_meeting_told, tell_end, tell_meeting
from mentornet.partnerships.services import open_partnership

PLAN_WITHIN: Final = timedelta(days=183)
LONGEST_NOTE: Final = 500
LONGEST_PLACE: Final = 120


@transaction.atomic
def take_down_answer(
    *,
    by: Staff,
    proposal: Proposal,
    side: Side | str,
    reply: Reply | str,
    channel: Channel | str,
    decline_reason: DeclineReason | str = "",
    note: str = "",
    told_on: date | None = None,
    asked: Round | str | None = None,
) -> Proposal:
    """Take down one side's answer, as the coordinator has heard it.

    A no ends the proposal without blame: both places are free again and the mentee keeps hers in the queue. Two yeses
    open the partnership, or let the two meet first where the programme says so. ``told_on`` is the day on which she
    said it, if not today.

    Raises:
        NotAllowedError: not her division, or nothing is to be answered, or this side has answered.
        ChangedMeanwhileError: somebody has just taken the same answer down.
        ValidationError: a no without a reason, or a day on which she could not say it.
    """
    proposal = lock(proposal)
    answers = list(proposal.answers.all())
    require(may_answer(by, proposal, side, answers))
    current = round_of(proposal)
    assert current is not None
    if asked is not None and asked != current:
        raise ChangedMeanwhileError(
            _("The proposal has moved on since this page was opened: something else is asked now. Ask her anew.")
        )
    if reply == Reply.NO and decline_reason not in DeclineReason.values:
        raise ValidationError({"decline_reason": _("Choose why; it helps to find somebody who fits better.")})
    if told_on is not None:
        _check_told_on(by, proposal, told_on)
    answer = ProposalAnswer(
        proposal=proposal,
        side=side,
        round=current,
        reply=reply,
        channel=channel,
        told_on=told_on if told_on != by.today else None,
        decline_reason=decline_reason if reply == Reply.NO else "",
        note=note.strip(),
        taken_by=by.key,
        author_name=by.name,
        created_at=by.at,
    )
    answer.full_clean(validate_unique=False, validate_constraints=False)
    try:
        with transaction.atomic():
            answer.save(force_insert=True)
    except IntegrityError as error:
        raise ChangedMeanwhileError(_("Her answer has just been taken down by somebody else.")) from error
    record(
        by=by,
        act="matching.answer",
        of=proposal,
        division_id=proposal.division_id,
        detail={"side": str(side), "round": str(current), "reply": str(reply)},
    )
    if reply == Reply.NO:
        _end(by, proposal, ProposalState.DECLINED, "")
    elif both_say_yes([*answers, answer], current):
        _go_on(by, proposal, current)
    return proposal


def _check_told_on(by: Staff, proposal: Proposal, told_on: date) -> None:
    if told_on > by.today:
        raise ValidationError({"told_on": _("That day is still to come.")})
    if proposal.met_on is not None and told_on < proposal.met_on:
        raise ValidationError({"told_on": _("They had not met by that day.")})
    if proposal.sent_at is not None and told_on < timezone.localdate(proposal.sent_at):
        raise ValidationError({"told_on": _("They were proposed to each other after that day.")})


def _go_on(by: Staff, proposal: Proposal, current: Round) -> None:
    """Both have said yes."""
    finish(by=by, target_id=proposal.pk)
    if current == Round.PROPOSAL and proposal.meets_first:
        expires_on = by.today + timedelta(days=2 * proposal.version.expiry_days)
        step(by, proposal, ProposalState.TO_MEET, expires_on=expires_on)
        ask(by, proposal, Kind.MEET_FIRST, by.today + CHOOSE_AGAIN_WITHIN)
        return
    partnership = open_partnership(
        by=by, mentee=proposal.mentee, mentor=proposal.mentor, matched_on=by.today, first_met_on=proposal.met_on
    )
    step(by, proposal, ProposalState.ACCEPTED, ended_at=by.at, partnership=partnership)
    record(by=by, act="matching.accept", of=proposal, division_id=proposal.division_id)


def _end(by: Actor, proposal: Proposal, after: ProposalState, note: str) -> None:
    """End without a partnership: free both places, tell whoever knows, and ask the coordinator to choose again."""
    before = proposal.state
    step(by, proposal, after, ended_at=by.at, end_note=note)
    finish(by=by, target_id=proposal.pk)
    if before == ProposalState.DRAFT:
        return
    for side in places.in_order(proposal.mentee, proposal.mentor):
        places.release(by=by, enrolment=side)
    tell_end(by, proposal, before)
    ask(by, proposal, Kind.PROPOSAL_ENDED, by.today + CHOOSE_AGAIN_WITHIN)


@transaction.atomic
def plan_meeting(*, by: Staff, proposal: Proposal, on: date, place: str, seen: str | None = None) -> Proposal:
    """Set day and place of the first meeting; both get a letter with them. Letters of another day are called back.

    The proposal waits as long after this day as after any other: an earlier one, mistyped, does not keep the places.

    ``seen`` is the proposal's ``meeting_mark`` when the actor looked at it; without it whatever is planned is moved.

    Raises:
        NotAllowedError: not her division.
        ChangedMeanwhileError: somebody else has planned it meanwhile.
        RefusedError: they are not to meet now.
        ValidationError: a day that is over.
    """
    proposal = lock(proposal)
    require(may_step(by, proposal, ProposalState.MET))
    if on < by.today:
        raise ValidationError({"on": _("That day is over.")})
    if on > by.today + PLAN_WITHIN:
        raise ValidationError({"on": _("That is more than half a year away. They should meet soon.")})
    place = place.strip()
    if not place:
        raise ValidationError({"place": _("Write where they meet; the letters tell them.")})
    if len(place) > LONGEST_PLACE:
        raise ValidationError({"place": _("Write it in at most %(most)s signs.") % {"most": LONGEST_PLACE}})
    if (proposal.meeting_on, proposal.meeting_place) == (on, place) and is_meeting_told(proposal):
        # Pressed twice: they must not get the same letter again.
        return proposal
    if seen is not None and seen != proposal.meeting_mark:
        raise ChangedMeanwhileError(
            _(
                "Somebody has planned their meeting meanwhile: it stands on this page. No letter was sent for you. "
                "If it must be moved, open this page again."
            )
        )
    expires_on = meet_until(proposal, proposal.answers.all(), on)
    Proposal.objects.filter(pk=proposal.pk).update(meeting_on=on, meeting_place=place, expires_on=expires_on)
    proposal.refresh_from_db(fields=["meeting_on", "meeting_place", "expires_on"])
    tell_meeting(by, proposal)
    ask(by, proposal, Kind.MEET_FIRST, on + timedelta(days=1))
    record(by=by, act="matching.plan_meeting", of=proposal, division_id=proposal.division_id)
    return proposal


@transaction.atomic
def record_met(*, by: Staff, proposal: Proposal, on: date) -> Proposal:
    """Note that the two have met; each now says yes or no, in private.

    Raises:
        NotAllowedError: not her division, or they are not to meet now.
        ChangedMeanwhileError: somebody else was faster.
        ValidationError: a day to come.
    """
    proposal = lock(proposal)
    require(may_step(by, proposal, ProposalState.MET))
    if on > by.today:
        raise ValidationError({"on": _("That day is still to come.")})
    if proposal.sent_at is not None and on < timezone.localdate(proposal.sent_at):
        raise ValidationError({"on": _("They were proposed to each other after that day.")})
    expires_on = by.today + timedelta(days=proposal.version.expiry_days)
    step(by, proposal, ProposalState.MET, met_on=on, expires_on=expires_on)
    finish(by=by, target_id=proposal.pk, kinds=[Kind.MEET_FIRST])
    ask(by, proposal, Kind.AFTER_MEETING, by.today + timedelta(days=1))
    record(by=by, act="matching.record_met", of=proposal, division_id=proposal.division_id)
    return proposal


@transaction.atomic
def withdraw_proposal(*, by: Staff, proposal: Proposal, note: str) -> Proposal:
    """Take a proposal back. Whoever has heard of it hears that too; of a draft nobody. Both places are free again.

    Raises:
        NotAllowedError: not her division, or it has ended.
        ChangedMeanwhileError: somebody else was faster.
        ValidationError: no reason, though it was sent.
    """
    proposal = lock(proposal)
    require(may_step(by, proposal, ProposalState.WITHDRAWN))
    if proposal.state != ProposalState.DRAFT and not note.strip():
        raise ValidationError({"note": _("Write why; it stays in the case.")})
    if len(note.strip()) > LONGEST_NOTE:
        raise ValidationError({"note": _("Write it in at most %(most)s signs.") % {"most": LONGEST_NOTE}})
    _end(by, proposal, ProposalState.WITHDRAWN, note.strip())
    record(by=by, act="matching.withdraw", of=proposal, division_id=proposal.division_id)
    return proposal


def expire_proposals(*, by: System) -> int:
    """End the proposals whose last day is over, each in a transaction of its own. Returns how many."""
    ended = 0
    for pk in list(expired_on(by.today).values_list("pk", flat=True)):
        ended += _expire(by, pk)
    return ended


@transaction.atomic
def _expire(by: System, pk: UUID) -> bool:
    proposal = lock(Proposal(pk=pk))
    if proposal.expires_on is None or proposal.expires_on >= by.today or not proposal.is_open:
        return False
    _end(by, proposal, ProposalState.EXPIRED, "")
    record(by=by, act="matching.expire", of=proposal, division_id=proposal.division_id)
    return True
