"""The form that puts many times into the plan at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mentornet.common.holidays import is_holiday, working_day_after
from mentornet.intake.enums import InterviewWay
from mentornet.intake.models.slots import USUAL_MINUTES
from mentornet.web.desk.people.case_forms import StaffField
from mentornet.web.ui.widgets import DayInput, HourInput

MOST_WEEKS: Final = 26


class AddForm(forms.Form):
    """Times on some days of the week, between two hours, for some weeks."""

    interviewer = StaffField(label=_("With whom"), queryset=None)
    division: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("Division"), queryset=None, empty_label=_("Choose a division")
    )
    first_day = forms.DateField(label=_("From"), widget=DayInput())
    weeks = forms.IntegerField(label=_("For how many weeks"), min_value=1, max_value=MOST_WEEKS, initial=1)
    weekdays = forms.TypedMultipleChoiceField(label=_("On which days"), coerce=int, widget=forms.CheckboxSelectMultiple)
    begins = forms.TimeField(label=_("First time"), widget=HourInput())
    ends = forms.TimeField(label=_("Over at"), widget=HourInput())
    minutes = forms.IntegerField(
        label=_("Minutes for each"), min_value=5, max_value=240, initial=USUAL_MINUTES,
        help_text=_("The next time begins when the one before is over."),
    )  # fmt: skip
    pause = forms.IntegerField(label=_("Minutes between two"), min_value=0, max_value=120, initial=0, required=False)
    way = forms.ChoiceField(label=_("How"), widget=forms.RadioSelect, initial=InterviewWay.IN_PERSON)
    place = forms.CharField(
        label=_("Where"),
        max_length=120,
        required=False,
        help_text=_(
            "She reads this in her letter: a neutral place, or the address of the video room. Empty, the two meet at "
            "the office’s address; on the telephone the interviewer calls her."
        ),
    )

    def __init__(self, *args: Any, staff: Any, divisions: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        interviewer, division = self.fields["interviewer"], self.fields["division"]
        assert isinstance(interviewer, StaffField)
        assert isinstance(division, forms.ModelChoiceField)
        interviewer.queryset = staff
        division.queryset = divisions
        for chosen in (interviewer, division):
            chosen.widget.attrs["translate"] = "no"
        found = list(divisions[:2])
        if len(found) == 1:
            division.initial = found[0]
            division.widget = forms.HiddenInput()
        for name, choices in (
            ("weekdays", [(number, str(WEEKDAYS[number]).capitalize()) for number in range(7)]),
            ("way", [(way.value, str(way.label).capitalize()) for way in InterviewWay]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
        day = working_day_after(today)
        self.initial = {"first_day": day, "weekdays": [day.weekday()], **self.initial}

    def clean(self) -> dict[str, Any]:
        """Refuse hours between which no time fits."""
        data = super().clean() or {}
        begins, ends, minutes = data.get("begins"), data.get("ends"), data.get("minutes")
        if begins and ends and minutes and _minutes(ends) - _minutes(begins) < minutes:
            self.add_error("ends", gettext("Between these hours there is no room for a time of this length."))
        return data

    @property
    def starts(self) -> list[datetime]:
        """The moments at which the times begin, as the clock on the wall shows them; none on public holidays."""
        given = self.cleaned_data
        step = given["minutes"] + (given["pause"] or 0)
        last = _minutes(given["ends"]) - given["minutes"]
        hours = [divmod(minute, 60) for minute in range(_minutes(given["begins"]), last + 1, step)]
        return [
            timezone.make_aware(datetime.combine(day, time(hour, minute)))
            for day in self._days()
            for hour, minute in hours
        ]

    def _days(self) -> Iterator[date]:
        given = self.cleaned_data
        for number in range(7 * given["weeks"]):
            day = given["first_day"] + timedelta(days=number)
            if day.weekday() in given["weekdays"] and not is_holiday(day):
                yield day


def _minutes(moment: time) -> int:
    return 60 * moment.hour + moment.minute
