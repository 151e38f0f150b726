"""Who may set up a programme."""

from __future__ import annotations

from mentornet.common.actors import Actor, System
from mentornet.common.answers import ALLOWED, Answer
from mentornet.divisions.models import Division
from mentornet.divisions.rules import may_lead, may_lead_nation
from mentornet.programmes.models import Programme


def may_start_programme(by: Actor, division: Division | None) -> Answer:
    """A national programme is the national lead's to start, a local one the division lead's."""
    if isinstance(by, System):
        return ALLOWED
    return may_lead_nation(by) if division is None else may_lead(by, division.pk)


def may_set_up_programme(by: Actor, programme: Programme) -> Answer:
    """Changing follows starting."""
    return may_start_programme(by, programme.division)
