"""Programmes as the public reads them: who may take part, in her language where it has been written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import QuerySet

from mentornet.divisions.queries import open_divisions
from mentornet.programmes.models import Programme
from mentornet.programmes.queries import current_versions, open_programmes_in

_NEXT_BEST: Final = ("en", "da")


@dataclass(frozen=True, slots=True)
class ProgrammeShown:
    """A programme.

    Attributes:
        key: its id, as text.
        eligibility: who may take part; empty when nobody has written it.
        language: in which ``eligibility`` is written.
        division: the name of the only division it runs in; empty when it runs in all.
    """

    key: str
    name: str
    eligibility: str
    language: str
    division: str


def shown_programmes(
    today: date, language: str, programmes: QuerySet[Programme] | None = None
) -> Sequence[ProgrammeShown]:
    """Return the programmes one can apply to today, of all divisions unless some are given."""
    if programmes is None:
        programmes = open_programmes_in(list(open_divisions(today).values_list("pk", flat=True)), today)
    versions = current_versions(programmes).select_related("programme__division").order_by("programme__name")
    return [_shown(version.programme, version.eligibility, language) for version in versions]


def _shown(programme: Programme, texts: Mapping[str, str], language: str) -> ProgrammeShown:
    written = next((code for code in (language, *_NEXT_BEST) if texts.get(code)), "")
    return ProgrammeShown(
        key=str(programme.pk),
        name=programme.name,
        eligibility=texts.get(written, ""),
        language=written,
        division=programme.division.name if programme.division else "",
    )
