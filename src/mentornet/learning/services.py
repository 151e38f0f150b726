"""Writing the handbook and the training, and noting who has read and done what."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from mentornet.audit.services import record
from mentornet.common.actors import Actor, System
from mentornet.common.answers import ChangedMeanwhileError, require
from mentornet.intake.models import Enrolment
from mentornet.intake.services.enrolments import brief
from mentornet.learning.enums import Way
from mentornet.learning.models import Attendance, Chapter, ChapterText, Module, ModuleText, ReadReceipt
from mentornet.learning.queries import modules_left, newest_chapter_texts, newest_module_texts
from mentornet.learning.rules import counts_for_the_bank, may_note_training, may_write_handbook
from mentornet.learning.shipped import ShippedText, shipped_texts
from mentornet.people.models import Person

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


@transaction.atomic
def rewrite_chapter(*, by: Actor, chapter: Chapter, language: str, seen: int, facts: Mapping[str, Any]) -> ChapterText:
    """Write a chapter anew in one language: a new version; the earlier ones stay.

    Args:
        by: the national lead.
        chapter: which.
        language: in which it is written.
        seen: the version's number that the author began from; 0 where there was none.
        facts: title, summary, situations and body.

    Raises:
        NotAllowedError: not the national lead.
        ChangedMeanwhileError: somebody else has written a version meanwhile.
        ValidationError: something is missing or too long.
    """
    require(may_write_handbook(by))
    newest = chapter.texts.filter(language=language).aggregate(number=Max("number"))["number"] or 0
    text = ChapterText(
        chapter=chapter, language=language, number=seen + 1, written_at=by.at, written_by=by.key, **facts
    )
    text.full_clean(validate_unique=False, validate_constraints=False)
    changed = ChangedMeanwhileError(_("Somebody else has rewritten this chapter meanwhile. Read hers first."))
    if newest != seen:
        raise changed
    try:
        with transaction.atomic():
            text.save(force_insert=True)
    except IntegrityError as error:
        raise changed from error
    record(by=by, act="learning.rewrite", of=chapter, detail={"language": language, "version": text.number})
    return text


@transaction.atomic
def note_read(*, by: Actor, person: Person, text: ChapterText) -> None:
    """Note that somebody has read a chapter; a second time changes nothing."""
    ReadReceipt.objects.get_or_create(
        chapter=text.chapter,
        person=person,
        defaults={"language": text.language, "number": text.number, "read_at": by.at},
    )


@transaction.atomic
def note_training(
    *, by: Actor, enrolment: Enrolment, module: Module, way: Way | str, on: date, reason: str = ""
) -> Attendance:
    """Note that somebody has done a module, or is let off it. With the last one a mentor comes into the bank.

    Raises:
        NotAllowedError: not the actor's division, or she has left.
        ValidationError: another role's module, a day to come, or no reason for letting her off.
    """
    # Locked: of two who note the last two modules at once, the second must see that nothing is left.
    enrolment = Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
    require(may_note_training(by, enrolment))
    if module.role != enrolment.role:
        raise ValidationError(_("This module is for the other role."), code="role")
    if on > by.today:
        raise ValidationError({"on": _("That day is still to come.")})
    reason = reason.strip()
    if way == Way.WAIVED and not reason:
        raise ValidationError({"reason": _("Write why she needs no training; it stays in the case.")})
    noted, is_new = Attendance.objects.get_or_create(
        module=module,
        person=enrolment.person,
        defaults={
            "way": way,
            "on": on,
            "reason": reason if way == Way.WAIVED else "",
            "told_by": by.key,
            "created_at": by.at,
        },
    )
    if is_new:
        record(
            by=by,
            act="learning.note_training",
            of=enrolment,
            division_id=enrolment.division_id,
            detail={"module": module.slug, "way": str(way)},
        )
        _brief_if_trained(by, enrolment, on)
    return noted


def _brief_if_trained(by: Actor, enrolment: Enrolment, on: date) -> None:
    if counts_for_the_bank(enrolment) and not modules_left(enrolment.person_id, enrolment.role).exists():
        brief(by=by, enrolment=enrolment, on=on)
