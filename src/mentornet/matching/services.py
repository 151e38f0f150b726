"""Proposing, taking down answers, meeting first, and what a proposal ends in."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentornet.agenda.models import Kind
from mentornet.agenda.services import ask_for, finish
from mentornet.audit.services import record
from mentornet.common.actors import Actor, System
from mentornet.common.answers import ChangedMeanwhileError, RefusedError, require
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.intake.services import places
from mentornet.matching.bank import bank_of
from mentornet.matching.enums import PROPOSAL_STEPS, Channel, DeclineReason, ProposalState, Reply, Round, Side
from mentornet.matching.models import Proposal, ProposalAnswer
from mentornet.matching.queries import expired_on
from mentornet.matching.ranking import Candidate, Ranking, bars_kept, rank_for
from mentornet.matching.reasons import why_not
from mentornet.matching.rules import both_say_yes, may_answer, may_propose, may_step, round_of
from mentornet.messaging.services import queue_letter
from mentornet.partnerships.services import open_partnership
from mentornet.people.recipients import person_key
from mentornet.programmes.queries import current_version
from reference.people import Mentee, Mentor

CALL_AFTER: Final = timedelta(days=3)
CHOOSE_AGAIN_WITHIN: Final = timedelta(days=2)
PLAN_WITHIN: Final = timedelta(days=183)


LONGEST_NOTE: Final = 500
LONGEST_PLACE: Final = 120


class RuleBrokenError(RefusedError):
    """A hard rule stands between the two, and has not been loosened."""


@transaction.atomic
def propose(
    *,
    by: Staff,
    mentee: Enrolment,
    mentor: Enrolment,
    reason: str,
    seen_version: int,
    loosened: Collection[str] = (),
    send: bool = True,
) -> Proposal:
    """Choose a mentor, for a written reason, and write to both; or keep the choice as a draft.

    The two are judged anew at this moment, by the programme as it is now, and what was seen is kept.

    ``seen_version`` is the number of the programme version by which the coordinator saw the list; ``loosened`` are the
    rules that she has set aside for this pair.

    Raises:
        NotAllowedError: not her divisions, or the mentee has a mentor, or an open proposal.
        ChangedMeanwhileError: the programme was changed, or the mentor has left the bank.
        RuleBrokenError: a hard rule in force stands between them; the sentence says which and why.
        NoPlaceLeftError: somebody else was faster.
        ValidationError: no reason was written.
    """
    require(may_propose(by, mentee, mentor))
    version = current_version(mentee.programme_id)
    if version.number != seen_version:
        raise ChangedMeanwhileError(
            _("The programme's weights were changed while you looked. The list has been ranked anew: look once more.")
        )
    ranking, candidate = _judged(by, mentee, mentor, loosened)
    proposal = Proposal.objects.filter(mentee=mentee, mentor=mentor, state=ProposalState.DRAFT).first()
    is_new = proposal is None
    proposal = proposal or Proposal(mentee=mentee, mentor=mentor, created_at=by.at)
    proposal.division = mentee.division
    proposal.version = version
    proposal.reason = reason.strip()
    proposal.chosen_by, proposal.author_name = by.key, by.name
    proposal.score, proposal.bars, proposal.sentences = (
        candidate.score,
        bars_kept(candidate.bars),
        candidate.sentences(),
    )
    proposal.rank, proposal.ranked = candidate.place, ranking.mentors
    proposal.loosened = tuple(rule for rule in candidate.fails if rule in ranking.loosened)
    proposal.meets_first = version.meets_first
    proposal.full_clean(validate_constraints=False)
    try:
        with transaction.atomic():
            proposal.save(force_insert=is_new)
    except IntegrityError as error:
        raise ChangedMeanwhileError(_("Somebody has just chosen her too. Look at the proposals.")) from error
    record(
        by=by,
        act="matching.choose",
        of=proposal,
        division_id=proposal.division_id,
        detail={"loosened": list(proposal.loosened or ())},
    )
    return _send(by, proposal) if send else proposal


def _judged(by: Staff, mentee: Enrolment, mentor: Enrolment, loosened: Collection[str]) -> tuple[Ranking, Candidate]:
    version = current_version(mentee.programme_id)
    bank = bank_of(version=version, divisions=by.casework, today=by.today)
    ranking = rank_for(bank, mentee.pk, loosened)
    candidate = ranking.candidate(mentor.pk) if ranking is not None else None
    if ranking is None or candidate is None:
        raise ChangedMeanwhileError(_("One of the two has left meanwhile. Look at the list again."))
    broken = [rule for rule in candidate.fails if rule not in ranking.loosened]
    if broken:
        one, other = candidate.pair.mentee, candidate.pair.mentor
        assert isinstance(one, Mentee)
        assert isinstance(other, Mentor)
        need = bank.problem.policy.min_language
        raise RuleBrokenError(" ".join(why_not(rule, one, other, need) for rule in broken))
    return ranking, candidate


@transaction.atomic
def send_draft(*, by: Staff, proposal: Proposal) -> Proposal:
    """Send a draft: the two are judged anew first, with the rules that were set aside for it.

    Raises:
        As :func:`propose`; also ChangedMeanwhileError when it is no draft any more.
    """
    proposal = _lock(proposal)
    require(may_step(by, proposal, ProposalState.SENT))
    require(may_propose(by, proposal.mentee, proposal.mentor))
    if current_version(proposal.mentee.programme_id).pk != proposal.version_id:
        raise ChangedMeanwhileError(
            _("The programme was changed since this draft was written. Open the two once more, and propose from there.")
        )
    _judged(by, proposal.mentee, proposal.mentor, proposal.loosened or ())
    return _send(by, proposal)


def _send(by: Actor, proposal: Proposal) -> Proposal:
    """Hold both places and write to both."""
    if not proposal.division.phone:
        raise RefusedError(
            _("The letters ask both to call %(division)s, and its telephone is not known. Add it in the set-up first.")
            % {"division": proposal.division.name}
        )
    # Always in the same order, so that two who send at once wait for each other and never in a circle.
    for side in sorted((proposal.mentee, proposal.mentor), key=lambda enrolment: str(enrolment.pk)):
        places.hold(by=by, enrolment=side)
    expires_on = by.today + timedelta(days=proposal.version.expiry_days)
    try:
        with transaction.atomic():
            _step(by, proposal, ProposalState.SENT, sent_at=by.at, expires_on=expires_on)
    except IntegrityError as error:
        raise ChangedMeanwhileError(
            _("Somebody has just sent another proposal for her. Its answers come first.")
        ) from error
    for side, event in ((proposal.mentee, "proposal_to_mentee"), (proposal.mentor, "proposal_to_mentor")):
        _write_to(
            by,
            proposal,
            side,
            event,
            coordinator=proposal.author_name,
            phone=proposal.division.phone,
            day=expires_on.isoformat(),
        )
    _ask(by, proposal, Kind.CALL_FOR_ANSWER, min(by.today + CALL_AFTER, expires_on))
    # Choosing again is what the end of an earlier proposal asked for.
    for earlier in Proposal.objects.filter(mentee=proposal.mentee).exclude(pk=proposal.pk).values_list("pk", flat=True):
        finish(by=by, target_id=earlier, kinds=[Kind.PROPOSAL_ENDED])
    record(by=by, act="matching.send", of=proposal, division_id=proposal.division_id)
    return proposal


def _write_to(by: Actor, proposal: Proposal, side: Enrolment, event: str, **values: str) -> None:
    queue_letter(
        by=by,
        recipient=person_key(side.person_id),
        event=event,
        values=values,
        about_id=proposal.pk,
        division_id=proposal.division_id,
    )


def _ask(by: Actor, proposal: Proposal, kind: Kind, due_on: date) -> None:
    ask_for(
        by=by,
        kind=kind,
        target_id=proposal.pk,
        division_id=proposal.division_id,
        due_on=due_on,
        owner_id=proposal.mentee.coordinator_id or (by.user_id if isinstance(by, Staff) else None),
        words={"mentee": proposal.mentee.person.first_name, "mentor": proposal.mentor.person.first_name},
    )


def _step(by: Actor, proposal: Proposal, after: ProposalState, **values: object) -> None:
    """Take a step, unless somebody else has taken another one meanwhile."""
    require(may_step(by, proposal, after))
    changed = Proposal.objects.filter(pk=proposal.pk, state__in=PROPOSAL_STEPS.sources(after)).update(
        state=after, **values
    )
    if not changed:
        raise ChangedMeanwhileError(_("Somebody else has worked on this proposal meanwhile. Look at it again."))
    proposal.state = after
    for name, value in values.items():
        setattr(proposal, name, value)


def _lock(proposal: Proposal) -> Proposal:
    """Return the row as it is now, held until the transaction ends."""
    return (
        Proposal.objects.select_for_update(of=("self",))
        .select_related("mentee__person", "mentor__person", "mentee__division", "division", "version")
        .get(pk=proposal.pk)
    )


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
    asked: Round | str | None = None,
) -> Proposal:
    """Take down one side's answer, as the coordinator has heard it.

    A no ends the proposal without blame: both places are free again and the mentee keeps hers in the queue. Two yeses
    open the partnership, or let the two meet first where the programme says so.

    Raises:
        NotAllowedError: not her division, or nothing is to be answered, or this side has answered.
        ChangedMeanwhileError: somebody has just taken the same answer down.
        ValidationError: a no without a reason.
    """
    proposal = _lock(proposal)
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
    answer = ProposalAnswer(
        proposal=proposal,
        side=side,
        round=current,
        reply=reply,
        channel=channel,
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


def _go_on(by: Staff, proposal: Proposal, current: Round) -> None:
    """Both have said yes."""
    finish(by=by, target_id=proposal.pk)
    if current == Round.PROPOSAL and proposal.meets_first:
        expires_on = by.today + timedelta(days=2 * proposal.version.expiry_days)
        _step(by, proposal, ProposalState.TO_MEET, expires_on=expires_on)
        _ask(by, proposal, Kind.MEET_FIRST, by.today + CHOOSE_AGAIN_WITHIN)
        return
    partnership = open_partnership(
        by=by, mentee=proposal.mentee, mentor=proposal.mentor, matched_on=by.today, first_met_on=proposal.met_on
    )
    _step(by, proposal, ProposalState.ACCEPTED, ended_at=by.at, partnership=partnership)
    record(by=by, act="matching.accept", of=proposal, division_id=proposal.division_id)


def _end(by: Actor, proposal: Proposal, after: ProposalState, note: str) -> None:
    """End without a partnership: free both places, tell both, and ask the coordinator to choose again."""
    held = proposal.state != ProposalState.DRAFT
    _step(by, proposal, after, ended_at=by.at, end_note=note)
    finish(by=by, target_id=proposal.pk)
    if not held:
        return
    for side in (proposal.mentee, proposal.mentor):
        places.release(by=by, enrolment=side)
        sent_on = timezone.localdate(proposal.sent_at) if proposal.sent_at else by.today
        _write_to(by, proposal, side, "proposal_ended", day=sent_on.isoformat())
    _ask(by, proposal, Kind.PROPOSAL_ENDED, by.today + CHOOSE_AGAIN_WITHIN)


@transaction.atomic
def plan_meeting(*, by: Staff, proposal: Proposal, on: date, place: str) -> Proposal:
    """Set day and place of the first meeting; both get a letter with them.

    Raises:
        NotAllowedError: not her division.
        RefusedError: they are not to meet now.
        ValidationError: a day that is over.
    """
    proposal = _lock(proposal)
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
    expires_on = max(proposal.expires_on or on, on + timedelta(days=proposal.version.expiry_days))
    Proposal.objects.filter(pk=proposal.pk).update(meeting_on=on, meeting_place=place, expires_on=expires_on)
    proposal.refresh_from_db(fields=["meeting_on", "meeting_place", "expires_on"])
    for side in (proposal.mentee, proposal.mentor):
        _write_to(by, proposal, side, "meet_first", day=on.isoformat(), place=place)
    _ask(by, proposal, Kind.MEET_FIRST, on + timedelta(days=1))
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
    proposal = _lock(proposal)
    require(may_step(by, proposal, ProposalState.MET))
    if on > by.today:
        raise ValidationError({"on": _("That day is still to come.")})
    if proposal.sent_at is not None and on < timezone.localdate(proposal.sent_at):
        raise ValidationError({"on": _("They were proposed to each other after that day.")})
    expires_on = by.today + timedelta(days=proposal.version.expiry_days)
    _step(by, proposal, ProposalState.MET, met_on=on, expires_on=expires_on)
    finish(by=by, target_id=proposal.pk, kinds=[Kind.MEET_FIRST])
    _ask(by, proposal, Kind.AFTER_MEETING, by.today + timedelta(days=1))
    record(by=by, act="matching.record_met", of=proposal, division_id=proposal.division_id)
    return proposal


@transaction.atomic
def withdraw_proposal(*, by: Staff, proposal: Proposal, note: str) -> Proposal:
    """Take a proposal back. Of a draft nobody hears; else both do, and both places are free again.

    Raises:
        NotAllowedError: not her division, or it has ended.
        ChangedMeanwhileError: somebody else was faster.
        ValidationError: no reason, though it was sent.
    """
    proposal = _lock(proposal)
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
    proposal = _lock(Proposal(pk=pk))
    if proposal.expires_on is None or proposal.expires_on >= by.today or not proposal.is_open:
        return False
    _end(by, proposal, ProposalState.EXPIRED, "")
    record(by=by, act="matching.expire", of=proposal, division_id=proposal.division_id)
    return True
