"""The form in which somebody's name, and how she is reached safely, are written down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentornet.people.enums import ContactWay
from mentornet.people.models import Person
from mentornet.web.desk.people.forms import PersonForm
from mentornet.web.ui.contact_ways import sends_texts, ways_offered
from mentornet.web.ui.widgets import HourInput

CONTACT: Final = ("contact_way", "contact_from", "contact_until", "hides_network")
_WAYS: Final = (("", gettext_lazy("she has not said")), *ContactWay.choices)


class ReachedForm(PersonForm):
    """Her name, where she lives, and by which way and at which hours she is reached."""

    contact_way = forms.ChoiceField(label=gettext_lazy("Safe way"), choices=_WAYS, required=False)
    contact_from = forms.TimeField(label=gettext_lazy("Safe from"), required=False, widget=HourInput())
    contact_until = forms.TimeField(label=gettext_lazy("Safe until"), required=False, widget=HourInput())
    hides_network = forms.BooleanField(
        label=gettext_lazy("Never name the network, on the telephone or in writing"), required=False
    )
    is_former_unsafe = forms.BooleanField(
        label=gettext_lazy("Somebody else reads what is sent to the address or number that stood here"),
        required=False,
        help_text=gettext_lazy(
            "When you write a new one, she is told at the former one, without the network’s name. With this mark "
            "nothing is sent there, and whoever leads the division is asked to call her."
        ),
    )

    def __init__(self, *args: Any, person: Person | None = None, **kwargs: Any) -> None:
        if person is not None:
            known = {name: getattr(person, name) for name in CONTACT}
            kwargs["initial"] = known | dict(kwargs.get("initial") or {})
        super().__init__(*args, person=person, **kwargs)
        if person is None or person.is_protected:
            del self.fields["is_former_unsafe"]
        way = self.fields["contact_way"]
        assert isinstance(way, forms.ChoiceField)
        way.choices = ways_offered(_WAYS, kept=person.contact_way if person is not None else "")
        if not sends_texts():
            way.help_text = _("No text messages leave from this installation.")

    def clean(self) -> dict[str, Any]:
        """Ask for both hours or none, and for the address or the number that her way needs."""
        data = super().clean() or {}
        begin, end = data.get("contact_from"), data.get("contact_until")
        if (begin is None) != (end is None) and not {"contact_from", "contact_until"} & set(self.errors):
            self.add_error("contact_from" if begin is None else "contact_until", _("Give both hours, or none."))
        if {"contact_way", "email", "phone"} & set(self.changed_data):
            # Where none of these is touched, what stands there already hinders nobody from correcting the rest.
            self._check_way(data)
        return data

    def _check_way(self, data: Mapping[str, Any]) -> None:
        if data.get("contact_way") == ContactWay.EMAIL and not data.get("email") and "email" not in self.errors:
            self.add_error("email", _("She wants to be written to: give her e-mail address, or choose another way."))
        if data.get("contact_way") in {ContactWay.TEXT, ContactWay.CALL} and not data.get("phone"):
            self.add_error("phone", _("Give her telephone number, or choose another way."))

    @property
    def facts(self) -> dict[str, Any]:
        """Return what was entered, as columns of a person."""
        return super().facts | {name: self.cleaned_data[name] for name in CONTACT}
