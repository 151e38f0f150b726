"""Reads of the limits of waiting lists: how many wait, how long, and the words that everybody reads."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from mentornet.common.actors import Actor
from mentornet.intake.models import IntakeLimit
from mentornet.intake.queries import waiting_mentees
from mentornet.intake.rules import in_divisions

SHIPPED: Final = _(
    "Many people are on our list now. You can write to us all the same: we keep your place, and write to you when "
    "there is room."
)
"""What everybody reads while an intake is closed by its limit, where its lead has written nothing."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many wait.

    Attributes:
        days: half of those whose wait is known have waited longer; ``None`` where none is known.
    """

    count: int
    days: int | None


def waiting_in(divisions: Collection[UUID], programme_id: UUID, today: date) -> Waiting:
    """Return how many wait in divisions for a programme, and how long; without those hidden from whoever asks."""
    since = list(waiting_mentees(divisions).filter(programme_id=programme_id).values_list("since", flat=True))
    days = [(today - day).days for day in since if day is not None]
    return Waiting(len(since), int(median(days)) if days else None)


def limit_of(division_id: UUID, programme_id: UUID) -> IntakeLimit | None:
    """Return the limit of one intake; ``None`` where none was ever set."""
    found = IntakeLimit.objects.filter(division_id=division_id, programme_id=programme_id)
    return found.select_related("division", "programme").first()


def visible_limits(by: Actor) -> QuerySet[IntakeLimit]:
    """Return the limits of the divisions in which somebody works."""
    return IntakeLimit.objects.filter(in_divisions(by)).select_related("division", "programme")


def limits_of(division_id: UUID) -> Mapping[UUID, IntakeLimit]:
    """Return the limits of a division by programme."""
    return {one.programme_id: one for one in IntakeLimit.objects.filter(division_id=division_id)}


def public_words(limit: IntakeLimit) -> dict[str, str]:
    """Return what everybody reads, in every language: the lead's own words, and those that ship where she has none."""
    words = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            words[code] = limit.words.get(code) or str(SHIPPED)
    return words
