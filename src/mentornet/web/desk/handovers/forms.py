"""The form by which cases are handed over."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from mentornet.accounts.models import User


class _Colleagues(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # Django's own class takes no arguments
    """Colleagues, by name."""

    def label_from_instance(self, obj: Any) -> str:
        """Name somebody, not her address; and say so where she is away herself."""
        return f"{obj.name} ({_('away now')})" if obj.is_away else str(obj.name)


class HandOverForm(forms.Form):
    """To whom, which of them, and whether the people are written to."""

    receivers = _Colleagues(
        label=_("Who takes over"),
        queryset=None,
        widget=forms.CheckboxSelectMultiple(attrs={"translate": "no"}),
        help_text=_("Tick several to spread the cases: as many to each, and a pair to one of them."),
    )
    which = forms.ChoiceField(
        label=_("Which cases"),
        choices=[("all", _("All of them, and what else waits for her")), ("ticked", _("Those ticked below"))],
        initial="all",
        widget=forms.RadioSelect,
    )
    with_talks = forms.BooleanField(
        label=_("Also the interviews that are booked with her"),
        required=False,
        help_text=_("An interview at an hour at which the colleague has another one stays where it is."),
    )
    writes = forms.BooleanField(
        label=_("Write to these people whom they can call now"),
        required=False,
        initial=True,
        help_text=_("A short letter, once to each, in her language. It does not say why."),
    )
    note = forms.CharField(
        label=_("A word to your colleagues"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Nothing about the people themselves: that stands on their pages."),
    )

    def __init__(self, *args: Any, colleagues: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["receivers"]
        assert isinstance(field, _Colleagues)
        field.queryset = colleagues
