"""A candidate's bars as the components draw them: points of a hundred."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from mentornet.common.spoken import reference_language
from mentornet.matching.ranking import Bar
from mentornet.matching.reasons import CRITERION_NAMES
from mentornet.web.ui.listed import said


def _note(bar: Bar) -> str:
    """Say how a bar's length comes about, where it is neither empty nor full."""
    if bar.name == "waiting" or not bar.most:
        return ""
    share = number_format(round(100 * bar.contribution / bar.most))
    if bar.value is None:
        return _("Not known of one of them: counted as a fit of %(share)s in a hundred.") % {"share": share}
    return _("Fits to %(share)s in a hundred.") % {"share": share} if 0 < bar.value < 1 else ""


def drawn(bars: Iterable[Bar], *, with_notes: bool = False) -> list[dict[str, Any]]:
    """Return bars for the tags ``criterion_bars`` and ``score_strip``; what weighs nothing is left out."""
    return [
        {
            "name": bar.name,
            "label": said(bar.custom.text(reference_language())) if bar.custom else CRITERION_NAMES[bar.name],
            "contribution": 100 * bar.contribution,
            "maximum": 100 * bar.most,
            "is_unknown": bar.value is None,
            "is_waiting": bar.name == "waiting",
            "note": _note(bar) if with_notes else "",
        }
        for bar in bars
        if bar.most
    ]
