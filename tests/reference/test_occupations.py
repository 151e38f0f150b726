"""Looking for occupations in five languages, and the table of our own."""

from __future__ import annotations

import csv
import re
from importlib import resources

import pytest

from reference import isco, occupations
from reference.titles import TitleResolver
from reference.translation import Language

ARABIC = re.compile(r"^[؀-ۿ\u200c ‌]+$")
CYRILLIC = re.compile(r"^[\u0400-\u04ff ’-]+$")


def rows() -> list[dict[str, str]]:
    text = (resources.files("reference") / "data" / "common_occupations.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def test_every_code_is_a_group_of_isco_and_stands_once() -> None:
    codes = [row["code"] for row in rows()]
    assert len(codes) >= 120
    assert len(set(codes)) == len(codes)
    assert [code for code in codes if not (isco.exists(code) and len(code) == 4)] == []


def test_english_title_means_the_group_of_its_code() -> None:
    known = TitleResolver.bundled()
    wrong = []
    for row in rows():
        found = known.resolve(row["en"])
        if found is not None and not row["code"].startswith(found.code):
            wrong.append((row["code"], row["en"], found.code))
    # Two names that are wider elsewhere than the group they are given here.
    assert {code for code, _title, _found in wrong} <= {"3212", "2651"}


@pytest.mark.parametrize(("language", "script"), [("ar", ARABIC), ("fa", ARABIC), ("uk", CYRILLIC)])
def test_titles_are_in_their_own_script_and_stand_once(language: str, script: re.Pattern[str]) -> None:
    titles = [(row["code"], title) for row in rows() for title in row[language].split(";")]
    assert [title for _code, title in titles if not script.match(title) or title != title.strip()] == []
    words = [title for _code, title in titles]
    twice = {title for title in words if words.count(title) > 1}
    # One word, two trades: who looks for it is shown both.
    assert len(twice) <= 4, twice


@pytest.mark.parametrize(
    ("text", "language", "code"),
    [
        ("ممرضة", "ar", "2221"),
        ("ممرضه", "ar", "2221"),
        ("الطباخة", "ar", "5120"),
        ("مهندسة مدنية", "ar", "2142"),
        ("پرستار", "fa", "2221"),
        ("برنامه نویس", "fa", "2512"),
        ("معلم", "fa", "2341"),
        ("медсестра", "uk", "2221"),
        ("бухгалтерка", "uk", "2411"),
        ("nurse", "en", "2221"),
        ("NURS", "en", "2221"),
        ("sygeplejerske", "ar", "2221"),
        ("bus driver", "da", "8331"),
        ("buschauffør", "uk", "8331"),
    ],
)
def test_occupation_is_found_in_any_language(text: str, language: str, code: str) -> None:
    found = occupations.search(text, language)  # type: ignore[arg-type]
    assert code in [one.code for one in found[:3]]


def test_title_is_shown_in_the_readers_language_where_there_is_one() -> None:
    assert occupations.title("2221", "ar") == "ممرضة"
    assert occupations.title("2221", "da") == isco.title("2221", "da")
    assert occupations.title("2221", "uk") == "Медсестра"
    assert occupations.title("2263", "ar") == isco.title("2263", "en")


@pytest.mark.parametrize("text", ["", " ", "x", "!!", "qzx qzx"])
def test_nothing_is_found_for_nothing(text: str) -> None:
    assert occupations.search(text, "en") == []


# Fields of work -------------------------------------------------------------------------------------------------------

LETTERS = {
    "ar": re.compile(r"^[؀-ۿ\u200c ،]+$"),
    "fa": re.compile(r"^[؀-ۿ\u200c ،]+$"),
    "uk": re.compile(r"^[Ѐ-ӿ ’,-]+$"),
}


def test_every_sub_major_group_has_a_title_of_its_own() -> None:
    fields = occupations.fields_of_work()
    assert list(fields) == [group.code for group in isco.groups(2)]
    for language in occupations.OURS:
        titles = [one[language] for one in fields.values()]
        assert len(set(titles)) == len(titles) == 43
        assert [one for one in titles if not LETTERS[language].match(one) or one != one.strip()] == []


@pytest.mark.parametrize("language", occupations.OURS)
def test_what_people_read_is_in_their_language(language: Language) -> None:
    codes = [group.code for group in isco.groups() if group.code != "0"]
    assert len(codes) > 600
    assert [code for code in codes if not LETTERS[language].match(occupations.title_to_read(code, language))] == []
    assert occupations.title_to_read("0", language) == isco.title("0", "en")


def test_a_narrow_group_without_a_title_is_read_as_its_field() -> None:
    assert occupations.title_to_read("2221", "ar") == occupations.title("2221", "ar") == "ممرضة"
    assert occupations.title_to_read("2263", "uk") == occupations.title("22", "uk")
    assert occupations.title_to_read("222", "fa") == occupations.title("22", "fa")
    assert occupations.title_to_read("2263", "da") == isco.title("2263", "da")
    with pytest.raises(KeyError):
        occupations.title_to_read("2999", "ar")
