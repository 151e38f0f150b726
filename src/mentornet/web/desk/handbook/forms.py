"""Forms of a chapter's and a module's text."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mentornet.learning.validators import LONGEST_SITUATION

MOST_QUESTIONS: Final = 20
MOST_ANSWERS: Final = 6
SPARE: Final = 2
"""Empty questions at the end, to be filled or left."""


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class TextForm(forms.Form):
    """What chapters and modules have in common."""

    title = forms.CharField(label=_("Title"), max_length=120, widget=forms.TextInput(attrs={"dir": "auto"}))
    summary = forms.CharField(
        label=_("In one sentence"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        help_text=_("It stands under the title, and in lists."),
    )
    body = forms.CharField(
        label=_("Text"),
        max_length=40_000,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 24, "dir": "auto", "data-keep": ""}),
        help_text=_(
            "## begins a heading, - a line of a list, ** stands around what is bold. An empty line ends a paragraph."
        ),
    )
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def facts(self) -> dict[str, Any]:
        """Return the text as it is kept."""
        given = self.cleaned_data
        # A browser sends ends of lines in two signs.
        return {"title": given["title"], "summary": given["summary"], "body": _plain(given["body"])}


def _plain(text: str) -> str:
    return "\n".join(text.splitlines()) + "\n"


class ChapterForm(TextForm):
    """A chapter."""

    situations = forms.CharField(
        label=_("What somebody says who looks for it"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=_(
            "One sentence on each line, as one would say it. The first one stands on the handbook’s front page."
        ),
    )

    field_order = ["title", "summary", "situations", "body", "seen"]

    def clean_situations(self) -> list[str]:
        """Return the sentences, and refuse those that are too long.

        Raises:
            ValidationError: names the line.
        """
        found = _lines(self.cleaned_data["situations"])
        for line in found:
            if len(line) > LONGEST_SITUATION:
                raise forms.ValidationError(
                    gettext("Shorten this line to %(most)s signs: “%(line)s …”")
                    % {"most": LONGEST_SITUATION, "line": line[:40]}
                )
        return found

    def facts(self) -> dict[str, Any]:
        """Return the chapter as it is kept."""
        return {**super().facts(), "situations": self.cleaned_data["situations"]}


class QuestionForm(forms.Form):
    """A question; left empty it is none."""

    text = forms.CharField(
        label=_("Question"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"})
    )
    answers = forms.CharField(
        label=_("Answers"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=_("One on each line, at least two."),
    )
    right = forms.TypedChoiceField(
        label=_("Which one is right"),
        coerce=int,
        empty_value=None,
        required=False,
        choices=[("", "–"), *((number, str(number)) for number in range(1, MOST_ANSWERS + 1))],
        help_text=_("Its number from the top."),
    )
    why = forms.CharField(
        label=_("Why"),
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        help_text=_("She reads this when she has answered, right or wrong: kindly."),
    )

    def clean(self) -> dict[str, Any]:
        """Refuse a question that is half written."""
        cleaned: dict[str, Any] = super().clean() or {}
        answers = _lines(cleaned.get("answers") or "")
        parts = [bool(cleaned.get("text")), bool(answers), cleaned.get("right") is not None, bool(cleaned.get("why"))]
        if not any(parts):
            return {}
        for name, is_there in zip(("text", "answers", "right", "why"), parts, strict=True):
            if not is_there:
                self.add_error(name, gettext("Fill this in, or empty the whole question."))
        if answers and not 2 <= len(answers) <= MOST_ANSWERS:
            self.add_error("answers", gettext("Write two to six answers, one on each line."))
        elif cleaned.get("right") and cleaned["right"] > len(answers):
            self.add_error("right", gettext("There is no answer with this number."))
        return {**cleaned, "answers": answers}

    def question(self) -> dict[str, Any] | None:
        """Return the question as it is kept; ``None`` when it is left empty."""
        given = self.cleaned_data
        if not given:
            return None
        return {
            "text": given["text"],
            "answers": given["answers"],
            "right": given["right"] - 1,
            "why": given["why"],
        }


QuestionForms: type[BaseFormSet[QuestionForm]] = formset_factory(
    QuestionForm, extra=SPARE, max_num=MOST_QUESTIONS, absolute_max=MOST_QUESTIONS, validate_max=True
)


def question_forms(data: Any, questions: list[dict[str, Any]]) -> BaseFormSet[QuestionForm]:
    """Return a form for each question, and some to spare."""
    initial = [
        {
            "text": one["text"],
            "answers": "\n".join(one["answers"]),
            "right": one["right"] + 1,
            "why": one["why"],
        }
        for one in questions
    ]
    return QuestionForms(data, initial=initial, prefix="questions")
