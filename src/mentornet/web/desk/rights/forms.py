"""The form before an erasure."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mentornet.privacy.enums import Reason


class EraseForm(forms.Form):
    """Why, and that what happens has been read."""

    reason = forms.ChoiceField(label=_("Why"), choices=Reason.choices, widget=forms.RadioSelect)
    is_called = forms.BooleanField(
        label=_("I have called those who are named here"),
        error_messages={"required": _("Call them first. Nobody else tells them.")},
    )
    is_read = forms.BooleanField(
        label=_("I have read what happens. Nothing takes it back"),
        error_messages={"required": _("Read what happens, and say so here.")},
    )

    def __init__(self, *args: Any, somebody_to_call: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not somebody_to_call:
            del self.fields["is_called"]
