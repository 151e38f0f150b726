"""What is done for a person's rights."""

from __future__ import annotations

from mentornet.privacy.services.closing import empty_closed_concerns
from mentornet.privacy.services.copying import make_copy
from mentornet.privacy.services.erasing import erase, replay, settle_ledger

__all__ = ["empty_closed_concerns", "erase", "make_copy", "replay", "settle_ledger"]
