"""How long others have waited, in the words of her who waits; what coordinators read stands elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

WEEKS_UNTIL: Final = 120
"""Days until which a wait is told in weeks, and in months from there on."""


def days_in_words(days: float, *, in_weeks: bool) -> str:
    """Return days as weeks, or as months: one at least."""
    number = max(1, round(days / 7 if in_weeks else days / 30.4))
    if in_weeks:
        return ngettext("%(number)s week", "%(number)s weeks", number) % {"number": number}
    return ngettext("%(number)s month", "%(number)s months", number) % {"number": number}


def words_of_waits(quarters: Sequence[float | None], women: int) -> str:
    """Say to a woman who waits how long is expected, as a range and without a promise; empty where too little is known.

    Args:
        quarters: days after which a quarter, half and three quarters are expected to have a mentor, the first and the
            last as far apart as earlier forecasts ask for.
        women: from how many it is reckoned.
    """
    first, _half, third = quarters
    if first is None:
        return ""
    in_weeks = (third or first) <= WEEKS_UNTIL
    low = days_in_words(first, in_weeks=in_weeks)
    if third is not None:
        told = _("We expect that half of the women who apply here wait between %(low)s and %(high)s.") % {
            "low": low,
            "high": days_in_words(third, in_weeks=in_weeks),
        }
    else:
        told = _("We expect that most women who apply here wait longer than %(low)s.") % {"low": low}
    base = _("We reckon it from %(women)s women who have applied here.") % {"women": women}
    no_promise = _("For you it can be shorter or longer. This is not a promise.")
    return f"{told} {base} {no_promise}"
