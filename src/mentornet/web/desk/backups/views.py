"""Backups: whether there is one to rely on, and what to do when there is not."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from mentornet.backups.queries import latest_runs, standing
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.backups.shown import rows_of, told

RUNS = 20


@open_to(Policy.ADMINISTRATION)
def backups(request: DeskRequest) -> HttpResponse:
    """Show the last good backup, the last good drill, and what was done."""
    found = standing(request.actor.at)
    return render(
        request,
        "desk/backups/backups.html",
        {
            "standing": found,
            "backup_told": told(found.backup) if found.backup else "",
            "drill_told": told(found.drill) if found.drill else "",
            "rows": rows_of(latest_runs(RUNS)),
            "kept": settings.BACKUP_KEEP,
            "opens_by_itself": bool(settings.BACKUP_IDENTITY or settings.BACKUP_PASSPHRASE_FILE),
        },
    )
