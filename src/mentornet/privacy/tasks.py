"""What comes round by itself."""

from __future__ import annotations

from mentornet.common.jobs import every
from mentornet.privacy.services.closing import empty_closed_concerns, has_closed_concerns
from mentornet.privacy.services.erasing import settle_ledger
from mentornet.privacy.services.keeping import is_night_due, keep_no_longer
from mentornet.privacy.services.merging import forget_old_steps, has_old_steps
from mentornet.privacy.services.restricting import has_rests_over, lift_what_is_over

every(name="settle the erasure ledger", minutes=5)(settle_ledger)
every(name="empty closed concerns of the erased", minutes=60, when=has_closed_concerns)(empty_closed_concerns)
# A round erases a few people and comes back, so that letters leave between.
every(name="privacy.retention", minutes=1, when=is_night_due)(keep_no_longer)
every(name="end the rest of data", minutes=60, when=has_rests_over)(lift_what_is_over)
every(name="forget what merges moved", minutes=60, when=has_old_steps)(forget_old_steps)
