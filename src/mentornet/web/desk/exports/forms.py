"""What is asked before a list leaves the program: what for, and as what."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

LONGEST_PURPOSE: Final = 120


class Purpose(TextChoices):
    """What a file is for."""

    MEETING = "meeting", _("For a meeting")
    LETTERS = "letters", _("To write to them: letters, mail merge")
    STATISTICS = "statistics", _("For statistics")
    OTHER = "other", _("Something else")


class Format(TextChoices):
    """What kind of file."""

    XLSX = "xlsx", _("Excel (XLSX)")
    CSV = "csv", _("CSV, for other programs")


class ExportForm(forms.Form):
    """Purpose, contact details or not, and format."""

    purpose = forms.ChoiceField(label=_("What is the file for?"), choices=Purpose.choices, widget=forms.RadioSelect)
    other = forms.CharField(
        label=_("If something else: what?"),
        max_length=LONGEST_PURPOSE,
        required=False,
        help_text=_("A few words, without anybody’s name: they are kept in the log."),
    )
    contact = forms.BooleanField(
        label=_("Also how to reach them"),
        required=False,
        help_text=_(
            "E-mail, telephone, how to reach her safely, postcode and language of letters. Only if you need it."
        ),
    )
    format = forms.ChoiceField(
        label=_("Kind of file"), choices=Format.choices, widget=forms.RadioSelect, initial=Format.XLSX
    )

    def __init__(self, *args: Any, has_contact: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_contact:
            del self.fields["contact"]

    def clean(self) -> dict[str, Any]:
        """Ask for words where the choice says nothing, and keep none where it says it all."""
        told = super().clean() or {}
        if told.get("purpose") == Purpose.OTHER and "other" in told and not told["other"]:
            self.add_error("other", _("Say in a few words what the file is for."))
        elif told.get("purpose") not in {None, Purpose.OTHER}:
            told["other"] = ""
        return told
