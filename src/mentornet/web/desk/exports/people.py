"""Rows and columns of people: the waiting list, the mentor bank, and everybody.

Where the import has a column, the file has it under the same header with the same words, so that it can be read back.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mentornet.common.spoken import reference_language
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.intake.queries import visible_enrolments, visible_people
from mentornet.people.enums import Role
from mentornet.people.facts import SHARED, read_facts
from mentornet.people.models import Person
from mentornet.web.desk.exports.columns import Column, of_import
from mentornet.web.desk.people.standing import Row as Standing
from mentornet.web.desk.people.standing import rows_of
from reference import isco
from reference import languages as language_names
from reference.cefr import Level
from reference.columns import SUBJECTS, columns_of
from reference.people import Mentee, Mentor
from reference.people import Role as Part
from reference.topics import Topic
from reference.translation import Language
from reference.writing import Value, people_table

_BETWEEN: Final = "; "
_PARTS: Final[Mapping[str, Part]] = {Role.MENTOR: Part.MENTOR, Role.MENTEE: Part.MENTEE}


@dataclass(frozen=True, slots=True)
class EnrolmentRow:
    """Somebody on the waiting list or in the bank.

    Attributes:
        cells: what the spreadsheets of the import hold, by field.
        today: the day of the list.
    """

    enrolment: Enrolment
    cells: Mapping[str, Value]
    today: date


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody of the list of people."""

    person: Person
    standing: Standing


def enrolment_rows(by: Staff, ids: Collection[UUID]) -> Iterable[EnrolmentRow]:
    """Return these enrolments in this order: two queries."""
    rows = visible_enrolments(by).filter(pk__in=ids).select_related("application")
    found = {row.pk: row for row in rows.prefetch_related("person__languages")}
    listed = [found[key] for key in ids if key in found]
    language = reference_language()
    return [
        EnrolmentRow(enrolment, cells, by.today)
        for enrolment, cells in zip(listed, _cells(listed, language), strict=True)
    ]


def person_rows(by: Staff, ids: Collection[UUID]) -> Iterable[PersonRow]:
    """Return these people in this order, with where they stand: five queries."""
    found = {row.pk: row for row in visible_people(by).filter(pk__in=ids).prefetch_related("languages")}
    return [PersonRow(row.person, row) for row in rows_of(by, [found[key] for key in ids if key in found])]


def _cells(enrolments: Collection[Enrolment], language: Language) -> list[dict[str, Value]]:
    """Return what the import's spreadsheets would hold of these, who all have one role."""
    role = next((_PARTS[enrolment.role] for enrolment in enrolments), Part.MENTEE)
    fields = [column.field for column in columns_of(SUBJECTS[role])]
    table = people_table((_known(enrolment) for enrolment in enrolments), role, language)
    cells = [dict(zip(fields, row, strict=True)) for row in table.rows]
    for enrolment, row in zip(enrolments, cells, strict=True):
        row["languages"] = _spoken(enrolment.person, language)
    return cells


def _known(enrolment: Enrolment) -> Mentor | Mentee:
    profile, person = enrolment.profile, enrolment.person
    spoken = [(skill.code, skill.level) for skill in person.languages.all()]
    shared = read_facts({name: getattr(profile, name) for name in SHARED} | {"languages": spoken}) | {
        # The id under which a list once brought her; the next one knows her again by it.
        "id": enrolment.application.reference or str(enrolment.pk),
        "division": enrolment.division_told,
        "postcode": person.postcode or None,
    }
    if enrolment.role == Role.MENTOR:
        return Mentor(
            **shared,
            capacity=enrolment.capacity,
            active_pairs=enrolment.active,
            pairs_before=profile.pairs_before,
            min_danish=Level[profile.min_danish] if profile.min_danish else None,
            resting_until=enrolment.resting_until,
            idle_since=enrolment.since,
        )
    return Mentee(
        **shared,
        waiting_since=enrolment.since,
        practise_danish=profile.practise_danish,
        needs_experience=profile.needs_experience,
    )


def _spoken(person: Person, language: Language) -> str | None:
    """Return languages by their names, where the import reads the name back as the same language."""
    words = []
    for skill in person.languages.all():
        name = language_names.name(skill.code, language)
        word = name if language_names.find(name) == skill.code else skill.code
        words.append(f"{word}:{skill.level}" if skill.level else word)
    return _BETWEEN.join(words) or None


# Columns ------------------------------------------------------------------------------------------------------------


def _cell(field: str, *shows: str) -> Column:
    """Return a column of the import whose cell is written as a spreadsheet of the import would hold it."""
    return of_import(field, lambda row: row.cells[field], *(shows or (f"people.Profile.{field}",)))


def _of_person(field: str, name: str, *, reaches: bool = False) -> Column:
    """Return a column of the import that shows a field of the person as it stands."""
    return of_import(field, lambda row: getattr(_person(row), name) or None, f"people.Person.{name}", reaches=reaches)


def _person(row: EnrolmentRow | PersonRow) -> Person:
    return row.person if isinstance(row, PersonRow) else row.enrolment.person


def _language_of_letters(row: EnrolmentRow | PersonRow) -> str:
    code, language = _person(row).language, reference_language()
    name = language_names.name(code, language)
    return name if language_names.find(name) == code else code


def _extra(header: str | Promise, value: Callable[[Any], Value], *shows: str, reaches: bool = False) -> Column:
    return Column(header=header, value=value, shows=shows, reaches=reaches)


def _names() -> list[Column]:
    return [_of_person("first_name", "first_name"), _of_person("last_name", "last_name")]


def _contact() -> list[Column]:
    return [
        _of_person("email", "email", reaches=True),
        _of_person("phone", "phone", reaches=True),
        # Beside the number, always: whoever calls has to see it.
        _extra(
            _("how to reach her safely"),
            lambda row: _person(row).safe_contact or None,
            "people.Person.safe_contact",
            reaches=True,
        ),
        _of_person("postcode", "postcode", reaches=True),
        of_import("language_of_letters", _language_of_letters, "people.Person.language", reaches=True),
    ]


def _place() -> list[Column]:
    return [
        _cell("division", "intake.Enrolment.division"),
        _extra(_("programme"), lambda row: row.enrolment.programme.name, "intake.Enrolment.programme"),
        _extra(_("coordinator"), _coordinator, "intake.Enrolment.coordinator"),
    ]


def _coordinator(row: EnrolmentRow) -> str | None:
    coordinator = row.enrolment.coordinator
    return coordinator.name if coordinator else None


def _id() -> Column:
    return _cell("id", "intake.Application.reference", "intake.Enrolment.id")


def _occupation_words(row: EnrolmentRow) -> str | None:
    profile = row.enrolment.profile
    if profile.occupation_title or not profile.occupation:
        return profile.occupation_title or None
    return isco.title(profile.occupation, reference_language())


def _topic_words(row: EnrolmentRow) -> str | None:
    language = reference_language()
    return _BETWEEN.join(Topic(code).label.text(language) for code in row.enrolment.profile.topics or ()) or None


def _profile() -> list[Column]:
    """Return what is known of her in her role; codes that the import needs stand beside their words."""
    return [
        _of_person("area", "area"),
        _of_person("birth_year", "birth_year"),
        _cell("languages", "people.LanguageSkill.code", "people.LanguageSkill.level"),
        _cell("occupation"),
        _extra(
            _("occupation in words"),
            _occupation_words,
            "people.Profile.occupation",
            "people.Profile.occupation_title",
        ),
        *map(_cell, ("sector", "education", "topics")),
        _extra(_("topics in words"), _topic_words, "people.Profile.topics"),
        *map(_cell, ("interests", "availability", "meeting", "hours_per_month", "months", "requires", "wishes")),
    ]


def waiting_columns() -> list[Column]:
    """Return the columns of the waiting list."""
    return [
        _id(),
        *_names(),
        *_place(),
        _cell("waiting_since", "intake.Enrolment.since"),
        _extra(_("days waited"), _days, "intake.Enrolment.since"),
        _extra(_("last heard from us"), lambda row: row.enrolment.last_word_on, "intake.Enrolment.last_word_on"),
        _extra(_("promised to hear by"), lambda row: row.enrolment.word_due_on, "intake.Enrolment.word_due_on"),
        *_contact(),
        *_profile(),
        *map(_cell, ("practise_danish", "needs_experience")),
    ]


def bank_columns() -> list[Column]:
    """Return the columns of the mentor bank."""
    return [
        _id(),
        *_names(),
        *_place(),
        _cell("idle_since", "intake.Enrolment.since"),
        _cell("capacity", "intake.Enrolment.capacity"),
        _cell("active_pairs", "intake.Enrolment.active"),
        _extra(_("promised places"), lambda row: row.enrolment.promised, "intake.Enrolment.promised"),
        _extra(
            _("free places"),
            lambda row: row.enrolment.places_left,
            *(f"intake.Enrolment.{name}" for name in ("capacity", "active", "promised")),
        ),
        of_import("briefed_on", lambda row: row.enrolment.briefed_on, "intake.Enrolment.briefed_on"),
        _cell("resting_until", "intake.Enrolment.resting_until"),
        *_contact(),
        *_profile(),
        *map(_cell, ("min_danish", "pairs_before")),
    ]


def people_columns() -> list[Column]:
    """Return the columns of the list of people."""
    return [
        *_names(),
        _extra(_("role"), lambda row: row.standing.roles or None, "intake.Application.role"),
        _extra(_("division"), lambda row: row.standing.divisions or None, "intake.Application.division"),
        _extra(
            _("where they stand"),
            lambda row: _BETWEEN.join(one.text for one in row.standing.standings),
            "intake.Application.state",
            "intake.Application.received_on",
            *(
                f"intake.Enrolment.{name}"
                for name in ("since", "briefed_on", "resting_until", "promised", "active", "ended_on", "end_reason")
            ),
            "partnerships.Partnership.matched_on",
        ),
        *_contact(),
        _of_person("area", "area"),
        _of_person("birth_year", "birth_year"),
        of_import(
            "languages",
            lambda row: _spoken(row.person, reference_language()),
            "people.LanguageSkill.code",
            "people.LanguageSkill.level",
        ),
    ]


def _days(row: EnrolmentRow) -> int | None:
    since = row.enrolment.since
    return None if since is None else max((row.today - since).days, 0)
