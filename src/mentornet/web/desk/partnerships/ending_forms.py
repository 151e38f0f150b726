"""Forms of an ending, one for each step, and of what comes instead of it or after it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mentornet.followup.after_states import AfterState, Doing
from mentornet.partnerships.enums import ClosingReason
from mentornet.partnerships.models.closures import MOST_HOURS
from mentornet.partnerships.outcomes import ExitTalk, LaterContact, MenteeNext, MentorNext, Said, Scenario, Work
from mentornet.people.enums import Role
from mentornet.web.ui.widgets import DayInput

NOT_SAID: Final = ("", pgettext_lazy("an answer", "not said"))


def _day(**kwargs: Any) -> forms.DateField:
    return forms.DateField(widget=DayInput(), **kwargs)


def _words(rows: int = 4, **kwargs: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "dir": "auto"})
    return forms.CharField(required=False, widget=widget, **kwargs)


def _radio(choices: Iterable[tuple[str, Any]], **kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(choices=list(choices), widget=forms.RadioSelect, **kwargs)


def _said(label: Any) -> forms.ChoiceField:
    return _radio([*Said.choices], label=label, required=False)


class ScenarioForm(forms.Form):
    """How it comes to the ending."""

    scenario = _radio(Scenario.choices, label=_("What leads to the ending?"))
    who = _radio(
        [*Role.choices, ("", _("neither of them, or it is not known"))],
        label=_("Who wants to end? Where somebody may not be safe: whom is it about?"),
        required=False,
        help_text=_("Of an ending as agreed, or when something came in between, it is not asked."),
    )


class TalkForm(forms.Form):
    """The last talk with one of the two."""

    talk = _radio(ExitTalk.choices, label=_("Have you talked with her?"))
    on = _day(label=_("Talked on"), required=False, help_text=_("Empty: today."))
    reason = forms.ChoiceField(label=_("Why does it end, as she says?"), required=False)
    said = _words(
        label=_("What she said"),
        max_length=5_000,
        help_text=_("As you have heard it, not what you think of it. She may read this one day."),
    )
    remark = _words(
        3,
        label=_("For coordinators only"),
        max_length=5_000,
        help_text=_("What the next one who matches her must know. Each reading is recorded. She gets it in her copy."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["reason"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [NOT_SAID, *ClosingReason.choices]


class OutcomeForm(forms.Form):
    """What has come of it for the mentee."""

    work = _radio(Work.choices, label=_("What does the mentee do now?"))
    hours = forms.IntegerField(
        label=_("Hours a week, if it is paid"), min_value=1, max_value=MOST_HOURS, required=False
    )
    own_level = _said(_("Is it at the level of what she has learned?"))
    danish_step = _said(_("Has she come a step further in Danish?"))
    network = _said(_("Does she know more people in her field?"))
    words = _words(3, label=_("What has come of it, in her own words"), max_length=2_000)


class ContactForm(forms.Form):
    """What the two may do later."""

    mentee = _said(_("Does the mentee want to keep in touch?"))
    mentor = _said(_("Does the mentor want to keep in touch?"))
    rule = _radio(
        LaterContact.choices,
        label=_("What may the two do?"),
        help_text=_("Each reads this on her own page, in her language, and not what the other said."),
    )
    keeps_apart = forms.BooleanField(
        label=_("Note that the two must not meet"),
        required=False,
        help_text=_("They are never proposed to each other again. Only with “no contact”."),
    )

    def __init__(self, *args: Any, is_safety: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_safety:
            field = self.fields["rule"]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [(LaterContact.NONE.value, LaterContact.NONE.label)]


class NextForm(forms.Form):
    """What comes next for each of the two."""

    mentee = _radio(MenteeNext.choices, label=_("The mentee"))
    blame = _radio(
        [
            ("", _("as the rule says")),
            (Said.YES.value, _("it ended without blame")),
            (Said.NO.value, _("it did not end without blame")),
        ],
        label=_("Do you see it differently?"),
        required=False,
    )
    blame_words = forms.CharField(
        label=_("Why you see it differently"),
        max_length=500,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    mentor = _radio(MentorNext.choices, label=_("The mentor"))
    mentor_rests_until = _day(label=_("She rests until"), required=False)


class ThanksForm(forms.Form):
    """Who is thanked, and who may be asked later."""

    def __init__(self, *args: Any, names: Mapping[str, str], unthanked: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for side, name in names.items():
            if side not in unthanked:
                self.fields[f"thanks_{side}"] = forms.BooleanField(
                    label=_("A letter of thanks to %(name)s") % {"name": name}, required=False
                )
            self.fields[f"ask_{side}"] = forms.BooleanField(
                label=_("%(name)s may be asked some months later how it goes") % {"name": name}, required=False
            )


class SummaryForm(forms.Form):
    """The day, the reason that is counted, and a word for whoever comes next."""

    on = _day(label=_("It ended on"))
    reason = _radio(ClosingReason.choices, label=_("The reason that is counted"))
    note = _words(
        3,
        label=_("What you would tell the next coordinator"),
        max_length=2_000,
        help_text=_("What you have seen or heard. Both may read this one day."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("on", today)


class ReopenForm(forms.Form):
    """Why an ending was a mistake."""

    words = forms.CharField(
        label=_("Why was it a mistake?"), max_length=500, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"})
    )


class ExtendForm(forms.Form):
    """Until when they go on."""

    until = _day(label=_("They go on until"), help_text=_("Both have said so, on the telephone or when you met."))

    def __init__(self, *args: Any, today: date, until: date | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("until", max(until or today, today) + timedelta(days=91))


class AfterForm(forms.Form):
    """What came of a call to somebody who has not answered."""

    outcome = _radio(
        [
            ("answered", _("She has answered")),
            (AfterState.UNREACHABLE.value, _("She could not be reached")),
            (AfterState.UNWANTED.value, _("She does not want to be asked")),
        ],
        label=_("What came of the call?"),
    )
    doing = _radio([*Doing.choices], label=_("What does she do now?"), required=False)
    hours = forms.IntegerField(label=_("Hours a week"), min_value=1, max_value=MOST_HOURS, required=False)
    own_level = _said(_("Is it at the level of what she has learned?"))
    danish_better = _said(_("Is her Danish better than when it ended?"))
    again = _said(_("Would she like another mentee?"))
    may_ask_again = _radio(
        [("yes", pgettext_lazy("an answer", "yes")), ("no", pgettext_lazy("an answer", "no"))],
        label=_("May we ask again?"),
        required=False,
    )

    def __init__(self, *args: Any, side: Role | str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        left_out = ("again",) if side == Role.MENTEE else ("doing", "hours", "own_level", "danish_better")
        for name in left_out:
            del self.fields[name]

    @property
    def facts(self) -> dict[str, Any]:
        """Return what she has answered."""
        data = self.cleaned_data
        facts: dict[str, Any] = {
            name: data[name] for name in ("doing", "hours", "own_level", "danish_better", "again") if name in data
        }
        if data["may_ask_again"]:
            facts["may_ask_again"] = data["may_ask_again"] == "yes"
        return facts
