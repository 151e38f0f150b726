"""Cells that hold a list: items with a semicolon between them; empty items are ignored.

Where the items come from a closed list, a comma, a line break or *and* divides them too, if what stands between is
known and the whole is not: ``Arabic C2, Danish B1`` can mean one thing only. Free words have semicolons alone.

All that is wrong with one cell comes out together, each kind of mistake naming its items.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, TypeVar

from reference import isco, languages
from reference.cefr import Level
from reference.faults import shortened
from reference.guard import unguarded
from reference.people import LanguageSkill, Requirement, RequirementKind
from reference.topics import Topic
from reference.translation import N_, Message
from reference.verdicts import NOTHING, Verdict, wrong
from reference.vocabulary import LEVELS, MEETING, REQUIREMENTS, SLOTS, folded, topics_by_word

SEPARATOR: Final = ";"
_NAMED: Final = 5
_ALSO_DIVIDES: Final = re.compile(r"[,\r\n]|\s(?:and|og|&)\s", re.IGNORECASE)

Meaning = TypeVar("Meaning")


def _items(text: str) -> list[str]:
    return [item for part in text.split(SEPARATOR) if (item := part.strip())]


def _closed_items(text: str, is_known: Callable[[str], bool]) -> list[str]:
    """Return the items of a list of known words, divided by semicolons, or else by what people write instead."""
    items: list[str] = []
    for item in _items(text):
        if is_known(item):
            items.append(item)
            continue
        parts = [part for piece in item.split(",") if (part := piece.strip())]
        if is_known(" ".join(parts)):
            # "Kurdish, Sorani" may be one language or two.
            items.append(item)
            continue
        if not all(map(is_known, parts)):
            # "Danish and English, family and school": only now, because an item may have the word in it.
            parts = [part for piece in parts for part in ([piece] if is_known(piece) else _divided(piece))]
        items += parts if any(map(is_known, parts)) else [item]
    return items


def _divided(item: str) -> list[str]:
    return [part for piece in _ALSO_DIVIDES.split(item) if (part := piece.strip())]


def _named(items: Iterable[str]) -> str:
    """Return the items for a message; the cell itself is named beside it, so the first few are enough."""
    distinct = list(dict.fromkeys(items))
    shown = ", ".join(f"“{shortened(item)}”" for item in distinct[:_NAMED])
    return shown + (", …" if len(distinct) > _NAMED else "")


def _broken_lines(items: Iterable[str]) -> Verdict | None:
    """Return a fault if an item runs over a line break: then a semicolon was most likely forgotten."""
    broken = [item for item in items if any(sign in item for sign in "\t\r\n")]
    if not broken:
        return None
    return wrong(N_("expected a semicolon between the items, not only a line break: {items}"), items=_named(broken))


def _looked_up(text: str, meanings: Mapping[str, Meaning], template: str) -> Verdict:
    """Return the meanings of the items, each once, in the order written; ``template`` names the unknown ones."""
    items = _closed_items(text, lambda item: folded(item) in meanings)
    if unknown := [item for item in items if folded(item) not in meanings]:
        return wrong(template, items=_named(unknown))
    return Verdict(tuple(dict.fromkeys(meanings[folded(item)] for item in items))) if items else NOTHING


def read_availability(text: str) -> Verdict:
    """Return the slots, in the order written."""
    return _looked_up(
        text,
        SLOTS,
        N_(
            "expected days (mon tue wed thu fri sat sun) with a part of the day (morning afternoon evening), such as"
            " mon-evening; sat-morning; not understood: {items}"
        ),
    )


def read_meeting(text: str) -> Verdict:
    """Return the ways to meet, in the order written."""
    return _looked_up(
        text,
        MEETING,
        N_("expected in person, online, or both with a semicolon between them; not understood: {items}"),
    )


def read_topics(text: str) -> Verdict:
    """Return the topics in the order written, which ranks a mentee's goals: a topic named twice is a fault."""
    words = topics_by_word()
    items = _closed_items(text, lambda item: folded(item) in words)
    faults: list[Message] = []
    found: list[Topic] = []
    unknown: list[str] = []
    doubled: list[str] = []
    for item in items:
        topic = words.get(folded(item))
        if topic is None:
            unknown.append(item)
        elif topic in found:
            doubled.append(item)
        else:
            found.append(topic)
    if unknown:
        values = {"codes": " ".join(Topic), "items": _named(unknown)}
        faults.append(
            Message(
                N_("expected topics of this list, with a semicolon between: {codes}; not understood: {items}"), values
            )
        )
    if doubled:
        faults.append(Message(N_("expected each topic once; more than once here: {items}"), {"items": _named(doubled)}))
    return Verdict(None if faults else tuple(found) or None, faults=tuple(faults))


def read_interests(text: str) -> Verdict:
    """Return the free words as first written; words that differ in case only are one."""
    items = _items(text)
    if fault := _broken_lines(items):
        return fault
    first_writings: dict[str, str] = {}
    for item in items:
        first_writings.setdefault(unicodedata.normalize("NFC", item).casefold(), item)
    notices: tuple[Message, ...] = ()
    if SEPARATOR not in text and "," in text:
        # Free words may have a comma in them: only whoever wrote it knows whether these are one or several.
        notices = (Message(N_("taken as one interest; if these are several, write a semicolon between them")),)
    return Verdict(tuple(first_writings.values()) or None, notices=notices)


def read_ids(text: str) -> Verdict:
    """Return the ids exactly as written, each once, without the guard of a file that this program wrote."""
    items = _items(text)
    return _broken_lines(items) or Verdict(tuple(dict.fromkeys(unguarded(item) for item in items)) or None)


@dataclass(frozen=True, slots=True)
class _Spoken:
    """What an item says of a language.

    Attributes:
        code: the language; ``None``: none is known by that name.
        level: how well; ``None``: not said, or not understood.
        asks: what is to be written instead, if the level was not understood.
    """

    code: str | None
    level: Level | None = None
    asks: str | None = None

    @property
    def is_known(self) -> bool:
        return self.code is not None and self.asks is None


_AFTER_COLON: Final = N_("expected a level A1, A2, B1, B2, C1, C2 or native after the colon; not understood: {items}")
_AFTER_NAME: Final = N_(
    "expected a level A1, A2, B1, B2, C1, C2 or native after the language, such as Danish B1, and a semicolon between"
    " languages; not understood: {items}"
)


@cache
def _levelled() -> re.Pattern[str]:
    """Return what a language with its level looks like without a colon: ``danish b1``, ``danish (b1)``."""
    levels = "|".join(sorted(map(re.escape, LEVELS), key=len, reverse=True))
    return re.compile(rf"(?P<name>.+?)(?: ?[–=] ?| ?\( ?| )(?P<level>{levels}) ?\)?")


def _spoken(item: str) -> _Spoken:
    name, colon, level_word = item.partition(":")
    if colon:
        level = LEVELS.get(folded(level_word))
        return _Spoken(languages.find(name.strip()), level, None if level else _AFTER_COLON)
    if (code := languages.find(item)) is not None:
        return _Spoken(code)
    plain = folded(item)
    written = _levelled().fullmatch(plain)
    if written is not None and (code := languages.find(written["name"])) is not None:
        return _Spoken(code, LEVELS[written["level"]])
    words = plain.replace("(", " (").split()
    begun = (languages.find(" ".join(words[:count])) for count in range(len(words) - 1, 0, -1))
    code = next(filter(None, begun), None)
    return _Spoken(code, None, None if code is None else _AFTER_NAME)


def read_languages(text: str) -> Verdict:
    """Return the languages with their levels, in the order written; a language named twice is a fault."""
    found: dict[str, LanguageSkill] = {}
    unknown: list[str] = []
    unlevelled: list[tuple[str, str]] = []
    doubled: list[str] = []
    for item in _closed_items(text, lambda item: _spoken(item).is_known):
        spoken = _spoken(item)
        if spoken.code is None:
            unknown.append(item)
        elif spoken.asks is not None:
            unlevelled.append((spoken.asks, item))
        elif spoken.code in found:
            doubled.append(item)
        else:
            found[spoken.code] = LanguageSkill(spoken.code, spoken.level)
    faults: list[Message] = []
    if unknown:
        faults.append(
            Message(
                N_(
                    "expected languages by name or code with a semicolon between them, such as Danish:B2; ar; not"
                    " known: {items}"
                ),
                {"items": _named(unknown)},
            )
        )
    for template in dict.fromkeys(asks for asks, _item in unlevelled):
        items = [item for asks, item in unlevelled if asks == template]
        faults.append(Message(template, {"items": _named(items)}))
    if doubled:
        faults.append(
            Message(N_("expected each language once; more than once here: {items}"), {"items": _named(doubled)})
        )
    return Verdict(None if faults else tuple(found.values()) or None, faults=tuple(faults))


def read_requirements(text: str) -> Verdict:
    """Return the demands on the other side, in the order written, each once."""
    items = _items(text)
    if fault := _broken_lines(items):
        return fault
    found: list[Requirement] = []
    faults: list[Message] = []
    unknown: list[str] = []
    for item in items:
        demand = _requirement(item)
        if isinstance(demand, Requirement):
            found.append(demand)
        elif demand is None:
            unknown.append(item)
        else:
            faults.append(demand)
    if unknown:
        faults.append(
            Message(
                N_(
                    "expected language:ar, occupation:22, division:Aarhus, online or in person, with a semicolon"
                    " between them; not understood: {items}"
                ),
                {"items": _named(unknown)},
            )
        )
    return Verdict(None if faults else tuple(dict.fromkeys(found)) or None, faults=tuple(faults))


def _requirement(item: str) -> Requirement | Message | None:
    """Return the demand, what is wrong with its value, or ``None`` if it is not a demand at all."""
    word, colon, value = (part.strip() for part in item.partition(":"))
    kind = REQUIREMENTS.get(folded(word))
    if kind in {RequirementKind.ONLINE, RequirementKind.IN_PERSON}:
        return None if colon else Requirement(kind)
    if kind is None or not value:
        return None
    if kind is RequirementKind.LANGUAGE:
        code = languages.find(value)
        expected = N_("expected a language's name or code after the colon, and no level; not known: {items}")
    elif kind is RequirementKind.OCCUPATION:
        code = value if isco.exists(value) else None
        expected = N_("expected an ISCO-08 number of 1 to 4 digits after the colon; not known: {items}")
    else:
        return Requirement(kind, value)
    return Message(expected, {"items": _named([item])}) if code is None else Requirement(kind, code)
