from __future__ import annotations

import csv
import os
from collections import Counter
from pathlib import Path

import pytest

from reference import isco, wording
from reference.translation import LANGUAGES, Language

# ISCO-08, volume I: how many groups of two, three and four digits each major group has.
GROUPS_BELOW = {
    "0": (3, 3, 3),
    "1": (4, 11, 31),
    "2": (6, 27, 92),
    "3": (5, 20, 84),
    "4": (4, 8, 29),
    "5": (4, 13, 40),
    "6": (3, 9, 18),
    "7": (5, 14, 66),
    "8": (3, 14, 40),
    "9": (6, 11, 33),
}


def esco_folder() -> Path:
    named = os.environ.get("MENTORNET_ESCO_TEST_DIR")
    folder = Path(named) if named else Path(__file__).parents[3] / "shared" / "data" / "esco"
    if not (folder / "ISCOGroups.csv").exists():
        pytest.skip("name the folder of ESCO's files in MENTORNET_ESCO_TEST_DIR")
    return folder


def test_levels_are_complete() -> None:
    assert [len(isco.groups(level)) for level in (1, 2, 3, 4)] == [10, 43, 130, 436]
    counted = {
        major: tuple(sum(group.code[0] == major for group in isco.groups(level)) for level in (2, 3, 4))
        for major in GROUPS_BELOW
    }
    assert counted == GROUPS_BELOW


def test_codes_are_digits_in_order_and_every_child_has_its_parent_and_every_parent_a_child() -> None:
    codes = [group.code for group in isco.groups()]
    assert codes == sorted(set(codes))
    for group in isco.groups():
        assert group.code.isascii()
        assert group.code.isdecimal()
        assert all(isco.exists(code) for code in isco.ancestors(group.code))
        assert (group.level == isco.LONGEST) == (isco.children(group.code) == ())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_titles_are_present_and_differ_on_one_level(level: int, language: Language) -> None:
    titles = [isco.title(group.code, language) for group in isco.groups(level)]
    assert all(title and title == title.strip() for title in titles)
    assert [title for title, count in Counter(map(wording.same_writing, titles)).items() if count > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_unit_group_has_synonyms(language: Language) -> None:
    assert [group.code for group in isco.groups(isco.LONGEST) if not group.synonyms[language]] == []


@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_a_synonym_stands_for_one_group_of_its_level(level: int) -> None:
    holders: dict[str, set[str]] = {}
    for group in isco.groups(level):
        for language in LANGUAGES:
            for synonym in group.synonyms[language]:
                holders.setdefault(wording.same_writing(synonym), set()).add(group.code)
    assert {synonym: codes for synonym, codes in holders.items() if len(codes) > 1} == {}


def test_exists_knows_whole_codes_only() -> None:
    assert all(isco.exists(code) for code in ("0", "01", "2221", "9629"))
    assert not any(isco.exists(code) for code in ("", "00", "110", "2220", "22210", " 2221", "2221.1", "x"))


def test_title_of_no_group_is_an_error() -> None:
    with pytest.raises(KeyError):
        isco.title("9999", "en")


def test_relations_between_codes() -> None:
    assert isco.ancestors("2221") == ("2", "22", "222")
    assert isco.ancestors("2") == ()
    assert [group.code for group in isco.children("222")] == ["2221", "2222"]
    assert [isco.digits_in_common("2221", other) for other in ("2221", "2222", "2210", "2600", "5221", "22")] == [
        4,
        3,
        2,
        1,
        0,
        2,
    ]


@pytest.mark.esco
def test_codes_are_escos() -> None:
    with (esco_folder() / "ISCOGroups.csv").open(encoding="utf-8-sig", newline="") as lines:
        codes = sorted(row["CODE"] for row in csv.DictReader(lines))
    assert [group.code for group in isco.groups()] == codes
