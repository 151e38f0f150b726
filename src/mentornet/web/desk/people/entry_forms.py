"""The form in which an application is entered with her: also how she is reached, who sent her, what she agrees to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from mentornet.intake.consent_words import CONSENT_WORDS
from mentornet.intake.enums import ASKED_CONSENTS, Referrer
from mentornet.people.enums import ContactWay
from mentornet.web.desk.people.case_forms import ApplicationForm
from mentornet.web.desk.people.reached_form import ReachedForm
from mentornet.web.ui.contact_ways import sends_texts


class EntryForm(ReachedForm, ApplicationForm):
    """An application entered with somebody who has called or come by."""

    referrer = forms.ChoiceField(
        label=gettext_lazy("Who led her to us"),
        choices=[("", gettext_lazy("not known")), *Referrer.choices],
        required=False,
    )
    consents = forms.MultipleChoiceField(
        label=gettext_lazy("What she has said yes to"),
        choices=[(purpose.value, CONSENT_WORDS[purpose]) for purpose in ASKED_CONSENTS],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("Read each sentence to her in her language, and tick it when she says yes. Your name "
                               "and the day are kept with it. What is left open is asked at the interview."),
    )  # fmt: skip

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
