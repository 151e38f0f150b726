"""Taking back what was noted wrongly: an answer, that the two have met, a withdrawal.

Whatever a wrong note has led to goes back with it, in one transaction: the state, both places, the partnership, the
tasks, and the letters that have not left. Those that have left are corrected by another one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentornet.agenda.models import Kind, Task
from mentornet.agenda.services import untick
from mentornet.audit.services import record
from mentornet.common.answers import ChangedMeanwhileError, RefusedError, require
from mentornet.divisions.staff import Staff
from mentornet.intake.services import places
from mentornet.matching.enums import HOLDING, STEPS_BACK, ProposalState
from mentornet.matching.models import Proposal, ProposalAnswer
from mentornet.matching.queries import letters_of, letters_of_last_step, moment_of_last_step
from mentornet.matching.rules import (
    NOT_INTRODUCED,
    may_take_answer_back,
    may_take_met_back,
    may_take_withdrawal_back,
    state_before_withdrawal,
    state_without,
)
from mentornet.matching.services.options import drop_options
from mentornet.matching.services.steps import (
    CALL_AFTER,
    CHOOSE_AGAIN_WITHIN,
    ask,
    ask_now,
    lock,
    meet_until,
    open_links_again,
    settle,
    why_held_back,
    write_to,
)
from mentornet.matching.services.telling import tell_again
from mentornet.messaging.models import Letter
from mentornet.messaging.services import call_back_letters
from mentornet.partnerships.services import take_opening_back
from mentornet.people.recipients import person_key

_S = ProposalState
ASKED: Final = {_S.SENT: Kind.CALL_FOR_ANSWER, _S.TO_MEET: Kind.MEET_FIRST, _S.MET: Kind.AFTER_MEETING}
"""What the coordinator is to do while a proposal stands there."""


@transaction.atomic
def take_back_answer(*, by: Staff, proposal: Proposal, answer_id: UUID, knows_letters_left: bool = False) -> Proposal:
    """Take back an answer that was taken down wrongly, with all that it has led to.

    In an open round it only goes. A yes by which the two were to meet brings the proposal back to its answers. A no
    that ended it lets the proposal stand again, if both places can be held again. A yes that opened the partnership
    takes that back too, as long as nothing rests upon it.

    ``knows_letters_left`` says that whoever takes it back has read that its letters have left, and that both get
    another one. Without it such an answer stays.

    Raises:
        NotAllowedError: not her division, more has been noted since, or it is too long ago.
        ChangedMeanwhileError: it has been taken back already, or letters have left meanwhile.
        NoPlaceLeftError: one of the two has been promised to somebody else.
    """
    proposal = lock(proposal)
    answers = list(proposal.answers.order_by("created_at"))
    answer = next((given for given in answers if given.pk == answer_id), None)
    if answer is None:
        raise ChangedMeanwhileError(_("This answer has been taken back already."))
    require(may_take_answer_back(by, proposal, answer))
    before, after = proposal.state, state_without(proposal, answer)
    assert after is not None
    if after != before:
        _go_back(by, proposal, answers, after, knows_letters_left=knows_letters_left)
    ProposalAnswer.objects.filter(pk=answer.pk).delete()
    record(
        by=by,
        act="matching.take_back_answer",
        of=proposal,
        division_id=proposal.division_id,
        detail={"side": answer.side, "round": answer.round, "reply": answer.reply, "from": before, "to": str(after)},
    )
    return proposal


@transaction.atomic
def take_back_met(*, by: Staff, proposal: Proposal, knows_letters_left: bool = False) -> Proposal:
    """Take back that the two have met: they are to meet, as before.

    Raises:
        NotAllowedError: not her division, or an answer has been noted since.
        ChangedMeanwhileError: it has been taken back already, or letters have left meanwhile.
    """
    proposal = lock(proposal)
    answers = list(proposal.answers.order_by("created_at"))
    if proposal.state == _S.TO_MEET:
        raise ChangedMeanwhileError(_("That they have met has been taken back already."))
    require(may_take_met_back(by, proposal, answers))
    _go_back(by, proposal, answers, _S.TO_MEET, knows_letters_left=knows_letters_left)
    record(by=by, act="matching.take_back_met", of=proposal, division_id=proposal.division_id)
    return proposal


@transaction.atomic
def take_back_withdrawal(*, by: Staff, proposal: Proposal, knows_letters_left: bool = False) -> Proposal:
    """Let a proposal stand again that was withdrawn by mistake, where it stood; a draft becomes a draft again.

    Raises:
        As :func:`take_back_answer`.
    """
    proposal = lock(proposal)
    answers = list(proposal.answers.order_by("created_at"))
    if proposal.is_open:
        raise ChangedMeanwhileError(_("This proposal stands again already."))
    require(may_take_withdrawal_back(by, proposal))
    after = state_before_withdrawal(proposal, answers)
    _go_back(by, proposal, answers, after, knows_letters_left=knows_letters_left)
    record(
        by=by,
        act="matching.take_back_withdrawal",
        of=proposal,
        division_id=proposal.division_id,
        detail={"to": str(after)},
    )
    return proposal


def _go_back(
    by: Staff,
    proposal: Proposal,
    answers: Sequence[ProposalAnswer],
    after: ProposalState,
    *,
    knows_letters_left: bool,
) -> None:
    before, moment, partnership = proposal.state, moment_of_last_step(proposal, answers), proposal.partnership
    ended_at = proposal.ended_at
    gone = call_back_letters(by=by, letters=letters_of_last_step(proposal, answers, letters_of(proposal)))
    if gone and not knows_letters_left:
        raise ChangedMeanwhileError(
            _("The letters about it have left meanwhile. Read on this page what happens then, and take it back there.")
        )
    if before in {_S.DECLINED, _S.WITHDRAWN} and after in HOLDING:
        _hold_again(by, proposal)
    _step_back(proposal, after, **_as_before(by, proposal, answers))
    if partnership is not None:
        take_opening_back(by=by, partnership=partnership)
    if ended_at is not None:
        open_links_again(by, proposal, ended_at)
    if before == _S.TO_MEET:
        drop_options(proposal)
    _ask_as_before(by, proposal, after, moment if before != _S.MET else None)
    if before == _S.ACCEPTED:
        # A partnership of two who must not meet was to be closed; now it is the proposal that is to be taken back.
        for kind in why_held_back(proposal):
            ask_now(by, proposal, kind)
    if before in {_S.DECLINED, _S.WITHDRAWN} and after in HOLDING:
        tell_again(by, proposal)
    if gone:
        _correct(by, proposal, after, gone)


def _hold_again(by: Staff, proposal: Proposal) -> None:
    why = why_held_back(proposal)
    if Kind.APART_PROPOSED in why:
        raise RefusedError(_("It has been noted that these two must not meet. The proposal stays ended."))
    if why:
        raise RefusedError(NOT_INTRODUCED)
    for side in places.in_order(proposal.mentee, proposal.mentor):
        places.hold(by=by, enrolment=side)


def _as_before(by: Staff, proposal: Proposal, answers: Sequence[ProposalAnswer]) -> dict[str, object]:
    """Return the columns as they were before the step; a last day that is over meanwhile is tomorrow instead."""
    days = timedelta(days=proposal.version.expiry_days)
    values: dict[str, object] = {}
    expires_on = proposal.expires_on
    match proposal.state:
        case _S.TO_MEET:
            values |= {"meeting_on": None, "meeting_time": None, "meeting_place": ""}
            expires_on = timezone.localdate(proposal.sent_at) + days
        case _S.MET:
            values |= {"met_on": None}
            expires_on = meet_until(proposal, answers, proposal.meeting_on)
        case _:
            values |= {"ended_at": None, "end_note": "", "partnership": None}
    if expires_on is not None:
        values["expires_on"] = expires_on if expires_on >= by.today else by.today + timedelta(days=1)
    return values


def _step_back(proposal: Proposal, after: ProposalState, **values: object) -> None:
    """Take a step back, unless somebody else has worked on it meanwhile, or another proposal stands in its place."""
    before = proposal.state
    changed = 0
    if STEPS_BACK.may(before, after):
        try:
            with transaction.atomic():
                changed = Proposal.objects.filter(pk=proposal.pk, state=before).update(state=after, **values)
        except IntegrityError as error:
            raise ChangedMeanwhileError(
                _("There is another proposal for her by now. This one can no longer stand again.")
            ) from error
    if not changed:
        raise ChangedMeanwhileError(_("Somebody else has worked on this proposal meanwhile. Look at it again."))
    proposal.state = after
    for name, value in values.items():
        setattr(proposal, name, value)


def _ask_as_before(by: Staff, proposal: Proposal, after: ProposalState, moment: datetime | None) -> None:
    """Ask for what was asked before, by the same day; what the wrong note has asked for is settled."""
    settle(by, proposal)
    if after not in ASKED:
        return
    kind = ASKED[after]
    done = Task.objects.filter(target_id=proposal.pk, kind=kind, done_at__lt=by.at).order_by("-done_at")
    task = (done if moment is None else done.filter(done_at=moment)).first()
    if task is None or not untick(by=by, task=task):
        ask(by, proposal, kind, _due_on(by, proposal, after))


def _due_on(by: Staff, proposal: Proposal, after: ProposalState) -> date:
    last = proposal.expires_on or by.today
    if after == _S.TO_MEET:
        on = proposal.meeting_on
        return on + timedelta(days=1) if on is not None and on > by.today else min(by.today + CHOOSE_AGAIN_WITHIN, last)
    return min(by.today + (CALL_AFTER if after == _S.SENT else timedelta(days=1)), last)


def _correct(by: Staff, proposal: Proposal, after: ProposalState, gone: Sequence[Letter]) -> None:
    """Write to those whose letter has left that it was a mistake; the call that it promises stands on Today at once."""
    contact = {"coordinator": by.name, "phone": proposal.division.phone} if by.name and proposal.division.phone else {}
    days = {letter.recipient: timezone.localdate(letter.sent_at or letter.created_at) for letter in reversed(gone)}
    for side in (proposal.mentee, proposal.mentor):
        day = days.get(person_key(side.person_id))
        if day is not None:
            write_to(by, proposal, side, "sent_by_mistake", day=day.isoformat(), **contact)
    ask_now(by, proposal, ASKED[after])
