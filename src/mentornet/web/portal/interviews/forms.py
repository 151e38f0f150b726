"""Forms of the talk: a time, and what would suit her instead."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class ChooseForm(forms.Form):
    """One of the free times; ``seen`` tells what was booked when she opened the page."""

    slot = forms.UUIDField(
        label=_("Time"),
        error_messages={
            "required": _("Choose a time first."),
            "invalid": _("Choose a time first."),
        },
    )
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


class NoneForm(forms.Form):
    """What would suit her."""

    words = forms.CharField(
        label=_("When can you come? Or how do you want to talk?"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("For example: in the evening, or on the telephone. You can write in your own language."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
