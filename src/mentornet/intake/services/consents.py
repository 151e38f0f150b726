"""What somebody agrees to, purpose by purpose, with the version of the words that she read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from mentornet.audit.services import record
from mentornet.common.actors import Actor
from mentornet.common.answers import ChangedMeanwhileError, require
from mentornet.divisions.staff import Staff
from mentornet.intake.applicant_rules import may_note_consents, may_take_consent_back
from mentornet.intake.consent_words import CONSENT_WORDS
from mentornet.intake.enums import ConsentHow, ConsentPurpose
from mentornet.intake.models import Application, Consent, ConsentText, ContactPerson
from mentornet.people.models import Person


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
    return consent


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


@transaction.atomic
def take_consent_back(*, by: Actor, consent: Consent) -> Consent:
    """Take back what she agreed to: from now on it is not done.

    Raises:
        NotAllowedError: somebody else's.
        ChangedMeanwhileError: it has been taken back already.
    """
    known = frozenset(Application.objects.filter(person_id=consent.person_id).values_list("division_id", flat=True))
    known |= frozenset(ContactPerson.objects.filter(person_id=consent.person_id).values_list("division_id", flat=True))
    require(may_take_consent_back(by, consent, known))
    taken = Consent.objects.filter(pk=consent.pk, withdrawn_at__isnull=True).update(withdrawn_at=by.at)
    if not taken:
        raise ChangedMeanwhileError(_("This has been taken back already."))
    consent.withdrawn_at = by.at
    record(by=by, act="intake.consent_back", of=consent.person, detail={"purpose": consent.purpose})
    return consent
