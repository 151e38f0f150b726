"""The form of a talk."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from mentornet.followup.enums import MINUTES, Going, TalkWay, WithWhom
from mentornet.partnerships.models import Partnership
from mentornet.web.ui.widgets import DayInput

REACHED, NOT_REACHED = "yes", "no"
_TEXT: Final = 5_000


class TalkForm(forms.Form):
    """With whom somebody has talked, how it goes, and what was seen apart from what she thinks of it."""

    with_whom = forms.ChoiceField(label=_("With whom?"), widget=forms.RadioSelect)
    was_reached = forms.ChoiceField(
        label=_("Did you reach her?"),
        choices=[
            (REACHED, pgettext_lazy("a call", "Yes, we talked")),
            (NOT_REACHED, pgettext_lazy("a call", "No: try again")),
        ],
        widget=forms.RadioSelect,
    )
    going = forms.ChoiceField(
        label=_("How does it go, as she says it?"), choices=Going.choices, widget=forms.RadioSelect, required=False
    )
    seen = forms.CharField(
        label=_("What you saw or heard"),
        max_length=_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Her words, what has happened, what you agreed. Your colleagues read it."),
    )
    thought = forms.CharField(
        label=_("What you think of it"),
        max_length=_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Apart from what you saw. Who opens it is recorded; she is given it when she asks for her data."),
    )
    way = forms.ChoiceField(label=_("How?"), choices=TalkWay.choices, widget=forms.RadioSelect)
    minutes = forms.TypedChoiceField(
        label=_("How long?"), coerce=int, empty_value=None, required=False, widget=forms.RadioSelect
    )
    on = forms.DateField(label=_("On which day?"), widget=DayInput())
    next_call_on = forms.DateField(
        label=_("When do you call again?"),
        required=False,
        widget=DayInput(),
        help_text=_("Empty: as the programme has it."),
    )

    def __init__(self, *args: Any, pair: Partnership, today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update(was_reached=REACHED, way=TalkWay.PHONE, on=today)
        names = {WithWhom.MENTEE: pair.mentee.person.first_name, WithWhom.MENTOR: pair.mentor.person.first_name}
        self._choose(
            "with_whom",
            [(side.value, format_html("<bdi>{}</bdi>", name)) for side, name in names.items()]
            + [(WithWhom.BOTH.value, gettext("Both"))],
        )
        self._choose(
            "minutes",
            [(one, ngettext("%(count)s minute", "%(count)s minutes", one) % {"count": one}) for one in MINUTES],
        )

    def _choose(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def facts(self) -> dict[str, Any]:
        """Return the talk as the service takes it: of somebody who was not reached nothing that was ticked before."""
        facts = dict(self.cleaned_data)
        facts["was_reached"] = facts["was_reached"] == REACHED
        if not facts["was_reached"]:
            facts |= {"going": "", "minutes": None}
        return facts
