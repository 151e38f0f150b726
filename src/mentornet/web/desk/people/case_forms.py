"""Forms of the acts on an enrolment, an application and an interview."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mentornet.intake.enums import CHOSEN_ENDS, ApplicationState
from mentornet.people.enums import Role
from mentornet.web.desk.people.forms import PersonForm
from mentornet.web.ui.widgets import DayInput, HourInput

NEXT_WORD_DAYS: Final = 28
REST_DAYS: Final = 90
MOST_PLACES: Final = 20
BY_LETTER, BY_CALL = "letter", "call"
TRAINS_FIRST, LET_OFF = "first", "let_off"


def _day(**kwargs: Any) -> forms.DateField:
    return forms.DateField(widget=DayInput(), **kwargs)


class StaffField(forms.ModelChoiceField):  # type: ignore[type-arg]  # Django's own class takes no arguments
    """A staff member, by name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("empty_label", _("Choose"))
        super().__init__(*args, **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        """Name somebody, not her address."""
        return str(obj.name)


class WordForm(forms.Form):
    """A word to somebody who waits."""

    how = forms.ChoiceField(
        label=_("How she hears it"),
        choices=[(BY_LETTER, _("By a letter, which leaves in a minute")), (BY_CALL, _("I have just called her"))],
        widget=forms.RadioSelect,
        initial=BY_LETTER,
        required=False,
    )
    next_on = _day(label=_("She hears from us again by"), required=False, help_text=_("Empty: four weeks from today."))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("next_on", today + timedelta(days=NEXT_WORD_DAYS))


class RestForm(forms.Form):
    """Until when a mentor rests."""

    until = _day(label=_("She rests until"), help_text=_("On that day she is in the bank again by herself."))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("until", today + timedelta(days=REST_DAYS))


class BriefForm(forms.Form):
    """The day of a mentor's briefing."""

    on = _day(label=_("Briefed on"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("on", today)


class CapacityForm(forms.Form):
    """How many a mentor can be paired with at once."""

    capacity = forms.IntegerField(
        label=_("Mentees at the same time"),
        min_value=0,
        max_value=MOST_PLACES,
        help_text=_("Nobody is proposed to her beyond this number. With 0 she takes nobody new."),
    )


class EndForm(forms.Form):
    """Why somebody leaves."""

    reason = forms.ChoiceField(
        label=_("Why"), choices=[(one.value, one.label) for one in CHOSEN_ENDS], widget=forms.RadioSelect
    )


class HandOverForm(forms.Form):
    """Who takes over."""

    coordinator = StaffField(label=_("Who takes over"), queryset=None)

    def __init__(self, *args: Any, staff: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_staff(self, "coordinator", staff)


def offer_staff(form: forms.Form, name: str, staff: Any) -> None:
    """Let one of these colleagues be chosen in a field; nobody translates their names."""
    field = form.fields[name]
    assert isinstance(field, StaffField)
    field.queryset = staff
    field.widget.attrs["translate"] = "no"


class BookForm(forms.Form):
    """When, where and with whom an interview is."""

    day = _day(label=_("Day"))
    time = forms.TimeField(label=_("Time"), widget=HourInput())
    place = forms.CharField(label=_("Where"), max_length=120, help_text=_("She reads this in her letter."))
    interviewer = StaffField(label=_("With whom"), queryset=None)
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, staff: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        offer_staff(self, "interviewer", staff)

    def clean_day(self) -> date:
        """Refuse a day that is over: she would get an invitation to it."""
        day: date = self.cleaned_data["day"]
        if day < self.today:
            raise forms.ValidationError(_("That day is over. Choose today or a later day."))
        return day

    @property
    def at(self) -> datetime:
        """The moment, in the installation's time zone."""
        return timezone.make_aware(datetime.combine(self.cleaned_data["day"], self.cleaned_data["time"]))


class DecideForm(forms.Form):
    """Yes or no, and why."""

    outcome = forms.ChoiceField(
        label=_("Can she take part?"),
        choices=[
            (ApplicationState.APPROVED.value, _("Yes, she can take part")),
            (ApplicationState.DECLINED.value, _("No, not in this programme")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It is kept with your name. She is told the decision, not this text."),
    )
    coordinator = StaffField(
        label=_("Whose case she is"),
        queryset=None,
        required=False,
        empty_label=_("Nobody’s in particular"),
    )
    capacity = forms.IntegerField(
        label=_("Mentees at the same time"), min_value=0, max_value=MOST_PLACES, initial=1, required=False
    )
    training = forms.ChoiceField(
        label=_("Her training"),
        choices=[
            (TRAINS_FIRST, _("She does what is left of it first")),
            (LET_OFF, _("She needs no more of it: let her off what is left")),
        ],
        widget=forms.RadioSelect,
        initial=TRAINS_FIRST,
        required=False,
        help_text=_("She can be matched when nothing is left of it."),
    )
    lets_off = forms.CharField(
        label=_("Why she needs no more training"),
        max_length=300,
        required=False,
        help_text=_("Only if you let her off. It stays in the case, with your name."),
    )

    def __init__(self, *args: Any, staff: Any, role: str, has_training_left: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_staff(self, "coordinator", staff)
        if role == Role.MENTEE:
            del self.fields["capacity"]
        if role == Role.MENTEE or not has_training_left:
            del self.fields["training"], self.fields["lets_off"]

    def clean(self) -> dict[str, Any]:
        """Ask why, of whoever lets her off."""
        data = super().clean() or {}
        is_yes = data.get("outcome") == ApplicationState.APPROVED
        if is_yes and data.get("training") == LET_OFF and not data.get("lets_off", "").strip():
            self.add_error("lets_off", gettext("Write why she needs no training; it stays in the case."))
        return data

    @property
    def why_let_off(self) -> str:
        """Why she is let off her training; empty when she does it first."""
        return str(self.cleaned_data["lets_off"]) if self.cleaned_data.get("training") == LET_OFF else ""

    @property
    def places(self) -> int:
        """How many she can be paired with at once."""
        capacity = self.cleaned_data.get("capacity")
        return 1 if capacity is None else capacity


class WithdrawForm(forms.Form):
    """Why she withdraws."""

    reason = forms.CharField(label=_("What she said"), max_length=500, required=False)


class ApplicationForm(PersonForm):
    """An application entered by hand."""

    role = forms.ChoiceField(
        label=_("She wants to be"),
        choices=[(Role.MENTEE.value, _("a mentee")), (Role.MENTOR.value, _("a mentor"))],
        widget=forms.RadioSelect,
    )
    programme: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("Programme"), queryset=None, empty_label=_("Choose a programme")
    )
    division: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("Division"), queryset=None, empty_label=_("Choose a division")
    )
    heard_through = forms.CharField(label=_("How she heard of us"), max_length=120, required=False)
    person = forms.CharField(required=False, widget=forms.HiddenInput)
    key = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid4)

    field_order: Sequence[str] = ("role", "programme", "division")

    def __init__(self, *args: Any, programmes: Any, divisions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("programme", programmes), ("division", divisions)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows
            field.widget.attrs["translate"] = "no"
            found = list(rows[:2])
            if len(found) == 1:
                field.initial = found[0]

    @property
    def details(self) -> list[forms.BoundField]:
        """The fields about the person, for the template."""
        return [self[name] for name in self.fields if name in PersonForm.base_fields]


class ApartForm(forms.Form):
    """Whom she must not meet, and why."""

    other = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why"),
        max_length=200,
        required=False,
        help_text=_("Only named staff read this, and each reading is noted."),
    )
