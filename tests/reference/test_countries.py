from __future__ import annotations

import pytest

from reference import countries


def test_codes_are_iso_3166_1_and_kosovo() -> None:
    codes = countries.codes()
    assert len(codes) == 249 + 1
    assert codes == tuple(sorted(set(codes)))
    assert {"DK", "SY", "UA", "GL", "FO", "XK"} <= set(codes)
    assert not {"EU", "UN", "ZZ", "XA", "UK"} & set(codes)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("dk", "DK"),
        (" Syrien ", "SY"),
        ("Syria", "SY"),
        ("tyrkiet", "TR"),
        ("Turkey", "TR"),
        ("UK", "GB"),
        ("Bosnien-Hercegovina", "BA"),
        ("bosnien hercegovina", "BA"),
        ("Côte d’Ivoire", "CI"),
        ("Hviderusland", "BY"),
        ("Kosovo", "XK"),
    ],
)
def test_find_reads_codes_and_names(text: str, code: str) -> None:
    assert countries.find(text) == code


@pytest.mark.parametrize("text", ["", "?", "ZZ", "EU", "Ukendt område", "Atlantis", "Congo"])
def test_find_refuses_what_is_no_single_country(text: str) -> None:
    assert countries.find(text) is None


def test_every_country_has_a_name_in_both_languages_that_finds_it() -> None:
    for code in countries.codes():
        assert countries.find(countries.name(code, "en")) == code
        assert countries.find(countries.name(code, "da")) == code


def test_name_of_no_country_is_an_error() -> None:
    with pytest.raises(KeyError):
        countries.name("ZZ", "en")
