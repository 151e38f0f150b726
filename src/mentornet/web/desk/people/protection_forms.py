"""What is typed where somebody is protected, or a second person is asked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mentornet.people.enums import RevealKind
from mentornet.people.sealing import Cover


class ProtectForm(forms.Form):
    """What stands of her from now on, and what must not."""

    alias = forms.CharField(
        label=_("A name to call her by here"),
        max_length=80,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        help_text=_("Choose it with her: a first name that is no part of her own. Letters greet her by it."),
    )
    area = forms.CharField(
        label=_("A wide area, such as a part of the country"),
        max_length=80,
        required=False,
        help_text=_("It may stay empty. The ranking then does not count how far she lives from others."),
    )
    words = forms.CharField(
        label=_("Other words that would lead to her, one on each line"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        help_text=_("Her employer, her children’s school, her street, other ways to spell her name."),
    )
    reason = forms.CharField(
        label=_("Why she is protected"),
        max_length=500,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        help_text=_("It is sealed with her name, and seen by whoever is allowed to look."),
    )

    def cover(self) -> Cover:
        """Return what was typed, for the service."""
        data = self.cleaned_data
        return Cover(alias=data["alias"], area=data["area"], words=data["words"])


class CoverForm(ProtectForm):
    """Another name for somebody who is protected already, and more words that would lead to her."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["reason"]
        self.fields["area"].help_text = _("What is empty stays as it is.")
        self.fields["words"].help_text = _(
            "Her employer, her children’s school, her street, other ways to spell her name. What was written before is "
            "not shown, and stays."
        )


class AskForm(forms.Form):
    """What a second person is asked, and why."""

    kind = forms.ChoiceField(
        label=_("What do you need?"),
        widget=forms.RadioSelect,
        choices=[
            (RevealKind.SEE.value, _("To see who she is, for 15 minutes")),
            (RevealKind.COPY.value, _("To make a copy of all that is kept of her, once")),
            (RevealKind.ERASE.value, _("To erase her for good, once")),
            (RevealKind.LIFT.value, _("To lift her protection for good")),
        ],
        initial=RevealKind.SEE.value,
    )
    reason = forms.CharField(
        label=_("Why?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("Your colleague reads this before she answers. It is kept. Write no name here."),
    )


class ReachForm(forms.Form):
    """How a protected person is reached from now on; empty fields stay as they are, unseen."""

    email = forms.EmailField(label=_("New e-mail address"), required=False)
    phone = forms.CharField(label=_("New telephone number"), required=False, max_length=30)
    safe_contact = forms.CharField(
        label=_("New: what we must know before we call or write"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
