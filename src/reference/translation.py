"""Texts in the reader's language: templates in English, catalogues for the others.

A text that is shown later, perhaps in another language, is kept as a :class:`Message`: the English template
and its values apart. ``N_`` marks a template for extraction and returns it unchanged.
"""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Final, Literal, Protocol

Language = Literal["en", "da", "ar", "fa", "uk"]
LANGUAGES: Final[tuple[Language, ...]] = ("en", "da")
"""In these is everything: files, messages, reports."""
SPOKEN: Final[tuple[Language, ...]] = ("en", "da", "ar", "fa", "uk")
"""In these are, besides, the words that a participant reads about somebody: languages, topics, times, reasons."""
DOMAIN: Final = "mentornet"


class Worded(Protocol):
    """Something that has words of its own in every language: a message, a language, an occupation."""

    def text(self, language: Language) -> str:
        """Return the words in ``language``."""


Value = str | int | float | Worded


def N_(template: str) -> str:  # noqa: N802 - gettext's own customary name, known to every extraction tool
    """Mark a template for translation and return it unchanged."""
    return template


Forms = tuple[str, str]
"""A sentence for one and a sentence for many, in English."""


def N2_(one: str, many: str) -> Forms:  # noqa: N802 - the plural sibling of N_
    """Mark both forms of a counted sentence for translation and return them unchanged."""
    return one, many


@cache
def catalogue(language: Language) -> gettext.NullTranslations:
    """Return the catalogue of ``language``; English needs none."""
    if language == "en":
        return gettext.NullTranslations()
    folder = resources.files("reference") / "locale" / language / "LC_MESSAGES"
    with (folder / f"{DOMAIN}.mo").open("rb") as compiled:
        return gettext.GNUTranslations(compiled)


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence with its values, rendered when the reader's language is known.

    ``plural`` and ``count`` go together: with them ``template`` is the singular form. Values that have words of
    their own are rendered in the same language.
    """

    template: str
    values: Mapping[str, Value] = field(default_factory=dict)
    plural: str | None = None
    count: int | None = None

    def text(self, language: Language) -> str:
        """Return the sentence in ``language``."""
        known = catalogue(language)
        if self.plural is None or self.count is None:
            template = known.gettext(self.template)
        else:
            template = known.ngettext(self.template, self.plural, self.count)
        values = {
            name: value if isinstance(value, str | int | float) else value.text(language)
            for name, value in self.values.items()
        }
        return template.format(**values) if values else template


def counted(forms: Forms, count: int, values: Mapping[str, Value] | None = None) -> Message:
    """Return a sentence about ``count`` things, which stands in it as ``{count}``."""
    return Message(forms[0], {"count": count, **(values or {})}, plural=forms[1], count=count)
