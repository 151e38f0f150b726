"""Who may stand here twice: people of the reader's own divisions who look like one, and of whom nobody has said no.

Nobody protected is among them: that two look alike would tell who she is. Nor is anybody of a division in which the
reader does not work, or who is hidden from her.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final
from uuid import UUID

from django.db.models import CharField, Count, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat, Lower, Replace, Right

from mentornet.common.actors import Actor
from mentornet.intake.queries import visible_people
from mentornet.people.enums import Alike
from mentornet.people.known_by import digits_of
from mentornet.people.likeness import marks_of
from mentornet.people.models import Person
from mentornet.people.queries import NOT_ERASED
from mentornet.privacy.models import NotTheSame

MOST_SHARING: Final = 4
"""An address or number that more people give is an office's, or a family's: it makes nobody a double."""
_READ: Final = ("pk", "search_text", "email", "phone", "postcode", "birth_year")
_NUMBER_END: Final = 8

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Double:
    """Two who may be one: the one known longest first, and what is alike."""

    one_id: UUID
    other_id: UUID
    why: tuple[Alike, ...]


def _open(by: Actor) -> QuerySet[Person]:
    return visible_people(by).filter(is_protected=False)


def may_be_her(by: Actor, person: Person) -> list[Double]:
    """Return who may be somebody a second time; one query where there is nobody, and one more for what was said."""
    if person.is_protected:
        return []
    alike = Q(search_text=person.search_text)
    if person.email:
        alike |= Q(email__iexact=person.email)
    if end := digits_of(person.phone)[-_NUMBER_END:]:
        alike |= Q(_number_end=end)
    found = list(
        _open(by)
        .alias(_number_end=_number_end())
        .filter(alike)
        .exclude(pk=person.pk)
        .values(*_READ)[: 4 * MOST_SHARING]
    )
    if not found:
        return []
    own: Facts = {name: getattr(person, name) for name in _READ}
    return [double for double in _of([own, *found]) if person.pk in {double.one_id, double.other_id}]


def likely_doubles(by: Actor) -> list[Double]:
    """Return all pairs of the reader's people who may be one, those with most in common first.

    The database looks for what stands twice: a name with its postcode or year, an address, the end of a number. How
    alike they are, and to whom, is told from those few; nobody is laid beside everybody.
    """
    everybody = Person.objects.filter(NOT_ERASED, is_protected=False).order_by()
    named = everybody.exclude(search_text="")
    bar = Value("|")
    keys: dict[str, tuple[QuerySet[Person], Any]] = {
        "_name_postcode": (named.exclude(postcode=""), Concat("search_text", bar, "postcode")),
        "_name_year": (
            named.exclude(birth_year=None),
            Concat("search_text", bar, Cast("birth_year", CharField()), output_field=CharField()),
        ),
        "_email": (everybody.exclude(email=""), Lower("email")),
        "_number_end": (everybody.exclude(phone=""), _number_end()),
    }
    twice = Q(pk__in=[])
    for name, (rows, key) in keys.items():
        counted = rows.annotate(_key=key).values("_key").annotate(_count=Count("pk")).filter(_count__gt=1)
        twice |= Q(**{f"{name}__in": counted.values("_key")})
    people = _open(by).order_by().alias(**{name: key for name, (_rows, key) in keys.items()}).filter(twice)
    return _of(people.values(*_READ))


def _number_end() -> Any:
    """Return the last digits of a number as the database sees them, however they are grouped."""
    bare: Any = F("phone")
    for sign in (" ", "-", "+", "(", ")", "."):
        bare = Replace(bare, Value(sign), Value(""))
    return Right(bare, _NUMBER_END)


def _of(people: Iterable[Facts]) -> list[Double]:
    rows = {row["pk"]: row for row in people}
    by_mark: dict[tuple[Alike, str], list[UUID]] = defaultdict(list)
    for key, row in rows.items():
        for mark in marks_of(row, row["search_text"]):
            by_mark[mark].append(key)
    alike: dict[tuple[UUID, UUID], list[Alike]] = defaultdict(list)
    for (why, _value), keys in by_mark.items():
        if 1 < len(keys) <= MOST_SHARING:
            for one, other in combinations(sorted(keys), 2):
                alike[one, other].append(why)
    alike = {pair: why for pair, why in alike.items() if _may_be_one(rows[pair[0]], rows[pair[1]])}
    said = _said_not(alike)
    ordered = sorted(
        (pair for pair in alike if pair not in said), key=lambda pair: (-len(alike[pair]), rows[pair[0]]["search_text"])
    )
    return [Double(one, other, tuple(alike[one, other])) for one, other in ordered]


def _may_be_one(one: Facts, other: Facts) -> bool:
    """Tell whether nothing speaks against it: two years of birth under two names are a mother and her daughter."""
    years = {one["birth_year"], other["birth_year"]} - {None}
    return len(years) < 2 or one["search_text"] == other["search_text"]


def _said_not(pairs: Iterable[tuple[UUID, UUID]]) -> set[tuple[UUID, UUID]]:
    listed = list(pairs)
    if not listed:
        return set()
    rows = NotTheSame.objects.filter(one_id__in={one for one, _other in listed})
    return set(rows.values_list("one_id", "other_id"))


def in_order(one: UUID, other: UUID) -> tuple[UUID, UUID]:
    """Return two keys as a pair is kept: the lesser first."""
    return (one, other) if one < other else (other, one)


def people_of(by: Actor, doubles: Iterable[Double]) -> Iterator[tuple[Double, Person, Person]]:
    """Yield the pairs with both people; one query."""
    listed = list(doubles)
    keys = {key for double in listed for key in (double.one_id, double.other_id)}
    people = {person.pk: person for person in _open(by).filter(pk__in=keys)}
    for double in listed:
        if double.one_id in people and double.other_id in people:
            yield double, people[double.one_id], people[double.other_id]
