"""Reads of early signs: what the rules are asked about, and what coordinators see of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Count, Max, Min, Q, QuerySet
from django.utils import timezone

from mentornet.audit.models import Entry
from mentornet.common.computed import ComputedState
from mentornet.divisions.staff import Staff
from mentornet.followup.models import EarlySign, SurvivalFit
from mentornet.followup.signs import LOOKED_AT, PACE_DAYS, SIDES, Known
from mentornet.partnerships.models import Agreement, Meeting, Partnership
from mentornet.partnerships.queries import visible_partnerships
from mentornet.people.queries import in_use
from mentornet.surveys.queries import check_ins_of

AT_ONCE: Final = 500
"""Partnerships that are read together."""
_RESUMED: Final = "partnerships.resume"


def partnerships_looked_at() -> QuerySet[Partnership]:
    """Return the partnerships of every division that the rules are asked about."""
    return Partnership.objects.filter(in_use("mentee__person"), in_use("mentor__person"), state__in=LOOKED_AT)


def in_parts(partnerships: QuerySet[Partnership]) -> Iterator[list[Partnership]]:
    """Return partnerships with the names of the two, some hundreds at once, in the order of their keys."""
    last: UUID | None = None
    while True:
        some = partnerships if last is None else partnerships.filter(pk__gt=last)
        found = list(some.select_related("mentee__person", "mentor__person").order_by("pk")[:AT_ONCE])
        if found:
            yield found
            last = found[-1].pk
        if len(found) < AT_ONCE:
            return


def known_of(partnerships: Sequence[Partnership], on: date) -> Mapping[UUID, Known]:
    """Return what the rules ask of some partnerships; as many queries for one as for many."""
    met = _met_on(partnerships, on)
    agreed, resumed, check_ins = _agreed(partnerships), _resumed_on(partnerships), check_ins_of(partnerships)
    known = {}
    for partnership in partnerships:
        agreed_on, frequency = agreed.get(partnership.pk, (None, ""))
        known[partnership.pk] = Known(
            state=partnership.state,
            first_met_on=partnership.first_met_on,
            met_on=met.get(partnership.pk, ()),
            resumed_on=resumed.get(partnership.pk),
            agreed_on=agreed_on,
            frequency=frequency,
            check_ins=check_ins.get(partnership.pk, ()),
        )
    return known


def _met_on(partnerships: Sequence[Partnership], on: date) -> Mapping[UUID, list[date]]:
    """Return the days of the last twelve weeks on which they met, and the newest one."""
    meetings = Meeting.objects.filter(partnership__in=partnerships, on__lte=on).order_by()
    days = defaultdict[UUID, list[date]](list)
    newest = meetings.values_list("partnership_id").annotate(newest=Max("on"))
    lately = meetings.filter(on__gt=on - timedelta(days=PACE_DAYS)).values_list("partnership_id", "on")
    for key, day in [*newest, *lately]:
        days[key].append(day)
    return days


def _agreed(partnerships: Sequence[Partnership]) -> Mapping[UUID, tuple[date, str]]:
    """Return since when the agreement holds that both have signed last, and how often they meet by it."""
    signed = (
        Agreement.objects.filter(partnership__in=partnerships)
        .annotate(names=Count("signatures"), since=Max("signatures__signed_on"))
        .filter(names=len(SIDES))
        .order_by("number")
    )
    found = signed.values_list("partnership_id", "since", "terms__frequency")
    return {key: (since, str(frequency or "")) for key, since, frequency in found}


def _resumed_on(partnerships: Sequence[Partnership]) -> Mapping[UUID, date]:
    """Return the day on which they last went on after a pause: only the audit knows it."""
    entries = Entry.objects.filter(
        object_type=Partnership._meta.label,
        object_id__in=[str(partnership.pk) for partnership in partnerships],
        act=_RESUMED,
    )
    rows = entries.order_by().values_list("object_id").annotate(at=Max("at"))
    return {UUID(key): timezone.localdate(at) for key, at in rows}


# What coordinators see ------------------------------------------------------------------------------------------------


def counts_now(on: date) -> Q:
    """Return which signs count on a day: they are there, and nobody has put them aside until later."""
    return Q(gone_on__isnull=True) & (Q(put_aside_until__isnull=True) | Q(put_aside_until__lte=on))


def put_aside_now(on: date) -> Q:
    """Return which signs somebody has put aside until after a day."""
    return Q(gone_on__isnull=True, put_aside_until__gt=on)


def visible_signs(by: Staff) -> QuerySet[EarlySign]:
    """Return the signs that are there, of the partnerships of somebody's own divisions; not what is gone."""
    theirs = visible_partnerships(by).filter(division_id__in=by.casework).order_by().values("pk")
    return EarlySign.objects.filter(partnership__in=theirs, gone_on__isnull=True).order_by("first_seen_on", "pk")


def signs_of_pair(partnership: Partnership) -> list[EarlySign]:
    """Return the signs of a pair that are there, put aside or not, the oldest first."""
    return list(EarlySign.objects.filter(partnership=partnership, gone_on__isnull=True).order_by("first_seen_on", "pk"))


def warned_partnerships(
    by: Staff, on: date, *, kind: str = "", is_aside: bool = False, only: Q | None = None
) -> QuerySet[Partnership]:
    """Return the partnerships with signs, most signs first, then whose sign is there the longest.

    Args:
        by: whose divisions.
        on: the day.
        kind: only those with a sign of this kind.
        is_aside: those of whom all signs are put aside, instead of those of whom one counts.
        only: which of the partnerships.
    """
    signs = visible_signs(by)
    counting, aside = signs.filter(counts_now(on)), signs.filter(put_aside_now(on))
    wanted = aside if is_aside else counting
    if kind:
        wanted = wanted.filter(kind=kind)
    pairs = Partnership.objects.filter(only or Q(), pk__in=wanted.order_by().values("partnership"))
    if is_aside:
        pairs = pairs.exclude(pk__in=counting.order_by().values("partnership"))
    there = Q(early_signs__in=(aside if is_aside else counting).order_by().values("pk"))
    return pairs.annotate(
        signs=Count("early_signs", filter=there), since=Min("early_signs__first_seen_on", filter=there)
    ).order_by("-signs", "since", "pk")


def signs_by_pair(partnerships: Collection[UUID]) -> Mapping[UUID, list[EarlySign]]:
    """Return the signs of some pairs that are there, the oldest first. One query, however many they are."""
    found = defaultdict[UUID, list[EarlySign]](list)
    for sign in EarlySign.objects.filter(partnership__in=partnerships, gone_on__isnull=True).order_by(
        "first_seen_on", "pk"
    ):
        found[sign.partnership_id].append(sign)
    return found


# How long partnerships last -------------------------------------------------------------------------------------------


def newest_fit() -> SurvivalFit | None:
    """Return what was computed last, if anything was."""
    return SurvivalFit.objects.filter(state=ComputedState.DONE).order_by("-fitted_at", "pk").first()


def fits_at_work() -> QuerySet[SurvivalFit]:
    """Return what is being computed now, or waits for the worker: one at most."""
    return SurvivalFit.objects.exclude(state=ComputedState.DONE)


def fit_at_work() -> SurvivalFit | None:
    """Return the same row, if there is one."""
    return fits_at_work().first()
