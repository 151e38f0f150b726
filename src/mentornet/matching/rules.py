"""Who may propose whom, and what may be done with a proposal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentornet.common.actors import Actor, System
from mentornet.common.answers import ALLOWED, Answer, denied
from mentornet.divisions.rules import may_see, may_work_in, seen_by
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.intake.rules import in_divisions
from mentornet.matching.enums import HOLDING, PROPOSAL_STEPS, ProposalState, Reply, Round, Side
from mentornet.matching.loan_rules import is_released_to
from mentornet.matching.models import Proposal, ProposalAnswer, ProposalQuestion
from mentornet.people.enums import Role
from mentornet.people.participants import Participant

_NO_LONGER_OPEN: Final = _("This suggestion is no longer open. Please call us if you have a question.")

NOT_INTRODUCED: Final = _(
    "One of the two has taken back that we may show her introduction. Call her before you suggest her to anybody: "
    "what she agrees to stands on her page."
)
DATA_REST: Final = _(
    "One of the two has asked that her data rest. Until that is lifted on her page, she is suggested to nobody."
)

TAKE_BACK_WITHIN: Final = timedelta(days=3)
"""How long what ended a proposal can be taken back: a Friday's mistake is seen on Monday, by whoever has the letter."""


MOST_QUESTIONS: Final = 5
"""How many questions of one side may wait for the coordinator: more of them would only be the same one again."""


def visible(by: Actor) -> Q:
    """Return which proposals somebody sees: those of her divisions' mentees, and of their mentors.

    None at all with anybody who is hidden from her: the other one's name would tell.
    """
    theirs = in_divisions(by) | in_divisions(by, "mentor__")
    return theirs & seen_by(by, "mentee__person", "mentor__person")


def may_work_on(by: Actor, proposal: Proposal) -> Answer:
    """Casework belongs to the division of the mentee."""
    # The two are asked for only where anybody is hidden: most have nobody, and no query for it.
    if isinstance(by, Staff) and by.hidden:
        answer = may_see(by, proposal.mentee.person_id, proposal.mentor.person_id)
        return answer and may_work_in(by, proposal.division_id)
    return may_work_in(by, proposal.division_id)


def may_match(by: Actor, mentee: Enrolment) -> Answer:
    """Choosing a mentor for somebody on the waiting list."""
    if not (answer := may_see(by, mentee.person_id) and may_work_in(by, mentee.division_id)):
        return answer
    if mentee.role != Role.MENTEE:
        return denied(_("Mentors are chosen for mentees, not the other way round."))
    if mentee.ended_on is not None:
        return denied(_("She has left the waiting list."))
    if mentee.active:
        return denied(_("She has a mentor."))
    if mentee.promised:
        return denied(_("There is an open proposal for her already. Its answers come first."))
    return ALLOWED


def may_propose(by: Actor, mentee: Enrolment, mentor: Enrolment) -> Answer:
    """Proposing one mentor: of a division in which the coordinator works, or released to her for this mentee."""
    if not (answer := may_match(by, mentee)):
        return answer
    if mentor.role != Role.MENTOR or mentor.programme_id != mentee.programme_id:
        return denied(_("She is not a mentor in this programme."))
    if not (answer := may_see(by, mentor.person_id)):
        return answer
    own = may_work_in(by, mentor.division_id)
    return own or (ALLOWED if is_released_to(by, mentee, mentor) else own)


def may_propose_again(refused: Sequence[Proposal], again: str) -> Answer:
    """Two of whom one has said no before: not without a word about why they are asked once more.

    ``refused`` are the proposals of the two that came to nothing so (:func:`mentornet.matching.queries.refused_of`).
    """
    if not refused or again.strip():
        return ALLOWED
    return denied(
        _("One of these two has said no to the other before. Write why you ask them once more: what is different now?")
    )


def may_step(by: Actor, proposal: Proposal, after: ProposalState) -> Answer:
    """Tell whether a proposal may take a step now."""
    if not (answer := may_work_on(by, proposal)):
        return answer
    if PROPOSAL_STEPS.may(proposal.state, after):
        return ALLOWED
    if not proposal.is_open:
        return denied(_("This proposal has ended: it is %(state)s.") % {"state": ProposalState(proposal.state).label})
    return denied(_("The proposal has moved on since you looked, or is not so far yet. Look at it again."))


def round_of(proposal: Proposal) -> Round | None:
    """Return what is to be answered now; ``None`` when nothing is."""
    match proposal.state:
        case ProposalState.SENT:
            return Round.PROPOSAL
        case ProposalState.MET:
            return Round.AFTER_MEETING
        case _:
            return None


def may_answer(by: Actor, proposal: Proposal, side: Side | str, answers: list[ProposalAnswer]) -> Answer:
    """Tell whether a side's answer may be taken down now."""
    if not (answer := may_work_on(by, proposal)):
        return answer
    current = round_of(proposal)
    if current is None:
        return denied(_("Nothing is to be answered now."))
    if proposal.expires_on is not None and proposal.expires_on < by.today:
        return denied(_("Its last day is over. Propose anew if both still want it."))
    if any(given.side == side and given.round == current for given in answers):
        return denied(_("Her answer has been taken down already."))
    return ALLOWED


def both_say_yes(answers: list[ProposalAnswer], current: Round) -> bool:
    """Tell whether both sides have said yes in a round."""
    yes = {given.side for given in answers if given.round == current and given.reply == Reply.YES}
    return yes == set(Side.values)


def may_lead_on(by: Actor, *, are_apart: bool, are_introduced: bool = True) -> Answer:
    """Whatever brings two nearer to each other: not where it is noted that they must not meet.

    Nor where one of them has taken back that her introduction may be shown. To the two it is a proposal that has ended,
    like any other: nobody learns why.
    """
    if not are_apart and are_introduced:
        return ALLOWED
    if isinstance(by, Participant):
        return denied(_NO_LONGER_OPEN)
    if are_apart:
        return denied(_("It has been noted that these two must not meet. Take the proposal back."))
    return denied(NOT_INTRODUCED)


# What the two do themselves -----------------------------------------------------------------------------------------


def side_of(by: Actor, proposal: Proposal) -> Side | None:
    """Return whose side of a proposal somebody is; ``None`` for everybody else, whatever she may do elsewhere."""
    if not isinstance(by, Participant):
        return None
    people = {proposal.mentee.person_id: Side.MENTEE, proposal.mentor.person_id: Side.MENTOR}
    return people.get(by.person_id)


def is_over(proposal: Proposal, today: date) -> bool:
    """Tell whether nothing can be done on its page any more: it has ended, or its last day is over."""
    return proposal.state not in HOLDING or proposal.expires_on is None or proposal.expires_on < today


def _may_act(by: Actor, proposal: Proposal) -> Answer:
    if side_of(by, proposal) is None:
        return denied(_("This is for somebody else to answer."))
    if proposal.state not in HOLDING:
        return denied(_NO_LONGER_OPEN)
    if is_over(proposal, by.today):
        return denied(_("The last day to answer is over. Please call us if you still want to answer."))
    return ALLOWED


def may_answer_for_herself(by: Actor, proposal: Proposal) -> Answer:
    """Her own side, in an open round, until its last day.

    A yes can become a no as long as the round is open: then nothing has followed from it. The other way round there
    is nothing to change, for a no ends the proposal.
    """
    if not (answer := _may_act(by, proposal)):
        return answer
    if round_of(proposal) is None:
        return denied(_("There is nothing to answer now. Look at the page again: it says what happens next."))
    return ALLOWED


def may_ask_coordinator(by: Actor, proposal: Proposal, questions: Sequence[ProposalQuestion]) -> Answer:
    """Her own side, as long as it is open; a few questions at a time."""
    if not (answer := _may_act(by, proposal)):
        return answer
    side = side_of(by, proposal)
    if sum(one.side == side and one.answered_at is None for one in questions) >= MOST_QUESTIONS:
        return denied(_("We have your questions, and will call you. Please wait until we have talked with you."))
    return ALLOWED


def may_choose_time(by: Actor, proposal: Proposal) -> Answer:
    """Her own side, when both want to meet and no day has been set."""
    if not (answer := _may_act(by, proposal)):
        return answer
    if proposal.state != ProposalState.TO_MEET:
        return denied(_("There is no time to choose now. Look at the page again: it says what happens next."))
    if proposal.meeting_on is not None:
        return denied(_("Your meeting has a day by now: it stands on this page. Please call us if you cannot come."))
    return ALLOWED


def may_say_met(by: Actor, proposal: Proposal) -> Answer:
    """Her own side, from the day on which they were to meet."""
    if not (answer := _may_act(by, proposal)):
        return answer
    if proposal.state != ProposalState.TO_MEET:
        return denied(_("There is nothing to answer now. Look at the page again: it says what happens next."))
    if proposal.meeting_on is None or proposal.meeting_on > by.today:
        return denied(_("Your meeting is still to come."))
    return ALLOWED


def may_answer_question(by: Actor, proposal: Proposal) -> Answer:
    """Noting that a question was answered: the coordinators of the case."""
    return may_work_on(by, proposal)


# Taking back what was noted wrongly ---------------------------------------------------------------------------------


def take_back_until(proposal: Proposal) -> date | None:
    """Return the last day on which the end of a proposal can be taken back; ``None`` while it is open."""
    return None if proposal.ended_at is None else timezone.localdate(proposal.ended_at) + TAKE_BACK_WITHIN


def state_without(proposal: Proposal, answer: ProposalAnswer) -> ProposalState | None:
    """Return where a proposal stands once an answer is taken back; ``None`` when a later step stands upon it."""
    if round_of(proposal) == answer.round:
        return ProposalState(proposal.state)
    asked_in = ProposalState.SENT if answer.round == Round.PROPOSAL else ProposalState.MET
    last = Round.AFTER_MEETING if proposal.meets_first else Round.PROPOSAL
    led_here = {
        ProposalState.TO_MEET: answer.round == Round.PROPOSAL,
        ProposalState.DECLINED: answer.reply == Reply.NO,
        ProposalState.ACCEPTED: answer.round == last,
    }
    return asked_in if led_here.get(ProposalState(proposal.state), False) else None


def state_before_withdrawal(proposal: Proposal, answers: Sequence[ProposalAnswer]) -> ProposalState:
    """Return where a proposal stood when it was withdrawn: what it has been through tells."""
    if proposal.sent_at is None:
        return ProposalState.DRAFT
    if proposal.met_on is not None:
        return ProposalState.MET
    is_to_meet = proposal.meets_first and both_say_yes(list(answers), Round.PROPOSAL)
    return ProposalState.TO_MEET if is_to_meet else ProposalState.SENT


def may_take_answer_back(by: Actor, proposal: Proposal, answer: ProposalAnswer) -> Answer:
    """Tell whether an answer that was taken down wrongly can be taken back."""
    if not (allowed := may_work_on(by, proposal)):
        return allowed
    if state_without(proposal, answer) is None:
        return denied(_("More has been noted since this answer. Take that back first."))
    until = take_back_until(proposal)
    if until is None or by.today <= until:
        return ALLOWED
    if proposal.state == ProposalState.ACCEPTED:
        return denied(
            _("The partnership began more than three days ago. Close it on its own page instead, and say why.")
        )
    return denied(_("That is more than three days ago. Call both, and propose anew if both want it."))


def may_take_met_back(by: Actor, proposal: Proposal, answers: Sequence[ProposalAnswer]) -> Answer:
    """Tell whether it can be taken back that the two have met."""
    if not (allowed := may_work_on(by, proposal)):
        return allowed
    if proposal.state != ProposalState.MET or any(given.round == Round.AFTER_MEETING for given in answers):
        return denied(_("An answer has been noted since they met. Take that back first."))
    return ALLOWED


def may_take_withdrawal_back(by: Actor, proposal: Proposal) -> Answer:
    """Tell whether a proposal that was withdrawn by mistake can stand again."""
    if not (allowed := may_work_on(by, proposal)):
        return allowed
    if proposal.state != ProposalState.WITHDRAWN:
        return denied(_("The proposal has moved on since you looked, or is not so far yet. Look at it again."))
    until = take_back_until(proposal)
    if until is not None and by.today > until:
        return denied(_("That is more than three days ago. Call both, and propose anew if both want it."))
    return ALLOWED


def may_ask_for_shortages(by: Actor, division_id: UUID) -> Answer:
    """To have it computed whom a division's bank lacks: whoever works there, and the program itself."""
    return may_work_in(by, division_id)


def may_ask_for_forecast(by: Actor) -> Answer:
    """To compute anew how long women will wait: whoever leads a division or the network, and the program itself."""
    if isinstance(by, System) or (isinstance(by, Staff) and by.leads):
        return ALLOWED
    return denied(_("Only a lead can do this."))


def may_ask_for_five_more(by: Actor, division_id: UUID) -> Answer:
    """To have it played what five more mentors would change: whoever works in the division, and the program itself."""
    return may_work_in(by, division_id)
