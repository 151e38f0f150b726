"""How far an import has come, and what may be decided about a likely duplicate."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from mentornet.common.states import Transitions
from reference.columns import Subject


class BatchState(models.TextChoices):
    """How far an import has come."""

    COLUMNS = "columns", _("columns to look at")
    CHECKING = "checking", _("being checked")
    CHECKED = "checked", _("to be taken over")
    WRITING = "writing", _("being written")
    DONE = "done", _("taken over")
    UNDONE = "undone", _("undone")


_S = BatchState
BATCH_STEPS: Final = Transitions(
    {
        _S.COLUMNS: (_S.COLUMNS, _S.CHECKING),
        _S.CHECKING: (_S.COLUMNS, _S.CHECKING, _S.CHECKED),
        _S.CHECKED: (_S.COLUMNS, _S.CHECKING, _S.WRITING),
        _S.WRITING: (_S.WRITING, _S.CHECKED, _S.DONE),
        _S.DONE: (_S.UNDONE,),
        _S.UNDONE: (),
    }
)
UNFINISHED: Final = (_S.COLUMNS, _S.CHECKING, _S.CHECKED, _S.WRITING)
AT_WORK: Final = (_S.CHECKING, _S.WRITING)


class Stage(models.TextChoices):
    """What is going on while an import is at work."""

    QUEUED = "queued", _("Waits for its turn.")
    READING = "reading", _("Reads the rows.")
    CHECKING = "checking", _("Checks the people and pairs against each other.")
    WRITING = "writing", _("Writes everything in one go.")


class SubjectName(models.TextChoices):
    """The three files."""

    MENTORS = Subject.MENTORS.value, _("Mentors")
    MENTEES = Subject.MENTEES.value, _("Mentees")
    PAIRS = Subject.PAIRS.value, _("Pairs")


NEW: Final = "new"
"""The choice: another person, take her in."""
OUT: Final = "out"
"""The choice: leave the row out."""
SAME: Final = "same:"
"""Before a key of :class:`Match`: the choice that they are one person."""
