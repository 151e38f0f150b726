"""The questions about what she knows, wants and offers, and what she agrees to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

from django import forms
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentornet.intake.enums import Applying
from mentornet.people.validators import SLOTS
from mentornet.web.public.apply import words
from mentornet.web.public.apply.forms import StepForm
from mentornet.web.ui.listed import PARTS, said, topic_choices, upper_first
from mentornet.web.ui.occupations import AsksOccupation
from reference.slots import Day, Part

MORE_LANGUAGES: Final = 4
YOUNGEST: Final = 15
OLDEST: Final = 110
DANISH: Final = "da"


class LanguagesForm(StepForm):
    """What she speaks: Danish first, then up to four more."""

    step = "languages"
    template = "languages"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels = [("", _("Choose how well")), *words.LEVELS]
        self.fields["danish"] = forms.ChoiceField(
            label=_("How well do you speak Danish?"), choices=[("", _("Not at all, or not yet")), *words.LEVELS],
            required=False,
        )  # fmt: skip
        choices = [("", _("Choose a language")), *words.language_choices(without=DANISH)]
        for number in range(MORE_LANGUAGES):
            self.fields[f"language_{number}"] = forms.ChoiceField(
                label=_("Your language") if number == 0 else _("Another language"), choices=choices, required=False
            )
            self.mark_said(f"language_{number}")
            self.fields[f"level_{number}"] = forms.ChoiceField(
                label=_("How well do you speak it?"), choices=levels, required=False
            )

    def kept(self) -> dict[str, Any]:
        """Return her languages as the fields have them."""
        skills = super().kept().get("skills", [])
        found = {"danish": next((level for code, level in skills if code == DANISH), "")}
        others = [(code, level) for code, level in skills if code != DANISH]
        for number, (code, level) in enumerate(others[:MORE_LANGUAGES]):
            found |= {f"language_{number}": code, f"level_{number}": level}
        return found

    @property
    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Return a language and its level, row by row."""
        return [(self[f"language_{number}"], self[f"level_{number}"]) for number in range(MORE_LANGUAGES)]

    @property
    def has_more(self) -> bool:
        """More than one row is filled in, or wrong: they are shown open."""
        return any(self[f"language_{number}"].value() or self[f"level_{number}"].errors
                   for number in range(1, MORE_LANGUAGES))  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Refuse a language that stands twice, or that lacks its level."""
        data = super().clean() or self.cleaned_data
        seen: set[str] = set()
        for number in range(MORE_LANGUAGES):
            code, level = data.get(f"language_{number}"), data.get(f"level_{number}")
            if code and code in seen:
                self.add_error(f"language_{number}", _("This language stands above already."))
            if code and not level:
                self.add_error(f"level_{number}", _("Choose how well you speak this language."))
            if level and not code:
                self.add_error(f"language_{number}", _("Choose the language."))
            seen.add(code or "")
        if not seen - {""} and not data.get("danish") and not self.errors:
            self.add_error("language_0", _("Choose at least one language."))
        return data

    def answers(self) -> Mapping[str, Any]:
        """Return codes and levels: her own languages in her order, Danish last."""
        data = self.cleaned_data
        rows = [[data[f"language_{n}"], data[f"level_{n}"]] for n in range(MORE_LANGUAGES) if data[f"language_{n}"]]
        return {"skills": [*rows, *([[DANISH, data["danish"]]] if data["danish"] else [])]}


class LifeForm(StepForm):
    """Her age, and where she lives, roughly."""

    step = "life"
    birth_year = forms.IntegerField(
        label=gettext_lazy("In which year were you born?"),
        required=False,
        help_text=gettext_lazy("Four digits, such as 1990."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "dir": "ltr", "maxlength": 4}),
        error_messages={"invalid": gettext_lazy("Write the year with four digits, such as 1990.")},
    )
    area = forms.CharField(
        label=gettext_lazy("In which part of town do you live?"),
        max_length=80,
        required=False,
        help_text=gettext_lazy(
            "For example: Nørrebro, or Vollsmose. Never your address. A person we suggest reads it."
        ),
    )
    postcode = forms.CharField(
        label=gettext_lazy("Postcode"),
        max_length=10,
        required=False,
        help_text=gettext_lazy("Only we see it. It helps us find somebody near you."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "dir": "ltr", "autocomplete": "postal-code"}),
    )

    def clean_birth_year(self) -> int | None:
        """Take a year in which a grown-up can have been born."""
        year: int | None = self.cleaned_data["birth_year"]
        today = timezone.localdate()
        if year is not None and not today.year - OLDEST <= year <= today.year - YOUNGEST:
            raise forms.ValidationError(_("Write the year with four digits, such as 1990."))
        return year

    def clean_area(self) -> str:
        """Refuse what looks like an address: a house number would tell where she lives."""
        area = " ".join(self.cleaned_data["area"].split())
        if any(sign.isdecimal() for sign in area):
            raise forms.ValidationError(_("Write only the part of town, without a street and a number."))
        return area


class WorkForm(AsksOccupation, StepForm):
    """Her work: in her own words, and the group of the international list that it belongs to."""

    step = "work"
    template = "work"
    occupation_title = forms.CharField(
        max_length=200,
        required=False,
        help_text=gettext_lazy("Write in any language. For example: nurse, or bus driver."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    occupation = forms.ChoiceField(required=False, widget=forms.RadioSelect)
    sector = forms.CharField(
        label=gettext_lazy("Where do you work?"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("The kind of place, such as a hospital or a shop. You need not say its name."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_mentee = self.draft.role == Applying.MENTEE
        self.fields["occupation_title"].label = _("What work do you want?") if is_mentee else _("What is your work?")
        if is_mentee:
            del self.fields["sector"]
        self.seek()

    def answers(self) -> Mapping[str, Any]:
        """Return her words, and the group she has chosen."""
        return {name: " ".join(self.cleaned_data[name].split()) for name in self.fields}


class GoalsForm(StepForm):
    """What a mentee wants help with."""

    step = "goals"
    template = "goals"
    topics = forms.MultipleChoiceField(
        label=gettext_lazy("What do you want help with?"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Choose as many as you like."),
    )  # fmt: skip
    first = forms.ChoiceField(label=gettext_lazy("Which is the most important one?"), required=False)
    practise_danish = forms.BooleanField(label=gettext_lazy("I want to practise Danish with my mentor"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        topics = [(code, upper_first(topic)) for code, topic in topic_choices()]
        self.choices("topics", [(code, said(topic)) for code, topic in topics])
        self.choices("first", [("", _("I do not know yet")), *topics])
        self.mark_said("first")

    def kept(self) -> dict[str, Any]:
        """Return her goals; the first is the most important one."""
        found = super().kept()
        return found | {"first": next(iter(found.get("topics", ())), "")}

    def answers(self) -> Mapping[str, Any]:
        """Return her goals, the most important one first, chosen above or not."""
        first = self.cleaned_data["first"]
        others = [topic for topic in self.cleaned_data["topics"] if topic != first]
        return {
            "topics": [first, *others] if first else others,
            "practise_danish": self.cleaned_data["practise_danish"] or None,
        }


class OfferForm(StepForm):
    """What a mentor can help with, and which doors she can open."""

    step = "offer"
    topics = forms.MultipleChoiceField(
        label=gettext_lazy("What can you help with?"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Choose as many as you like."),
    )  # fmt: skip
    opens = forms.CharField(
        label=gettext_lazy("Which doors can you open?"),
        max_length=900,
        required=False,
        help_text=gettext_lazy("For example: I know people at hospitals, and can show somebody round where I work."),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices("topics", [(code, said(upper_first(topic))) for code, topic in topic_choices()])


class TimesForm(StepForm):
    """When she has time: a week of three parts a day."""

    step = "times"
    template = "times"
    availability = forms.MultipleChoiceField(
        label=gettext_lazy("When can you meet?"), choices=[(code, code) for code in SLOTS], required=False
    )

    @property
    def week(self) -> list[dict[str, Any]]:
        """Return the days down, each with its three parts across."""
        value = cast("list[str] | None", self["availability"].value())
        chosen = set(value or ())
        return [
            {
                "name": str(WEEKDAYS[day]).capitalize(),
                "parts": [
                    {
                        "code": (code := f"{day.name}-{part.name}".lower()),
                        "words": PARTS[part],
                        "is_chosen": code in chosen,
                    }
                    for part in Part
                ],
            }
            for day in Day
        ]


class MeetingForm(StepForm):
    """How they meet, and how often."""

    step = "meeting"
    meeting = forms.MultipleChoiceField(
        label=gettext_lazy("How do you want to meet?"), choices=words.MEETING, required=False,
        widget=forms.CheckboxSelectMultiple, help_text=gettext_lazy("You can choose both."),
    )  # fmt: skip
    hours_per_month = forms.TypedChoiceField(
        label=gettext_lazy("How much time do you have in a month?"),
        choices=[("", gettext_lazy("I do not know yet")), *words.HOURS],
        coerce=float,
        empty_value=None,
        required=False,
    )

    def kept(self) -> dict[str, Any]:
        """Return her answers, the hours as the list has them."""
        found = super().kept()
        hours = found.get("hours_per_month")
        return found | {"hours_per_month": "" if hours is None else f"{hours:g}"}


class WordsForm(StepForm):
    """About herself, her wishes, and what the other must have."""

    step = "words"
    about = forms.CharField(
        label=gettext_lazy("Write a little about yourself"),
        max_length=1_000,
        required=False,
        help_text=gettext_lazy("A person we suggest to you reads this. Write in any language. Two sentences are fine."),
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
    )
    wishes = forms.CharField(
        label=gettext_lazy("Do you have a wish?"),
        max_length=2_000,
        required=False,
        help_text=gettext_lazy("Only we read this. For example: somebody who has children too."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    must_speak = forms.ChoiceField(
        label=gettext_lazy("Must the other person speak a certain language?"), required=False
    )
    must_meet = forms.ChoiceField(
        label=gettext_lazy("Must you meet in a certain way?"), choices=words.MUST_MEET, required=False
    )
    min_danish = forms.ChoiceField(
        label=gettext_lazy("How much Danish must the other person speak?"),
        choices=[("", gettext_lazy("It does not matter")), *words.LEVELS[:4]],
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices("must_speak", [("", _("No")), *words.language_choices()])
        self.mark_said("must_speak")
        if self.draft.role == Applying.MENTEE:
            del self.fields["min_danish"]
