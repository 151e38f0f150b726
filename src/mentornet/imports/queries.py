"""Reads of imports, and of the people whom an import could meet again."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from mentornet.common.actors import Actor
from mentornet.common.ordering import folded
from mentornet.divisions.rules import seen_by
from mentornet.imports.enums import UNFINISHED
from mentornet.imports.models import Batch, ColumnMapping, File, Report
from mentornet.imports.rules import visible
from mentornet.intake.enums import OPEN_STATES
from mentornet.intake.models import Application, ContactPerson, Enrolment
from mentornet.partnerships.models import Partnership
from mentornet.people.models import Person, ProtectedIdentity
from mentornet.programmes.models import Programme
from mentornet.programmes.queries import programmes_in


def visible_batches(by: Actor) -> QuerySet[Batch]:
    """Return the imports of the actor's divisions, newest first."""
    return Batch.objects.filter(visible(by)).select_related("division", "programme").order_by("-created_at", "pk")


def listed_batches(by: Actor) -> QuerySet[Batch]:
    """Return the imports of the actor's divisions with the names of their files, without what is in them."""
    names = Prefetch("files", queryset=File.objects.defer("content", "layout"))
    return visible_batches(by).prefetch_related(names)


def report_of(batch: Batch) -> Report | None:
    """Return what was found in an import's files; ``None`` before the check and after the writing."""
    return Report.objects.filter(batch=batch).first()


def people_here(division_id: UUID, people: Collection[UUID]) -> dict[UUID, Person]:
    """Return those of these people whom a division knows.

    Nobody of them is hidden from whoever sees the import: it would be hidden as well.
    """
    here = Application.objects.filter(division_id=division_id, person=OuterRef("pk"))
    return {person.pk: person for person in Person.objects.filter(Exists(here), pk__in=list(people))}


def files_of(batch: Batch) -> list[File]:
    """Return an import's files without their content, in the order of reading: mentors, mentees, pairs."""
    order = ("mentors", "mentees", "pairs")
    return sorted(batch.files.defer("content"), key=lambda file: order.index(file.subject))


def remembered(subject: str, headers: Collection[str]) -> dict[str, str]:
    """Return what folded headers have been said to mean: the field, or nothing for those that are left out."""
    rows = ColumnMapping.objects.filter(subject=subject, header__in=list(headers))
    return dict(rows.values_list("header", "field"))


def open_programmes(divisions: Collection[UUID]) -> QuerySet[Programme]:
    """Return the programmes into which people can be taken over."""
    return programmes_in(divisions).filter(closed_on__isnull=True)


def known_people(by: Actor, division_id: UUID) -> list[Mapping[str, Any]]:
    """Return what tells the people of a division apart; nobody else's, and nobody's who is hidden from the actor."""
    here = Application.objects.filter(division_id=division_id, person=OuterRef("pk"))
    columns = ("pk", "first_name", "last_name", "search_text", "email", "phone", "postcode", "birth_year")
    return list(Person.objects.filter(Exists(here), seen_by(by, "pk")).order_by("created_at", "pk").values(*columns))


def sealed_people(by: Actor, division_id: UUID) -> list[Mapping[str, Any]]:
    """Return what would tell a division's protected people: for the program alone, to let no list bring them back.

    Whoever is hidden from the actor is not among them: that her row is refused would tell that she is here.
    """
    here = {"division_id": division_id, "person": OuterRef("person")}
    known = Q(Exists(Application.objects.filter(**here))) | Q(Exists(ContactPerson.objects.filter(**here)))
    rows = ProtectedIdentity.objects.filter(known, seen_by(by, "person")).order_by("pk")
    columns = ("person_id", "first_name", "last_name", "email", "phone", "postcode", "person__birth_year")
    return [
        {
            "pk": row["person_id"],
            "search_text": folded(f"{row['first_name']} {row['last_name']}"),
            "email": row["email"],
            "phone": row["phone"],
            "postcode": row["postcode"],
            "birth_year": row["person__birth_year"],
        }
        for row in rows.values(*columns)
    ]


def known_references(by: Actor, division_id: UUID, programme_id: UUID) -> list[Mapping[str, Any]]:
    """Return those who came with an earlier list into this division and programme, the latest last."""
    rows = Enrolment.objects.filter(
        seen_by(by, "person"), division_id=division_id, programme_id=programme_id, application__is_imported=True
    ).exclude(application__reference="")
    return list(
        rows.order_by("created_at", "pk").values(
            *("pk", "person_id", "role", "capacity", "promised", "active", "ended_on"), "application__reference"
        )
    )


def current_enrolments(programme_id: UUID, people: Collection[UUID]) -> list[Mapping[str, Any]]:
    """Return the running enrolments of these people in a programme, wherever they are."""
    found: list[Mapping[str, Any]] = []
    wanted = list(people)
    for start in range(0, len(wanted), 500):
        rows = Enrolment.objects.filter(
            programme_id=programme_id, person_id__in=wanted[start : start + 500], ended_on__isnull=True
        )
        found += rows.values("pk", "person_id", "role", "division_id", "capacity", "promised", "active", "ended_on")
    return found


def applying(programme_id: UUID, people: Collection[UUID]) -> frozenset[tuple[UUID, str]]:
    """Return those of these people who have an open application in a programme, with its role."""
    found: set[tuple[UUID, str]] = set()
    wanted = list(people)
    for start in range(0, len(wanted), 500):
        rows = Application.objects.filter(
            programme_id=programme_id, person_id__in=wanted[start : start + 500], state__in=OPEN_STATES
        )
        found.update(rows.values_list("person_id", "role"))
    return frozenset(found)


def standing_pairs(enrolments: Collection[UUID]) -> frozenset[tuple[UUID, UUID, date | None]]:
    """Return the partnerships of these mentees' enrolments: mentee's, mentor's, and the first day."""
    found: set[tuple[UUID, UUID, date | None]] = set()
    wanted = list(enrolments)
    for start in range(0, len(wanted), 500):
        rows = Partnership.objects.filter(mentee_id__in=wanted[start : start + 500])
        found.update(rows.values_list("mentee_id", "mentor_id", "matched_on"))
    return frozenset(found)


def stale_batches(before: datetime) -> QuerySet[Batch]:
    """Return imports that nobody has gone on with since."""
    return Batch.objects.filter(state__in=UNFINISHED, created_at__lt=before).filter(
        Q(asked_at__isnull=True) | Q(asked_at__lt=before)
    )


def batch_of_job(batch_id: UUID) -> Batch | None:
    """Return the import that a job is about; ``None`` when it has been discarded."""
    return Batch.objects.select_related("user").filter(pk=batch_id).first()
