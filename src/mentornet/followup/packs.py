"""What a handover pack is made of: read at once for many cases, whatever their number.

Nothing that only named staff may read is handed out here: of that it says alone whose page has it. What somebody has
told in confidence is not asked for at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeVar
from uuid import UUID

from django.db.models import Q

from mentornet.agenda.models import Task
from mentornet.agenda.queries import meant_for, open_about
from mentornet.divisions.staff import Staff
from mentornet.followup.models import Talk
from mentornet.intake.models import Enrolment, Interview
from mentornet.partnerships.models import Agreement, Goal, Introduction, Note, Partnership
from mentornet.partnerships.queries import goals_with_steps, planned_around, visible_partnerships, with_last_meeting
from mentornet.people.models import Avoidance

R = TypeVar("R", Note, Goal, Introduction)

LAST_TALKS: Final = 5
"""How many of the last talks with a pair a pack tells of."""


@dataclass(slots=True)
class Gathered:
    """All that packs of some cases need, by the key of the pair, or of the person."""

    pairs: list[Partnership] = field(default_factory=list)
    notes: Mapping[UUID, list[Note]] = field(default_factory=dict)
    talks: Mapping[UUID, list[Talk]] = field(default_factory=dict)
    agreements: Mapping[UUID, Agreement] = field(default_factory=dict)
    goals: Mapping[UUID, list[Goal]] = field(default_factory=dict)
    doors: Mapping[UUID, int] = field(default_factory=dict)
    planned: Mapping[UUID, datetime | None] = field(default_factory=dict)
    tasks: Mapping[UUID, list[Task]] = field(default_factory=dict)
    restricted: frozenset[UUID] = frozenset()


def last_talks(partnerships: Collection[UUID]) -> dict[UUID, list[Talk]]:
    """Return the last talks with some pairs, the newest first: what was seen, not what was thought. One query."""
    found: dict[UUID, list[Talk]] = defaultdict(list)
    talks = Talk.objects.filter(partnership__in=partnerships, was_reached=True).defer("thought")
    for talk in talks.order_by("-on", "-created_at", "pk"):
        if len(found[talk.partnership_id]) < LAST_TALKS:
            found[talk.partnership_id].append(talk)
    return found


def gather(by: Staff, places: Collection[Enrolment]) -> Gathered:
    """Read all that the packs of these places need: a dozen queries, however many places."""
    keys = [one.pk for one in places]
    with_them = Q(mentee__in=keys) | Q(mentor__in=keys)
    pairs = list(with_last_meeting(visible_partnerships(by).filter(with_them)))
    ids = [pair.pk for pair in pairs]
    people = {one.person_id for one in places} | {one.mentee.person_id for one in pairs}
    people |= {one.mentor.person_id for one in pairs}
    targets = {*ids, *keys, *(one.application_id for one in places), *people}
    return Gathered(
        pairs=pairs,
        notes=_grouped(Note.objects.filter(partnership__in=ids).order_by("-created_at", "pk")),
        talks=last_talks(ids),
        agreements={
            one.partnership_id: one for one in Agreement.objects.filter(partnership__in=ids, superseded_at__isnull=True)
        },
        goals=_grouped(goals_with_steps(ids)),
        doors={key: len(rows) for key, rows in _grouped(Introduction.objects.filter(partnership__in=ids)).items()},
        planned={key: coming for key, (_last, coming) in planned_around(pairs, by.at).items()},
        tasks=tasks_about(by, targets),
        restricted=with_restricted_notes(people),
    )


def tasks_about(by: Staff, targets: Collection[UUID]) -> dict[UUID, list[Task]]:
    """Return what waits about these things, by target, the most urgent first."""
    found: dict[UUID, list[Task]] = defaultdict(list)
    for task in meant_for(open_about(targets, divisions=by.casework), by.user_id):
        found[task.target_id].append(task)
    return found


def with_restricted_notes(people: Collection[UUID]) -> frozenset[UUID]:
    """Return of which people there is something that only named staff may read: not what, nor how much."""
    noted = Interview.objects.filter(application__person__in=people).exclude(coordinator_only="")
    found = set(noted.values_list("application__person_id", flat=True))
    apart = Avoidance.objects.filter(Q(person__in=people) | Q(other__in=people))
    for one, other in apart.values_list("person_id", "other_id"):
        found |= {one, other} & set(people)
    return frozenset(found)


def _grouped(rows: Iterable[R]) -> dict[UUID, list[R]]:
    found: dict[UUID, list[R]] = defaultdict(list)
    for row in rows:
        found[row.partnership_id].append(row)
    return found
