"""The XML parts of a workbook, as handlers of the events that expat reports.

Source of the format: ECMA-376 part 1 (18.2 workbook, 18.3 worksheet, 18.4 shared strings, 18.8 styles) and part 2
(9.3 relationships).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from enum import Enum, auto
from typing import Final

from reference.cells import Broken, Cell
from reference.translation import N_, Message

_MOST_ROWS: Final = 1_048_576
_MOST_COLUMNS: Final = 16_384
# 20,000 rows of 100 cells have about 4 million elements; to count so many takes some seconds.
_MOST_ELEMENTS: Final = 5_000_000
# A single cell far to the right makes a long row of empty ones.
_MOST_CELLS: Final = 6_000_000
_LONGEST_TEXT: Final = 131_072
_LONGEST_INTEGER: Final = 10**15
_LAST_DAY: Final = 2_958_465
"""31 December 9999 as a spreadsheet counts days."""

_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_SILENT: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]')


class UnusableWorkbookError(Exception):
    """Raised when a workbook cannot be read any further; ``message`` says why and what to do."""

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(message.text("en"))


def damaged() -> UnusableWorkbookError:
    """Return the error for content that no spreadsheet program writes."""
    return UnusableWorkbookError(
        Message(N_("the workbook is damaged: open it in the spreadsheet program and save it as a new .xlsx file"))
    )


class _LocalNames(dict[str, str]):
    """Names without their namespace: the two editions of the format differ in nothing else."""

    def __missing__(self, name: str) -> str:
        local = name.rpartition(" ")[2]
        self[name] = local
        return local


class Part:
    """Base of the handlers: counts elements, so that no part can hold an endless number of them."""

    def __init__(self) -> None:
        self._elements = 0
        self._local = _LocalNames()

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Handle the start of an element."""
        self._elements += 1
        if self._elements > _MOST_ELEMENTS:
            raise UnusableWorkbookError(
                Message(N_("the workbook holds too many cells: copy the rows into a new workbook"))
            )
        self.opened(self._local[name], attributes)

    def end(self, name: str) -> None:
        """Handle the end of an element."""
        self.closed(self._local[name])

    def opened(self, name: str, attributes: Mapping[str, str]) -> None:
        """Handle the start of the element ``name``, a name without its namespace."""

    def closed(self, name: str) -> None:
        """Handle the end of the element ``name``."""

    def text(self, text: str) -> None:
        """Handle a piece of text."""

    def refuse_document_type(self, *_: object) -> None:
        """Refuse a document type declaration: what an entity bomb starts with."""
        raise damaged()


class Relationships(Part):
    """Which part belongs to which: identifier, kind and target of each."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, str]] = []

    def opened(self, name: str, attributes: Mapping[str, str]) -> None:
        """Take up a relationship."""
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            self.found.append((attributes.get("Id", ""), attributes.get("Type", ""), attributes.get("Target", "")))


class Workbook(Part):
    """The sheets in their order, and from which day the workbook counts."""

    def __init__(self) -> None:
        super().__init__()
        self.visible_sheets: list[str] = []
        self.since_1904 = False

    def opened(self, name: str, attributes: Mapping[str, str]) -> None:
        """Take up a sheet or the properties."""
        if name == "sheet" and attributes.get("state", "visible") == "visible":
            key = next((value for label, value in attributes.items() if label.endswith(" id")), None)
            if key is not None:
                self.visible_sheets.append(key)
        elif name == "workbookPr":
            self.since_1904 = attributes.get("date1904") in {"1", "true"}


class Format(Enum):
    """What a number in a cell means."""

    NUMBER = auto()
    DATE = auto()
    TIME = auto()


def _format_of(code: str) -> Format:
    """Return what numbers formatted with ``code`` mean (18.8.30): its letters outside quotation marks tell."""
    letters = set(_SILENT.sub("", code.partition(";")[0]).casefold())
    if code.casefold() == "general":
        return Format.NUMBER
    if letters & set("dy") or ("m" in letters and not letters & set("hs")):
        return Format.DATE
    return Format.TIME if letters & set("hs") else Format.NUMBER


_BUILT_IN: Final[Mapping[int, Format]] = {
    **dict.fromkeys((14, 15, 16, 17, 22, *range(27, 37), *range(50, 59)), Format.DATE),
    **dict.fromkeys((18, 19, 20, 21, 45, 46, 47), Format.TIME),
}


class Styles(Part):
    """What numbers mean in each style of cell."""

    def __init__(self) -> None:
        super().__init__()
        self.formats: list[Format] = []
        self._custom: dict[int, Format] = {}
        self._in_cell_styles = False

    def opened(self, name: str, attributes: Mapping[str, str]) -> None:
        """Take up a number format or a style."""
        if name == "numFmt":
            self._custom[int(attributes["numFmtId"])] = _format_of(attributes["formatCode"])
        elif name == "cellXfs":
            self._in_cell_styles = True
        elif name == "xf" and self._in_cell_styles:
            number = int(attributes.get("numFmtId", "0"))
            self.formats.append(self._custom.get(number) or _BUILT_IN.get(number, Format.NUMBER))

    def closed(self, name: str) -> None:
        """Note the end of the styles of cells."""
        if name == "cellXfs":
            self._in_cell_styles = False


def _unescaped(pieces: Sequence[str]) -> str:
    """Return the text; ``_x000D_`` is how the format writes a sign that XML cannot hold (22.9.2.19)."""
    text = "".join(pieces)
    if len(text) > _LONGEST_TEXT:
        raise damaged()
    return _ESCAPED.sub(_unescaped_sign, text) if "_x" in text else text


def _unescaped_sign(escaped: re.Match[str]) -> str:
    number = int(escaped[1], 16)
    return escaped[0] if 0xD800 <= number <= 0xDFFF else chr(number)


class SharedStrings(Part):
    """The texts that cells refer to by number."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._pieces: list[str] = []
        self._in_text = False
        self._in_reading_aid = False

    def opened(self, name: str, attributes: Mapping[str, str]) -> None:  # noqa: ARG002 - the base's signature
        """Note where text begins; the reading aid of Japanese (``rPh``) is not part of it."""
        if name == "si":
            self._pieces = []
        elif name == "rPh":
            self._in_reading_aid = True
        elif name == "t":
            self._in_text = not self._in_reading_aid

    def closed(self, name: str) -> None:
        """Take up a text at its end."""
        if name == "si":
            self.texts.append(_unescaped(self._pieces))
        elif name == "rPh":
            self._in_reading_aid = False
        elif name == "t":
            self._in_text = False

    def text(self, text: str) -> None:
        """Collect text."""
        if self._in_text:
            self._pieces.append(text)


class _ColumnNumbers(dict[str, int]):
    """Numbers of columns by their letters: A is 1."""

    def __missing__(self, letters: str) -> int:
        number = 0
        for letter in letters:
            if not "A" <= letter <= "Z":
                raise damaged()
            number = number * 26 + ord(letter) - ord("A") + 1
            if number > _MOST_COLUMNS:
                raise damaged()
        self[letters] = number
        return number


class Worksheet(Part):
    """The cells, row by row; rows and the cells in them must come in order, as every spreadsheet program writes them.

    Args:
        strings: the shared texts.
        formats: what numbers mean, by number of style.
        since_1904: whether days are counted from 1904 (old Macs) instead of 1900.
    """

    def __init__(self, strings: Sequence[str], formats: Sequence[Format], *, since_1904: bool) -> None:
        super().__init__()
        self._strings = strings
        self._formats = formats
        self._since_1904 = since_1904
        self._columns = _ColumnNumbers()
        self._rows: list[tuple[int, Sequence[Cell]]] = []
        self._row = 0
        self._cells: list[Cell] = []
        self._all_cells = 0
        self._column = 0
        self._type = "n"
        self._style = "0"
        self._pieces: list[str] = []
        self._collecting = False
        self._in_reading_aid = False
        self._has_value = False
        self._has_formula = False
        # By the type of a cell (18.18.11).
        self._readers: Mapping[str, Callable[[str], Cell]] = {
            "n": self._number,
            "s": self._shared,
            "str": str,
            "inlineStr": str,
            "b": lambda text: text in {"1", "true"},
            "e": lambda text: Broken(text, _ERROR),
            "d": lambda text: date.fromisoformat(text[:10]),
        }

    def take_rows(self) -> Sequence[tuple[int, Sequence[Cell]]]:
        """Return the rows completed since the last call, with their numbers."""
        rows, self._rows = self._rows, []
        return rows

    def opened(self, name: str, attributes: Mapping[str, str]) -> None:
        """Begin a row, a cell or a part of a cell."""
        if name == "c":
            self._open_cell(attributes)
        elif name == "v":
            self._has_value = self._collecting = True
        elif name == "f":
            self._has_formula = True
        elif name == "t":
            self._collecting = self._type == "inlineStr" and not self._in_reading_aid
        elif name == "rPh":
            self._in_reading_aid = True
        elif name == "row":
            row = int(attributes.get("r", self._row + 1))
            if not self._row < row <= _MOST_ROWS:
                raise damaged()
            self._row, self._column, self._cells = row, 0, []

    def _open_cell(self, attributes: Mapping[str, str]) -> None:
        place = attributes.get("r")
        column = self._columns[place.rstrip("0123456789")] if place else self._column + 1
        if not self._column < column <= _MOST_COLUMNS:
            raise damaged()
        self._column = column
        self._type = attributes.get("t", "n")
        self._style = attributes.get("s", "0")
        self._pieces = []
        self._has_value = self._has_formula = False

    def text(self, text: str) -> None:
        """Collect the text of a value."""
        if self._collecting:
            self._pieces.append(text)

    def closed(self, name: str) -> None:
        """Finish a row, a cell or a part of a cell."""
        if name == "v" or name == "t":  # noqa: PLR1714 - twice as fast as a set, and met for every cell
            self._collecting = False
        elif name == "c":
            value = self._value()
            # Cells that are only formatted are left out: no row grows by them.
            if not isinstance(value, str) or value:
                missing = self._column - len(self._cells) - 1
                self._all_cells += missing + 1
                if self._all_cells > _MOST_CELLS:
                    raise UnusableWorkbookError(
                        Message(N_("the workbook holds too many cells: copy the rows into a new workbook"))
                    )
                self._cells.extend([""] * missing)
                self._cells.append(value)
        elif name == "row":
            if self._cells:
                self._rows.append((self._row, self._cells))
        elif name == "rPh":
            self._in_reading_aid = False

    def _value(self) -> Cell:
        text = _unescaped(self._pieces)
        # A result of no text is stored as an empty value of type str; without that, nothing was ever worked out.
        if self._has_formula and not (text or (self._has_value and self._type == "str")):
            return Broken("=…", _NO_RESULT)
        read = self._readers.get(self._type)
        if read is None:
            raise damaged()
        return read(text) if text else ""

    def _shared(self, text: str) -> Cell:
        index = int(text)
        if index < 0:
            raise damaged()
        return self._strings[index]

    def _number(self, text: str) -> Cell:
        number = float(text)
        index = int(self._style)
        meaning = self._formats[index] if 0 <= index < len(self._formats) else Format.NUMBER
        if meaning is Format.TIME or (meaning is Format.DATE and 0 <= number < 1):
            return Broken(text, _TIME)
        if meaning is Format.DATE and 1 <= number < _LAST_DAY + 1:
            return _day(int(number), since_1904=self._since_1904)
        return int(number) if number.is_integer() and abs(number) < _LONGEST_INTEGER else number


def _day(number: int, *, since_1904: bool) -> Cell:
    # The count of 1900 has a 29 February that never was (day 60).
    before_first = date(1904, 1, 1) if since_1904 else date(1899, 12, 31 if number < 60 else 30)
    try:
        return before_first + timedelta(days=number)
    except OverflowError:
        return number


_NO_RESULT: Final = Message(
    N_(
        "expected a value: the cell's formula was never worked out; open the file in the spreadsheet program, save it,"
        " and try again"
    )
)
_ERROR: Final = Message(N_("expected a value: the cell's formula went wrong; mend it, or type the value itself"))
_TIME: Final = Message(
    N_(
        "expected no time of day: set the column's format to what it should hold (text, number or date), and type the"
        " value again"
    )
)
