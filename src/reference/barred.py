"""What nobody is matched by: ethnicity, religion, health, and the ground of somebody's residence.

A programme's own criteria are named in free words, so their names and choices are held against words of the product's
languages. A list of words is a fence, not a wall: it catches who has not thought of it, not who means to get round it,
and it refuses some harmless names too. ``docs/how-to/add-a-criterion.md`` says what it cannot see.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Final

from babel import Locale

GROUNDS: Final = ("ethnicity", "religion", "health", "residence")

# A word as it stands, or with more at its end (syg*), or also before it (*etni*); phrases word by word.

_ALONE: Final = frozenset({"black", "white", "brown", "sort", "hvid", "brun", "tyk", "чорна", "біла", "سوداء", "بيضاء"})
"""Barred where they are all there is: the name of a choice."""
_OTHERWISE: Final = frozenset({"island", "jordan", "того", "чад", "мали", "مالي", "چين", "chad", "jersey", "polar"})
"""Countries whose names are ordinary words too, or surnames."""
_HERE: Final = frozenset({"DK"})
_LANGUAGES: Final = ("en", "da", "ar", "fa", "uk")

_LOOKALIKES: Final = str.maketrans("аеорсухкмтві", "aeopcyxkmtbi")
_DIGITS: Final = str.maketrans(
    {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"}
)
_ARABIC: Final = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ؤ": "و", "ئ": "ي"}
)
_CLITICS: Final = re.compile(r"^(?:[وف]?(?:بال|كال|لل|ال)|[وفبكل])(?=..)")
_SIGNS_IN_WORDS: Final = str.maketrans({"@": "a", "$": "s", "’": " ", "'": " ", "\u200c": " "})
_SPLIT: Final = re.compile(r"[^\w]+|_")
_CYRILLIC: Final = re.compile("[\u0400-\u04ff]")
_LATIN: Final = re.compile("[a-z]")
_LEAST_SQUEEZED: Final = 6


def _folded(text: str) -> str:
    """Return ``text`` without case, accents, invisible signs and ways of writing one letter."""
    # An accent goes after the letters that are one letter with it have been made alike: alef, and ye with a hamza.
    composed = unicodedata.normalize("NFKC", text).casefold().translate(_ARABIC)
    signs = unicodedata.normalize("NFKD", composed.replace("å", "aa"))
    return "".join(
        sign for sign in signs if unicodedata.category(sign) not in {"Mn", "Cf", "Me"} and sign != "ـ"
    ).translate(_ARABIC)


def _readings(word: str) -> Iterator[str]:
    """Yield a word as it may be meant: look-alike letters of another alphabet, digits for letters, without clitics."""
    yield word
    if _LATIN.search(word) and _CYRILLIC.search(word):
        yield word.translate(_LOOKALIKES)
    if any(sign.isdigit() for sign in word) and not word.isdigit():
        yield word.translate(_DIGITS)
    bare = _CLITICS.sub("", word)
    if bare != word:
        yield bare
        if _CLITICS.match(bare) and bare.startswith("ال"):
            yield _CLITICS.sub("", bare)


def _pattern(entry: str) -> str:
    """Return an entry of a list as a pattern over words with one space between them."""
    words = []
    for word in entry.split():
        begins, ends = r"\w*" if word.startswith("*") else "", r"\w*" if word.endswith("*") else ""
        words.append(f"{begins}{re.escape(_folded(word.strip('*')))}{ends}")
    return " ".join(words)


@cache
def _lists() -> Mapping[str, tuple[str, ...]]:
    """Return the entries of each list by its heading, as the file has them."""
    text = (resources.files("reference") / "data" / "barred.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    found: dict[str, tuple[str, ...]] = {}
    for part in "\n".join(lines).split("[")[1:]:
        heading, _, entries = part.partition("]")
        found[heading] = tuple(entry for entry in (" ".join(one.split()) for one in entries.split(",")) if entry)
    return found


@cache
def _countries() -> frozenset[str]:
    names = set()
    for language in _LANGUAGES:
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha() and code not in _HERE:
                names.add(" ".join(_words(str(name))))
    return frozenset(names - {_folded(name) for name in _OTHERWISE})


@cache
def _patterns() -> Mapping[str, re.Pattern[str]]:
    found = {}
    for ground in GROUNDS:
        words = "|".join(map(_pattern, _lists()[ground]))
        found[ground] = re.compile(rf"(?:^| )(?:{words})(?: |$)")
    return found


@cache
def _harmless() -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(map(_pattern, _lists()['harmless']))})")


@cache
def _squeezed() -> Mapping[str, tuple[str, ...]]:
    """Return, by ground, the parts of words that are looked for anywhere in a text written without its spaces."""
    found = {}
    for ground in GROUNDS:
        stems = [_folded(entry.strip("*")) for entry in _lists()[ground] if entry.startswith("*") and " " not in entry]
        found[ground] = tuple(stem for stem in stems if len(stem) >= _LEAST_SQUEEZED)
    return found


def _words(text: str) -> list[str]:
    return [word for word in _SPLIT.split(_folded(text)) if word]


def barred_ground(text: str) -> str | None:
    """Return the ground that a name reads as, of :data:`GROUNDS`; ``None`` where it reads as none of them."""
    written = [word for word in _words(text.translate(_SIGNS_IN_WORDS)) if not _harmless().fullmatch(word)]
    if _folded(text).strip() in _ALONE:
        return "ethnicity"
    said = [" ".join(written), *(" ".join(words) for words in _each_reading(written))]
    for ground, pattern in _patterns().items():
        if any(pattern.search(one) for one in said):
            return ground
    spaced = f" {' '.join(written)} "
    if any(f" {country} " in spaced for country in _countries()):
        return "ethnicity"
    # Letters with spaces or signs between them are one word.
    if len(written) > 1 and sum(map(len, written)) / len(written) < 4:
        joined = "".join(written)
        for ground, stems in _squeezed().items():
            if any(stem in joined for stem in stems):
                return ground
        for ground, pattern in _patterns().items():
            if all(len(word) == 1 for word in written) and pattern.search(joined):
                return ground
    return None


def _each_reading(written: list[str]) -> Iterator[list[str]]:
    """Yield the words with one reading of each at a time."""
    readings = [list(_readings(word)) for word in written]
    for depth in range(1, max(map(len, readings), default=1)):
        yield [found[min(depth, len(found) - 1)] for found in readings]
