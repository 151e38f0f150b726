"""Applications that somebody is still writing: begun, gone on with, found again by a link, deleted after a month."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentornet.accounts.enums import Purpose
from mentornet.accounts.models import OneTimeCode
from mentornet.accounts.services.codes import ask_code, check_code, drop_codes
from mentornet.accounts.services.links import close_links
from mentornet.audit.services import record
from mentornet.common.actors import Actor, System
from mentornet.common.answers import require
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.applicant_rules import may_begin_with_her, may_write
from mentornet.intake.applicants import expired_drafts
from mentornet.intake.draft_answers import check_step
from mentornet.intake.enums import Applying
from mentornet.intake.models import ApplicationDraft, Referral
from mentornet.intake.recipients import draft_key
from mentornet.messaging.models import Letter
from mentornet.messaging.services import queue_letter
from mentornet.programmes.models import Programme

KEPT_FOR: Final = timedelta(days=30)
CHOSEN: Final = frozenset({*ApplicationDraft.COLUMNS, "division", "programme", "language"})
"""The columns in which an answer may be kept."""


def _key(draft: ApplicationDraft) -> str:
    return str(draft.pk)


@transaction.atomic
def begin_draft(
    *, by: Actor, role: Applying | str, language: str, referral: Referral | None = None
) -> ApplicationDraft:
    """Begin to write to us, as somebody of whom nothing is known."""
    draft = ApplicationDraft(
        role=role,
        language=language,
        referral=referral,
        created_at=by.at,
        changed_at=by.at,
        expires_on=by.today + KEPT_FOR,
    )
    draft.full_clean()
    draft.save(force_insert=True)
    record(by=by, act="intake.draft_begin", of=draft)
    return draft


@transaction.atomic
def begin_with_her(
    *,
    by: Staff,
    role: Applying | str,
    division: Division,
    programme: Programme | None,
    columns: Mapping[str, Any],
    answers: Mapping[str, Mapping[str, Any]],
    came_through: str = "",
) -> ApplicationDraft:
    """Begin for somebody who has called or come by, and send her the link with which she goes on herself.

    Raises:
        NotAllowedError: not the actor's division.
        ValidationError: a fact cannot be stored, or there is nowhere to send the link to.
    """
    require(may_begin_with_her(by, division.pk))
    draft = ApplicationDraft(
        role=role,
        division=division,
        programme=programme,
        answers=dict(answers),
        came_through=came_through,
        entered_by=by.key,
        created_at=by.at,
        changed_at=by.at,
        expires_on=by.today + KEPT_FOR,
        **columns,
    )
    draft.full_clean()
    draft.save(force_insert=True)
    record(by=by, act="intake.draft_begin", of=draft, division_id=division.pk)
    send_way_back(by=by, draft=draft)
    return draft


@transaction.atomic
def answer_step(
    *,
    by: Actor,
    draft: ApplicationDraft,
    step: str,
    columns: Mapping[str, Any] | None = None,
    answers: Mapping[str, Any] | None = None,
) -> ApplicationDraft:
    """Keep what she has answered in one step; the other steps stay as they are, and the month begins anew.

    Raises:
        NotAllowedError: it has been sent, or its month is over.
        ValidationError: an answer cannot be stored.
    """
    # Locked: the same draft may be open in two windows, and each step is its own.
    draft = ApplicationDraft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    require(may_write(by, draft))
    if unknown := set(columns or ()) - CHOSEN:
        raise ValueError(f"{', '.join(sorted(unknown))}: no answer is kept there")
    before = draft.reached_at
    for name, value in (columns or {}).items():
        setattr(draft, name, value)
    if before and draft.reached_at != before:
        # A code that was sent there must not confirm another address, nor a link in a stranger's mail open all this.
        drop_codes(by=by, recipient=draft_key(draft.pk))
        close_links(by=by, purpose=Purpose.DRAFT, subject=_key(draft))
    if answers is not None:
        check_step(step, answers)
        draft.answers[step] = dict(answers)
    draft.step, draft.changed_at, draft.expires_on = step, by.at, by.today + KEPT_FOR
    draft.full_clean(validate_unique=False, validate_constraints=False)
    draft.save()
    return draft


@transaction.atomic
def send_way_back(*, by: Actor, draft: ApplicationDraft) -> Letter:
    """Send her the link with which she finds again what she has written. It is shown nowhere else.

    Raises:
        NotAllowedError: it has been sent, or its month is over.
        ValidationError: she has not said where to send it.
    """
    require(may_write(by, draft))
    if not draft.reached_at:
        raise ValidationError(
            _("We need an e-mail address, or a telephone that takes messages, to send you the link."), code="nowhere"
        )
    return queue_letter(
        by=by,
        recipient=draft_key(draft.pk),
        event="application_started",
        values={"link": f"{Purpose.DRAFT.value}:{draft.pk}"},
        about_id=draft.pk,
        division_id=None,
        delay=timedelta(0),
    )


@transaction.atomic
def ask_contact_code(*, by: Actor, draft: ApplicationDraft) -> OneTimeCode:
    """Send a code to where she wants to be reached, to see that it reaches her.

    Raises:
        NotAllowedError: it has been sent, or its month is over; or codes were asked for too often.
    """
    require(may_write(by, draft))
    return ask_code(by=by, purpose=Purpose.DRAFT, subject=_key(draft), recipient=draft_key(draft.pk))


@transaction.atomic
def confirm_contact(*, by: Actor, draft: ApplicationDraft, challenge: OneTimeCode, code: str) -> bool:
    """Take the code that she has received; false when it is not the one that was sent.

    Raises:
        NotAllowedError: it has been sent, or its month is over.
    """
    require(may_write(by, draft))
    if challenge.subject != _key(draft) or not check_code(by=by, challenge=challenge, code=code):
        return False
    draft = ApplicationDraft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    draft.confirmed = draft.reached_at
    draft.save(update_fields=["confirmed"])
    return True


@transaction.atomic
def delete_expired_drafts(*, by: System) -> int:
    """Delete what nobody has gone on with for a month, and what was sent a month ago: that lies elsewhere by now."""
    gone = list(expired_drafts(by.today))
    for draft in gone:
        _delete(by, draft)
    return len(gone)


@transaction.atomic
def discard_draft(*, by: Actor, draft: ApplicationDraft) -> None:
    """Delete what she has written, because she wants to stop.

    Raises:
        NotAllowedError: it has been sent, or its month is over.
    """
    draft = ApplicationDraft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    require(may_write(by, draft))
    _delete(by, draft)


def _delete(by: Actor, draft: ApplicationDraft) -> None:
    record(by=by, act="intake.draft_delete", of=draft)
    close_links(by=by, purpose=Purpose.DRAFT, subject=_key(draft))
    draft.delete()
