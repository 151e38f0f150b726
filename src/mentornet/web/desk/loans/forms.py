"""What is written when a mentor is asked for, released, or not."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mentornet.matching.loan_rules import LENT_AT_MOST, LENT_FOR
from mentornet.web.ui.widgets import DayInput


class AskForm(forms.Form):
    """Why she is asked for."""

    reason = forms.CharField(
        label=_("Why her, and for what?"),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "The other division reads it, and asks its mentor by it. No names, and nothing by which your mentee could "
            "be known."
        ),
        error_messages={"required": _("Say why: whoever is asked decides by that.")},
    )


class ReleaseForm(forms.Form):
    """Until when she may be proposed, and a word to the other division."""

    until = forms.DateField(label=_("She may be proposed until"), widget=DayInput())
    answer = forms.CharField(
        label=_("A word to the other division"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What she has said, and when she is best called."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].initial = today + LENT_FOR
        self.fields["until"].widget.attrs |= {
            "min": today.isoformat(), "max": (today + LENT_AT_MOST).isoformat(),
        }  # fmt: skip


class DeclineForm(forms.Form):
    """Why she is not lent."""

    answer = forms.CharField(
        label=_("Why not, as the other division reads it"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("No names: who she is stays with you."),
        error_messages={"required": _("Say why, in words that the other division may read; no names.")},
    )
