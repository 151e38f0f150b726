"""Forms about what somebody asks of her data."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from mentornet.privacy.enums import Outcome, RequestKind, RequestWay
from mentornet.web.ui.widgets import DayInput

_LONG = 4_000
_SHORT = 500


def _area(rows: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "dir": "auto"})


class TakeDownForm(forms.Form):
    """What somebody has asked by letter, telephone or face to face."""

    kind = forms.ChoiceField(label=_("What she asks for"), choices=RequestKind.choices, widget=forms.RadioSelect)
    way = forms.ChoiceField(
        label=_("How it came"),
        choices=[choice for choice in RequestWay.choices if choice[0] != RequestWay.PORTAL],
        widget=forms.RadioSelect,
    )
    received_on = forms.DateField(
        label=_("On which day it came"), widget=DayInput(), help_text=_("The 30 days are counted from this day.")
    )
    words = forms.CharField(
        label=_("In her words"),
        required=False,
        max_length=_LONG,
        widget=_area(),
        help_text=_("She reads this in her copy."),
    )
    is_she = forms.BooleanField(
        label=_("I have made sure that it is she"),
        help_text=_("Call her at the number on her page. Never answer to the address from which somebody wrote."),
        error_messages={"required": _("Make sure first: somebody else may want to know about her.")},
    )


class ExtendForm(forms.Form):
    """Until when, and why."""

    until = forms.DateField(label=_("She hears by"), widget=DayInput())
    reason = forms.CharField(
        label=_("Why it takes longer"), max_length=_SHORT, widget=_area(3), help_text=_("She reads it.")
    )


class CloseForm(forms.Form):
    """What came of it, as she is told."""

    outcome = forms.ChoiceField(
        label=_("What came of it"),
        choices=[choice for choice in Outcome.choices if choice[0] != Outcome.TAKEN_BACK],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("What she is told"),
        max_length=_LONG,
        widget=_area(5),
        help_text=_(
            "In plain words, in a language that she reads. If it is refused, say why. Where she can complain is "
            "added by itself."
        ),
    )


class RestForm(forms.Form):
    """Why her data rest."""

    reason = forms.CharField(
        label=_("Why"), max_length=_SHORT, widget=_area(3), help_text=_("In few words. She reads it.")
    )


class EndsForm(forms.Form):
    """From which day on her data are used again."""

    day = forms.DateField(label=_("From which day"), widget=DayInput(), help_text=_("At least seven days away."))
