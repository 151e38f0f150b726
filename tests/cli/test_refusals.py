"""What the program refuses: exit code 2, everything that is wrong at once, and nothing written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from cli.running import Network, Program, Ran, a_network, everything_in, written
from factories.people import TODAY, a_mentee, a_mentor, demands, skills, slots
from reference.people import MeetingMode

ON: Final = ("--today", TODAY.isoformat())


def refused(program: Program, folder: Path, *words: str | Path) -> list[str]:
    """Run what must be refused; returns the complaints, and checks that the folder is as it was."""
    before = everything_in(folder)
    ran = program(*words)
    assert ran.code == 2, ran
    assert ran.out == ""
    assert everything_in(folder) == before
    assert "Traceback" not in ran.err
    lines = ran.err.splitlines()
    if not lines[0].startswith("Nothing was done."):
        return lines
    # How many things there are to mend.
    assert lines[0].split()[3] in {"One", str(len(lines) - 1)}
    return lines[1:]


def plain_files(folder: Path) -> tuple[Path, Path]:
    return written(Network((a_mentee("e1"), a_mentee("e2")), (a_mentor("m1"), a_mentor("m2"))), folder)


# Files ----------------------------------------------------------------------------------------------------------------

MENTORS_WITH_FAULTS: Final = """\
id,name,languages,occupation,education,topics,availability,meeting,hours per month,months,requires,capacity,\
active pairs,pairs before,min danish,resting until,idle since
,Anne,,,,,,,,,,,,,,,
m1,Bo,,,,,,,,,,,,,,,
m1,Carl,,,,,,,,,,,,,,,
m2,D\x07,da:B9,9999,9,gardening,mon-night,by letter,0,-1,planet:Mars,1.5,-1,many,D1,2026-02-30,soon
m3,E,Martian,zxqv wvut,six,cv; cv,monday,,NaN,inf,language:xx,x,,,,,
m4,F,,,,,,,,,,,,,,,,one too many
"""
MENTEES_WITH_FAULTS: Final = """\
ID;Navn;vil øve dansk;kræver erfaring;venter siden;navn
e1;Amina;maybe;2;21/11/2026;
"""


def test_every_fault_of_both_files_is_told_at_once(program: Program, tmp_path: Path) -> None:
    (tmp_path / "mentors.csv").write_text(MENTORS_WITH_FAULTS, encoding="utf-8")
    (tmp_path / "mentees.csv").write_text(MENTEES_WITH_FAULTS, encoding="utf-8")
    lines = refused(program, tmp_path, "match", "mentors.csv", "mentees.csv", *ON)
    expected = [
        "mentors.csv, row 2, id: ",
        "mentors.csv, row 4, id: “m1”: ",
        "mentors.csv, row 5, name: “D\N{REPLACEMENT CHARACTER}”: ",
        "mentors.csv, row 5, languages: “da:B9”: ",
        "mentors.csv, row 5, occupation: “9999”: ",
        "mentors.csv, row 5, education: “9”: ",
        "mentors.csv, row 5, topics: “gardening”: ",
        "mentors.csv, row 5, availability: “mon-night”: ",
        "mentors.csv, row 5, meeting: “by letter”: ",
        "mentors.csv, row 5, hours per month: “0”: ",
        "mentors.csv, row 5, months: “-1”: ",
        "mentors.csv, row 5, requires: “planet:Mars”: ",
        "mentors.csv, row 5, capacity: “1.5”: ",
        "mentors.csv, row 5, active pairs: “-1”: ",
        "mentors.csv, row 5, pairs before: “many”: ",
        "mentors.csv, row 5, min danish: “D1”: ",
        "mentors.csv, row 5, resting until: “2026-02-30”: ",
        "mentors.csv, row 5, idle since: “soon”: ",
        "mentors.csv, row 6, languages: “Martian”: ",
        "mentors.csv, row 6, occupation: “zxqv wvut”: ",
        "mentors.csv, row 6, education: “six”: ",
        "mentors.csv, row 6, topics: “cv; cv”: ",
        "mentors.csv, row 6, availability: “monday”: ",
        "mentors.csv, row 6, hours per month: “NaN”: ",
        "mentors.csv, row 6, months: “inf”: ",
        "mentors.csv, row 6, requires: “language:xx”: ",
        "mentors.csv, row 6, capacity: “x”: ",
        "mentors.csv, row 7: ",
        "mentees.csv, row 1, navn: ",
        "mentees.csv, row 2, vil øve dansk: “maybe”: ",
        "mentees.csv, row 2, kræver erfaring: “2”: ",
        "mentees.csv, row 2, venter siden: “21/11/2026”: ",
    ]
    assert [next((place for place in expected if line.startswith(place)), line) for line in lines] == expected
    # Each says what was expected, or what to do.
    assert all(len(line) > len(place) + 10 for line, place in zip(lines, expected, strict=True))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("gone.csv", None),
        ("empty.csv", b""),
        ("no header.csv", b"Anne,Bo\n"),
        ("no id.csv", b"name\nAnne\n"),
        ("letters.csv", "id,name\n1,\u00e5".encode("utf-16")),
        ("picture.png", b"\x89PNG\r\n\x1a\n"),
        ("broken.xlsx", b"PK\x03\x04 not an archive"),
        ("open.csv", b'id,name\n1,"never closed\n'),
    ],
)
def test_file_that_cannot_be_read_is_named_beside_the_faults_of_the_other(
    program: Program, tmp_path: Path, name: str, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    (tmp_path / "other.csv").write_text("id,education\n1,9\n", encoding="utf-8")
    for words in ((name, "other.csv"), ("other.csv", name)):
        lines = refused(program, tmp_path, "match", *words, *ON)
        assert any(line.startswith(name) for line in lines)
        assert any(line.startswith("other.csv, row 2, education: “9”: ") for line in lines)


def test_faults_of_the_history_are_told_with_the_others(program: Program, tmp_path: Path) -> None:
    (tmp_path / "mentors.csv").write_text("id,education\n1,9\n", encoding="utf-8")
    (tmp_path / "mentees.csv").write_text("id\n1\n", encoding="utf-8")
    (tmp_path / "history.csv").write_text("mentee id,since\n1,never\n", encoding="utf-8")
    lines = refused(program, tmp_path, "match", "mentors.csv", "mentees.csv", *ON, "--history", "history.csv")
    assert [line.partition(": ")[0] for line in lines] == [
        "mentors.csv, row 2, education",
        "history.csv, row 1",
        "history.csv, row 2, since",
    ]


@pytest.mark.parametrize(
    ("setting", "value", "fragment"),
    [("MAX_ROWS", "1", "more than 1 rows"), ("MAX_MB", "0.0001", "larger than 0.0001 MB")],
)
def test_limits_are_settings(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: str, value: str, fragment: str
) -> None:
    files = plain_files(tmp_path)
    monkeypatch.setenv(f"MENTORNET_{setting}", value)
    lines = refused(program, tmp_path, "match", *files, *ON)
    assert sum(fragment in line for line in lines) == 2


# Options --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "fragments"),
    [
        (["--today", "11/21/2026"], ["--today 11/21/2026"]),
        (["--today", "2026-02-30"], ["--today 2026-02-30"]),
        (["--floor", "high"], ["--floor high"]),
        (["--floor", "-0.1"], ["--floor -0.1"]),
        (["--floor", "35"], ["--floor 35"]),
        (["--floor", "nan"], ["--floor nan"]),
        (["--floor", "Infinity"], ["--floor Infinity"]),
        (["--floor", ""], ["--floor"]),
        (["--lock", "e1"], ["--lock e1"]),
        (["--lock", ":m1"], ["--lock :m1"]),
        (["--forbid", "e1:"], ["--forbid e1:"]),
        (["--lock", "e9:m1", "--forbid", "e1:m9"], ["--lock e9:m1", "“e9”", "--forbid e1:m9", "“m9”"]),
        (["--rank", "e9"], ["--rank e9"]),
        (["--rank", "e1", "--json", "all.json"], ["--rank"]),
        (["--rank", "e1", "--report", "page.html"], ["--rank"]),
        (["--language", "xx"], ["--language", "xx"]),
        (["--weights", "gone.toml"], ["gone.toml"]),
        (["--history", "gone.csv"], ["gone.csv"]),
        (["--unheard-of"], ["--unheard-of"]),
    ],
)
def test_option_that_cannot_be_used_is_refused(
    program: Program, tmp_path: Path, words: Sequence[str], fragments: Sequence[str]
) -> None:
    said = "\n".join(refused(program, tmp_path, "match", *plain_files(tmp_path), *words))
    assert [fragment for fragment in fragments if fragment not in said] == []


def test_every_option_that_cannot_be_used_is_told_at_once(program: Program, tmp_path: Path) -> None:
    words = ["--today", "tomorrow", "--floor", "high", "--lock", "e1", "--forbid", "e2", "--weights", "gone.toml"]
    said = "\n".join(refused(program, tmp_path, "match", *plain_files(tmp_path), *words))
    asked = ("--today tomorrow", "--floor high", "--lock e1", "--forbid e2", "gone.toml")
    assert [fragment for fragment in asked if fragment not in said] == []


@pytest.mark.parametrize(
    "words",
    [
        ("--json", "one.out", "--report", "one.out"),
        ("--json", "one.out", "--scores", "one.out"),
        ("--json", "matches/pairs.csv"),
        ("--report", "./matches/unmatched.csv"),
        ("--scores", "matches/certificate.json"),
        ("--json", "mentors.csv"),
        ("--report", "mentees.csv"),
        ("--json", "weights.toml"),
        ("--scores", "history.csv"),
    ],
)
def test_two_files_of_one_name_are_refused(program: Program, tmp_path: Path, words: Sequence[str]) -> None:
    files = plain_files(tmp_path)
    (tmp_path / "weights.toml").touch()
    (tmp_path / "history.csv").write_text("mentee id,mentor id\n", encoding="utf-8")
    given = ("--weights", "weights.toml", "--history", "history.csv")
    lines = refused(program, tmp_path, "match", *files, *ON, *given, *words)
    assert any(Path(words[1]).name in line for line in lines)


def test_every_fault_of_a_weights_file_is_told(program: Program, tmp_path: Path) -> None:
    (tmp_path / "weights.toml").write_text("floor = 3\n[weights]\njob = 1\ntime = -1\n", encoding="utf-8")
    lines = refused(program, tmp_path, "match", *plain_files(tmp_path), *ON, "--weights", "weights.toml")
    assert sorted(line.partition(": ")[0] for line in lines) == [
        "weights.toml, [weights] job",
        "weights.toml, [weights] time",
        "weights.toml, floor",
    ]


def test_no_command_is_refused(program: Program, tmp_path: Path) -> None:
    for words in ((), ("unheard-of",), ("match",), ("match", "one.csv"), ("verify",), ("esco",)):
        assert refused(program, tmp_path, *words)


# Locks ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "hers", "theirs", "words"),
    [
        ("language", {}, {"languages": skills("en:C2")}, ()),
        ("place", {"meeting": (MeetingMode.IN_PERSON,)}, {"division": "Odense"}, ()),
        ("time", {}, {"availability": slots("sun-morning")}, ()),
        ("requires", {"requires": demands("occupation:51")}, {}, ()),
        ("conflict", {"must_not_meet": ("m1",)}, {}, ()),
        ("conflict", {}, {}, ("--history", "history.csv")),
        ("resting", {}, {"resting_until": TODAY + timedelta(days=1)}, ()),
        ("capacity", {}, {"capacity": 2, "active_pairs": 2}, ()),
        ("forbidden", {}, {}, ("--forbid", "e1:m1")),
    ],
)
@pytest.mark.parametrize("notice", [False, True])
def test_lock_that_breaks_a_rule_is_refused_with_its_name(
    program: Program,
    tmp_path: Path,
    rule: str,
    hers: dict[str, object],
    theirs: dict[str, object],
    words: Sequence[str],
    *,
    notice: bool,
) -> None:
    # A notice about the files must not leave anything behind either.
    waits = {"waiting_since": TODAY + timedelta(days=9)} if notice else {}
    network = Network((a_mentee("e1", **hers, **waits), a_mentee("e2")), (a_mentor("m1", **theirs), a_mentor("m2")))
    (tmp_path / "history.csv").write_text("mentee id,mentor id\ne1,m1\n", encoding="utf-8")
    lines = refused(program, tmp_path, "match", *written(network), *ON, "--lock", "e1:m1", *words)
    (line,) = [line for line in lines if line.startswith("--lock e1:m1")]
    assert f"“{rule}”" in line


def test_every_impossible_lock_is_told_at_once(program: Program, tmp_path: Path) -> None:
    words = ("--lock", "e1:m1", "--lock", "e2:m1", "--lock", "e1:m2")
    lines = refused(program, tmp_path, "match", *plain_files(tmp_path), *ON, *words)
    # Each beside what contradicts it, and not one at a time.
    assert lines == [
        "--lock e1:m1 and --lock e1:m2 contradict each other: e1 can have one mentor",
        "--lock e1:m1 and --lock e2:m1 contradict each other: m1 has 1 free place",
    ]


# Places that cannot be written ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("option", ["--json", "--report", "--scores"])
def test_folder_in_the_place_of_a_file_is_refused(program: Program, tmp_path: Path, option: str) -> None:
    (tmp_path / "taken").mkdir()
    lines = refused(program, tmp_path, "match", *plain_files(tmp_path), *ON, option, "taken")
    assert "taken" in lines[-1]


@pytest.mark.parametrize(
    "words",
    [
        ("--out", "taken"),
        ("--json", "taken/all.json"),
        ("--scores", "taken/all.npz"),
        ("--rank", "e1", "--out", "taken"),
    ],
)
def test_file_in_the_place_of_a_folder_is_refused(program: Program, tmp_path: Path, words: Sequence[str]) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    lines = refused(program, tmp_path, "match", *plain_files(tmp_path), *ON, *words)
    assert "taken" in lines[-1]


def test_older_result_stands_when_a_run_is_refused(program: Program, tmp_path: Path) -> None:
    files = written(a_network())
    assert program("match", *files, *ON, "--json", "all.json").code == 0
    (tmp_path / "taken").mkdir()
    for words in (("--floor", "x"), ("--rank", "nobody"), ("--lock", "x:y"), ("--report", "taken")):
        refused(program, tmp_path, "match", *files, *ON, *words)
    assert program("verify", "matches").code == 0


# Settings -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LANGUAGE", "xx"),
        ("LANGUAGE", "EN"),
        ("MAX_ROWS", "0"),
        ("MAX_ROWS", "-1"),
        ("MAX_ROWS", "many"),
        ("MAX_ROWS", "nan"),
        ("MAX_ROWS", "0.5"),
        ("MAX_MB", "inf"),
        ("MAX_UNPACKED_MB", "0"),
    ],
)
def test_setting_that_cannot_be_used_is_refused(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    files = plain_files(tmp_path)
    monkeypatch.setenv(f"MENTORNET_{name}", value)
    for words in (("match", *files, *ON), ("verify", "matches"), ("template",)):
        (line,) = refused(program, tmp_path, *words)
        assert line.startswith(f"MENTORNET_{name}={value}: expected ")


def test_settings_that_are_empty_are_the_usual_ones(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LANGUAGE", "MAX_ROWS", "MAX_MB", "MAX_UNPACKED_MB"):
        monkeypatch.setenv(f"MENTORNET_{name}", " ")
    ran: Ran = program("match", *plain_files(tmp_path), *ON)
    assert (ran.code, ran.err) == (0, "")
