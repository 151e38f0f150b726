"""How a programme looks after its partnerships, and those who wait: when somebody calls, or writes, what is a warning.

Every number is a programme's own. What a version leaves out is as the defaults have it, which follow the benchmarks
named beside them (docs/vocabulary.md, *Two people together*); so a default that is mended counts for all who never
chose another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Final, Self

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Care:
    """The cadence and the limits of a programme; days are whole days, months are counted on the calendar.

    Attributes:
        first_call_hours: from the match, within which both are called for the first time (48: Michigan State's
            guide for case managers).
        first_month_calls: how often both are called in the first month after they have begun.
        call_days: from one call to the next after the first month.
        settled_months: since they have begun, from which a pair counts as settled.
        settled_call_days: from one call to the next once they are settled (never rarer than a quarter: MENTOR's
            *Elements of Effective Practice*).
        not_met_days: from the match, after which a pair that has not met is asked about.
        ending_days: before the agreed end, from which it is talked about.
        check_in_days: from one short question to both to the next; 0 asks none.
        scale_months: since they have begun, after which both answer the short scale; it is asked at the end too.
        follow_up_months: since it ended, after which both are asked how it goes.
        mentor_rest_days: after an ending, for which the mentor rests unless she wants otherwise.
        pairs_at_once: running pairs of one coordinator above which her caseload is called too large.
        warn_unmet_days: without a meeting, after which an active pair is warned of.
        warn_fall: points, of five, by which one side's answer falls from one time to the next.
        warn_low: an answer of so many points, of five, or fewer.
        warn_silent: questions in a row that one side leaves unanswered.
        warn_pace: the share of the agreed meetings, in percent, below which the pace is unlike the agreement.
        word_days: from one word to somebody who waits to the next; by then she is promised to hear.
        word_ahead_days: before that day, on which the program writes to her by itself if nobody has; 0 writes nothing.
    """

    first_call_hours: int = 48
    first_month_calls: int = 2
    call_days: int = 30
    settled_months: int = 6
    settled_call_days: int = 91
    not_met_days: int = 14
    ending_days: int = 30
    check_in_days: int = 30
    scale_months: tuple[int, ...] = (1, 3)
    follow_up_months: tuple[int, ...] = (3, 6, 12, 24)
    mentor_rest_days: int = 18
    pairs_at_once: int = 65
    warn_unmet_days: int = 45
    warn_fall: int = 2
    warn_low: int = 2
    warn_silent: int = 2
    warn_pace: int = 50
    word_days: int = 28
    word_ahead_days: int = 2

    @classmethod
    def of(cls, chosen: Mapping[str, Any]) -> Self:
        """Return the defaults with what a version has chosen; it has been checked by :func:`check_care`."""
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in chosen.items()
        }
        return cls(**values)

    def chosen(self) -> dict[str, Any]:
        """Return what differs from the defaults, as a version keeps it."""
        usual = asdict(type(self)())
        mine = asdict(self)
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in mine.items()
            if value != usual[name]
        }


LIMITS: Final[Mapping[str, tuple[int, int]]] = {
    "first_call_hours": (1, 336),
    "first_month_calls": (0, 8),
    "call_days": (7, 91),
    "settled_months": (1, 24),
    "settled_call_days": (14, 91),
    "not_met_days": (3, 90),
    "ending_days": (7, 120),
    "check_in_days": (0, 91),
    "scale_months": (1, 24),
    "follow_up_months": (1, 60),
    "mentor_rest_days": (0, 180),
    "pairs_at_once": (5, 300),
    "warn_unmet_days": (14, 180),
    "warn_fall": (1, 4),
    "warn_low": (1, 4),
    "warn_silent": (1, 6),
    "warn_pace": (0, 100),
    "word_days": (7, 91),
    "word_ahead_days": (0, 6),
}
"""The least and the most of each number; of a list, of each of its members."""
_LISTS: Final = frozenset({"scale_months", "follow_up_months"})
MOST_IN_A_LIST: Final = 6


def _is_within(value: object, limits: tuple[int, int]) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and limits[0] <= value <= limits[1]


def check_care(value: object) -> None:
    """Refuse anything but numbers of :class:`Care` within their limits, by name.

    Raises:
        ValidationError: says which, and what is expected.
    """
    known = {one.name for one in fields(Care)}
    if not isinstance(value, dict) or set(value) - known:
        raise ValidationError(_("A number for each part of the care is expected."), code="care")
    for name, number in value.items():
        low, high = LIMITS[name]
        if name in _LISTS:
            is_right = (
                isinstance(number, list)
                and len(number) <= MOST_IN_A_LIST
                and all(_is_within(one, (low, high)) for one in number)
                and number == sorted(set(number))
            )
        else:
            is_right = _is_within(number, (low, high))
        if not is_right:
            raise ValidationError(
                _("%(name)s: from %(low)s to %(high)s is expected."),
                code="care",
                params={"name": name, "low": low, "high": high},
            )
