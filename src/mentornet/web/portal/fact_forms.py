"""Forms in which a participant corrects what is kept of her: one for each fact, with choices in her language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from django import forms
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mentornet.common.spoken import reference_language
from mentornet.people.enums import Role
from mentornet.people.models import LanguageSkill, Person, Profile
from mentornet.people.validators import SLOTS
from mentornet.web.portal import facts
from mentornet.web.ui.listed import PARTS, languages_by_name, topic_choices
from mentornet.web.ui.occupations import GROUP, LOOK, WORDS, AsksOccupation
from mentornet.web.ui.rows import AsksInRows
from reference import languages as language_names
from reference.slots import Day, Part
from reference.topics import Topic

LANGUAGES_SHOWN: Final = 4
GOALS_SHOWN: Final = 5
_FIRST: Final = ("da", "en", "ar", "fa", "uk", "so", "tr", "ku", "ti", "ur", "ps", "pl", "ru", "de", "fr", "es")
"""The languages that most people here speak: first in the list, so that nobody need search."""
_YES_NO: Final = [("", _("I do not know")), ("yes", _("Yes")), ("no", _("No"))]
_BOOL: Final[Mapping[str, bool | None]] = {"": None, "yes": True, "no": False}
_SAID: Final[Mapping[bool | None, str]] = {value: key for key, value in _BOOL.items()}


class FactForm(AsksInRows, AsksOccupation):
    """One fact about her; her words for her work together with the group that they belong to."""

    name = ""
    language_twice = _("You have chosen this language already.")
    level_alone = _("Choose which language this is.")
    goal_twice = _("You have chosen this already.")

    def __init__(
        self,
        *args: Any,
        name: str,
        role: str,
        person: Person,
        profile: Profile | None,
        skills: Sequence[LanguageSkill] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.name, self.role, self.profile = name, role, profile
        self.stood: Any = getattr(person if name in facts.OF_PERSON else profile, name, None)
        self.skills = list(skills)
        self.label = facts.label(name, role)
        _MAKERS[name](self)

    @property
    def is_looking(self) -> bool:
        """She only looks for what her words may mean: nothing is kept yet."""
        return LOOK in self.data

    @property
    def facts(self) -> dict[str, Any]:
        """Return what she entered, as columns."""
        facts = {self.name: self.value}
        return facts | {GROUP: self.cleaned_data[GROUP]} if self.name == WORDS else facts

    @property
    def value(self) -> Any:
        """Return what was entered, as the column holds it."""
        return _READERS.get(self.name, _plain)(self)

    @property
    def days(self) -> list[str]:
        """The week's days, short."""
        return [str(WEEKDAYS_ABBR[day]) for day in Day]

    @property
    def week(self) -> list[WeekDay]:
        """The week by day, each with the parts of the day to tick; empty for other facts."""
        if self.name != "availability":
            return []
        chosen = set(cast("list[str] | None", self["availability"].value()) or ())
        week = []
        for day in Day:
            name = str(WEEKDAYS[day]).capitalize()
            boxes = tuple(
                WeekBox(code := f"{day.name}-{part.name}".lower(), str(PARTS[part]), code in chosen) for part in Part
            )
            week.append(WeekDay(name, boxes))
        return week


@dataclass(frozen=True, slots=True)
class WeekBox:
    """A part of a day, to tick."""

    code: str
    part: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class WeekDay:
    """A day of the week with its parts."""

    name: str
    boxes: tuple[WeekBox, ...]


def form_for(
    name: str,
    data: Any,
    *,
    role: str,
    person: Person,
    profile: Profile | None,
    skills: Sequence[LanguageSkill] = (),
) -> FactForm:
    """Return the form of one fact.

    Raises:
        KeyError: she does not change it herself, or there is no such fact in her role.
    """
    if name in facts.FIXED or name not in facts.names_for(role):
        raise KeyError(name)
    return FactForm(data, name=name, role=role, person=person, profile=profile, skills=skills)


# How each fact is asked for ------------------------------------------------------------------------------------------


def _line(most: int, *, is_needed: bool = False) -> Callable[[FactForm], None]:
    def make(form: FactForm) -> None:
        form.fields[form.name] = forms.CharField(
            label=form.label, max_length=most, required=is_needed, initial=form.stood or ""
        )

    return make


def _work(form: FactForm) -> None:
    _line(200)(form)
    stood = getattr(form.profile, GROUP, "")
    form.fields[GROUP] = forms.ChoiceField(required=False, widget=forms.RadioSelect, initial=stood)
    form.seek()


def _text(form: FactForm) -> None:
    form.fields[form.name] = forms.CharField(
        label=form.label,
        max_length=2_000,
        required=False,
        initial=form.stood or "",
        widget=forms.Textarea(attrs={"rows": 6}),
    )


def _interests(form: FactForm) -> None:
    form.fields[form.name] = forms.CharField(
        label=form.label,
        max_length=1_000,
        required=False,
        initial=", ".join(form.stood or ()),
        help_text=_("Write a comma between them."),
    )


def _yes_no(form: FactForm) -> None:
    form.fields[form.name] = forms.ChoiceField(
        label=form.label, choices=_YES_NO, required=False, initial=_SAID[form.stood], widget=forms.RadioSelect
    )


def _number(low: float, high: float) -> Callable[[FactForm], None]:
    def make(form: FactForm) -> None:
        stood = form.stood
        form.fields[form.name] = forms.FloatField(
            label=form.label,
            min_value=low,
            max_value=high,
            required=False,
            initial=int(stood) if stood is not None and stood == int(stood) else stood,
            widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
        )

    return make


def _education(form: FactForm) -> None:
    form.fields[form.name] = forms.TypedChoiceField(
        label=form.label,
        choices=[("", gettext("I do not want to say")), *((str(key), words) for key, words in facts.EDUCATION.items())],
        required=False,
        coerce=int,
        empty_value=None,
        initial="" if form.stood is None else str(form.stood),
        widget=forms.RadioSelect,
    )


def _min_danish(form: FactForm) -> None:
    form.fields[form.name] = forms.ChoiceField(
        label=form.label,
        choices=[("", gettext("It does not matter")), *facts.LEVELS.items()],
        required=False,
        initial=form.stood or "",
        widget=forms.RadioSelect,
    )


def _meeting(form: FactForm) -> None:
    form.fields[form.name] = forms.MultipleChoiceField(
        label=form.label,
        choices=list(facts.WAYS.items()),
        required=False,
        initial=list(form.stood or ()),
        widget=forms.CheckboxSelectMultiple,
    )


def _availability(form: FactForm) -> None:
    form.fields[form.name] = forms.MultipleChoiceField(
        label=form.label, choices=[(code, code) for code in SLOTS], required=False, initial=list(form.stood or ())
    )


def _topics(form: FactForm) -> None:
    if form.role == Role.MENTOR:
        form.fields[form.name] = forms.MultipleChoiceField(
            label=form.label,
            choices=topic_choices(),
            required=False,
            initial=list(form.stood or ()),
            widget=forms.CheckboxSelectMultiple(attrs={"lang": reference_language()}),
        )
        return
    known = list(form.stood or ())
    form.goal_rows = max(GOALS_SHOWN, min(len(known) + 1, len(Topic)))
    for number in range(form.goal_rows):
        form.fields[f"goal_{number}"] = forms.ChoiceField(
            label=gettext("Number %(number)s") % {"number": number + 1},
            choices=[("", gettext("Nothing more")), *topic_choices()],
            required=False,
            initial=known[number] if number < len(known) else "",
            widget=forms.Select(attrs={"lang": reference_language()}),
        )


def _language_choices() -> list[tuple[str, str]]:
    named = languages_by_name(reference_language())
    first = [(code, named[code]) for code in _FIRST if code in named]
    return [*first, *((code, name) for code, name in named.items() if code not in _FIRST)]


def _languages(form: FactForm) -> None:
    choices = _language_choices()
    known = {code for code, _name in choices}
    extra = [
        (skill.code, language_names.name(skill.code, reference_language()))
        for skill in form.skills
        if skill.code not in known
    ]
    form.language_rows = max(LANGUAGES_SHOWN, len(form.skills) + 2)
    for number in range(form.language_rows):
        skill = form.skills[number] if number < len(form.skills) else None
        form.fields[f"language_{number}"] = forms.ChoiceField(
            label=gettext("Language %(number)s") % {"number": number + 1},
            choices=[("", gettext("No more languages")), *extra, *choices],
            required=False,
            initial=skill.code if skill else "",
            widget=forms.Select(attrs={"lang": reference_language()}),
        )
        form.fields[f"level_{number}"] = forms.ChoiceField(
            label=gettext("How well you speak language %(number)s") % {"number": number + 1},
            choices=[("", gettext("I do not know")), *facts.LEVELS.items()],
            required=False,
            initial=skill.level if skill else "",
        )


_MAKERS: Final[Mapping[str, Callable[[FactForm], None]]] = {
    "first_name": _line(80, is_needed=True),
    "area": _line(80),
    "occupation_title": _work,
    "sector": _line(100),
    "about": _text,
    "wishes": _text,
    "interests": _interests,
    "practise_danish": _yes_no,
    "needs_experience": _yes_no,
    "hours_per_month": _number(0.25, 200),
    "months": _number(0.25, 120),
    "education": _education,
    "min_danish": _min_danish,
    "meeting": _meeting,
    "availability": _availability,
    "topics": _topics,
    "languages": _languages,
}


# How what was entered is stored --------------------------------------------------------------------------------------


def _plain(form: FactForm) -> Any:
    return form.cleaned_data[form.name]


def _kept(form: FactForm, words: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return words; nothing entered is unknown, or none where none was known."""
    return words or (() if form.stood == () else None)


def _in_order(form: FactForm) -> tuple[str, ...] | None:
    words = tuple(form.cleaned_data[form.name])
    if form.stood is not None and set(form.stood) == set(words):
        return tuple(form.stood)
    return _kept(form, words)


def _read_interests(form: FactForm) -> tuple[str, ...] | None:
    text = str(form.cleaned_data[form.name])
    # A semicolon, the Arabic and the wide comma are commas too: each alphabet has its own key for it.
    for sign in ";،，؛":
        text = text.replace(sign, ",")
    words = (" ".join(word.split()) for word in text.split(","))
    return _kept(form, tuple(dict.fromkeys(word for word in words if word)))


def _read_topics(form: FactForm) -> tuple[str, ...] | None:
    if form.role == Role.MENTOR:
        return _in_order(form)
    return _kept(form, form.aims)


_READERS: Final[Mapping[str, Callable[[FactForm], Any]]] = {
    "interests": _read_interests,
    "topics": _read_topics,
    "meeting": _in_order,
    "availability": _in_order,
    "practise_danish": lambda form: _BOOL[form.cleaned_data[form.name]],
    "needs_experience": lambda form: _BOOL[form.cleaned_data[form.name]],
}
