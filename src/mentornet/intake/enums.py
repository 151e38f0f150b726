"""States of an application and the steps between them, and what the bank is searched by."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mentornet.common.states import Transitions


class ApplicationState(models.TextChoices):
    """How far an application has come."""

    DRAFT = "draft", _("draft")
    PRE_REGISTERED = "pre_registered", _("pre-registered")
    RECEIVED = "received", _("received")
    BOOKED = "booked", _("interview booked")
    INTERVIEWED = "interviewed", _("interviewed")
    APPROVED = "approved", _("approved")
    DECLINED = "declined", pgettext_lazy("application", "declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("application", "withdrawn")


_S = ApplicationState
APPLICATION_STEPS: Final = Transitions(
    {
        _S.DRAFT: (_S.PRE_REGISTERED, _S.RECEIVED, _S.WITHDRAWN),
        _S.PRE_REGISTERED: (_S.RECEIVED, _S.WITHDRAWN),
        _S.RECEIVED: (_S.BOOKED, _S.INTERVIEWED, _S.DECLINED, _S.WITHDRAWN),
        _S.BOOKED: (_S.RECEIVED, _S.BOOKED, _S.INTERVIEWED, _S.DECLINED, _S.WITHDRAWN),
        _S.INTERVIEWED: (_S.APPROVED, _S.DECLINED, _S.WITHDRAWN),
        _S.APPROVED: (),
        _S.DECLINED: (),
        _S.WITHDRAWN: (),
    }
)
OPEN_STATES: Final = (_S.DRAFT, _S.PRE_REGISTERED, _S.RECEIVED, _S.BOOKED, _S.INTERVIEWED)


class EndReason(models.TextChoices):
    """Why somebody has left a waiting list or the mentor bank for good."""

    WITHDREW = "withdrew", _("withdrew")
    MOVED = "moved", _("moved away")
    NO_CONTACT = "no_contact", _("could not be reached")
    DONE = "done", _("has what she came for")
    OTHER = "other", _("another reason")


class Facet(StrEnum):
    """What mentors can be filtered by; the value is the name in an address."""

    DIVISION = "division"
    PROGRAMME = "programme"
    LANGUAGE = "language"
    FIELD = "field"
    TOPIC = "topic"
    MEETING = "meeting"
    TIME = "time"
    PLACES = "places"
    IDLE = "idle"
