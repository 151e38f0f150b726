"""Forms of Today."""

from __future__ import annotations

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mentornet.web.ui.widgets import DayInput


class SnoozeForm(forms.Form):
    """Until when a task is put off, and why."""

    until = forms.DateField(label=_("Until"), widget=DayInput())
    reason = forms.CharField(label=_("Why"), max_length=200, help_text=_("Your colleagues see it beside the task."))

    today: date | None = None

    def clean_until(self) -> date:
        """Refuse a day that is not after today."""
        until: date = self.cleaned_data["until"]
        if self.today is not None and until <= self.today:
            raise ValidationError(_("Choose a day after today."))
        return until
