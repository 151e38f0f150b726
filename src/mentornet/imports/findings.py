"""What is said about an import's files: faults and notices, in every language that the desk speaks, as stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import override

from reference.faults import Remark
from reference.translation import LANGUAGES, Language, Message

_ROWS_NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class Said:
    """A fault or a notice: a place in a file, and a sentence in each language."""

    file: str
    row: int | None
    column: str | None
    value: str | None
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A fault or notice in one language; ``rows`` are the first of ``count`` rows of which the same is said."""

    file: str
    rows: tuple[int, ...]
    count: int
    column: str | None
    value: str | None
    text: str


def from_remark(remark: Remark) -> Said:
    """Return what the reader of spreadsheets has said."""
    return Said(remark.file, remark.row, remark.column, remark.value, _message(remark.message))


def _message(message: Message) -> tuple[str, ...]:
    return tuple(message.text(language) for language in LANGUAGES)


@lru_cache(maxsize=256)
def _templates(sentence: Promise) -> tuple[str, ...]:
    found = []
    for language in LANGUAGES:
        with override(language):
            found.append(str(sentence))
    return tuple(found)


def _shown(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def sentence(text: Promise, **values: object) -> tuple[str, ...]:
    """Return a lazily translated sentence with its values in each language."""
    shown = {name: _shown(value) for name, value in values.items()}
    return tuple(template % shown if shown else template for template in _templates(text))


@dataclass(slots=True)
class Findings:
    """Everything that a look into the files has brought.

    Attributes:
        faults: with any, nothing is written.
        notices: worth knowing.
        first: by subject, the first rows as they would be stored.
        duplicates: rows that look like somebody known (:mod:`mentornet.imports.likeness`).
        counts: numbers by name.
    """

    faults: list[Said] = field(default_factory=list)
    notices: list[Said] = field(default_factory=list)
    first: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    duplicates: list[dict[str, Any]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def stored(self) -> dict[str, Any]:
        """Return the findings as JSON; each sentence is kept once, however many rows it is said of."""
        texts: dict[tuple[str, ...], int] = {}
        faults = [
            [said.file, said.row, said.column, said.value, texts.setdefault(said.texts, len(texts))]
            for said in self.faults
        ]
        grouped: dict[tuple[Any, ...], list[int | None]] = {}
        for said in self.notices:
            key = (said.file, said.column, said.value, texts.setdefault(said.texts, len(texts)))
            grouped.setdefault(key, []).append(said.row)
        notices = [
            [*key, len(rows), [row for row in rows[:_ROWS_NAMED] if row is not None]] for key, rows in grouped.items()
        ]
        return {
            "languages": list(LANGUAGES),
            "texts": [list(text) for text in texts],
            "faults": faults,
            "notices": notices,
            "first": self.first,
            "duplicates": self.duplicates,
        }


def _texts(content: Mapping[str, Any], language: Language) -> list[str]:
    languages = content.get("languages", [])
    at = languages.index(language) if language in languages else 0
    return [texts[at] for texts in content.get("texts", [])]


def faults_in(content: Mapping[str, Any], language: Language, start: int = 0, stop: int | None = None) -> list[Line]:
    """Return stored faults, in the order of files, rows and columns."""
    texts = _texts(content, language)
    return [
        Line(file, () if row is None else (row,), 1, column, value, texts[text])
        for file, row, column, value, text in content.get("faults", [])[start:stop]
    ]


def notices_in(content: Mapping[str, Any], language: Language) -> list[Line]:
    """Return stored notices; what is said of many rows alike comes once."""
    texts = _texts(content, language)
    return [
        Line(file, tuple(rows), count, column, value, texts[text])
        for file, column, value, text, count, rows in content.get("notices", [])
    ]


def in_order(said: Iterable[Said], files: Sequence[str]) -> list[Said]:
    """Return what is said in the order of files and rows; about one row in the order in which it was found."""
    places = {name: at for at, name in enumerate(files)}
    return sorted(said, key=lambda one: (places.get(one.file, len(places)), one.row or 0))
