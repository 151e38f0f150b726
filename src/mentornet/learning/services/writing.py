"""Writing the handbook and the training anew: each change is a version, and the earlier ones stay."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from mentornet.audit.services import record
from mentornet.common.actors import Actor
from mentornet.common.answers import ChangedMeanwhileError, require
from mentornet.learning.models import Chapter, ChapterText, Module, ModuleText
from mentornet.learning.rules import may_write_handbook


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
    text = ChapterText(chapter=chapter, language=language, **_signed(by, seen), **facts)
    newest = chapter.texts.filter(language=language).first()
    changed = ChangedMeanwhileError(_("Somebody else has rewritten this chapter meanwhile. Read hers first."))
    _write(text, is_newest=(newest.number if newest else 0) == seen, changed=changed)
    record(by=by, act="learning.rewrite", of=chapter, detail={"language": language, "version": text.number})
    return text


@transaction.atomic
def rewrite_module(*, by: Actor, module: Module, language: str, seen: int, facts: Mapping[str, Any]) -> ModuleText:
    """Write a module anew in one language, with its questions. Who has done it before has done it.

    Args:
        by: the national lead.
        module: which.
        language: in which it is written.
        seen: the version's number that the author began from; 0 where there was none.
        facts: title, summary, body and questions.

    Raises:
        NotAllowedError: not the national lead.
        ChangedMeanwhileError: somebody else has written a version meanwhile.
        ValidationError: something is missing or too long, or a question cannot be asked.
    """
    require(may_write_handbook(by))
    text = ModuleText(module=module, language=language, **_signed(by, seen), **facts)
    newest = module.texts.filter(language=language).first()
    changed = ChangedMeanwhileError(_("Somebody else has rewritten this part meanwhile. Read hers first."))
    _write(text, is_newest=(newest.number if newest else 0) == seen, changed=changed)
    record(by=by, act="learning.rewrite_module", of=module, detail={"language": language, "version": text.number})
    return text


def _signed(by: Actor, seen: int) -> dict[str, Any]:
    return {"number": seen + 1, "written_at": by.at, "written_by": by.key}


def _write(text: ChapterText | ModuleText, *, is_newest: bool, changed: ChangedMeanwhileError) -> None:
    text.full_clean(validate_unique=False, validate_constraints=False)
    if not is_newest:
        raise changed
    try:
        with transaction.atomic():
            text.save(force_insert=True)
    except IntegrityError as error:
        raise changed from error
