"""How a letter reaches an expert: looked up when it is sent."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from mentornet.messaging.recipients import Recipient
from mentornet.sourcing.enums import EMPTIED
from mentornet.sourcing.models import Prospect

PREFIX: Final = "prospect"


def prospect_key(prospect_id: UUID) -> str:
    """Return the key under which letters reach an expert."""
    return f"{PREFIX}:{prospect_id}"


def find_recipient(prospect_id: str) -> Recipient | None:
    """Return her name and address as they are now; ``None`` once she has said no, or her time is over."""
    found = Prospect.objects.filter(pk=prospect_id).exclude(state__in=EMPTIED).first()
    if found is None:
        return None
    return Recipient(name=found.name, email=found.email, language=found.language, phone="")
