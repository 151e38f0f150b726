"""Hiding a participant from one of the staff: from then on she is not there for that one, whatever that one's roles."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from mentornet.accounts.models import User
from mentornet.agenda.models import Kind, Task
from mentornet.agenda.services import ask_today
from mentornet.audit.services import record
from mentornet.common.actors import Actor, System
from mentornet.common.answers import ChangedMeanwhileError, NotAllowedError, RefusedError, require
from mentornet.common.reach import rows_about
from mentornet.common.row_scope import beyond_division
from mentornet.divisions.models import HiddenPerson
from mentornet.divisions.queries import blind_to, hidden_now, staff_at_work, who_looks_after
from mentornet.divisions.staff import Staff
from mentornet.intake.enums import ApplicationState
from mentornet.intake.models import Application, ContactPerson, Enrolment, Interview, InterviewDraft, InterviewSlot
from mentornet.intake.rules import may_hide, may_hide_from, may_stop_hiding
from mentornet.people.models import Person
from mentornet.people.participants import Participant
from mentornet.people.services import hold_people

Hidden = Callable[[Actor, UUID, User], object]
"""Is called with a person's key and whoever does not see her any more; what it raises takes the hiding back."""
_WHEN_HIDDEN: Final[dict[str, Hidden]] = {}


def when_hidden(name: str, act: Hidden) -> None:
    """Register, in ``AppConfig.ready``, what an app above asks or does when somebody is hidden from one of the staff.

    Raises:
        ValueError: the name is taken by another.
    """
    if _WHEN_HIDDEN.setdefault(name, act) is not act:
        raise ValueError(f"{name} is registered twice among what follows when somebody is hidden")


@beyond_division(reason="what that one has to do for her goes to somebody else in every division that knows her")
@transaction.atomic
def hide(*, by: Staff | Participant, person: Person, user: User, reason: str = "") -> HiddenPerson:
    """Hide a participant from one of the staff, at once.

    What that one had to do for her, her case and her interview go to somebody else. Pressed twice, it is done once.

    Raises:
        NotAllowedError: neither she herself nor casework in a division that knows her; or a coordinator would hide her
            from whoever oversees it.
        RefusedError: nobody would be left to look after her, or to read what she has told in confidence; nothing is
            changed then.
        ValidationError: a colleague gives no reason, or it is nobody who works here.
    """
    # Held till the end: of two who hide her from the last two, one finds that nobody would be left.
    hold_people([person.pk])
    divisions = divisions_of_hers(person.pk)
    require(may_hide(by, person.pk, divisions) and may_hide_from(by, user.pk, divisions))
    if not isinstance(by, Participant) and not reason.strip():
        raise ValidationError({"reason": _("Say why. Whoever reads her page sees it.")})
    if user.pk not in {one.pk for one in staff_at_work(by.today)}:
        raise ValidationError({"user": _("Choose somebody who works here.")})
    if (there := hidden_now(person.pk).filter(user=user).first()) is not None:
        return there
    row = HiddenPerson(
        user=user,
        person_id=person.pk,
        reason=reason.strip(),
        set_by=by.key,
        set_by_name=by.name if isinstance(by, Staff) else "",
        created_at=by.at,
    )
    row.full_clean()
    row.save(force_insert=True)
    successors = {division_id: _successor(by, person.pk, division_id) for division_id in sorted(divisions)}
    _hand_on(by, person.pk, [user.pk], successors)
    for act in _WHEN_HIDDEN.values():
        act(by, person.pk, user)
    record(by=by, act="intake.hide", of=person, division_id=min(divisions))
    return row


@transaction.atomic
def stop_hiding(*, by: Staff, person: Person, row: HiddenPerson, reason: str) -> HiddenPerson:
    """Let one of the staff see a participant again. What had gone to somebody else stays there.

    Raises:
        NotAllowedError: not of a division that knows her, or the very one from whom she is hidden; or she has set it
            herself, and the actor does not lead.
        ChangedMeanwhileError: somebody else has done so.
        ValidationError: no reason.
    """
    divisions = divisions_of_hers(person.pk)
    require(may_hide(by, person.pk, divisions))
    if not reason.strip():
        raise ValidationError({"reason": _("Say why it is lifted.")})
    # Of an administrator who may see nobody's page nothing is asked here: she does not come this far.
    if row.user_id == by.user_id or row.person_id != person.pk:
        raise NotAllowedError(_("You do not work in this division."))
    require(may_stop_hiding(by, row, divisions))
    row.lifted_at, row.lifted_by, row.lifted_by_name, row.lift_reason = by.at, by.key, by.name, reason.strip()
    row.full_clean()
    values: dict[str, Any] = {
        name: getattr(row, name) for name in ("lifted_at", "lifted_by", "lifted_by_name", "lift_reason")
    }
    if not HiddenPerson.objects.filter(pk=row.pk, lifted_at__isnull=True).update(**values):
        raise ChangedMeanwhileError(_("Somebody has lifted this already."))
    record(by=by, act="intake.stop_hiding", of=person, division_id=min(divisions))
    return row


def hand_on_tasks(*, by: System) -> int:
    """Give what has come to wait meanwhile for somebody who must not see it to somebody who may.

    A proposal of hers may be a task of the other one's coordinator. Returns how many tasks it was.
    """
    moved = 0
    hidden = HiddenPerson.objects.filter(lifted_at__isnull=True).values_list("person_id", flat=True)
    for person_id in sorted(set(hidden)):
        with transaction.atomic():
            divisions = divisions_of_hers(person_id)
            successors = {one: who_looks_after(person_id, one, by.today) for one in divisions}
            moved += _move_tasks(person_id, blind_to(person_id), successors)
    return moved


@beyond_division(reason="which divisions know her is asked of all of them")
def divisions_of_hers(person_id: UUID) -> frozenset[UUID]:
    """Return the divisions that know somebody."""
    known: set[UUID] = set()
    for model in (Application, ContactPerson):
        known |= set(model._default_manager.filter(person_id=person_id).values_list("division_id", flat=True))
    return frozenset(known)


def _successor(by: Actor, person_id: UUID, division_id: UUID) -> UUID:
    found = who_looks_after(person_id, division_id, by.today)
    if found is not None:
        return found
    raise RefusedError(nobody_left(by))


def nobody_left(by: Actor) -> str:
    """Return what is said where nobody would be left for her."""
    if isinstance(by, Participant):
        return _("Then nobody would be left here who can help you. Please call us, and we find a way.")
    return _("Then nobody would be left who looks after her. Give somebody else a role in the division first.")


def _hand_on(by: Actor, person_id: UUID, users: Collection[UUID], successors: dict[UUID, UUID]) -> None:
    """Give the case, the interview and the tasks to somebody who may see her."""
    cases = Enrolment.objects.filter(person_id=person_id, coordinator_id__in=users, ended_on__isnull=True)
    for case in cases:
        Enrolment.objects.filter(pk=case.pk).update(coordinator_id=successors[case.division_id])
        record(by=by, act="intake.hand_over", of=case, division_id=case.division_id)
    booked = Interview.objects.filter(
        application__person_id=person_id, interviewer_id__in=users, held_at__isnull=True, cancelled_at__isnull=True
    )
    for talk in booked.select_related("application__person"):
        application = talk.application
        successor = successors[application.division_id]
        Interview.objects.filter(pk=talk.pk).update(interviewer_id=successor)
        InterviewSlot.objects.filter(application=application).update(application=None)
        if application.state == ApplicationState.BOOKED:
            # Whether the time suits the other one is for her to say: she calls.
            words = {"name": application.person.name}
            ask_today(by=by, kind=Kind.INTERVIEW, target_id=application.pk, division_id=application.division_id,
                      owner_id=successor, words=words)  # fmt: skip
    InterviewDraft.objects.filter(application__person_id=person_id, interviewer_id__in=users).delete()
    _move_tasks(person_id, users, successors)


def _move_tasks(person_id: UUID, users: Collection[UUID], successors: dict[UUID, Any]) -> int:
    keys = rows_about([person_id]).get(Task._meta.label, frozenset())
    moved = 0
    for task in Task.objects.filter(pk__in=keys, owner_id__in=users, done_at__isnull=True):
        # Of another division's proposal with her: nobody's in particular there.
        moved += Task.objects.filter(pk=task.pk).update(owner_id=successors.get(task.division_id))
    return moved
