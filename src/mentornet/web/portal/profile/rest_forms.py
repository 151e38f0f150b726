"""Forms about breaks and places: until when, and how many."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django import forms
from django.utils.dates import MONTHS
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from mentornet.common.moments import months_later
from mentornet.web.ui.widgets import DayInput

ONE_MONTH: Final = "1"
THREE_MONTHS: Final = "3"
IN_MONTH: Final = "month"
ON_DAY: Final = "day"
MONTHS_AHEAD: Final = 12


class RestForm(forms.Form):
    """When she wants to be asked again, and why she rests, if she wants to say."""

    when = forms.ChoiceField(label=_("When shall we ask you again?"), widget=forms.RadioSelect)
    month = forms.ChoiceField(label=_("Which month?"), required=False)
    day = forms.DateField(
        label=_("Which day?"),
        required=False,
        widget=DayInput(),
    )
    note = forms.CharField(
        label=_("Do you want to say why?"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        help_text=_("Only the office reads it."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        when, month = self.fields["when"], self.fields["month"]
        assert isinstance(when, forms.ChoiceField)
        assert isinstance(month, forms.ChoiceField)
        when.choices = [
            (ONE_MONTH, gettext("In one month, on %(day)s") % {"day": _said(months_later(today, 1))}),
            (THREE_MONTHS, gettext("In three months, on %(day)s") % {"day": _said(months_later(today, 3))}),
            (IN_MONTH, gettext("In a month that I choose")),
            (ON_DAY, gettext("On a day that I choose")),
        ]
        firsts = [months_later(today.replace(day=1), number) for number in range(1, MONTHS_AHEAD + 1)]
        named = [(first.isoformat(), f"{str(MONTHS[first.month]).capitalize()} {first.year}") for first in firsts]
        month.choices = [("", gettext("Choose a month")), *named]

    def clean(self) -> dict[str, Any]:
        """Refuse a month or a day that was not chosen."""
        data = super().clean() or {}
        if data.get("when") == IN_MONTH and not data.get("month") and "month" not in self.errors:
            self.add_error("month", gettext("Choose the month in which we ask you again."))
        if data.get("when") == ON_DAY and not data.get("day") and "day" not in self.errors:
            self.add_error("day", gettext("Choose the day on which we ask you again."))
        return data

    @property
    def until(self) -> date:
        """The day on which she is asked."""
        match self.cleaned_data["when"]:
            case "month":
                return date.fromisoformat(self.cleaned_data["month"])
            case "day":
                chosen: date = self.cleaned_data["day"]
                return chosen
            case months:
                return months_later(self.today, int(months))


class PlacesForm(forms.Form):
    """How many more mentees a mentor can take."""

    more = forms.TypedChoiceField(label=_("How many more mentees can you take?"), coerce=int, widget=forms.RadioSelect)

    def __init__(self, *args: Any, left: int, **kwargs: Any) -> None:
        kwargs["initial"] = {"more": left}
        super().__init__(*args, **kwargs)
        field = self.fields["more"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [
            (0, gettext("None now")),
            *(
                (number, ngettext("%(count)s more", "%(count)s more", number) % {"count": number})
                for number in range(1, max(left, 1) + 1)
            ),
        ]


def _said(day: date) -> str:
    return date_format(day, "DATE_FORMAT")
