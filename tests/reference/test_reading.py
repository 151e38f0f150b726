from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from reference.cefr import Level
from reference.faults import Fault, UnusableFilesError
from reference.people import LanguageSkill, MeetingMode, Mentee, Mentor, Requirement, RequirementKind
from reference.reading import Limits, PeopleFiles, Source, read_people
from reference.slots import Day, Part, Slot
from reference.titles import TitleMatch
from reference.topics import Topic
from spreadsheet_files import (
    MENTEES,
    MENTORS,
    csv_source,
    faults_of,
    lines,
    packed,
    read,
    sheet_source,
    text_cell,
    workbook_source,
)

ENGLISH = """\
id,name,division,postcode,languages,occupation,sector,education,topics,interests,availability,meeting,hours per month,\
months,must not meet,requires,wishes,capacity,active pairs,pairs before,min danish,resting until,idle since
007,"Møller, Åse",Aarhus,0800,da:C2; ar:B1,2221,health,6,cv; interview,Running; sewing,mon-evening,in person; online,\
2.5,12,E1,language:ar,"two
lines",2,1,3,B1,2026-11-21,2026-01-02
"""
DANISH = """\
ID;Navn;AFDELING;POSTNUMMER;sprog;fag;branche;uddannelse;emner;interesser;tider;mødeform;timer_pr_måned;\
 måneder ;må ikke møde;krav;ønsker;kapacitet;aktive par;tidligere par;mindste dansk;pause til;ledig siden
007;Møller, Åse;Aarhus;0800;"dansk:modersmål; arabisk:B1";2221;health;6;"cv; interview";"Running; sewing";man-aften;\
"fysisk; online";2,5;12;E1;sprog:ar;"two
lines";2;1;3;B1;21-11-2026;02.01.2026
"""
ASE = Mentor(
    id="007",
    row=2,
    name="Møller, Åse",
    division="Aarhus",
    postcode="0800",
    languages=(LanguageSkill("da", Level.C2), LanguageSkill("ar", Level.B1)),
    occupation="2221",
    sector="health",
    education=6,
    topics=(Topic.CV, Topic.INTERVIEW),
    interests=("Running", "sewing"),
    availability=(Slot(Day.MON, Part.EVENING),),
    meeting=(MeetingMode.IN_PERSON, MeetingMode.ONLINE),
    hours_per_month=2.5,
    months=12.0,
    must_not_meet=("E1",),
    requires=(Requirement(RequirementKind.LANGUAGE, "ar"),),
    wishes="two\nlines",
    capacity=2,
    active_pairs=1,
    pairs_before=3,
    min_danish=Level.B1,
    resting_until=date(2026, 11, 21),
    idle_since=date(2026, 1, 2),
)
EVERYBODY = PeopleFiles((ASE,), (Mentee(id="E1", row=2),))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("text", [ENGLISH, ENGLISH.replace(",", "\t").replace("Møller\t", "Møller,"), DANISH])
def test_csv_in_every_writing(text: str, encoding: str, line_end: str) -> None:
    content = text.replace("\n", line_end).encode(encoding)
    expected = replace(ASE, wishes=f"two{line_end}lines")
    assert read(Source("mentors.csv", content)) == replace(EVERYBODY, mentors=(expected,))


def test_workbook_with_typed_cells() -> None:
    source = workbook_source(
        [
            ["Id", "postcode", "occupation", "education", "hours per month", "capacity", "idle since", "name"],
            [17, 800, 2221, 6, 2.5, 2, date(2026, 1, 2), "Åse"],
            [None, "  ", None, None, None, None, None, None],
            ["x", "0800", "01", "6", "2,5", "2", "2026-01-02", None],
        ]
    )
    assert read(source).mentors == (
        Mentor(
            id="17",
            row=2,
            name="Åse",
            postcode="800",
            occupation="2221",
            education=6,
            hours_per_month=2.5,
            capacity=2,
            idle_since=date(2026, 1, 2),
        ),
        Mentor(
            id="x",
            row=4,
            postcode="0800",
            occupation="01",
            education=6,
            hours_per_month=2.5,
            capacity=2,
            idle_since=date(2026, 1, 2),
        ),
    )


def test_workbook_yes_no_and_date_time_cells() -> None:
    from_rows = workbook_source([["id", "practise danish", "waiting since"], ["1", True, date(2026, 1, 2)]])
    assert read(mentees=from_rows).mentees == (
        Mentee(id="1", row=2, practise_danish=True, waiting_since=date(2026, 1, 2)),
    )


def test_numbers_of_rows_count_blank_ones() -> None:
    expected = (Mentor(id="a", row=2), Mentor(id="b", row=5))
    assert read(csv_source("id,name\na,\n\n , \nb\n")).mentors == expected
    assert read(workbook_source([["id"], ["a"], [], [" "], ["b"]])).mentors == expected


def test_header_without_people_is_fine() -> None:
    assert read(csv_source("id,name\n"), csv_source("ID\n")) == PeopleFiles((), ())
    assert read(workbook_source([["id"]])).mentors == ()


def test_short_row_is_unknown_to_its_end() -> None:
    assert read(csv_source("id,name,division\na\n")).mentors == (Mentor(id="a", row=2),)


def test_ids_match_exactly() -> None:
    found = read(csv_source("id\n7\n07\n7a\n7A\n"))
    assert [mentor.id for mentor in found.mentors] == ["7", "07", "7a", "7A"]


def test_path_and_source_are_read_alike(tmp_path: Path) -> None:
    path = tmp_path / "mentors.csv"
    path.write_text(ENGLISH, encoding="utf-8")
    assert read_people(path, MENTEES) == read(csv_source(ENGLISH)) == EVERYBODY


def test_workbook_named_as_csv_is_read_by_its_content() -> None:
    assert read(workbook_source([["id"], ["a"]], name="mentors.csv")).mentors == (Mentor(id="a", row=2),)


# Faults, each with its exact place.


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name\nÅse\n", [
            "m.csv, row 1: the column “id” is missing: the first row must name it, and every row needs one",
        ]),
        ("a,b\nc,d\n", [
            ("m.csv, row 1: no column has a name that is known: the first row must name the columns, such as id, name,"
            " division, postcode and languages"),
        ]),
        ("id,name,NAVN\n1,a,b\n", ["m.csv, row 1, NAVN: this column stands twice, first as “name”: keep one of them"]),
        ("id,Id\n1,2\n", ["m.csv, row 1, Id: this column stands twice, first as “id”: keep one of them"]),
        ("Id,name\n,a\n", ["m.csv, row 2, Id: expected an id: every row needs one"]),
        ("Id\na\nb\n\na\na\n", [
            "m.csv, row 5, Id: “a”: expected an id that nobody else has: row 2 has the same",
            "m.csv, row 6, Id: “a”: expected an id that nobody else has: row 2 has the same",
        ]),
        ("id,,name\n1,,x\n2,y,z\n3,y,z\n", [
            ("m.csv, row 1: column B has no name, but row 3 has something in it: name the column in the first row, or"
            " empty it"),
        ]),
        ("id,name\n1,a,\n2,b,c\n", [
            ("m.csv, row 2: the row has 3 cells, but the first row names 2 columns: delete the empty cells at its"
            " end"),
            ("m.csv, row 3: the row has 3 cells, but the first row names 2 columns: a text with the sign that divides"
            " the cells must stand in quotation marks"),
        ]),
        ("id;languages\n1;da;ar\n", [
            ("m.csv, row 2: the row has 3 cells, but the first row names 2 columns: a list with ; between its items"
            ' must stand in quotation marks, "da; ar"'),
        ]),
        ("id,capacity,Ledig-Siden\n1,many,soon\n2,-1,\n", [
            "m.csv, row 2, capacity: “many”: expected a whole number, 0 or more",
            "m.csv, row 2, Ledig-Siden: “soon”: expected a date such as 2026-11-21 or 21-11-2026",
            "m.csv, row 3, capacity: “-1”: expected a whole number, 0 or more",
        ]),
        ('id,name\n1,a\n2,"b\n3,c\n', [
            ("m.csv, row 3: a quotation mark is out of place here or never closed, or a cell is far too long:"
            " everything from this row on is unread; a quotation mark inside a quoted cell is written twice"),
        ]),
        ('id,name\n1,"a"b\n', [
            ("m.csv, row 2: a quotation mark is out of place here or never closed, or a cell is far too long:"
            " everything from this row on is unread; a quotation mark inside a quoted cell is written twice"),
        ]),
        ("id,name\n1,a\x00b\n", [
            ("m.csv, row 2, name: “a�b”: expected no control characters, signs that cannot be seen: empty the cell and"
            " type again"),
        ]),
    ],
)  # fmt: skip
def test_csv_fault_at_its_place(text: str, expected: list[str]) -> None:
    assert lines(faults_of(csv_source(text, "m.csv"))) == expected


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["id", "name"], ["1", "a", None, "x"]], [
            "m.xlsx, row 2: “x”: column D has no name: name it in the first row, or empty the cell",
        ]),
        ([["id", None, "name"], ["1", 5, "a"]], [
            ("m.xlsx, row 1: column B has no name, but row 2 has something in it: name the column in the first row, or"
            " empty it"),
        ]),
        ([["id", "idle since"], ["1", 46347]], [
            ("m.xlsx, row 2, idle since: “46347”: expected a date such as 2026-11-21; this is a bare number: set the"
            " column's format to date in the spreadsheet program, check what it shows, save, and try again"),
        ]),
        ([["id", "name"], ["1", "#REF!"]], [
            ("m.xlsx, row 2, name: “#REF!”: expected a value: the cell's formula went wrong; mend it, or type the value"
            " itself"),
        ]),
        ([["id", "name"], ["1", "=A1"]], [
            ("m.xlsx, row 2, name: “=…”: expected a value: the cell's formula was never worked out; open the file in"
            " the spreadsheet program, save it, and try again"),
        ]),
        ([["id", "=A1"], ["1", "x"]], [
            ("m.xlsx, row 1, =…: expected a value: the cell's formula was never worked out; open the file in the"
            " spreadsheet program, save it, and try again"),
        ]),
        ([[], []], ["m.xlsx: the file is empty; if it is a workbook: its first sheet is"]),
    ],
)  # fmt: skip
def test_workbook_fault_at_its_place(rows: list[list[object]], expected: list[str]) -> None:
    assert lines(faults_of(workbook_source(rows, "m.xlsx"))) == expected


def test_workbook_cell_with_spaces_beyond_the_header_is_fine() -> None:
    assert read(workbook_source([["id"], ["1", " "]])).mentors == (Mentor(id="1", row=2),)


def test_time_cell_is_a_fault() -> None:
    styles = (
        '<styleSheet><numFmts><numFmt numFmtId="170" formatCode="[h]:mm"/></numFmts><cellXfs><xf numFmtId="0"/>'
        '<xf numFmtId="170"/><xf numFmtId="14"/></cellXfs></styleSheet>'
    )
    relations = (
        '<Relationships><Relationship Id="r1" Type="/worksheet" Target="worksheets/sheet1.xml"/>'
        '<Relationship Id="r2" Type="/styles" Target="/xl/styles.xml"/></Relationships>'
    )
    header = f"<row>{text_cell('A1', 'id')}{text_cell('B1', 'months')}{text_cell('C1', 'idle since')}</row>"
    row = '<row><c r="A2"><v>1</v></c><c r="B2" s="1"><v>0.5</v></c><c r="C2" s="2"><v>46347.75</v></c></row>'
    source = sheet_source(header + row, **{"xl/styles.xml": styles, "xl/_rels/workbook.xml.rels": relations})
    assert lines(faults_of(source)) == [
        (
            "mentors.xlsx, row 2, months: “0.5”: expected no time of day: set the column's format to what it should"
            " hold (text, number or date), and type the value again"
        )
    ]
    assert read(sheet_source((header + row).replace('s="1"', ""), **{
        "xl/styles.xml": styles, "xl/_rels/workbook.xml.rels": relations
    })).mentors == (Mentor(id="1", row=2, months=0.5, idle_since=date(2026, 11, 21)),)  # fmt: skip


def test_formula_with_a_stored_result_is_read() -> None:
    rows = (
        f"<row>{text_cell('A1', 'id')}{text_cell('B1', 'name')}</row>"
        '<row><c r="A2"><f>1+1</f><v>2</v></c><c r="B2" t="str"><f>""</f><v></v></c></row>'
    )
    assert read(sheet_source(rows)).mentors == (Mentor(id="2", row=2),)


def test_hidden_first_sheet_is_passed_over() -> None:
    main, office = (
        'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"',
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    )
    parts = {
        "xl/workbook.xml": f'<workbook {main} xmlns:r="{office}"><sheets><sheet name="B" state="hidden" r:id="r0"/>'
        '<sheet name="A" r:id="r1"/></sheets></workbook>'
    }
    rows = f"<row>{text_cell('A1', 'id')}</row><row>{text_cell('A2', 'a')}</row>"
    assert read(sheet_source(rows, **parts)).mentors == (Mentor(id="a", row=2),)


def test_workbook_as_excel_writes_it() -> None:
    strings = (
        "<sst><si><t>id</t></si><si><r><t>na</t></r><r><t>me</t></r><rPh><t>x</t></rPh></si><si/>"
        '<si><t xml:space="preserve"> Åse </t></si></sst>'
    )
    relations = (
        '<Relationships><Relationship Id="r1" Type="/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2"'
        ' Type="/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="r3" Type="/styles" Target="styles.xml"/>'
        '<Relationship Id="r4" Type="/hyperlink" Target="https://example.org" TargetMode="External"/></Relationships>'
    )
    workbook = (
        '<x:workbook xmlns:x="urn:strict" xmlns:r="urn:links"><x:workbookPr date1904="1"/>'
        '<x:sheets><x:sheet name="A" r:id="r1"/></x:sheets></x:workbook>'
    )
    styles = (
        '<styleSheet><numFmts><numFmt numFmtId="164" formatCode="[$-406]d\\. mmmm yyyy;@"/>'
        '<numFmt numFmtId="165" formatCode="0.0&quot; days&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/>'
        '</cellStyleXfs><cellXfs><xf/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>'
    )
    rows = (
        '<row r="1" spans="1:4"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c>'
        f"{text_cell('C1', 'idle since')}{text_cell('D1', 'months')}</row>"
        '<row r="4"><c r="A4"><v>1.7E+1</v></c><c r="B4" t="s"><v>3</v></c><c r="C4" s="1"><v>44885</v></c>'
        '<c r="D4" s="2"><v>2.5</v></c><c r="E4" s="1"/></row>'
        '<row r="5"><c r="A5" t="str"><v>x</v></c><c r="B5" t="s"><v>2</v></c><c r="C5" t="d">'
        "<v>2026-11-21T10:00</v></c></row>"
    )
    source = sheet_source(
        rows,
        **{
            "xl/sharedStrings.xml": strings,
            "xl/_rels/workbook.xml.rels": relations,
            "xl/workbook.xml": workbook,
            "xl/styles.xml": styles,
        },
    )
    assert read(source).mentors == (
        Mentor(id="17", row=4, name="Åse", months=2.5, idle_since=date(2026, 11, 21)),
        Mentor(id="x", row=5, idle_since=date(2026, 11, 21)),
    )


def test_escaped_signs_are_read_as_themselves() -> None:
    rows = f"<row>{text_cell('A1', 'id')}</row><row>{text_cell('A2', '_x0041__x005F_x0042_')}</row>"
    assert read(sheet_source(rows)).mentors == (Mentor(id="A_x0042_", row=2),)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b" \r\n ", "the file is empty"),
        ("id\na\n".encode("utf-16"), ("the letters are stored in a way that cannot be read (UTF-16): save the file as"
         " “CSV UTF-8”")),
        ("id\na\n".encode("utf-16-be"), ("the letters are stored in a way that cannot be read (UTF-16): save the file"
         " as “CSV UTF-8”")),
        (b"%PDF-1.7\n", "this is not a spreadsheet: save it as .xlsx or .csv in the spreadsheet program"),
        (b"\n<html><table>", "this is not a spreadsheet: save it as .xlsx or .csv in the spreadsheet program"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 Workbook", ("an old Excel file (.xls) cannot be read: save it as .xlsx in"
         " the spreadsheet program")),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), ("the file is protected with a"
         " password: save it without one in the spreadsheet program")),
        (b"id,name\n1,\x81\n", ("some letters in the file cannot be read: save it as “CSV UTF-8” in the spreadsheet"
         " program")),
        (b"\xef\xbb\xbfid,name\n1,\xe6\n", ("some letters in the file cannot be read: save it as “CSV UTF-8” in the"
         " spreadsheet program")),
        ("id,name\n1,æ\n".encode() + "2,æ\n".encode("cp1252"), ("some letters in the file cannot be read: save it as"
         " “CSV UTF-8” in the spreadsheet program")),
        (packed({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}).content, ("this kind of spreadsheet"
         " cannot be read: save it as .xlsx in the spreadsheet program")),
        (packed({"a.csv": "id"}).content, ("this is a packed folder or damaged, not a spreadsheet: unpack it and choose"
         " the file in it")),
        (packed({"[Content_Types].xml": "", "word/document.xml": ""}).content, ("this is not a spreadsheet: save it as"
         " .xlsx or .csv in the spreadsheet program")),
        (packed({"[Content_Types].xml": "", "xl/workbook.bin": ""}).content, ("an Excel file of the kind .xlsb cannot"
         " be read: save it as .xlsx in the spreadsheet program")),
    ],
    ids=[
        "nothing", "blank", "utf-16", "utf-16-be", "pdf", "html", "xls", "password", "cp1252-hole", "broken-utf-8",
        "two-encodings", "ods", "zip", "docx", "xlsb",
    ],
)  # fmt: skip
def test_file_of_another_kind_is_one_fault(content: bytes, message: str) -> None:
    assert lines(faults_of(Source("m", content))) == [f"m: {message}"]


def test_missing_file_and_folder_are_faults_together(tmp_path: Path) -> None:
    with pytest.raises(UnusableFilesError) as raised:
        read_people(tmp_path / "none.csv", tmp_path)
    assert lines(raised.value.faults) == [
        "none.csv: there is no such file: check the name and the folder",
        f"{tmp_path.name}: this is a folder: name a file in it",
    ]


@pytest.mark.parametrize("name", [r"C:\people\mentors.csv", "/home/a/mentors.csv", "mentors.csv"])
def test_upload_is_named_without_its_folder(name: str) -> None:
    assert {fault.file for fault in faults_of(Source(name, b""))} == {"mentors.csv"}


def test_limits_are_kept_to_the_byte_and_row(tmp_path: Path) -> None:
    text = "id\n1\n\n2\n"
    path = tmp_path / "mentors.csv"
    path.write_text(text, encoding="utf-8")
    just_enough = Limits(megabytes=len(text) / 1024 / 1024, rows=2)
    assert len(read_people(path, MENTEES, limits=just_enough).mentors) == 2
    for limits, message in (
        (Limits(megabytes=5 / 1024 / 1024), ("the file is larger than 4.76837e-06 MB: divide it, or delete what is not"
         " needed")),
        (Limits(rows=1), "the file has more than 1 rows: divide it into several files"),
    ):  # fmt: skip
        for source in (path, csv_source(text)):
            with pytest.raises(UnusableFilesError) as raised:
                read_people(source, MENTEES, limits=limits)
            assert lines(raised.value.faults)[0] == f"mentors.csv: {message}"


def test_faults_of_all_three_files_come_together() -> None:
    found = faults_of(
        csv_source("id,capacity\n1,x\n"),
        csv_source("id,education\n1,9\n", "mentees.csv"),
        csv_source("mentee id,mentor id,since\n,2,x\n", "pairs.csv"),
    )
    assert [(fault.file, fault.row, fault.column, fault.value) for fault in found] == [
        ("mentors.csv", 2, "capacity", "x"),
        ("mentees.csv", 2, "education", "9"),
        ("pairs.csv", 2, "since", "x"),
        ("pairs.csv", 2, "mentee id", None),
    ]
    assert all(isinstance(fault, Fault) for fault in found)


def test_every_fault_is_listed() -> None:
    rows = "\n".join(f"{number},x" for number in range(3000))
    assert len(faults_of(csv_source(f"id,capacity\n{rows}\n"))) == 3000


# Notices.


def test_columns_that_are_left_out_are_noticed() -> None:
    found = read(csv_source("id,Shoe size,Venter-siden,mentee id\n1,40,x,\n"))
    assert lines(found.notices) == [
        "mentors.csv, row 1, Shoe size: this column is not known; it is left out",
        "mentors.csv, row 1, Venter-siden: this column belongs in the file of mentees; it is left out here",
        "mentors.csv, row 1, mentee id: this column belongs in the file of pairs; it is left out here",
    ]
    assert found.mentors == (Mentor(id="1", row=2),)


def test_unknown_ids_in_must_not_meet_are_noticed() -> None:
    found = read(csv_source("id,må ikke møde\nM1,E1; e1; e2\n"), csv_source("id,must not meet\nE1,M2\n", "mentees.csv"))
    assert lines(found.notices) == [
        "mentors.csv, row 2, må ikke møde: “e1; e2”: nobody in the other file has these ids; they rule nobody out",
        "mentees.csv, row 2, must not meet: “M2”: nobody in the other file has this id; it rules nobody out",
    ]
    assert (found.mentors[0].must_not_meet, found.mentees[0].must_not_meet) == (("E1", "e1", "e2"), ("M2",))


def test_waiting_since_after_today_is_noticed_if_today_is_given() -> None:
    mentees = csv_source("id,waiting since\n1,21-11-2026\n2,20-11-2026\n", "mentees.csv")
    assert read(mentees=mentees).notices == ()
    found = read_people(MENTORS, mentees, today=date(2026, 11, 20))
    assert lines(found.notices) == [
        (
            "mentees.csv, row 2, waiting since: “2026-11-21”: this is after today, 2026-11-20; it counts as no"
            " waiting time"
        )
    ]


class CountingTitles:
    """A resolver that takes every title for nursing, and counts."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def resolve(self, text: str) -> TitleMatch | None:
        self.asked.append(text)
        return TitleMatch("2221", "Nursing professionals", 0.9, exact=False)


def test_titles_are_resolved_once_and_noticed_in_each_row() -> None:
    titles = CountingTitles()
    mentors = csv_source("id,fag\n1,nurse\n2,nurse\n3,2221\n")
    found = read_people(mentors, MENTEES, resolver=titles)
    said = "taken as 2221, Nurses (90 % sure); if that is wrong, write the number"
    assert [mentor.occupation for mentor in found.mentors] == ["2221"] * 3
    assert lines(found.notices) == [f"mentors.csv, row {row}, fag: “nurse”: {said}" for row in (2, 3)]
    assert titles.asked == ["nurse"]


def test_files_in_the_wrong_order_are_recognised() -> None:
    mentors = csv_source("id,navn,kapacitet,ledig siden\nM1,A,1,\n", "bank.csv")
    mentees = csv_source("id,navn,venter siden\nE1,B,\n", "list.csv")
    with pytest.raises(UnusableFilesError) as raised:
        read_people(mentees, mentors)
    assert lines(raised.value.faults) == [
        f"{name}: the two files have changed places: mentors first, then mentees" for name in ("list.csv", "bank.csv")
    ]
    # One file that tells nothing about its kind is not held against anybody.
    plain = csv_source("id,navn\nE1,B\n", "list.csv")
    assert len(read_people(mentors, plain).mentees) == 1
