"""Who may take over lists, and take them back."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db.models import Exists, OuterRef, Q, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from mentornet.common.actors import Actor
from mentornet.common.answers import ALLOWED, Answer, denied
from mentornet.common.reach import Reach
from mentornet.divisions.models import Division
from mentornet.divisions.rules import may_work_in
from mentornet.divisions.staff import Staff
from mentornet.imports.enums import BATCH_STEPS, BatchState
from mentornet.imports.models import Batch, Report, Trace
from mentornet.intake.rules import in_divisions
from mentornet.programmes.models import Programme

_TOLD_OF: Final = ("people.Person", "intake.Application", "intake.Enrolment")
"""What the findings and the trace of an import name."""


def visible(by: Actor) -> Q:
    """Return which imports somebody sees: those of her divisions.

    None of which a row is about somebody who is hidden from her: one who was found in a list, or made by it.
    """
    mine = in_divisions(by)
    if not isinstance(by, Staff) or not isinstance(by.casework, Reach):
        return mine
    rows = by.casework.rows
    about = [str(key) for label in _TOLD_OF for key in rows.get(label, ())]
    for model, column in ((Report, "content"), (Trace, "made"), (Trace, "former")):
        names = Q(pk__in=[])
        for key in about:
            names |= Q(text__contains=key)
        texts = model._default_manager.annotate(text=Cast(column, TextField())).filter(names)
        mine &= ~Q(Exists(texts.filter(batch=OuterRef("pk"))))
    return mine


def may_import(by: Actor, division: Division, programme: Programme) -> Answer:
    """Casework in a division, and a programme that runs there."""
    if not (answer := may_work_in(by, division.pk)):
        return answer
    if programme.division_id not in {None, division.pk}:
        return denied(_("This programme does not run in that division. Choose another."))
    if not division.is_open(by.today):
        return denied(_("This division is closed. Nobody can be taken over into it."))
    return ALLOWED


def may_change(by: Actor, batch: Batch, at: datetime) -> Answer:
    """Files, columns and choices, as long as nothing is being written."""
    if not (answer := may_work_in(by, batch.division_id)):
        return answer
    if batch.state in {BatchState.DONE, BatchState.UNDONE}:
        return denied(_("This import is finished. Start a new one for another file."))
    if batch.is_at_work and not batch.has_stopped(at):
        return denied(_("The import is at work. Wait a moment, then look again."))
    return ALLOWED


def may_undo(by: Actor, batch: Batch) -> Answer:
    """An import that is done and has not been undone."""
    if not (answer := may_work_in(by, batch.division_id)):
        return answer
    if not BATCH_STEPS.may(batch.state, BatchState.UNDONE):
        return denied(_("There is nothing to undo: this import is undone already, or was never written."))
    return ALLOWED
