"""Whether somebody has left a division, and how: before she is written to, asked, or counted on."""

from __future__ import annotations

from enum import StrEnum
from typing import Final
from uuid import UUID

from mentornet.common.actors import Actor
from mentornet.intake.applicants import visible_contact_persons
from mentornet.intake.enums import OPEN_STATES, ApplicationState, ContactPersonState
from mentornet.intake.queries import applications_of_person, visible_enrolments


class Left(StrEnum):
    """How somebody has left."""

    WITHDRAWN = "withdrawn"
    """She took her application back, and was told that we write to her no more."""
    DECLINED = "declined"
    """There was no place for her."""
    ENDED = "ended"
    """She took part, and does no more."""


_BY_STATE: Final = {
    ApplicationState.WITHDRAWN: Left.WITHDRAWN,
    ApplicationState.DECLINED: Left.DECLINED,
    ApplicationState.APPROVED: Left.ENDED,
}


def how_left(by: Actor, person_id: UUID) -> Left | None:
    """Return how somebody has left the actor's divisions; ``None`` while anything of hers goes on there."""
    states = list(applications_of_person(by, person_id).values_list("state", flat=True))
    if not states or set(states) & set(OPEN_STATES):
        return None
    if visible_enrolments(by).filter(person_id=person_id, ended_on__isnull=True).exists():
        return None
    contacts = visible_contact_persons(by).filter(person_id=person_id)
    if contacts.exclude(state=ContactPersonState.LEFT).exists():
        return None
    return _BY_STATE.get(ApplicationState(states[0]))
