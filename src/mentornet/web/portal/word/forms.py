"""What she writes in confidence."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mentornet.followup.enums import About, Addressee


class WordForm(forms.Form):
    """About what, for whom, in her words, and whether she wants a call."""

    about = forms.ChoiceField(
        label=_("What do you want to write about?"),
        widget=forms.RadioSelect,
        choices=About.choices,
        error_messages={"required": _("Choose what fits best.")},
    )
    words = forms.CharField(
        label=_("What do you want to tell?"),
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto", "autocomplete": "off"}),
        help_text=_("Write in the language you like. You need no proof, and you need not be sure."),
        error_messages={"required": _("Write a few words. They can be very short.")},
    )
    addressee = forms.ChoiceField(
        label=_("Who should read it?"),
        widget=forms.RadioSelect,
        choices=Addressee.choices,
        initial=Addressee.COORDINATOR,
        required=False,
        help_text=_("Is it about the coordinator? Then it always goes to the national lead, and she is not told."),
    )
    wants_call = forms.BooleanField(label=_("Please call me"), required=False)
    call_words = forms.CharField(
        label=_("How and when can we call you safely?"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        help_text=_("For example: on Tuesday before noon, on this number."),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for a safe way where she wants a call.

        Raises:
            ValidationError: she wants a call, and we would not know how.
        """
        data = super().clean() or {}
        if data.get("wants_call") and not data.get("call_words"):
            self.add_error("call_words", ValidationError(_("Write when and how we can call you safely.")))
        return data
