"""The other commands: ``template`` and ``esco``, help and version."""

from __future__ import annotations

import json
from importlib import metadata
from pathlib import Path

import pytest

from cli.running import PAIR_COLUMNS, PAIRS, Program, everything_in, read_table

ESCO = """\
conceptType,conceptUri,iscoGroup,preferredLabel,altLabels,hiddenLabels,status,modifiedDate,\
regulatedProfessionNote,scopeNote,definition,inScheme,description,code
Occupation,uri,2221,quuxologist,"quux smith
chief of quux",,released,2024-01-01,,,,,Text,2221.1
"""


def test_version_is_the_installed_one(program: Program) -> None:
    ran = program("--version")
    assert (ran.code, ran.out) == (0, f"mentornet {metadata.version('mentornet')}\n")


@pytest.mark.parametrize("words", [(), ("match",), ("verify",), ("template",), ("esco",)])
def test_help_names_every_argument(program: Program, words: tuple[str, ...]) -> None:
    ran = program(*words, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("usage: mentornet")


def test_templates_are_written_and_can_be_matched(program: Program, tmp_path: Path) -> None:
    ran = program("template", "--out", "new")
    assert (ran.code, ran.err) == (0, "")
    assert set(everything_in(tmp_path / "new")) == {"mentors.xlsx", "mentees.xlsx", "pairs.xlsx"}
    assert program("match", "new/mentors.xlsx", "new/mentees.xlsx", "--history", "new/pairs.xlsx").code == 0
    assert read_table(tmp_path / "matches" / PAIRS, PAIR_COLUMNS) == []


def test_one_template_is_written_where_one_is_asked(program: Program, tmp_path: Path) -> None:
    assert program("template", "mentees").code == 0
    assert set(everything_in(tmp_path)) == {"mentees.xlsx"}
    assert program("template", "strangers").code == 2


def test_templates_in_danish_are_written(program: Program, tmp_path: Path) -> None:
    assert program("template", "--language", "da", "--out", "ny").code == 0
    assert len(everything_in(tmp_path / "ny")) == 3


@pytest.mark.parametrize("there", ["mentors.xlsx", "mentees.xlsx", "pairs.xlsx"])
def test_template_that_is_there_is_not_written_over(program: Program, tmp_path: Path, there: str) -> None:
    (tmp_path / there).write_bytes(b"filled in")
    before = everything_in(tmp_path)
    ran = program("template")
    assert (ran.code, ran.out) == (2, "")
    assert there in ran.err
    # All or nothing.
    assert everything_in(tmp_path) == before
    assert program("template", "--force").code == 0
    assert (tmp_path / there).read_bytes() != b"filled in"


def test_titles_of_esco_are_known_from_then_on(program: Program, tmp_path: Path) -> None:
    (tmp_path / "occupations_en.csv").write_text(ESCO, encoding="utf-8")
    (tmp_path / "mentors.csv").write_text("id,occupation\nm1,chief of quux\n", encoding="utf-8")
    (tmp_path / "mentees.csv").write_text("id,occupation\ne1,2221\n", encoding="utf-8")
    assert program("match", "mentors.csv", "mentees.csv", "--json", "all.json").code == 2
    ran = program("esco", "occupations_en.csv")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("3 titles")
    assert program("match", "mentors.csv", "mentees.csv", "--json", "all.json").code == 0
    (pair,) = json.loads((tmp_path / "all.json").read_bytes())["pairs"]
    assert pair["values"]["occupation"] == 1
    assert program("verify", "matches").code == 0


def test_every_fault_of_escos_files_is_told(program: Program, tmp_path: Path) -> None:
    (tmp_path / "occupations_en.csv").write_text(ESCO.replace("uri,2221", "uri,9999"), encoding="utf-8")
    (tmp_path / "skills_da.csv").write_text("a,b\n", encoding="utf-8")
    before = everything_in(tmp_path)
    ran = program("esco", "occupations_en.csv", "skills_da.csv", "gone_en.csv")
    assert (ran.code, ran.out) == (2, "")
    assert [line.partition(",")[0].partition(":")[0] for line in ran.err.splitlines()] == [
        "occupations_en.csv",
        "skills_da.csv",
        "gone_en.csv",
    ]
    assert everything_in(tmp_path) == before


def test_broken_titles_of_esco_are_refused(program: Program, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "esco_titles.csv").write_text("nonsense\n", encoding="utf-8")
    (tmp_path / "people.csv").write_text("id\n1\n", encoding="utf-8")
    ran = program("match", "people.csv", "people.csv")
    assert (ran.code, ran.out) == (2, "")
    assert "import ESCO again" in ran.err
    assert not (tmp_path / "matches").exists()
