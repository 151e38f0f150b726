"""Reads of the handbook and the training."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, TypeVar
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from rapidfuzz import fuzz

from mentornet.common.ordering import folded
from mentornet.learning.models import Attendance, Chapter, ChapterText, Module, ModuleText, ReadReceipt
from mentornet.people.enums import Role

FALLBACKS: Final = ("en", "da")
"""The languages in which everything is written, the next best first."""
ALIKE: Final = 60
"""How alike, of 100, a situation and what somebody typed must be."""
_Text = TypeVar("_Text", ChapterText, ModuleText)


def _in_force(texts: QuerySet[_Text], of: str) -> QuerySet[_Text]:
    newest = texts.model.objects.filter(**{of: OuterRef(of), "language": OuterRef("language")}).order_by("-number")
    return texts.filter(pk=Subquery(newest.values("pk")[:1]))


def _best(texts: Iterable[_Text], of: str, language: str) -> list[_Text]:
    """Return one text for each thing, in the language or the next best one, in the things' order."""
    wanted = (language, *FALLBACKS)
    best: dict[UUID, _Text] = {}
    for text in texts:
        key = getattr(text, f"{of}_id")
        if text.language in wanted and (
            key not in best or wanted.index(text.language) < wanted.index(best[key].language)
        ):
            best[key] = text
    return sorted(best.values(), key=lambda text: getattr(text, of).position)


def newest_chapter_texts() -> QuerySet[ChapterText]:
    """Return every chapter as it is in force, in each of its languages."""
    return _in_force(ChapterText.objects.all(), "chapter")


def newest_module_texts() -> QuerySet[ModuleText]:
    """Return every module as it is in force, in each of its languages."""
    return _in_force(ModuleText.objects.all(), "module")


def chapters(role: Role | str, language: str) -> list[ChapterText]:
    """Return a handbook's chapters as they are in force, each in ``language`` or, unwritten there, the next best."""
    texts = newest_chapter_texts().filter(chapter__role=role, language__in=(language, *FALLBACKS))
    return _best(texts.select_related("chapter"), "chapter", language)


def chapter(role: Role | str, slug: str, language: str) -> ChapterText | None:
    """Return a chapter as it is in force; ``None`` when there is none of that name."""
    texts = newest_chapter_texts().filter(chapter__role=role, chapter__slug=slug)
    found = _best(texts.select_related("chapter"), "chapter", language)
    return found[0] if found else None


def chapters_for(texts: Sequence[ChapterText], typed: str) -> list[tuple[ChapterText, str]]:
    """Return the chapters that fit what somebody typed, the best first, each with the situation it was found by.

    A chapter is found by a situation that reads alike, or by every word standing in its title, summary or text; the
    situation is empty in the second case.
    """
    words, found = folded(typed).split(), []
    for text in texts:
        likeness, situation = max(
            ((fuzz.token_set_ratio(folded(typed), folded(one)), one) for one in text.situations), default=(0.0, "")
        )
        whole = folded(f"{text.title} {text.summary} {text.body}")
        if likeness >= ALIKE:
            found.append((likeness, text, situation))
        elif words and all(word in whole for word in words):
            found.append((0.0, text, ""))
    found.sort(key=lambda one: (-one[0], one[1].chapter.position))
    return [(text, situation) for _likeness, text, situation in found]


def modules(role: Role | str, language: str) -> list[ModuleText]:
    """Return the training of a role, each module in ``language`` or the next best."""
    texts = newest_module_texts().filter(module__role=role, language__in=(language, *FALLBACKS))
    return _best(texts.select_related("module"), "module", language)


def attended(person_id: UUID) -> dict[UUID, Attendance]:
    """Return what somebody has done of the training, by module."""
    return {one.module_id: one for one in Attendance.objects.filter(person_id=person_id)}


def modules_left(person_id: UUID, role: Role | str) -> QuerySet[Module]:
    """Return the modules of a role that somebody has not done, in order."""
    done = Attendance.objects.filter(person_id=person_id).values("module_id")
    return Module.objects.filter(role=role).exclude(pk__in=done).order_by("position")


def read_chapters(person_id: UUID) -> set[UUID]:
    """Return the chapters that somebody has read."""
    return set(ReadReceipt.objects.filter(person_id=person_id).values_list("chapter_id", flat=True))


def every_chapter() -> QuerySet[Chapter]:
    """Return all chapters, by handbook and place."""
    return Chapter.objects.order_by("role", "position")
