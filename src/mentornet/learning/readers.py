"""Who has read a chapter, for those who work with her."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from mentornet.common.actors import Actor
from mentornet.intake.queries import visible_enrolments
from mentornet.learning.models import ReadReceipt
from mentornet.learning.queries import versions_in_force
from mentornet.people.models import Person


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who has read a chapter.

    Attributes:
        read_at: when she last said so.
        is_newest: it still stands as she read it.
    """

    person: Person
    read_at: datetime
    is_newest: bool


def readers_of(by: Actor, chapter_id: UUID) -> list[Reader]:
    """Return who of the actor's divisions has read a chapter, the latest first: only who knew that it is seen."""
    hers = visible_enrolments(by).filter(ended_on__isnull=True).values("person_id")
    told = ReadReceipt.objects.filter(chapter_id=chapter_id, is_told=True, person_id__in=hers)
    in_force = versions_in_force({chapter_id})
    found: dict[UUID, Reader] = {}
    for one in told.select_related("person").order_by("-read_at", "-pk"):
        is_newest = one.number == in_force.get((one.chapter_id, one.language))
        known = found.get(one.person_id)
        if known is None:
            found[one.person_id] = Reader(one.person, one.read_at, is_newest)
        elif is_newest:
            found[one.person_id] = replace(known, is_newest=True)
    return list(found.values())
