"""The form by which a list of experts is brought in."""

from __future__ import annotations

from typing import Any, Final, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy

from mentornet.divisions.models import Division
from mentornet.divisions.queries import divisions_of
from mentornet.divisions.staff import Staff
from mentornet.sourcing.enums import LegalBasis
from mentornet.web.ui.widgets import DayInput
from reference.experts import EXPERT_LIMITS
from reference.sheets import Source

_MEGABYTE: Final = 1024 * 1024
_AGAIN: Final = gettext_lazy("The file did not arrive. Choose it again.")


class ListForm(forms.Form):
    """A list, where it comes from, and why we may keep it."""

    division: forms.ModelChoiceField[Division] = forms.ModelChoiceField(
        label=gettext_lazy("Division"), queryset=None, empty_label=gettext_lazy("Choose")
    )
    file = forms.FileField(
        label=gettext_lazy("The list"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
        help_text=gettext_lazy("One row for each expert: name and e-mail, and what else you have."),
        allow_empty_file=True,
        error_messages={"invalid": _AGAIN, "missing": _AGAIN},
    )
    basis = forms.ChoiceField(
        label=gettext_lazy("Why we may keep it"), choices=LegalBasis.choices, widget=forms.RadioSelect
    )
    source = forms.CharField(
        label=gettext_lazy("Where the list comes from"),
        max_length=200,
        help_text=gettext_lazy("Each of them reads this, in the words that you write."),
    )
    obtained_on = forms.DateField(label=gettext_lazy("We have it since"), widget=DayInput())

    def __init__(self, *args: Any, actor: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField[Any]", self.fields["division"])
        field.queryset = divisions_of(actor)
        only = list(field.queryset[:2])
        if len(only) == 1:
            field.initial, field.empty_label = only[0], None

    @property
    def uploaded(self) -> Source:
        """The file; no more of it is read than the reader's own sentence about its size needs."""
        upload = cast("UploadedFile[bytes]", self.cleaned_data["file"])
        return Source(upload.name or "list", upload.read(int(EXPERT_LIMITS.megabytes * _MEGABYTE) + 1))
