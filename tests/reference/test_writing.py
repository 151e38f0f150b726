from __future__ import annotations

import csv
import io
import time
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from reference.cefr import Level
from reference.guard import guarded, unguarded
from reference.people import (
    LanguageSkill,
    MeetingMode,
    Mentee,
    Mentor,
    Pair,
    Requirement,
    RequirementKind,
    Role,
)
from reference.reading import PairsFile, Source, read_pairs
from reference.slots import Day, Part, Slot
from reference.topics import Topic
from reference.translation import LANGUAGES, Language
from reference.writing import Table, csv_bytes, pairs_table, people_table
from reference.xlsx_writing import xlsx_bytes
from spreadsheet_files import MENTEES, MENTORS, read

Item = TypeVar("Item")

# What reading keeps as it is: no control characters, no spaces around it, nothing that is guarded.
_SIGNS = st.characters(exclude_categories=("Cc", "Cs"), exclude_characters=";:")


def _kept(text: str) -> bool:
    return text.strip() == text != "" and guarded(text) == text


TEXT = st.text(_SIGNS, min_size=1, max_size=12).filter(_kept)
NOTE = st.text(st.one_of(_SIGNS, st.just("\n")), min_size=1, max_size=20).filter(_kept)
WORDS = st.one_of(st.sampled_from(["#N/A", "_x0041_", "'=1", "x,y", 'say "a"', "0017"]), TEXT)
DATES = st.dates(min_value=date(1900, 3, 1))
NUMBERS = st.integers(1, 10_000).map(lambda hundredths: hundredths / 100)


def some(items: st.SearchStrategy[Item], key: Callable[[Item], Any] | None = None) -> st.SearchStrategy[Any]:
    """Return tuples of distinct items, or ``None``: an empty list is unknown."""
    lists = st.lists(items, min_size=1, max_size=4, unique_by=key or (lambda item: item))
    return st.none() | lists.map(tuple)


def none_if_empty(items: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return items.map(lambda found: found or ())


# The guard comes off ids: one that looks guarded does not come back as it went, one that looks like a formula does.
FORMULAS = st.builds("{}{}".format, st.sampled_from("=+-@"), st.integers(1, 99))
ID = st.one_of(WORDS.filter(lambda text: unguarded(text) == text), FORMULAS)
REQUIREMENTS = st.one_of(
    st.sampled_from(
        [
            Requirement(RequirementKind.ONLINE),
            Requirement(RequirementKind.IN_PERSON),
            Requirement(RequirementKind.LANGUAGE, "ar"),
            Requirement(RequirementKind.OCCUPATION, "22"),
        ]
    ),
    TEXT.map(lambda text: Requirement(RequirementKind.DIVISION, text)),
)
COMMON: dict[str, st.SearchStrategy[Any]] = {
    "name": st.none() | WORDS,
    "division": st.none() | WORDS,
    "postcode": st.none() | WORDS,
    "languages": some(
        st.builds(LanguageSkill, st.sampled_from(["da", "ar", "en", "prs"]), st.none() | st.sampled_from(Level)),
        lambda skill: skill.code,
    ),
    "occupation": st.none() | st.sampled_from(["2", "22", "2221", "0", "01"]),
    "sector": st.none() | WORDS,
    "education": st.none() | st.integers(0, 8),
    "topics": some(st.sampled_from(Topic)),
    "interests": some(TEXT, lambda text: unicodedata.normalize("NFC", text).casefold()),
    "availability": some(st.builds(Slot, st.sampled_from(Day), st.sampled_from(Part))),
    "meeting": some(st.sampled_from(MeetingMode)),
    "hours_per_month": st.none() | NUMBERS,
    "months": st.none() | NUMBERS,
    "must_not_meet": none_if_empty(some(TEXT.filter(lambda text: unguarded(text) == text))),
    "requires": none_if_empty(some(REQUIREMENTS)),
    "wishes": st.none() | NOTE,
}
COUNTS = st.integers(0, 999_999_999)
MENTOR = st.builds(
    Mentor,
    id=st.just(""),
    capacity=COUNTS,
    active_pairs=COUNTS,
    pairs_before=st.none() | COUNTS,
    min_danish=st.none() | st.sampled_from(Level),
    resting_until=st.none() | DATES,
    idle_since=st.none() | DATES,
    **COMMON,
)
MENTEE = st.builds(
    Mentee,
    id=st.just(""),
    waiting_since=st.none() | DATES,
    practise_danish=st.none() | st.booleans(),
    needs_experience=st.none() | st.booleans(),
    **COMMON,
)
PAIR = st.builds(Pair, ID, ID, since=st.none() | DATES, until=st.none() | DATES, reason=st.none() | NOTE)
IDS = st.lists(ID, min_size=4, max_size=4, unique=True)
WRITERS: dict[str, Callable[[Table], bytes]] = {
    "csv": csv_bytes,
    "xlsx": lambda table: xlsx_bytes(table, "People"),
}
OFTEN = settings(max_examples=60, deadline=None)


def numbered(people: Sequence[Any], ids: Sequence[str]) -> tuple[Any, ...]:
    """Return the people with their rows in a file, and distinct ids."""
    return tuple(replace(person, id=ids[index], row=index + 2) for index, person in enumerate(people))


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("language", LANGUAGES)
@OFTEN
@given(drawn=st.lists(MENTOR, max_size=4), ids=IDS)
def test_mentors_written_are_read_as_they_were(
    writer: str, language: Language, drawn: list[Mentor], ids: list[str]
) -> None:
    people = numbered(drawn, ids)
    source = Source("m", WRITERS[writer](people_table(people, Role.MENTOR, language)))
    assert read(mentors=source).mentors == people


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("language", LANGUAGES)
@OFTEN
@given(drawn=st.lists(MENTEE, max_size=4), ids=IDS)
def test_mentees_written_are_read_as_they_were(
    writer: str, language: Language, drawn: list[Mentee], ids: list[str]
) -> None:
    people = numbered(drawn, ids)
    source = Source("m", WRITERS[writer](people_table(people, Role.MENTEE, language)))
    assert read(mentees=source).mentees == people


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("language", LANGUAGES)
@OFTEN
@given(drawn=st.lists(PAIR, max_size=4))
def test_pairs_written_are_read_as_they_were(writer: str, language: Language, drawn: list[Pair]) -> None:
    pairs = tuple(replace(pair, row=index + 2) for index, pair in enumerate(drawn))
    assert read_pairs(Source("p", WRITERS[writer](pairs_table(pairs, language)))) == PairsFile(pairs)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+45 1234", "'+45 1234"),
        ("-", "'-"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("a=1", "a=1"),
        ("'=1", "'=1"),
        ("", ""),
    ],
)
def test_guarded_text(text: str, written: str) -> None:
    assert guarded(text) == written


@OFTEN
@given(st.text(st.characters(codec="utf-8"), max_size=10))
def test_written_text_never_begins_a_formula(text: str) -> None:
    table = Table((text,), [[text]])
    rows = list(csv.reader(io.StringIO(csv_bytes(table).decode(), newline="")))
    assert rows == [[guarded(text)], [guarded(text)]]
    assert not text.startswith(("=", "+", "-", "@", "\t", "\r")) or rows[0][0].startswith("'")


def test_workbook_texts_are_text_and_numbers_are_numbers() -> None:
    table = Table(("id", "n", "d"), [["=1+1", -2.5, date(2026, 1, 2)], ["#N/A", 3.0, None], ["-7", -7, None]])
    sheet = load_workbook(io.BytesIO(xlsx_bytes(table, "T"))).worksheets[0]
    cells = [[(cell.data_type, cell.value) for cell in row] for row in sheet.iter_rows(min_row=2, max_col=2)]
    assert cells == [[("s", "'=1+1"), ("n", -2.5)], [("s", "#N/A"), ("n", 3)], [("s", "'-7"), ("n", -7)]]
    assert (sheet["C2"].is_date, sheet["C2"].number_format) == (True, "yyyy-mm-dd")
    assert (sheet.title, sheet.freeze_panes, sheet["A1"].font.bold) == ("T", "A2", True)


def test_csv_is_exact() -> None:
    table = Table(
        ("id", "name", "n", "d"),
        [["=1", 'Åse "A", ny\nlinje', 2.0, date(2026, 1, 2)], ["-1", None, -1.5, None]],
    )
    assert csv_bytes(table) == ('id,name,n,d\n\'=1,"Åse ""A"", ny\nlinje",2,2026-01-02\n\'-1,,-1.5,\n'.encode())


def test_csv_row_of_one_empty_cell_stays_a_row() -> None:
    assert csv_bytes(Table(("a",), [[None], [""], ["x"]])) == b'a\n""\n""\nx\n'


def test_same_people_give_the_same_bytes_at_any_time(monkeypatch: pytest.MonkeyPatch) -> None:
    table = people_table([Mentor(id="1", name="Åse", resting_until=date(2026, 1, 1))], Role.MENTOR, "en")
    first = xlsx_bytes(table, "Mentors")
    later = time.localtime(time.time() + 100_000)
    monkeypatch.setattr(time, "localtime", lambda *_: later)
    assert xlsx_bytes(table, "Mentors") == first


def test_widths_fit_within_reason() -> None:
    table = Table(("a", "b", "c"), [["x" * 20, "x" * 500, None]])
    sheet = load_workbook(io.BytesIO(xlsx_bytes(table, "T"))).worksheets[0]
    assert [sheet.column_dimensions[letter].width for letter in "ABC"] == [22, 50, 8]


def test_danish_words_are_written_in_danish() -> None:
    mentee = Mentee(
        id="1",
        availability=(Slot(Day.SAT, Part.MORNING),),
        meeting=(MeetingMode.IN_PERSON,),
        requires=(Requirement(RequirementKind.LANGUAGE, "ar"),),
        practise_danish=True,
    )
    table = people_table([mentee], Role.MENTEE, "da")
    written = {name: value for name, value in zip(table.headers, table.rows[0], strict=True) if value is not None}
    assert written == {
        "id": "1",
        "tider": "lør-formiddag",
        "mødeform": "fysisk",
        "krav": "sprog:ar",
        "vil øve dansk": "ja",
    }


def test_nothing_written_is_nothing_read() -> None:
    assert read(Source("m", csv_bytes(people_table([], Role.MENTOR, "da"))), MENTEES).mentors == ()
    assert read(MENTORS, Source("m", xlsx_bytes(people_table([], Role.MENTEE, "en"), "Mentees"))).mentees == ()


@pytest.mark.parametrize("text", ["=1+1", "+2", "-1", "@a", "'", "'a", "plain", "", "\ttab"])
def test_guard_comes_off_as_it_went_on(text: str) -> None:
    assert unguarded(guarded(text)) == text
