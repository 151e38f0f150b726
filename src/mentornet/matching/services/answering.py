"""Answers, taken down by a coordinator or given by the two themselves, and what a proposal ends in."""

from __future__ import annotations

from collections.abc import Sequence
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
from mentornet.matching.enums import HEARD, OWN_REASONS, Channel, DeclineReason, ProposalState, Reply, Round, Side
from mentornet.matching.models import Proposal, ProposalAnswer
from mentornet.matching.queries import expired_on
from mentornet.matching.rules import (
    both_say_yes,
    may_answer,
    may_answer_for_herself,
    may_step,
    round_of,
    side_of,
)
from mentornet.matching.services.options import offer_times
from mentornet.matching.services.steps import (
    BY_THEMSELVES,
    CHOOSE_AGAIN_WITHIN,
    ask,
    lock,
    require_may_lead_on,
    settle,
    shut_links,
    step,
)
from mentornet.matching.services.telling import tell_end
from mentornet.partnerships.services import open_partnership
from mentornet.people.participants import Participant

LONGEST_NOTE: Final = 500


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
        NotAllowedError: not her division, or nothing is to be answered, or this side has answered; or a yes of two who
            must not meet.
        ChangedMeanwhileError: somebody has just taken the same answer down.
        ValidationError: a no without a reason, or a day on which she could not say it.
    """
    proposal = lock(proposal)
    answers = list(proposal.answers.all())
    require(may_answer(by, proposal, side, answers))
    current = round_of(proposal)
    assert current is not None
    if reply == Reply.YES:
        # Asked here, under the locks under which both yeses lead on.
        require_may_lead_on(by, proposal)
    if asked is not None and asked != current:
        raise ChangedMeanwhileError(
            _("The proposal has moved on since this page was opened: something else is asked now. Ask her anew.")
        )
    if reply == Reply.NO and decline_reason not in DeclineReason.values:
        raise ValidationError({"decline_reason": _("Choose why; it helps to find somebody who fits better.")})
    if channel not in HEARD:
        raise ValidationError({"channel": _("Choose how you heard it.")})
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
    _keep(by, proposal, answer)
    _follow(by, proposal, [*answers, answer], answer)
    return proposal


@transaction.atomic
def answer_for_herself(
    *,
    by: Participant,
    proposal: Proposal,
    reply: Reply | str,
    decline_reason: DeclineReason | str = "",
    note: str = "",
    asked: Round | str | None = None,
) -> Proposal:
    """Let one of the two answer on her own page; what follows is the same as when a coordinator takes it down.

    As long as the other side has not answered too, nothing has followed from a yes: until then she may turn it into a
    no, also one that a coordinator has taken down. What follows, the program does, for she may do no more than answer.

    Raises:
        NotAllowedError: not hers, or nothing is to be answered, or not any more; to two who must not meet it has ended.
        ChangedMeanwhileError: something else is asked now than on her page.
        ValidationError: a no without a reason, or one that is not hers to give.
    """
    proposal = lock(proposal)
    answers = list(proposal.answers.all())
    side, current = side_of(by, proposal), round_of(proposal)
    if side is not None and _has_said(answers, side, asked or current, reply):
        # Pressed twice: what she wants has happened.
        return proposal
    require(may_answer_for_herself(by, proposal))
    require_may_lead_on(by, proposal)
    assert side is not None
    assert current is not None
    if asked is not None and asked != current:
        raise ChangedMeanwhileError(_("This page has changed since you opened it. Please read it again, and answer."))
    if reply == Reply.NO and decline_reason not in OWN_REASONS:
        raise ValidationError(
            {"decline_reason": _("Please choose a reason. It helps us to find somebody who fits better.")}
        )
    earlier = next((given for given in answers if given.side == side and given.round == current), None)
    answer = earlier or ProposalAnswer(proposal=proposal, side=side, round=current)
    answer.reply, answer.channel, answer.told_on = str(reply), Channel.SELF, None
    answer.decline_reason = str(decline_reason) if reply == Reply.NO else ""
    answer.note = note.strip()
    answer.taken_by, answer.author_name, answer.created_at = by.key, by.name, by.at
    _keep(by, proposal, answer, is_changed=earlier is not None)
    others = [given for given in answers if given is not earlier]
    _follow(System(BY_THEMSELVES, by.at), proposal, [*others, answer], answer, but=by.person_id)
    return proposal


def _has_said(answers: Sequence[ProposalAnswer], side: Side, current: Round | str | None, reply: Reply | str) -> bool:
    return any(given.side == side and given.round == current and given.reply == reply for given in answers)


def _keep(by: Staff | Participant, proposal: Proposal, answer: ProposalAnswer, *, is_changed: bool = False) -> None:
    """Write an answer, or its change, and its entry in the audit."""
    answer.full_clean(validate_unique=False, validate_constraints=False)
    try:
        with transaction.atomic():
            answer.save(force_insert=not is_changed, force_update=is_changed)
    except IntegrityError as error:
        raise ChangedMeanwhileError(_("Her answer has just been taken down by somebody else.")) from error
    record(
        by=by,
        act="matching.change_answer" if is_changed else "matching.answer",
        of=proposal,
        division_id=proposal.division_id,
        detail={"side": str(answer.side), "round": str(answer.round), "reply": str(answer.reply)},
    )


def _follow(
    by: Actor,
    proposal: Proposal,
    answers: Sequence[ProposalAnswer],
    answer: ProposalAnswer,
    *,
    but: UUID | None = None,
) -> None:
    """Do what follows from an answer: a no ends it, two yeses lead on."""
    if answer.reply == Reply.NO:
        _end(by, proposal, ProposalState.DECLINED, "", but=but)
    elif both_say_yes(list(answers), Round(answer.round)):
        _go_on(by, proposal, Round(answer.round), but=but)


def _check_told_on(by: Staff, proposal: Proposal, told_on: date) -> None:
    if told_on > by.today:
        raise ValidationError({"told_on": _("That day is still to come.")})
    if proposal.met_on is not None and told_on < proposal.met_on:
        raise ValidationError({"told_on": _("They had not met by that day.")})
    if proposal.sent_at is not None and told_on < timezone.localdate(proposal.sent_at):
        raise ValidationError({"told_on": _("They were proposed to each other after that day.")})


def _go_on(by: Actor, proposal: Proposal, current: Round, *, but: UUID | None = None) -> None:
    """Both have said yes: the two meet first, or begin."""
    settle(by, proposal)
    if current == Round.PROPOSAL and proposal.meets_first:
        expires_on = by.today + timedelta(days=2 * proposal.version.expiry_days)
        step(by, proposal, ProposalState.TO_MEET, expires_on=expires_on)
        ask(by, proposal, Kind.MEET_FIRST, by.today + CHOOSE_AGAIN_WITHIN)
        offer_times(by, proposal)
        return
    partnership = open_partnership(
        by=by, mentee=proposal.mentee, mentor=proposal.mentor, matched_on=by.today, first_met_on=proposal.met_on
    )
    step(by, proposal, ProposalState.ACCEPTED, ended_at=by.at, partnership=partnership)
    shut_links(by, proposal, but=but)
    record(by=by, act="matching.accept", of=proposal, division_id=proposal.division_id)


def _end(by: Actor, proposal: Proposal, after: ProposalState, note: str, *, but: UUID | None = None) -> None:
    """End without a partnership: free both places, tell whoever knows, and ask the coordinator to choose again."""
    before = proposal.state
    step(by, proposal, after, ended_at=by.at, end_note=note)
    finish(by=by, target_id=proposal.pk)
    if before == ProposalState.DRAFT:
        return
    for side in places.in_order(proposal.mentee, proposal.mentor):
        places.release(by=by, enrolment=side)
    shut_links(by, proposal, but=but)
    tell_end(by, proposal, before)
    ask(by, proposal, Kind.PROPOSAL_ENDED, by.today + CHOOSE_AGAIN_WITHIN)


@transaction.atomic
def withdraw_proposal(*, by: Staff | System, proposal: Proposal, note: str) -> Proposal:
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
