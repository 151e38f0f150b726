"""States of a partnership, and why one ends."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

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
