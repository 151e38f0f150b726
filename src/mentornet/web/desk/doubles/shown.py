"""Two rows beside each other, in words: where each comes from, what they say otherwise, and what goes over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.utils.formats import time_format
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from mentornet.divisions.staff import Staff
from mentornet.intake.models import Application, Enrolment
from mentornet.intake.queries import visible_applications
from mentornet.people.enums import Alike, Role
from mentornet.people.models import Person
from mentornet.privacy.doubles import Double, people_of
from mentornet.privacy.merge_choices import GONE, KEPT, LOGIN, PERSON, PLACE, Choice, choices_of
from mentornet.privacy.merged import GOES_OVER
from mentornet.web.desk.people import facts
from mentornet.web.desk.people.standing import ROLES, day, of_enrolment
from mentornet.web.ui.own_names import own_name

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

_LEGENDS: Final[Mapping[str, _StrOrPromise]] = {
    "name": gettext_lazy("Name"),
    "reach": gettext_lazy("How she may be written to"),
    "lives": gettext_lazy("Where she lives"),
}


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: who she is here, and where her row comes from."""

    person: Person
    roles: str
    divisions: str
    origin: str


@dataclass(frozen=True, slots=True)
class Option:
    """What one of the two says."""

    value: str
    text: str | SafeString
    source: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing to choose.

    Attributes:
        of: the programme about whose place it is, as somebody has named it; otherwise empty.
    """

    name: str
    of: str
    legend: str
    options: tuple[Option, Option]
    is_fixed: bool


@dataclass(frozen=True, slots=True)
class Part:
    """What is chosen under one heading."""

    title: str
    asked: list[Asked]


@dataclass(frozen=True, slots=True)
class Pair:
    """A likely double in the list."""

    one: Side
    other: Side
    why: str


def sides_of(by: Staff, people: Iterable[Person]) -> dict[str, Side]:
    """Return people as sides, by their keys; one query."""
    listed = list(people)
    found: dict[str, list[Application]] = {str(person.pk): [] for person in listed}
    for application in visible_applications(by).filter(person__in=listed).order_by("received_on", "pk"):
        found[str(application.person_id)].append(application)
    return {str(person.pk): _side(person, found[str(person.pk)]) for person in listed}


def _side(person: Person, applications: list[Application]) -> Side:
    roles = {application.role for application in applications}
    came = day(person.created_at.date())
    is_imported = bool(applications) and all(application.is_imported for application in applications)
    is_own = any(application.way_in == "site" for application in applications)
    if is_imported:
        origin = _("came with a spreadsheet on %(day)s") % {"day": came}
    elif is_own:
        origin = _("wrote to us herself on %(day)s") % {"day": came}
    else:
        origin = _("typed in on %(day)s") % {"day": came}
    return Side(
        person=person,
        roles=", ".join(str(ROLES[role]) for role in Role.values if role in roles),
        divisions=", ".join(dict.fromkeys(application.division.name for application in applications)),
        origin=origin,
    )


def pairs_of(by: Staff, doubles: Iterable[Double]) -> list[Pair]:
    """Return likely doubles with both sides, the one known longest first; two queries."""
    listed = list(people_of(by, doubles))
    sides = sides_of(by, {person.pk: person for _double, one, other in listed for person in (one, other)}.values())
    pairs = []
    for double, *both in listed:
        first, second = sorted(both, key=lambda person: (person.created_at, str(person.pk)))
        pairs.append(Pair(sides[str(first.pk)], sides[str(second.pk)], why_of(double)))
    return pairs


def why_of(double: Double) -> str:
    """Return what is alike, in words."""
    return ", ".join(str(Alike(mark).label) for mark in double.why)


def parts_of(by: Staff, kept: Person, gone: Person, chosen: Mapping[str, str]) -> list[Part]:
    """Return what is to be chosen, under its headings; what was chosen already stays chosen."""
    titles = {
        PERSON: _("Who she is, and how she is reached"),
        Role.MENTEE: _("As a mentee"),
        Role.MENTOR: _("As a mentor"),
        PLACE: _("Which place goes on"),
        LOGIN: _("By which of the two she signs in"),
    }
    parts: dict[str, Part] = {}
    for choice in choices_of(kept, gone):
        part = parts.setdefault(choice.kind, Part(titles[choice.kind], []))
        part.asked.append(_asked(by, choice, chosen))
    return [parts[kind] for kind in titles if kind in parts]


def _asked(by: Staff, choice: Choice, chosen: Mapping[str, str]) -> Asked:
    side = chosen.get(choice.name, choice.default)
    side = side if side in {KEPT, GONE} and not choice.is_fixed else choice.default
    kept, gone = (
        Option(value, *_said(by, choice, row), is_chosen=value == side)
        for value, row in ((KEPT, choice.kept), (GONE, choice.gone))
    )
    of = choice.kept.programme.name if choice.kind == PLACE else ""
    return Asked(choice.name, of, _legend(choice), (kept, gone), choice.is_fixed)


def _legend(choice: Choice) -> str:
    kind, _dot, name = choice.name.partition(".")
    if kind == PLACE:
        return str(ROLES[choice.kept.role])
    if kind == LOGIN:
        return _("Signs in as")
    if kind == PERSON:
        return str(_LEGENDS.get(name) or facts.LABELS[name])
    return facts.label(name, kind)


def _said(by: Staff, choice: Choice, row: Any) -> tuple[str | SafeString, str]:
    """Return what one of the two says, and where it comes from."""
    kind, _dot, name = choice.name.partition(".")
    if kind == PLACE:
        standing = ", ".join(one.text for one in of_enrolment(row, by.today))
        return f"{row.division.name}: {standing}", ""
    if kind == LOGIN:
        return row.user.email or row.user.phone or row.user.name, ""
    if kind == PERSON:
        return _of_person(row, name), ""
    source = facts.source_of(row.provenance, choice.columns[0])
    return facts.said_of(row, name), source.words if source else ""


def _of_person(person: Person, name: str) -> str:
    if name == "name":
        return person.name
    if name == "lives":
        return ", ".join(one for one in (person.area, person.postcode) if one)
    if name == "language":
        return own_name(person.language)
    if name == "reach":
        hours = ""
        if person.contact_from and person.contact_until:
            hours = _("%(start)s to %(end)s") % {
                "start": time_format(person.contact_from),
                "end": time_format(person.contact_until),
            }
        return ", ".join(one for one in (str(person.get_contact_way_display()), hours) if one)
    return str(getattr(person, name) or "")


def counts_in_words(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return how many rows of what, for those of which the desk may know that they are there."""
    return [
        (
            capfirst(
                str(pgettext("in a programme", "places") if model is Enrolment else model._meta.verbose_name_plural)
            ),
            counts[model._meta.label],
        )
        for model in GOES_OVER
        if counts.get(model._meta.label)
    ]
