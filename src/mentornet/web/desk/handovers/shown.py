"""Cases as the pages of a handover show them: who, how she stands, and what waits first."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentornet.agenda.models import Task
from mentornet.agenda.queries import meant_for, open_about
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.partnerships.models import Partnership
from mentornet.partnerships.queries import running_of_people
from mentornet.people.enums import Role
from mentornet.web.desk.people.standing import day
from mentornet.web.desk.today.shown import Row as TaskRow
from mentornet.web.desk.today.shown import row_of


@dataclass(frozen=True, slots=True)
class Case:
    """One case of a list.

    Attributes:
        stand: how she stands, in a few words.
        pair_url: her partnership's page; empty where none runs, or it is not hers to see.
        partner: whom she works with.
        task: what waits first about her.
    """

    place: Enrolment
    role: str
    stand: str
    pair_url: str
    partner: str
    task: TaskRow | None


def cases(by: Staff, places: Iterable[Enrolment]) -> list[Case]:
    """Prepare cases for a list, what waits first on top: three queries, however many they are."""
    rows = list(places)
    people = {one.person_id for one in rows}
    pairs: dict[UUID, tuple[Partnership, str]] = {}
    for running in running_of_people(by, people):
        pairs.setdefault(running.mentee_id, (running, running.mentor.person.name))
        pairs.setdefault(running.mentor_id, (running, running.mentee.person.name))
    targets = {one.pk: one.pk for one in rows} | {one.application_id: one.pk for one in rows}
    targets |= {running.pk: running.mentee_id for running, _name in pairs.values()}
    first = _first_tasks(by, targets)
    found = []
    for one in rows:
        pair: Partnership | None = None
        name = ""
        if one.pk in pairs:
            pair, name = pairs[one.pk]
        task = first.get(one.pk)
        found.append(
            Case(
                place=one,
                role=one.get_role_display(),
                stand=pair.get_state_display() if pair is not None else _stand(one, by),
                pair_url=reverse("desk:partnership", args=[pair.pk]) if pair is not None else "",
                partner=name,
                task=row_of(task, today=by.today, divisions={}, user_id=by.user_id) if task is not None else None,
            )
        )
    return sorted(found, key=lambda case: (case.task is None, case.task.task.due_on if case.task else by.today))


def _first_tasks(by: Staff, targets: Mapping[UUID, UUID]) -> dict[UUID, Task]:
    first: dict[UUID, Task] = {}
    for task in meant_for(open_about(targets, divisions=by.casework), by.user_id):
        first.setdefault(targets[task.target_id], task)
    return first


def _stand(place: Enrolment, by: Staff) -> str:
    if place.ended_on is not None:
        return _("has left")
    if place.is_resting(by.today):
        return _("rests until %(day)s") % {"day": day(place.resting_until)}
    if place.role == Role.MENTEE and place.since is not None:
        days = max((by.today - place.since).days, 0)
        return ngettext("has waited %(count)s day", "has waited %(count)s days", days) % {"count": days}
    return _("in the mentor bank") if place.role == Role.MENTOR else ""


def kept_back(chosen: Collection[Enrolment], given: int) -> str:
    """Say that some could be given to nobody of those who were ticked; why is told nobody."""
    left = len({one.person_id for one in chosen}) - given
    if left <= 0:
        return ""
    return ngettext(
        "%(count)s case stays where it is: choose another colleague for it.",
        "%(count)s cases stay where they are: choose another colleague for them.",
        left,
    ) % {"count": left}
