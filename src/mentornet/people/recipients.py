"""How a letter reaches a person: looked up when it is sent."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef

from mentornet.messaging.recipients import Recipient
from mentornet.people.models import Person, Restriction

PREFIX: Final = "person"


def person_key(person_id: UUID) -> str:
    """Return the key under which letters reach a person."""
    return f"{PREFIX}:{person_id}"


def find_recipient(person_id: str) -> Recipient | None:
    """Return her name, and how she may be reached, as they are now; ``None`` when she is gone."""
    rests = Restriction.objects.filter(person=OuterRef("pk"), lifted_at__isnull=True)
    found = Person.objects.select_related("identity").filter(pk=person_id).annotate(rests=Exists(rests))
    person = found.first()
    return None if person is None else replace(recipient_of(person), is_restricted=person.rests)


def recipient_of(person: Person) -> Recipient:
    """Return a person's name, and how she may be reached; a protected one's alias, and her sealed address."""
    reached = person.identity if person.is_protected else person
    return Recipient(
        name=person.first_name,
        email=reached.email,
        language=person.language,
        phone=reached.phone,
        way=person.contact_way,
        hours_from=person.contact_from,
        hours_until=person.contact_until,
        hides_network=person.hides_network,
        is_sealed=person.is_protected,
    )
