"""The questionnaires that come with the program, as files: one for each, all its languages in it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from typing import Any, Final

_HERE: Final = "mentornet.surveys"


@dataclass(frozen=True, slots=True)
class ShippedQuestionnaire:
    """One file.

    Attributes:
        key: the file's name.
        facts: columns of the questionnaire itself, for when it is first brought in.
        title, questions: of its version.
    """

    key: str
    facts: dict[str, Any]
    title: dict[str, str]
    questions: list[dict[str, Any]]


def shipped_questionnaires() -> Iterator[ShippedQuestionnaire]:
    """Return each questionnaire that comes with the program, by its name."""
    folder = resources.files(_HERE) / "shipped"
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        kept = tomllib.loads(file.read_text(encoding="utf-8"))
        title, questions = kept.pop("title"), kept.pop("question")
        yield ShippedQuestionnaire(file.name.removesuffix(".toml"), kept, title, questions)
