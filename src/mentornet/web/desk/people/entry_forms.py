"""The form in which an application is entered with her: also how she is reached, who sent her, what she agrees to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentornet.intake.consent_words import CONSENT_WORDS
from mentornet.intake.enums import Referrer
from mentornet.people.enums import ContactWay
from mentornet.web.desk.people.case_forms import ApplicationForm
from mentornet.web.ui.contact_ways import sends_texts, ways_offered
from mentornet.web.ui.widgets import HourInput

CONTACT: Final = ("contact_way", "contact_from", "contact_until", "hides_network")


class EntryForm(ApplicationForm):
    """An application entered with somebody who has called or come by."""

    contact_way = forms.ChoiceField(
        label=gettext_lazy("Safe way"),
        choices=[("", gettext_lazy("she has not said")), *ContactWay.choices],
        required=False,
    )
    contact_from = forms.TimeField(label=gettext_lazy("Safe from"), required=False, widget=HourInput())
    contact_until = forms.TimeField(label=gettext_lazy("Safe until"), required=False, widget=HourInput())
    hides_network = forms.BooleanField(
        label=gettext_lazy("Never name the network, on the telephone or in writing"), required=False
    )
    referrer = forms.ChoiceField(
        label=gettext_lazy("Who led her to us"),
        choices=[("", gettext_lazy("not known")), *Referrer.choices],
        required=False,
    )
    consents = forms.MultipleChoiceField(
        label=gettext_lazy("What she has said yes to"),
        choices=[(purpose.value, words) for purpose, words in CONSENT_WORDS.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("Read each sentence to her in her language, and tick it when she says yes. Your name "
                               "and the day are kept with it. What is left open is asked at the interview."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        way = self.fields["contact_way"]
        assert isinstance(way, forms.ChoiceField)
        way.choices = ways_offered([("", gettext_lazy("she has not said")), *ContactWay.choices])
        if not sends_texts():
            way.help_text = _("No text messages leave from this installation.")

    def clean(self) -> dict[str, Any]:
        """Ask for both hours or none, and for the address or the number that her way needs."""
        data = super().clean() or {}
        begin, end = data.get("contact_from"), data.get("contact_until")
        if (begin is None) != (end is None) and not {"contact_from", "contact_until"} & set(self.errors):
            self.add_error("contact_from" if begin is None else "contact_until", _("Give both hours, or none."))
        if data.get("contact_way") == ContactWay.EMAIL and not data.get("email") and "email" not in self.errors:
            self.add_error("email", _("She wants to be written to: give her e-mail address, or choose another way."))
        if data.get("contact_way") in {ContactWay.TEXT, ContactWay.CALL} and not data.get("phone"):
            self.add_error("phone", _("Give her telephone number, or choose another way."))
        return data

    @property
    def facts(self) -> dict[str, Any]:
        """Return what was entered, as columns of a person."""
        return super().facts | {name: self.cleaned_data[name] for name in CONTACT}

    @property
    def came(self) -> Mapping[str, Any]:
        """Return who led her to us, as columns of an application."""
        return {name: self.cleaned_data[name] for name in ("heard_through", "referrer")}

    @property
    def as_draft(self) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
        """Return what was entered, as columns and answers of a draft that she goes on with herself."""
        facts = self.facts
        life = {name: facts.pop(name) for name in ("birth_year", "area", "postcode")}
        if not facts["contact_way"]:
            # Without an address, and where no text messages leave, the service says that the link has nowhere to go.
            by_phone = ContactWay.TEXT if sends_texts() else ContactWay.CALL
            facts["contact_way"] = ContactWay.EMAIL if facts["email"] else by_phone
        return facts, {"life": life, "heard": dict(self.came)}
