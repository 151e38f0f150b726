"""Bringing in the questionnaires that come with the program."""

from __future__ import annotations

from typing import Final
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction

from mentornet.common.actors import System
from mentornet.common.answers import require
from mentornet.surveys.models import Questionnaire, QuestionnaireVersion
from mentornet.surveys.queries import newest_versions
from mentornet.surveys.rules import may_install
from mentornet.surveys.shipped import ShippedQuestionnaire, shipped_questionnaires
from mentornet.surveys.validators import check_purpose

SHIPPED: Final = "system:shipped"
_SHIPPED_KEYS: Final = UUID("5f0b6f0e-0000-4000-8000-000000000037")
_REASON: Final = "It came with the program."


def install_questionnaires(*, by: System) -> int:
    """Bring in the questionnaires that come with the program. Returns how many versions are new.

    What somebody has rewritten here stays: a release's questions become a version only where the last one came with
    the program too. When it is asked, and whether at all, stays as it was set here. Doing it twice changes nothing.

    Raises:
        NotAllowedError: not the program.
        ValidationError: a file holds what cannot be; a test keeps the program's own from it.
    """
    require(may_install(by))
    try:
        with transaction.atomic():
            known = {one.key: one for one in Questionnaire.objects.all()}
            newest = newest_versions(known.values())
            return sum(_install(by, one, known.get(one.key), newest) for one in shipped_questionnaires())
    except IntegrityError:
        # Another process of the same release has started at this moment, and was faster.
        return 0


def _key(name: str) -> UUID:
    """Return the key of what ships, the same everywhere: of two who bring it in at once one alone can have it."""
    return uuid5(_SHIPPED_KEYS, name)


def _install(
    by: System,
    shipped: ShippedQuestionnaire,
    known: Questionnaire | None,
    newest: dict[UUID, QuestionnaireVersion],
) -> bool:
    if known is None:
        known = Questionnaire(id=_key(shipped.key), key=shipped.key, created_at=by.at, **shipped.facts)
        known.full_clean(validate_unique=False, validate_constraints=False)
        known.save(force_insert=True)
    last = newest.get(known.pk)
    if last is not None:
        same = last.title == shipped.title and last.questions == shipped.questions
        if same or last.created_by != SHIPPED:
            return False
    check_purpose(known.aim, shipped.questions)
    number = (last.number if last else 0) + 1
    version = QuestionnaireVersion(
        id=_key(f"{shipped.key} {number}"),
        questionnaire=known,
        number=number,
        title=shipped.title,
        questions=shipped.questions,
        created_at=by.at,
        created_by=SHIPPED,
        reason=_REASON,
    )
    version.full_clean(validate_unique=False, validate_constraints=False)
    version.save(force_insert=True)
    return True
