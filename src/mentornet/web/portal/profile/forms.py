"""Forms in which a participant says when she has time, how she is reached, and what she asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.dates import WEEKDAYS
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mentornet.accounts.models import User
from mentornet.people.enums import ContactWay
from mentornet.people.models import Person, Profile
from mentornet.people.queries import mark_of_person
from mentornet.people.validators import SLOTS
from mentornet.web.portal.facts import WAYS, label
from mentornet.web.portal.profile.parts import DETAILS, Part
from mentornet.web.ui.contact_ways import sends_texts, ways_offered
from mentornet.web.ui.listed import PARTS
from mentornet.web.ui.own_names import own_name
from mentornet.web.ui.widgets import HourInput
from reference.slots import Day
from reference.slots import Part as DayPart

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

_WAYS: Final[Sequence[tuple[str, str | Promise]]] = (
    (ContactWay.EMAIL.value, _("By e-mail")),
    (ContactWay.TEXT.value, _("By text message")),
    (ContactWay.CALL.value, _("Only call me. Do not write anything.")),
)


class _NamedField(forms.ModelChoiceField):  # type: ignore[type-arg]  # its generic parameter exists in the stubs alone
    """Somebody who works here, by her name."""

    def label_from_instance(self, obj: User) -> str:
        """Show her name."""
        return obj.name


def seen_stamp(text: str) -> int:
    """Read what a form says that its reader had seen; what is no number was seen by nobody."""
    return int(text) if text.isdecimal() else -1


@dataclass(frozen=True, slots=True)
class Box:
    """One box of the week."""

    code: str
    name: str
    part: str
    is_chosen: bool


class TimesForm(forms.Form):
    """When she has time, how she wants to meet, how much."""

    availability = forms.MultipleChoiceField(choices=[(code, code) for code in SLOTS], required=False)
    meeting = forms.MultipleChoiceField(choices=list(WAYS.items()), required=False, widget=forms.CheckboxSelectMultiple)
    hours_per_month = forms.FloatField(
        min_value=0.25,
        max_value=200,
        required=False,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
        help_text=_("Most pairs meet two to four hours a month."),
    )
    months = forms.FloatField(
        min_value=0.25,
        max_value=120,
        required=False,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
        help_text=_("Most pairs meet for six to twelve months."),
    )
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, profile: Profile, **kwargs: Any) -> None:
        self.profile = profile
        initial = {
            "availability": list(profile.availability or ()),
            "meeting": list(profile.meeting or ()),
            "hours_per_month": _plain(profile.hours_per_month),
            "months": _plain(profile.months),
            "seen": str(profile.stamp),
        }
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        for name in ("availability", "meeting", "hours_per_month", "months"):
            self.fields[name].label = label(name, profile.role)

    @property
    def week(self) -> list[tuple[str, list[Box]]]:
        """The days down, the parts of the day across: three boxes side by side are wide enough for a thumb."""
        chosen = set(self["availability"].value() or ())
        rows = []
        for day in Day:
            boxes = []
            for part in DayPart:
                code = f"{day.name}-{part.name}".lower()
                name = gettext("%(day)s, %(part)s") % {"day": WEEKDAYS[day], "part": PARTS[part]}
                boxes.append(Box(code, name, str(PARTS[part]), code in chosen))
            rows.append((str(WEEKDAYS[day]).capitalize(), boxes))
        return rows

    @property
    def facts(self) -> dict[str, Any]:
        """Return what was entered, as columns of a profile."""
        data = self.cleaned_data
        return {
            "availability": _kept_order(self.profile.availability, data["availability"]),
            "meeting": _kept_order(self.profile.meeting, data["meeting"]),
            "hours_per_month": data["hours_per_month"],
            "months": data["months"],
        }


def _line(name: str, length: int, rows: int = 0, **more: Any) -> forms.Field:
    widget = forms.Textarea(attrs={"rows": rows, "dir": "auto"}) if rows else forms.TextInput(attrs={"dir": "auto"})
    return forms.CharField(label=DETAILS[name], max_length=length, widget=widget, **{"required": False} | more)


def _hour(words: _StrOrPromise) -> forms.Field:
    widget = HourInput()
    return forms.TimeField(label=words, required=False, widget=widget)


def letter_languages() -> list[tuple[str, str]]:
    """Return the languages of letters, each named in itself."""
    return [(code, own_name(code)) for code, _name in settings.LANGUAGES]


_FIELDS: Final[Mapping[str, Callable[[], forms.Field]]] = {
    "first_name": lambda: _line("first_name", 80, required=True),
    "last_name": lambda: _line("last_name", 80),
    "area": lambda: _line("area", 80),
    "postcode": lambda: _line("postcode", 10),
    "contact_way": lambda: forms.ChoiceField(
        label=DETAILS["contact_way"], choices=_WAYS, required=False, widget=forms.RadioSelect
    ),
    "email": lambda: forms.EmailField(
        label=DETAILS["email"], required=False, widget=forms.EmailInput(attrs={"dir": "ltr", "autocomplete": "email"})
    ),
    "phone": lambda: forms.CharField(
        label=DETAILS["phone"],
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "dir": "ltr", "autocomplete": "tel"}),
    ),
    "safe_contact": lambda: _line("safe_contact", 200, 3, help_text=_("For example: never call in the evening.")),
    "contact_from": lambda: _hour(_("Not before")),
    "contact_until": lambda: _hour(_("Not after")),
    "hides_network": lambda: forms.BooleanField(
        label=_("Never write the name of the network in letters and messages to me"), required=False
    ),
    "language": lambda: forms.ChoiceField(
        label=DETAILS["language"],
        choices=letter_languages(),
        widget=forms.RadioSelect(attrs={"translate": "no"}),
    ),
}
"""The field in which each detail is corrected."""


class DetailsForm(forms.Form):
    """One part of her name, her place, or how she is reached."""

    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, person: Person, part: Part, **kwargs: Any) -> None:
        self.part = part
        initial = {name: getattr(person, name) for name in part.names}
        kwargs["initial"] = {"seen": mark_of_person(person, sorted(part.names)), **initial}
        super().__init__(*args, **kwargs)
        for name in part.names:
            self.fields[name] = _FIELDS[name]()
        way = self.fields.get("contact_way")
        if isinstance(way, forms.ChoiceField):
            way.choices = ways_offered(_WAYS, kept=person.contact_way)
            if person.contact_way == ContactWay.TEXT and not sends_texts():
                way.help_text = _("We cannot send text messages from here now. Please choose another way.")

    def clean(self) -> dict[str, Any]:
        """Refuse a way that cannot reach her, and one hour without the other."""
        data = super().clean() or {}
        way = data.get("contact_way")
        if way == ContactWay.EMAIL and not data.get("email") and "email" not in self.errors:
            self.add_error("email", gettext("Write your e-mail address, so that we can write to you."))
        if way in {ContactWay.TEXT, ContactWay.CALL} and not data.get("phone"):
            self.add_error("phone", gettext("Write your telephone number, so that we can reach you."))
        if "contact_from" in self.fields and bool(data.get("contact_from")) != bool(data.get("contact_until")):
            missing = "contact_until" if data.get("contact_from") else "contact_from"
            if missing not in self.errors:
                self.add_error(missing, gettext("Write both hours, or none."))
        return data

    @property
    def facts(self) -> dict[str, Any]:
        """Return what was entered, as columns of a person."""
        return {name: self.cleaned_data[name] for name in self.part.names}


class AskForm(forms.Form):
    """What she writes to her coordinator."""

    words = forms.CharField(
        label=_("What do you want to tell us?"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        help_text=_("Write in the language that is easiest for you."),
    )

    def __init__(self, *args: Any, needs_words: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].required = needs_words


def _kept_order(before: tuple[str, ...] | None, words: Sequence[str]) -> tuple[str, ...] | None:
    """Return what was entered; nothing entered where nothing was known stays unknown."""
    if before is not None and set(before) == set(words):
        return before
    return tuple(words) or (None if before is None else ())


def _plain(number: float | None) -> float | int | None:
    return int(number) if number is not None and number == int(number) else number


class ReadersForm(forms.Form):
    """Who of those who work here must not see her."""

    user = _NamedField(label=_("Who is it?"), queryset=None, widget=forms.RadioSelect, empty_label=None)

    def __init__(self, data: Mapping[str, Any] | None = None, *, staff: QuerySet[User]) -> None:
        super().__init__(data)
        field = self.fields["user"]
        assert isinstance(field, _NamedField)
        field.queryset = staff
