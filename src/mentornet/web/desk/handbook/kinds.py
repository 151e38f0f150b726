"""Chapters and modules by one name: both have a role, a place, and texts in versions and languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from mentornet.common.actors import Actor
from mentornet.learning import queries, services
from mentornet.learning.models import Chapter, ChapterText, Module, ModuleText

CHAPTER: Final = "chapter"
MODULE: Final = "module"
SOURCE: Final = "da"
"""The language in which the network writes first; the others follow it."""

Text = ChapterText | ModuleText


@dataclass(frozen=True, slots=True)
class Place:
    """A chapter or a module, in one language."""

    kind: str
    thing: Chapter | Module
    language: str

    @property
    def arguments(self) -> dict[str, str]:
        """What leads to it in an address."""
        return {
            "what": self.kind,
            "role": self.thing.role,
            "slug": self.thing.slug,
            "language": self.language,
        }

    @property
    def is_chapter(self) -> bool:
        """Whether it is a chapter of the handbook, not a module of the training."""
        return self.kind == CHAPTER

    def versions(self, language: str = "") -> list[Text]:
        """Return its versions in its language or another, the newest first."""
        wanted = language or self.language
        if self.is_chapter:
            return list(queries.versions_of_chapter(self.thing.pk, wanted))
        return list(queries.versions_of_module(self.thing.pk, wanted))

    def rewrite(self, by: Actor, seen: int, facts: Mapping[str, Any]) -> Text:
        """Write its next version."""
        if isinstance(self.thing, Chapter):
            return services.rewrite_chapter(by=by, chapter=self.thing, language=self.language, seen=seen, facts=facts)
        return services.rewrite_module(by=by, module=self.thing, language=self.language, seen=seen, facts=facts)


def place_of(kind: str, role: str, slug: str, language: str) -> Place:
    """Return what an address names.

    Raises:
        Http404: there is no such thing, or nobody reads that language here.
    """
    if kind not in {CHAPTER, MODULE} or language not in dict(settings.LANGUAGES):
        raise Http404
    things: QuerySet[Any] = queries.every_chapter() if kind == CHAPTER else queries.every_module()
    return Place(kind, get_object_or_404(things, role=role, slug=slug), language)


def facts_of(text: Text) -> dict[str, Any]:
    """Return what a version says."""
    more = "situations" if isinstance(text, ChapterText) else "questions"
    return {name: getattr(text, name) for name in ("title", "summary", "body", more)}
