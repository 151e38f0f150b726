from __future__ import annotations

from datetime import date

import pytest

from reference.cefr import Level
from reference.cells import EXPECTED, Broken, Cell, CellReader, cell_text
from reference.columns import Kind
from reference.people import LanguageSkill, MeetingMode, Requirement, RequirementKind
from reference.slots import Day, Part, Slot
from reference.titles import TitleMatch
from reference.topics import Topic
from reference.translation import LANGUAGES, Message
from reference.verdicts import NOTHING, Verdict


class KnownTitles:
    """A resolver that knows two titles."""

    def resolve(self, text: str) -> TitleMatch | None:
        known = {
            "nurse": TitleMatch("2221", "Nursing professionals", 1.0, exact=True),
            "nurze": TitleMatch("2221", "Nursing professionals", 0.815, exact=False),
        }
        return known.get(text.casefold())


def verdict(kind: Kind, cell: Cell) -> Verdict:
    return CellReader(KnownTitles()).read(kind, cell)


def faults(kind: Kind, cell: Cell) -> list[str]:
    found = verdict(kind, cell)
    assert found.value is None
    return [message.text("en") for message in found.faults]


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        (Kind.ID, " 007 ", "007"),
        (Kind.ID, 17, "17"),
        (Kind.ID, 17.0, "17"),
        (Kind.ID, 17.5, "17.5"),
        (Kind.ID, "Æ–1", "Æ–1"),
        (Kind.TEXT, "  Anne-Marie  ", "Anne-Marie"),
        (Kind.TEXT, 8000, "8000"),
        (Kind.TEXT, "فاطمة", "فاطمة"),
        (Kind.NOTE, "one\ntwo\tthree", "one\ntwo\tthree"),
        (Kind.LANGUAGES, "da", (LanguageSkill("da", None),)),
        (Kind.LANGUAGES, "DA:b2; ara:Native", (LanguageSkill("da", Level.B2), LanguageSkill("ar", Level.C2))),
        (Kind.LANGUAGES, "dansk : Modersmål;; Arabic", (LanguageSkill("da", Level.C2), LanguageSkill("ar", None))),
        (Kind.LANGUAGES, "da:modersma\N{COMBINING RING ABOVE}l", (LanguageSkill("da", Level.C2),)),
        # As the desk shows them, and as people write them.
        (Kind.LANGUAGES, "Arabic C2, Danish B1", (LanguageSkill("ar", Level.C2), LanguageSkill("da", Level.B1))),
        (Kind.LANGUAGES, "da, en", (LanguageSkill("da", None), LanguageSkill("en", None))),
        (
            Kind.LANGUAGES,
            "dansk (B1), ARABISK - modersmål",
            (LanguageSkill("da", Level.B1), LanguageSkill("ar", Level.C2)),
        ),
        (Kind.LANGUAGES, "dansk b1 og arabisk", (LanguageSkill("da", Level.B1), LanguageSkill("ar", None))),
        (Kind.LANGUAGES, "Danish A2\nEnglish: C1", (LanguageSkill("da", Level.A2), LanguageSkill("en", Level.C1))),
        (Kind.LANGUAGES, "assyrisk (nyaramæisk) B2", (LanguageSkill("aii", Level.B2),)),
        (Kind.TOPICS, "Finding a job; CV'et, NETVÆRK", (Topic.JOB_SEARCH, Topic.CV, Topic.NETWORK)),
        (Kind.TOPICS, "familie og skole; at finde et job", (Topic.FAMILY_SCHOOL, Topic.JOB_SEARCH)),
        (
            Kind.AVAILABILITY,
            "Mandag aften, saturday morning",
            (Slot(Day.MON, Part.EVENING), Slot(Day.SAT, Part.MORNING)),
        ),
        (Kind.MEETING, "online og fysisk", (MeetingMode.ONLINE, MeetingMode.IN_PERSON)),
        (Kind.OCCUPATION, "2221", "2221"),
        (Kind.OCCUPATION, 2221.0, "2221"),
        (Kind.OCCUPATION, "0", "0"),
        (Kind.OCCUPATION, "01", "01"),
        (Kind.EDUCATION, "0", 0),
        (Kind.EDUCATION, "8", 8),
        (Kind.EDUCATION, 6.0, 6),
        (Kind.TOPICS, "cv; job_search", (Topic.CV, Topic.JOB_SEARCH)),
        (Kind.TOPICS, "Job-Search;IT skills", (Topic.JOB_SEARCH, Topic.IT_SKILLS)),
        (Kind.INTERESTS, "Løb; løb; ;Sewing", ("Løb", "Sewing")),
        (Kind.AVAILABILITY, "mon-evening", (Slot(Day.MON, Part.EVENING),)),
        (Kind.AVAILABILITY, "MAN_AFTEN; lør formiddag", (Slot(Day.MON, Part.EVENING), Slot(Day.SAT, Part.MORNING))),
        (Kind.AVAILABILITY, "søn-eftermiddag;sun-afternoon", (Slot(Day.SUN, Part.AFTERNOON),)),
        (Kind.MEETING, "In-Person; online", (MeetingMode.IN_PERSON, MeetingMode.ONLINE)),
        (Kind.MEETING, "fysisk", (MeetingMode.IN_PERSON,)),
        (Kind.AMOUNT, "2.5", 2.5),
        (Kind.AMOUNT, "2,5", 2.5),
        (Kind.AMOUNT, 4, 4.0),
        (Kind.AMOUNT, "+4", 4.0),
        (Kind.COUNT, "0", 0),
        (Kind.COUNT, "003", 3),
        (Kind.COUNT, "3.0", 3),
        (Kind.COUNT, 3.0, 3),
        (Kind.LEVEL, "b1", Level.B1),
        (Kind.LEVEL, "Modersmål", Level.C2),
        (Kind.DATE, "2026-11-21", date(2026, 11, 21)),
        (Kind.DATE, "21-11-2026", date(2026, 11, 21)),
        (Kind.DATE, "1.2.2026", date(2026, 2, 1)),
        (Kind.DATE, date(2026, 11, 21), date(2026, 11, 21)),
        (Kind.YES_NO, "Ja", True),
        (Kind.YES_NO, "no", False),
        (Kind.YES_NO, False, False),
        (Kind.IDS, "a; A;a", ("a", "A")),
        (Kind.IDS, 17, ("17",)),
        (
            Kind.REQUIREMENTS,
            "language:Arabic; occupation:22; division:Aarhus C; online; in person; online",
            (
                Requirement(RequirementKind.LANGUAGE, "ar"),
                Requirement(RequirementKind.OCCUPATION, "22"),
                Requirement(RequirementKind.DIVISION, "Aarhus C"),
                Requirement(RequirementKind.ONLINE),
                Requirement(RequirementKind.IN_PERSON),
            ),
        ),
        (
            Kind.REQUIREMENTS,
            "sprog:ar; fag:22; afdeling:Aarhus; fysisk",
            (
                Requirement(RequirementKind.LANGUAGE, "ar"),
                Requirement(RequirementKind.OCCUPATION, "22"),
                Requirement(RequirementKind.DIVISION, "Aarhus"),
                Requirement(RequirementKind.IN_PERSON),
            ),
        ),
    ],
)
def test_cell_within_the_table(kind: Kind, cell: Cell, value: object) -> None:
    assert verdict(kind, cell) == Verdict(value)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("cell", ["", "   ", "\N{NO-BREAK SPACE}\t\n"])
def test_cell_empty_is_unknown(kind: Kind, cell: str) -> None:
    assert verdict(kind, cell) == NOTHING


@pytest.mark.parametrize(
    "kind",
    [Kind.LANGUAGES, Kind.TOPICS, Kind.INTERESTS, Kind.AVAILABILITY, Kind.MEETING, Kind.IDS, Kind.REQUIREMENTS],
)
def test_list_of_empty_items_is_unknown(kind: Kind) -> None:
    assert verdict(kind, " ; ;") == NOTHING


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x1b", "\x1f", "\x7f", "\x85", "\x9f"])
def test_control_character_is_a_fault_everywhere(kind: Kind, sign: str) -> None:
    for text in (sign, sign + "a", "a" + sign):
        assert faults(kind, text) == [
            "expected no control characters, signs that cannot be seen: empty the cell and type again"
        ]


BARE_NUMBER = (
    "expected a date such as 2026-11-21; this is a bare number: set the column's format to date in the spreadsheet"
    " program, check what it shows, save, and try again"
)
IMPOSSIBLE_DATE = "expected a date that exists, such as 2026-11-21 or 21-11-2026"
ONE_LINE = "expected one line, without tabs or line breaks"
LOST_DIGITS = (
    "expected a number of at most 15 digits: the spreadsheet program has lost the others; set the column's format to"
    " text, and type it again"
)


@pytest.mark.parametrize(
    ("kind", "cell", "messages"),
    [
        (Kind.ID, "a\nb", [ONE_LINE]),
        (Kind.TEXT, "a\tb", [ONE_LINE]),
        (Kind.ID, 1e15, [LOST_DIGITS]),
        (Kind.ID, True, ["expected an id: a number or a short text"]),
        (
            Kind.LANGUAGES,
            "da, klingonish",
            [
                (
                    "expected languages by name or code with a semicolon between them, such as Danish:B2; ar; not"
                    " known: “klingonish”"
                ),
            ],
        ),
        (
            Kind.LANGUAGES,
            "Kurdish, Sorani; da",
            [
                (
                    "expected languages by name or code with a semicolon between them, such as Danish:B2; ar; not"
                    " known: “Kurdish, Sorani”"
                ),
            ],
        ),
        (
            Kind.LANGUAGES,
            "Danish fluent, Arabic B1-B2, English C1",
            [
                (
                    "expected a level A1, A2, B1, B2, C1, C2 or native after the language, such as Danish B1, and a"
                    " semicolon between languages; not understood: “Danish fluent”, “Arabic B1-B2”"
                ),
            ],
        ),
        (
            Kind.LANGUAGES,
            "klingonish; da:D4; da; Dansk; ar:",
            [
                (
                    "expected languages by name or code with a semicolon between them, such as Danish:B2; ar; not"
                    " known: “klingonish”"
                ),
                "expected a level A1, A2, B1, B2, C1, C2 or native after the colon; not understood: “da:D4”, “ar:”",
                "expected each language once; more than once here: “Dansk”",
            ],
        ),
        (
            Kind.OCCUPATION,
            "9999",
            [
                "expected an ISCO-08 number of 1 to 4 digits that exists, such as 2221, or a job title in words",
            ],
        ),
        (
            Kind.OCCUPATION,
            "22210",
            [
                "expected an ISCO-08 number of 1 to 4 digits that exists, such as 2221, or a job title in words",
            ],
        ),
        (
            Kind.OCCUPATION,
            "qwxz",
            [
                (
                    "expected a job title that is known: write it in another way, in English or Danish, or write the"
                    " ISCO-08 number, such as 2221"
                ),
            ],
        ),
        (Kind.EDUCATION, "9", ["expected a level of education, a whole number from 0 to 8"]),
        (Kind.EDUCATION, "-1", ["expected a level of education, a whole number from 0 to 8"]),
        (
            Kind.TOPICS,
            "cv; CV; tennis",
            [
                (
                    "expected topics of this list, with a semicolon between: job_search cv interview workplace_culture"
                    " network recognition education danish everyday_life society business it_skills family_school"
                    " confidence; not understood: “tennis”"
                ),
                "expected each topic once; more than once here: “CV”",
            ],
        ),
        (Kind.INTERESTS, "a\nb", ["expected a semicolon between the items, not only a line break: “a�b”"]),
        (
            Kind.AVAILABILITY,
            "mon-evening; monday-night; x",
            [
                (
                    "expected days (mon tue wed thu fri sat sun) with a part of the day (morning afternoon evening),"
                    " such as mon-evening; sat-morning; not understood: “monday-night”, “x”"
                ),
            ],
        ),
        (
            Kind.MEETING,
            "by phone",
            [
                "expected in person, online, or both with a semicolon between them; not understood: “by phone”",
            ],
        ),
        (Kind.AMOUNT, "0", ["expected a number above 0, such as 4 or 2.5"]),
        (Kind.AMOUNT, "-1", ["expected a number above 0, such as 4 or 2.5"]),
        (Kind.AMOUNT, "1.234,5", ["expected a number above 0, such as 4 or 2.5"]),
        (Kind.AMOUNT, "1 234", ["expected a number above 0, such as 4 or 2.5"]),
        (Kind.AMOUNT, "nan", ["expected a number above 0, such as 4 or 2.5"]),
        (Kind.AMOUNT, float("inf"), ["expected a number above 0, such as 4 or 2.5"]),
        (Kind.AMOUNT, float("nan"), ["expected a number above 0, such as 4 or 2.5"]),
        (Kind.AMOUNT, "1e999", ["expected a number above 0, such as 4 or 2.5"]),
        (Kind.AMOUNT, "١٢", ["expected a number above 0, such as 4 or 2.5"]),
        (Kind.AMOUNT, True, ["expected a number above 0, such as 4 or 2.5"]),
        (
            Kind.AMOUNT,
            date(2026, 5, 1),
            [
                (
                    "expected a number above 0, such as 4 or 2.5; the spreadsheet program has made a date of it: set"
                    " the column's format to text, and type it again"
                ),
            ],
        ),
        (Kind.COUNT, "1.000", ["expected a whole number, 0 or more"]),
        (Kind.COUNT, "1.5", ["expected a whole number, 0 or more"]),
        (Kind.COUNT, "-1", ["expected a whole number, 0 or more"]),
        (Kind.COUNT, "1" * 5000, ["expected a whole number, 0 or more"]),
        (Kind.LEVEL, "B3", ["expected a level A1, A2, B1, B2, C1, C2 or native"]),
        (Kind.DATE, "2026-02-30", [IMPOSSIBLE_DATE]),
        (Kind.DATE, "21-11.2026", ["expected a date such as 2026-11-21 or 21-11-2026"]),
        (Kind.DATE, "21/11/2026", ["expected a date such as 2026-11-21 or 21-11-2026"]),
        (Kind.DATE, "0-0-0000", [IMPOSSIBLE_DATE]),
        (Kind.DATE, "46347", [BARE_NUMBER]),
        (Kind.DATE, 46347, [BARE_NUMBER]),
        (Kind.DATE, 46347.5, [BARE_NUMBER]),
        (Kind.YES_NO, "maybe", ["expected yes or no"]),
        (Kind.YES_NO, 1, ["expected yes or no"]),
        (
            Kind.REQUIREMENTS,
            "language:xyzzy; occupation:9999; tall; online:yes; division:; language:ar:B2",
            [
                "expected a language's name or code after the colon, and no level; not known: “language:xyzzy”",
                "expected an ISCO-08 number of 1 to 4 digits after the colon; not known: “occupation:9999”",
                "expected a language's name or code after the colon, and no level; not known: “language:ar:B2”",
                (
                    "expected language:ar, occupation:22, division:Aarhus, online or in person, with a semicolon"
                    " between them; not understood: “tall”, “online:yes”, “division:”"
                ),
            ],
        ),
    ],
)
def test_cell_outside_the_table(kind: Kind, cell: Cell, messages: list[str]) -> None:
    assert faults(kind, cell) == messages


def test_list_with_many_unknown_items_names_the_first_five() -> None:
    assert faults(Kind.MEETING, "a;b;c;d;e;f;g") == [
        "expected in person, online, or both with a semicolon between them; not understood: “a”, “b”, “c”, “d”, “e”, …"
    ]


@pytest.mark.parametrize(("title", "percent"), [("Nurse", 100), ("nurze", 82)])
def test_title_resolved_says_which_one_and_how_sure(title: str, percent: int) -> None:
    notice = f"taken as 2221, Nurses ({percent} % sure); if that is wrong, write the number"
    found = verdict(Kind.OCCUPATION, title)
    assert (found.value, found.faults, [message.text("en") for message in found.notices]) == ("2221", (), [notice])


def test_every_topic_is_known_by_its_label_in_either_language() -> None:
    for topic in Topic:
        for language in LANGUAGES:
            assert verdict(Kind.TOPICS, topic.label.text(language).upper()) == Verdict((topic,))


def test_interests_with_commas_are_one_and_a_notice_says_so() -> None:
    found = verdict(Kind.INTERESTS, "sewing, running")
    assert (found.value, found.faults) == (("sewing, running",), ())
    assert [message.text("en") for message in found.notices] == [
        "taken as one interest; if these are several, write a semicolon between them"
    ]
    assert verdict(Kind.INTERESTS, "salt, pepper; running") == Verdict(("salt, pepper", "running"))


@pytest.mark.parametrize("kind", Kind)
def test_broken_cell_is_a_fault_everywhere(kind: Kind) -> None:
    message = Message("expected a value")
    assert verdict(kind, Broken("#REF!", message)) == Verdict(faults=(message,))


@pytest.mark.parametrize("kind", Kind)
def test_date_cell_outside_date_columns_is_a_fault(kind: Kind) -> None:
    found = verdict(kind, date(2026, 5, 1))
    assert bool(found.faults) is (kind is not Kind.DATE)


def test_expectations_cover_every_kind() -> None:
    assert set(EXPECTED) == set(Kind)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("a", "a"),
        (3, "3"),
        (3.0, "3"),
        (2.5, "2.5"),
        (True, "TRUE"),
        (date(2026, 1, 2), "2026-01-02"),
        (Broken("#N/A", Message("x")), "#N/A"),
    ],
)
def test_cell_text_is_what_the_owner_sees(cell: Cell, text: str) -> None:
    assert cell_text(cell) == text
