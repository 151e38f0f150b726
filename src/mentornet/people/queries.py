"""Reads of people by their keys. Whose people somebody sees is asked further up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from mentornet.common.actors import Actor
from mentornet.common.models import mark_of
from mentornet.common.row_scope import beyond_division
from mentornet.divisions.rules import seen_by
from mentornet.people.enums import ObjectionPurpose
from mentornet.people.models import Avoidance, LanguageSkill, Objection, Person, Profile, Restriction
from mentornet.people.recipients import PREFIX
from mentornet.people.written_reach import WrittenReach

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


def avoidances_of(by: Actor, person: Person) -> QuerySet[Avoidance]:
    """Return whom she must not meet, whoever of the two it was noted for. Reading them is recorded by whoever asks.

    Without those who are hidden from whoever asks.
    """
    return (
        Avoidance.objects.filter(Q(person=person) | Q(other=person), seen_by(by, "person", "other"))
        .select_related("person", "other")
        .order_by("created_at", "pk")
    )


@beyond_division(reason="somebody of another division counts, and stays unnamed")
def avoidance_of(by: Actor, person: Person, avoidance_id: int) -> Avoidance | None:
    """Return one of those, as long as it stands."""
    return avoidances_of(by, person).filter(pk=avoidance_id).first()


def are_kept_apart(by: Actor, person: Person) -> bool:
    """Tell whether there is anybody whom she must not meet, and no more; nobody who is hidden from whoever asks."""
    return Avoidance.objects.filter(Q(person=person) | Q(other=person), seen_by(by, "person", "other")).exists()


def kept_apart_between(one_id: UUID, other_id: UUID) -> bool:
    """Tell whether it is noted of two that they must not meet, whoever of them it was noted for."""
    both = Q(person_id=one_id, other_id=other_id) | Q(person_id=other_id, other_id=one_id)
    return Avoidance.objects.filter(both).exists()


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


# What she has asked to have left alone ------------------------------------------------------------------------------


def restricted_people() -> QuerySet[Restriction, UUID]:
    """Return the keys of those whose data rest, as one small list that a database makes once for a whole query."""
    return Restriction.objects.filter(lifted_at__isnull=True).order_by().values_list("person_id", flat=True)


def in_use(person: str) -> Q:
    """Return that the data of a row's person are in use; ``person`` is the path to her, such as ``"person"``."""
    return ~Q(**{f"{person}__in": restricted_people()})


def with_rest(people: QuerySet[Person]) -> QuerySet[Person]:
    """Let each of some people say by ``rests`` whether her data rest, without asking once more."""
    standing = Restriction.objects.filter(person=OuterRef("pk"), lifted_at__isnull=True)
    return people.annotate(rests=Exists(standing))


def restrictions_over(today: date) -> QuerySet[Restriction]:
    """Return the restrictions whose last day, as those people were told, has come."""
    return Restriction.objects.filter(lifted_at__isnull=True, lifts_on__lte=today).order_by("lifts_on", "pk")


def restriction_of(person_id: UUID) -> Restriction | None:
    """Return since when and why somebody's data rest; ``None`` where they are in use."""
    return Restriction.objects.filter(person_id=person_id, lifted_at__isnull=True).first()


def who_is_restricted(people: Iterable[UUID]) -> set[UUID]:
    """Return whose data of these people rest."""
    return set(restricted_people().filter(person_id__in=list(people)))


def objecting_people(purpose: ObjectionPurpose) -> QuerySet[Objection, UUID]:
    """Return the keys of those who object to a purpose, in the same way as :func:`restricted_people`."""
    return (
        Objection.objects.filter(purpose=purpose, ended_at__isnull=True).order_by().values_list("person_id", flat=True)
    )


def not_objecting(person: str, purpose: ObjectionPurpose) -> Q:
    """Return that a row's person does not object to a purpose."""
    return ~Q(**{f"{person}__in": objecting_people(purpose)})


def who_objects(people: Iterable[UUID], purpose: ObjectionPurpose) -> set[UUID]:
    """Return who of these people objects to a purpose."""
    return set(objecting_people(purpose).filter(person_id__in=list(people)))


def objections_of(person_id: UUID) -> dict[str, Objection]:
    """Return what somebody objects to now, by purpose."""
    found = Objection.objects.filter(person_id=person_id, ended_at__isnull=True)
    return {objection.purpose: objection for objection in found}


COPY_WAITS: Final = timedelta(days=14)
"""How long her own copy waits once the office has written anew how she is reached."""


def recently_written(person_id: UUID, at: datetime) -> datetime | None:
    """Return when the office has last written anew how somebody is reached, if that is less than two weeks ago."""
    rows = WrittenReach.objects.filter(person_id=person_id, created_at__gt=at - COPY_WAITS)
    return rows.order_by("-created_at").values_list("created_at", flat=True).first()


def was_last_written_by(person_id: UUID, key: str) -> bool:
    """Tell whether it was this one of the staff who has last written anew how somebody is reached."""
    rows = WrittenReach.objects.filter(person_id=person_id).order_by("-created_at").values_list("written_by", flat=True)
    return rows.first() == key
