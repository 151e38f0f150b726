"""Backups that come by themselves."""

from __future__ import annotations

from mentornet.backups.queries import is_backup_due, is_drill_due
from mentornet.backups.services.nightly import back_up_nightly, drill_weekly
from mentornet.common.jobs import every

# Tried again within the hour when it fails.
every(name="backups.nightly", minutes=5, when=is_backup_due, slow=True)(back_up_nightly)
every(name="backups.drill", minutes=60, when=is_drill_due, slow=True)(drill_weekly)
