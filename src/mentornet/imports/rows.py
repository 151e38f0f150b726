"""The rows of a list as people about to be written; what the database could not hold is a fault at its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, override

from mentornet.imports.expected import expected
from mentornet.imports.findings import Findings, Said, from_remark, sentence
from mentornet.imports.planned import PlannedPerson, split_name, told
from mentornet.intake.models import Application
from mentornet.people.enums import Role
from mentornet.people.facts import stored_facts
from mentornet.people.models import Person, Profile
from reference import languages
from reference.columns import Subject
from reference.extra_columns import EXTRA_COLUMNS
from reference.guard import unguarded
from reference.people import Mentee, Mentor
from reference.tables import CheckedTable
from reference.translation import LANGUAGES

ROLES: Final[Mapping[Subject, Role]] = {Subject.MENTORS: Role.MENTOR, Subject.MENTEES: Role.MENTEE}
MOST_PLACES: Final = 50
_OF_THE_PRODUCT: Final = frozenset(column.field for column in EXTRA_COLUMNS)
_PAST: Final = ("waiting_since", "idle_since", "briefed_on")
# Where a column of the database has another name in the list.
_COLUMN_OF: Final = {
    "name": "name",
    "first_name": "name",
    "last_name": "name",
    "language": "language_of_letters",
    "reference": "id",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What the form says of all rows alike.

    Attributes:
        briefed_on: of mentors for whom the list says nothing; ``None``: not yet.
    """

    division: str
    today: date
    briefed_on: date | None = None


def excluded(model: type[Person | Profile | Application], *names: str) -> frozenset[str]:
    """Return a model's columns but these: what is not looked at."""
    return frozenset(field.name for field in model._meta.fields) - set(names)


class RowTaker:
    """Takes the rows of one list."""

    def __init__(self, table: CheckedTable, frame: Frame, findings: Findings) -> None:
        self._table = table
        self._frame = frame
        self._findings = findings
        self._subject = table.subject
        self._role = ROLES[table.subject]
        self._nameless = 0

    def take(self) -> list[PlannedPerson]:
        """Return the people of the list."""
        self._findings.faults += map(from_remark, self._table.faults)
        self._findings.notices += map(from_remark, self._table.notices)
        people = [self._person(row, values) for row, values in self._table.rows if values.get("id")]
        if self._nameless:
            counted = ngettext_lazy(
                "%(count)d row has no name: the person is called by the id until somebody writes the name",
                "%(count)d rows have no name: these people are called by their ids until somebody writes the names",
                "count",
            )
            texts = []
            for language in LANGUAGES:
                with override(language):
                    texts.append(str(counted % {"count": self._nameless}))
            self._findings.notices.append(Said(self._table.name, None, None, None, tuple(texts)))
        if self._table.is_numbered and people:
            text = _(
                "no column is the id: each row is known by its number in this import alone, and a file of pairs cannot"
                " refer to it"
            )
            self._findings.notices.append(Said(self._table.name, None, None, None, sentence(text)))
        return people

    def _fault(self, row: int, field: str, value: object, texts: tuple[str, ...]) -> None:
        shown = value.isoformat() if isinstance(value, date) else None if value is None else str(value)
        self._findings.faults.append(Said(self._table.name, row, self._header(field), shown, texts))

    def _header(self, field: str) -> str | None:
        headers = self._table.headers
        other = _COLUMN_OF.get(field, field)
        # A whole name, or its parts: whichever the list has.
        return headers.get(field) or headers.get(other) or (headers.get("first_name") if other == "name" else None)

    def _person(self, row: int, values: dict[str, Any]) -> PlannedPerson:
        usual = {name: value for name, value in values.items() if name not in _OF_THE_PRODUCT and value is not None}
        known: Mentor | Mentee = Mentor(**usual) if self._role is Role.MENTOR else Mentee(**usual)
        self._check_days(row, values)
        self._check_division(row, known.division)
        planned = PlannedPerson(
            file=self._table.name,
            row=row,
            subject=self._subject.value,
            role=self._role,
            # A row's number names nobody once the list is put away.
            reference="" if self._table.is_numbered else known.id,
            person=told(self._personal(row, values, known)),
            profile=told(stored_facts(known)),
            languages=None
            if known.languages is None
            else [(skill.code, skill.level.name if skill.level else "") for skill in known.languages],
            avoids=known.must_not_meet,
        )
        if isinstance(known, Mentor):
            planned.since = known.idle_since
            planned.resting_until = known.resting_until
            planned.briefed_on = values.get("briefed_on") or (
                None if "briefed_on" in self._table.headers else self._frame.briefed_on
            )
        else:
            planned.since = known.waiting_since
            # Only where the list tells who waits does its silence mean that somebody does not.
            planned.waits_openly = known.waiting_since is not None or "waiting_since" not in self._table.headers
        self._check_stored(planned)
        return planned

    def _personal(self, row: int, values: Mapping[str, Any], known: Mentor | Mentee) -> dict[str, Any]:
        first, last = values.get("first_name"), values.get("last_name")
        if not first and not last:
            first, last = split_name(known.name or "")
        elif not first:
            first, last = last, ""
        if not first and self._table.is_numbered:
            text = _("expected a name: without an id nothing else says who this is")
            self._fault(row, "name", None, sentence(text))
            first = known.id
        elif not first:
            self._nameless += 1
            first = known.id
        facts = {
            "first_name": first,
            "last_name": last or "",
            "postcode": known.postcode,
            # As an export of ours writes it: a number with its country's code begins like a formula.
            "phone": unguarded(values["phone"]) if values.get("phone") else None,
            **{name: values.get(name) for name in ("email", "birth_year", "area")},
        }
        if written := values.get("language_of_letters"):
            facts["language"] = languages.find(written)
            if facts["language"] is None:
                self._fault(
                    row, "language", written, sentence(_("expected a language by name or code, such as Danish or ar"))
                )
        return facts

    def _check_days(self, row: int, values: Mapping[str, Any]) -> None:
        for field in _PAST:
            day = values.get(field)
            if day is not None and day > self._frame.today:
                text = sentence(_("expected a day that is not after today, %(today)s"), today=self._frame.today)
                self._fault(row, field, day, text)

    def _check_division(self, row: int, written: str | None) -> None:
        if written is not None and written.casefold() != self._frame.division.casefold():
            text = _("expected %(division)s, into which this import goes: leave the column out, or divide the file")
            self._fault(row, "division", written, sentence(text, division=self._frame.division))

    def _check_stored(self, planned: PlannedPerson) -> None:
        """Ask the database's own columns whether they can hold the facts."""
        for model, facts in (
            (Person, planned.person),
            (Profile, planned.profile),
            (Application, {"reference": planned.reference}),
        ):
            try:
                model(**facts).clean_fields(exclude=excluded(model, *facts))
            except ValidationError as error:
                for field, errors in error.error_dict.items():
                    for one in errors:
                        self._fault(planned.row, field, facts[field], expected(model, field, one))
