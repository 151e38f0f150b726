"""Noting who has done what of the training, letting somebody off, and taking a wrong note back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentornet.audit.services import record
from mentornet.common.actors import Actor, System
from mentornet.common.answers import ChangedMeanwhileError, NotAllowedError, RefusedError, require
from mentornet.common.row_scope import beyond_division
from mentornet.intake.models import Enrolment
from mentornet.intake.services.briefing import take_briefing_back
from mentornet.intake.services.enrolments import brief
from mentornet.learning.enums import Way
from mentornet.learning.models import Attendance, Module, ModuleProgress
from mentornet.learning.queries import has_answered, modules_left
from mentornet.learning.rules import counts_for_the_bank, may_note_training, may_take_training_back
from mentornet.people.enums import Role
from mentornet.people.participants import Participant

_JOB = "training"


@beyond_division(reason="she is trained for every place in this role, in whichever division")
@transaction.atomic
def note_training(
    *, by: Actor, enrolment: Enrolment, module: Module, way: Way | str, on: date, reason: str = ""
) -> Attendance:
    """Note that somebody has done a module, or is let off it. With the last one a mentor comes into the bank.

    A participant notes her own, once she has answered all its questions right, and as read alone.

    Raises:
        NotAllowedError: not the actor's division, or she has left; for a participant, not hers, or not answered yet.
        ValidationError: another role's module, a day to come, or no reason for letting her off.
    """
    enrolment, others = _locked(enrolment)
    require(may_note_training(by, enrolment, way))
    if module.role != enrolment.role:
        raise ValidationError(_("This module is for the other role."), code="role")
    if on > by.today:
        raise ValidationError({"on": _("That day is still to come.")})
    if isinstance(by, Participant) and (on != by.today or not has_answered(by.person_id, module)):
        raise NotAllowedError(_("Answer all the questions first. Then this part is done."))
    reason = reason.strip()
    if way == Way.WAIVED and not reason:
        raise ValidationError({"reason": _("Write why she needs no training; it stays in the case.")})
    noted, is_new = Attendance.objects.get_or_create(
        module=module,
        person_id=enrolment.person_id,
        defaults={
            "way": way,
            "on": on,
            "reason": reason if way == Way.WAIVED else "",
            "told_by": by.key,
            "created_at": by.at,
        },
    )
    if is_new:
        record(
            by=by,
            act="learning.note_training",
            of=enrolment,
            division_id=enrolment.division_id,
            detail={"module": module.slug, "way": str(way)},
        )
        briefed = [_brief_if_trained(by, one, on, is_her_own=one == enrolment) for one in (enrolment, *others)]
        if any(briefed):
            noted.brought_in = True
            noted.save(update_fields=["brought_in"])
    return noted


@transaction.atomic
def note_evening(*, by: Actor, enrolments: Sequence[Enrolment], modules: Sequence[Module], on: date) -> int:
    """Note who came to a meeting, and what was gone through there. All of it, or nothing.

    Returns:
        How many of them came into the bank with it.

    Raises:
        NotAllowedError: somebody is not of the actor's division, or has left.
        ValidationError: nobody or nothing was chosen, a module is another role's, or the day is still to come.
    """
    if not enrolments or not modules:
        raise ValidationError(_("Choose who came, and which parts you went through."), code="nothing")
    before = {one.pk for one in enrolments if one.briefed_on is None}
    for enrolment in enrolments:
        for module in modules:
            note_training(by=by, enrolment=enrolment, module=module, way=Way.ATTENDED, on=on)
    return Enrolment.objects.filter(pk__in=before, briefed_on__isnull=False).count()


@transaction.atomic
def let_off(*, by: Actor, enrolment: Enrolment, reason: str) -> list[Attendance]:
    """Let somebody off all that is left of her training, with a reason that stays in the case.

    Raises:
        NotAllowedError: not the actor's division, or she has left.
        RefusedError: nothing is left.
        ValidationError: no reason.
    """
    require(may_note_training(by, enrolment, Way.WAIVED))
    left = list(modules_left(enrolment.person_id, enrolment.role, enrolment.programme_id))
    if not left:
        raise RefusedError(_("Nothing is left of her training."))
    return [
        note_training(by=by, enrolment=enrolment, module=module, way=Way.WAIVED, on=by.today, reason=reason)
        for module in left
    ]


@beyond_division(reason="she is trained no more for any place in this role, in whichever division")
@transaction.atomic
def take_training_back(*, by: Actor, enrolment: Enrolment, module: Module) -> bool:
    """Take back a note that was wrong. Whom it brought into the bank leaves it, unless she is promised or taken.

    Returns:
        Whether she has left the bank by it.

    Raises:
        NotAllowedError: not the actor's division, or she has left.
        ChangedMeanwhileError: it has been taken back already.
    """
    enrolment, others = _locked(enrolment)
    require(may_take_training_back(by, enrolment))
    # All that brought her in, this one among them: the last one counts no more than the first.
    came_in = set(
        Attendance.objects.filter(person=enrolment.person_id, module__role=enrolment.role, brought_in=True).values_list(
            "on", flat=True
        )
    )
    gone, _rows = Attendance.objects.filter(module=module, person=enrolment.person_id).delete()
    if not gone:
        raise ChangedMeanwhileError(_("Somebody has taken this back already."))
    # Else she would be asked nothing, and it would count as done at the next press of a button.
    ModuleProgress.objects.filter(module=module, person=enrolment.person_id).delete()
    record(
        by=by,
        act="learning.take_training_back",
        of=enrolment,
        division_id=enrolment.division_id,
        detail={"module": module.slug},
    )
    left = False
    for one in (enrolment, *others):
        is_free = not (one.promised or one.active)
        if one.briefed_on in came_in and is_free and _is_left(one):
            who = by if one == enrolment else System(_JOB, by.at)
            take_briefing_back(by=who, enrolment=one)
            left = left or one == enrolment
    return left


def _locked(enrolment: Enrolment) -> tuple[Enrolment, list[Enrolment]]:
    """Lock somebody's enrolments in one role. Returns the one in question, and the others that run.

    Of two who note the last two modules at once, the second must see that nothing is left.
    """
    running = Q(person=enrolment.person_id, role=enrolment.role, ended_on__isnull=True)
    hers = Enrolment.objects.select_for_update(of=("self",)).filter(running | Q(pk=enrolment.pk)).order_by("pk")
    found = {one.pk: one for one in hers}
    return found.pop(enrolment.pk), list(found.values())


def _is_left(enrolment: Enrolment) -> bool:
    return modules_left(enrolment.person_id, enrolment.role, enrolment.programme_id).exists()


def _brief_if_trained(by: Actor, enrolment: Enrolment, on: date, *, is_her_own: bool) -> bool:
    """Bring a mentor into the bank when nothing is left of what her programme asks for."""
    if enrolment.role != Role.MENTOR or not counts_for_the_bank(enrolment) or _is_left(enrolment):
        return False
    # What she has learned counts in every division: there, and where she tells it herself, the program notes it.
    is_staff = is_her_own and not isinstance(by, Participant)
    brief(by=by if is_staff else System(_JOB, by.at), enrolment=enrolment, on=on)
    return True
