"""The questions, one form each: where, who, and how she is reached. The others stand in :mod:`.more_forms`."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import time
from typing import Any, ClassVar, Final

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentornet.common.spoken import reference_language
from mentornet.intake.applicants import Intake
from mentornet.intake.draft_answers import UNSURE, YES
from mentornet.intake.models import ApplicationDraft
from mentornet.messaging.sms import USUAL_COUNTRY, country_of, texting_of
from mentornet.people.enums import ContactWay
from mentornet.web.public.apply import words
from mentornet.web.ui.contact_ways import ways_offered

_SHORTEST_NUMBER: Final = 8
_LONGEST_NUMBER: Final = 15
_HOURS: Final = range(24)
_FITS: Final = (
    (YES, gettext_lazy("Yes, this is me")),
    (UNSURE, gettext_lazy("I am not sure. Please talk with me about it.")),
)


class StepForm(forms.Form):
    """One page of the form: what it asks, and where its answers are kept."""

    step: ClassVar[str] = ""
    template: ClassVar[str] = "step"

    def __init__(
        self, data: QueryDict | None, *, draft: ApplicationDraft, intakes: Sequence[Intake] = (), **kwargs: Any
    ) -> None:
        self.draft, self.intakes = draft, intakes
        super().__init__(data, initial=self.kept(), **kwargs)

    def kept(self) -> dict[str, Any]:
        """Return what she has answered before."""
        return dict(self.draft.answered(self.step))

    def columns(self) -> Mapping[str, Any]:
        """Return the answers that are kept in columns of the draft."""
        return {}

    def answers(self) -> Mapping[str, Any] | None:
        """Return the other answers; ``None`` when the step has none."""
        return {name: self.cleaned_data[name] for name in self.fields}

    @property
    def is_untouched(self) -> bool:
        """She has sent the page without writing anything new."""
        return not self.has_changed()

    def choices(self, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
        """Set what can be chosen in a field."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)

    def mark_said(self, name: str) -> None:
        """Say in which language a field's choices are: those of the reference lists may not be in the page's."""
        self.fields[name].widget.attrs["lang"] = reference_language()


class PlaceForm(StepForm):
    """Which division."""

    step = "place"
    template = "place"
    division = forms.ChoiceField(
        label=gettext_lazy("Where do you want to meet us?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose a place. Choose the one that is nearest to you.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.divisions = {str(one.division.pk): one.division for one in self.intakes}
        self.choices("division", [(key, division.name) for key, division in self.divisions.items()])

    def kept(self) -> dict[str, Any]:
        """Return the division she has chosen."""
        return {"division": str(self.draft.division_id or "")}

    @property
    def places(self) -> list[dict[str, Any]]:
        """Return the choices with what she should know of each: where it is, and whether it takes people in."""
        shown = []
        for choice in self["division"]:
            key = str(choice.data["value"])
            own = [one for one in self.intakes if str(one.division.pk) == key]
            shown.append(
                {
                    "choice": choice,
                    "division": self.divisions[key],
                    "is_closed": not any(one.is_open for one in own),
                }
            )
        return shown

    def columns(self) -> Mapping[str, Any]:
        """Return the division; a programme that does not run there is chosen anew."""
        division = self.divisions[self.cleaned_data["division"]]
        chosen: dict[str, Any] = {"division": division}
        own = {one.programme.pk for one in self.intakes if one.division == division and one.programme is not None}
        if self.draft.programme_id is not None and self.draft.programme_id not in own:
            chosen["programme"] = None
        return chosen

    def answers(self) -> None:
        """Return nothing: the division is a column."""


class ProgrammeForm(StepForm):
    """Which programme, and whether its conditions fit her."""

    step = "programme"
    template = "programme"
    programme = forms.ChoiceField(
        label=gettext_lazy("Which programme?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose a programme. If you do not know, choose the first one.")},
    )
    eligible = forms.ChoiceField(
        label=gettext_lazy("Is this you?"),
        widget=forms.RadioSelect,
        choices=_FITS,
        error_messages={"required": gettext_lazy("Choose yes, or that you are not sure.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = [one for one in self.intakes if one.division.pk == self.draft.division_id and one.programme is not None]
        self.own = {str(one.programme.pk): one for one in own if one.programme is not None}
        self.choices("programme", [(key, one.programme) for key, one in self.own.items()])
        if len(self.own) == 1:
            self.initial["programme"] = next(iter(self.own))
        self.written: frozenset[str] = frozenset(self.own)

    def say_for_whom(self, written: Collection[str]) -> None:
        """Tell of which programmes it is written who they are for: of the others nobody can say that it is herself."""
        self.written = frozenset(written)
        if not self.written:
            self.choices("eligible", [one for one in _FITS if one[0] != YES])

    def clean(self) -> dict[str, Any]:
        """Refuse a yes to what nobody has written."""
        data = super().clean() or self.cleaned_data
        chosen = data.get("programme")
        if chosen and data.get("eligible") == YES and chosen not in self.written:
            self.add_error("eligible", _("Choose that you are not sure. Then we talk about it."))
        return data

    def kept(self) -> dict[str, Any]:
        """Return the programme she has chosen, and what she said of its conditions."""
        return super().kept() | {"programme": str(self.draft.programme_id or "")}

    def columns(self) -> Mapping[str, Any]:
        """Return the programme."""
        return {"programme": self.own[self.cleaned_data["programme"]].programme}

    def answers(self) -> Mapping[str, Any]:
        """Return what she says of its conditions."""
        return {"eligible": self.cleaned_data["eligible"]}


class NameForm(StepForm):
    """Her name."""

    step = "name"
    first_name = forms.CharField(
        label=gettext_lazy("First name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages={"required": gettext_lazy("Write your first name.")},
    )
    last_name = forms.CharField(
        label=gettext_lazy("Last name"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )

    def kept(self) -> dict[str, Any]:
        """Return her name."""
        return {name: getattr(self.draft, name) for name in ("first_name", "last_name")}

    def columns(self) -> Mapping[str, Any]:
        """Return her name, without spaces that came along."""
        return {name: " ".join(self.cleaned_data[name].split()) for name in ("first_name", "last_name")}

    def answers(self) -> None:
        """Return nothing: the name is kept in columns."""


def plain_number(text: str) -> str:
    """Return a telephone number with Latin digits, spaced as she wrote it."""
    digits = "".join(str(int(sign)) if sign.isdecimal() else sign for sign in text)
    return " ".join(re.sub(r"[^\d+ ]", " ", digits).split())


def _is_texted(number: str) -> bool:
    """Tell whether text messages go to a number's country: codes are sent before anybody knows who asks for them."""
    texting = texting_of(settings.SMS_URL, settings.SMS_FOLDER)
    country = country_of(number, texting.country if texting is not None else USUAL_COUNTRY)
    return not country or country in settings.FORM_COUNTRIES


class ContactForm(StepForm):
    """How she can be reached without harm."""

    step = "contact"
    template = "contact"
    contact_way = forms.ChoiceField(
        label=gettext_lazy("How may we contact you?"),
        choices=words.WAYS,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose how we may contact you.")},
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
        error_messages={"invalid": gettext_lazy("Write the whole e-mail address, such as name@example.org.")},
    )
    phone = forms.CharField(
        label=gettext_lazy("Telephone number"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel", "dir": "ltr"}),
    )
    contact_from = forms.TypedChoiceField(label=gettext_lazy("From"), required=False, coerce=int, empty_value=None)
    contact_until = forms.TypedChoiceField(label=gettext_lazy("Until"), required=False, coerce=int, empty_value=None)
    hides_network = forms.BooleanField(
        label=gettext_lazy("Do not say who you are if somebody else answers, and do not write it"),
        required=False,
    )
    safe_contact = forms.CharField(
        label=gettext_lazy("Is there more we must know to reach you safely?"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("For example: my children read my messages. Ask for me by my first name."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices("contact_way", ways_offered(words.WAYS))
        hours = [("", gettext_lazy("any time")), *((hour, time_format(time(hour), "H:i")) for hour in _HOURS)]
        self.choices("contact_from", hours)
        self.choices("contact_until", hours)

    def kept(self) -> dict[str, Any]:
        """Return how she is reached."""
        found = {name: getattr(self.draft, name) for name in ApplicationDraft.COLUMNS}
        for name in ("contact_from", "contact_until"):
            found[name] = found[name].hour if found[name] is not None else ""
        return found

    def clean_phone(self) -> str:
        """Take a number as it is written, in whichever digits."""
        number = plain_number(self.cleaned_data["phone"])
        digits = sum(sign.isdigit() for sign in number)
        if number and not _SHORTEST_NUMBER <= digits <= _LONGEST_NUMBER:
            raise forms.ValidationError(_("Write the whole telephone number, such as 12 34 56 78."))
        return number

    def clean(self) -> dict[str, Any]:
        """Ask for the address or the number that her way needs, and for both hours or none."""
        data = super().clean() or self.cleaned_data
        way = data.get("contact_way")
        if way == ContactWay.EMAIL and not data.get("email") and "email" not in self.errors:
            self.add_error("email", _("Write your e-mail address, or choose another way above."))
        if way in {ContactWay.TEXT, ContactWay.CALL} and not data.get("phone") and "phone" not in self.errors:
            self.add_error("phone", _("Write your telephone number, or choose another way above."))
        if way == ContactWay.TEXT and data.get("phone") and not _is_texted(data["phone"]):
            self.add_error(
                "phone", _("We cannot send text messages to this country. Choose e-mail, or ask us to call you.")
            )
        begin, end = data.get("contact_from"), data.get("contact_until")
        if (begin is None) != (end is None):
            missing = "contact_from" if begin is None else "contact_until"
            self.add_error(missing, _("Choose both hours, or “any time” for both."))
        elif begin is not None and begin == end:
            self.add_error("contact_until", _("Choose a later hour, or “any time” for both."))
        return data

    def columns(self) -> Mapping[str, Any]:
        """Return how she is reached."""
        names = ("contact_way", "email", "phone", "hides_network", "safe_contact")
        found: dict[str, Any] = {name: self.cleaned_data[name] for name in names}
        for name in ("contact_from", "contact_until"):
            hour = self.cleaned_data[name]
            found[name] = None if hour is None else time(hour)
        return found

    def answers(self) -> None:
        """Return nothing: how she is reached is kept in columns."""


class CodeForm(forms.Form):
    """The code that has just been sent to her."""

    code = forms.CharField(
        label=gettext_lazy("The code"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "dir": "ltr"}),
        error_messages={"required": gettext_lazy("Write the 6 digits from our message.")},
    )
