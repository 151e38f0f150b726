"""Imports in words and rows for the pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from mentornet.common.spoken import reference_language
from mentornet.imports.enums import BatchState, Stage, SubjectName
from mentornet.imports.models import Batch, File, Report
from mentornet.imports.queries import people_here
from mentornet.imports.services.batches import possible_choices
from mentornet.people.enums import Alike
from mentornet.people.models import Person
from reference import isco, languages

TONES: Final[Mapping[str, tuple[str, str]]] = {
    BatchState.COLUMNS: ("info", "list"),
    BatchState.CHECKING: ("info", "hourglass"),
    BatchState.CHECKED: ("warm", "eye"),
    BatchState.WRITING: ("info", "hourglass"),
    BatchState.DONE: ("good", "check"),
    BatchState.UNDONE: ("quiet", "undo"),
}
_FACTS: Final = (
    ("email", gettext_lazy("E-mail address")),
    ("phone", gettext_lazy("Telephone")),
    ("postcode", gettext_lazy("Postcode")),
    ("birth_year", gettext_lazy("Year of birth")),
)


@dataclass(frozen=True, slots=True)
class Row:
    """An import in the list."""

    batch: Batch
    files: Sequence[File]
    state: str
    tone: str
    icon: str

    @property
    def numbers(self) -> str:
        """What came, or would come, with it; the rows of the files before anybody has checked."""
        if self.batch.counts:
            return numbers(self.batch.counts)
        rows = sum(file.rows for file in self.files)
        return _("%(rows)s rows") % {"rows": rows}


def row_of(batch: Batch, files: Sequence[File], stopped: bool) -> Row:
    """Prepare one import."""
    if stopped:
        return Row(batch, files, _("stopped"), "bad", "danger")
    if batch.state == BatchState.CHECKED and batch.counts.get("faults"):
        return Row(batch, files, _("files to mend"), "bad", "danger")
    tone, icon = TONES[batch.state]
    return Row(batch, files, str(BatchState(batch.state).label), tone, icon)


def numbers(counts: Mapping[str, int]) -> str:
    """Return what an import holds, as one phrase."""
    parts = []
    if counts.get("mentors"):
        parts.append(_("mentors: %(count)s") % {"count": counts["mentors"]})
    if counts.get("mentees"):
        parts.append(_("mentees: %(count)s") % {"count": counts["mentees"]})
    if counts.get("pairs"):
        parts.append(_("pairs: %(count)s") % {"count": counts["pairs"]})
    return " · ".join(parts)


def tiles(counts: Mapping[str, int]) -> list[dict[str, object]]:
    """Return an import's numbers, each with what it means."""
    mentors, mentees, pairs = (counts.get(name, 0) for name in ("mentors", "mentees", "pairs"))
    shown: list[dict[str, object]] = []
    if mentors:
        shown.append({"number": mentors, "label": _("mentors"), "more": ""})
    if mentees:
        more = _("%(count)s of them wait for a mentor") % {"count": counts.get("waiting", 0)}
        shown.append({"number": mentees, "label": _("mentees"), "more": more})
    if pairs:
        values = {"running": counts.get("running", 0), "closed": counts.get("closed", 0)}
        shown.append(
            {"number": pairs, "label": _("pairs"), "more": _("%(running)s run, %(closed)s have ended") % values}
        )
    return shown


def steps(batch: Batch | None, current: int) -> list[dict[str, str]]:
    """Return the way of an import; what is behind can be opened again until it is written."""
    labels = [
        pgettext("step of an import", "Files"),
        pgettext("step of an import", "Columns"),
        pgettext("step of an import", "Check"),
        pgettext("step of an import", "Write"),
        pgettext("step of an import", "Done"),
    ]
    is_open = batch is not None and batch.state in {BatchState.COLUMNS, BatchState.CHECKED}
    names = ("desk:import_files", "desk:import_columns", "desk:import")
    shown = []
    for at, label in enumerate(labels):
        state = "done" if at < current or current == len(labels) else "current" if at == current else "ahead"
        step = {"label": label, "state": state}
        if is_open and batch is not None and at < current and at < len(names):
            step["url"] = reverse(names[at], args=[batch.pk])
        shown.append(step)
    return shown


def progress_of(batch: Batch) -> dict[str, object]:
    """Return what the progress says."""
    reads = batch.stage == Stage.READING
    title = _("Checking the files") if batch.state == BatchState.CHECKING else _("Taking everybody over")
    return {
        "title": title,
        "done": min(batch.rows_done, batch.rows_total),
        "total": batch.rows_total if reads else None,
        "sentence": Stage(batch.stage).label,
        "poll_url": reverse("desk:import_progress", args=[batch.pk]),
    }


# First rows -----------------------------------------------------------------------------------------------------------


def first_rows(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the first people as they will stand in the product."""
    return [
        {"subject": subject, "label": SubjectName(subject).label, "rows": [_first(row) for row in rows]}
        for subject, rows in content.get("first", {}).items()
    ]


def _first(row: Mapping[str, Any]) -> dict[str, Any]:
    language = reference_language()
    spoken = [f"{languages.name(code, language)} {level}".strip() for code, level in row["languages"]]
    return {
        **row,
        "occupation": isco.title(row["occupation"], language) if row["occupation"] else "",
        "languages": ", ".join(spoken),
        "since": _day(row["since"]),
        "briefed_on": _day(row["briefed_on"]),
        "resting_until": _day(row["resting_until"]),
    }


def _day(text: str | None) -> str:
    return date_format(date.fromisoformat(text), "DATE_FORMAT") if text else ""


# Likely duplicates ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A row beside those whom it looks like, and what may be chosen."""

    key: str
    name: str
    why: str
    subjects: list[dict[str, str]]
    rows: list[dict[str, Any]]
    choices: list[dict[str, object]]


def known_in(found: Iterable[Mapping[str, Any]]) -> frozenset[UUID]:
    """Return the keys of those who are known already and look like some rows."""
    return frozenset(
        UUID(match["key"].removeprefix("person:"))
        for one in found
        for match in one["matches"]
        if match["key"].startswith("person:")
    )


def duplicates_of(batch: Batch, report: Report, found: Iterable[Mapping[str, Any]]) -> list[Duplicate]:
    """Prepare likely duplicates: one query for those who are known."""
    listed = list(found)
    known = people_here(batch.division_id, known_in(listed))
    return [_duplicate(one, known, report.choices.get(one["key"], "")) for one in listed]


def _duplicate(one: Mapping[str, Any], known: Mapping[UUID, Person], chosen: str) -> Duplicate:
    subjects = [_subject(one["name"], _place(one["subject"], one["row"]))]
    facts: list[Mapping[str, Any]] = [one["facts"]]
    names: dict[str, str] = {}
    for match in one["matches"]:
        kind, _colon, key = match["key"].partition(":")
        if kind == "person" and (person := known.get(UUID(key))) is not None:
            subjects.append(_subject(person.name, _("known already"), reverse("desk:person", args=[person.pk])))
            facts.append({name: getattr(person, name) for name, _label in _FACTS})
            names[match["key"]] = person.name
        elif kind == "row":
            subject, _colon, row = key.partition(":")
            place = _place(subject, int(row))
            subjects.append(_subject(match["name"], place))
            facts.append(match["facts"])
            names[match["key"]] = place
    why = {Alike(mark).label: None for match in one["matches"] for mark in match["why"]}
    return Duplicate(
        key=one["key"],
        name=one["name"],
        why=", ".join(map(str, why)),
        subjects=subjects,
        rows=[
            _compared(str(word), [fact.get(name) for fact in facts])
            for name, word in _FACTS
            if any(fact.get(name) for fact in facts)
        ],
        choices=[
            {"value": value, "label": _choice_label(value, names), "is_chosen": value == chosen}
            for value in possible_choices(one)
        ],
    )


def _subject(name: str, place: str, url: str = "") -> dict[str, str]:
    return {"name": name, "place": place, "url": url}


def _place(subject: str, row: int) -> str:
    return _("%(list)s, row %(row)s") % {"list": SubjectName(subject).label, "row": row}


def _compared(label: str, cells: list[Any]) -> dict[str, Any]:
    shown = ["" if cell is None else str(cell) for cell in cells]
    return {"label": label, "cells": [cell or "–" for cell in shown], "is_different": len(set(shown)) > 1}


def _choice_label(value: str, names: Mapping[str, str]) -> str:
    if value == "new":
        return _("Another person: take her in")
    if value == "out":
        return _("Leave this row out")
    name = names.get(value.removeprefix("same:"), "")
    return _("The same person as %(name)s: update her") % {"name": name} if name else _("The same person: update her")
