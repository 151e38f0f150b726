"""Reminding, once, whoever has not begun or ended her training some days after she was approved."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import transaction

from mentornet.accounts.enums import Purpose
from mentornet.common.actors import System
from mentornet.intake.models import Enrolment
from mentornet.learning.queries import to_remind
from mentornet.messaging.services import queue_letter
from mentornet.people.recipients import person_key

EVENT: Final = "training_waits"
REMIND_AFTER: Final = timedelta(days=3)
REMIND_WITHIN: Final = timedelta(days=14)
"""Whom we have not reminded by then is left in peace: also those who were there before this was asked of anybody."""


def remind_of_training(*, by: System) -> int:
    """Write once to those who were approved some days ago and have parts of their training left.

    Returns:
        How many letters were written.
    """
    return sum(_remind(by, enrolment) for enrolment in to_remind(by.at - REMIND_WITHIN, by.at - REMIND_AFTER, EVENT))


@transaction.atomic
def _remind(by: System, enrolment: Enrolment) -> bool:
    # Locked and asked again: a second worker, or this one after it was cut short, must not write twice.
    Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
    if not to_remind(by.at - REMIND_WITHIN, by.at - REMIND_AFTER, EVENT, only=enrolment.pk):
        return False
    queue_letter(
        by=by,
        recipient=person_key(enrolment.person_id),
        event=EVENT,
        values={"link": f"{Purpose.TRAINING.value}:{enrolment.pk}"},
        about_id=enrolment.pk,
        division_id=enrolment.division_id,
    )
    return True
