"""What comes round by itself, and what is asked for by name."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone

from mentornet.common.actors import System
from mentornet.common.jobs import every, register_job
from mentornet.followup.queries import WATCH
from mentornet.followup.services import (
    ask_for_talks,
    ask_weekly,
    fit_history,
    is_cadence_due,
    look_for_signs,
    see_to_afterwards,
    see_to_letters,
    sound_alarms,
    tell_of_unread,
    thank_for_years,
)
from mentornet.followup.services.fits import FIT

every(name=WATCH, minutes=60)(tell_of_unread)
every(name="ask afterwards", minutes=6 * 60)(see_to_afterwards)
every(name="look for early signs", minutes=24 * 60, slow=True)(look_for_signs)
every(name="ask how long partnerships last", minutes=7 * 24 * 60)(ask_weekly)
every(name="followup.cadence", minutes=0.2, when=is_cadence_due)(ask_for_talks)
every(name="letters to mentors", minutes=60)(see_to_letters)
every(name="thanks for the years", minutes=24 * 60)(thank_for_years)
every(name="tell of words that nobody has taken", minutes=60)(sound_alarms)


@register_job(FIT)
def fit(*, fit_id: str, attempt: int) -> None:
    """Compute how long partnerships last. Asked twice, or for an earlier attempt, it does nothing."""
    fit_history(by=System("survival", timezone.now()), fit_id=UUID(fit_id), attempt=attempt, clock=timezone.now)
