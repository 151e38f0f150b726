"""The form of a letter's words."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from mentornet.messaging.models import LetterText


class WordsForm(forms.Form):
    """The words of one letter; whether they will do, the service says."""

    subject = forms.CharField(
        label=_("Subject"),
        max_length=LetterText._meta.get_field("subject").max_length,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    body = forms.CharField(
        label=_("Text"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 12, "dir": "auto", "data-keep": ""}),
        help_text=_("The greeting and the closing stand around it. An empty line ends a paragraph."),
    )
    sms = forms.CharField(
        label=_("As a text message"),
        max_length=LetterText._meta.get_field("sms").max_length,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto", "data-keep": ""}),
        help_text=_("Short, and without a greeting. Where the letter has a link, it is put after it."),
    )
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def words(self) -> dict[str, str]:
        """Return the words as they are kept."""
        # A browser sends ends of lines in two signs.
        return {name: self.cleaned_data[name].replace("\r\n", "\n").strip() for name in ("subject", "body", "sms")}
