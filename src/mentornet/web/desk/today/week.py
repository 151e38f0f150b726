"""A week: what is due on each of its days, with the talks and interviews that are planned."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from mentornet.agenda.models import Task
from mentornet.agenda.queries import falling_between, meant_for, tasks_in
from mentornet.common.holidays import is_holiday
from mentornet.divisions.queries import divisions_of, stood_in_for
from mentornet.divisions.staff import Staff
from mentornet.followup.caseload import planned_talks
from mentornet.followup.models import Talk
from mentornet.intake.models import Interview
from mentornet.intake.planner import booked_between
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.interviews.shown import bounds, monday_of
from mentornet.web.desk.today.chosen import EVERYBODYS, LATE, Chosen, chosen_of, open_for
from mentornet.web.desk.today.shown import Row, row_of

DAYS: Final = 7


@dataclass(slots=True)
class Day:
    """One day of the week."""

    day: date
    is_today: bool
    is_off: bool
    rows: list[Row] = field(default_factory=list)
    interviews: list[Interview] = field(default_factory=list)
    talks: list[Talk] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many things stand on it."""
        return len(self.rows) + len(self.interviews) + len(self.talks)


def days_of(
    monday: date, today: date, rows: Iterable[Row], interviews: Iterable[Interview], talks: Iterable[Talk]
) -> list[Day]:
    """Put everything on its day."""
    days = [
        Day(day, is_today=day == today, is_off=is_holiday(day))
        for day in (monday + timedelta(days=number) for number in range(DAYS))
    ]
    by_day = {one.day: one for one in days}
    for row in rows:
        by_day[_comes_on(row.task, today)].rows.append(row)
    for interview in interviews:
        by_day[timezone.localdate(interview.at)].interviews.append(interview)
    for talk in talks:
        assert talk.next_call_on is not None
        by_day[talk.next_call_on].talks.append(talk)
    return days


def _comes_on(task: Task, today: date) -> date:
    is_put_off = task.snoozed_until is not None and task.snoozed_until > today
    return task.snoozed_until if is_put_off and task.snoozed_until else task.due_on


@open_to(Policy.CASEWORK)
def week(request: DeskRequest) -> HttpResponse:
    """Show seven days; what is late stands above them as a number that opens its list."""
    by: Staff = request.actor
    chosen = chosen_of(request)
    monday = monday_of(request.GET.get("from", ""), by.today)
    last = monday + timedelta(days=DAYS - 1)
    whole = Chosen(chosen.whose, "", chosen.name)
    away = {one.user_id: one for one in stood_in_for(by.user_id, by.today)}
    every = whole.narrow(meant_for(tasks_in(by.casework), by.user_id), by, away)
    tasks = list(falling_between(every, monday, last, by.today))
    names = {division.pk: division.name for division in divisions_of(by)}
    rows = [row_of(task, today=by.today, divisions=names, user_id=by.user_id, away=away) for task in tasks]
    interviews = booked_between(by, *bounds(monday)).filter(held_at__isnull=True)
    told = {task.target_id for task in tasks}
    owner = by.user_id if not chosen.whose else None
    if owner is not None:
        interviews = interviews.filter(interviewer_id=owner)
    late = Chosen(chosen.whose, LATE, chosen.name)
    is_everybodys = chosen.whose == EVERYBODYS
    context = {
        "days": days_of(
            monday,
            by.today,
            rows,
            # An interview that somebody has on her list stands there once.
            [one for one in interviews if one.application_id not in told],
            planned_talks(by, monday, last, owner),
        ),
        "monday": monday,
        "sunday": last,
        "earlier": whole.address("desk:week", **{"from": (monday - timedelta(days=DAYS)).isoformat()}),
        "later": whole.address("desk:week", **{"from": (monday + timedelta(days=DAYS)).isoformat()}),
        "this_week": whole.address("desk:week"),
        "is_this_week": monday <= by.today <= last,
        "late": late.narrow(open_for(by), by, away).count(),
        "late_url": late.address(),
        "whose_tabs": [
            {"label": _("Mine"), "url": Chosen().address("desk:week"), "is_current": not chosen.whose},
            {
                "label": _("Everybody's"),
                "url": Chosen(EVERYBODYS).address("desk:week"),
                "is_current": is_everybodys,
            },
        ],
    }
    return render(request, "desk/today/week.html", context)
