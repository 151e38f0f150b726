"""References: asked for, seen, or not needed. What the document says is never written down, and none is kept."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentornet.audit.services import record
from mentornet.common.actors import Actor
from mentornet.common.answers import ChangedMeanwhileError, require
from mentornet.intake.enums import ReferenceState
from mentornet.intake.models import Application, Reference
from mentornet.intake.rules import may_note_reference, may_work_on
from mentornet.programmes.enums import ReferenceKind


@transaction.atomic
def note_reference(
    *,
    by: Actor,
    application: Application,
    kind: ReferenceKind | str,
    author_name: str,
    words: str = "",
    state: ReferenceState | str = ReferenceState.ASKED,
    seen_on: date | None = None,
    reason: str = "",
) -> Reference:
    """Note what vouches for an applicant: asked for, seen on a day, or not needed for a reason.

    Raises:
        NotAllowedError: not the actor's division, or the application is over.
        ValidationError: a day that is still to come, or no reason.
    """
    require(may_note_reference(by, application))
    reference = Reference(application=application, kind=kind, words=words.strip(), created_at=by.at)
    _settle(by, reference, state, seen_on, reason, author_name)
    reference.save(force_insert=True)
    _note(by, reference, "intake.note_reference")
    return reference


@transaction.atomic
def settle_reference(
    *,
    by: Actor,
    reference: Reference,
    state: ReferenceState | str,
    author_name: str,
    seen_on: date | None = None,
    reason: str = "",
) -> Reference:
    """Note that a reference was seen on a day, that it is not needed, or that it is asked for after all.

    Raises:
        NotAllowedError: not the actor's division, or the application is over.
        ChangedMeanwhileError: it was taken away meanwhile.
        ValidationError: a day that is still to come, or no reason.
    """
    require(may_note_reference(by, reference.application))
    found = Reference.objects.select_for_update(of=("self",)).filter(pk=reference.pk)
    reference = found.select_related("application").first() or _gone()
    _settle(by, reference, state, seen_on, reason, author_name)
    reference.save()
    _note(by, reference, "intake.note_reference")
    return reference


@transaction.atomic
def remove_reference(*, by: Actor, reference: Reference) -> None:
    """Take away what was noted by mistake.

    Raises:
        NotAllowedError: not the actor's division.
    """
    require(may_work_on(by, reference.application))
    _note(by, reference, "intake.remove_reference")
    reference.delete()


def _gone() -> Reference:
    raise ChangedMeanwhileError(_("Somebody has taken this away already."))


def _settle(
    by: Actor,
    reference: Reference,
    state: ReferenceState | str,
    seen_on: date | None,
    reason: str,
    author_name: str,
) -> None:
    is_seen, is_waived = state == ReferenceState.SEEN, state == ReferenceState.WAIVED
    if is_seen and (seen_on is None or seen_on > by.today):
        raise ValidationError({"seen_on": _("Write the day on which you saw it: today or earlier.")})
    if is_waived and not reason.strip():
        raise ValidationError({"reason": _("Write why it is not needed; it stays with your name.")})
    reference.state, reference.author_name = str(state), author_name
    reference.seen_on, reference.seen_by = (seen_on, by.key) if is_seen else (None, "")
    reference.reason = reason.strip() if is_waived else ""
    reference.full_clean()


def _note(by: Actor, reference: Reference, act: str) -> None:
    application = reference.application
    record(
        by=by,
        act=act,
        of=application,
        division_id=application.division_id,
        detail={"kind": reference.kind, "state": reference.state},
    )
