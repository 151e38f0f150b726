"""What happens to somebody who is enrolled: a word while she waits, briefing, rest, capacity, the end."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from mentornet.agenda.models import Kind, Task
from mentornet.agenda.services import ask_for, finish
from mentornet.audit.services import record
from mentornet.common.actors import Actor
from mentornet.common.answers import ChangedMeanwhileError, RefusedError, require
from mentornet.common.models import stamp
from mentornet.common.row_scope import beyond_division
from mentornet.divisions.queries import coordinators_in
from mentornet.intake.enums import CHOSEN_ENDS, EndReason
from mentornet.intake.models import Enrolment
from mentornet.intake.rules import (
    may_be_looked_after_by,
    may_brief,
    may_end,
    may_give_word,
    may_rest,
    may_set_capacity,
    may_work_on,
)
from mentornet.messaging.services import queue_letter
from mentornet.people.enums import Role
from mentornet.people.recipients import person_key
from mentornet.programmes.queries import next_word_on

FAR = timedelta(days=2 * 366)


def _save(enrolment: Enrolment, *fields: str) -> None:
    enrolment.stamp = stamp()
    # The counters are others' to change at this very moment: they are neither checked here nor written.
    enrolment.full_clean(exclude=["promised", "active"], validate_constraints=False)
    enrolment.save(update_fields=[*fields, "stamp"])


def promise_word(*, by: Actor, enrolment: Enrolment, due_on: date) -> None:
    """Put the day by which she is to hear from us on Today. Part of the act that promises it."""
    ask_for(
        by=by,
        kind=Kind.PROMISE,
        target_id=enrolment.pk,
        division_id=enrolment.division_id,
        due_on=due_on,
        owner_id=enrolment.coordinator_id,
        words={"mentee": enrolment.person.name},
    )


@transaction.atomic
def give_word(*, by: Actor, enrolment: Enrolment, next_on: date | None = None, by_letter: bool = True) -> Enrolment:
    """Tell her honestly that she still waits, by letter or by a call just made, and promise the next word.

    Raises:
        NotAllowedError: not the actor's division, or she no longer waits.
        ChangedMeanwhileError: she has had a letter today already.
        ValidationError: the next day is not after today.
    """
    require(may_give_word(by, enrolment))
    due_on = next_on or next_word_on(enrolment.programme_id, by.today)
    if due_on <= by.today:
        raise ValidationError(_("The next word is for a day after today."), code="past")
    if due_on > by.today + FAR:
        raise ValidationError(_("That is too far ahead: choose a day within two years."), code="far")
    waiting = Enrolment.objects.filter(pk=enrolment.pk, ended_on__isnull=True, active=0)
    if by_letter:
        # A second press of the button, or a colleague's at the same moment, must not send her two letters.
        waiting = waiting.exclude(last_word_on=by.today)
    if not waiting.update(last_word_on=by.today, word_due_on=due_on, word_by_hand=False, stamp=stamp()):
        raise ChangedMeanwhileError(_("She has heard from us today already. No second letter is sent."))
    enrolment.refresh_from_db(fields=["last_word_on", "word_due_on", "word_by_hand", "stamp"])
    finish(by=by, target_id=enrolment.pk, kinds=[Kind.PROMISE])
    promise_word(by=by, enrolment=enrolment, due_on=due_on)
    if by_letter:
        queue_letter(
            by=by,
            recipient=person_key(enrolment.person_id),
            event="word_from_waiting_list",
            values={"day": due_on.isoformat()},
            about_id=enrolment.pk,
            division_id=enrolment.division_id,
            delay=timedelta(seconds=60),
        )
    record(
        by=by,
        act="intake.give_word",
        of=enrolment,
        division_id=enrolment.division_id,
        detail={"by_letter": by_letter},
    )
    return enrolment


@transaction.atomic
def brief(*, by: Actor, enrolment: Enrolment, on: date) -> Enrolment:
    """Note that a mentor has been briefed: from now on she is in the bank.

    Raises:
        NotAllowedError: not the actor's division, not a mentor, or briefed already.
        ChangedMeanwhileError: somebody else was faster.
        ValidationError: a day after today.
    """
    require(may_brief(by, enrolment))
    if on > by.today:
        raise ValidationError(_("That day is still to come."), code="future")
    briefed = Enrolment.objects.filter(pk=enrolment.pk, briefed_on__isnull=True).update(briefed_on=on, stamp=stamp())
    if not briefed:
        raise ChangedMeanwhileError(_("Somebody has noted her briefing already."))
    enrolment.refresh_from_db(fields=["briefed_on", "stamp"])
    record(by=by, act="intake.brief", of=enrolment, division_id=enrolment.division_id)
    return enrolment


@transaction.atomic
def rest(*, by: Actor, enrolment: Enrolment, until: date | None) -> Enrolment:
    """Let a mentor rest until a day, or wake her with ``None``. What runs goes on.

    On that day she is back by herself, also where she had said before that she wants to be asked.

    Raises:
        NotAllowedError: not the actor's division, not a mentor, or she has left.
        ValidationError: a day that is not after today.
    """
    require(may_rest(by, enrolment))
    if until is not None and until > by.today + FAR:
        raise ValidationError(_("That is too far ahead: choose a day within two years."))
    if until is not None and until <= by.today:
        raise ValidationError(_("Rest lasts until a day after today."), code="past")
    enrolment.resting_until, enrolment.returns_when_asked = until, False
    enrolment.return_asked_on, enrolment.rest_note = None, ""
    _save(enrolment, "resting_until", "returns_when_asked", "return_asked_on", "rest_note")
    finish(by=by, target_id=enrolment.pk, kinds=[Kind.RETURN])
    record(by=by, act="intake.rest" if until else "intake.wake", of=enrolment, division_id=enrolment.division_id)
    return enrolment


@transaction.atomic
def set_capacity(*, by: Actor, enrolment: Enrolment, capacity: int) -> Enrolment:
    """Change how many a mentor can be paired with at once, never below what is promised and taken.

    Raises:
        NotAllowedError: not the actor's division; or she does it herself, for more than one more.
        RefusedError: a mentee, or more are promised and taken.
    """
    require(may_set_capacity(by, enrolment, capacity))
    if enrolment.role != Role.MENTOR:
        raise RefusedError(_("A mentee has one mentor at a time."))
    changed = Enrolment.objects.filter(pk=enrolment.pk, promised__lte=capacity - F("active")).update(
        capacity=capacity, stamp=stamp()
    )
    if not changed:
        raise RefusedError(_("More are promised to her, or paired with her, than that. Close one of them first."))
    enrolment.refresh_from_db()
    record(
        by=by,
        act="intake.set_capacity",
        of=enrolment,
        division_id=enrolment.division_id,
        detail={"capacity": capacity},
    )
    return enrolment


@transaction.atomic
def end_enrolment(*, by: Actor, enrolment: Enrolment, reason: EndReason | str) -> Enrolment:
    """Take somebody off the waiting list, or out of the bank, for good.

    Raises:
        NotAllowedError: not the actor's division, or a proposal or partnership holds her place.
        ChangedMeanwhileError: somebody has proposed her at this moment.
    """
    require(may_end(by, enrolment))
    if reason not in CHOSEN_ENDS:
        raise ValidationError(_("Choose why."), code="reason")
    ended = Enrolment.objects.filter(pk=enrolment.pk, ended_on__isnull=True, promised=0, active=0).update(
        ended_on=by.today, end_reason=reason, word_due_on=None, stamp=stamp()
    )
    if not ended:
        raise ChangedMeanwhileError(_("Somebody has just proposed her, or ended this already. Look at it again."))
    finish(by=by, target_id=enrolment.pk)
    enrolment.refresh_from_db()
    record(
        by=by,
        act="intake.end_enrolment",
        of=enrolment,
        division_id=enrolment.division_id,
        detail={"reason": str(reason)},
    )
    return enrolment


@transaction.atomic
def resume_enrolment(*, by: Actor, enrolment: Enrolment) -> Enrolment:
    """Undo an end: she is back where she was, with the same wait. A mentee is promised a word anew.

    Raises:
        NotAllowedError: not the actor's division.
        RefusedError: she has not left, or she is enrolled anew in the same programme, or stood here twice.
    """
    require(may_work_on(by, enrolment))
    if enrolment.end_reason == EndReason.MERGED:
        raise RefusedError(_("She stood here twice, and this place became one with the other. Undo the merge instead."))
    again = Enrolment.objects.filter(
        person=enrolment.person_id, programme=enrolment.programme_id, role=enrolment.role, ended_on__isnull=True
    )
    with beyond_division(reason="she has one place in a programme, in whichever division"):
        if again.exclude(pk=enrolment.pk).exists():
            raise RefusedError(_("She is enrolled anew already."))
    is_mentee = enrolment.role == Role.MENTEE
    due_on = next_word_on(enrolment.programme_id, by.today) if is_mentee else None
    back = Enrolment.objects.filter(pk=enrolment.pk, ended_on__isnull=False).update(
        ended_on=None, end_reason="", word_due_on=due_on, stamp=stamp()
    )
    if not back:
        raise ChangedMeanwhileError(_("She is back already."))
    enrolment.refresh_from_db(fields=["ended_on", "end_reason", "word_due_on", "stamp"])
    if due_on is not None:
        promise_word(by=by, enrolment=enrolment, due_on=due_on)
    record(by=by, act="intake.resume_enrolment", of=enrolment, division_id=enrolment.division_id)
    return enrolment


@transaction.atomic
def hand_over(*, by: Actor, enrolment: Enrolment, coordinator_id: UUID) -> Enrolment:
    """Give a case to another coordinator of its division, with the promises that are open in it.

    Raises:
        NotAllowedError: not the actor's division.
        ValidationError: the other does not work in the division.
    """
    require(may_work_on(by, enrolment))
    if not coordinators_in(enrolment.division_id, by.today).filter(pk=coordinator_id).exists():
        raise ValidationError({"coordinator": _("Choose somebody who works in this division.")})
    require(may_be_looked_after_by(enrolment.person_id, coordinator_id))
    Enrolment.objects.filter(pk=enrolment.pk).update(coordinator_id=coordinator_id)
    Task.objects.filter(target_id=enrolment.pk, done_at__isnull=True).update(owner_id=coordinator_id)
    enrolment.refresh_from_db()
    record(by=by, act="intake.hand_over", of=enrolment, division_id=enrolment.division_id)
    return enrolment
