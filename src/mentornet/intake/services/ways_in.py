"""What a coordinator does at once when somebody calls whose telephone is in other hands."""

from __future__ import annotations

from django.db import transaction

from mentornet.common.actors import Actor
from mentornet.common.answers import require
from mentornet.divisions.rules import may_work_in
from mentornet.intake.models import Application, ContactPerson
from mentornet.people import ways_in


@transaction.atomic
def lose_telephone(*, by: Actor, known_by: Application | ContactPerson) -> None:
    """End all that opens the pages of somebody: she has lost her telephone, or somebody else reads it.

    She comes in again by a code. Where that goes is not changed by this. What she is still writing as an application
    is nobody's yet, and goes on.

    Args:
        by: who hears of it.
        known_by: a row by which the actor's division knows her.

    Raises:
        NotAllowedError: not the actor's division.
    """
    require(may_work_in(by, known_by.division_id))
    ways_in.lose_telephone(by=by, person=known_by.person)
