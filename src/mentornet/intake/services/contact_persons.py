"""Contact persons: they write to us, are welcomed, and leave when they like."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentornet.accounts.enums import Purpose
from mentornet.agenda.models import Kind
from mentornet.agenda.services import ask_for, finish
from mentornet.audit.services import record
from mentornet.common.actors import Actor
from mentornet.common.answers import Answer, ChangedMeanwhileError, require
from mentornet.intake.applicant_rules import may_confirm_contact_person, may_end_contact_person, may_receive
from mentornet.intake.enums import CONTACT_PERSON_STEPS, ContactPersonState
from mentornet.intake.models import ApplicationDraft, ContactPerson
from mentornet.messaging.services import queue_letter
from mentornet.people.models import Person
from mentornet.people.recipients import person_key
from mentornet.people.services import change_person

CALL_WITHIN: Final = timedelta(days=14)


@transaction.atomic
def receive_contact_person(*, by: Actor, draft: ApplicationDraft, person: Person) -> ContactPerson:
    """Take in somebody who wants to be a contact person; a coordinator calls her within two weeks.

    Raises:
        NotAllowedError: not the writer of the draft.
        ValidationError: she is one already.
    """
    assert draft.division is not None
    require(may_receive(by, draft.division.pk, draft))
    known = ContactPerson.objects.filter(person=person, division=draft.division).exclude(state=ContactPersonState.LEFT)
    if known.exists():
        raise ValidationError(
            _("You have written to us about this already. You do not need to send it again; we have it."), code="again"
        )
    network, heard = draft.answered("network"), draft.answered("heard")
    contact = ContactPerson(
        person=person,
        division=draft.division,
        field_words=network.get("field_words", ""),
        regions=network.get("regions", ""),
        heard_through=heard.get("heard_through", ""),
        asked_on=by.today,
        referred_by=draft.referral,
        created_at=by.at,
    )
    contact.groups = tuple(network.get("groups", ())) or None
    contact.full_clean()
    contact.save(force_insert=True)
    ask_for(
        by=by,
        kind=Kind.CONTACT_PERSON,
        target_id=contact.pk,
        division_id=contact.division_id,
        due_on=by.today + CALL_WITHIN,
        words={"name": person.name},
    )
    _write_to(by, contact, "application_received")
    record(by=by, act="intake.contact_person_ask", of=contact, division_id=contact.division_id)
    return contact


def _write_to(by: Actor, contact: ContactPerson, event: str) -> None:
    """Write to her; each letter has her link to the page that tells where this stands."""
    queue_letter(
        by=by,
        recipient=person_key(contact.person_id),
        event=event,
        values={"link": f"{Purpose.STATUS.value}:{contact.pk}"},
        about_id=contact.pk,
        division_id=contact.division_id,
    )


def _step(by: Actor, contact: ContactPerson, after: ContactPersonState, may: Answer, **changes: object) -> None:
    require(may)
    rows = ContactPerson.objects.filter(pk=contact.pk, state__in=CONTACT_PERSON_STEPS.sources(after))
    if not rows.update(state=after, **changes):
        raise ChangedMeanwhileError(_("Somebody else has worked on this meanwhile. Look at it again."))
    contact.refresh_from_db()
    finish(by=by, target_id=contact.pk)


@transaction.atomic
def confirm_contact_person(*, by: Actor, contact: ContactPerson) -> ContactPerson:
    """Welcome a contact person: she can be asked from now on, and has a link to share.

    Raises:
        NotAllowedError: not the actor's division.
        ChangedMeanwhileError: somebody else was faster.
    """
    may = may_confirm_contact_person(by, contact)
    _step(by, contact, ContactPersonState.CONFIRMED, may, confirmed_on=by.today)
    _write_to(by, contact, "contact_person_welcome")
    record(by=by, act="intake.contact_person_confirm", of=contact, division_id=contact.division_id)
    return contact


@transaction.atomic
def change_contact_person(
    *, by: Actor, contact: ContactPerson, facts: Mapping[str, Any], is_former_unsafe: bool = False
) -> Person:
    """Correct the name of a contact person, and how she is reached (:func:`mentornet.people.services.change_person`).

    Raises:
        NotAllowedError: not the actor's division.
        ValidationError: a fact cannot be stored.
    """
    require(may_confirm_contact_person(by, contact))
    return change_person(by=by, person=contact.person, facts=facts, is_former_unsafe=is_former_unsafe)


@transaction.atomic
def end_contact_person(*, by: Actor, contact: ContactPerson) -> ContactPerson:
    """Note that a contact person has left, or does not want to begin: she is asked no more. She may say so herself.

    Raises:
        NotAllowedError: not the actor's division, nor herself.
        ChangedMeanwhileError: she has left already.
    """
    _step(by, contact, ContactPersonState.LEFT, may_end_contact_person(by, contact), left_on=by.today)
    record(by=by, act="intake.contact_person_end", of=contact, division_id=contact.division_id)
    return contact
