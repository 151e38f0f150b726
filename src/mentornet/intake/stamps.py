"""Reading anew only those enrolments whose stamps have changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final, Protocol, TypeVar
from uuid import UUID

from django.db.models import QuerySet

from mentornet.intake.models import Enrolment

_CHUNK: Final = 500


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
