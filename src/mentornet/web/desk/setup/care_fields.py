"""How pairs are looked after, as fields of a programme's form: one for each number of its care."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentornet.programmes.care import LIMITS, MOST_IN_A_LIST, Care

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

BEFORE: Final = "care_"
# The words and the help of each number, in the order of a pair's life.
_WORDS: Final[Mapping[str, tuple[_StrOrPromise, _StrOrPromise]]] = {
    "first_call_hours": (
        gettext_lazy("Hours from the match to the first call"),
        gettext_lazy("Both are called. Moved to the next working day where it falls on a weekend or a holiday."),
    ),
    "first_month_calls": (
        gettext_lazy("Calls in the first month"),
        gettext_lazy("Shared out over the month after their first meeting. 0: as later."),
    ),
    "call_days": (
        gettext_lazy("Days from one call to the next"),
        gettext_lazy("After the first month."),
    ),
    "settled_months": (
        gettext_lazy("Months until a pair is settled"),
        gettext_lazy("Counted from their first meeting."),
    ),
    "settled_call_days": (
        gettext_lazy("Days from one call to the next, once they are settled"),
        gettext_lazy("Never more than a quarter of a year."),
    ),
    "not_met_days": (
        gettext_lazy("Days until a pair that has not met is asked about"),
        gettext_lazy("Counted from the match."),
    ),
    "ending_days": (
        gettext_lazy("Days before the agreed end on which it is talked about"),
        gettext_lazy("So that nobody slides out of it without a word."),
    ),
    "check_in_days": (
        gettext_lazy("Days from one short question to both to the next"),
        gettext_lazy("They answer it with one tap. 0: they are not asked."),
    ),
    "scale_months": (
        gettext_lazy("Months after which both answer the short scale"),
        gettext_lazy("Numbers with commas between, such as 1, 3. It is asked at the end too."),
    ),
    "follow_up_months": (
        gettext_lazy("Months after the end in which both are asked how it goes"),
        gettext_lazy("Numbers with commas between, such as 3, 6, 12, 24."),
    ),
    "mentor_rest_days": (
        gettext_lazy("Days that a mentor rests after an ending"),
        gettext_lazy("Unless she wants otherwise."),
    ),
    "pairs_at_once": (
        gettext_lazy("Running pairs that one coordinator can carry"),
        gettext_lazy("Above this her caseload is called too large. Nothing is stopped by it."),
    ),
    "warn_unmet_days": (
        gettext_lazy("An early sign: days without a meeting"),
        gettext_lazy("Of an active pair."),
    ),
    "warn_fall": (
        gettext_lazy("An early sign: points by which an answer falls"),
        gettext_lazy("Of five, from one time to the next."),
    ),
    "warn_low": (
        gettext_lazy("An early sign: an answer of so many points or fewer"),
        gettext_lazy("Of five."),
    ),
    "warn_silent": (
        gettext_lazy("An early sign: questions in a row that one of them leaves unanswered"),
        gettext_lazy("The other one's answers are not looked at for this."),
    ),
    "warn_pace": (
        gettext_lazy("An early sign: the share of the agreed meetings, in percent"),
        gettext_lazy("Below it the pace is unlike their agreement. 0: it is not looked at."),
    ),
    "word_days": (
        gettext_lazy("Days from one word to somebody who waits to the next"),
        gettext_lazy("Whoever waits is promised to hear from us by then."),
    ),
    "word_ahead_days": (
        gettext_lazy("Days before that promise on which the program writes to her by itself"),
        gettext_lazy("If nobody has written or called. 0: the program never writes, and the promise stands on Today."),
    ),
}


class MonthsField(forms.CharField):
    """Numbers of months, with commas between; as a list, in order, each once."""

    def __init__(self, *, limits: tuple[int, int], **kwargs: Any) -> None:
        super().__init__(max_length=60, **kwargs)
        self.limits = limits

    def to_python(self, value: Any) -> Any:
        """Return the numbers.

        Raises:
            ValidationError: something else stands there, a number beyond the limits, or too many.
        """
        low, high = self.limits
        try:
            found = sorted({int(part) for part in str(value or "").replace(";", ",").split(",") if part.strip()})
        except ValueError:
            found = [-1]
        if any(not low <= one <= high for one in found) or len(found) > MOST_IN_A_LIST:
            raise ValidationError(
                _("Write whole numbers from %(low)s to %(high)s with commas between, %(most)s at most.")
                % {"low": low, "high": high, "most": MOST_IN_A_LIST}
            )
        return found


def add_care_fields(form: forms.Form, care: Care) -> None:
    """Give a form a field for each number; what the version has stands in it, and the default beside it."""
    usual = asdict(Care())
    for name, (label, words) in _WORDS.items():
        low, high = LIMITS[name]
        is_list = isinstance(usual[name], tuple)
        default = ", ".join(map(str, usual[name])) if is_list else str(usual[name])
        said = _("%(help)s Usually %(default)s; from %(low)s to %(high)s.") % {
            "help": words,
            "default": default,
            "low": low,
            "high": high,
        }
        form.fields[BEFORE + name] = (
            MonthsField(label=label, limits=(low, high), required=False, help_text=said)
            if is_list
            else forms.IntegerField(label=label, min_value=low, max_value=high, help_text=said)
        )
        now = getattr(care, name)
        form.initial[BEFORE + name] = ", ".join(map(str, now)) if is_list else now


def care_fields(form: forms.Form) -> list[forms.BoundField]:
    """Return the fields, in the order of a pair's life."""
    return [form[BEFORE + name] for name in _WORDS]


def care_settings(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what differs from the defaults, as a version keeps it; also what only looks like a change is none."""
    values = {name: given[BEFORE + name] for name in _WORDS}
    return Care.of({name: list(value) if isinstance(value, list) else value for name, value in values.items()}).chosen()
