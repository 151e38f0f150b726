"""A field that was left empty says what to do there, in every form of the program."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module

import pytest
from django import forms
from django.forms.forms import BaseForm

from mentornet import web
from mentornet.web.ui.missing import WORDS

STOCK = "This field is required."


def every_form() -> set[type[BaseForm]]:
    for module in pkgutil.walk_packages(web.__path__, "mentornet.web."):
        import_module(module.name)

    def below(kind: type[BaseForm]) -> Iterator[type[BaseForm]]:
        for one in kind.__subclasses__():
            yield one
            yield from below(one)

    return {one for one in below(BaseForm) if one.__module__.startswith("mentornet.web.")}


def test_no_form_says_only_that_a_field_is_required() -> None:
    found = every_form()
    assert len(found) > 80
    fields = [(one.__name__, name, field) for one in found for name, field in one.base_fields.items()]  # type: ignore[attr-defined]
    assert [(form, name) for form, name, field in fields if str(field.error_messages["required"]) == STOCK] == []


@pytest.mark.parametrize(
    ("field", "words"),
    [
        (forms.CharField(), "Write something here."),
        (forms.FloatField(), "Write a number."),
        (forms.TypedChoiceField(choices=[("a", "A")]), "Choose one of these."),
        (forms.TypedMultipleChoiceField(choices=[("a", "A")]), "Choose one or more of these."),
        (forms.BooleanField(), "Tick this to go on."),
        (forms.DateField(), "Choose a day."),
        (forms.CharField(error_messages={"required": "Write your name."}), "Write your name."),
    ],
)
def test_an_empty_field_says_what_to_do(field: forms.Field, words: str) -> None:
    class Form(forms.Form):
        one = field

    assert Form({}).errors["one"] == [words]


def test_without_these_words_a_field_says_the_stock_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in WORDS:
        monkeypatch.setattr(kind, "default_error_messages", {})
    monkeypatch.setattr(forms.Field, "default_error_messages", {"required": STOCK})
    assert forms.CharField().error_messages["required"] == STOCK
