"""What comes round by itself."""

from __future__ import annotations

from mentornet.common.jobs import every
from mentornet.followup.queries import WATCH
from mentornet.followup.services import tell_of_unread

every(name=WATCH, minutes=60)(tell_of_unread)
