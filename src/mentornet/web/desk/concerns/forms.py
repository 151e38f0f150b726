"""Forms of seeing to a quiet word."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from mentornet.accounts.models import User
from mentornet.followup.enums import About, Addressee, Heard
from mentornet.partnerships.models import Partnership
from mentornet.web.desk.people.case_forms import StaffField, offer_staff


class RaiseForm(forms.Form):
    """What somebody has told one of the staff, or one of them has seen."""

    heard = forms.ChoiceField(
        label=_("How do you know of it?"),
        choices=[(Heard.TOLD, _("She has told it to me")), (Heard.SEEN, _("I have seen it myself"))],
        widget=forms.RadioSelect,
    )
    partnership = forms.ChoiceField(label=_("Is it about a partnership?"), required=False)
    about = forms.ChoiceField(label=_("What is it about?"), choices=About.choices, widget=forms.RadioSelect)
    colleague = StaffField(
        label=_("Is it about one of your colleagues?"),
        queryset=None,
        required=False,
        empty_label=_("No, about nobody who works here"),
        help_text=_("She never reads it, whatever her role, and is not told."),
    )
    words = forms.CharField(
        label=_("What was told, or seen?"),
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("In her words where you can; what you have seen, not what you think of it."),
    )
    addressee = forms.ChoiceField(
        label=_("Who reads it?"),
        choices=[
            (Addressee.COORDINATOR, _("Her coordinator, and whoever leads the division")),
            (Addressee.NATIONAL_LEAD, _("The national lead, and nobody at this office")),
        ],
        initial=Addressee.COORDINATOR,
        widget=forms.RadioSelect,
        help_text=_("What is about a coordinator always goes to the national lead."),
    )
    wants_call = forms.BooleanField(label=_("She wants to be called"), required=False)
    call_words = forms.CharField(label=_("How and when she can be called"), max_length=200, required=False)

    def __init__(
        self,
        *args: Any,
        colleagues: QuerySet[User],
        partnerships: Sequence[Partnership],
        person_id: UUID,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offer_staff(self, "colleague", colleagues)
        choice = self.fields["partnership"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [("", _("No, or about more than one"))] + [
            (str(one.pk), (one.mentor if one.mentee.person_id == person_id else one.mentee).person.name)
            for one in partnerships
        ]
        choice.widget.attrs["data-as-written"] = ""
        if not partnerships:
            del self.fields["partnership"]


class NoteForm(forms.Form):
    """What was heard or done."""

    text = forms.CharField(
        label=_("A note"),
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What you have heard or done. Only those read it who may read this word."),
    )


class ResolveForm(forms.Form):
    """What was done about it."""

    outcome = forms.CharField(
        label=_("What was done, and what does she say to it?"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("A second reader decides from this whether it was enough."),
    )


class BackForm(forms.Form):
    """What is missing, in the second reader's eyes."""

    text = forms.CharField(label=_("What is missing?"), max_length=5_000, widget=forms.Textarea(attrs={"rows": 3}))
