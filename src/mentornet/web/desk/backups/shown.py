"""Backups as pages tell of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentornet.backups.enums import Kind
from mentornet.backups.models import Run
from mentornet.backups.queries import Standing, standing
from mentornet.divisions.rules import may_administer
from mentornet.divisions.staff import Staff

ICONS: Final = {Kind.BACKUP: "check", Kind.DRILL: "search", Kind.RESTORE: "undo"}


@dataclass(frozen=True, slots=True)
class Row:
    """One run in the list."""

    run: Run
    what: str
    told: str
    tone: str


def warning_for(actor: Staff) -> Standing | None:
    """Return what there is to rely on, where it is too little and she can do something about it.

    A demonstration has nothing to lose.
    """
    if settings.DEMO or not may_administer(actor):
        return None
    found = standing(actor.at)
    return found if found.lacks_backup or found.lacks_drill else None


def rows_of(runs: list[Run]) -> list[Row]:
    """Return runs with their words."""
    return [
        Row(run, str(Kind(run.kind).label), "" if run.problem else told(run), "bad" if run.problem else "good")
        for run in runs
    ]


def told(run: Run) -> str:
    """Return what a run that ended well has done."""
    if run.kind == Kind.RESTORE:
        return _("the state of %(moment)s") % {"moment": moment(run)}
    rows = ngettext("%(count)s row", "%(count)s rows", run.rows) % {"count": run.rows}
    if run.kind == Kind.DRILL:
        return _("%(rows)s found the same, and signed in") % {"rows": rows}
    return _("%(size)s, %(rows)s") % {"size": filesizeformat(run.size), "rows": rows}


def moment(run: Run) -> str:
    """Return of when what is in a backup was read."""
    return date_format(localtime(run.made_at), "DATETIME_FORMAT") if run.made_at else "?"
