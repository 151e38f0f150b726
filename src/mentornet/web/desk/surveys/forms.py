"""Forms of a questionnaire: what it is, when it is asked, and one question in every language."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any, Final
from uuid import uuid4

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mentornet.surveys.enums import Aim, AnswerKind, Asked
from mentornet.surveys.validators import EVERY_DAYS, LONGEST_END, LONGEST_TEXT, MONTHS, check_question
from mentornet.web.ui.own_names import own_name

_NAMED: Final = re.compile(r"([a-z0-9][a-z0-9_-]{0,29}):\s*(.+)")
LANGUAGES: Final = tuple(code for code, _name in settings.LANGUAGES)


def _choices(of: type[TextChoices]) -> list[tuple[str, Any]]:
    """Return choices as a select has them: each stands alone, and so begins with a capital."""
    return [(value, capfirst(label)) for value, label in of.choices]


class StartForm(forms.Form):
    """A new questionnaire, from a copy."""

    title = forms.CharField(
        label=_("What it is called"), max_length=LONGEST_END, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    programme: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("Programme"), queryset=None, required=False, empty_label=_("All programmes")
    )
    aim = forms.ChoiceField(label=_("What for"), choices=_choices(Aim), initial=Aim.FREE)
    who = forms.ChoiceField(label=_("Who is asked"), choices=_choices(Asked), initial=Asked.BOTH)
    is_anonymous = forms.BooleanField(
        label=_("Nobody sees who answered what"),
        required=False,
        help_text=_("This cannot be changed afterwards. Of fewer than five answers nothing is shown."),
    )

    def __init__(self, *args: Any, programmes: Any, may_be_for_all: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        field = self.fields["programme"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = programmes
        field.required = not may_be_for_all
        if not may_be_for_all:
            field.empty_label = None


class DueForm(forms.Form):
    """When it is asked."""

    by_care = forms.BooleanField(
        label=_("As the programme says"),
        required=False,
        help_text=_("Its own numbers: how often the two are asked how it goes, and after which months."),
    )
    every_days = forms.IntegerField(
        label=_("Every so many days"), required=False, min_value=EVERY_DAYS[0], max_value=EVERY_DAYS[1]
    )
    months = forms.CharField(
        label=_("After these months"),
        required=False,
        max_length=60,
        help_text=_("Since the two have begun, with commas between them: 1, 3"),
    )
    at_end = forms.BooleanField(
        label=_("When it has ended"), required=False, help_text=_("Not where it ended for somebody’s safety.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False

    @staticmethod
    def initial_of(due: Mapping[str, Any]) -> dict[str, Any]:
        """Return a rule as the form has it."""
        return {**due, "months": ", ".join(map(str, due.get("months", ())))}

    def clean_months(self) -> list[int]:
        """Return the months as numbers.

        Raises:
            ValidationError: something else than months stands there.
        """
        words = [one for one in re.split(r"[,;\s]+", self.cleaned_data["months"]) if one]
        if not all(one.isdecimal() and MONTHS[0] <= int(one) <= MONTHS[1] for one in words):
            raise ValidationError(gettext("Write months from 1 to 60, with commas between them."))
        return sorted({int(one) for one in words})

    def due(self) -> dict[str, Any]:
        """Return the rule as it is kept; an empty one is by hand."""
        given = self.cleaned_data
        if given["by_care"]:
            return {"by_care": True}
        return {name: given[name] for name in ("every_days", "months", "at_end") if given[name]}


class PublishForm(forms.Form):
    """Why the next version is written."""

    reason = forms.CharField(label=_("What has changed, and why"), max_length=500)
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False


class TitleForm(forms.Form):
    """What it is called, in each language."""

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        for code in LANGUAGES:
            self.fields[f"title_{code}"] = _line(own_name(code), code, LONGEST_END)

    def title(self) -> dict[str, str]:
        """Return the title by language."""
        return _texts(self.cleaned_data, "title")


def _line(label: str, code: str, longest: int) -> forms.CharField:
    widget = forms.TextInput(attrs={"dir": "auto", "lang": code})
    return forms.CharField(label=label, required=False, max_length=longest, widget=widget)


def _area(label: str, code: str, rows: int, longest: int) -> forms.CharField:
    widget = forms.Textarea(attrs={"dir": "auto", "lang": code, "rows": rows})
    return forms.CharField(label=label, required=False, max_length=longest, widget=widget)


def _texts(given: Mapping[str, Any], name: str) -> dict[str, str]:
    return {code: given[f"{name}_{code}"] for code in LANGUAGES if given.get(f"{name}_{code}")}


class QuestionForm(forms.Form):
    """One question: how it is answered, who is asked, and its words in each language."""

    kind = forms.ChoiceField(label=_("How it is answered"), choices=_choices(AnswerKind))
    asked = forms.ChoiceField(label=_("Who is asked"), choices=_choices(Asked), initial=Asked.BOTH)
    is_required = forms.BooleanField(
        label=_("It cannot be passed over"),
        required=False,
        help_text=_("She may still stop there: what she has answered before is kept."),
    )
    least = forms.IntegerField(label=_("The least number"), required=False, help_text=_("Of a number alone."))
    most = forms.IntegerField(label=_("The greatest number"), required=False, help_text=_("Of a number alone."))
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, kept: Mapping[str, Any] | None, taken: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.kept, self.taken = kept, taken
        for code in LANGUAGES:
            self.fields[f"text_{code}"] = _area(str(_("Question")), code, 2, LONGEST_TEXT)
            self.fields[f"mentor_{code}"] = _area(str(_("To the mentor, where it differs")), code, 2, LONGEST_TEXT)
            self.fields[f"options_{code}"] = _area(str(_("Answers to choose from")), code, 4, 4_000)
            self.fields[f"low_{code}"] = _line(str(_("What 1 means")), code, LONGEST_END)
            self.fields[f"high_{code}"] = _line(str(_("What 5 means")), code, LONGEST_END)

    @property
    def languages(self) -> list[tuple[str, str, list[tuple[str, forms.BoundField]]]]:
        """The fields of each language: its code, its own name, and what is written in it, with whose answers it is."""
        names = {"text": "", "mentor": "", "options": "choice", "low": "scale", "high": "scale"}
        return [
            (code, own_name(code), [(of, self[f"{name}_{code}"]) for name, of in names.items()]) for code in LANGUAGES
        ]

    @property
    def common(self) -> list[forms.BoundField]:
        """The fields that are the same in all languages."""
        return [self[name] for name in ("kind", "asked", "is_required", "least", "most")]

    @staticmethod
    def initial_of(kept: Mapping[str, Any]) -> dict[str, Any]:
        """Return a question as the form has it."""
        initial = {name: kept.get(name) for name in ("kind", "asked", "is_required", "least", "most")}
        initial["asked"] = kept.get("asked", Asked.BOTH)
        for form_name, name in (("text", "texts"), ("mentor", "mentor_texts"), ("low", "low"), ("high", "high")):
            initial |= {f"{form_name}_{code}": text for code, text in kept.get(name, {}).items()}
        for code in LANGUAGES:
            lines = [f"{one['key']}: {one['texts'][code]}" for one in kept.get("options", ()) if code in one["texts"]]
            initial[f"options_{code}"] = "\n".join(lines)
        return initial

    def clean(self) -> dict[str, Any]:
        """Refuse a question that could not be asked."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors:
            try:
                check_question(self.question())
            except ValidationError as error:
                self.add_error(None, error)
        return cleaned

    def question(self) -> dict[str, Any]:
        """Return the question as it is kept."""
        given = self.cleaned_data
        kind = given["kind"]
        made: dict[str, Any] = {
            "key": self.kept["key"] if self.kept else f"q-{uuid4().hex[:8]}",
            "kind": kind,
            "texts": _texts(given, "text"),
            "is_required": bool(given["is_required"]),
            "asked": given["asked"],
        }
        if mentor := _texts(given, "mentor"):
            made["mentor_texts"] = mentor
        if kind in {AnswerKind.SINGLE, AnswerKind.MULTIPLE}:
            made["options"] = self._options()
        if kind == AnswerKind.SCALE:
            made |= {"low": _texts(given, "low"), "high": _texts(given, "high")}
        if kind == AnswerKind.NUMBER:
            made |= {"least": given["least"], "most": given["most"]}
        return made

    def _options(self) -> list[dict[str, Any]]:
        """Return the answers of all languages: a line's name says which of them it is, or else its place."""
        found: dict[str, dict[str, str]] = {}
        for code in LANGUAGES:
            lines = [line.strip() for line in self.cleaned_data[f"options_{code}"].splitlines() if line.strip()]
            for number, line in enumerate(lines, 1):
                named = _NAMED.fullmatch(line)
                key, text = (named[1], named[2]) if named else (f"a{number}", line)
                found.setdefault(key, {})[code] = text
        return [{"key": key, "texts": texts} for key, texts in found.items()]
