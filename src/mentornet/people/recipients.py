"""How a letter reaches a person: looked up when it is sent."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from mentornet.messaging.recipients import Recipient
from mentornet.people.models import Person

PREFIX: Final = "person"


def person_key(person_id: UUID) -> str:
    """Return the key under which letters reach a person."""
    return f"{PREFIX}:{person_id}"


def find_recipient(person_id: str) -> Recipient | None:
    """Return her name, and how she may be reached, as they are now; ``None`` when she is gone."""
    person = Person.objects.filter(pk=person_id).first()
    return None if person is None else recipient_of(person)


def recipient_of(person: Person) -> Recipient:
    """Return a person's name, and how she may be reached."""
    return Recipient(
        name=person.first_name,
        email=person.email,
        language=person.language,
        phone=person.phone,
        way=person.contact_way,
        hours_from=person.contact_from,
        hours_until=person.contact_until,
        hides_network=person.hides_network,
    )
