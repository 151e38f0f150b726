"""How an application came to us, and what she has agreed to, for the application's page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import time_format
from django.utils.translation import gettext as _

from mentornet.divisions.staff import Staff
from mentornet.intake.applicants import consents_of
from mentornet.intake.models import Application, Referral
from mentornet.intake.queries import names_of
from mentornet.people.enums import ContactWay
from mentornet.people.models import Person
from mentornet.web.ui.own_names import own_name


@dataclass(frozen=True, slots=True)
class Agreed:
    """One consent.

    Attributes:
        words: what it is for; ``text`` is the sentence she read.
        is_back: she has taken it back.
    """

    words: str
    text: str
    language: str
    at: datetime
    heard_by: str
    is_back: bool


@dataclass(frozen=True, slots=True)
class CameIn:
    """How an application came.

    Attributes:
        is_unsure: she was not sure whether the programme's conditions fit her: to be talked over.
        facts: labels and values.
    """

    is_unsure: bool
    facts: list[dict[str, str]]
    consents: list[Agreed]


def way_in(by: Staff, application: Application) -> CameIn:
    """Return how an application came, who sent her, how she may be reached, and what she agrees to."""
    person = application.person
    facts = [(_("Way in"), _way(application)), (_("Led to us by"), _led_by(by, application))]
    if application.language:
        facts.append((_("Written in"), own_name(application.language)))
    facts += reached(person)
    if application.contact_confirmed:
        facts.append((_("Her contact"), _("confirmed by a code")))
    return CameIn(
        is_unsure=application.fits is False,
        facts=[{"label": label, "value": value} for label, value in facts if value],
        consents=[
            Agreed(
                words=one.get_purpose_display(),
                text=one.text.text,
                language=one.text.language,
                at=one.given_at,
                heard_by=one.heard_by_name,
                is_back=one.withdrawn_at is not None,
            )
            for one in consents_of(person.pk)
        ],
    )


def reached(person: Person) -> list[tuple[str, str]]:
    """Return by which way, and at which hours, somebody is reached safely: what each is called, and what it is."""
    facts = []
    if person.contact_way:
        facts.append((_("Safe way"), str(ContactWay(person.contact_way).label)))
    if person.contact_from is not None and person.contact_until is not None:
        hours = {"begin": time_format(person.contact_from, "H:i"), "end": time_format(person.contact_until, "H:i")}
        facts.append((_("Safe hours"), _("%(begin)s to %(end)s") % hours))
    if person.hides_network:
        facts.append((_("Never name the network"), _("yes")))
    return facts


def _way(application: Application) -> str:
    if application.is_imported:
        return _("with a spreadsheet")
    if not application.way_in:
        return ""
    if application.entered_by:
        name = names_of([application.entered_by]).get(application.entered_by, "")
        return _("entered with her by %(name)s") % {"name": name} if name else application.get_way_in_display()
    return application.get_way_in_display()


def led_by(by: Staff, referral: Referral | None) -> str:
    """Return who has led somebody to us; nobody where that one is hidden from whoever asks."""
    return "" if referral is None or referral.person_id in by.hidden else referral.person.name


def _led_by(by: Staff, application: Application) -> str:
    if name := led_by(by, application.referred_by):
        return name
    return application.get_referrer_display() if application.referrer else ""
