"""What the two want to know before they answer: asked on their own pages, answered by the coordinator's call."""

from __future__ import annotations

from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentornet.agenda.models import Kind
from mentornet.agenda.services import finish
from mentornet.audit.services import record
from mentornet.common.answers import ChangedMeanwhileError, require
from mentornet.divisions.staff import Staff
from mentornet.matching.models import Proposal, ProposalQuestion
from mentornet.matching.rules import may_answer_question, may_ask_coordinator, side_of
from mentornet.matching.services.steps import ask_now, lock, require_may_lead_on
from mentornet.people.participants import Participant

LONGEST_QUESTION: Final = 1_000


@transaction.atomic
def ask_coordinator(*, by: Participant, proposal: Proposal, text: str) -> ProposalQuestion:
    """Keep what one side asks, and let it stand on the coordinator's Today; the proposal stays open meanwhile.

    Raises:
        NotAllowedError: not hers, or it is no longer open, or too many questions wait already.
        ValidationError: nothing is asked, or too much.
    """
    proposal = lock(proposal)
    questions = list(proposal.questions.all())
    require(may_ask_coordinator(by, proposal, questions))
    require_may_lead_on(by, proposal)
    side, text = side_of(by, proposal), text.strip()
    assert side is not None
    if not text:
        raise ValidationError({"text": _("Please write what you would like to know.")})
    if len(text) > LONGEST_QUESTION:
        raise ValidationError({"text": _("Please write it in at most %(most)s signs.") % {"most": LONGEST_QUESTION}})
    for earlier in questions:
        if earlier.side == side and earlier.text == text and earlier.answered_at is None:
            # Pressed twice.
            return earlier
    question = ProposalQuestion(proposal=proposal, side=side, text=text, created_at=by.at)
    question.full_clean(validate_constraints=False)
    question.save(force_insert=True)
    ask_now(by, proposal, Kind.QUESTION)
    record(
        by=by,
        act="matching.ask_coordinator",
        of=proposal,
        division_id=proposal.division_id,
        detail={"side": str(side)},
    )
    return question


@transaction.atomic
def mark_answered(*, by: Staff, question: ProposalQuestion) -> ProposalQuestion:
    """Note that somebody has talked with her about it; with the last open question its task is done.

    Raises:
        NotAllowedError: not her division.
        ChangedMeanwhileError: somebody else has noted it.
    """
    return _turn(by, question, is_answered=True)


@transaction.atomic
def mark_unanswered(*, by: Staff, question: ProposalQuestion) -> ProposalQuestion:
    """Take back that a question was answered.

    Raises:
        NotAllowedError: not her division.
        ChangedMeanwhileError: it is open already.
    """
    return _turn(by, question, is_answered=False)


def _turn(by: Staff, question: ProposalQuestion, *, is_answered: bool) -> ProposalQuestion:
    proposal = lock(question.proposal)
    require(may_answer_question(by, proposal))
    values = (
        {"answered_at": by.at, "answered_by": by.key, "answered_name": by.name}
        if is_answered
        else {"answered_at": None, "answered_by": "", "answered_name": ""}
    )
    changed = ProposalQuestion.objects.filter(pk=question.pk, answered_at__isnull=is_answered).update(**values)
    if not changed:
        raise ChangedMeanwhileError(_("Somebody else has just noted this. Look at the question again."))
    question.refresh_from_db()
    if proposal.questions.filter(answered_at__isnull=True).exists():
        if proposal.is_open:
            ask_now(by, proposal, Kind.QUESTION)
    else:
        finish(by=by, target_id=proposal.pk, kinds=[Kind.QUESTION])
    record(
        by=by,
        act="matching.answer_question" if is_answered else "matching.reopen_question",
        of=proposal,
        division_id=proposal.division_id,
        detail={"side": question.side},
    )
    return question
