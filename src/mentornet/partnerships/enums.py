"""States of a partnership and why one ends; what the two agree on, and what they tell of."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mentornet.common.states import Transitions


class PartnershipState(models.TextChoices):
    """How a partnership stands."""

    MATCHED = "matched", _("matched, not yet begun")
    ACTIVE = "active", _("active")
    PAUSED = "paused", _("paused")
    CLOSING = "closing", _("closing")
    CLOSED = "closed", _("closed")


_S = PartnershipState
PARTNERSHIP_STEPS: Final = Transitions(
    {
        _S.MATCHED: (_S.ACTIVE, _S.PAUSED, _S.CLOSING, _S.CLOSED),
        _S.ACTIVE: (_S.PAUSED, _S.CLOSING, _S.CLOSED),
        _S.PAUSED: (_S.MATCHED, _S.ACTIVE, _S.CLOSING, _S.CLOSED),
        _S.CLOSING: (_S.MATCHED, _S.ACTIVE, _S.CLOSED),
        _S.CLOSED: (),
    }
)
STEPS_BACK: Final = Transitions({_S.CLOSED: (_S.MATCHED, _S.ACTIVE)})
"""The way back of an ending that was noted wrongly."""
RUNNING: Final = (_S.MATCHED, _S.ACTIVE, _S.PAUSED, _S.CLOSING)


class ClosingReason(models.TextChoices):
    """Why a partnership has ended."""

    GOAL = "goal", _("goal reached")
    AGREED = "agreed", _("ended as agreed")
    MOVED = "moved", _("moved away")
    TIME = "time", _("no time")
    NO_CONTACT = "no_contact", _("lost contact")
    MISMATCH = "mismatch", _("did not fit")
    SAFETY = "safety", _("safety")
    OTHER = "other", _("another reason")
    UNKNOWN = "unknown", _("not known")


class MeetingWay(models.TextChoices):
    """How the two met."""

    IN_PERSON = "in_person", pgettext_lazy("how they met", "face to face")
    ONLINE = "online", pgettext_lazy("how they met", "on a screen")
    PHONE = "phone", pgettext_lazy("how they met", "on the phone")


class SharedContact(models.TextChoices):
    """What of her contact details her partner sees; nothing until she has chosen."""

    PHONE = "phone", _("my phone number")
    EMAIL = "email", _("my e-mail address")
    BOTH = "both", _("my phone number and my e-mail address")


class SignedHow(models.TextChoices):
    """How an agreement was signed."""

    HERSELF = "herself", _("on her own page")
    PAPER = "paper", _("on paper, noted by a coordinator")


class Door(models.TextChoices):
    """What kind of door was opened."""

    PERSON = "person", pgettext_lazy("door opened", "a talk with somebody in the field")
    COMPANY = "company", pgettext_lazy("door opened", "contact with a workplace")
    VISIT = "visit", pgettext_lazy("door opened", "a visit to a workplace")
    EVENT = "event", pgettext_lazy("door opened", "an event or a meeting")
    APPLICATION = "application", pgettext_lazy("door opened", "somebody in the field read a CV or an application")
    ASSOCIATION = "association", pgettext_lazy("door opened", "an association or a course")
    OTHER = "other", pgettext_lazy("door opened", "another door")


class Sector(models.TextChoices):
    """Where the door leads: the sections of NACE, drawn together and as one says them."""

    CARE = "care", pgettext_lazy("sector", "health and care")
    EDUCATION = "education", pgettext_lazy("sector", "schools, day care and education")
    SHOPS = "shops", pgettext_lazy("sector", "shops and sales")
    FOOD = "food", pgettext_lazy("sector", "kitchens, cafés and hotels")
    CLEANING = "cleaning", pgettext_lazy("sector", "cleaning and service")
    OFFICE = "office", pgettext_lazy("sector", "offices and accounts")
    IT = "it", pgettext_lazy("sector", "IT and technology")
    INDUSTRY = "industry", pgettext_lazy("sector", "industry and building")
    TRANSPORT = "transport", pgettext_lazy("sector", "transport and storage")
    PUBLIC = "public", pgettext_lazy("sector", "public offices")
    CULTURE = "culture", pgettext_lazy("sector", "culture, media and associations")
    OWN = "own", pgettext_lazy("sector", "a business of her own")
    OTHER = "other", pgettext_lazy("sector", "something else")


class CameOfIt(models.TextChoices):
    """What came of an opened door."""

    NOTHING_YET = "nothing_yet", pgettext_lazy("what came of it", "nothing yet")
    TALK = "talk", pgettext_lazy("what came of it", "a talk")
    INTERNSHIP = "internship", pgettext_lazy("what came of it", "an internship")
    INTERVIEW = "interview", pgettext_lazy("what came of it", "a job interview")
    JOB = "job", pgettext_lazy("what came of it", "a job")
    OTHER = "other", pgettext_lazy("what came of it", "something else")
