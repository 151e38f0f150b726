"""Forms about who outside was told something."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mentornet.privacy.enums import DemandAnswer, Ground
from mentornet.web.ui.widgets import DayInput

if TYPE_CHECKING:
    from mentornet.divisions.models import Division

_LONG = 2_000
_SHORT = 500


def _area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "dir": "auto"})


def _line() -> forms.TextInput:
    return forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"})


class DisclosureForm(forms.Form):
    """Who was told what, when, why, on which ground; and whether she reads it at once."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    told_on = forms.DateField(label=_("On which day"), widget=DayInput())
    told_to = forms.CharField(
        label=_("Who was told"),
        max_length=200,
        widget=_line(),
        help_text=_("The office or company, and the name there."),
    )
    told = forms.CharField(label=_("What was told"), max_length=_LONG, widget=_area(4))
    reason = forms.CharField(label=_("Why"), max_length=_SHORT, widget=_line())
    ground = forms.ChoiceField(label=_("On which ground"), choices=Ground.choices, widget=forms.RadioSelect)
    held_back_reason = forms.CharField(
        label=_("Why she does not read it yet"),
        required=False,
        max_length=_SHORT,
        widget=_line(),
        help_text=_("Leave it empty, and she reads it on her own page. Only for such as an inquiry of the police."),
    )
    review_on = forms.DateField(
        label=_("When somebody asks again whether she may read it"), required=False, widget=DayInput()
    )


class HoldForm(forms.Form):
    """How long it is still held back, and why."""

    held_back_reason = forms.CharField(label=_("Why she does not read it yet"), max_length=_SHORT, widget=_line())
    review_on = forms.DateField(label=_("When somebody asks again whether she may read it"), widget=DayInput())


class DemandForm(forms.Form):
    """Who wanted a list of people, and what was answered."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    division = forms.ChoiceField(label=_("Division"))
    asked_on = forms.DateField(label=_("On which day"), widget=DayInput())
    asked_by = forms.CharField(
        label=_("Who asked"),
        max_length=200,
        widget=_line(),
        help_text=_("Which authority or office outside, and who there."),
    )
    asked = forms.CharField(
        label=_("What they wanted"), max_length=_LONG, widget=_area(3), help_text=_("Name no participant here.")
    )
    answer = forms.ChoiceField(label=_("What was answered"), choices=DemandAnswer.choices, widget=forms.RadioSelect)
    answer_words = forms.CharField(label=_("In which words"), required=False, max_length=_LONG, widget=_area(3))

    def __init__(self, *args: Any, divisions: Iterable[Division], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["division"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(str(one.pk), one.name) for one in divisions]
