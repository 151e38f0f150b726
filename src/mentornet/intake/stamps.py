"""Reading anew only those enrolments whose stamps have changed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Final, Protocol, TypeVar
from uuid import UUID

from django.db.models import QuerySet

from mentornet.intake.models import Enrolment
from mentornet.people.models import LanguageSkill

_CHUNK: Final = 500
_AT_ONCE: Final = 10_000
"""How many people one query names."""


class Stamped(Protocol):
    """Something read from one enrolment."""

    @property
    def stamps(self) -> tuple[int, int]:
        """Of the enrolment and of its profile, as they were when it was read."""


E = TypeVar("E", bound=Stamped)


def read_changed(
    enrolments: QuerySet[Enrolment],
    before: Mapping[UUID, E],
    read: Callable[[QuerySet[Enrolment]], Iterable[tuple[UUID, E]]],
) -> dict[UUID, E]:
    """Return what is read of each enrolment, by its key; who has not changed since ``before`` is the same object."""
    stamps = {pk: (one, other) for pk, one, other in enrolments.values_list("pk", "stamp", "profile__stamp")}
    entries = {key: entry for key, entry in before.items() if stamps.get(key) == entry.stamps}
    missing = [key for key in stamps if key not in entries]
    if len(missing) > len(stamps) // 4:
        # So many are new that one query for all is faster than naming them.
        entries.update(read(enrolments))
    else:
        for start in range(0, len(missing), _CHUNK):
            entries.update(read(enrolments.filter(pk__in=missing[start : start + _CHUNK])))
    return entries


def spoken_by(people: Collection[UUID]) -> dict[UUID, list[tuple[str, str]]]:
    """Return codes and levels of what these people speak, in their order; who speaks nothing known is missing.

    Ask *after* the rows with the stamps have been read: a write between the two then leaves what is newer than its
    stamp says, and is read once more; the other way round it would stay old for good.
    """
    spoken: dict[UUID, list[tuple[str, str]]] = {}
    keys = list(set(people))
    # By the people's keys: joined with the enrolments, a database that has not counted its rows yet takes minutes.
    for start in range(0, len(keys), _AT_ONCE):
        skills = LanguageSkill.objects.filter(person_id__in=keys[start : start + _AT_ONCE])
        for person_id, code, level in skills.order_by("position", "code").values_list("person_id", "code", "level"):
            spoken.setdefault(person_id, []).append((code, level))
    return spoken
