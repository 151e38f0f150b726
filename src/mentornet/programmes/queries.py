"""Programmes and their versions."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from mentornet.common.ordering import in_danish
from mentornet.programmes.care import Care
from mentornet.programmes.models import Programme, ProgrammeVersion, RefusedName


def programmes_in(divisions: Collection[UUID]) -> QuerySet[Programme]:
    """Return national programmes and those of these divisions, by name."""
    return Programme.objects.filter(Q(division__isnull=True) | Q(division_id__in=divisions)).order_by(in_danish("name"))


def open_programmes_in(divisions: Collection[UUID], on: date) -> QuerySet[Programme]:
    """Return those of :func:`programmes_in` that one can apply to on a day."""
    return programmes_in(divisions).filter(Q(closed_on__isnull=True) | Q(closed_on__gt=on))


def current_version(programme_id: UUID) -> ProgrammeVersion:
    """Return the version in force.

    Raises:
        ProgrammeVersion.DoesNotExist: there is no such programme.
    """
    return ProgrammeVersion.objects.select_related("programme").filter(programme_id=programme_id)[:1].get()


def current_versions(programmes: QuerySet[Programme]) -> QuerySet[ProgrammeVersion]:
    """Return the versions in force of several programmes."""
    latest = ProgrammeVersion.objects.filter(programme_id=OuterRef("programme_id")).order_by("-number")
    return ProgrammeVersion.objects.filter(programme__in=programmes, pk=Subquery(latest.values("pk")[:1]))


def refused_names(divisions: Collection[UUID] | None) -> QuerySet[RefusedName]:
    """Return the names that were refused, the newest first: in these divisions' own programmes, or in all."""
    found = RefusedName.objects.select_related("programme__division")
    return found if divisions is None else found.filter(programme__division_id__in=divisions)


def versions_in_force(programmes: Collection[UUID]) -> QuerySet[ProgrammeVersion]:
    """Return the versions in force of some programmes, by the programmes' names."""
    found = current_versions(Programme.objects.filter(pk__in=programmes))
    return found.select_related("programme").order_by(in_danish("programme__name"))


def care_of(programme_id: UUID) -> Care:
    """Return how a programme looks after its partnerships, as the version in force has it."""
    chosen = ProgrammeVersion.objects.filter(programme_id=programme_id).values_list("care_settings", flat=True).first()
    return Care.of(chosen or {})


def next_word_on(programme_id: UUID, today: date) -> date:
    """Return by when somebody who hears from us today, and waits on, is promised to hear again."""
    return today + timedelta(days=care_of(programme_id).word_days)
