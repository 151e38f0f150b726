"""Forms of seeing to a quiet word."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class NoteForm(forms.Form):
    """What was heard or done."""

    text = forms.CharField(
        label=_("A note"),
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What you have heard or done. Only those read it who may read this word."),
    )


class ResolveForm(forms.Form):
    """What was done about it."""

    outcome = forms.CharField(
        label=_("What was done, and what does she say to it?"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("A second reader decides from this whether it was enough."),
    )


class BackForm(forms.Form):
    """What is missing, in the second reader's eyes."""

    text = forms.CharField(label=_("What is missing?"), max_length=5_000, widget=forms.Textarea(attrs={"rows": 3}))
