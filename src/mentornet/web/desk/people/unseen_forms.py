"""What is typed where somebody is hidden from one of the staff, and where that ends."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from mentornet.accounts.models import User
from mentornet.web.desk.people.case_forms import StaffField, offer_staff


class HideForm(forms.Form):
    """Who must not see her, and why."""

    user = StaffField(label=_("Who must not see her?"), queryset=None)
    reason = forms.CharField(
        label=_("Why?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("It is kept. Whoever may see her page reads it."),
    )

    def __init__(self, data: Any = None, *, staff: QuerySet[User], oneself: UUID) -> None:
        super().__init__(data)
        offer_staff(self, "user", staff)
        if data is not None and data.get("user") == str(oneself):
            self.fields["is_oneself"] = forms.BooleanField(
                label=_("Yes, from myself: I see her no more, and only somebody else can change that"),
                error_messages={"required": _("You have chosen yourself. Tick this if you mean it.")},
            )


class LiftForm(forms.Form):
    """Why somebody may see her again."""

    reason = forms.CharField(
        label=_("Why may she see her again?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )
