"""Who outside was told what about whom, and who wanted a list of people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentornet.agenda.models import Kind
from mentornet.agenda.services import ask_for, finish
from mentornet.audit.services import record
from mentornet.common.answers import ChangedMeanwhileError, require
from mentornet.divisions.staff import Staff
from mentornet.people.models import Person
from mentornet.privacy.models import Demand, Disclosure
from mentornet.privacy.request_rules import may_note_demand, may_see_disclosure, may_take_down


@transaction.atomic
def write_disclosure(
    *, by: Staff, person: Person, division_id: UUID, facts: Mapping[str, Any], key: UUID | None = None
) -> Disclosure:
    """Write down that somebody outside was told something about her. She reads it, unless it is held back.

    ``key`` was drawn when the form was opened: sent twice, it is written once.

    Raises:
        NotAllowedError: not the actor's division.
        ValidationError: something is missing, the day lies ahead, or it is held back without a reason or a day.
    """
    require(may_take_down(by, person.pk, division_id))
    if key is not None and (written := Disclosure.objects.filter(pk=key, written_by=by.key).first()) is not None:
        return written
    disclosure = Disclosure(
        person=person, division_id=division_id, written_by=by.key, author_name=by.name, created_at=by.at, **facts
    )
    if key is not None:
        disclosure.pk = key
    _require_days(by, disclosure)
    disclosure.full_clean()
    disclosure.save(force_insert=True)
    _look_again(by, disclosure)
    record(by=by, act="privacy.write_disclosure", of=disclosure, division_id=division_id)
    return disclosure


def _require_days(by: Staff, disclosure: Disclosure) -> None:
    if disclosure.told_on > by.today:
        raise ValidationError({"told_on": _("This day is still to come.")})
    if disclosure.review_on is not None and disclosure.review_on <= by.today:
        raise ValidationError({"review_on": _("Choose a day after today.")})


def _look_again(by: Staff, disclosure: Disclosure) -> None:
    if disclosure.review_on is not None:
        ask_for(
            by=by,
            kind=Kind.HELD_BACK,
            target_id=disclosure.pk,
            division_id=disclosure.division_id,
            due_on=disclosure.review_on,
            words={"name": disclosure.person.name},
        )


@transaction.atomic
def hold_back_until(*, by: Staff, disclosure: Disclosure, day: date, reason: str) -> Disclosure:
    """Hold back on for a time that she reads it, with the reason.

    Raises:
        NotAllowedError: not the actor's division.
        ValidationError: no reason, or the day is not after today.
    """
    require(may_see_disclosure(by, disclosure))
    disclosure.held_back_reason, disclosure.review_on = reason.strip(), day
    _require_days(by, disclosure)
    disclosure.full_clean()
    disclosure.save(update_fields=["held_back_reason", "review_on"])
    _look_again(by, disclosure)
    record(by=by, act="privacy.hold_disclosure_back", of=disclosure, division_id=disclosure.division_id)
    return disclosure


@transaction.atomic
def let_her_read(*, by: Staff, disclosure: Disclosure) -> Disclosure:
    """Let her read what was held back.

    Raises:
        NotAllowedError: not the actor's division.
        ChangedMeanwhileError: she reads it already.
    """
    require(may_see_disclosure(by, disclosure))
    held = Disclosure.objects.filter(pk=disclosure.pk).exclude(held_back_reason="")
    if not held.update(held_back_reason="", review_on=None):
        raise ChangedMeanwhileError(_("She can read it already."))
    disclosure.refresh_from_db()
    finish(by=by, target_id=disclosure.pk, kinds=[Kind.HELD_BACK])
    record(by=by, act="privacy.let_her_read", of=disclosure, division_id=disclosure.division_id)
    return disclosure


@transaction.atomic
def write_demand(*, by: Staff, division_id: UUID, facts: Mapping[str, Any], key: UUID | None = None) -> Demand:
    """Write down that somebody outside wanted a list of people, and what was answered.

    Raises:
        NotAllowedError: the actor does not lead the division.
        ValidationError: something is missing, or the day lies ahead.
    """
    require(may_note_demand(by, division_id))
    if key is not None and (written := Demand.objects.filter(pk=key, written_by=by.key).first()) is not None:
        return written
    demand = Demand(division_id=division_id, written_by=by.key, author_name=by.name, created_at=by.at, **facts)
    if key is not None:
        demand.pk = key
    if demand.asked_on > by.today:
        raise ValidationError({"asked_on": _("This day is still to come.")})
    demand.full_clean()
    demand.save(force_insert=True)
    record(by=by, act="privacy.write_demand", of=demand, division_id=division_id, detail={"answer": demand.answer})
    return demand
