"""When a pair is called: the days on which its tasks are due, from its own days and its talks alone.

Nothing here asks a database or a clock, so that years of a pair's life can be gone through in a test. What a programme
chooses stands in :class:`mentornet.programmes.care.Care`; a day on which no office works is moved to the next on which
one does.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from django.utils import timezone

from mentornet.agenda.models import Kind
from mentornet.common.holidays import working_day_after, working_day_from
from mentornet.partnerships.enums import PartnershipState
from mentornet.programmes.care import Care

KINDS: Final = (Kind.CONTACT, Kind.NOT_MET, Kind.ENDING, Kind.PAUSED)
"""What comes of a pair's days by itself."""
MONTH: Final = 30
"""The days of the first month, by which its calls are shared out."""
ASK_ANEW: Final = timedelta(days=28)
"""When a pause without a day, or one that has lasted beyond its day, is asked about again."""
NOTED_LATE: Final = timedelta(days=14)
"""A match that is written down so late is still a new one; later, the pair came from elsewhere."""
NOON: Final = time(12)


class Why(StrEnum):
    """Why a call is due."""

    FIRST = "first"
    MONTH = "month"
    USUAL = "usual"
    SETTLED = "settled"
    AGREED = "agreed"
    TRIED = "tried"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is known of a running pair.

    Attributes:
        known_at: since when this database knows it; much later than it was matched where it came with a spreadsheet.
        talked_on: when one of the two was last reached, and ``talked_with`` whom.
        agreed_on: on which day that talk has agreed on the next one.
        tried_on: when nobody was reached since then, the last time, and ``again_on`` the day to try it again.
        asked_on: when somebody has last seen to its pause.
        spread: a whole number of its own, by which pairs that come together are not all called on one day.
    """

    state: str
    known_at: datetime
    matched_on: date | None = None
    first_met_on: date | None = None
    agreed_until: date | None = None
    paused_until: date | None = None
    talked_on: date | None = None
    talked_with: str = ""
    agreed_on: date | None = None
    tried_on: date | None = None
    again_on: date | None = None
    asked_on: date | None = None
    spread: int = 0


@dataclass(frozen=True, slots=True)
class Due:
    """A task that a pair's days ask for.

    Attributes:
        words: what its row says besides the names of the two: why, since when, how often.
    """

    kind: Kind
    on: date
    words: dict[str, str | int]


def months_after(day: date, months: int) -> date:
    """Return the same day some months later, or the last of a month that is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def due_of(pair: Standing, care: Care, today: date) -> Iterator[Due]:
    """Tell what is due with a pair, and when; at most one task of a kind."""
    if pair.state == PartnershipState.PAUSED:
        yield _after_pause(pair, today)
    if pair.state not in {PartnershipState.MATCHED, PartnershipState.ACTIVE}:
        return
    yield _call(pair, care)
    if pair.first_met_on is None and pair.matched_on is not None:
        on = pair.matched_on + timedelta(days=care.not_met_days)
        yield Due(Kind.NOT_MET, on, {"since": pair.matched_on.isoformat()})
    if pair.agreed_until is not None:
        on = working_day_from(pair.agreed_until - timedelta(days=care.ending_days))
        yield Due(Kind.ENDING, on, {"until": pair.agreed_until.isoformat()})


def first_call_on(pair: Standing, care: Care) -> date:
    """Return the day of the first call: so many hours after the match, counted through weekends, moved off them."""
    assert pair.matched_on is not None
    known_on = timezone.localdate(pair.known_at)
    noon = timezone.make_aware(datetime.combine(pair.matched_on, NOON))
    matched_at = pair.known_at if known_on == pair.matched_on else noon
    return working_day_from(timezone.localdate(matched_at + timedelta(hours=care.first_call_hours)))


def _call(pair: Standing, care: Care) -> Due:
    if pair.talked_on is None:
        due = _first_call(pair, care)
    else:
        every, why = _rhythm(pair, care, pair.talked_on)
        on = pair.talked_on + timedelta(days=every)
        if pair.agreed_on is not None:
            # What she has agreed with them goes before the rhythm, as long as nobody is forgotten by it.
            on, why = min(pair.agreed_on, pair.talked_on + timedelta(days=care.settled_call_days)), Why.AGREED
        words: dict[str, str | int] = {"why": why.value, "since": pair.talked_on.isoformat(), "every": every}
        if pair.talked_with:
            words["with"] = pair.talked_with
        due = Due(Kind.CONTACT, working_day_from(on), words)
    if pair.tried_on is None or (pair.talked_on is not None and pair.tried_on < pair.talked_on):
        return due
    again = working_day_from(pair.again_on) if pair.again_on is not None else working_day_after(pair.tried_on)
    if again <= due.on:
        return due
    return Due(Kind.CONTACT, again, {"why": Why.TRIED.value, "since": pair.tried_on.isoformat()})


def _first_call(pair: Standing, care: Care) -> Due:
    known_on = timezone.localdate(pair.known_at)
    if pair.matched_on is not None:
        on = max(first_call_on(pair, care), working_day_from(known_on))
        if known_on <= pair.matched_on + NOTED_LATE:
            return Due(Kind.CONTACT, on, {"why": Why.FIRST.value, "hours": care.first_call_hours})
    # It came from elsewhere, with others: nobody here knows who has called it, and they are not all called at once.
    on = known_on + timedelta(days=1 + pair.spread % care.call_days)
    return Due(Kind.CONTACT, working_day_from(on), {"why": Why.UNKNOWN.value, "since": known_on.isoformat()})


def _rhythm(pair: Standing, care: Care, talked_on: date) -> tuple[int, Why]:
    """Return after how many days the next call follows one of that day, and why."""
    began = pair.first_met_on or pair.matched_on
    if began is not None and care.first_month_calls and talked_on < began + timedelta(days=MONTH):
        every = max(1, MONTH // care.first_month_calls)
        if every < care.call_days:
            return every, Why.MONTH
    if pair.first_met_on is not None and talked_on >= months_after(pair.first_met_on, care.settled_months):
        return max(care.settled_call_days, care.call_days), Why.SETTLED
    return care.call_days, Why.USUAL


def _after_pause(pair: Standing, today: date) -> Due:
    if pair.paused_until is None:
        on = max((pair.asked_on or today) + ASK_ANEW, today)
    elif pair.asked_on is not None and pair.asked_on >= pair.paused_until:
        on = pair.asked_on + ASK_ANEW
    else:
        on = pair.paused_until
    words: dict[str, str | int] = {} if pair.paused_until is None else {"until": pair.paused_until.isoformat()}
    return Due(Kind.PAUSED, working_day_from(on), words)
