"""What the two fill in. Everything has a suggestion, so that most of it is one tap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from mentornet.partnerships.enums import CameOfIt, Door, MeetingWay, Sector, SharedContact
from mentornet.partnerships.models import Account, Introduction
from mentornet.partnerships.validators import CHOICES, WRITTEN
from mentornet.web.ui.listed import said, topic_choices, upper_first
from mentornet.web.ui.widgets import DayInput, HourInput

OTHER_DAY: Final = "other"
MINUTES: Final[Sequence[tuple[int, str | Promise]]] = (
    (30, _("30 minutes")),
    (45, _("45 minutes")),
    (60, _("1 hour")),
    (90, _("1½ hours")),
    (120, _("2 hours")),
)


def _area(rows: int = 3, **attributes: Any) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "dir": "auto", **attributes})


class MeetingForm(forms.Form):
    """They have met: when, for how long, how, and what about. Sent as it stands, it is the usual meeting."""

    when = forms.ChoiceField(label=_("When did you meet?"), widget=forms.RadioSelect)
    day = forms.DateField(label=_("Which day?"), widget=DayInput(), required=False)
    minutes = forms.TypedChoiceField(
        label=_("For how long?"),
        widget=forms.RadioSelect,
        coerce=int,
        choices=MINUTES,
        required=False,
        empty_value=None,
    )
    way = forms.ChoiceField(label=_("How?"), widget=forms.RadioSelect, choices=MeetingWay.choices, required=False)
    topics = forms.MultipleChoiceField(
        label=_("What did you talk about?"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("You do not have to choose anything."),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        days: Sequence[tuple[date, str]],
        usual: tuple[int, str],
        suggests: bool = True,
    ) -> None:
        minutes, way = usual
        self.days = {day for day, _words in days}
        # Where none is likely any more, a day has to be chosen: sent as it stands, the form would invent a meeting.
        first = days[0][0].isoformat() if days and suggests else OTHER_DAY
        super().__init__(data, initial={"when": first, "minutes": minutes, "way": way})
        listed, about, length = self.fields["when"], self.fields["topics"], self.fields["minutes"]
        assert isinstance(listed, forms.ChoiceField)
        assert isinstance(about, forms.MultipleChoiceField)
        assert isinstance(length, forms.TypedChoiceField)
        listed.choices = [*((day.isoformat(), words) for day, words in days), (OTHER_DAY, _("Another day"))]
        about.choices = [(code, said(topic)) for code, topic in topic_choices()]
        length.choices = _with_own(minutes)

    def for_account(self, account: Account) -> MeetingForm:
        """Begin from what she has told before."""
        self.initial = {
            "when": OTHER_DAY,
            "day": account.meeting.on,
            "minutes": account.minutes,
            "way": account.way,
            "topics": list(account.topics or ()),
        }
        if account.meeting.on in self.days:
            self.initial["when"] = account.meeting.on.isoformat()
        return self

    def clean(self) -> dict[str, Any]:
        """Take the day from the choice, or from the calendar beside "another day".

        Raises:
            ValidationError: another day, and none was given.
        """
        data = super().clean() or {}
        when = data.get("when")
        if when and when != OTHER_DAY:
            data["day"] = date.fromisoformat(when)
        elif when and not data.get("day") and "day" not in self.errors:
            self.add_error("day", ValidationError(_("Choose the day on which you met.")))
        return data

    @property
    def facts(self) -> dict[str, Any]:
        """What the service is told."""
        data = self.cleaned_data
        return {"on": data["day"], "minutes": data["minutes"], "way": data["way"], "topics": data["topics"]}


def _with_own(minutes: int | None) -> list[tuple[int, str | Promise]]:
    """Return the lengths to choose from, with the pair's usual one even when it is none of the list's."""
    known = list(MINUTES)
    if minutes and minutes not in {one for one, _words in known}:
        words = ngettext_lazy("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
        known = sorted([*known, (minutes, words)], key=lambda one: one[0])
    return known


class PlanForm(forms.Form):
    """When and where they meet next."""

    on = forms.DateField(label=_("Which day?"), widget=DayInput())
    at = forms.TimeField(label=_("At what time?"), widget=HourInput(), initial=time(17))
    minutes = forms.TypedChoiceField(label=_("For how long?"), coerce=int, choices=MINUTES, initial=60)
    place = forms.CharField(
        label=_("Where?"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=_("For example the library. You both see it."),
    )

    @property
    def moment(self) -> datetime:
        """The day and the hour together."""
        data = self.cleaned_data
        return timezone.make_aware(datetime.combine(data["on"], data["at"]))


class TermsForm(forms.Form):
    """What they agree on. The words to choose from are the agreement's own, in the reader's language."""

    goals = forms.CharField(
        label=_("What does the mentee want to reach?"),
        max_length=WRITTEN["goals"],
        widget=_area(4),
        help_text=_("One to three goals, in her own words. Each on a line."),
        error_messages={"required": _("Write one goal at least. You can change it later.")},
    )
    frequency = forms.ChoiceField(label=_("How often do you meet?"), widget=forms.RadioSelect)
    minutes = forms.ChoiceField(label=_("For how long each time?"), widget=forms.RadioSelect)
    months = forms.ChoiceField(label=_("For how long in all?"), widget=forms.RadioSelect)
    ways = forms.MultipleChoiceField(
        label=_("How do you meet?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose one way at least.")},
    )
    place = forms.CharField(
        label=_("Where do you usually meet?"),
        max_length=WRITTEN["place"],
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    who_calls = forms.ChoiceField(label=_("Who writes first?"), widget=forms.RadioSelect)
    extra = forms.CharField(
        label=_("Is there anything else you have agreed on?"),
        max_length=WRITTEN["extra"],
        required=False,
        widget=_area(3),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(
        self,
        data: Any = None,
        *,
        wording: Mapping[str, Any],
        language: str,
        initial: Mapping[str, Any],
        seen: int = 0,
    ) -> None:
        super().__init__(data, initial={**initial, "seen": seen})
        for name, codes in CHOICES.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField | forms.MultipleChoiceField)
            field.choices = [(code, said(upper_first(str(wording[name][code])), language)) for code in codes]

    @property
    def terms(self) -> dict[str, Any]:
        """What the service is told: everything but the version that she began from."""
        return {
            name: value.replace("\r\n", "\n").strip() if isinstance(value, str) else value
            for name, value in self.cleaned_data.items()
            if name != "seen"
        }


class SignForm(forms.Form):
    """Her name under the text."""

    name = forms.CharField(
        label=_("Write your name to sign"),
        max_length=150,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "name"}),
        error_messages={"required": _("Write your name to sign.")},
    )
    version = forms.UUIDField(widget=forms.HiddenInput)


class GoalForm(forms.Form):
    """A goal in words."""

    words = forms.CharField(
        label=_("A new goal"),
        max_length=300,
        widget=_area(2),
        help_text=_("For example: I want a CV in Danish."),
        error_messages={"required": _("Write what you want to reach.")},
    )


class GoalWordsForm(forms.Form):
    """A goal in other words, or none: then it goes."""

    words = forms.CharField(label=_("The goal in other words"), max_length=300, required=False, widget=_area(2))


class StepForm(forms.Form):
    """A small step."""

    words = forms.CharField(
        label=_("The next small step"),
        max_length=200,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        error_messages={"required": _("Write a small step.")},
    )


class IntroductionForm(forms.Form):
    """A door that was opened; of other people nothing is asked."""

    door = forms.ChoiceField(label=_("Which door was opened?"), widget=forms.RadioSelect, choices=Door.choices)
    sector = forms.ChoiceField(
        label=_("In which field of work?"),
        choices=[("", pgettext_lazy("a field of work", "Choose")), *Sector.choices],
        error_messages={"required": _("Choose the field that fits best.")},
    )
    came_of_it = forms.ChoiceField(label=_("What came of it?"), choices=CameOfIt.choices, initial=CameOfIt.NOTHING_YET)
    on = forms.DateField(label=_("When?"), widget=DayInput())
    words = forms.CharField(
        label=_("In your words"),
        max_length=500,
        required=False,
        widget=_area(3),
        help_text=_("Please write no names of other people. “An accountant in Odense” is enough."),
    )

    @classmethod
    def of(cls, introduction: Introduction, data: Any = None) -> IntroductionForm:
        """Begin from what stands there."""
        names = ("door", "sector", "came_of_it", "on", "words")
        return cls(data, initial={name: getattr(introduction, name) for name in names})


class OwnNoteForm(forms.Form):
    """A note of one's own."""

    text = forms.CharField(
        label=_("A note"),
        max_length=5_000,
        widget=_area(5),
        error_messages={"required": _("Write something first.")},
    )


class OwnNoteAgainForm(forms.Form):
    """The same note anew; empty, it goes."""

    text = forms.CharField(label=_("Your note"), max_length=5_000, required=False, widget=_area(6))


class ShareForm(forms.Form):
    """What of her contact details the other sees."""

    what = forms.ChoiceField(label=_("What may she see?"), widget=forms.RadioSelect, required=False)

    def __init__(self, data: Any = None, *, chosen: str, has_phone: bool, has_email: bool) -> None:
        super().__init__(data, initial={"what": chosen})
        has = {
            SharedContact.PHONE: has_phone,
            SharedContact.EMAIL: has_email,
            SharedContact.BOTH: has_phone and has_email,
        }
        field = self.fields["what"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            *((one.value, upper_first(str(one.label))) for one in SharedContact if has[one]),
            ("", pgettext_lazy("what a partner sees", "Nothing. We find another way.")),
        ]


class PauseForm(forms.Form):
    """Until when they pause."""

    until = forms.DateField(
        label=_("When do you want to go on?"),
        widget=DayInput(),
        help_text=_("You can go on earlier, or change the day."),
        error_messages={"required": _("Choose the day from which you want to go on. You can change it later.")},
    )


class EndForm(forms.Form):
    """A wish to end, with or without words."""

    words = forms.CharField(
        label=_("Is there something you want to say first?"),
        max_length=2_000,
        required=False,
        widget=_area(4),
        help_text=_(
            "The coordinators of you both read it, and so does the national lead. The other one of you does not. You "
            "do not have to write anything."
        ),
    )


class WhyForm(forms.Form):
    """Why it ends, as she sees it, and whether she wants to keep in touch."""

    reason = forms.ChoiceField(
        label=_("Why does it end?"),
        choices=[
            ("goal", _("I have reached what I wanted")),
            ("agreed", _("We had agreed to end now")),
            ("moved", _("One of us has moved")),
            ("time", _("There was not enough time")),
            ("no_contact", _("We lost contact")),
            ("mismatch", _("We did not fit together")),
            ("other", _("Something else")),
            ("unknown", _("I do not want to say")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one. You can also say that you do not want to say.")},
    )
    words = forms.CharField(label=_("Do you want to say more?"), max_length=2_000, required=False, widget=_area(4))
    contact = forms.ChoiceField(
        label=_("Do you want to keep in touch with each other?"),
        choices=[("yes", _("Yes")), ("no", _("No")), ("unknown", _("I do not know"))],
        widget=forms.RadioSelect,
        required=False,
    )


class LongerForm(forms.Form):
    """For how long the two go on."""

    months = forms.ChoiceField(
        label=_("For how long?"),
        choices=[
            ("3", _("Three months more")),
            ("6", _("Six months more")),
            ("9", _("Nine months more")),
            ("12", _("A year more")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of these.")},
    )


def suggested_days(
    today: date, began: date | None, *, planned: date | None, weekday: int | None, told: frozenset[date]
) -> list[date]:
    """Return the days on which they may have met, the likeliest first: none that stands there already.

    Args:
        today: the reader's day.
        began: when they were matched.
        planned: the day they had planned last.
        weekday: on which they met last.
        told: days she has told of.
    """
    days = [planned] if planned is not None and planned <= today else []
    days.append(today)
    if weekday is not None:
        days.append(today - timedelta(days=(today.weekday() - weekday) % 7))
    days.append(today - timedelta(days=1))
    fitting = [day for day in days if day not in told and (began is None or day >= began)]
    return list(dict.fromkeys(fitting))[:3]


def terms_suggested(
    *, months: float | None, meeting: Sequence[str] | None, hours: float | None, goals: str
) -> dict[str, Any]:
    """Return the agreement as it usually is, with what the mentee has said of herself in it."""
    wanted = int(months) if months else 6
    nearest = min(CHOICES["months"], key=lambda one: abs(int(one) - wanted))
    return {
        "goals": goals,
        "frequency": "week" if hours and hours >= 4 else "fortnight",
        "minutes": "60",
        "months": nearest,
        "ways": [way for way in CHOICES["ways"] if way in (meeting or ())] or ["in_person"],
        "place": "",
        "who_calls": "both",
        "extra": "",
    }
