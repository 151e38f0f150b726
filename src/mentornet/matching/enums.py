"""States of a proposal, its answers, and the reasons of a no."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mentornet.common.states import Transitions


class ProposalState(models.TextChoices):
    """How far a proposal has come."""

    DRAFT = "draft", _("draft")
    SENT = "sent", _("waiting for answers")
    TO_MEET = "to_meet", _("to meet first")
    MET = "met", _("have met, waiting for answers")
    ACCEPTED = "accepted", pgettext_lazy("proposal", "accepted")
    DECLINED = "declined", pgettext_lazy("proposal", "declined")
    EXPIRED = "expired", pgettext_lazy("proposal", "expired")
    WITHDRAWN = "withdrawn", pgettext_lazy("proposal", "withdrawn")


_S = ProposalState
PROPOSAL_STEPS: Final = Transitions(
    {
        _S.DRAFT: (_S.SENT, _S.WITHDRAWN),
        _S.SENT: (_S.TO_MEET, _S.ACCEPTED, _S.DECLINED, _S.EXPIRED, _S.WITHDRAWN),
        _S.TO_MEET: (_S.MET, _S.DECLINED, _S.EXPIRED, _S.WITHDRAWN),
        _S.MET: (_S.ACCEPTED, _S.DECLINED, _S.EXPIRED, _S.WITHDRAWN),
        _S.ACCEPTED: (),
        _S.DECLINED: (),
        _S.EXPIRED: (),
        _S.WITHDRAWN: (),
    }
)
STEPS_BACK: Final = Transitions(
    {
        _S.TO_MEET: (_S.SENT,),
        _S.MET: (_S.TO_MEET,),
        _S.ACCEPTED: (_S.SENT, _S.MET),
        _S.DECLINED: (_S.SENT, _S.MET),
        _S.WITHDRAWN: (_S.DRAFT, _S.SENT, _S.TO_MEET, _S.MET),
    }
)
"""Where a proposal stands again when what was noted wrongly is taken back; what has expired stays so."""
HOLDING: Final = (_S.SENT, _S.TO_MEET, _S.MET)
"""The states in which both sides' places are held."""


class Side(models.TextChoices):
    """Who answers."""

    MENTEE = "mentee", _("mentee")
    MENTOR = "mentor", _("mentor")


class Round(models.TextChoices):
    """What is answered: the proposal itself, or whether to go on after the first meeting."""

    PROPOSAL = "proposal", _("to the proposal")
    AFTER_MEETING = "after_meeting", _("after the meeting")


class Reply(models.TextChoices):
    """Yes or no."""

    YES = "yes", _("yes")
    NO = "no", _("no")


class Channel(models.TextChoices):
    """How an answer reached the coordinator; the last one needed nobody who took it down."""

    PHONE = "phone", _("by telephone")
    IN_PERSON = "in_person", pgettext_lazy("how an answer was heard", "in person")
    EMAIL = "email", _("by e-mail")
    TEXT = "text", _("by text message")
    SELF = "self", _("on her own page")


HEARD: Final = tuple(channel for channel in Channel if channel != Channel.SELF)
"""How a coordinator can have heard what she takes down."""


class DeclineReason(models.TextChoices):
    """Why somebody says no; none of them blames."""

    TIME = "time", _("not the time for it now")
    PLACE = "place", _("too far, or another way to meet")
    FIELD = "field", _("another field is needed")
    LANGUAGE = "language", _("the language")
    PERSON = "person", _("knows her, or would rather somebody else")
    FOUND = "found", _("has found help elsewhere")
    NO_ANSWER = "no_answer", _("could not be reached")
    OTHER = "other", _("another reason")
    UNSAID = "unsaid", _("would rather not say")


OWN_REASONS: Final = tuple(reason for reason in DeclineReason if reason != DeclineReason.NO_ANSWER)
"""What she can choose on her own page: whoever answers was reached."""
