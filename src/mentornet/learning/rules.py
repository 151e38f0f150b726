"""Who may write the handbook, and note that somebody was trained."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from mentornet.common.actors import Actor, System
from mentornet.common.answers import ALLOWED, Answer, denied
from mentornet.divisions.rules import may_lead_nation
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.intake.rules import may_work_on
from mentornet.learning.enums import Way
from mentornet.people.enums import Role
from mentornet.people.participants import Participant


def may_write_handbook(by: Actor) -> Answer:
    """The national lead, and the program for what comes with it."""
    return ALLOWED if isinstance(by, System) else may_lead_nation(by)


def may_note_training(by: Actor, enrolment: Enrolment, way: Way | str = Way.ATTENDED) -> Answer:
    """Whoever works with her; she herself what she has read.

    For mentors, whose match waits for it, and mentees alike. That all questions are answered the service asks.
    """
    if isinstance(by, Participant) and by.person_id != enrolment.person_id:
        return denied(_("This is not your training."))
    if enrolment.ended_on is not None:
        return denied(_("She has left. Nothing is noted of her any more."))
    if isinstance(by, Participant):
        return ALLOWED if way == Way.READ else denied(_("Your coordinator notes this for you."))
    return may_work_on(by, enrolment)


def may_take_training_back(by: Actor, enrolment: Enrolment) -> Answer:
    """Whoever works with her."""
    if isinstance(by, Participant):
        return denied(_("Your coordinator can take this back for you."))
    return may_note_training(by, enrolment)


def may_note_read(by: Actor, person_id: UUID) -> Answer:
    """A participant her own reading; staff for whoever tells it."""
    if isinstance(by, Participant):
        return ALLOWED if by.person_id == person_id else denied(_("This is somebody else’s handbook."))
    if isinstance(by, Staff | System):
        return ALLOWED
    return denied(_("Only who has read a chapter can say so."))


def counts_for_the_bank(enrolment: Enrolment) -> bool:
    """Tell whether her training decides when she can be proposed."""
    return enrolment.role == Role.MENTOR and enrolment.briefed_on is None and enrolment.ended_on is None
