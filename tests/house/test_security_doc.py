"""What docs/security.md says of the standard: each number once, tests and files that exist, counts that are right."""

from __future__ import annotations

import ast
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from sources import ROOT

DOCUMENT: Final = ROOT / "docs/security.md"
LEVELS: Final = Path(__file__).with_name("asvs_levels.txt")
ITEM: Final = re.compile(r"^\| (\d+\.\d+\.\d+) \| (\d) \| ([^|]+) \| ([^|]+) \| ([^|]*) \|$", re.MULTILINE)
CHAPTER: Final = re.compile(r"^\| V(\d+) [^|]+ \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$", re.MULTILINE)
ALL: Final = re.compile(r"^\| \*\*All\*\* \|" + r" \*\*(\d+)\*\* \|" * 4 + "$", re.MULTILINE)
FIRST: Final = re.compile(r"^\| of these, level 1 \|" + r" (\d+) \|" * 4 + "$", re.MULTILINE)
TEST: Final = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
FILE: Final = re.compile(r"`((?:src|deploy|tests|requirements|docs)/[^`:\s]*[^`:\s/]|[\w.]+\.(?:toml|md|lock))`")
STATUSES: Final = ("met", "open", "n/a")


@dataclass(frozen=True, slots=True)
class Item:
    number: str
    level: str
    words: str
    status: str
    evidence: str


def items(text: str) -> list[Item]:
    return [Item(*found) for found in ITEM.findall(text)]


def levels() -> dict[str, str]:
    return dict(line.split() for line in LEVELS.read_text(encoding="ascii").splitlines())


@cache
def functions_of(path: Path) -> frozenset[str]:
    if not path.is_file():
        return frozenset()
    found = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return frozenset(node.name for node in found if isinstance(node, ast.FunctionDef))


def faults(text: str) -> list[str]:
    """Return what is wrong with what the document says."""
    found, wanted = items(text), levels()
    times = Counter(item.number for item in found)
    wrong = [f"{number} is missing" for number in wanted if number not in times]
    wrong += [f"{number} stands {count} times" for number, count in times.items() if count > 1]
    for item in found:
        if wanted.get(item.number) != item.level:
            wrong.append(f"{item.number} is not of level {item.level}")
        if item.status not in STATUSES:
            wrong.append(f"{item.number}: what is “{item.status}”?")
        if not item.evidence.strip():
            wrong.append(f"{item.number} says nothing")
        if item.status == "met" and not re.search(r"`[\w./-]+(?:::\w+)?`|\]\(", item.evidence):
            wrong.append(f"{item.number} is met by no test, file or document")
    wrong += [f"{path} has no {name}" for path, name in TEST.findall(text) if name not in functions_of(ROOT / path)]
    wrong += [f"there is no {name}" for name in FILE.findall(text) if "MENTORNET" not in name and not there(name)]
    return wrong + miscounted(text, found)


def there(name: str) -> bool:
    return (ROOT / name).exists()


def counted(found: list[Item]) -> tuple[str, ...]:
    by = Counter(item.status for item in found)
    return (*(str(by[status]) for status in STATUSES), str(len(found)))


def miscounted(text: str, found: list[Item]) -> list[str]:
    wrong = []
    chapters = {chapter: tuple(counts) for chapter, *counts in CHAPTER.findall(text)}
    for chapter in {number.split(".")[0] for number in levels()}:
        right = counted([item for item in found if item.number.split(".")[0] == chapter])
        if chapters.get(chapter) != right:
            wrong.append(f"V{chapter} counts {chapters.get(chapter)}, not {right}")
    if ALL.findall(text) != [counted(found)]:
        wrong.append(f"all are {counted(found)}")
    if FIRST.findall(text) != [counted([item for item in found if item.level == "1"])]:
        wrong.append("level 1 is counted wrong")
    return wrong


@pytest.fixture(scope="module")
def text() -> str:
    return DOCUMENT.read_text(encoding="utf-8")


def test_list_of_numbers_is_that_of_the_standard() -> None:
    # As many as the standard itself counts on its first two levels.
    assert Counter(levels().values()) == {"1": 70, "2": 183}
    assert {number.split(".")[0] for number in levels()} == {str(chapter) for chapter in range(1, 18)}


def test_every_item_stands_once_and_what_it_names_exists(text: str) -> None:
    assert faults(text) == []
    assert len(TEST.findall(text)) > 200


@pytest.mark.parametrize(
    ("said", "instead", "fault"),
    [
        ("| 1.2.4 | 1 |", "| 1.2.5 | 1 |", "1.2.4 is missing"),
        ("| 1.2.4 | 1 |", "| 1.2.5 | 1 |", "1.2.5 stands 2 times"),
        ("| 1.2.4 | 1 |", "| 1.2.4 | 2 |", "1.2.4 is not of level 2"),
        ("| 1.2.6 | 2 | LDAP | n/a |", "| 1.2.6 | 2 | LDAP | perhaps |", "1.2.6: what is “perhaps”?"),
        ("| 1.2.6 | 2 | LDAP | n/a |", "| 1.2.6 | 2 | LDAP | met |", "1.2.6 is met by no test, file or document"),
        (
            "::test_forged_request_changes_nothing`",
            "::test_forged`",
            "tests/access/test_ways_round.py has no test_forged",
        ),
        ("`deploy/compose.yaml`", "`deploy/composed.yaml`", "there is no deploy/composed.yaml"),
        ("| V12 ", "| V18 ", "V12 counts None"),
        ("| **All** | **", "| **All** | **1", "all are"),
        ("| of these, level 1 | ", "| of these, level 1 | 1", "level 1 is counted wrong"),
    ],
)
def test_faults_are_found(text: str, said: str, instead: str, fault: str) -> None:
    assert said in text
    assert any(found.startswith(fault) for found in faults(text.replace(said, instead, 1)))
