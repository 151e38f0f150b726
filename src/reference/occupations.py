"""Looking for an occupation by words, in the languages of participants.

English and Danish titles are those of :mod:`reference.isco`. For Arabic, Persian and Ukrainian there is a short table
of common occupations, ``data/common_occupations.csv``: it is this product's own, not an official translation of
ISCO-08, and many groups are missing from it. Its first title in a language is the one that is shown; women's forms
stand first. The fields of work, which are the groups of one and of two digits, all have titles: so where a narrower
group has none, what people read is the field that it is in.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Final

from reference import isco
from reference.titles import TitleResolver
from reference.translation import LANGUAGES, Language

OURS: Final[tuple[Language, ...]] = ("ar", "fa", "uk")
"""The languages of the table of our own."""
MAJOR_GROUPS: Final[Mapping[str, Mapping[Language, str]]] = MappingProxyType(
    {
        "1": {"ar": "الإدارة والقيادة", "fa": "مدیریت", "uk": "Керівництво"},
        "2": {"ar": "مهن تحتاج إلى دراسة عليا", "fa": "کارهایی با تحصیلات عالی", "uk": "Робота з вищою освітою"},
        "3": {
            "ar": "الفنيّات والمساعدات المختصّات",
            "fa": "تکنسین‌ها و دستیاران متخصص",
            "uk": "Техніки й асистентки фахівців",
        },
        "4": {"ar": "العمل المكتبي", "fa": "کارهای دفتری", "uk": "Офісна робота"},
        "5": {"ar": "الخدمات والمبيعات", "fa": "خدمات و فروش", "uk": "Послуги та продаж"},
        "6": {
            "ar": "الزراعة والغابات وصيد الأسماك",
            "fa": "کشاورزی، جنگل‌داری و ماهی‌گیری",
            "uk": "Сільське господарство, ліс, рибальство",
        },
        "7": {"ar": "الحِرف والبناء", "fa": "صنعتگری و ساختمان", "uk": "Ремесла й будівництво"},
        "8": {"ar": "تشغيل الآلات والقيادة", "fa": "کار با ماشین‌آلات و رانندگی", "uk": "Робота з машинами, водіння"},
        "9": {"ar": "أعمال بسيطة", "fa": "کارهای ساده", "uk": "Проста робота"},
    }
)
"""The major groups without the armed forces, in our own words."""
_FIELD: Final = 2
"""Digits of the narrowest groups that all have a title of our own."""
_SHORTEST: Final = 2
_MOST_WORDS: Final = 6
_SURE_ENOUGH: Final = 3
_WORDS: Final = re.compile(r"[^\W_]+")
# Letters that are typed one for another, and marks that few type: hamza on its seats, the Arabic and the Persian yeh
# and kaf, tatweel, the joiner that keeps Persian letters apart.
_SAME: Final = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ۀ": "ه", "ؤ": "و",
                              "ئ": "ي", "ـ": "", "\u200c": " ", "’": "", "ʼ": "", "'": "", "ґ": "г"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """A group of ISCO-08 that some words may mean, by the title that a reader understands best."""

    code: str
    title: str


@dataclass(frozen=True, slots=True)
class _Title:
    code: str
    words: tuple[str, ...]
    text: str


@cache
def common() -> Mapping[str, Mapping[Language, tuple[str, ...]]]:
    """Return the titles of common occupations in the languages of our own table, by code."""
    text = (resources.files("reference") / "data" / "common_occupations.csv").read_text(encoding="utf-8")
    return MappingProxyType(
        {
            row["code"]: MappingProxyType({language: tuple(row[language].split(";")) for language in OURS})
            for row in csv.DictReader(text.splitlines())
        }
    )


@cache
def fields_of_work() -> Mapping[str, Mapping[Language, str]]:
    """Return the titles of the sub-major groups in the languages of our own tables, by code."""
    text = (resources.files("reference") / "data" / "fields_of_work.csv").read_text(encoding="utf-8")
    return MappingProxyType(
        {
            row["code"]: MappingProxyType({language: row[language] for language in OURS})
            for row in csv.DictReader(text.splitlines())
        }
    )


def title_to_read(code: str, language: Language) -> str:
    """Return what a group is called in ``language``, or the narrowest field that has a title there.

    English where even that has none: of the armed forces as a whole.

    Raises:
        KeyError: ISCO-08 has no such code.
    """
    found = title(code, language)
    if language not in OURS or code in common() or len(code) <= _FIELD:
        return found
    return title(code[:2], language)


def title(code: str, language: Language) -> str:
    """Return what a group is called in ``language``: by our own table where the official titles are not in it.

    Raises:
        KeyError: ISCO-08 has no such code.
    """
    if language in OURS and code in common():
        own = common()[code][language][0]
        return own[:1].upper() + own[1:]
    if language in OURS and code in MAJOR_GROUPS:
        return MAJOR_GROUPS[code][language]
    if language in OURS and code in fields_of_work():
        return fields_of_work()[code][language]
    return isco.title(code, language)


def _folded(text: str) -> tuple[str, ...]:
    """Return the words of a text without case, accents and the Arabic article."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_SAME))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign)).translate(_SAME)
    words = _WORDS.findall(plain)
    return tuple(word.removeprefix("ال") if len(word) > 4 else word for word in words)


@cache
def _titles() -> tuple[_Title, ...]:
    found: dict[tuple[str, str], _Title] = {}
    for group in isco.groups():
        for language in LANGUAGES:
            for text in (group.titles[language], *group.synonyms[language]):
                words = _folded(text)
                found.setdefault((group.code, " ".join(words)), _Title(group.code, words, text))
    for code, names in common().items():
        for texts in names.values():
            for text in texts:
                words = _folded(text)
                found.setdefault((code, " ".join(words)), _Title(code, words, text))
    return tuple(found.values())


def search(text: str, language: Language) -> list[Found]:
    """Return the groups that some words may mean, the best first; none for fewer than two letters.

    Every word that was typed must begin a word of a title, whichever language it is in. A title that says no more than
    was typed comes first, then narrow groups before wide ones. Where no title fits, near ones are looked for.
    """
    typed = _folded(text)[:_MOST_WORDS]
    if sum(map(len, typed)) < _SHORTEST:
        return []
    best: dict[str, tuple[int, int, str]] = {}
    for one in _titles():
        if all(any(word.startswith(part) for word in one.words) for part in typed):
            rank = (0 if one.words == typed else 1 + len(one.words) - len(typed), -len(one.code), one.code)
            best[one.code] = min(rank, best.get(one.code, rank))
    codes = sorted(best, key=lambda code: best[code])
    if not codes:
        near = TitleResolver.bundled().candidates(text, _SURE_ENOUGH)
        codes = [candidate.code for candidate in near]
    return [Found(code, title(code, language)) for code in codes]
