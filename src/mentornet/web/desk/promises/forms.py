"""What a coordinator fills in about somebody who waits."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mentornet.intake.enums import NOTED_REASONS, EarlierReason, WaitReason


class WhyForm(forms.Form):
    """Why she waits, with a word."""

    reason = forms.ChoiceField(label=_("Why she waits"), widget=forms.RadioSelect, required=False)
    words = forms.CharField(
        label=_("In a few words"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=_("Your colleagues read it beside her name, and she in a copy of her data. No letter says it."),
    )

    def __init__(self, *args: Any, shows: WaitReason, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        by_itself = _("As it shows by itself: %(reason)s") % {"reason": shows.label}
        choices = [("", by_itself), *((one.value, one.label) for one in NOTED_REASONS)]
        self.fields["reason"].choices = choices  # type: ignore[attr-defined]  # a field of choices has them


class EarlierForm(forms.Form):
    """Why she is taken before others who have waited longer."""

    reason = forms.ChoiceField(
        label=_("Why is she taken earlier?"),
        widget=forms.RadioSelect,
        choices=EarlierReason.choices,
        error_messages={"required": _("Choose why she is taken earlier.")},
    )
    words = forms.CharField(
        label=_("Write why"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("Write it so that anybody who waits could understand it. Your colleagues read it."),
        error_messages={"required": _("Write why, so that anybody who waits could understand it.")},
    )
