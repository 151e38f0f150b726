"""What a form says of a field that was left empty: what to do there, not that something is required.

Said once for each kind of field. A form that knows better says so in the field's own ``error_messages``, which count
more than these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django import forms
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

WORDS: Final[dict[type[forms.Field], _StrOrPromise]] = {
    forms.Field: _("Write something here."),
    forms.EmailField: _("Write the whole e-mail address, such as name@example.org."),
    forms.IntegerField: _("Write a number."),
    forms.DateField: _("Choose a day."),
    forms.TimeField: _("Write a time, such as 14:30."),
    forms.BooleanField: _("Tick this to go on."),
    forms.ChoiceField: _("Choose one of these."),
    forms.ModelChoiceField: _("Choose one of these."),
    forms.MultipleChoiceField: _("Choose one or more of these."),
    forms.ModelMultipleChoiceField: _("Choose one or more of these."),
    forms.FileField: _("Choose a file."),
}
"""By the kind of field; a kind that is not named says what the nearest one above it says."""


def speak_plainly() -> None:
    """Give every kind of field its words. Called before any form is made, since fields take their words with them."""
    for kind, words in WORDS.items():
        kind.default_error_messages = {**kind.default_error_messages, "required": words}
