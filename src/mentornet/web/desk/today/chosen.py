"""Whose tasks a list shows, and how late: what its address says."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from mentornet.agenda.models import Task
from mentornet.agenda.queries import NOBODYS, meant_for, open_tasks, owned_by, waiting_for
from mentornet.divisions.queries import staff_at_work
from mentornet.divisions.staff import Staff
from mentornet.web.access import DeskRequest

EVERYBODYS: Final = "all"
DUE, LATE = "due", "late"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a list of tasks is narrowed to.

    Attributes:
        whose: nothing for her own and nobody's; everybody's; nobody's alone; or the key of a colleague.
        due: nothing for all; what is due; what is late.
        name: whose list it is, if neither hers nor everybody's.
    """

    whose: str = ""
    due: str = ""
    name: str = ""

    def narrow(self, tasks: QuerySet[Task], by: Staff, away: Collection[UUID] = ()) -> QuerySet[Task]:
        """Return those of some tasks that are asked for; ``away`` are colleagues for whom she stands in."""
        if not self.whose:
            tasks = waiting_for(tasks, by.user_id, away)
        elif self.whose != EVERYBODYS:
            tasks = owned_by(tasks, self.whose)
        if self.due == LATE:
            return tasks.filter(due_on__lt=by.today)
        return tasks.filter(due_on__lte=by.today) if self.due == DUE else tasks

    def address(self, name: str = "desk:today", **query: str) -> str:
        """Return the address of a list that is narrowed like this, and by what is named besides."""
        kept = {key: value for key, value in {"whose": self.whose, "due": self.due, **query}.items() if value}
        return reverse(name) + (f"?{urlencode(kept)}" if kept else "")


def chosen_of(request: DeskRequest) -> Chosen:
    """Read what an address asks for; what it cannot mean is left out."""
    whose, due = request.GET.get("whose", ""), request.GET.get("due", "")
    due = due if due in {DUE, LATE} else ""
    if whose in {"", EVERYBODYS}:
        return Chosen(whose, due)
    if whose == NOBODYS:
        return Chosen(NOBODYS, due, pgettext("tasks", "Nobody’s yet"))
    by = request.actor
    try:
        colleague = staff_at_work(by.today, by.casework).filter(pk=UUID(whose)).first()
    except ValueError:
        colleague = None
    if colleague is None:
        return Chosen("", due)
    name = _("Mine alone") if colleague.pk == by.user_id else colleague.name
    return Chosen(str(colleague.pk), due, name)


def open_for(by: Staff) -> QuerySet[Task]:
    """Return what waits where somebody works, for whomever."""
    return meant_for(open_tasks(divisions=by.casework, today=by.today), by.user_id)
