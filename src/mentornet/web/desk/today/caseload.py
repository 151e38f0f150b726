"""How much each coordinator carries; every count opens the list that it counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from mentornet.agenda.queries import NOBODYS
from mentornet.divisions.queries import coordinators_of
from mentornet.followup.caseload import PERIOD, Caseload, caseloads, last_night
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.today.chosen import DUE, LATE, Chosen, open_for


@dataclass(frozen=True, slots=True)
class Row:
    """One coordinator."""

    load: Caseload
    name: str
    pairs_url: str
    due_url: str
    late_url: str
    talked_hours: float
    met_hours: float


def _row(load: Caseload, name: str) -> Row:
    whose = NOBODYS if load.owner_id is None else str(load.owner_id)
    return Row(
        load=load,
        name=name,
        pairs_url=f"{reverse('desk:partnerships')}?{urlencode({'coordinator': whose})}",
        due_url=Chosen(whose, DUE).address(),
        late_url=Chosen(whose, LATE).address(),
        talked_hours=load.talked_minutes / 60,
        met_hours=load.met_minutes / 60,
    )


@open_to(Policy.CASEWORK)
def caseload(request: DeskRequest) -> HttpResponse:
    """Show what she carries; to whoever leads, what everybody in her divisions does."""
    by = request.actor
    names: dict[UUID | None, str] = {by.user_id: by.name}
    if by.leads:
        names |= {user.pk: user.name for user in coordinators_of(by.leads, by.today)}
        names[None] = pgettext("tasks", "Nobody’s yet")
    found = caseloads(by, open_for(by), list(names))
    rows = [_row(load, names[owner]) for owner, load in found.items() if owner is not None or load.pairs or load.due]
    rows.sort(key=lambda row: (row.load.owner_id is None, -row.load.late, -row.load.pairs, row.name))
    night = last_night()
    context: dict[str, Any] = {
        "rows": rows,
        "above": [row for row in rows if row.load.is_above],
        "days": PERIOD.days,
        "night": night,
        "is_going_on": night is not None and night.finished_at is None,
        "night_title": _("The calls of tonight"),
    }
    return render(request, "desk/today/caseload.html", context)
