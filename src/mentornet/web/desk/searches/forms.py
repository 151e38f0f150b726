"""The forms of a search: what is looked for, by when, and why it is closed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from mentornet.common.spoken import reference_language
from mentornet.divisions.models import Division
from mentornet.divisions.queries import divisions_of
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.matching.shortage import TIMES
from mentornet.people.validators import SLOTS
from mentornet.programmes.models import Programme
from mentornet.programmes.queries import open_programmes_in
from mentornet.sourcing.briefs import Brief
from mentornet.sourcing.enums import ClosedBecause
from mentornet.web.ui.briefs import LABELS, WAYS, words_of
from mentornet.web.ui.listed import languages_by_name, topic_choices
from mentornet.web.ui.widgets import DayInput
from reference import isco, occupations

_NOT_SAID: Final = pgettext_lazy("who is looked for", "not stated")
_WIDEST: Final = 3
"""Groups of so many digits are offered; hers is, however narrow."""
_DANISH: Final = "da"


def _fields(also: Iterable[str]) -> list[tuple[str, str]]:
    language = reference_language()
    codes = {one.code for digits in range(1, _WIDEST + 1) for one in isco.groups(digits)}
    codes |= {code for code in also if isco.exists(code)}
    named = [(code, f"{occupations.title(code, language)} ({code})") for code in sorted(codes)]
    return [("", str(_NOT_SAID)), *named]


class SearchForm(forms.Form):
    """Which mentor is looked for; what would tell of somebody is left out before it is sent."""

    division: forms.ModelChoiceField[Division] = forms.ModelChoiceField(
        label=gettext_lazy("Division"), queryset=None, empty_label=gettext_lazy("Choose")
    )
    programme: forms.ModelChoiceField[Programme] = forms.ModelChoiceField(
        label=gettext_lazy("Programme"), queryset=None, empty_label=gettext_lazy("Choose")
    )
    occupation = forms.ChoiceField(label=LABELS["occupation"], required=False)
    language = forms.ChoiceField(label=LABELS["language"], required=False)
    topics = forms.MultipleChoiceField(
        label=LABELS["topics"], required=False, widget=forms.CheckboxSelectMultiple(attrs={"lang": ""})
    )
    times = forms.MultipleChoiceField(label=LABELS["times"], required=False, widget=forms.CheckboxSelectMultiple)
    meeting = forms.ChoiceField(
        label=LABELS["meeting"], required=False, choices=[("", _NOT_SAID), *WAYS.items()], widget=forms.RadioSelect
    )
    due_on = forms.DateField(
        label=gettext_lazy("Answers by"),
        widget=DayInput(),
        help_text=gettext_lazy("It stands in the letter. Whoever has not answered is reminded once before."),
    )

    def __init__(self, *args: Any, actor: Staff, mentee: Enrolment | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mentee = mentee
        divisions = divisions_of(actor)
        if mentee is not None:
            divisions = divisions.filter(pk=mentee.division_id)
        for name, rows in (("division", divisions), ("programme", open_programmes_in(actor.casework, actor.today))):
            field = cast("forms.ModelChoiceField[Any]", self.fields[name])
            field.queryset = rows if mentee is None or name == "division" else rows.filter(pk=mentee.programme_id)
            only = list(field.queryset[:2])
            if len(only) == 1:
                field.initial, field.empty_label = only[0], None
        given = (self.data.get("occupation", ""), str(self.initial.get("occupation", "")))
        chosen = cast("dict[str, forms.ChoiceField]", self.fields)
        chosen["occupation"].choices = _fields(given)
        known = languages_by_name(reference_language())
        spoken = [(code, name) for code, name in known.items() if code != _DANISH]
        chosen["language"].choices = [("", str(_NOT_SAID)), *spoken]
        chosen["topics"].choices = topic_choices()
        chosen["times"].choices = [(code, words_of("times", code)) for code in SLOTS]

    def clean(self) -> dict[str, Any]:
        """Let a programme be of the division."""
        cleaned = super().clean() or {}
        division, programme = cleaned.get("division"), cleaned.get("programme")
        if division and programme and programme.division_id not in {None, division.pk}:
            raise ValidationError({"programme": _("This programme is another division’s.")})
        return cleaned

    @property
    def brief(self) -> Brief:
        """What is looked for, as somebody has said."""
        told = self.cleaned_data
        return Brief(told["occupation"], told["language"], tuple(told["topics"]), tuple(told["times"]), told["meeting"])


def stated_of(mentee: Enrolment) -> Mapping[str, object]:
    """Return what a search for a woman may begin with: what she aims at, and what she wants help with."""
    profile = mentee.profile
    spoken = [skill.code for skill in mentee.person.languages.all() if skill.code != _DANISH]
    ways = tuple(profile.meeting or ())
    return {
        "division": mentee.division_id,
        "programme": mentee.programme_id,
        "occupation": profile.occupation,
        # A mentor who speaks her language is looked for where she has asked for one.
        "language": next((code for code in spoken if f"language:{code}" in (profile.requires or ())), ""),
        "topics": list(profile.topics or ()),
        "times": list(profile.availability or ()),
        "meeting": ways[0] if len(ways) == 1 else "",
    }


def slots_of(times: Iterable[str]) -> list[str]:
    """Return the slots that an address names: one by one, or all evenings as the shortage map says it."""
    named = set(times)
    return [code for code, slot in SLOTS.items() if code in named or any(slot in TIMES.get(name, ()) for name in named)]


class DayForm(forms.Form):
    """Another day for a search."""

    due_on = forms.DateField(label=gettext_lazy("Answers by"), widget=DayInput())


class CloseForm(forms.Form):
    """Why a search is closed."""

    because = forms.ChoiceField(
        label=gettext_lazy("Why it is closed"),
        choices=[(one.value, one.label) for one in (ClosedBecause.FOUND, ClosedBecause.GIVEN_UP)],
        initial=ClosedBecause.FOUND,
        widget=forms.RadioSelect,
    )
