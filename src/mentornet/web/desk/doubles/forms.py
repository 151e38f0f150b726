"""The form that makes two rows one."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

_LONGEST = 500


class MergeForm(forms.Form):
    """Why the two are one; what is chosen between them stands beside it, as the page shows it."""

    reason = forms.CharField(
        label=_("How you know that they are one"),
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("Such as: I have called her. It stays with her, and she can read it."),
    )
    seen = forms.CharField(widget=forms.HiddenInput(), required=False, max_length=32)
