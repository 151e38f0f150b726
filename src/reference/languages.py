"""Languages: ISO 639 codes, named in English and Danish by Unicode's CLDR (through Babel).

A language has one code here, whichever way somebody writes it, or two people who share it would not be paired:

- the two-letter code (ISO 639-1) where there is one: ``ara`` and ``ar`` are ``ar``;
- the code of the whole where CLDR takes a three-letter code as its usual variety: ``arb`` (Standard Arabic) is
  ``ar``, ``cmn`` (Mandarin) is ``zh``, ``pes`` is ``fa``. Kurmanji stays ``kmr`` and Dari ``prs``, with Sorani
  (``ckb``) beside them: a speaker of one does not simply speak the other;
- Filipino is the standard form of Tagalog, and both are ``tl``;
- any other active ISO 639-3 code as it is: ``bal``, ``rhg``, ``dsl``.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Final

from babel import Locale
from babel.core import get_global

from reference.translation import LANGUAGES, Language

# No languages: several of them, an unknown one, none.
_NO_LANGUAGE: Final = frozenset({"mis", "mul", "root", "und", "zxx"})

# Where CLDR's replacement of a code is not ours (see above).
_CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "cld": "cld",
        "fil": "tl",
        "hbs": "sh",
        "kmr": "kmr",
        "prs": "prs",
        "tgl": "tl",
        "tl": "tl",
        "twi": "tw",
        "sh": "sh",
    }
)

# Languages of the network that CLDR (48) has no name for, or another one than our texts; ours.
_NAMES: Final[Mapping[str, Mapping[Language, str]]] = MappingProxyType(
    {
        # CLDR writes the Arabic name otherwise than the country: الدانمرك.
        "da": {"en": "Danish", "da": "dansk", "ar": "الدنماركية", "fa": "دانمارکی", "uk": "данська"},
        "aii": {
            "en": "Assyrian Neo-Aramaic",
            "da": "assyrisk (nyaramæisk)",
            "ar": "الآشورية (الآرامية الحديثة)",
            "fa": "آشوری (آرامی نو)",
            "uk": "ассирійська (новоарамейська)",
        },
        "cld": {
            "en": "Chaldean Neo-Aramaic",
            "da": "kaldæisk (nyaramæisk)",
            "ar": "الكلدانية (الآرامية الحديثة)",
            "fa": "کلدانی (آرامی نو)",
            "uk": "халдейська (новоарамейська)",
        },
        "dsl": {
            "en": "Danish Sign Language",
            "da": "dansk tegnsprog",
            "ar": "لغة الإشارة الدنماركية",
            "fa": "زبان اشارهٔ دانمارکی",
            "uk": "данська жестова мова",
        },
        "haz": {"en": "Hazaragi", "da": "hazaragi", "ar": "الهزارية", "fa": "هزارگی", "uk": "хазараґі"},
        "kmr": {"en": "Kurmanji", "da": "kurmanji", "ar": "الكرمانجية", "fa": "کرمانجی", "uk": "курманджі"},
        "prs": {"en": "Dari", "da": "dari", "ar": "الدرية", "fa": "دری", "uk": "дарі"},
    }
)

# Everyday names and spellings that CLDR (48) lacks; ours.
_EVERYDAY: Final[Mapping[str, str]] = MappingProxyType(
    {
        "assyrian": "aii",
        "assyrisk": "aii",
        "azeri": "az",
        "badini": "kmr",
        "bahdini": "kmr",
        "bengalsk": "bn",
        "bokmal": "nb",
        "chaldean": "cld",
        "farsi": "fa",
        "formosan": "nan",
        "fulani": "ff",
        "haitisk kreolsk": "ht",
        "hazara": "haz",
        "hviderussisk": "be",
        "iransk": "fa",
        "kaldæisk": "cld",
        "kirundi": "rn",
        "kurdish kurmanji": "kmr",
        "kurdish sorani": "ckb",
        "kurdisk kurmanji": "kmr",
        "kurdisk sorani": "ckb",
        "kurmanci": "kmr",
        "kurmandji": "kmr",
        "kurmandschi": "kmr",
        "luganda": "lg",
        "mandarin": "zh",
        "mandarin chinese": "zh",
        "mandarinkinesisk": "zh",
        "moldovan": "ro",
        "montenegrinsk": "sr",
        "northern kurdish": "kmr",
        "nordkurdisk": "kmr",
        "panjabi": "pa",
        "pashtu": "ps",
        "pushto": "ps",
        "pushtu": "ps",
        "romanes": "rom",
        "sinhalese": "si",
        "taiwanese": "nan",
        "taiwanesisk": "nan",
        "tegnsprog": "dsl",
        "tigrigna": "ti",
        "uighur": "ug",
        "uigurisk": "ug",
        "zazaki": "zza",
    }
)


@cache
def _cldr(language: Language) -> Mapping[str, str]:
    names = Locale(language).languages
    return MappingProxyType({str(code): name for code, name in names.items() if code not in _NO_LANGUAGE})


@cache
def _aliases() -> Mapping[str, str]:
    """Return what CLDR replaces a code with: ``ara`` and ``ger`` by two letters, ``prs`` by a variety of ``fa``."""
    return MappingProxyType(dict(get_global("language_aliases")))


@cache
def _codes_by_name() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for language in LANGUAGES:
        for code, name in _cldr(language).items():
            # A variety ("Brazilian Portuguese", pt_BR) is its language; Dari (fa_AF) is counted apart.
            plain = "prs" if code == "fa_AF" else code.partition("_")[0]
            found.setdefault(_key(name), _find_code(plain) or plain)
    found.update({_key(name): code for code, names in _NAMES.items() for name in names.values()})
    return MappingProxyType(dict(_EVERYDAY) | found)


def _key(text: str) -> str:
    return " ".join(text.replace("-", " ").casefold().split())


def _known_to_iso(code: str) -> str | None:
    """Return the code that stands for the three letters ``code`` in ISO 639-3, if they are in use there.

    The whole standard takes a quarter of a second to load: it is asked only about codes that CLDR does not know.
    """
    import iso639  # noqa: PLC0415 - slow to load and seldom needed

    try:
        found = iso639.Language.from_part3(code)
    except iso639.LanguageNotFoundError:
        return None
    if found.status != "A" or found.scope == "S" or code in _NO_LANGUAGE:
        return None
    return found.part1 or found.part3


def _find_code(code: str) -> str | None:
    if code in _CODES:
        return _CODES[code]
    replaced = _aliases().get(code)
    if replaced is not None and replaced.isalpha() and len(code) == 3:
        return _CODES.get(replaced, replaced)
    if code in _cldr("en") or code in _NAMES:
        return code
    return _known_to_iso(code) if len(code) == 3 else None


@lru_cache(maxsize=4096)
def find(text: str) -> str | None:
    """Return the code of the language that ``text`` names, or ``None`` if it names none.

    Args:
        text: an ISO 639-1 or 639-3 code, or the language's name in English or Danish; case, hyphens and surrounding
            space are ignored. What is a code is never read as a name (``ga`` is Irish, not the language Ga).

    Returns:
        Two letters where ISO 639-1 has them, otherwise the three letters of ISO 639-3; see the module.
    """
    key = _key(text)
    if len(key) in (2, 3) and key.isascii() and key.isalpha() and (code := _find_code(key)) is not None:
        return code
    return _codes_by_name().get(key)


def name(code: str, language: Language) -> str:
    """Return the name of the language with this ``code`` (as :func:`find` returns it) in ``language``.

    Danish names stand in lower case, as they do inside a sentence. A language without a name of its own in CLDR is
    called by its English one, and one that CLDR does not know by its reference name in ISO 639-3.

    Raises:
        KeyError: no language has this code.
    """
    if code in _NAMES:
        names = _NAMES[code]
        return names.get(language) or names["en"]
    if found := _cldr(language).get(code) or _cldr("en").get(code):
        return found
    if len(code) == 3 and _known_to_iso(code) == code:
        import iso639  # noqa: PLC0415 - as above

        return iso639.Language.from_part3(code).name
    raise KeyError(code)
