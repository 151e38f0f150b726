"""How long somebody has waited and what was promised her, in words."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext


def clock_words(days: int, promised: date | None, today: date | None) -> tuple[str, str]:
    """Say how long somebody has waited and what was promised her.

    Returns:
        The sentence, and its tone: ``bad`` for a promise that is late, ``warn`` for one due today, else ``quiet``.
    """
    if promised is None or today is None:
        words = ngettext("Waiting %(days)s day", "Waiting %(days)s days", days)
        return words % {"days": days}, "quiet"
    # Translators: how a day of this year is written, in the letters of Django's filter "date"; Danish: "j. F".
    day_format = gettext("j F")
    late = (today - promised).days
    if late > 0:
        waited = ngettext("Waiting %(days)s day.", "Waiting %(days)s days.", days) % {"days": days}
        overdue = ngettext(
            "The answer promised for %(day)s is %(late)s day late.",
            "The answer promised for %(day)s is %(late)s days late.",
            late,
        ) % {"day": date_format(promised, day_format), "late": late}
        return f"{waited} {overdue}", "bad"
    if late == 0:
        words = ngettext(
            "Waiting %(days)s day, promised an answer today",
            "Waiting %(days)s days, promised an answer today",
            days,
        )
        return words % {"days": days}, "warn"
    near = promised - today <= timedelta(days=6)
    words = ngettext(
        "Waiting %(days)s day, promised an answer by %(day)s",
        "Waiting %(days)s days, promised an answer by %(day)s",
        days,
    )
    return words % {"days": days, "day": date_format(promised, "l" if near else day_format)}, "quiet"
