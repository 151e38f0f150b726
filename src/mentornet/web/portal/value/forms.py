"""What she writes for herself, chooses for a letter, and wants on a certificate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mentornet.followup.enums import Fact
from mentornet.people.enums import Role


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "dir": "auto"})


class ThoughtForm(forms.Form):
    """An answer to the question that stands there; empty, a written one goes."""

    prompt = forms.SlugField(widget=forms.HiddenInput)
    text = forms.CharField(label=_("In your words"), max_length=3_000, required=False, widget=_area(5))


class NewThoughtForm(ThoughtForm):
    """A first answer: it needs a word."""

    text = forms.CharField(
        label=_("In your words"),
        max_length=3_000,
        widget=_area(5),
        error_messages={"required": _("Write something first.")},
    )


class ShareThoughtForm(ThoughtForm):
    """The same anew, and who else may read it."""

    with_coordinator = forms.BooleanField(
        label=_("My coordinator may read this"),
        required=False,
        help_text=_("The coordinators of you both can then read it. You can take it back here."),
    )
    for_letter = forms.BooleanField(
        label=_("This may be in a letter to the mentor"),
        required=False,
        help_text=_("Both of you can then read it in the letter. You can take it back until a letter has been sent."),
    )


class ChooseForm(forms.Form):
    """What stands in the letter."""

    chosen = forms.MultipleChoiceField(
        label=_("What may stand in the letter?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    words = forms.CharField(
        label=_("What has it meant to you?"),
        max_length=1_500,
        required=False,
        widget=_area(4),
        help_text=_("You do not have to write anything. Write in the language you like."),
    )

    def __init__(self, data: Any = None, *, facts: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        field = self.fields["chosen"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = list(facts)


class WishForm(forms.Form):
    """What one of the two wants of letters to the mentor."""

    leaves_out = forms.MultipleChoiceField(
        label=_("What should never be in a letter?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(one.value, one.label) for one in Fact if one != Fact.DANISH],
    )
    wants_none = forms.BooleanField(label=_("I want no letters at all"), required=False)

    def __init__(self, data: Any = None, *, side: Role, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if side == Role.MENTEE:
            # She chooses for each letter.
            del self.fields["leaves_out"]


class CertificateForm(forms.Form):
    """The name on the paper, and what she wants of it."""

    role = forms.ChoiceField(widget=forms.HiddenInput, choices=Role.choices)
    name = forms.CharField(
        label=_("Which name should stand on the paper?"),
        max_length=120,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "name"}),
        help_text=_("We do not keep the name. To print the same paper again, write the same name."),
        error_messages={"required": _("Write the name as it is to stand on the paper.")},
    )
    understood = forms.BooleanField(
        label=_("I have read this, and I want the paper"),
        required=False,
    )
    outlives = forms.BooleanField(
        label=_("Keep it valid even if I ask you one day to delete all my data"),
        required=False,
        help_text=_("Then only the number, the role and the months stay, tied to nobody."),
    )

    def __init__(self, data: Any = None, *, is_protected: bool, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if not is_protected:
            del self.fields["understood"]
