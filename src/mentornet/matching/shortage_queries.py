"""Reads of the shortage maps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from mentornet.common.actors import Actor
from mentornet.common.reach import Reach
from mentornet.divisions.queries import hidden_from_anybody
from mentornet.divisions.staff import Staff
from mentornet.intake.queries import waiting_mentees
from mentornet.matching.models import ShortageMap
from mentornet.matching.shortage import told


def visible_shortages(by: Actor) -> QuerySet[ShortageMap]:
    """Return the maps of the divisions in which she works, those being computed as well, by division."""
    reach = by.casework if isinstance(by, Staff) else ()
    maps = ShortageMap.objects.filter(division_id__in=reach).select_related("division", "programme")
    return maps.order_by("division__name", "programme__name", "pk")


def waited_for(divisions: Collection[UUID]) -> list[tuple[UUID, UUID]]:
    """Return each division and programme in which somebody waits."""
    pairs = waiting_mentees(divisions).order_by().values_list("division_id", "programme_id").distinct()
    return sorted(pairs, key=lambda pair: (str(pair[0]), str(pair[1])))


def waiting_now(divisions: Collection[UUID]) -> Counter[tuple[UUID, UUID]]:
    """Return how many wait in each division and programme of those whom maps are made of: two queries.

    As there, whoever is hidden from one of the staff is left out.
    """
    waits = waiting_mentees(Reach(divisions, hidden_from_anybody())).order_by()
    return Counter(waits.values_list("division_id", "programme_id"))


def is_outdated(one: ShortageMap, now: Counter[tuple[UUID, UUID]]) -> bool:
    """Tell whether another number waits than when a map was computed; of fewer than are told of none is told."""
    return bool(one.content.get("waiting", 0) != told(now[one.division_id, one.programme_id]))
