"""What a coordinator fills in about a proposal."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mentornet.matching.enums import HEARD, Channel, DeclineReason, Reply, Round, Side
from mentornet.matching.services import LONGEST_NOTE, LONGEST_PLACE
from mentornet.web.ui.widgets import DayInput, HourInput


class AnswerForm(forms.Form):
    """One side's answer, as the coordinator has heard it."""

    reply = forms.ChoiceField(
        label=_("What does she say?"),
        widget=forms.RadioSelect,
        choices=[(Reply.YES, pgettext_lazy("answer", "Yes")), (Reply.NO, pgettext_lazy("answer", "No"))],
        error_messages={"required": _("Choose yes or no.")},
    )
    decline_reason = forms.ChoiceField(
        label=_("If no: why?"), choices=[("", _("Choose a reason")), *DeclineReason.choices], required=False
    )
    channel = forms.ChoiceField(
        label=_("How did you hear it?"), choices=[(one.value, one.label) for one in HEARD], initial=Channel.PHONE
    )
    told_on = forms.DateField(label=_("When did she say it?"), widget=DayInput(), required=False)
    note = forms.CharField(
        label=_("In her words"),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only coordinators read this; the other side never does."),
    )

    asked = forms.ChoiceField(choices=Round.choices, required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, side: Side | str, asked: Round | None = None, today: date | None = None
    ) -> None:
        super().__init__(data, prefix=str(side), initial={"asked": asked, "told_on": today})
        self.side = str(side)


class PlanForm(forms.Form):
    """Day, hour and place of the first meeting."""

    on = forms.DateField(label=_("Day"), widget=DayInput())
    starts = forms.TimeField(label=_("Hour"), required=False, widget=HourInput())
    place = forms.CharField(
        label=_("Place"),
        max_length=LONGEST_PLACE,
        help_text=_("The letters tell it: choose a place that gives nothing away, such as a library."),
    )
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None, tells_place: bool = True) -> None:
        super().__init__(data, prefix="plan", initial=initial)
        if not tells_place:
            del self.fields["place"]


class MetForm(forms.Form):
    """The day on which they have met."""

    on = forms.DateField(label=_("They met on"), widget=DayInput())

    def __init__(self, data: Any = None, *, on: date | None = None) -> None:
        super().__init__(data, prefix="met", initial={"on": on})


class WithdrawForm(forms.Form):
    """Why a proposal is taken back."""

    note = forms.CharField(
        label=_("Why do you take it back?"),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The letters say that it is no longer open; they do not tell why."),
        error_messages={"required": _("Write why; it stays in the case.")},
    )

    def __init__(self, data: Any = None, *, is_sent: bool = True) -> None:
        super().__init__(data, prefix="withdraw")
        # Of a draft nobody has heard: nobody asks why it goes.
        self.fields["note"].required = is_sent
