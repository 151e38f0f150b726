"""Countries: ISO 3166-1 alpha-2 codes, named in English and Danish by Unicode's CLDR (through Babel)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from babel import Locale

from reference.translation import LANGUAGES, Language

# Two-letter codes that CLDR names although ISO 3166-1 assigns them to nobody: unions, pseudo-locales, parts of
# countries ("exceptionally reserved"). XK (Kosovo) is no ISO code either, but people come from there: it stays.
_NO_COUNTRY: Final = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"})

# Everyday names that CLDR (48) lacks or writes otherwise; ours.
_EVERYDAY: Final[Mapping[str, str]] = MappingProxyType(
    {
        "america": "US",
        "bosnia": "BA",
        "bosnien": "BA",
        "burma": "MM",
        "cote d'ivoire": "CI",
        "czech republic": "CZ",
        "den tjekkiske republik": "CZ",
        "drc": "CD",
        "emiraterne": "AE",
        "england": "GB",
        "great britain": "GB",
        "holland": "NL",
        "hong kong": "HK",
        "hongkong": "HK",
        "hviderusland": "BY",
        "ivory coast": "CI",
        "macao": "MO",
        "macau": "MO",
        "makedonien": "MK",
        "macedonia": "MK",
        "moldavien": "MD",
        "myanmar": "MM",
        "palestina": "PS",
        "palestine": "PS",
        "palæstina": "PS",
        "scotland": "GB",
        "skotland": "GB",
        "swaziland": "SZ",
        "syrian arab republic": "SY",
        "turkey": "TR",
        "uk": "GB",
    }
)


@cache
def _names(language: Language) -> Mapping[str, str]:
    """Return each country's name by its code, in the order of the codes."""
    territories = Locale(language).territories
    return MappingProxyType(
        {
            code: territories[code]
            for code in sorted(territories)
            if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRY
        }
    )


@cache
def _codes_by_name() -> Mapping[str, str]:
    found = dict(_EVERYDAY)
    for language in LANGUAGES:
        found.update({_key(name): code for code, name in _names(language).items()})
    return MappingProxyType(found)


def _key(text: str) -> str:
    return " ".join(text.replace("-", " ").casefold().split())


def codes() -> tuple[str, ...]:
    """Return every country's code in capitals, in alphabetical order."""
    return tuple(_names("en"))


def find(text: str) -> str | None:
    """Return the code of the country that ``text`` names: a code, or a name in English or Danish; case is ignored."""
    code = text.strip().upper()
    return code if code in _names("en") else _codes_by_name().get(_key(text))


def name(code: str, language: Language) -> str:
    """Return the name of the country with this ``code`` (capitals) in ``language``.

    Raises:
        KeyError: there is no such country.
    """
    return _names(language)[code]
