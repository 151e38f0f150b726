"""Letting somebody's data rest, and what she objects to. Whoever calls has asked whether the actor may."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentornet.audit.services import record
from mentornet.common.actors import Actor
from mentornet.common.answers import ChangedMeanwhileError
from mentornet.people.enums import ObjectionPurpose
from mentornet.people.models import Objection, Person, Restriction
from mentornet.people.services import hold_people, restamp


@transaction.atomic
def restrict(*, by: Actor, person: Person, reason: str) -> Restriction:
    """Let her data rest: from now on they are stored, and used for nothing but her own request. Twice is once.

    Raises:
        ValidationError: no reason was given.
    """
    # A proposal asks with the same lock whether she is in use: it is sent before this, or not at all.
    hold_people([person.pk])
    standing = Restriction.objects.filter(person=person, lifted_at__isnull=True).first()
    if standing is not None:
        return standing
    restriction = Restriction(person=person, reason=reason.strip(), restricted_by=by.key, created_at=by.at)
    restriction.full_clean()
    restriction.save(force_insert=True)
    # Whoever keeps banks in memory reads them anew.
    restamp(by=by, people=[person])
    record(by=by, act="people.restrict", of=person)
    return restriction


@transaction.atomic
def end_restriction_on(*, by: Actor, restriction: Restriction, day: date) -> Restriction:
    """Note the day on which a restriction ends. Whoever calls tells her.

    Raises:
        ChangedMeanwhileError: somebody else has lifted it.
    """
    rows = Restriction.objects.filter(pk=restriction.pk, lifted_at__isnull=True)
    if not rows.update(lifts_on=day):
        raise ChangedMeanwhileError(_("Her data are in use again already."))
    restriction.refresh_from_db()
    record(by=by, act="people.end_restriction_on", of=restriction.person)
    return restriction


@transaction.atomic
def lift_restriction(*, by: Actor, restriction: Restriction) -> Restriction:
    """Let her data be used again.

    Raises:
        ChangedMeanwhileError: somebody else has lifted it.
    """
    hold_people([restriction.person_id])
    rows = Restriction.objects.filter(pk=restriction.pk, lifted_at__isnull=True)
    if not rows.update(lifted_at=by.at, lifted_by=by.key):
        raise ChangedMeanwhileError(_("Her data are in use again already."))
    restriction.refresh_from_db()
    restamp(by=by, people=[restriction.person])
    record(by=by, act="people.lift_restriction", of=restriction.person)
    return restriction


@transaction.atomic
def note_objection(*, by: Actor, person: Person, purpose: ObjectionPurpose | str) -> Objection:
    """Note that she objects to a purpose. Twice is once.

    Raises:
        ValidationError: there is no such purpose.
    """
    hold_people([person.pk])
    standing = Objection.objects.filter(person=person, purpose=purpose, ended_at__isnull=True).first()
    if standing is not None:
        return standing
    objection = Objection(person=person, purpose=purpose, noted_by=by.key, created_at=by.at)
    objection.full_clean()
    objection.save(force_insert=True)
    restamp(by=by, people=[person])
    record(by=by, act="people.object", of=person, detail={"purpose": str(purpose)})
    return objection


@transaction.atomic
def end_objection(*, by: Actor, person: Person, purpose: ObjectionPurpose | str) -> bool:
    """Take back that she objects to a purpose; false where nothing was noted."""
    hold_people([person.pk])
    standing = Objection.objects.filter(person=person, purpose=purpose, ended_at__isnull=True)
    if not standing.update(ended_at=by.at):
        return False
    restamp(by=by, people=[person])
    record(by=by, act="people.object_no_more", of=person, detail={"purpose": str(purpose)})
    return True
