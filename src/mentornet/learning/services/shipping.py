"""Bringing in the handbook and the training that come with the program."""

from __future__ import annotations

from typing import Final

from django.db import IntegrityError, transaction

from mentornet.common.actors import System
from mentornet.learning.models import Chapter, ChapterText, Module, ModuleText
from mentornet.learning.queries import newest_chapter_texts, newest_module_texts
from mentornet.learning.shipped import ShippedText, shipped_texts

SHIPPED: Final = "system:shipped"


def install_shipped(*, by: System) -> int:
    """Bring in the chapters and modules that come with the program. Returns how many texts are new.

    What somebody has rewritten here stays: a new release's text becomes a version of its own only where the last one
    came with the program too. Doing it twice changes nothing.

    Raises:
        ValidationError: a file holds what cannot be; a test keeps the program's own from it.
    """
    try:
        with transaction.atomic():
            return _install_handbook(by) + _install_training(by)
    except IntegrityError:
        # Another process of the same release has started at this moment, and was faster.
        return 0


def _install_handbook(by: System) -> int:
    chapters = {(one.role, one.slug): one for one in Chapter.objects.all()}
    last = {(one.chapter_id, one.language): one for one in newest_chapter_texts()}
    written = 0
    for shipped in shipped_texts("handbook"):
        new = Chapter(role=shipped.role, slug=shipped.slug, created_at=by.at)
        chapter = chapters.setdefault((shipped.role, shipped.slug), new)
        _settle(chapter, position=shipped.position)
        text = ChapterText(chapter=chapter, situations=shipped.facts["situations"])
        written += _install(by, text, shipped, last.get((chapter.pk, shipped.language)), "situations")
    return written


def _install_training(by: System) -> int:
    modules = {(one.role, one.slug): one for one in Module.objects.all()}
    last = {(one.module_id, one.language): one for one in newest_module_texts()}
    written = 0
    for shipped in shipped_texts("training"):
        new = Module(role=shipped.role, slug=shipped.slug, created_at=by.at)
        module = modules.setdefault((shipped.role, shipped.slug), new)
        _settle(module, position=shipped.position, minutes=shipped.facts["minutes"])
        text = ModuleText(module=module, questions=shipped.facts["questions"])
        written += _install(by, text, shipped, last.get((module.pk, shipped.language)), "questions")
    return written


def _settle(thing: Chapter | Module, **facts: int) -> None:
    """Write a chapter's or module's place and length where they are not that yet; what is new has none."""
    if all(getattr(thing, name) == value for name, value in facts.items()):
        return
    for name, value in facts.items():
        setattr(thing, name, value)
    thing.full_clean(validate_unique=False, validate_constraints=False)
    thing.save()


def _install(
    by: System, text: ChapterText | ModuleText, shipped: ShippedText, last: ChapterText | ModuleText | None, more: str
) -> bool:
    """Write a shipped text as the next version, unless the last one is the same or somebody's own."""
    text.title, text.summary, text.body = shipped.facts["title"], shipped.facts["summary"], shipped.body
    if last is not None:
        same = all(getattr(last, name) == getattr(text, name) for name in ("title", "summary", "body", more))
        if same or last.written_by != SHIPPED:
            return False
    text.language, text.number = shipped.language, (last.number if last else 0) + 1
    text.written_at, text.written_by = by.at, SHIPPED
    text.full_clean(validate_unique=False, validate_constraints=False)
    text.save(force_insert=True)
    return True
