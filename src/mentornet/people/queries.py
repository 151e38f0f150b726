"""Reads of people by their keys. Whose people somebody sees is asked further up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from mentornet.common.models import mark_of
from mentornet.people.models import Avoidance, LanguageSkill, Person, Profile
from mentornet.people.recipients import PREFIX

NOT_ERASED: Final = ~Q(search_text="")
"""What tells everybody from the rows that erasures leave for the counts: these are found by no name."""


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


def mark_of_person(person: Person, names: Sequence[str]) -> str:
    """Return the mark by which a form tells whether these details of hers are still as its reader saw them."""
    return mark_of(*(str(getattr(person, name)) for name in names))


def mark_of_languages(skills: Iterable[tuple[str, str]]) -> str:
    """Return the mark by which a form tells whether what she speaks is still as its reader saw it."""
    return mark_of(*(f"{code}:{level}" for code, level in skills))


def own_person(person_id: UUID) -> Person | None:
    """Return the person who acts for herself; ``None`` when she is gone."""
    return Person.objects.filter(pk=person_id).first()


def own_profiles(person_id: UUID) -> list[Profile]:
    """Return the profiles of the person who acts for herself, a mentee's first."""
    return list(Profile.objects.filter(person_id=person_id).select_related("person").order_by("role"))
