"""Reads of people by their keys. Whose people somebody sees is asked further up."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from mentornet.people.models import Avoidance, LanguageSkill, Person, Profile
from mentornet.people.recipients import PREFIX


def people_by_id(ids: Iterable[UUID]) -> dict[UUID, Person]:
    """Return people by id; those who are gone are missing."""
    return Person.objects.in_bulk(list(ids))


def person_of_key(recipient: str) -> UUID | None:
    """Return the person behind a letter's recipient; ``None`` when it is somebody else, such as a user."""
    prefix, _, rest = recipient.partition(":")
    return UUID(rest) if prefix == PREFIX else None


def profiles_of(person: Person, roles: Iterable[str]) -> list[Profile]:
    """Return her profiles in these roles."""
    return list(Profile.objects.filter(person=person, role__in=list(roles)).order_by("role"))


def languages_of(person: Person) -> list[LanguageSkill]:
    """Return what she speaks, in her order."""
    return list(LanguageSkill.objects.filter(person=person))


def avoidances_of(person: Person) -> QuerySet[Avoidance]:
    """Return whom she must not meet, whoever of the two it was noted for. Reading them is recorded by whoever asks."""
    return (
        Avoidance.objects.filter(Q(person=person) | Q(other=person))
        .select_related("person", "other")
        .order_by("created_at", "pk")
    )


def are_kept_apart(person: Person) -> bool:
    """Tell whether there is anybody whom she must not meet, and no more."""
    return Avoidance.objects.filter(Q(person=person) | Q(other=person)).exists()
