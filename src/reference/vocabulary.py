"""The words that spreadsheets write for closed values, in English and Danish, and how words are compared.

These are data, not texts of the program: a file may use them whatever language its reader has chosen.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Final

from reference.cefr import Level
from reference.people import MeetingMode, RequirementKind
from reference.slots import Day, Part, Slot
from reference.topics import Topic
from reference.translation import LANGUAGES, Language

_ALIKE: Final = re.compile(r"[\s_-]+")


@lru_cache(maxsize=1 << 14)
def folded(text: str) -> str:
    """Return ``text`` as headers and closed values are compared: without case; ``_``, ``-`` and space are alike."""
    # A Mac writes ø and å as two signs each: NFC makes them one.
    return _ALIKE.sub(" ", unicodedata.normalize("NFC", text).casefold()).strip()


NATIVE: Final[Mapping[Language, str]] = MappingProxyType({"en": "native", "da": "modersmål"})
# What people write for a native speaker, beside the words that we write ourselves.
_ALSO_NATIVE: Final = ("mother tongue", "native speaker", "first language", "førstesprog")
LEVELS: Final[Mapping[str, Level]] = MappingProxyType(
    {level.name.casefold(): level for level in Level} | dict.fromkeys((*NATIVE.values(), *_ALSO_NATIVE), Level.C2)
)

YES_NO_WORDS: Final[Mapping[Language, Mapping[bool, str]]] = MappingProxyType(
    {"en": {True: "yes", False: "no"}, "da": {True: "ja", False: "nej"}}
)
YES_NO: Final[Mapping[str, bool]] = MappingProxyType(
    {word: meaning for words in YES_NO_WORDS.values() for meaning, word in words.items()}
)

MEETING_WORDS: Final[Mapping[Language, Mapping[MeetingMode, str]]] = MappingProxyType(
    {
        "en": {MeetingMode.IN_PERSON: "in person", MeetingMode.ONLINE: "online"},
        "da": {MeetingMode.IN_PERSON: "fysisk", MeetingMode.ONLINE: "online"},
    }
)
MEETING: Final[Mapping[str, MeetingMode]] = MappingProxyType(
    {word: mode for words in MEETING_WORDS.values() for mode, word in words.items()}
)

DAY_WORDS: Final[Mapping[Language, tuple[str, ...]]] = MappingProxyType(
    {
        "en": ("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
        "da": ("man", "tir", "ons", "tor", "fre", "lør", "søn"),
    }
)
PART_WORDS: Final[Mapping[Language, tuple[str, ...]]] = MappingProxyType(
    {"en": ("morning", "afternoon", "evening"), "da": ("formiddag", "eftermiddag", "aften")}
)
_WHOLE_DAYS: Final = (
    ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"),
)
# A day of one language goes with a part of the other: `man-evening` can only mean one thing.
SLOTS: Final[Mapping[str, Slot]] = MappingProxyType(
    {
        f"{day} {part}": Slot(Day(day_number), Part(part_number))
        for days in (*DAY_WORDS.values(), *_WHOLE_DAYS)
        for day_number, day in enumerate(days)
        for parts in PART_WORDS.values()
        for part_number, part in enumerate(parts)
    }
)

# The codes in Danish, as somebody would write them who has only seen ours.
_DANISH_TOPICS: Final[Mapping[str, Topic]] = MappingProxyType(
    {
        "jobsøgning": Topic.JOB_SEARCH,
        "ansøgning og cv": Topic.CV,
        "jobsamtale": Topic.INTERVIEW,
        "arbejdspladskultur": Topic.WORKPLACE_CULTURE,
        "netværk": Topic.NETWORK,
        "anerkendelse": Topic.RECOGNITION,
        "hverdag": Topic.EVERYDAY_LIFE,
        "hverdagsliv": Topic.EVERYDAY_LIFE,
        "samfund": Topic.SOCIETY,
        "iværksætteri": Topic.BUSINESS,
        "virksomhed": Topic.BUSINESS,
        "it": Topic.IT_SKILLS,
        "it færdigheder": Topic.IT_SKILLS,
        "selvtillid": Topic.CONFIDENCE,
    }
)


@cache
def topics_by_word() -> Mapping[str, Topic]:
    """Return the topics by code, by label in either language, and by the code in Danish; all folded."""
    words = {folded(topic.label.text(language)): topic for topic in Topic for language in LANGUAGES}
    return MappingProxyType({**words, **_DANISH_TOPICS, **{folded(topic): topic for topic in Topic}})


REQUIREMENT_WORDS: Final[Mapping[Language, Mapping[RequirementKind, str]]] = MappingProxyType(
    {
        "en": {kind: kind.value for kind in RequirementKind},
        "da": {
            RequirementKind.LANGUAGE: "sprog",
            RequirementKind.OCCUPATION: "fag",
            RequirementKind.DIVISION: "afdeling",
            RequirementKind.ONLINE: "online",
            RequirementKind.IN_PERSON: "fysisk",
        },
    }
)
REQUIREMENTS: Final[Mapping[str, RequirementKind]] = MappingProxyType(
    {word: kind for words in REQUIREMENT_WORDS.values() for kind, word in words.items()}
)


def slot_word(slot: Slot, language: Language) -> str:
    """Return the slot as a spreadsheet writes it: ``mon-evening``, ``man-aften``."""
    return f"{DAY_WORDS[language][slot.day]}-{PART_WORDS[language][slot.part]}"
