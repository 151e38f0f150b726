"""Forgetting in what meetings have kept: an answer that nobody asks for any more is not kept for computing again."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from django.db import transaction
from django.db.models import Q

from mentornet.common.actors import Actor
from mentornet.common.models import mark_of
from mentornet.matching.models import MeetingPerson

_AT_ONCE: Final = 500


@transaction.atomic
def forget_kept_answers(by: Actor, keys: Collection[str]) -> int:
    """Forget in all meetings what was known of whoever has answered one of these; returns how many rows it was.

    A run that was computed from it cannot be computed again, and says how many are missing. Who was paired stays
    readable: her number leads to her still.
    """
    del by
    answered = Q()
    for key in keys:
        answered |= Q(facts__answers__has_key=key)
    if not answered:
        return 0
    found = list(MeetingPerson.objects.filter(answered).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(found), _AT_ONCE):
        rows = list(MeetingPerson.objects.select_for_update().filter(pk__in=found[start : start + _AT_ONCE]))
        for row in rows:
            # By her old mark a later run would take this empty row for her.
            row.facts, row.mark = {}, mark_of(str(row.pk))
        MeetingPerson.objects.bulk_update(rows, ["facts", "mark"])
    return len(found)
