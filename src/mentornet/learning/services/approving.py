"""Deciding on an application: a mentor is in the bank when her training is done, or when she was let off it."""

from __future__ import annotations

from django.db import transaction

from mentornet.accounts.models import User
from mentornet.common.actors import Actor
from mentornet.intake.enums import ApplicationState
from mentornet.intake.models import Application, Decision, Enrolment
from mentornet.intake.services.applications import decide
from mentornet.intake.services.enrolments import brief
from mentornet.learning.queries import modules_left
from mentornet.learning.services.training import let_off
from mentornet.people.enums import Role


@transaction.atomic
def decide_on(
    *,
    by: Actor,
    application: Application,
    outcome: ApplicationState | str,
    reason: str,
    author_name: str,
    capacity: int = 1,
    coordinator: User | None = None,
    lets_off: str = "",
) -> Decision:
    """Approve or decline; a mentor of whose training nothing is left is in the bank at once.

    ``lets_off`` is why she needs no more training: each part that is left is noted as let off, with this reason.
    Without it she does her training first.

    Raises:
        NotAllowedError: not the actor's division, or the interview is still to be held.
        ChangedMeanwhileError: somebody else has decided.
        RefusedError: a reference that the programme asks for is missing.
        ValidationError: no reason, or a capacity that cannot be.
    """
    is_mentor = application.role == Role.MENTOR
    is_left = is_mentor and modules_left(application.person_id, application.role, application.programme_id).exists()
    decision = decide(
        by=by,
        application=application,
        outcome=outcome,
        reason=reason,
        author_name=author_name,
        capacity=capacity,
        coordinator=coordinator,
        trains_first=is_left and not lets_off.strip(),
    )
    if decision.outcome == ApplicationState.APPROVED and is_mentor:
        enrolment = Enrolment.objects.select_related("person").get(application=application)
        if is_left and lets_off.strip():
            let_off(by=by, enrolment=enrolment, reason=lets_off)
        elif not is_left:
            brief(by=by, enrolment=enrolment, on=by.today)
    return decision
