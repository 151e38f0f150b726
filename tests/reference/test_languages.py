from __future__ import annotations

import subprocess
import sys

import iso639
import pytest
from babel import Locale

from reference import languages


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ar", "ar"),
        ("ARA", "ar"),
        ("arb", "ar"),
        (" Arabisk ", "ar"),
        ("arabic", "ar"),
        ("ger", "de"),
        ("cmn", "zh"),
        ("mandarin", "zh"),
        ("farsi", "fa"),
        ("persisk", "fa"),
        ("prs", "prs"),
        ("Dari", "prs"),
        ("kmr", "kmr"),
        ("Kurmandji", "kmr"),
        ("ku", "ku"),
        ("kurdisk", "ku"),
        ("sorani", "ckb"),
        ("Central Kurdish", "ckb"),
        ("bal", "bal"),
        ("Filipino", "tl"),
        ("fil", "tl"),
        ("tagalog", "tl"),
        ("bosnisk", "bs"),
        ("Serbian", "sr"),
        ("kroatisk", "hr"),
        ("serbo-croatian", "sh"),
        ("twi", "tw"),
        ("dansk tegnsprog", "dsl"),
        ("aed", "aed"),
        ("ga", "ga"),
        ("Brazilian Portuguese", "pt"),
    ],
)
def test_find_reads_codes_and_names(text: str, code: str) -> None:
    assert languages.find(text) == code


@pytest.mark.parametrize(
    "text", ["", "?", "xx", "qqq", "qaa", "und", "mul", "zxx", "Unknown language", "ukendt sprog", "ar-EG"]
)
def test_find_refuses_what_is_no_language(text: str) -> None:
    assert languages.find(text) is None


@pytest.mark.parametrize("language", ["en", "da"])
def test_every_name_of_cldr_is_found_and_its_code_stands_for_itself(language: str) -> None:
    # Names of three letters or fewer that are another language's code are read as the code.
    for name in Locale(language).languages.values():
        if name in {"Unknown language", "ukendt sprog", "Multiple languages", "flere sprog"} or "linguistic" in name:
            continue
        if name == "intet sprogligt indhold":
            continue
        code = languages.find(name)
        assert code is not None, name
        assert languages.find(code) == code
        assert languages.name(code, "en")
        assert languages.name(code, "da")


def test_every_code_of_iso_639_3_is_found_and_stands_for_itself() -> None:
    for known in iso639.ALL_LANGUAGES:
        if known.status == "A" and known.scope != "S":
            code = languages.find(known.part3)
            assert code is not None, known.part3
            assert languages.find(code) == code
            if known.part1:
                assert code == known.part1


@pytest.mark.parametrize(
    ("code", "english", "danish"),
    [
        ("ar", "Arabic", "arabisk"),
        ("prs", "Dari", "dari"),
        ("kmr", "Kurmanji", "kurmanji"),
        ("da", "Danish", "dansk"),
        ("aed", "Argentine Sign Language", "Argentine Sign Language"),
    ],
)
def test_name_in_both_languages(code: str, english: str, danish: str) -> None:
    assert (languages.name(code, "en"), languages.name(code, "da")) == (english, danish)


def test_name_of_no_language_is_an_error() -> None:
    with pytest.raises(KeyError):
        languages.name("xx", "en")


def test_common_languages_do_not_load_the_whole_standard() -> None:
    program = (
        "import sys; from reference import languages as l;"
        "found = [l.find(t) for t in ('arabisk', 'ara', 'da', 'prs', 'ckb', 'farsi', 'so', 'kmr')];"
        "assert None not in found, found; assert 'iso639' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
