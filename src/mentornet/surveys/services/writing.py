"""Setting questionnaires up: a draft that several may work on, and versions that are never altered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from mentornet.audit.services import record
from mentornet.common.actors import Actor
from mentornet.common.answers import ChangedMeanwhileError, require
from mentornet.programmes.models import Programme
from mentornet.surveys.models import Questionnaire, QuestionnaireVersion
from mentornet.surveys.queries import versions_of
from mentornet.surveys.rules import may_set_up, may_write
from mentornet.surveys.validators import check_purpose, check_questions

_MEANWHILE = _("Somebody else has changed these questions meanwhile. Look at them again, then make your change.")


@transaction.atomic
def start_questionnaire(
    *, by: Actor, programme: Programme | None, facts: Mapping[str, Any], content: Mapping[str, Any]
) -> Questionnaire:
    """Start a questionnaire as a draft, often a copy of another one. Nobody is asked before it is published.

    Args:
        by: who sets it up.
        programme: whose pairs are asked; ``None`` for those of all.
        facts: ``aim``, ``who``, ``is_anonymous`` and ``due``.
        content: the draft's ``title`` and ``questions``.

    Raises:
        NotAllowedError: one for all divisions is the national lead's, one of a division's programme its lead's.
        ValidationError: something cannot be used.
    """
    require(may_set_up(by, programme))
    key = uuid4()
    made = Questionnaire(
        id=key,
        key=f"own-{key.hex[:12]}",
        programme=programme,
        draft=dict(content),
        created_at=by.at,
        **{name: facts[name] for name in ("aim", "who", "is_anonymous", "due")},
    )
    made.full_clean()
    made.save(force_insert=True)
    record(by=by, act="surveys.start", of=made, division_id=_division(made))
    return made


@transaction.atomic
def change_due(*, by: Actor, questionnaire: Questionnaire, due: Mapping[str, Any]) -> Questionnaire:
    """Change when it is asked, from tonight on.

    Raises:
        NotAllowedError: she does not set it up, or it is closed.
        ValidationError: nobody can follow the rule.
    """
    require(may_write(by, questionnaire))
    questionnaire.due = dict(due)
    questionnaire.full_clean(validate_unique=False)
    questionnaire.save(update_fields=["due"])
    record(by=by, act="surveys.change_due", of=questionnaire, division_id=_division(questionnaire))
    return questionnaire


@transaction.atomic
def write_draft(*, by: Actor, questionnaire: Questionnaire, seen: int, content: Mapping[str, Any]) -> Questionnaire:
    """Write what the next version is to ask. Nobody is asked it before it is published.

    ``seen`` is the number of the draft that she had before her.

    Raises:
        NotAllowedError: she does not set it up, or it is closed.
        ChangedMeanwhileError: somebody else has changed it meanwhile.
        ValidationError: something in it cannot be asked.
    """
    require(may_write(by, questionnaire))
    questionnaire.draft = dict(content)
    questionnaire.full_clean(validate_unique=False, validate_constraints=False)
    _write(questionnaire, seen, questionnaire.draft)
    record(by=by, act="surveys.write_draft", of=questionnaire, division_id=_division(questionnaire))
    return questionnaire


@transaction.atomic
def discard_draft(*, by: Actor, questionnaire: Questionnaire, seen: int) -> Questionnaire:
    """Throw a draft away: the version in force is what stands.

    Raises:
        NotAllowedError: she does not set it up, or it is closed.
        ChangedMeanwhileError: somebody else has changed it meanwhile, or there is nothing to go back to.
    """
    require(may_write(by, questionnaire))
    if not versions_of(questionnaire).exists():
        raise ChangedMeanwhileError(_("There is no version to go back to. Close the questionnaire instead."))
    _write(questionnaire, seen, None)
    record(by=by, act="surveys.discard_draft", of=questionnaire, division_id=_division(questionnaire))
    return questionnaire


@transaction.atomic
def publish(
    *, by: Actor, questionnaire: Questionnaire, seen: int, author_name: str, reason: str
) -> QuestionnaireVersion:
    """Let the draft count: the next version, which everybody is asked from now on. What was asked stays as it was.

    Raises:
        NotAllowedError: she does not set it up, or it is closed.
        ChangedMeanwhileError: somebody else has changed or published it meanwhile.
        ValidationError: there is nothing to publish, or it lacks what it is for.
    """
    require(may_write(by, questionnaire))
    draft = questionnaire.draft
    if draft is None:
        raise ValidationError(_("Nothing has changed, so there is nothing to publish."), code="same")
    check_questions(draft["questions"])
    check_purpose(questionnaire.aim, draft["questions"])
    for side in questionnaire.sides:
        if not any(one.get("asked", "both") in {"both", side} for one in draft["questions"]):
            raise ValidationError(_("Write a question for each of those who are asked."), code="side")
    latest = versions_of(questionnaire).first()
    version = QuestionnaireVersion(
        questionnaire=questionnaire,
        number=(latest.number if latest else 0) + 1,
        title=draft["title"],
        questions=draft["questions"],
        created_at=by.at,
        created_by=by.key,
        author_name=author_name,
        reason=reason.strip(),
    )
    version.full_clean(validate_unique=False)
    _write(questionnaire, seen, None)
    try:
        with transaction.atomic():
            version.save(force_insert=True)
    except IntegrityError as error:
        raise ChangedMeanwhileError(_MEANWHILE) from error
    record(
        by=by,
        act="surveys.publish",
        of=questionnaire,
        division_id=_division(questionnaire),
        detail={"version": version.number},
    )
    return version


@transaction.atomic
def close_questionnaire(*, by: Actor, questionnaire: Questionnaire) -> Questionnaire:
    """Ask it no more. What was answered stays; who has a letter with it can still answer.

    Raises:
        NotAllowedError: she does not set it up, or it is closed already.
    """
    require(may_write(by, questionnaire))
    questionnaire.closed_on = by.today
    questionnaire.save(update_fields=["closed_on"])
    record(by=by, act="surveys.close", of=questionnaire, division_id=_division(questionnaire))
    return questionnaire


def _write(questionnaire: Questionnaire, seen: int, draft: Mapping[str, Any] | None) -> None:
    rows = Questionnaire.objects.filter(pk=questionnaire.pk, draft_number=seen, closed_on__isnull=True)
    if not rows.update(draft=draft, draft_number=F("draft_number") + 1):
        raise ChangedMeanwhileError(_MEANWHILE)
    questionnaire.refresh_from_db(fields=["draft", "draft_number"])


def _division(questionnaire: Questionnaire) -> Any:
    return None if questionnaire.programme is None else questionnaire.programme.division_id
