"""The import from the command line."""

from __future__ import annotations

from argparse import ArgumentParser
from io import StringIO
from pathlib import Path

import pytest

from imports_steps import MENTEES, MENTORS, PAIRS
from mentornet.divisions.models import Division
from mentornet.imports.management.commands.import_people import add_arguments, run_import
from mentornet.imports.models import Batch
from mentornet.intake.models import Decision, Enrolment
from mentornet.programmes.models import Programme


@pytest.fixture
def lists(tmp_path: Path, division: Division, programme: Programme) -> list[str]:
    arguments = ["--division", "odense", "--programme", programme.name]
    for subject, text in (("mentors", MENTORS), ("mentees", MENTEES), ("pairs", PAIRS)):
        (tmp_path / f"{subject}.csv").write_text(text, "utf-8")
        arguments += [f"--{subject}", str(tmp_path / f"{subject}.csv")]
    return arguments


def run(arguments: list[str]) -> tuple[int, str, str]:
    parser, out, err = ArgumentParser(), StringIO(), StringIO()
    add_arguments(parser)
    code = run_import(parser.parse_args(arguments), out=out, err=err)
    return code, out.getvalue(), err.getvalue()


def test_three_files_are_taken_over_by_the_program(lists: list[str]) -> None:
    code, out, err = run([*lists, "--briefed-on", "2026-01-15"])

    assert (code, out) == (0, "Taken over: 2 mentors, 3 mentees (1 waiting) and 2 pairs.\n")
    assert err.startswith("Checking …\n")
    assert Enrolment.objects.count() == 5
    assert set(Decision.objects.values_list("decided_by", flat=True)) == {"system:import"}


def test_a_dry_run_writes_nothing_and_keeps_nothing(lists: list[str]) -> None:
    code, out, _err = run([*lists, "--dry-run"])
    assert (code, out) == (0, "Nothing is wrong: 2 mentors, 3 mentees and 2 pairs could be taken over.\n")
    assert not Batch.objects.exists()


def test_faults_come_one_a_line_with_exit_code_two(lists: list[str], tmp_path: Path) -> None:
    (tmp_path / "mentees.csv").write_text("id,What is your first language?\nE1,da\nE3,klingonsk\nE2,\n", "utf-8")
    code, out, err = run([*lists, "--map", "What is your first language?=languages"])

    assert (code, out) == (2, "")
    assert "mentees.csv, row 3, What is your first language?: “klingonsk”: expected languages" in err
    assert not Batch.objects.exists()


def test_a_list_without_ids_is_taken_over_by_its_row_numbers(lists: list[str], tmp_path: Path) -> None:
    (tmp_path / "mentors.csv").write_text("Nr.,Navn,Pladser\n7,Karen Holm,2\n7,Bodil Dam,1\n", "utf-8")
    code, _out, err = run([*lists[:6], "--dry-run"])
    assert code == 0
    assert "mentors.csv: no column is the id: each row is known by its number in this import alone" in err
    # A column that looks like the id can be left out, and another one be named as it.
    (tmp_path / "mentors.csv").write_text("Nr.,Navn,Kode\n7,Karen Holm,A\n8,Bodil Dam,B\n", "utf-8")
    assert "no column is the id" not in run([*lists[:6], "--dry-run"])[2]
    assert "no column is the id" in run([*lists[:6], "--dry-run", "--map", "Nr.="])[2]
    assert run([*lists[:6], "--map", "Nr.=", "--map", "Kode=id"])[0] == 0
    assert sorted(Enrolment.objects.values_list("application__reference", flat=True)) == ["A", "B"]


def test_people_known_already_are_refused_unless_told_what_to_do(lists: list[str]) -> None:
    assert run(lists)[0] == 0
    code, _out, err = run(lists[:6])
    assert code == 2
    assert "mentors, row 2: Karen Lund Holm may be known already; say --duplicates new or update" in err
    assert run([*lists[:6], "--duplicates", "update"])[::2] == (0, "Checking …\nWriting …\n")
    assert Enrolment.objects.count() == 5
    assert run([*lists[:6], "--duplicates", "new"])[0] == 0
    assert Enrolment.objects.count() == 7


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (["--division", "Nowhere"], "no division"),
        (["--programme", "Nothing"], "no programme"),
        (["--map", "x"], "HEADER=COLUMN"),
        (["--map", "x=name"], "no file has the header"),
        (["--map", "name=colour"], "no column “colour”"),
        (["--mentors", "/nowhere/list.csv"], "there is no such file"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_a_sentence(lists: list[str], change: list[str], word: str) -> None:
    code, _out, err = run([*lists, *change])
    assert code == 2
    assert word in err


def test_lists_in_each_others_place_are_noticed(lists: list[str]) -> None:
    code, _out, err = run([*lists[:4], "--mentees", lists[5], "--mentors", lists[7]])
    assert code == 2
    assert "looks like the file of mentors" in err
