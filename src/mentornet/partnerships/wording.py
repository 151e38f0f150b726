"""The agreement in words: the text as it ships in each language, filled in, and its hash.

A text is what somebody signs, so nothing in it comes from the program's own translations: the words of every choice
stand in the text's file, and a filled-in text is kept whole.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any, Final

from mentornet.partnerships.validators import CHOICES

DANISH: Final = "da"
FALLBACK: Final = "en"
_HERE: Final = "mentornet.partnerships"
# Unicode's first-strong isolate and its end: seen by nobody, and part of the text that is signed.
_FENCE: Final = "\u2068"
_FENCE_END: Final = "\u2069"
_PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class ShippedWording:
    """The text of one language as it comes with the program."""

    language: str
    wording: dict[str, Any]
    is_draft: bool


def shipped_wordings() -> list[ShippedWording]:
    """Return the text of every language that comes with the program, by language."""
    folder = resources.files(_HERE) / "shipped" / "agreement"
    found = []
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        facts = tomllib.loads(file.read_text(encoding="utf-8"))
        is_draft = bool(facts.pop("is_draft", False))
        facts["sections"] = facts.pop("section")
        found.append(ShippedWording(file.name.removesuffix(".toml"), facts, is_draft))
    return found


def filled_in(wording: Mapping[str, Any], terms: Mapping[str, Any], *, mentee: str, mentor: str) -> dict[str, Any]:
    """Return a text with the terms in it: its title, and sections with their paragraphs.

    A paragraph that asks for something the two have left empty is left out, and a section that has none left. Which
    ones hangs on the terms alone: the paragraphs of all languages still stand beside each other.
    """
    values = {name: wording[name][str(terms[name])] for name in CHOICES if name != "ways"}
    ways = [wording["ways"][way] for way in CHOICES["ways"] if way in terms["ways"]]
    values |= {
        "ways": str(wording["join"]).join(ways),
        "mentee": _fenced(mentee),
        "mentor": _fenced(mentor),
        **{name: _fenced(str(terms[name]).strip()) for name in ("goals", "place", "extra")},
    }
    sections = []
    for section in wording["sections"]:
        paragraphs = [
            _PLACEHOLDER.sub(lambda found: values[found[1]], paragraph)
            for paragraph in section["paragraphs"]
            if all(values[name] for name in _PLACEHOLDER.findall(paragraph))
        ]
        if paragraphs:
            sections.append({"key": section["key"], "heading": section["heading"], "paragraphs": paragraphs})
    return {"title": wording["title"], "sections": sections}


def _fenced(written: str) -> str:
    """Fence each line that somebody has written, so that its direction and the text's do not disturb each other."""
    return "\n".join(f"{_FENCE}{line}{_FENCE_END}" if line.strip() else "" for line in written.splitlines())


def as_plain_text(text: Mapping[str, Any]) -> str:
    """Return a filled-in text as one piece of plain text: what is printed, and what the hash is of."""
    parts = [str(text["title"])]
    for section in text["sections"]:
        parts += [str(section["heading"]), *section["paragraphs"]]
    return "\n\n".join(parts) + "\n"


def text_hash(text: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a filled-in text, by which a signature tells which words it stands under."""
    return hashlib.sha256(as_plain_text(text).encode()).hexdigest()
