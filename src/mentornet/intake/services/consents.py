"""What somebody agrees to, purpose by purpose, with the version of the words that she read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from mentornet.agenda.models import Kind
from mentornet.agenda.services import ask_today, finish
from mentornet.audit.services import record
from mentornet.common.actors import Actor, System
from mentornet.common.answers import ChangedMeanwhileError, require
from mentornet.common.jobs import enqueue
from mentornet.common.row_scope import beyond_division
from mentornet.divisions.staff import Staff
from mentornet.intake.applicant_rules import (
    may_agree,
    may_end_contact_person,
    may_note_consents,
    may_take_consent_back,
)
from mentornet.intake.consent_words import CONSENT_WORDS
from mentornet.intake.enums import (
    OPEN_STATES,
    ApplicationState,
    ConsentHow,
    ConsentPurpose,
    ContactPersonState,
    WishKind,
)
from mentornet.intake.models import Application, Consent, ConsentText, ContactPerson, Enrolment
from mentornet.intake.rules import may_step
from mentornet.intake.services.applications import withdraw_application
from mentornet.intake.services.contact_persons import end_contact_person
from mentornet.intake.services.wishes import make_wish
from mentornet.people.models import Person
from mentornet.people.participants import Participant
from mentornet.people.services import hold_people

OF_PLACE: Final = "place"
OF_APPLICATION: Final = "application"
OF_CONTACT: Final = "contact"
"""What a task asks to end, in its word ``why``, where she no longer agrees that we handle what she has written."""
_BY_HERSELF: Final = "intake.agrees_no_longer"


def text_in_force(*, by: Actor, purpose: ConsentPurpose | str, language: str) -> ConsentText:
    """Return the words of a consent as they are shown now in a language, kept from the first time they are shown."""
    purpose = ConsentPurpose(purpose)
    with translation.override(language):
        text = str(CONSENT_WORDS[purpose])
    digest = hashlib.sha256(text.encode()).hexdigest()
    same = ConsentText.objects.filter(purpose=purpose, language=language)
    if (known := same.filter(hash=digest).first()) is not None:
        return known
    latest = same.aggregate(number=Max("number"))["number"] or 0
    made = ConsentText(purpose=purpose, language=language, number=latest + 1, text=text, hash=digest, created_at=by.at)
    made.full_clean()
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        # Somebody else was shown the new words at the same moment.
        return same.get(hash=digest)
    return made


def keep_consent(*, by: Actor, person: Person, text: ConsentText, at: datetime, heard_by_name: str = "") -> Consent:
    """Keep that she has agreed; what she agrees to already stays as it was given. Whoever calls has asked the rule."""
    standing = Consent.objects.filter(person=person, purpose=text.purpose, withdrawn_at__isnull=True).first()
    if standing is not None:
        return standing
    consent = Consent(
        person=person,
        purpose=text.purpose,
        text=text,
        given_at=at,
        how=ConsentHow.HEARD if heard_by_name else ConsentHow.HERSELF,
        heard_by=by.key if heard_by_name else "",
        heard_by_name=heard_by_name,
        created_at=by.at,
    )
    consent.full_clean()
    consent.save(force_insert=True)
    record(by=by, act="intake.consent", of=person, detail={"purpose": text.purpose, "version": text.number})
    if Consent.objects.filter(person=person, purpose=text.purpose, withdrawn_at__isnull=False).exists():
        _see_to_given_again(by, consent)
    return consent


@beyond_division(reason="no division is asked any more to end what she agrees to again")
def _see_to_given_again(by: Actor, consent: Consent) -> None:
    """Ask nobody any more to end what she agrees to again."""
    if consent.purpose == ConsentPurpose.INTRODUCTION:
        _see_to_introductions(consent.person_id)
    elif consent.purpose == ConsentPurpose.HANDLING:
        for model in (Application, ContactPerson, Enrolment):
            for key in model.objects.filter(person_id=consent.person_id).values_list("pk", flat=True):
                finish(by=by, target_id=key, kinds=[Kind.NO_CONSENT])


def _see_to_introductions(person_id: UUID) -> None:
    # Proposals lie above: a job looks whether any of hers is open.
    enqueue("matching.see_to_introductions", person=str(person_id))


@transaction.atomic
def note_consents(
    *, by: Staff, person: Person, division_id: UUID, purposes: Iterable[ConsentPurpose | str], language: str
) -> list[Consent]:
    """Note what she has agreed to when the words were read to her.

    Raises:
        NotAllowedError: not the actor's division.
    """
    require(may_note_consents(by, division_id))
    return [
        keep_consent(
            by=by,
            person=person,
            text=text_in_force(by=by, purpose=purpose, language=language),
            at=by.at,
            heard_by_name=by.name,
        )
        for purpose in purposes
    ]


@beyond_division(reason="what she agrees to no longer ends in every division, or is asked of it")
@transaction.atomic
def take_consent_back(*, by: Actor, consent: Consent) -> Consent:
    """Take back what she agreed to: from now on it is not done.

    Without the consent to handle what she has written, her open applications end, and a contact person is asked no
    more; whoever has a place is called before anything is changed. What the actor may not end is asked of those who
    may, in each division. Without the one to be introduced she is suggested to nobody, and what is suggested now stands
    to both as ended: its letters stay here, and the coordinator is asked to take it back.

    Raises:
        NotAllowedError: somebody else's.
        ChangedMeanwhileError: it has been taken back already.
    """
    # Nobody can send a proposal of her meanwhile: it asks what she agrees to with the same lock.
    hold_people([consent.person_id])
    known = frozenset(Application.objects.filter(person_id=consent.person_id).values_list("division_id", flat=True))
    known |= frozenset(ContactPerson.objects.filter(person_id=consent.person_id).values_list("division_id", flat=True))
    require(may_take_consent_back(by, consent, known))
    taken = Consent.objects.filter(pk=consent.pk, withdrawn_at__isnull=True).update(withdrawn_at=by.at)
    if not taken:
        raise ChangedMeanwhileError(_("This has been taken back already."))
    consent.withdrawn_at = by.at
    record(by=by, act="intake.consent_back", of=consent.person, detail={"purpose": consent.purpose})
    if consent.purpose == ConsentPurpose.HANDLING:
        _end_what_is_open(by, consent.person_id)
    elif consent.purpose == ConsentPurpose.INTRODUCTION:
        _see_to_introductions(consent.person_id)
    return consent


def _end_what_is_open(by: Actor, person_id: UUID) -> None:
    """End what she has written to us for, as far as the actor may, and ask for the rest; of a place they talk first."""
    for application in Application.objects.filter(person_id=person_id, state__in=OPEN_STATES).order_by("pk"):
        if may_step(by, application, ApplicationState.WITHDRAWN):
            withdraw_application(by=by, application=application)
        else:
            _ask_to_end(by, application, OF_APPLICATION)
    for contact in ContactPerson.objects.filter(person_id=person_id).exclude(state=ContactPersonState.LEFT):
        if may_end_contact_person(by, contact):
            end_contact_person(by=by, contact=contact)
        else:
            _ask_to_end(by, contact, OF_CONTACT)
    places = list(Enrolment.objects.filter(person_id=person_id, ended_on__isnull=True).order_by("pk"))
    wish = make_wish(by=by, kind=WishKind.LEAVE) if places and isinstance(by, Participant) else None
    for place in places:
        # One office reads her wish; each other one where she has a place is asked as well.
        if wish is None or wish.division_id != place.division_id:
            _ask_to_end(by, place, OF_PLACE, owner_id=place.coordinator_id)


def _ask_to_end(
    by: Actor, target: Application | ContactPerson | Enrolment, why: str, *, owner_id: UUID | None = None
) -> None:
    """Ask a division for what only it may end; the act itself settles it, or that she agrees again."""
    by = System(_BY_HERSELF, by.at)
    ask_today(
        by=by,
        kind=Kind.NO_CONSENT,
        target_id=target.pk,
        division_id=target.division_id,
        owner_id=owner_id,
        words={"name": target.person.name, "why": why},
    )


@transaction.atomic
def give_consent(*, by: Participant, person: Person, purpose: ConsentPurpose | str, language: str) -> Consent:
    """Keep that she agrees, on her own pages, to the words in which she reads them.

    Raises:
        NotAllowedError: somebody else's.
    """
    require(may_agree(by, person.pk))
    hold_people([person.pk])
    return keep_consent(by=by, person=person, text=text_in_force(by=by, purpose=purpose, language=language), at=by.at)
