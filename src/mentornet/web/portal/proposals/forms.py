"""What she fills in about a proposal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from mentornet.common.moments import dated_when_words
from mentornet.matching.enums import DeclineReason, Round, Side
from mentornet.matching.models import MeetingOption
from mentornet.matching.services import LONGEST_NOTE, LONGEST_QUESTION

REASONS: Final[Sequence[tuple[str, str | Promise]]] = (
    (DeclineReason.TIME, gettext_lazy("It is not a good time for me now")),
    (DeclineReason.PLACE, gettext_lazy("It is too far away, or I want to meet in another way")),
    (DeclineReason.FIELD, gettext_lazy("I am looking for another kind of work or help")),
    (DeclineReason.LANGUAGE, gettext_lazy("I would like another language")),
    (DeclineReason.PERSON, gettext_lazy("I know her, or I would like to meet somebody else")),
    (DeclineReason.FOUND, gettext_lazy("I have found help in another place")),
    (DeclineReason.OTHER, pgettext_lazy("a reason", "Something else")),
    (DeclineReason.UNSAID, gettext_lazy("I would rather not say")),
)
"""In her own words; none of them blames anybody, and the last one says that she owes nobody a reason."""


class AnswerForm(forms.Form):
    """Her yes: nothing is typed, but what was asked when she opened the page comes along."""

    asked = forms.ChoiceField(choices=Round.choices, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, asked: Round | None = None) -> None:
        super().__init__(data, initial={"asked": asked})


class NoForm(AnswerForm):
    """Her no: a kind reason, and her own words if she likes."""

    decline_reason = forms.ChoiceField(
        label=gettext_lazy("Why? Choose what fits best."),
        widget=forms.RadioSelect,
        choices=REASONS,
        error_messages={"required": gettext_lazy("Please choose what fits best.")},
    )
    note = forms.CharField(
        label=gettext_lazy("Do you want to tell us more?"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "You do not have to. The coordinators of you both read it, and so does the national lead. The other one "
            "of you does not."
        ),
    )

    def __init__(self, data: Any = None, *, side: Side, asked: Round | None = None) -> None:
        super().__init__(data, asked=asked)
        if side == Side.MENTOR:
            field = self.fields["decline_reason"]
            assert isinstance(field, forms.ChoiceField)
            # A mentor looks for nothing: the same reason in words that fit her.
            field.choices = [
                (code, _("Somebody else can help her better with this") if code == DeclineReason.FIELD else label)
                for code, label in REASONS
                if code != DeclineReason.FOUND
            ]


class AskForm(forms.Form):
    """What she wants to know first."""

    text = forms.CharField(
        label=gettext_lazy("What would you like to know?"),
        max_length=LONGEST_QUESTION,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy(
            "Write in the language you like. The coordinators of you both read it, and so does the national lead. The "
            "other one of you does not."
        ),
        error_messages={"required": gettext_lazy("Please write what you would like to know.")},
    )


class TimesForm(forms.Form):
    """Which times and places suit her, any number of them."""

    times = forms.MultipleChoiceField(
        label=gettext_lazy("Which times suit you?"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("Choose as many as you can. It makes it easier to find one for you both."),
    )
    places = forms.MultipleChoiceField(
        label=gettext_lazy("Which places suit you?"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, data: Any = None, *, options: Sequence[MeetingOption], side: Side, at: datetime) -> None:
        times = [one for one in options if one.starts_at is not None and one.starts_at > at]
        places = [one for one in options if one.place is not None]
        known = [str(one.pk) for one in options if one.suits(side)]
        # A single place needs no choosing; where there are several, all are ticked until she says otherwise.
        ticked = known or [str(one.pk) for one in places]
        super().__init__(data, initial={"times": known, "places": ticked})
        listed, put = self.fields["times"], self.fields["places"]
        assert isinstance(listed, forms.MultipleChoiceField)
        assert isinstance(put, forms.MultipleChoiceField)
        listed.choices = [(str(one.pk), dated_when_words(one.starts_at)) for one in times if one.starts_at]
        put.choices = [(str(one.pk), _place_words(one)) for one in places]
        self.only_place = places[0] if len(places) == 1 else None
        if len(places) < 2:
            del self.fields["places"]

    def chosen(self) -> set[UUID]:
        """Return what suits her; the only place with any time."""
        said = {UUID(key) for name in self.fields for key in self.cleaned_data.get(name, ())}
        only = {self.only_place.pk} if self.only_place is not None and self.cleaned_data.get("times") else set()
        return said | only


def _place_words(option: MeetingOption) -> str:
    assert option.place is not None
    return f"{option.place.words}. {option.place.note}" if option.place.note else option.place.words


class MetForm(forms.Form):
    """Whether they have met."""

    met = forms.ChoiceField(choices=[("yes", pgettext_lazy("answer", "Yes")), ("no", pgettext_lazy("answer", "No"))])
