"""The handbook and the training that come with the program, as files: one folder a chapter, one file a language.

A file begins with TOML between two lines of ``+++``; Markdown follows.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, Final

from mentornet.people.enums import Role

FENCE: Final = "+++"
_HERE: Final = "mentornet.learning"


@dataclass(frozen=True, slots=True)
class ShippedText:
    """One file.

    Attributes:
        position: the folder's number.
        slug: the folder's name after its number.
        facts: what stands between the fences.
        body: Markdown.
    """

    role: Role
    position: int
    slug: str
    language: str
    facts: dict[str, Any]
    body: str


def parsed(text: str) -> tuple[dict[str, Any], str]:
    """Take a file apart into its facts and its Markdown.

    Raises:
        ValueError: it does not begin with facts between fences, or these are not TOML.
    """
    parts = text.split(f"{FENCE}\n", 2)
    if len(parts) != 3 or parts[0].strip():
        raise ValueError(f"expected facts between two lines of {FENCE}")
    return tomllib.loads(parts[1]), parts[2].strip() + "\n"


def shipped_texts(kind: str) -> Iterator[ShippedText]:
    """Return every file of a kind, ``handbook`` or ``training``, by role, place and language.

    Raises:
        ValueError: a file cannot be taken apart; its name is told.
    """
    for role in Role:
        folder = resources.files(_HERE) / "shipped" / kind / role.value
        for chapter in sorted(folder.iterdir(), key=lambda one: one.name):
            number, _, slug = chapter.name.partition("-")
            for file in sorted(chapter.iterdir(), key=lambda one: one.name):
                yield _read(role, int(number), slug, file)


def _read(role: Role, position: int, slug: str, file: Traversable) -> ShippedText:
    try:
        facts, body = parsed(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{role}/{slug}/{file.name}: {error}") from error
    return ShippedText(role, position, slug, file.name.removesuffix(".md"), facts, body)
