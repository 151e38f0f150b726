"""The form of an interview: guided questions, facts of the profile beside what she wrote herself, and its draft."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from mentornet.intake.validators import LONGEST_ANSWER
from mentornet.people.enums import Provenance
from mentornet.people.models import LanguageSkill, Profile
from mentornet.web.desk.people import facts
from mentornet.web.desk.people.forms import ProfileForm
from mentornet.web.desk.people.questions import PARTS, RESTRICTED, Part, Question

LONGEST_DRAFT: Final = 60_000
_WRITTEN: Final = frozenset({"occupation_title", "sector", "wishes", "about", "interests"})
_HERS: Final = frozenset({Provenance.SELF_REPORTED, Provenance.CONFIRMED})


class TalkForm(forms.Form):
    """What was said at an interview: what may be shared apart from what may not."""

    shareable = forms.CharField(
        label=_("What may be shared"),
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("In words she would recognise as hers. The other side of a proposal may be told this."),
    )
    coordinator_only = forms.CharField(
        label=_("For coordinators only"),
        max_length=4_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What she would not want told on. Each reading is noted. She may read it herself one day."),
    )

    def __init__(self, *args: Any, role: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts, self.restricted = PARTS[role], RESTRICTED[role]
        for question in self._questions():
            most = 400 if question.is_restricted else LONGEST_ANSWER
            self.fields[question.key] = forms.CharField(
                label=question.words, max_length=most, required=False, widget=forms.Textarea(attrs={"rows": 3})
            )

    def _questions(self) -> Iterable[Question]:
        yield from (question for part in self.parts for question in part.questions)
        yield from self.restricted

    @property
    def answers(self) -> dict[str, str]:
        """Return what she answered, by question; without what is for coordinators only."""
        return {
            question.key: self.cleaned_data[question.key]
            for question in self._questions()
            if not question.is_restricted and self.cleaned_data[question.key]
        }

    @property
    def notes(self) -> str:
        """Return what is for coordinators only as one text, each question as a heading above its answer."""
        told = [
            f"{question.words}: {text}" for question in self.restricted if (text := self.cleaned_data[question.key])
        ]
        return "\n\n".join([*told, *([text] if (text := self.cleaned_data["coordinator_only"]) else [])])


@dataclass(frozen=True, slots=True)
class Plain:
    """A fact that is one field."""

    bound: forms.BoundField
    level: str
    is_written: bool
    is_searched: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A part of the form.

    Attributes:
        texts: the questions that are answered in words.
        plain: the facts of the profile that are asked about here and are one field each.
        has_languages, has_goals, has_week: so are those that the template draws itself.
        hers: what she has written of all these herself.
    """

    number: int
    part: Part
    texts: Sequence[forms.BoundField]
    plain: Sequence[Plain]
    has_languages: bool
    has_goals: bool
    has_week: bool
    hers: Sequence[facts.Fact]


def asked(talk: TalkForm, form: ProfileForm, profile: Profile | None, skills: Sequence[LanguageSkill]) -> list[Asked]:
    """Return the parts of the form, each with what she wrote herself beside it."""
    found = []
    for number, part in enumerate(talk.parts, 1):
        drawn = {"languages", "availability"} | ({"topics"} if form.goals else set())
        plain = [
            Plain(form[name], facts.level_name("people.Profile", name), name in _WRITTEN, name == "occupation")
            for name in part.facts
            if name not in drawn
        ]
        found.append(
            Asked(
                number=number,
                part=part,
                texts=[talk[question.key] for question in part.questions],
                plain=plain,
                has_languages="languages" in part.facts,
                has_goals="topics" in part.facts and bool(form.goals),
                has_week="availability" in part.facts,
                hers=[fact for name in part.facts if (fact := _hers(name, profile, skills)) is not None],
            )
        )
    return found


def _hers(name: str, profile: Profile | None, skills: Sequence[LanguageSkill]) -> facts.Fact | None:
    entry = profile.provenance.get(name) if profile is not None else None
    if profile is None or not entry or entry[0] not in _HERS:
        return None
    if name == "languages":
        return facts.languages_of_profile(skills, profile)
    return facts.fact_of(profile, name)


# The draft ----------------------------------------------------------------------------------------------------------


def typed_in(data: QueryDict, *of: forms.BaseForm) -> dict[str, list[str]]:
    """Return what was typed into these forms, by the fields' names; nothing else that came along."""
    known = {form.add_prefix(name) for form in of for name in form.fields}
    return {name: [str(value) for value in values] for name, values in data.lists() if name in known}


def is_too_long(typed: Mapping[str, Sequence[str]]) -> bool:
    """Tell whether a draft is longer than anybody types in an interview."""
    return sum(len(value) for values in typed.values() for value in values) > LONGEST_DRAFT


def take_up(typed: Mapping[str, Sequence[str]], *of: forms.BaseForm) -> None:
    """Let forms begin with what was typed before: fields that were sent empty are empty again."""
    for form in of:
        for name, field in form.fields.items():
            values = list(typed.get(form.add_prefix(name), []))
            if isinstance(field, forms.MultipleChoiceField):
                form.initial[name] = values
            elif values:
                form.initial[name] = values[0]


def profile_form(data: QueryDict | None, role: str, profile: Profile | None, skills: Sequence[Any]) -> ProfileForm:
    """Return the form of the facts, without where they come from: they are heard."""
    return ProfileForm(data, role=role, profile=profile, skills=skills, asks_source=False, prefix="profile")
