"""Between a profile as it is stored and a person as the spreadsheets and the mathematics know her."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from mentornet.people.enums import Role
from mentornet.people.validators import SLOTS
from reference.cefr import Level
from reference.people import LanguageSkill, MeetingMode, Mentee, Mentor, Requirement, RequirementKind
from reference.slots import Slot
from reference.topics import Topic

CODES: Final[Mapping[Slot, str]] = {slot: code for code, slot in SLOTS.items()}

SHARED: Final = (
    "occupation", "sector", "education", "topics", "interests", "availability", "meeting", "hours_per_month", "months",
    "requires", "wishes",
)  # fmt: skip
"""Profile fields that both roles have and a spreadsheet carries, under the same names."""
ONLY: Final[Mapping[Role, tuple[str, ...]]] = {
    Role.MENTEE: ("practise_danish", "needs_experience"),
    Role.MENTOR: ("min_danish", "pairs_before"),
}


def _requirement_word(requirement: Requirement) -> str:
    kind = requirement.kind.value
    return f"{kind}:{requirement.value}" if requirement.value else kind


def requirement_of(word: str) -> Requirement:
    """Read a stored requirement, such as ``language:ar`` or ``online``."""
    kind, _, value = word.partition(":")
    return Requirement(RequirementKind(kind), value)


def _words(items: tuple[str, ...] | None) -> tuple[str, ...] | None:
    return None if items is None else tuple(str(item) for item in items)


def stored_facts(known: Mentor | Mentee) -> dict[str, Any]:
    """Return a person of a spreadsheet as fields of a :class:`~mentornet.people.models.Profile`."""
    facts: dict[str, Any] = {
        "occupation": known.occupation or "",
        "sector": known.sector or "",
        "education": known.education,
        "topics": None if known.topics is None else tuple(topic.value for topic in known.topics),
        "interests": _words(known.interests),
        "availability": None if known.availability is None else tuple(CODES[slot] for slot in known.availability),
        "meeting": None if known.meeting is None else tuple(mode.value for mode in known.meeting),
        "hours_per_month": known.hours_per_month,
        "months": known.months,
        "requires": tuple(_requirement_word(requirement) for requirement in known.requires),
        "wishes": known.wishes or "",
    }
    if isinstance(known, Mentor):
        level = known.min_danish
        return facts | {"min_danish": level.name if level else "", "pairs_before": known.pairs_before}
    return facts | {"practise_danish": known.practise_danish, "needs_experience": known.needs_experience}


def read_facts(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return stored fields that both roles share as fields of :class:`reference.people.Person`.

    ``row`` holds the names of :data:`SHARED` and ``languages``: pairs of code and level, or ``None``.
    """
    topics, slots, meeting, spoken = row["topics"], row["availability"], row["meeting"], row["languages"]
    return {
        "occupation": row["occupation"] or None,
        "sector": row["sector"] or None,
        "education": row["education"],
        "topics": None if topics is None else tuple(Topic(code) for code in topics),
        "interests": row["interests"],
        "availability": None if slots is None else tuple(SLOTS[code] for code in slots),
        "meeting": None if meeting is None else tuple(MeetingMode(code) for code in meeting),
        "hours_per_month": row["hours_per_month"],
        "months": row["months"],
        "requires": tuple(requirement_of(word) for word in row["requires"] or ()),
        "wishes": row["wishes"] or None,
        "languages": None
        if not spoken
        else tuple(LanguageSkill(code, Level[level] if level else None) for code, level in spoken),
    }
