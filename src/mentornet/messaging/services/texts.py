"""The words of letters, as a network writes them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from mentornet.audit.services import record
from mentornet.common.actors import Actor
from mentornet.common.answers import ChangedMeanwhileError, RefusedError, require
from mentornet.messaging.events import TEMPLATES
from mentornet.messaging.models import LetterText
from mentornet.messaging.queries import latest_words
from mentornet.messaging.rules import may_rewrite_letters
from mentornet.messaging.wording import check_words

FIELDS: Final = ("subject", "body", "sms")


@transaction.atomic
def rewrite_letter(
    *,
    by: Actor,
    event: str,
    language: str,
    seen: int,
    facts: Mapping[str, str],
    names: Collection[str] = (),
) -> LetterText:
    """Write the words of an event in one language; letters that leave from now on use them.

    Args:
        by: the author.
        event: which letter.
        language: in which of its languages.
        seen: the number of the words that the author has changed, 0 for those that ship.
        facts: ``subject``, ``body`` and ``sms``; all empty is the way back to the words that ship.
        names: what no letter may say, as it would tell who writes: the network's name, the divisions'.

    Raises:
        NotAllowedError: only the national lead does this.
        ValidationError: a placeholder is missing, unknown or broken, or the words say who writes.
        ChangedMeanwhileError: somebody else has changed the words since.
    """
    require(may_rewrite_letters(by))
    if event not in TEMPLATES or event == "by_hand":
        raise RefusedError(_("There is no such letter."))
    before = latest_words(event, language)
    if (before.number if before else 0) != seen:
        raise ChangedMeanwhileError(_("Somebody else has changed these words meanwhile. Look at them first."))
    words = {name: facts.get(name, "").replace("\r\n", "\n").strip() for name in FIELDS}
    if any(words.values()):
        check_words(event, words, names)
    elif before is None or before.is_shipped:
        raise ChangedMeanwhileError(_("These are the words that ship. Nothing was changed."))
    row = LetterText(
        created_at=by.at,
        event=event,
        language=language,
        number=seen + 1,
        written_by=by.key,
        author_name=getattr(by, "name", ""),
        **words,
    )
    row.full_clean(validate_unique=False)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise ChangedMeanwhileError(
            _("Somebody else has changed these words meanwhile. Look at them first.")
        ) from error
    detail = {"event": event, "language": language, "number": row.number}
    record(by=by, act="messaging.rewrite_letter", of=row, division_id=None, detail=detail)
    return row
