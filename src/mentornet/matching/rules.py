"""Who may propose whom, and what may be done with a proposal."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.actors import Actor
from mentornet.common.answers import ALLOWED, Answer, denied
from mentornet.divisions.rules import may_work_in
from mentornet.intake.models import Enrolment
from mentornet.intake.rules import visible as visible_in
from mentornet.matching.enums import PROPOSAL_STEPS, ProposalState, Reply, Round, Side
from mentornet.matching.models import Proposal, ProposalAnswer
from mentornet.people.enums import Role


def visible(by: Actor) -> Q:
    """Return which proposals somebody sees: those of her divisions' mentees, and of their mentors."""
    return visible_in(by) | visible_in(by, "mentor__")


def may_match(by: Actor, mentee: Enrolment) -> Answer:
    """Choosing a mentor for somebody on the waiting list."""
    if not (answer := may_work_in(by, mentee.division_id)):
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
    """Proposing one mentor: she is of a division in which the coordinator works."""
    if not (answer := may_match(by, mentee)):
        return answer
    if mentor.role != Role.MENTOR or mentor.programme_id != mentee.programme_id:
        return denied(_("She is not a mentor in this programme."))
    return may_work_in(by, mentor.division_id)


def may_step(by: Actor, proposal: Proposal, after: ProposalState) -> Answer:
    """Tell whether a proposal may take a step now."""
    if not (answer := may_work_in(by, proposal.division_id)):
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
    if not (answer := may_work_in(by, proposal.division_id)):
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
