"""Choosing a mentor, and sending the choice to both."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from mentornet.agenda.models import Kind
from mentornet.agenda.services import finish
from mentornet.audit.services import record
from mentornet.common.actors import Actor
from mentornet.common.answers import ChangedMeanwhileError, RefusedError, require
from mentornet.divisions.staff import Staff
from mentornet.intake.agreeing import have_taken_back
from mentornet.intake.enums import ConsentPurpose
from mentornet.intake.models import Enrolment
from mentornet.intake.services import places
from mentornet.matching.bank import bank_of_two
from mentornet.matching.bank_lent import bank_with_lent
from mentornet.matching.enums import ProposalState
from mentornet.matching.models import Proposal
from mentornet.matching.queries import proposals_between, refused_of
from mentornet.matching.ranking import Candidate, Ranking, bars_kept, rank_for
from mentornet.matching.reasons import why_not
from mentornet.matching.rules import DATA_REST, NOT_INTRODUCED, may_propose, may_propose_again, may_step
from mentornet.matching.services.lending import refuse_what_is_lent, use_loan
from mentornet.matching.services.steps import CALL_AFTER, are_apart, ask, link_of, lock, step, write_to
from mentornet.people.enums import ObjectionPurpose
from mentornet.people.queries import who_is_restricted, who_objects
from mentornet.people.services import hold_people
from mentornet.programmes.queries import current_version
from pairing.terms import Rule
from reference.people import Mentee, Mentor


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
    again: str = "",
) -> Proposal:
    """Choose a mentor, for a written reason, and write to both; or keep the choice as a draft.

    The two are judged anew at this moment, by the programme as it is now, and what was seen is kept.

    ``seen_version`` is the number of the programme version by which the coordinator saw the list; ``loosened`` are the
    rules that she has set aside for this pair; ``again`` says why two are asked once more of whom one has said no.

    Raises:
        NotAllowedError: not her divisions, or the mentee has a mentor, or an open proposal.
        ChangedMeanwhileError: the programme was changed, or the mentor has left the bank.
        RefusedError: one of the two has taken back that her introduction may be shown, or her data rest.
        RuleBrokenError: a hard rule in force stands between them; the sentence says which and why. That two must not
            meet is asked of the database itself as well, whatever a process keeps in memory.
        NoPlaceLeftError: somebody else was faster.
        NoPlaceToLendError: the mentor's last place is lent to another division.
        ValidationError: no reason was written, or none why two are asked once more of whom one has said no.
    """
    require(may_propose(by, mentee, mentor))
    _require_a_word(mentee, mentor, again)
    version = current_version(mentee.programme_id)
    if version.number != seen_version:
        raise ChangedMeanwhileError(
            _("The programme's weights were changed while you looked. The list has been ranked anew: look once more.")
        )
    ranking, candidate = _judged(by, mentee, mentor, loosened)
    _require_introduced(mentee, mentor)
    proposal = Proposal.objects.filter(mentee=mentee, mentor=mentor, state=ProposalState.DRAFT).first()
    is_new = proposal is None
    proposal = proposal or Proposal(mentee=mentee, mentor=mentor, created_at=by.at)
    proposal.division = mentee.division
    proposal.version = version
    proposal.reason, proposal.again = reason.strip(), again.strip()
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
    bank = bank_with_lent(version=version, divisions=by.casework, today=by.today)
    ranking = rank_for(bank, mentee.pk, loosened)
    candidate = ranking.candidate(mentor.pk) if ranking is not None else None
    if candidate is None and (by_hand := ranking_of_two(by, mentee, mentor, loosened)) is not None:
        ranking, bank = by_hand, by_hand.bank
        candidate = ranking.candidate(mentor.pk)
    if (ranking is None or candidate is None) and who_is_restricted([mentee.person_id, mentor.person_id]):
        raise RefusedError(DATA_REST)
    if ranking is None or candidate is None:
        raise ChangedMeanwhileError(_("One of the two has left meanwhile. Look at the list again."))
    broken = list(ranking.broken(candidate))
    if Rule.CONFLICT.value not in broken and are_apart(mentee, mentor):
        broken.append(Rule.CONFLICT.value)
    if Rule.CAPACITY.value in broken:
        # Said more plainly than that her places are taken.
        refuse_what_is_lent(mentee, mentor, wanted=1)
    if broken:
        one, other = candidate.pair.mentee, candidate.pair.mentor
        assert isinstance(one, Mentee)
        assert isinstance(other, Mentor)
        need, own_rules = bank.problem.policy.min_language, bank.problem.policy.own_rules
        raise RuleBrokenError(" ".join(why_not(rule, one, other, need, own_rules) for rule in broken))
    return ranking, candidate


def ranking_of_two(by: Actor, mentee: Enrolment, mentor: Enrolment, loosened: Collection[str]) -> Ranking | None:
    """Return how two stand to each other who stand in no list together; ``None`` where they do, or should.

    One of them objects to being ranked, or the mentor is lent by another division, in whose bank she stands.
    """
    is_lent = isinstance(by, Staff) and mentor.division_id not in by.casework
    if not is_lent and not who_objects([mentee.person_id, mentor.person_id], ObjectionPurpose.RANKING):
        return None
    version = current_version(mentee.programme_id)
    bank = bank_of_two(version=version, mentee_id=mentee.pk, mentor_id=mentor.pk, today=by.today)
    return None if bank is None else rank_for(bank, mentee.pk, loosened)


def _require_a_word(mentee: Enrolment, mentor: Enrolment, again: str) -> None:
    """Refuse to ask two once more without a word, of whom one has said no to the other.

    Raises:
        ValidationError: beside ``again``.
    """
    answer = may_propose_again(refused_of(proposals_between(mentee, mentor)), again)
    if not answer:
        raise ValidationError({"again": answer.reason})


def _require_introduced(mentee: Enrolment, mentor: Enrolment) -> None:
    # Both are held by now: neither can take it back before the letters are queued.
    hold_people([mentee.person_id, mentor.person_id])
    if have_taken_back([mentee.person_id, mentor.person_id], ConsentPurpose.INTRODUCTION):
        raise RefusedError(NOT_INTRODUCED)
    if who_is_restricted([mentee.person_id, mentor.person_id]):
        raise RefusedError(DATA_REST)


@transaction.atomic
def send_draft(*, by: Staff, proposal: Proposal) -> Proposal:
    """Send a draft: the two are judged anew first, with the rules that were set aside for it.

    Raises:
        As :func:`propose`; also ChangedMeanwhileError when it is no draft any more.
    """
    proposal = lock(proposal)
    require(may_step(by, proposal, ProposalState.SENT))
    require(may_propose(by, proposal.mentee, proposal.mentor))
    if current_version(proposal.mentee.programme_id).pk != proposal.version_id:
        raise ChangedMeanwhileError(
            _("The programme was changed since this draft was written. Open the two once more, and propose from there.")
        )
    _require_a_word(proposal.mentee, proposal.mentor, proposal.again)
    _judged(by, proposal.mentee, proposal.mentor, proposal.loosened or ())
    _require_introduced(proposal.mentee, proposal.mentor)
    return _send(by, proposal)


def _send(by: Actor, proposal: Proposal) -> Proposal:
    """Hold both places and write to both."""
    if not proposal.division.phone:
        raise RefusedError(
            _("The letters ask both to call %(division)s, and its telephone is not known. Add it in the set-up first.")
            % {"division": proposal.division.name}
        )
    for side in places.in_order(proposal.mentee, proposal.mentor):
        places.hold(by=by, enrolment=side)
    expires_on = by.today + timedelta(days=proposal.version.expiry_days)
    try:
        with transaction.atomic():
            step(by, proposal, ProposalState.SENT, sent_at=by.at, expires_on=expires_on)
    except IntegrityError as error:
        raise ChangedMeanwhileError(
            _("Somebody has just sent another proposal for her. Its answers come first.")
        ) from error
    use_loan(by=by, proposal=proposal)
    for side, event in ((proposal.mentee, "proposal_to_mentee"), (proposal.mentor, "proposal_to_mentor")):
        write_to(
            by,
            proposal,
            side,
            event,
            coordinator=proposal.author_name,
            phone=proposal.division.phone,
            day=expires_on.isoformat(),
            link=link_of(proposal, side),
        )
    ask(by, proposal, Kind.CALL_FOR_ANSWER, min(by.today + CALL_AFTER, expires_on))
    # Choosing again is what the end of an earlier proposal asked for.
    for earlier in Proposal.objects.filter(mentee=proposal.mentee).exclude(pk=proposal.pk).values_list("pk", flat=True):
        finish(by=by, target_id=earlier, kinds=[Kind.PROPOSAL_ENDED])
    record(by=by, act="matching.send", of=proposal, division_id=proposal.division_id)
    return proposal
