"""Partnerships as the estimate of how long they last reads them: days and whether they ended before their time.

What goes in is what happened: days, the programme, the division. Nothing of who the two are does: no country, language
or faith, no health, no ground of residence. Whoever objects to being counted is not, nor whose data rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

import numpy as np
from django.db.models import CharField, ExpressionWrapper, F, QuerySet

from mentornet.followup.lasting import Courses, Dimension
from mentornet.partnerships.enums import ClosingReason, PartnershipState
from mentornet.partnerships.models import Partnership
from mentornet.people.enums import ObjectionPurpose
from mentornet.people.queries import in_use, not_objecting

MET_WITHIN: Final = 21
"""Days after the match within which a pair has met soon."""
AGREED_WITHIN: Final = 30
"""Days after the match within which both have signed until when they go on."""
ALL, PROGRAMME, DIVISION, MET, AGREED = "all", "programme", "division", "met", "agreed"
IN_TIME, LATER = "in_time", "later"
WELL: Final = (ClosingReason.GOAL, ClosingReason.AGREED)
"""Reasons that are no early ending."""
AT_ONCE: Final = 5_000
"""Rows that are read together: after each of them the work is written down as alive, and the disk waited for."""
_COLUMNS: Final = (
    *("pk", "matched_on", "first_met_on", "agreement_on", "agreed_until", "state", "closed_on", "closing_reason"),
    *("mentee__programme_id", "division_id"),
)
_KEYS: Final = frozenset({"pk", "mentee__programme_id", "division_id"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What is read of one partnership."""

    matched_on: date
    first_met_on: date | None
    agreement_on: date | None
    agreed_until: date | None
    is_closed: bool
    closed_on: date | None
    reason: str
    programme: str
    division: str


def ended_early(course: Course) -> bool | None:
    """Tell whether it ended before its time; ``None`` where nobody knows.

    It did when it was closed before the day on which the two had agreed to end, for another reason than having reached
    what they wanted. What was closed for no known reason, with no such day, tells nothing.
    """
    if not course.is_closed or course.reason in WELL:
        return False
    if course.closed_on is None or (course.reason == ClosingReason.UNKNOWN and course.agreed_until is None):
        return None
    return course.agreed_until is None or course.closed_on < course.agreed_until


def lasted(course: Course, until: date) -> int | None:
    """Return for how many days it lasted, or has until a day; ``None`` where nobody knows."""
    if course.is_closed and course.closed_on is None:
        return None
    days = ((course.closed_on or until) - course.matched_on).days
    return days if days >= 0 else None


def met_soon(matched_on: date, first_met_on: date | None) -> bool:
    """Tell whether the two had met within three weeks."""
    return first_met_on is not None and (first_met_on - matched_on).days <= MET_WITHIN


def agreed_soon(course: Course) -> bool:
    """Tell whether the two had signed within a month until when they go on."""
    if course.agreement_on is None or course.agreed_until is None:
        return False
    return (course.agreement_on - course.matched_on).days <= AGREED_WITHIN


@dataclass(slots=True)
class Gathered:
    """What has been read so far."""

    until: date
    left_out: int = 0
    rows: list[tuple[int, int, bool, int, int]] = field(default_factory=list)
    programmes: list[str] = field(default_factory=list)
    divisions: list[str] = field(default_factory=list)

    def add(self, course: Course) -> None:
        """Take one more; what tells nothing is counted as left out."""
        ended, days = ended_early(course), lasted(course, self.until)
        if ended is None or days is None:
            self.left_out += 1
            return
        soon, agreed = met_soon(course.matched_on, course.first_met_on), agreed_soon(course)
        self.rows.append((course.matched_on.toordinal(), days, ended, int(not soon), int(not agreed)))
        self.programmes.append(course.programme)
        self.divisions.append(course.division)

    def ready(self) -> tuple[Courses, dict[str, Dimension]]:
        """Return arrays, and the ways to tell them apart."""
        table = np.array(self.rows, dtype=np.int64).reshape(-1, 5)
        courses = Courses(table[:, 0], table[:, 1], table[:, 2] == 1)
        soon = (IN_TIME, LATER)
        return courses, {
            ALL: Dimension(np.zeros(len(table), dtype=np.int64), (ALL,)),
            MET: Dimension(table[:, 3], soon, MET_WITHIN),
            AGREED: Dimension(table[:, 4], soon, AGREED_WITHIN),
            PROGRAMME: _coded(self.programmes),
            DIVISION: _coded(self.divisions),
        }


def _coded(names: list[str]) -> Dimension:
    keys = sorted(set(names))
    places = {key: place for place, key in enumerate(keys)}
    return Dimension(np.array([places[name] for name in names], dtype=np.int64), keys)


def partnerships_counted(until: date) -> QuerySet[Partnership]:
    """Return the partnerships from which it is read, matched before a day."""
    sides = ("mentee__person", "mentor__person")
    return Partnership.objects.filter(
        *(in_use(side) for side in sides),
        *(not_objecting(side, ObjectionPurpose.STATISTICS) for side in sides),
        matched_on__lt=until,
    )


def read_courses(until: date, tell: Callable[[int], None]) -> Gathered:
    """Read all of them, as they stood on a day; ``tell`` hears how many have been read, after every few thousand."""
    gathered = Gathered(until)
    read = 0
    for rows in _in_parts(partnerships_counted(until)):
        for row in rows:
            gathered.add(_course(row))
        read += len(rows)
        tell(read)
    return gathered


def _in_parts(partnerships: QuerySet[Partnership]) -> Iterator[list[Any]]:
    # Keys as the database has them: an object for each takes half of the time of it all.
    columns = [ExpressionWrapper(F(name), CharField()) if name in _KEYS else name for name in _COLUMNS]
    last = None
    while True:
        some = partnerships if last is None else partnerships.filter(pk__gt=last)
        rows = list(some.order_by("pk").values_list(*columns)[:AT_ONCE])
        if rows:
            yield rows
        if len(rows) < AT_ONCE:
            return
        last = UUID(str(rows[-1][0]))


@lru_cache(maxsize=10_000)
def _key(as_kept: object) -> str:
    """Return a programme's or division's key as everybody else writes it: one database leaves out the dashes."""
    return str(UUID(str(as_kept)))


def _course(row: Any) -> Course:
    _, matched_on, first_met_on, agreement_on, agreed_until, state, closed_on, reason, programme, division = row
    return Course(
        matched_on=matched_on,
        first_met_on=first_met_on,
        agreement_on=agreement_on,
        agreed_until=agreed_until,
        is_closed=state == PartnershipState.CLOSED,
        closed_on=closed_on,
        reason=reason,
        programme=_key(programme),
        division=_key(division),
    )


def course_of(partnership: Partnership) -> Course:
    """Return what is read of a partnership that is in memory, with its mentee."""
    return _course(
        (
            partnership.pk,
            *(getattr(partnership, name) for name in _COLUMNS[1:-2]),
            partnership.mentee.programme_id,
            partnership.division_id,
        )
    )
