"""What she answers: each answer is kept at once, whatever becomes of the next question."""

from __future__ import annotations

from collections.abc import Iterable
from random import SystemRandom
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentornet.agenda.models import Kind, Task
from mentornet.agenda.services import ask_today
from mentornet.audit.services import record
from mentornet.common.answers import ChangedMeanwhileError, require
from mentornet.people.enums import Role
from mentornet.people.participants import Participant
from mentornet.surveys.enums import CALL, YES, Aim, AskState
from mentornet.surveys.models import AnonymousAnswer, Ask, QuestionnaireVersion
from mentornet.surveys.questions import Question, asked_of
from mentornet.surveys.rules import may_answer

_chance: Final = SystemRandom()


@transaction.atomic
def answer(*, by: Participant, ask: Ask, question: str, given: Iterable[str]) -> Ask:
    """Keep her answer to one question. The same answer twice changes nothing; another one stands instead.

    Where nobody is to know who answered what, the first answer stands: it leads back to nobody, so that it cannot be
    found again. Who wants to be called stands on Today at once.

    Raises:
        NotAllowedError: she was not asked, or it is too late.
        ChangedMeanwhileError: there is no such question.
        ValidationError: it is no answer to the question.
    """
    ask = _lock(ask)
    require(may_answer(by, ask))
    asked = _question(ask, question)
    value = asked.checked(given)
    if ask.is_anonymous and asked.key in (ask.said or ()):
        return ask
    before = (ask.answers or {}).get(asked.key)
    if ask.is_anonymous:
        _put_among_others(by, ask, asked, value)
    else:
        ask.answers = {**(ask.answers or {}), asked.key: value}
    ask.said = tuple(dict.fromkeys((*(ask.said or ()), asked.key)))
    if ask.answered_at is None:
        # A moment would lead from the audit's entries of other pages to the month's answers.
        ask.answered_at = (
            by.at.replace(day=1, hour=12, minute=0, second=0, microsecond=0) if ask.is_anonymous else by.at
        )
    _settle(ask, asked)
    ask.full_clean(validate_unique=False, validate_constraints=False)
    ask.save(update_fields=["answers", "said", "answered_at", "state"])
    if before != value:
        record(
            by=by,
            act="surveys.answer",
            of=ask,
            division_id=ask.partnership.division_id,
            detail={} if ask.is_anonymous else {"question": asked.key},
        )
    if ask.questionnaire.aim == Aim.CHECK_IN and asked.key == CALL and value == YES and before != YES:
        _want_call(by, ask)
    return ask


@transaction.atomic
def pass_over(*, by: Participant, ask: Ask, question: str) -> Ask:
    """Go on without an answer to one question; after the last one she is done, if she has answered anything.

    Raises:
        NotAllowedError: she was not asked, or it is too late.
        ChangedMeanwhileError: there is no such question, or it has to be answered.
    """
    ask = _lock(ask)
    require(may_answer(by, ask))
    asked = _question(ask, question)
    if asked.is_required and asked.key not in (ask.said or ()):
        raise ChangedMeanwhileError(_("Please answer this question first."))
    if ask.answered_at is not None:
        _settle(ask, asked)
        ask.save(update_fields=["state"])
    return ask


def _lock(ask: Ask) -> Ask:
    """Return the row as it is now, held until the transaction ends: of two taps, one waits for the other."""
    locked = Ask.objects.select_for_update(of=("self",)).select_related(
        "version", "questionnaire", "partnership__mentee__person", "partnership__mentor__person"
    )
    found = locked.filter(pk=ask.pk).first()
    if found is None:
        raise ChangedMeanwhileError(_("This question is closed now. You do not need to do anything."))
    return found


def _question(ask: Ask, key: str) -> Question:
    for question in asked_of(ask.version.questions, ask.side):
        if question.key == key:
            return question
    raise ChangedMeanwhileError(_("This question is closed now. You do not need to do anything."))


def _settle(ask: Ask, at: Question) -> None:
    """Say how far she has come: done with the last question, or when none is left."""
    questions = asked_of(ask.version.questions, ask.side)
    is_left = {one.key for one in questions} - set(ask.said or ())
    needed = any(one.is_required and one.key in is_left for one in questions)
    is_last = questions[-1].key == at.key
    if ask.state != AskState.ANSWERED:
        is_done = not is_left or (is_last and not needed)
        ask.state = AskState.ANSWERED if is_done else AskState.BEGUN


def _want_call(by: Participant, ask: Ask) -> None:
    """Ask her coordinator to call; where the other one of the two waits for a call too, both stand in one task."""
    pair = ask.partnership
    side = pair.mentee if ask.side == Role.MENTEE else pair.mentor
    names = [side.person.name]
    waiting = Task.objects.filter(kind=Kind.CALL_WANTED, target_id=pair.pk, done_at__isnull=True).first()
    if waiting is not None and (other := str(waiting.words.get("name", ""))) and side.person.name not in other:
        names.insert(0, other)
    ask_today(
        by=by,
        kind=Kind.CALL_WANTED,
        target_id=pair.pk,
        division_id=pair.division_id,
        owner_id=pair.mentee.coordinator_id,
        words={"name": ", ".join(names)},
    )
    record(by=by, act="surveys.want_call", of=pair, division_id=pair.division_id, detail={"side": ask.side})


def _put_among_others(by: Participant, ask: Ask, question: Question, value: Any) -> None:
    """Keep an answer so that nothing leads from it to her, not even its place in the table.

    All answers of its month are deleted and written anew with new keys, in an order drawn by chance: neither the
    order of the rows nor the transaction that wrote one of them tells which came when.
    """
    # One at a time: of two who did this at once, each would write the other's anew.
    QuestionnaireVersion.objects.select_for_update().get(pk=ask.version_id)
    month = by.today.replace(day=1)
    together = AnonymousAnswer.objects.filter(
        version_id=ask.version_id, division_id=ask.partnership.division_id, month=month
    )
    rows = [(one.side, one.question, one.value) for one in together]
    rows.append((ask.side, question.key, value))
    _chance.shuffle(rows)
    together.delete()
    AnonymousAnswer.objects.bulk_create(
        AnonymousAnswer(
            version_id=ask.version_id,
            division_id=ask.partnership.division_id,
            side=side,
            month=month,
            question=key,
            value=one,
        )
        for side, key, one in rows
    )
