"""When a running partnership is an early warning: the rules, over plain data, each with the numbers it was read from.

Nobody decides by them. They say whom to call, and why; how much is much is a programme's own
(:class:`mentornet.programmes.care.Care`). A pair that has not met at all since it was matched has a task of its own;
one that rests or is ending is asked for nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, Protocol

from mentornet.followup.sign_kinds import SignKind
from mentornet.partnerships.enums import PartnershipState
from mentornet.people.enums import Role
from mentornet.programmes.care import Care

ANSWER_WITHIN: Final = timedelta(days=7)
"""How long somebody has to answer before a question counts as left unanswered."""
PACE_DAYS: Final = 84
"""The last so many days are compared with the agreement: twelve weeks, a whole number of each pace."""
PACE_FROM: Final = 60
"""An agreement that has run for fewer days tells nothing of the pace yet."""
DAYS_BETWEEN: Final[Mapping[str, float]] = {"week": 7, "fortnight": 14, "three_weeks": 21, "month": 30.4}
"""From one meeting to the next, as agreed (:data:`mentornet.partnerships.validators.CHOICES`)."""
LOOKED_AT: Final = (PartnershipState.MATCHED, PartnershipState.ACTIVE)
SIDES: Final = (Role.MENTEE, Role.MENTOR)

Number = int | float | str
"""What a sign is read from; a day as ISO 8601 writes it."""


class CheckIn(Protocol):
    """A short question to one of the two, and what she answered."""

    @property
    def side(self) -> str:
        """Which of the two was asked."""

    @property
    def asked_on(self) -> date:
        """The day of the question."""

    @property
    def answered_on(self) -> date | None:
        """The day of her answer, if she has answered."""

    @property
    def going(self) -> int | None:
        """How well it goes, from 1 to 5."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a pair on a day.

    Attributes:
        met_on: the days on which they have met, as anybody has told, at least those of the last ``PACE_DAYS`` days and
            the newest one; in any order.
        resumed_on: when they last went on after a pause; nothing was expected before.
        agreed_on: the day on which both had signed what holds between them now.
        frequency: how often they have agreed to meet; empty where nobody knows.
        check_ins: what each was asked, oldest first.
    """

    state: str
    first_met_on: date | None = None
    met_on: Sequence[date] = ()
    resumed_on: date | None = None
    agreed_on: date | None = None
    frequency: str = ""
    check_ins: Sequence[CheckIn] = ()


@dataclass(frozen=True, slots=True)
class Sign:
    """One reason to call, with its numbers.

    Attributes:
        side: whose answers it is read from; empty where it is about both.
    """

    kind: SignKind
    side: str = ""
    facts: Mapping[str, Number] = field(default_factory=dict)


def signs_of(known: Known, care: Care, on: date) -> list[Sign]:
    """Return the signs of a pair on a day, one of each kind and side at most."""
    if known.state not in LOOKED_AT:
        return []
    met = unmet(known, care, on) or pace(known, care, on)
    return [*([met] if met else []), *falling(known, care), *silent(known, care, on)]


def unmet(known: Known, care: Care, on: date) -> Sign | None:
    """They have begun, and nobody has told of a meeting for ``warn_unmet_days`` days or more."""
    if known.state != PartnershipState.ACTIVE or known.first_met_on is None:
        return None
    last = max([known.first_met_on, *(day for day in known.met_on if day <= on)])
    since = max(last, known.resumed_on or last)
    days = (on - since).days
    if days < care.warn_unmet_days:
        return None
    return Sign(SignKind.UNMET, facts={"last": last.isoformat(), "days": days, "limit": care.warn_unmet_days})


def pace(known: Known, care: Care, on: date) -> Sign | None:
    """They have met less than ``warn_pace`` per cent as often as their agreement says, over the last twelve weeks.

    Asked once the agreement has run for ``PACE_FROM`` days, since the last pause too.
    """
    if known.state != PartnershipState.ACTIVE or known.agreed_on is None or known.frequency not in DAYS_BETWEEN:
        return None
    days = min(PACE_DAYS, (on - max(known.agreed_on, known.resumed_on or known.agreed_on)).days)
    if days < PACE_FROM:
        return None
    first = on - timedelta(days=days)
    met = len({day for day in known.met_on if first < day <= on})
    agreed = days / DAYS_BETWEEN[known.frequency]
    if 100 * met >= care.warn_pace * agreed:
        return None
    return Sign(SignKind.PACE, facts={"met": met, "agreed": round(agreed), "days": days, "frequency": known.frequency})


def falling(known: Known, care: Care) -> Iterator[Sign]:
    """One side's last answer is ``warn_fall`` points or more below the one before, or ``warn_low`` or less."""
    for side in SIDES:
        told = [(one.answered_on, one.going) for one in _asked(known, side) if one.answered_on and one.going]
        if not told:
            continue
        on, going = told[-1]
        facts: dict[str, Number] = {"going": going, "on": on.isoformat()}
        fell = False
        if len(told) > 1:
            before_on, before = told[-2]
            facts |= {"before": before, "before_on": before_on.isoformat()}
            fell = before - going >= care.warn_fall
        if fell or going <= care.warn_low:
            yield Sign(SignKind.FALLING, side, facts)


def silent(known: Known, care: Care, on: date) -> Iterator[Sign]:
    """One side has left ``warn_silent`` questions in a row unanswered while the other answers; or both have."""
    unanswered = {side: _unanswered(known, side, on) for side in SIDES}
    quiet = [side for side in SIDES if unanswered[side] >= care.warn_silent]
    if len(quiet) == len(SIDES):
        yield Sign(SignKind.BOTH_SILENT, facts={side.value: unanswered[side] for side in SIDES})
    for side in quiet if len(quiet) == 1 else ():
        other = SIDES[1 - SIDES.index(side)]
        answered = [one.answered_on for one in _asked(known, other) if one.answered_on is not None]
        if answered:
            last = max(answered).isoformat()
            yield Sign(SignKind.ONE_SILENT, side, {"unanswered": unanswered[side], "other_on": last})


def is_told_anew(kind: SignKind | str, before: Mapping[str, Number], now: Mapping[str, Number]) -> bool:
    """Tell whether a sign that is still there has a reason that it did not have before.

    A newer answer that is low again, or one more question left unanswered, is one. That the same days go on is none:
    how long they may do so once somebody has looked into it, :func:`rests_for` says.
    """
    match kind:
        case SignKind.FALLING:
            return before.get("on") != now.get("on")
        case SignKind.ONE_SILENT | SignKind.BOTH_SILENT:
            names = ("unanswered", *SIDES)
            return any(int(now.get(name, 0)) > int(before.get(name, 0)) for name in names)
    return False


def rests_for(kind: SignKind | str, facts: Mapping[str, Number]) -> timedelta | None:
    """Return how long a sign rests once a talk has answered it; nothing where it waits for a new reason alone.

    Not met for long: until they have not met for as long again. Less often than agreed: until the weeks that were
    counted are over, and others can be.
    """
    match kind:
        case SignKind.UNMET:
            return timedelta(days=int(facts["limit"]))
        case SignKind.PACE:
            return timedelta(days=PACE_DAYS)
    return None


def _asked(known: Known, side: Role) -> list[CheckIn]:
    return [one for one in known.check_ins if one.side == side]


def _unanswered(known: Known, side: Role, on: date) -> int:
    """Return how many of the last questions one side has left unanswered, the newest ones aside."""
    count = 0
    for one in reversed(_asked(known, side)):
        if one.answered_on is not None:
            break
        if one.asked_on + ANSWER_WITHIN <= on:
            count += 1
    return count
