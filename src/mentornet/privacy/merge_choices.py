"""Two rows beside each other: what they say otherwise, which of it is kept unless somebody chooses, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from mentornet.common.models import mark_of
from mentornet.common.ordering import folded
from mentornet.intake.models import Application, Enrolment
from mentornet.people.entrance import works_here
from mentornet.people.enums import ContactWay, Provenance, Role
from mentornet.people.models import LanguageSkill, Person, Profile

KEPT: Final = "kept"
GONE: Final = "gone"
SIDES: Final = (KEPT, GONE)
LOGIN: Final = "login"
PLACE: Final = "place"
PERSON: Final = "person"

OF_PERSON: Final[Mapping[str, tuple[str, ...]]] = {
    "name": ("first_name", "last_name"),
    "birth_year": ("birth_year",),
    "email": ("email",),
    "phone": ("phone",),
    "reach": ("contact_way", "contact_from", "contact_until"),
    "safe_contact": ("safe_contact",),
    "language": ("language",),
    "lives": ("area", "postcode"),
}
"""What is chosen together of a person, by its name in the form. Whether the network is named is not chosen."""
OF_PROFILE: Final[Mapping[str, tuple[str, ...]]] = {
    "occupation": ("occupation", "occupation_title"),
    **{
        name: (name,)
        for name in (
            *("about", "sector", "education", "topics", "interests", "availability", "meeting", "hours_per_month"),
            *("months", "requires", "wishes", "practise_danish", "needs_experience", "min_danish", "pairs_before"),
        )
    },
}
"""What is chosen together of a profile. Answers to the programmes' own questions are laid together, one by one."""
_STRICTEST: Final = {ContactWay.CALL: 0}
_TRUSTED: Final = {Provenance.CONFIRMED: 0, Provenance.SELF_REPORTED: 1, Provenance.HEARD: 2, Provenance.IMPORTED: 3}


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that the two rows say otherwise.

    Attributes:
        name: in the form, such as ``person.email``, ``mentee.topics``, ``place.<role>.<programme>`` or ``login``.
        kept, gone: the rows that say it: people, profiles or places.
        default: which of the two is kept unless somebody chooses.
        is_fixed: the other cannot be chosen.
    """

    name: str
    columns: tuple[str, ...]
    kept: Any
    gone: Any
    default: str
    is_fixed: bool = False

    @property
    def kind(self) -> str:
        """What it is about: the person, a role's profile, a place, or how she signs in."""
        return self.name.partition(".")[0]


def says(row: Any, columns: tuple[str, ...]) -> tuple[Any, ...]:
    """Return what a row says in some columns, as it is compared."""
    found = (getattr(row, name) for name in columns)
    return tuple(folded(value) if isinstance(value, str) else value for value in found)


def is_silent(row: Any, columns: tuple[str, ...]) -> bool:
    """Tell whether a row says nothing in these columns."""
    return all(getattr(row, name) in (None, "", ()) for name in columns)


def sides_of(row: Any, other: Any, columns: tuple[str, ...]) -> str:
    """Return whose word counts where only one of two says anything; empty where both do, and otherwise."""
    if is_silent(other, columns) or says(row, columns) == says(other, columns):
        return KEPT
    return GONE if is_silent(row, columns) else ""


def choices_of(kept: Person, gone: Person) -> list[Choice]:
    """Return what is to be chosen between two rows, in the order in which it is shown."""
    return [*_of_person(kept, gone), *_of_profiles(kept, gone), *_of_places(kept, gone), *_of_login(kept, gone)]


def _of_person(kept: Person, gone: Person) -> Iterator[Choice]:
    for name, columns in OF_PERSON.items():
        if not sides_of(kept, gone, columns):
            default = KEPT
            if name == "reach":
                # Whoever has said that nothing may be written to her has a reason.
                default = GONE if _strictness(gone) < _strictness(kept) else KEPT
            yield Choice(f"{PERSON}.{name}", columns, kept, gone, default)


def _strictness(person: Person) -> int:
    return _STRICTEST.get(ContactWay(person.contact_way), 1) if person.contact_way else 2


def profiles_by_role(person: Person) -> dict[str, Profile]:
    """Return somebody's profiles by role."""
    return {profile.role: profile for profile in Profile.objects.filter(person=person)}


def _of_profiles(kept: Person, gone: Person) -> Iterator[Choice]:
    own, other = profiles_by_role(kept), profiles_by_role(gone)
    for role in Role.values:
        if role not in own or role not in other:
            continue
        for name, columns in OF_PROFILE.items():
            if not sides_of(own[role], other[role], columns):
                default = min(SIDES, key=lambda side: _trust((own if side == KEPT else other)[role], columns[0]))
                yield Choice(f"{role}.{name}", columns, own[role], other[role], default)


def _trust(profile: Profile, column: str) -> tuple[int, int]:
    source, day = (*profile.provenance.get(column, ()), "", "")[:2]
    known = _TRUSTED.get(Provenance(source), 4) if source in Provenance.values else 4
    return known, -date.fromisoformat(day).toordinal() if day else 0


def current_places(person: Person) -> dict[tuple[str, UUID], Enrolment]:
    """Return where somebody stands now, by role and programme."""
    places = Enrolment.objects.filter(person=person, ended_on__isnull=True).select_related("division", "programme")
    return {(place.role, place.programme_id): place for place in places.order_by("pk")}


def _of_places(kept: Person, gone: Person) -> Iterator[Choice]:
    own, other = current_places(kept), current_places(gone)
    for key in sorted(own.keys() & other.keys(), key=str):
        one, two = own[key], other[key]
        holds, also = one.promised + one.active > 0, two.promised + two.active > 0
        first = KEPT if (one.since or date.max) <= (two.since or date.max) else GONE
        default = first if holds == also else (KEPT if holds else GONE)
        yield Choice(f"{PLACE}.{key[0]}.{key[1]}", (), one, two, default, is_fixed=holds != also)


def _of_login(kept: Person, gone: Person) -> Iterator[Choice]:
    if kept.user is None or gone.user is None:
        return
    works, also = works_here(kept.user), works_here(gone.user)
    yield Choice(LOGIN, (), kept, gone, GONE if also and not works else KEPT, is_fixed=works or also)


def mark_of_two(kept: Person, gone: Person) -> str:
    """Return the mark by which a form tells whether the two are still as its reader saw them."""
    both = [kept.pk, gone.pk]
    columns = [name for names in OF_PERSON.values() for name in names]
    told = [[str(getattr(person, name)) for name in columns] + [str(person.user_id)] for person in (kept, gone)]
    profiles = Profile.objects.filter(person__in=both).order_by("pk").values_list("pk", "stamp")
    places = Enrolment.objects.filter(person__in=both).order_by("pk").values_list("pk", "stamp")
    applications = Application.objects.filter(person__in=both).order_by("pk").values_list("pk", "state")
    skills = LanguageSkill.objects.filter(person__in=both).order_by("pk").values_list("pk", "code", "level")
    return mark_of(told, *map(list, (profiles, places, applications, skills)))
