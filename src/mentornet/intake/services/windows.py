"""Opening and closing intakes, and taking in who was pre-registered meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentornet.accounts.enums import Purpose
from mentornet.agenda.models import Kind
from mentornet.agenda.services import finish
from mentornet.audit.services import record
from mentornet.common.actors import Actor
from mentornet.common.answers import ChangedMeanwhileError, RefusedError, require
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.applicant_rules import may_open_intake, may_take_in
from mentornet.intake.applicants import pre_registered
from mentornet.intake.enums import ApplicationState, Applying
from mentornet.intake.models import Application, IntakeLimit, IntakeWindow
from mentornet.intake.services.applications import ask_for_interview
from mentornet.intake.services.steps import write_to
from mentornet.programmes.models import Programme

LEFT_ALONE: Final = timedelta(days=14)
"""So long the program leaves an intake alone after a lead has decided otherwise."""


def open_intake(*, by: Actor, division: Division, role: Applying | str, programme: Programme | None) -> IntakeWindow:
    """Open an intake again. Who was pre-registered meanwhile is taken in by :func:`take_in_all`, when there is room.

    Raises:
        NotAllowedError: only the division's lead.
        ValidationError: a programme that does not run in this division.
    """
    return _set(by, division, role, programme, is_open=True, reason={})


def close_intake(
    *,
    by: Actor,
    division: Division,
    role: Applying | str,
    programme: Programme | None,
    reason: Mapping[str, str],
) -> IntakeWindow:
    """Close an intake: whoever writes from now on is pre-registered, and told so before she begins.

    Raises:
        NotAllowedError: only the division's lead.
        ValidationError: a programme that does not run in this division.
    """
    return _set(by, division, role, programme, is_open=False, reason=reason)


@transaction.atomic
def _set(
    by: Actor,
    division: Division,
    role: Applying | str,
    programme: Programme | None,
    *,
    is_open: bool,
    reason: Mapping[str, str],
) -> IntakeWindow:
    require(may_open_intake(by, division.pk))
    if programme is not None and programme.division_id not in {None, division.pk}:
        raise ValidationError(_("This programme does not run in that division."), code="programme")
    # The division's row is held: two leads who change the same intake for the first time wait for each other.
    Division.objects.select_for_update().get(pk=division.pk)
    window = IntakeWindow.objects.filter(division=division, role=role, programme=programme).first()
    is_new = window is None
    window = window or IntakeWindow(division=division, role=role, programme=programme, created_at=by.at)
    before = (window.is_open, dict(window.reason))
    window.is_open, window.reason = is_open, {code: text for code, text in reason.items() if text}
    if not is_new and before == (window.is_open, window.reason):
        return window
    if is_new or before[0] != is_open:
        window.since = by.today
    window.changed_by = by.key
    window.full_clean()
    window.save(force_insert=is_new)
    if role == Applying.MENTEE and isinstance(by, Staff):
        _let_her_decide(by, division, programme)
    record(
        by=by,
        act="intake.open_intake" if is_open else "intake.close_intake",
        of=window,
        division_id=division.pk,
        detail={"role": str(role)},
    )
    return window


def _let_her_decide(by: Staff, division: Division, programme: Programme | None) -> None:
    """Leave an intake alone for some time that its lead has opened or closed herself, whatever its limit says."""
    limit = IntakeLimit.objects.filter(division=division, programme=programme).first()
    if limit is not None:
        IntakeLimit.objects.filter(pk=limit.pk).update(
            has_closed=False, step="", step_on=None, rests_until=by.today + LEFT_ALONE
        )
        finish(by=by, target_id=limit.pk, kinds=[Kind.INTAKE])


@transaction.atomic
def take_in(*, by: Actor, application: Application) -> Application:
    """Take in somebody who was pre-registered: a coordinator talks with her within two weeks, and she is told.

    Her place counts from the day on which she wrote.

    Raises:
        NotAllowedError: not the actor's division.
        ChangedMeanwhileError: somebody else was faster.
    """
    require(may_take_in(by, application))
    taken = Application.objects.filter(pk=application.pk, state=ApplicationState.PRE_REGISTERED).update(
        state=ApplicationState.RECEIVED
    )
    if not taken:
        raise ChangedMeanwhileError(_("Somebody else has worked on this application meanwhile. Look at it again."))
    application.state = ApplicationState.RECEIVED
    ask_for_interview(by, application)
    write_to(by, application, "application_taken_in", purpose=Purpose.STATUS)
    record(by=by, act="intake.take_in", of=application, division_id=application.division_id)
    return application


@transaction.atomic
def take_in_all(*, by: Actor, division_id: UUID, role: str = "", programme_id: UUID | None = None) -> list[Application]:
    """Take in everybody who was pre-registered in a division, of one role and programme or of all, the oldest first.

    Raises:
        RefusedError: nobody waits there.
        NotAllowedError: not the actor's division.
    """
    waiting = pre_registered(by).filter(division_id=division_id)
    if role:
        waiting = waiting.filter(role=role)
    if programme_id is not None:
        waiting = waiting.filter(programme_id=programme_id)
    found = list(waiting)
    if not found:
        raise RefusedError(_("Nobody is pre-registered here any more."))
    return [take_in(by=by, application=application) for application in found]
