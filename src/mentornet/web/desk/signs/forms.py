"""Forms of early signs."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from mentornet.followup.models.signs import LONGEST_REASON
from mentornet.web.ui.widgets import DayInput

USUAL_DAYS: Final = 30


class AsideForm(forms.Form):
    """Why it is no sign, and until when."""

    reason = forms.CharField(
        label=_("Why this is no sign"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What you have heard from them, for whoever looks next. She may read this one day."),
    )
    until = forms.DateField(
        label=_("Until"), widget=DayInput(), help_text=_("On that day it counts again, if it is still there.")
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("until", today + timedelta(days=USUAL_DAYS))
