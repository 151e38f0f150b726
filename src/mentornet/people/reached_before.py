"""When the office writes an address or a number of hers anew: she is told where she was reached before.

Whoever writes an address of her own for somebody else comes in as her. So what opened her pages is ended, a letter
that says no more than that something has changed goes to where she was reached until then, by the ways that are safe
for her, and for a while her own copy waits (:mod:`mentornet.privacy.rules`). Not of a protected person: what leads to
her there may be read by the one who is looking for her, and her copy takes a second person.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from mentornet.audit.services import record
from mentornet.common.actors import Actor, System
from mentornet.divisions.staff import Staff
from mentornet.messaging.post import texting
from mentornet.messaging.recipients import Recipient
from mentornet.messaging.services import queue_letter
from mentornet.people.enums import ContactWay
from mentornet.people.models import Person, WrittenReach
from mentornet.people.ways_in import end_ways_in

PREFIX: Final = "former"
EVENT: Final = "reached_elsewhere"

Untold = Callable[[Actor, WrittenReach], object]
"""Is called where nothing could be written to her: somebody else is to call her."""
_UNTOLD: Final[dict[str, Untold]] = {}


def when_untold(name: str, act: Untold) -> None:
    """Register, in ``AppConfig.ready``, what is done where nothing could be written to where she was reached.

    Raises:
        ValueError: the name is taken by another.
    """
    if _UNTOLD.setdefault(name, act) is not act:
        raise ValueError(f"{name} is registered twice among what is done where she is not told")


@dataclass(frozen=True, slots=True)
class Before:
    """How somebody was reached until now."""

    email: str
    phone: str
    way: str

    def told_at(self, *, is_unsafe: bool) -> list[str]:
        """Return by which columns she may be told: as she wants to be written to; by both where she has not said."""
        if is_unsafe or self.way == ContactWay.CALL:
            return []
        by_mail = bool(self.email) and self.way != ContactWay.TEXT
        by_text = bool(self.phone) and self.way != ContactWay.EMAIL and texting() is not None
        return [*(["email"] if by_mail else []), *(["phone"] if by_text else [])]


def before(person: Person) -> Before:
    """Return how somebody is reached, before it is written anew."""
    return Before(person.email, person.phone, person.contact_way)


def tell_where_she_was(*, by: Actor, person: Person, was: Before, is_unsafe: bool = False) -> None:
    """Note that one of the staff has written an address or a number, end her ways in, and tell her.

    Nothing is done where she has written it herself, where neither has changed, and while she is protected.

    Args:
        by: who has written it.
        person: of whom, as she stands now.
        was: how she was reached.
        is_unsafe: somebody else reads what is sent there.
    """
    if not isinstance(by, Staff) or person.is_protected or (was.email, was.phone) == (person.email, person.phone):
        return
    end_ways_in(by=by, person=person)
    # What an earlier letter needed has left; the newest row alone says since when her copy waits.
    WrittenReach.objects.filter(person=person).update(email="", phone="")
    told_at = was.told_at(is_unsafe=is_unsafe)
    kept = {name: getattr(was, name) for name in told_at}
    reach = WrittenReach(person=person, created_at=by.at, written_by=by.key, **kept)
    reach.full_clean()
    reach.save(force_insert=True)
    for name in told_at:
        queue_letter(
            # By the program: whoever has written the address shall not take it back.
            by=System("people.reached_before", by.at),
            recipient=f"{PREFIX}:{reach.pk}.{name}",
            event=EVENT,
            values={},
            about_id=reach.pk,
            division_id=None,
        )
    if not told_at and (was.email or was.phone):
        for act in _UNTOLD.values():
            act(by, reach)
    record(by=by, act="people.write_reach", of=person, detail={"told": told_at})


def forget_where_she_was(person_id: UUID) -> None:
    """Keep no former address of somebody who becomes protected; a letter that waits for it reaches nobody."""
    WrittenReach.objects.filter(person_id=person_id).update(email="", phone="")


def find_former(key: str) -> Recipient | None:
    """Return somebody at the address where she was reached before; ``None`` when it is kept no longer."""
    reach_id, _, name = key.partition(".")
    reach = WrittenReach.objects.select_related("person").filter(pk=reach_id).first()
    address = "" if reach is None or name not in {"email", "phone"} else getattr(reach, name)
    if reach is None or not address:
        return None
    person = reach.person
    return Recipient(
        name=person.first_name,
        email=address if name == "email" else "",
        phone=address if name == "phone" else "",
        language=person.language,
        way=ContactWay.EMAIL if name == "email" else ContactWay.TEXT,
        hours_from=person.contact_from,
        hours_until=person.contact_until,
        hides_network=person.hides_network,
        # Kept with no letter: it is hers no longer.
        is_sealed=True,
    )
