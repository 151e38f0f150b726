"""What comes round by itself."""

from __future__ import annotations

from mentornet.common.jobs import every
from mentornet.privacy.services.closing import empty_closed_concerns, has_closed_concerns
from mentornet.privacy.services.erasing import settle_ledger

every(name="settle the erasure ledger", minutes=5)(settle_ledger)
every(name="empty closed concerns of the erased", minutes=60, when=has_closed_concerns)(empty_closed_concerns)
