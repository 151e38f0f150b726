"""How much each coordinator carries: running pairs, what is due, hours; and the talks that are planned."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from mentornet.agenda.models import Kind, Task
from mentornet.agenda.queries import counts_by_owner
from mentornet.divisions.staff import Staff
from mentornet.followup.models import CadenceRun, Talk
from mentornet.partnerships.enums import RUNNING
from mentornet.partnerships.models import Meeting
from mentornet.partnerships.queries import visible_partnerships
from mentornet.programmes.care import Care
from mentornet.programmes.models import Programme
from mentornet.programmes.queries import current_versions

PERIOD: Final = timedelta(days=30)
"""Over how many days hours are counted."""


@dataclass(slots=True)
class Caseload:
    """What one coordinator carries; of ``None``, what nobody in particular does.

    Attributes:
        pairs: running pairs.
        most: how many of them one may carry, as their programmes have it; of several programmes, in proportion.
        is_above: that is more than one may carry.
        due, late: tasks of hers that are due, and those whose day is over.
        talked_minutes, met_minutes: what she has noted of talks with her pairs, and what these have told of meetings,
            within :data:`PERIOD`.
    """

    owner_id: UUID | None
    pairs: int = 0
    due: int = 0
    late: int = 0
    talked_minutes: int = 0
    met_minutes: int = 0
    by_programme: dict[UUID, int] = field(default_factory=dict)
    most: int = 0
    is_above: bool = False


def caseloads(by: Staff, tasks: QuerySet[Task], owners: Collection[UUID | None]) -> dict[UUID | None, Caseload]:
    """Return what some coordinators carry of what the actor sees; five queries, however many they are.

    ``tasks`` are the open ones that she sees: what is counted is what the lists show that are opened from the count.
    """
    found = {owner: Caseload(owner) for owner in owners}
    mine = Q(mentee__coordinator_id__in=[owner for owner in owners if owner is not None])
    if None in found:
        mine |= Q(mentee__coordinator_id__isnull=True)
    pairs = visible_partnerships(by).order_by().select_related(None).filter(mine, state__in=RUNNING)
    counted = pairs.values_list("mentee__coordinator_id", "mentee__programme_id").annotate(count=Count("pk"))
    for owner, programme, count in counted:
        found[owner].pairs += count
        found[owner].by_programme[programme] = count
    for owner, (due, late) in counts_by_owner(tasks, by.today).items():
        if owner in found:
            found[owner].due, found[owner].late = due, late
    since = by.today - PERIOD
    keys = pairs.values("pk")
    talked = Talk.objects.filter(partnership__in=keys, on__gt=since).values_list("partnership__mentee__coordinator_id")
    for owner, minutes in talked.annotate(sum=Sum("minutes")):
        found[owner].talked_minutes = minutes or 0
    met = Meeting.objects.filter(partnership__in=keys, on__gt=since).values_list("partnership__mentee__coordinator_id")
    for owner, minutes in met.annotate(sum=Sum("minutes")):
        found[owner].met_minutes = minutes or 0
    versions = current_versions(Programme.objects.all()).values_list("programme_id", "care_settings")
    _compare(found.values(), {key: Care.of(chosen).pairs_at_once for key, chosen in versions})
    return found


def _compare(loads: Collection[Caseload], limits: Mapping[UUID, int]) -> None:
    usual = Care().pairs_at_once
    for load in loads:
        shares = {key: count / limits.get(key, usual) for key, count in load.by_programme.items()}
        carried = sum(shares.values())
        load.most = round(load.pairs / carried) if carried else usual
        load.is_above = load.owner_id is not None and carried > 1


def planned_talks(by: Staff, first: date, last: date, owner_id: UUID | None) -> QuerySet[Talk]:
    """Return the talks in which a next one was agreed within some days, as long as nothing on the list says so.

    Of one coordinator's pairs, or of all that the actor sees. What was talked since has taken its place.
    """
    pairs = visible_partnerships(by).order_by().select_related(None).filter(state__in=RUNNING)
    if owner_id is not None:
        pairs = pairs.filter(mentee__coordinator_id=owner_id)
    later = Talk.objects.filter(partnership_id=OuterRef("partnership_id")).filter(
        Q(on__gt=OuterRef("on")) | Q(on=OuterRef("on"), created_at__gt=OuterRef("created_at"))
    )
    on_the_list = Task.objects.filter(kind=Kind.CONTACT, target_id=OuterRef("partnership_id"), done_at__isnull=True)
    return (
        Talk.objects.filter(next_call_on__range=(first, last), partnership__in=pairs.values("pk"))
        .filter(~Exists(later), ~Exists(on_the_list))
        .select_related("partnership__mentee__person", "partnership__mentor__person")
        .order_by(F("next_call_on"), "pk")
    )


def last_night() -> CadenceRun | None:
    """Return the round of the last night, which may still go on."""
    return CadenceRun.objects.order_by("-night").first()
