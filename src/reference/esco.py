"""Titles from ESCO, the European classification of occupations, read from the files that an operator downloads.

The European Commission offers ESCO as one package of CSV files for each language
(https://esco.ec.europa.eu/en/use-esco/download). Two of them hold titles: ``occupations_en.csv`` and
``ISCOGroups_en.csv`` (``_da`` in Danish). The open dataset of Tabiya, in English, holds the same under other headers;
both layouts are read. Reuse of ESCO is free with attribution; nothing of it is part of this product.
"""

from __future__ import annotations

import csv
import io
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reference import isco
from reference.faults import Fault, UnusableFilesError
from reference.translation import LANGUAGES, N_, Language, Message

LARGEST_FILE: Final = 100 * 1024 * 1024  # bytes; the largest of ESCO 1.2 has 7 MB
ENLARGEMENT: Final = "esco_titles.csv"

_HEADER: Final = ("code", "language", "preferred", "title")
_CODE_COLUMNS: Final = ("iscogroup", "iscogroupcode", "code")  # the first one that a file has; ESCO's, Tabiya's, both
_TITLE: Final = "preferredlabel"
_OTHER_TITLES: Final = "altlabels"
_STATUS: Final = "status"
_KINDS: Final = frozenset({"", "Occupation", "ISCOGroup"})
# "occupations_en.csv", and "occupations_en (1).csv" as a browser names the second download.
_LANGUAGE_IN_NAME: Final = re.compile(r"_([A-Za-z]{2})(?![A-Za-z])[^_]*$")

_NO_ISCO_CODE: Final = N_("expected a code of ISCO-08")


@dataclass(frozen=True, slots=True)
class EscoTitle:
    """One title of an occupation.

    Attributes:
        code: the ISCO-08 group that ESCO puts the occupation into: 4 digits, or 1 to 4 for a title of a group.
        title: as ESCO writes it, without surrounding space.
        language: of the title.
        preferred: ESCO's own name of the occupation or group, as against an alternative one.
    """

    code: str
    title: str
    language: Language
    preferred: bool


def read_esco(paths: Iterable[Path]) -> tuple[EscoTitle, ...]:
    """Read the titles from ESCO's files of occupations and ISCO groups, in any order and number.

    Rows that ESCO has not released, or has withdrawn, are left out. A title that comes twice with the same code and
    language is kept once, as preferred if it is preferred anywhere.

    Returns:
        The titles ordered by code, language and title.

    Raises:
        UnusableFilesError: with every fault of every file.
    """
    faults: list[Fault] = []
    found: dict[tuple[str, Language, str], bool] = {}
    for path in paths:
        for title in _read_file(path, faults):
            key = (title.code, title.language, title.title)
            found[key] = title.preferred or found.get(key, False)
    if faults:
        raise UnusableFilesError(faults)
    return tuple(
        EscoTitle(code=code, title=title, language=language, preferred=found[code, language, title])
        for code, language, title in sorted(found)
    )


def save_enlargement(folder: Path, titles: Iterable[EscoTitle]) -> Path:
    """Keep ``titles`` in ``folder`` for :func:`load_enlargement`, in place of those kept before; return the file.

    The file is complete or not there at all: it is written aside and then put in place.

    Raises:
        OSError: the folder is missing, full or write-protected.
    """
    place = folder / ENLARGEMENT
    descriptor, aside = tempfile.mkstemp(dir=folder, prefix=".esco-", suffix=".part")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as lines:
            writer = csv.writer(lines, lineterminator="\n")
            writer.writerow(_HEADER)
            writer.writerows((title.code, title.language, int(title.preferred), title.title) for title in titles)
            lines.flush()
            os.fsync(lines.fileno())
        # A temporary file is its owner's alone; whoever imports the titles may not be who serves the pages.
        Path(aside).chmod(0o644)
        Path(aside).replace(place)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise
    return place


def load_enlargement(folder: Path) -> tuple[EscoTitle, ...]:
    """Return the titles that :func:`save_enlargement` kept in ``folder``; none if there are none.

    Raises:
        UnusableFilesError: the file is not as it was written.
    """
    path = folder / ENLARGEMENT
    if not path.exists():
        return ()
    faults: list[Fault] = []
    titles = list(_read_enlargement(path, faults))
    if faults:
        raise UnusableFilesError(faults)
    return tuple(titles)


def _read_enlargement(path: Path, faults: list[Fault]) -> Iterator[EscoTitle]:
    rows = _rows(path, faults)
    if next(rows, None) != list(_HEADER):
        faults.append(
            _fault(path, Message(N_("expected the file that the import of ESCO has written; import ESCO again")), row=1)
        )
        return
    languages: Mapping[str, Language] = {language: language for language in LANGUAGES}
    for number, row in enumerate(rows, start=2):
        code, language, preferred, title = row if len(row) == len(_HEADER) else ("", "", "", "")
        if not isco.exists(code) or language not in languages or preferred not in {"0", "1"} or not title:
            message = Message(N_("expected a line that the import of ESCO has written; import ESCO again"))
            faults.append(_fault(path, message, row=number))
            continue
        yield EscoTitle(code=code, title=title, language=languages[language], preferred=preferred == "1")


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the columns of one file stand, and the language of its titles."""

    header: Sequence[str]
    columns: Mapping[str, int]
    code: int
    language: Language

    def cell(self, row: Sequence[str], column: str) -> str:
        at = self.columns.get(column)
        return row[at] if at is not None else ""


def _read_file(path: Path, faults: list[Fault]) -> Iterator[EscoTitle]:
    """Yield the titles of one file; add what is wrong with it to ``faults``."""
    rows = _rows(path, faults)
    header = next(rows, None)
    if header is None:
        return
    layout = _layout(path, header, faults)
    if layout is None:
        return
    for number, row in enumerate(rows, start=2):
        if not row:
            continue
        if len(row) != len(header):
            message = Message(
                N_("expected {expected} cells, found {found}"), {"expected": len(header), "found": len(row)}
            )
            faults.append(_fault(path, message, row=number))
            continue
        yield from _titles(path, number, row, layout, faults)


def _titles(path: Path, number: int, row: Sequence[str], layout: _Layout, faults: list[Fault]) -> Iterator[EscoTitle]:
    kind = layout.cell(row, "concepttype")
    if kind not in _KINDS:
        column = layout.header[layout.columns["concepttype"]]
        message = Message(N_("expected an occupation or a group of ISCO-08"))
        faults.append(_fault(path, message, row=number, column=column, value=kind))
        return
    if layout.cell(row, _STATUS) not in {"", "released"}:
        return
    code = row[layout.code].strip()
    if not isco.exists(code):
        message = Message(_NO_ISCO_CODE)
        faults.append(_fault(path, message, row=number, column=layout.header[layout.code], value=row[layout.code]))
        return
    preferred = _tidied(layout.cell(row, _TITLE))
    if not preferred:
        column = layout.header[layout.columns[_TITLE]]
        faults.append(_fault(path, Message(N_("expected a title")), row=number, column=column, value=""))
        return
    yield EscoTitle(code=code, title=preferred, language=layout.language, preferred=True)
    for line in layout.cell(row, _OTHER_TITLES).splitlines():
        if other := _tidied(line):
            yield EscoTitle(code=code, title=other, language=layout.language, preferred=False)


def _layout(path: Path, header: Sequence[str], faults: list[Fault]) -> _Layout | None:
    columns = {name.strip().casefold(): at for at, name in enumerate(header)}
    code = next((columns[name] for name in _CODE_COLUMNS if name in columns), None)
    if code is None or _TITLE not in columns or _OTHER_TITLES not in columns:
        message = Message(
            N_("expected ESCO's file of occupations or of ISCO groups (occupations_en.csv, ISCOGroups_en.csv)")
        )
        faults.append(_fault(path, message, row=1))
        return None
    language = _language(path, tabiya=all(name == name.upper() for name in header))
    if language is None:
        message = Message(N_("expected a file in English or Danish, with a name that ends in _en or _da"))
        faults.append(_fault(path, message))
        return None
    return _Layout(header=header, columns=columns, code=code, language=language)


def _language(path: Path, *, tabiya: bool) -> Language | None:
    """Return the language that the file's name tells; Tabiya's names tell none and its titles are English."""
    named = _LANGUAGE_IN_NAME.search(path.stem)
    if named is None:
        return "en" if tabiya else None
    return next((language for language in LANGUAGES if language == named[1].lower()), None)


def _rows(path: Path, faults: list[Fault]) -> Iterator[list[str]]:
    """Yield the rows of a CSV file in UTF-8, the header first; a fault ends them."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            faults.append(_fault(path, Message(N_("the file is too large: expected at most 100 MB"))))
            return
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        faults.append(_fault(path, Message(N_("expected a file in UTF-8, as ESCO offers it"))))
        return
    except OSError:
        faults.append(_fault(path, Message(N_("the file cannot be read"))))
        return
    number = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), strict=True):
            number += 1
            yield row
    except csv.Error:
        faults.append(_fault(path, Message(N_("expected a table separated by commas")), row=number + 1))
        return
    if number == 0:
        faults.append(_fault(path, Message(N_("the file is empty"))))


def _tidied(text: str) -> str:
    return " ".join(text.split())


def _fault(
    path: Path, message: Message, *, row: int | None = None, column: str | None = None, value: str | None = None
) -> Fault:
    return Fault(file=path.name, row=row, column=column, value=value, message=message)
