"""What a coordinator fills in on the match desk."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from mentornet.matching.ranking import LOOSENABLE


class ChoiceForm(forms.Form):
    """Why these two."""

    reason = forms.CharField(
        label=_("Why these two?"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Write it so that a colleague, and each of the two, could read it. It stays with the proposal."),
        error_messages={"required": _("Write in a sentence why you choose her; it stays with the proposal.")},
    )


class AgainForm(ChoiceForm):
    """Why these two, and why once more: one of them has said no before."""

    again = forms.CharField(
        label=_("Why once more?"),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What is different now? Write it so that each of the two could read it."),
        error_messages={"required": _("One of the two has said no before: write what is different now.")},
    )


class SeenForm(forms.Form):
    """What she saw when she chose: comes with the form, is never typed."""

    seen_version = forms.IntegerField(min_value=1)
    loosen = forms.MultipleChoiceField(choices=[(rule, rule) for rule in LOOSENABLE], required=False)
