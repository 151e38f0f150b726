"""Asking another division for a mentor, releasing her or not, and what becomes of a loan by itself."""

from __future__ import annotations

import re
from datetime import date
from typing import Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentornet.agenda.models import Kind
from mentornet.agenda.services import ask_for, ask_today, finish
from mentornet.audit.services import record, record_read
from mentornet.common.actors import Actor, System, user_key
from mentornet.common.answers import ChangedMeanwhileError, RefusedError, require
from mentornet.common.holidays import working_days_later
from mentornet.common.jobs import enqueue
from mentornet.common.models import stamp
from mentornet.common.ordering import folded
from mentornet.common.row_scope import beyond_division
from mentornet.divisions.queries import blind_to, leads_of
from mentornet.divisions.staff import Staff
from mentornet.intake.agreeing import have_taken_back
from mentornet.intake.enums import ConsentPurpose
from mentornet.intake.models import Enrolment
from mentornet.intake.queries import in_the_bank
from mentornet.matching.enums import HOLDING, LOAN_STEPS, OPEN_LOANS, LoanState, ProposalState
from mentornet.matching.lending import Offered, behind, kept, offered_to
from mentornet.matching.loan_rules import (
    ANSWER_WITHIN,
    LENT_AT_MOST,
    LENT_FOR,
    MOST_ASKED,
    may_answer_loan,
    may_step,
    may_take_loan_back,
)
from mentornet.matching.models import Loan, Proposal
from mentornet.matching.queries import must_not_meet
from mentornet.matching.rules import may_match
from mentornet.partnerships.enums import RUNNING
from mentornet.people.enums import Role
from mentornet.people.services import hold_people

LETTER_JOB: Final = "matching.write_that_something_has_come"
ANSWER_AFTER: Final = 2
"""Working days until somebody is expected to answer."""
RELEASED, DECLINED, LAPSED = "released", "declined", "lapsed"
"""Why a task stands on the list of whoever has asked: its word ``why``."""
_SHORTEST_NAME: Final = 3
_WORDS: Final = re.compile(r"[^\W\d_]+")
_GONE: Final = _("She can no longer be asked for. Look at the list again: somebody else may stand there now.")
_CANNOT: Final = _("She cannot be lent just now. Say no, or wait: it ends by itself.")


class NoPlaceToLendError(RefusedError):
    """All places that she has left are lent out already."""


# Looking and asking ---------------------------------------------------------------------------------------------------


def look_beyond(*, by: Staff, mentee: Enrolment) -> list[Offered] | None:
    """Look through other divisions' banks for a mentee. That it was done, and for whom, is on the record.

    Returns:
        Lines that each stand for at least five alike; ``None`` where she can be ranked nowhere.

    Raises:
        NotAllowedError: not her divisions, or the mentee has a mentor, or an open proposal.
    """
    require(may_match(by, mentee))
    found = offered_to(by, mentee)
    record_read(by=by, act="matching.look_beyond", of=mentee, division_id=mentee.division_id)
    return found


@transaction.atomic
def ask_for_loan(*, by: Staff, mentee: Enrolment, handle: str, reason: str) -> Loan:
    """Ask the division whose mentor it is for whoever is behind a line that was shown.

    Her coordinator finds it on Today, and gets a letter that says only that something has come. Nobody hears who it is.

    Raises:
        NotAllowedError: as :func:`look_beyond`.
        ValidationError: no reason, or one that names the mentee.
        ChangedMeanwhileError: somebody else is behind the line by now, or nobody.
        RefusedError: as many as may be are asked for her already.
    """
    require(may_match(by, mentee))
    reason = _reason_for(mentee, reason)
    # Two who ask for her at once wait for each other here.
    Enrolment.objects.select_for_update(of=("self",)).filter(pk=mentee.pk).first()
    if Loan.objects.filter(mentee=mentee, state__in=OPEN_LOANS).count() >= MOST_ASKED:
        raise RefusedError(
            _("%(count)s mentors are asked for already for her. Take one of them back, or wait for an answer.")
            % {"count": MOST_ASKED}
        )
    found = behind(by, mentee, handle)
    if found is None:
        raise ChangedMeanwhileError(_GONE)
    loan = _asked(by, mentee, found.mentor_id)
    loan.seen, loan.reason = kept(found.offered.told), reason
    loan.full_clean(exclude=("mentor",), validate_constraints=False)
    try:
        with transaction.atomic():
            loan.save(force_insert=True)
    except IntegrityError as error:
        raise ChangedMeanwhileError(_GONE) from error
    record(by=by, act="matching.ask_loan", of=loan, division_id=loan.division_id)
    _tell_lender(by, loan)
    return loan


@beyond_division(reason="a loan names a mentor of another division, whom nobody is told of by that")
def _asked(by: Staff, mentee: Enrolment, mentor_id: UUID) -> Loan:
    mentor = Enrolment.objects.get(pk=mentor_id)
    if must_not_meet(mentee.person_id, mentor.person_id):
        # Whatever a process keeps in memory.
        raise ChangedMeanwhileError(_GONE)
    return Loan(
        mentee=mentee, mentor=mentor, division_id=mentee.division_id, lender_id=mentor.division_id, asked_by=by.key,
        author_name=by.name, expires_on=by.today + ANSWER_WITHIN, created_at=by.at,
    )  # fmt: skip


def _reason_for(mentee: Enrolment, reason: str) -> str:
    text = reason.strip()
    if not text:
        raise ValidationError({"reason": _("Say why: whoever is asked decides by that.")})
    if len(text) > Loan._meta.get_field("reason").max_length:  # type: ignore[operator]  # it has one
        raise ValidationError({"reason": _("That is too long: a few sentences are enough.")})
    person = mentee.person
    names = {word for word in _WORDS.findall(folded(person.name)) if len(word) >= _SHORTEST_NAME}
    if names & set(_WORDS.findall(folded(text))):
        raise ValidationError(
            {"reason": _("Leave her name out: another division reads it, and knows her only when both have said yes.")}
        )
    return text


@beyond_division(reason="the task and the letter are those of the division that is asked")
def _tell_lender(by: Staff, loan: Loan) -> None:
    mentor = Enrolment.objects.select_related("person").get(pk=loan.mentor_id)
    owner = mentor.coordinator_id
    ask_for(
        by=by,
        kind=Kind.LOAN_ASKED,
        target_id=loan.pk,
        division_id=loan.lender_id,
        owner_id=owner,
        due_on=_due(by),
        words={"mentor": mentor.person.name, "who": loan.division.name},
    )
    blind = blind_to(mentor.person_id)
    _write_to_staff([owner] if owner else [one for one in leads_of(loan.lender_id, by.today) if one not in blind])


def _due(by: Actor) -> date:
    return timezone.localdate(working_days_later(by.at, ANSWER_AFTER))


def _write_to_staff(users: list[UUID]) -> None:
    """Write to staff that something has come: not what, for others may read their letters."""
    for user_id in users:
        enqueue(LETTER_JOB, user_id=str(user_id))


# Answering ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def release_loan(*, by: Staff, loan: Loan, answer: str = "", until: date | None = None) -> Loan:
    """Release a mentor to the division that has asked: from now on it sees who she is, and may propose her.

    Of two divisions that ask for her, as many get her as she has places left; the other is told so.

    Args:
        by: who releases her.
        loan: what was asked.
        answer: what the other division is told with it.
        until: the last day on which she may be proposed.

    Raises:
        NotAllowedError: she is not of a division of theirs, or it has been answered.
        ValidationError: a day that has gone by, or is too far ahead.
        NoPlaceToLendError: each of her places is taken, promised or lent.
        RefusedError: she is not to be lent at the moment.
    """
    loan = lock(loan)
    require(may_answer_loan(by, loan))
    until = until or by.today + LENT_FOR
    if until < by.today or until > by.today + LENT_AT_MOST:
        raise ValidationError({"until": _("Choose a day from today on, within three months.")})
    # Held until the end: whoever proposes her, or releases her to somebody else, waits here.
    mentor = Enrolment.objects.select_for_update(of=("self",)).select_related("person").get(pk=loan.mentor_id)
    if not _may_be_lent(by, mentor) or _are_apart(loan):
        raise RefusedError(_CANNOT)
    if len(lent_out(mentor.pk)) >= mentor.places_left:
        raise NoPlaceToLendError(
            _("%(name)s has no place left that is not lent out already. Say no, or take the other loan back first.")
            % {"name": mentor.person.first_name}
        )
    _answer(by, loan, LoanState.RELEASED, answer, until_on=until)
    record(by=by, act="matching.release_loan", of=loan, division_id=loan.lender_id)
    return loan


@transaction.atomic
def decline_loan(*, by: Staff, loan: Loan, answer: str) -> Loan:
    """Do not release a mentor. What is said why is shown to the division that has asked, and still not who she is.

    Raises:
        NotAllowedError: as :func:`release_loan`.
        ValidationError: nothing was said why.
    """
    loan = lock(loan)
    require(may_answer_loan(by, loan))
    if not answer.strip():
        raise ValidationError({"answer": _("Say why, in words that the other division may read; no names.")})
    _answer(by, loan, LoanState.DECLINED, answer, ended_at=by.at)
    record(by=by, act="matching.decline_loan", of=loan, division_id=loan.lender_id)
    return loan


def _answer(by: Staff, loan: Loan, after: LoanState, answer: str, **values: object) -> None:
    said = answer.strip()
    if len(said) > Loan._meta.get_field("answer").max_length:  # type: ignore[operator]  # it has one
        raise ValidationError({"answer": _("That is too long: a few sentences are enough.")})
    if _names_her(loan, said) and after == LoanState.DECLINED:
        raise ValidationError({"answer": _("Leave her name out: the other division is not told who she is.")})
    step(
        loan, after, answer=said, answered_at=by.at, answered_by=by.key, answered_name=by.name, **values,
    )  # fmt: skip
    finish(by=by, target_id=loan.pk, kinds=[Kind.LOAN_ASKED])
    _tell_asker(by, loan, RELEASED if after == LoanState.RELEASED else DECLINED)


def _names_her(loan: Loan, text: str) -> bool:
    person = Enrolment.objects.select_related("person").get(pk=loan.mentor_id).person
    names = {word for word in _WORDS.findall(folded(person.name)) if len(word) >= _SHORTEST_NAME}
    return bool(names & set(_WORDS.findall(folded(text))))


@beyond_division(reason="whoever has asked works in another division, and so is her task")
def _tell_asker(by: Actor, loan: Loan, why: str) -> None:
    mentee = Enrolment.objects.select_related("person").get(pk=loan.mentee_id)
    prefix = user_key("")
    asker = UUID(loan.asked_by.removeprefix(prefix)) if loan.asked_by.startswith(prefix) else None
    owner = mentee.coordinator_id or asker
    ask_today(
        by=by,
        kind=Kind.LOAN_ASKED,
        target_id=loan.pk,
        division_id=loan.division_id,
        owner_id=owner,
        words={"mentee": mentee.person.name, "why": why},
    )
    _write_to_staff([owner] if owner else leads_of(loan.division_id, by.today))


def _may_be_lent(by: Actor, mentor: Enrolment) -> bool:
    """Tell whether a mentor stands in her bank, is not protected, and may be introduced."""
    there = Enrolment.objects.filter(in_the_bank(by.today), pk=mentor.pk, person__is_protected=False)
    return there.exists() and not have_taken_back([mentor.person_id], ConsentPurpose.INTRODUCTION)


@beyond_division(reason="whom a mentee of another division must not meet is asked of the two, and told nobody")
def _are_apart(loan: Loan) -> bool:
    people = Enrolment.objects.filter(pk__in=[loan.mentee_id, loan.mentor_id]).values_list("person_id", flat=True)
    both = sorted(people)
    hold_people(both)
    return must_not_meet(both[0], both[-1])


@beyond_division(reason="a mentor has as many places for all divisions together as she has")
def lent_out(mentor_id: UUID) -> list[Loan]:
    """Return the loans for which a place of a mentor's is kept, as nobody has been proposed yet."""
    return list(Loan.objects.filter(mentor_id=mentor_id, state=LoanState.RELEASED).order_by("created_at", "pk"))


# Taking back ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def take_loan_back(*, by: Staff, loan: Loan) -> Loan:
    """Take back what was asked, or what was released, as long as nobody has been proposed; the other side is told.

    Raises:
        NotAllowedError: it is neither theirs to take back, nor so far.
    """
    loan = lock(loan)
    require(may_take_loan_back(by, loan))
    was_released = loan.state == LoanState.RELEASED
    step(loan, LoanState.TAKEN_BACK, ended_at=by.at)
    record(by=by, act="matching.take_loan_back", of=loan, division_id=loan.division_id)
    _finish_everywhere(by, loan)
    if was_released and loan.division_id not in by.casework:
        _tell_asker(by, loan, LAPSED)
    return loan


@beyond_division(reason="what was asked for by a loan stands on the lists of two divisions")
def _finish_everywhere(by: Actor, loan: Loan) -> None:
    finish(by=by, target_id=loan.pk, kinds=[Kind.LOAN_ASKED])


# Steps ----------------------------------------------------------------------------------------------------------------


def lock(loan: Loan) -> Loan:
    """Return the row as it is now, held until the transaction ends."""
    return Loan.objects.select_for_update(of=("self",)).select_related("division", "lender").get(pk=loan.pk)


def step(loan: Loan, after: LoanState, **values: object) -> None:
    """Take a step, unless somebody else has taken another one meanwhile."""
    require(may_step(loan, after))
    changed = Loan.objects.filter(pk=loan.pk, state__in=LOAN_STEPS.sources(after)).update(state=after, **values)
    if not changed:
        raise ChangedMeanwhileError(_("Somebody else has worked on this loan meanwhile. Look at it again."))
    if LoanState.RELEASED in {loan.state, after}:
        _stamp_anew(loan.mentor_id)
    loan.state = after
    for name, value in values.items():
        setattr(loan, name, value)


@beyond_division(reason="whoever asks or takes back may do so in another division than the mentor's")
def _stamp_anew(mentor_id: UUID) -> None:
    """Let all that is kept in memory of a mentor be read anew: a place of hers is kept, or free again."""
    Enrolment.objects.filter(pk=mentor_id).update(stamp=stamp())


def use_loan(*, by: Actor, proposal: Proposal) -> None:
    """Note that a proposal, which has just been sent, uses a loan; and keep what is lent to others for them.

    The mentor's place is held by now: whoever releases her to somebody else waits until this has ended.

    Raises:
        NoPlaceToLendError: her other places are lent out.
    """
    for loan in lent_out(proposal.mentor_id):
        if loan.mentee_id == proposal.mentee_id:
            step(lock(loan), LoanState.USED, proposal=proposal)
            _finish_everywhere(by, loan)
            record(by=by, act="matching.use_loan", of=loan, division_id=loan.division_id)
    refuse_what_is_lent(proposal.mentee, proposal.mentor)


def refuse_what_is_lent(mentee: Enrolment, mentor: Enrolment, *, wanted: int = 0) -> None:
    """Refuse to give a place away at home that is kept for another division.

    Args:
        mentee: for whom a place is wanted.
        mentor: whose place it is.
        wanted: 1 where the place is still to be held.

    Raises:
        NoPlaceToLendError: her other places are lent out.
    """
    others = [one for one in lent_out(mentor.pk) if one.mentee_id != mentee.pk]
    if others and len(others) + wanted > Enrolment.objects.get(pk=mentor.pk).places_left:
        raise NoPlaceToLendError(
            _("%(name)s is lent to another division, and has no other place. Take the loan back first, if it must be.")
            % {"name": mentor.person.first_name}
        )


# By itself ------------------------------------------------------------------------------------------------------------


def follow_loans(*, by: System) -> int:
    """Let loans follow what has become of them: unanswered or unused ones lapse, used ones end with their pair.

    Run by the worker, which sees all divisions. Returns how many have changed.
    """
    reopened = Q(state=LoanState.RETURNED, proposal__partnership__state__in=RUNNING)
    reopened |= Q(state=LoanState.RETURNED, proposal__state__in=HOLDING)
    keys = Loan.objects.filter(Q(state__in=OPEN_LOANS) | reopened).order_by("created_at", "pk").values_list("pk")
    return sum(_follow(by, pk) for (pk,) in list(keys))


@transaction.atomic
def _follow(by: System, pk: UUID) -> bool:
    loan = lock(Loan(pk=pk))
    after = _state_now(by, loan)
    if after == loan.state:
        return False
    before, told = loan.state, after == LoanState.LAPSED
    match after:
        case LoanState.LAPSED | LoanState.RETURNED:
            step(loan, after, ended_at=by.at)
        case LoanState.RELEASED:
            step(loan, after, proposal=None)
        case _:
            step(loan, after, ended_at=None)
    record(by=by, act="matching.follow_loan", of=loan, division_id=loan.division_id, detail={"to": str(after)})
    if told:
        finish(by=by, target_id=loan.pk, kinds=[Kind.LOAN_ASKED])
        if before in OPEN_LOANS and _waits(loan):
            _tell_asker(by, loan, LAPSED)
    return True


def _state_now(by: System, loan: Loan) -> LoanState:
    """Return where a loan stands today."""
    if loan.state in {LoanState.ASKED, LoanState.RELEASED}:
        until = loan.expires_on if loan.state == LoanState.ASKED else loan.until_on
        is_over = until is not None and until < by.today
        return LoanState.LAPSED if is_over or not _still_wanted(by, loan) else LoanState(loan.state)
    proposal = loan.proposal
    assert proposal is not None
    pair = proposal.partnership
    if proposal.state in HOLDING or (pair is not None and pair.is_running):
        return LoanState.USED
    if loan.state == LoanState.RETURNED or proposal.state == ProposalState.ACCEPTED:
        return LoanState.RETURNED
    # The place that the proposal held may not be free yet: whether she can still be lent is asked when it comes round.
    can_be_tried_again = loan.until_on is not None and loan.until_on >= by.today
    return LoanState.RELEASED if can_be_tried_again else LoanState.RETURNED


def _still_wanted(by: System, loan: Loan) -> bool:
    """Tell whether the mentee waits, the mentor can be lent, and the two may meet."""
    two = {one.pk: one for one in Enrolment.objects.filter(pk__in=[loan.mentee_id, loan.mentor_id])}
    mentee, mentor = two[loan.mentee_id], two[loan.mentor_id]
    if mentee.ended_on is not None or mentee.active:
        return False
    return _may_be_lent(by, mentor) and not must_not_meet(mentee.person_id, mentor.person_id)


def _waits(loan: Loan) -> bool:
    return Enrolment.objects.filter(
        pk=loan.mentee_id, role=Role.MENTEE, ended_on__isnull=True, active=0, promised=0
    ).exists()


def see_to_loans(*, by: System, person_id: UUID) -> None:
    """Let the loans of one person follow at once: what she is shown to others by must not last."""
    hers = Q(mentee__person_id=person_id) | Q(mentor__person_id=person_id)
    for (pk,) in list(Loan.objects.filter(hers, state__in=OPEN_LOANS).order_by("pk").values_list("pk")):
        _follow(by, pk)


def follow_proposal(by: Actor, proposal: Proposal) -> None:
    """Let a loan follow a proposal that has just ended, as long as it is one between two divisions."""
    if proposal.mentor.division_id == proposal.mentee.division_id:
        return
    loan = Loan.objects.filter(proposal=proposal, state=LoanState.USED).first()
    if loan is not None and proposal.state not in {*HOLDING, ProposalState.ACCEPTED}:
        _follow(System(by.key, by.at), loan.pk)
