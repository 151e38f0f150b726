"""Empty spreadsheets for coordinators to fill in: headers, drop-downs, help, and nothing that would be imported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import ceil
from pathlib import Path
from types import MappingProxyType
from typing import Final

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from reference.cefr import Level
from reference.columns import Column, Kind, Subject, columns_of
from reference.people import MeetingMode
from reference.topics import Topic
from reference.translation import N_, Language, Message
from reference.vocabulary import MEETING_WORDS, NATIVE, YES_NO_WORDS
from reference.xlsx_writing import DATE_FORMAT, HEADER_FONT, TEXT_FORMAT, workbook_bytes

# Translators: the names of sheets in a workbook.
_TITLES: Final[Mapping[Subject, Message]] = MappingProxyType(
    {
        Subject.MENTORS: Message(N_("Mentors")),
        Subject.MENTEES: Message(N_("Mentees")),
        Subject.PAIRS: Message(N_("Pairs")),
    }
)
# Translators: the name of the sheet that explains the columns; in Danish "Vejledning".
_HELP: Final = Message(N_("Help"))

_LAST_ROW: Final = 20_001
_HEADER_FILL: Final = PatternFill("solid", fgColor="DDEBEB")
_EXAMPLE_FILL: Final = PatternFill("solid", fgColor="F5F1E8")
_HELP_WIDTHS: Final = (24, 15, 72, 45)
_WIDTHS: Final[Mapping[Kind, int]] = MappingProxyType(
    {Kind.NOTE: 40, Kind.LANGUAGES: 30, Kind.TOPICS: 34, Kind.AVAILABILITY: 32, Kind.REQUIREMENTS: 28}
)
_NARROWEST: Final = 14
_LINE_HEIGHT: Final = 15
# Excel's drop-downs hold this many signs; ours are far shorter.
_LONGEST_LIST: Final = 255

# Without it a spreadsheet program drops the zeros before a number, or makes a date of 1-2.
_WRITTEN_AS_TEXT: Final = frozenset(Kind) - {Kind.AMOUNT, Kind.COUNT, Kind.EDUCATION, Kind.DATE}


def template_bytes(subject: Subject, language: Language) -> bytes:
    """Return the empty spreadsheet of ``subject`` with headers, words and help in ``language``, as an XLSX file."""
    workbook = Workbook()
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)
    sheet.title = _TITLES[subject].text(language)
    sheet.freeze_panes = "A2"
    for index, column in enumerate(columns_of(subject), 1):
        _add_column(sheet, index, column, language)
    _add_help(workbook.create_sheet(_HELP.text(language)), subject, language)
    for one in workbook.worksheets:
        _fit_on_paper(one)
    return workbook_bytes(workbook)


def write_template(path: Path, *, subject: Subject, language: Language) -> None:
    """Write the empty spreadsheet of ``subject`` in ``language`` to ``path``, an XLSX file."""
    path.write_bytes(template_bytes(subject, language))


def _add_column(sheet: Worksheet, index: int, column: Column, language: Language) -> None:
    letter = get_column_letter(index)
    header = sheet.cell(1, index, column.header(language))
    header.font = HEADER_FONT
    header.fill = _HEADER_FILL
    header.alignment = Alignment(vertical="top", wrap_text=True)
    note = Comment(_explained(column, language), "Mentornet", height=140, width=320)
    header.comment = note
    dimension = sheet.column_dimensions[letter]
    dimension.width = _WIDTHS.get(column.kind, max(_NARROWEST, len(column.header(language)) + 2))
    # The column's format holds for every cell that is filled in later.
    if column.kind is Kind.DATE:
        dimension.number_format = DATE_FORMAT
    elif column.kind in _WRITTEN_AS_TEXT:
        dimension.number_format = TEXT_FORMAT
    check = _check(column, language)
    if check is not None:
        sheet.add_data_validation(check)
        check.add(f"{letter}2:{letter}{_LAST_ROW}")


def _explained(column: Column, language: Language) -> str:
    shown = " / ".join(column.examples[language])
    example = Message(N_("For example: {example}"), {"example": shown}).text(language)
    return f"{column.help.text(language)}\n{example}"


def _check(column: Column, language: Language) -> DataValidation | None:
    """Return the drop-down or the check of the column's cells, if it has one."""
    check = _list_of(_choices(column.kind, language))
    if check is None and column.kind is Kind.AMOUNT:
        check = DataValidation(type="decimal", operator="greaterThan", formula1="0")
    elif check is None and column.kind is Kind.COUNT:
        check = DataValidation(type="whole", operator="greaterThanOrEqual", formula1="0")
    elif check is None and column.kind is Kind.DATE:
        # Day 1 of the spreadsheet programs' count: any date at all.
        check = DataValidation(type="date", operator="greaterThanOrEqual", formula1="1")
    if check is not None:
        check.allow_blank = True
        check.showErrorMessage = True
        check.errorTitle = column.header(language)
        check.error = column.help.text(language)[:_LONGEST_LIST]
    return check


def _choices(kind: Kind, language: Language) -> tuple[str, ...]:
    if kind is Kind.LEVEL:
        return (*(level.name for level in Level), NATIVE[language])
    if kind is Kind.YES_NO:
        return tuple(YES_NO_WORDS[language].values())
    if kind is Kind.EDUCATION:
        return tuple(str(level) for level in range(9))
    if kind is Kind.MEETING:
        words = [MEETING_WORDS[language][mode] for mode in MeetingMode]
        return (*words, "; ".join(words))
    return ()


def _list_of(choices: Iterable[str]) -> DataValidation | None:
    listed = ",".join(choices)
    return DataValidation(type="list", formula1=f'"{listed}"') if listed else None


def _add_help(sheet: Worksheet, subject: Subject, language: Language) -> None:
    for letter, width in zip("ABCD", _HELP_WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    opening = Message(
        N_(
            "Fill in the first sheet, one row for each; only that sheet is read. Leave a cell empty if you do not know."
            " Columns may stand in any order, and those you do not use may be deleted."
        )
    )
    sheet.append([opening.text(language)])
    sheet.merge_cells("A1:D1")
    sheet["A1"].alignment = Alignment(vertical="top", wrap_text=True)
    sheet.row_dimensions[1].height = _LINE_HEIGHT * 3
    _append_heading(sheet, (N_("Column"), N_("Needed"), N_("What to write"), N_("Examples")), language)
    columns = columns_of(subject)
    for column in columns:
        needed = Message(N_("yes, always")).text(language) if column.required else ""
        examples = "\n".join(column.examples[language])
        _append_text(sheet, (column.header(language), needed, column.help.text(language), examples))
        sheet.cell(sheet.max_row, 4).fill = _EXAMPLE_FILL
    if any(column.kind is Kind.TOPICS for column in columns):
        sheet.append([])
        _append_heading(sheet, (N_("Topic"), "", N_("Meaning")), language)
        for topic in Topic:
            _append_text(sheet, (topic.value, "", topic.label.text(language)))


def _append_heading(sheet: Worksheet, templates: Iterable[str], language: Language) -> None:
    # An empty template would give the catalogue's own header.
    sheet.append([Message(template).text(language) if template else "" for template in templates])
    for cell in sheet[sheet.max_row]:
        cell.font = HEADER_FONT
        cell.fill = _HEADER_FILL


def _lines(text: str, width: int) -> int:
    """Return about how many lines ``text`` takes in a cell that is ``width`` signs wide."""
    return sum(max(1, ceil(1.15 * len(line) / width)) for line in text.split("\n"))


def _fit_on_paper(sheet: Worksheet) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToHeight = 0


def _append_text(sheet: Worksheet, texts: Sequence[str]) -> None:
    sheet.append([*texts])
    # Not every spreadsheet program makes a row as high as its wrapped text.
    lines = max(_lines(text, width) for text, width in zip(texts, _HELP_WIDTHS, strict=False))
    sheet.row_dimensions[sheet.max_row].height = _LINE_HEIGHT * lines
    for cell in sheet[sheet.max_row]:
        cell.alignment = Alignment(vertical="top", wrap_text=True)
        # Examples such as 17 are text here, and nothing may be taken for a formula.
        cell.data_type = "s"
        cell.number_format = TEXT_FORMAT
