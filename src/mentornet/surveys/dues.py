"""When somebody is asked: by days, by months since the two have begun, at the end; or by hand alone."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final, Self

from mentornet.programmes.care import Care
from mentornet.surveys.enums import Aim

MONTH_LASTS: Final = timedelta(days=21)
"""How long after its day the question of a month is still asked: who had a pause then is not asked about it later."""
END_LASTS: Final = timedelta(days=14)
"""How long after a pair has ended it is asked about."""


def months_after(day: date, months: int) -> date:
    """Return the same day so many months later, or the month's last where it has no such day."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


AT_END: Final = "end:"
"""How the name of the occasion begins on which a pair is asked about its end; its day follows."""


@dataclass(frozen=True, slots=True)
class Due:
    """When a questionnaire is due.

    Attributes:
        every_days: from one asking to the next, and from their beginning to the first; 0 for never.
        months: after which, since they have begun, it is asked once each.
        at_end: it is asked when the pair has ended, unless for somebody's safety.
        by_care: as the programme looks after its pairs (:class:`mentornet.programmes.care.Care`).
    """

    every_days: int = 0
    months: tuple[int, ...] = ()
    at_end: bool = False
    by_care: bool = False

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """Read a rule that has been checked; an empty one is by hand."""
        return cls(
            every_days=kept.get("every_days", 0),
            months=tuple(kept.get("months", ())),
            at_end=kept.get("at_end", False),
            by_care=kept.get("by_care", False),
        )

    @property
    def is_by_hand(self) -> bool:
        """Nobody is asked by itself."""
        return not (self.every_days or self.months or self.at_end or self.by_care)

    def under(self, care: Care, aim: str) -> Due:
        """Return the rule with a programme's own numbers in it."""
        if not self.by_care:
            return self
        if aim == Aim.QUALITY:
            return replace(self, months=care.scale_months, at_end=True, by_care=False)
        return replace(self, every_days=care.check_in_days, by_care=False)

    def occasion(self, *, today: date, begun_on: date | None, last_on: date | None, closed_on: date | None) -> str:
        """Return the name of the occasion on which one side is asked today; empty where she is not.

        The same occasion has the same name whoever finds it: of two workers one alone can write it down.

        Args:
            today: the day.
            begun_on: since when the two have begun; ``None`` before it.
            last_on: when she was last asked this.
            closed_on: when it ended; ``None`` while it runs.
        """
        if closed_on is not None:
            is_fresh = closed_on <= today <= closed_on + END_LASTS
            return (
                f"{AT_END}{closed_on}" if self.at_end and is_fresh and (last_on is None or last_on < closed_on) else ""
            )
        if begun_on is None:
            return ""
        for months in reversed(self.months):
            day = months_after(begun_on, months)
            if day <= today <= day + MONTH_LASTS and (last_on is None or last_on < day):
                return f"month:{months}"
        before = begun_on if last_on is None else last_on
        if self.every_days and before + timedelta(days=self.every_days) <= today:
            return f"after:{before}"
        return ""
