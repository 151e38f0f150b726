"""Closing an intake when as many wait as can be helped, and opening it again when there is room."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentornet.agenda.models import Kind
from mentornet.agenda.services import ask_today, finish
from mentornet.audit.services import record
from mentornet.common.actors import Actor, System
from mentornet.common.answers import ChangedMeanwhileError, require
from mentornet.divisions.models import Division
from mentornet.divisions.queries import heads_of
from mentornet.divisions.staff import Staff
from mentornet.intake.applicant_rules import may_open_intake
from mentornet.intake.applicants import takes_in
from mentornet.intake.enums import Applying, LimitDoes, LimitStep
from mentornet.intake.limits import public_words, waiting_in
from mentornet.intake.models import IntakeLimit
from mentornet.intake.services.windows import LEFT_ALONE, close_intake, open_intake
from mentornet.programmes.models import Programme


@transaction.atomic
def set_limit(
    *,
    by: Staff,
    division: Division,
    programme: Programme,
    does: LimitDoes | str,
    most: int | None = None,
    median_days: int | None = None,
    opens_at: int | None = None,
    words: Mapping[str, str] | None = None,
) -> IntakeLimit:
    """Set how many may wait, and how long, before a division takes in nobody more; without either there is no limit.

    Raises:
        NotAllowedError: only the division's lead.
        ValidationError: a number that cannot be, or a programme that does not run in this division.
    """
    require(may_open_intake(by, division.pk))
    if programme.division_id not in {None, division.pk}:
        raise ValidationError(_("This programme does not run in that division."), code="programme")
    # The division's row is held: two leads who set the same limit for the first time wait for each other.
    Division.objects.select_for_update().get(pk=division.pk)
    limit = IntakeLimit.objects.filter(division=division, programme=programme).first()
    is_new = limit is None
    limit = limit or IntakeLimit(division=division, programme=programme, created_at=by.at)
    limit.most, limit.median_days, limit.opens_at = most, median_days, opens_at if most is not None else None
    limit.does, limit.words = LimitDoes(does).value, {code: text for code, text in (words or {}).items() if text}
    limit.changed_by, limit.rests_until = by.key, None
    limit.full_clean()
    limit.save(force_insert=is_new)
    if not limit.is_set:
        _settle(by, limit)
    record(
        by=by,
        act="intake.set_limit",
        of=limit,
        division_id=division.pk,
        detail={"most": most, "median_days": median_days, "does": limit.does},
    )
    return limit


# What the program does ------------------------------------------------------------------------------------------------


def watch_limits(*, by: System) -> int:
    """Close or open the intakes whose limits say so, or tell their leads. Returns how many steps were taken.

    Twice is as good as once: a step that was taken stands until somebody has looked at it, or it holds no more.
    """
    return sum(_look_at(by, limit.pk) for limit in IntakeLimit.objects.order_by("pk"))


@transaction.atomic
def _look_at(by: System, key: UUID) -> bool:
    # Held: a lead who decides at this moment, or a second worker, was faster.
    held = IntakeLimit.objects.select_for_update(of=("self",)).filter(pk=key)
    limit = held.select_related("division", "programme").first()
    if limit is None or not limit.is_set or (limit.rests_until is not None and limit.rests_until > by.today):
        return False
    wanted = _wanted(by, limit)
    if wanted is None:
        # What was only suggested, and holds no more, is taken away again.
        if limit.step in {LimitStep.CLOSE, LimitStep.OPEN}:
            _settle(by, limit)
        return False
    if limit.step == wanted:
        return False
    if wanted == LimitStep.CLOSED:
        _close(by, limit)
    elif wanted == LimitStep.OPENED:
        _open(by, limit)
    limit.step, limit.step_on = wanted.value, by.today
    limit.save(update_fields=["step", "step_on", "has_closed"])
    ask_today(
        by=by,
        kind=Kind.INTAKE,
        target_id=limit.pk,
        division_id=limit.division_id,
        owner_id=next(iter(heads_of(limit.division_id, by.today)), None),
        words={"division": limit.division.name, "programme": limit.programme.name, "why": limit.step},
    )
    record(by=by, act="intake.limit_reached", of=limit, division_id=limit.division_id, detail={"step": limit.step})
    return True


def _wanted(by: System, limit: IntakeLimit) -> LimitStep | None:
    waiting = waiting_in([limit.division_id], limit.programme_id, by.today)
    is_open = takes_in(division_id=limit.division_id, role=Applying.MENTEE, programme_id=limit.programme_id)
    does_it = limit.does == LimitDoes.DO
    if is_open and limit.is_reached(waiting.count, waiting.days):
        return LimitStep.CLOSED if does_it else LimitStep.CLOSE
    # What a lead has closed for another reason is hers to open.
    if not is_open and limit.has_closed and limit.has_room(waiting.count, waiting.days):
        return LimitStep.OPENED if does_it else LimitStep.OPEN
    return None


def _close(by: Actor, limit: IntakeLimit) -> None:
    close_intake(
        by=by, division=limit.division, role=Applying.MENTEE, programme=limit.programme, reason=public_words(limit)
    )
    limit.has_closed = True


def _open(by: Actor, limit: IntakeLimit) -> None:
    open_intake(by=by, division=limit.division, role=Applying.MENTEE, programme=limit.programme)
    limit.has_closed = False


def _settle(by: Actor, limit: IntakeLimit) -> None:
    """Let nothing wait to be looked at."""
    limit.step, limit.step_on = "", None
    limit.save(update_fields=["step", "step_on", "has_closed", "rests_until"])
    finish(by=by, target_id=limit.pk, kinds=[Kind.INTAKE])


# What a lead does about it --------------------------------------------------------------------------------------------


def _held(by: Staff, limit: IntakeLimit, *steps: LimitStep) -> IntakeLimit:
    require(may_open_intake(by, limit.division_id))
    held = IntakeLimit.objects.select_for_update(of=("self",)).select_related("division", "programme").get(pk=limit.pk)
    if held.step not in steps:
        raise ChangedMeanwhileError(_("Somebody has seen to this already. Look at it again."))
    return held


@transaction.atomic
def follow_limit(*, by: Staff, limit: IntakeLimit) -> IntakeLimit:
    """Do what is suggested: close the intake with its public words, or open it again.

    Raises:
        NotAllowedError: only the division's lead.
        ChangedMeanwhileError: nothing is suggested any more.
    """
    held = _held(by, limit, LimitStep.CLOSE, LimitStep.OPEN)
    if held.step == LimitStep.CLOSE:
        _close(by, held)
    else:
        _open(by, held)
    _settle(by, held)
    return held


@transaction.atomic
def undo_limit(*, by: Staff, limit: IntakeLimit) -> IntakeLimit:
    """Take back what the program has done; it leaves the intake alone for two weeks.

    Raises:
        NotAllowedError: only the division's lead.
        ChangedMeanwhileError: somebody has seen to it already.
    """
    held = _held(by, limit, LimitStep.CLOSED, LimitStep.OPENED)
    if held.step == LimitStep.CLOSED:
        _open(by, held)
    else:
        _close(by, held)
    held.rests_until = by.today + LEFT_ALONE
    _settle(by, held)
    record(by=by, act="intake.undo_limit", of=held, division_id=held.division_id)
    return held


@transaction.atomic
def leave_as_it_is(*, by: Staff, limit: IntakeLimit) -> IntakeLimit:
    """Leave it as it is: what was done stands; what was only suggested is not asked again for two weeks.

    Raises:
        NotAllowedError: only the division's lead.
        ChangedMeanwhileError: somebody has seen to it already.
    """
    held = _held(by, limit, *LimitStep)
    if held.step in {LimitStep.CLOSE, LimitStep.OPEN}:
        held.rests_until = by.today + LEFT_ALONE
    _settle(by, held)
    record(by=by, act="intake.leave_limit", of=held, division_id=held.division_id)
    return held
