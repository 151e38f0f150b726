"""Forms: who came to a meeting, what was gone through there, and why somebody needs none of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from mentornet.intake.models import Enrolment
from mentornet.learning.models import Module, ModuleText
from mentornet.web.ui.widgets import DayInput


def _day(**kwargs: Any) -> forms.DateField:
    return forms.DateField(widget=DayInput(), **kwargs)


class MeetingForm(forms.Form):
    """What was gone through, and when."""

    modules = forms.MultipleChoiceField(
        label=_("What you went through"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose what you went through.")},
    )
    on = _day(label=_("On which day"))

    def __init__(self, *args: Any, texts: Iterable[ModuleText], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.texts = {text.module.slug: text for text in texts}
        modules = self.fields["modules"]
        assert isinstance(modules, forms.MultipleChoiceField)
        modules.choices = [(slug, text.title) for slug, text in self.texts.items()]
        self.initial.setdefault("on", today)

    def chosen(self) -> list[Module]:
        """Return what was gone through, in order."""
        return [text.module for slug, text in self.texts.items() if slug in self.cleaned_data["modules"]]


class EveningForm(MeetingForm):
    """Who came, besides. The boxes stand in the rows of the list."""

    who: forms.ModelMultipleChoiceField[Enrolment] = forms.ModelMultipleChoiceField(
        label=_("Who came"),
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Tick those who came."),
            "invalid_choice": _("Somebody on your list has left it meanwhile. Look at it again."),
            "invalid_pk_value": _("Somebody on your list has left it meanwhile. Look at it again."),
        },
    )

    def __init__(self, *args: Any, mentors: QuerySet[Enrolment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        who = self.fields["who"]
        assert isinstance(who, forms.ModelMultipleChoiceField)
        who.queryset = mentors

    def ticked(self) -> Sequence[str]:
        """Return the ids that are ticked, also while something is still wrong."""
        return [str(one) for one in self["who"].value() or ()]


class LetOffForm(forms.Form):
    """Why somebody needs no training."""

    reason = forms.CharField(
        label=_("Why she needs no more training"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        help_text=_("It stays in her case, with your name."),
        error_messages={"required": _("Write why she needs no training; it stays in the case.")},
    )
