"""Forms of the first steps."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.forms.boundfield import BoundWidget
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from mentornet.messaging.models import Channel
from mentornet.messaging.post import texting
from mentornet.messaging.sms import RefusedNumberError, number_of
from mentornet.programmes.presets import PRESETS


class ByChannel(forms.Form):
    """A form that stands on one page once for letters and once for text messages."""

    def __init__(self, *args: Any, channel: str, **kwargs: Any) -> None:
        self.channel = channel if channel in Channel.values else Channel.EMAIL.value
        super().__init__(*args, **kwargs | {"auto_id": f"id_{self.channel}_%s"})
        self.fields["channel"] = forms.ChoiceField(
            choices=Channel.choices, widget=forms.HiddenInput, initial=self.channel
        )


class TrialForm(ByChannel):
    """Where a trial letter goes."""

    address = forms.CharField(label=_("To which address"), max_length=254)

    def __init__(self, *args: Any, channel: str, **kwargs: Any) -> None:
        super().__init__(*args, channel=channel, **kwargs)
        field = self.fields["address"]
        if self.channel == Channel.TEXT:
            field.label = _("To which number")
            field.widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})
        else:
            field.widget = forms.EmailInput(attrs={"autocomplete": "email"})

    def clean_address(self) -> str:
        """Refuse what is no address, or no number.

        Raises:
            ValidationError: says what was expected.
        """
        address: str = self.cleaned_data["address"]
        if self.channel == Channel.EMAIL:
            validate_email(address)
            return address
        way = texting()
        try:
            return number_of(address, way.country if way else "DK")
        except RefusedNumberError as error:
            raise ValidationError(gettext("Write the whole number, such as +45 12 34 56 78.")) from error


class CodeForm(ByChannel):
    """The code that stood in a trial letter."""

    code = forms.CharField(
        label=pgettext_lazy("in a trial letter", "The code in it"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class PresetForm(forms.Form):
    """With which programme a network begins, and what it calls it."""

    preset = forms.ChoiceField(
        label=_("Programme"),
        choices=[(slug, preset.title) for slug, preset in PRESETS.items()],
        widget=forms.RadioSelect,
    )
    other_name = forms.CharField(
        label=_("Another name for it"),
        max_length=120,
        required=False,
        help_text=_("Everybody reads it, in all languages. Empty: its own name."),
    )

    def __init__(self, *args: Any, language: str, **kwargs: Any) -> None:
        self.language = language
        super().__init__(*args, **kwargs)

    def choice(self, slug: str) -> BoundWidget:
        """Return the button of one preset."""
        return next(one for one in self["preset"].subwidgets if one.data["value"] == slug)

    def name(self) -> str:
        """Return what the programme is to be called."""
        return self.cleaned_data["other_name"].strip() or PRESETS[self.cleaned_data["preset"]].name(self.language)
