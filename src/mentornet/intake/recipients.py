"""How a letter reaches somebody who is still writing: looked up in her draft when it is sent."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from mentornet.intake.models import ApplicationDraft
from mentornet.messaging.recipients import Recipient

PREFIX: Final = "draft"


def draft_key(draft_id: UUID) -> str:
    """Return the key under which letters reach whoever writes a draft."""
    return f"{PREFIX}:{draft_id}"


def find_recipient(draft_id: str) -> Recipient | None:
    """Return her name, address and language as they stand in the draft; ``None`` when it is gone or sent."""
    draft = ApplicationDraft.objects.filter(pk=draft_id, submitted_at__isnull=True).first()
    if draft is None:
        return None
    return Recipient(
        name=draft.first_name,
        email=draft.email,
        language=draft.language,
        phone=draft.phone,
        way=draft.contact_way,
        hours_from=draft.contact_from,
        hours_until=draft.contact_until,
        hides_network=draft.hides_network,
    )
