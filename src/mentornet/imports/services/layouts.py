"""What the columns of a file are taken for: guessed, chosen, remembered for the next list.

A layout is a list of entries, one for each header, as a file keeps it: its place (``index``, 0 is A), the header as
``written``, ``samples`` from below it, the ``field`` it fills (empty: left out), and the ``source`` of that. A file of
people has one entry more, at :data:`ROW_NUMBERS`: the numbers of its rows, which can stand for the ids. ``usual`` is
what we take the header for wherever it stands, ``shown`` what it was taken for here before anybody had looked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from mentornet.common.actors import Actor
from mentornet.common.spoken import reference_language
from mentornet.imports.models import ColumnMapping, File
from mentornet.imports.queries import remembered
from reference.columns import Column, Subject
from reference.extra_columns import all_columns_of
from reference.mapped import ID, FoundFile, FoundHeader
from reference.vocabulary import folded

ROW_NUMBERS: Final = -1
"""The place of the row numbers, which are no column."""
LONGEST_HEADER: Final = 300
_NAME: Final = "name"
# These stand for the whole name.
_NAME_PARTS: Final = frozenset({"first_name", "last_name"})
_REMEMBERED: Final = "remembered"
_KNOWN: Final = "known"
_UNKNOWN: Final = "unknown"
_TAKEN: Final = "taken"
_NUMBERED: Final = "rows"


@dataclass(frozen=True, slots=True)
class _Header:
    """A column's name in the language of whoever reads the message."""

    column: Column

    def __str__(self) -> str:
        return self.column.header(reference_language())


def layout_of(found: FoundFile) -> list[dict[str, Any]]:
    """Return a file's headers with what they most probably mean: said before, named as ours are, or left out."""
    known = remembered(found.subject, [_remembered_as(header.written) for header in found.headers])
    own = {column.field for column in all_columns_of(found.subject)}
    guesses: dict[int, tuple[str, str]] = {}
    used: set[str] = set()
    # Of two columns that seem to be the same: the one that was said to be it, has something in it, is called as ours.
    for header in sorted(found.headers, key=lambda one: _doubt(one, known)):
        said = known.get(_remembered_as(header.written))
        field, source = "", _UNKNOWN
        if said is not None and (not said or said in own):
            field, source = said, _REMEMBERED
        elif header.guess is not None:
            field, source = header.guess.field, _KNOWN
        if field in used:
            field, source = "", _TAKEN
        if field:
            used.add(field)
        guesses[header.index] = field, source
    _settle_names(guesses)
    layout = [_entry(header.index, header.written, header.samples, *guesses[header.index]) for header in found.headers]
    if found.subject is not Subject.PAIRS:
        numbers = [str(row) for row in found.first_rows]
        layout.append(_entry(ROW_NUMBERS, "", numbers, "" if ID in used else ID, _NUMBERED))
    return layout


def _entry(
    index: int, written: str, samples: Iterable[str], field: str, source: str, usual: str = ""
) -> dict[str, Any]:
    entry = {"index": index, "written": written, "samples": list(samples), "field": field, "source": source}
    return entry | {"usual": usual, "shown": field}


def _doubt(header: FoundHeader, known: Mapping[str, str]) -> tuple[bool, int]:
    if _remembered_as(header.written) in known:
        return False, 0
    return not header.samples, 1 if header.is_sure else 2


def _settle_names(guesses: dict[int, tuple[str, str]]) -> None:
    """Take a *name* beside a last name for the first name, and leave it out beside both parts."""
    places = {field: index for index, (field, _source) in guesses.items() if field}
    at = places.get(_NAME)
    if at is None or _NAME_PARTS.isdisjoint(places) or guesses[at][1] == _REMEMBERED:
        return
    is_first = "last_name" in places and "first_name" not in places
    guesses[at] = ("first_name", _KNOWN) if is_first else ("", _TAKEN)


def _remembered_as(header: str) -> str:
    return folded(header)[:LONGEST_HEADER]


def numbers_rows(layout: Iterable[Mapping[str, Any]]) -> bool:
    """Tell whether row numbers stand for the ids."""
    return any(entry["index"] == ROW_NUMBERS and entry["field"] == ID for entry in layout)


def change_layout(layout: Iterable[dict[str, Any]], chosen: Mapping[int, str]) -> None:
    """Put what was chosen into a layout; row numbers that nobody chose give way to a column chosen as the id."""
    entries = list(layout)
    numbers = next((entry for entry in entries if entry["index"] == ROW_NUMBERS), None)
    stood = numbers is not None and numbers["field"] == ID
    for entry in entries:
        entry["field"] = chosen.get(entry["index"], entry["field"])
    if numbers is not None and stood and [entry["field"] for entry in entries].count(ID) > 1:
        numbers["field"] = ""


def layout_faults(subject: Subject, layout: Sequence[Mapping[str, Any]]) -> list[ValidationError]:
    """Return what cannot be about a layout, each in a sentence that says what to choose."""
    fields = [entry["field"] for entry in layout]
    faults = []
    for column in all_columns_of(subject):
        named = fields.count(column.field)
        words = {"column": _Header(column)}
        if column.required and not named:
            text = _("Choose the column with the %(column)s: without it nobody knows which two people a row means.")
            if column.field == ID:
                text = _(
                    "Nothing tells the rows apart yet. Choose the column with the ids, or, if there is none, choose id"
                    " beside the row numbers, in the last line."
                )
            faults.append(ValidationError(text, code="missing", params=words))
        if named > 1 and column.field == ID and numbers_rows(layout):
            text = _("Both a column and the row numbers are chosen as id: keep one of them.")
            faults.append(ValidationError(text, code="twice"))
        elif named > 1:
            text = _("Two columns are chosen as %(column)s: keep one of them.")
            faults.append(ValidationError(text, code="twice", params=words))
    if _NAME in fields and _NAME_PARTS & set(fields):
        text = _("Choose the whole name, or first and last name apart: not both.")
        faults.append(ValidationError(text, code="names"))
    if numbers_rows(layout) and _NAME not in fields and not _NAME_PARTS & set(fields):
        text = _("Choose the column with the names: without ids nothing else says who somebody is.")
        faults.append(ValidationError(text, code="nameless"))
    return faults


def asks_for_briefing(files: Sequence[File]) -> bool:
    """Tell whether there are mentors of whom the list does not say since when they are briefed."""
    return any(
        file.subject == Subject.MENTORS and "briefed_on" not in {entry["field"] for entry in file.layout}
        for file in files
    )


def remember_layout(*, by: Actor, file: File) -> None:
    """Remember what somebody has said about headers, where it is not what we would have taken them for."""
    for entry in file.layout:
        header, field = _remembered_as(entry["written"]), entry["field"]
        mapping = ColumnMapping.objects.filter(subject=file.subject, header=header)
        if not header or field == entry.get("usual", ""):
            # As we take it anyway: an earlier word to the contrary no longer holds.
            mapping.delete()
        elif field == entry.get("shown") and entry["source"] != _REMEMBERED:
            # Our own guess for this list, because of the columns beside it: nobody has said anything.
            continue
        elif not mapping.update(field=field):
            ColumnMapping.objects.create(
                subject=file.subject, header=header, field=field, created_by=by.key, created_at=by.at
            )
