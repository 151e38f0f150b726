"""What comes round by itself."""

from __future__ import annotations

from mentornet.common.jobs import every
from mentornet.learning.services.reminding import remind_of_training

every(name="remind of training", minutes=60)(remind_of_training)
