"""Who may write the handbook, and note that somebody was trained."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mentornet.common.actors import Actor, System
from mentornet.common.answers import ALLOWED, Answer, denied
from mentornet.divisions.rules import may_lead_nation
from mentornet.intake.models import Enrolment
from mentornet.intake.rules import may_work_on
from mentornet.people.enums import Role


def may_write_handbook(by: Actor) -> Answer:
    """The national lead, and the program for what comes with it."""
    return ALLOWED if isinstance(by, System) else may_lead_nation(by)


def may_note_training(by: Actor, enrolment: Enrolment) -> Answer:
    """Whoever works with her; for mentors, whose match waits for it, and mentees alike."""
    if enrolment.ended_on is not None:
        return denied(_("She has left. Nothing is noted of her any more."))
    return may_work_on(by, enrolment)


def counts_for_the_bank(enrolment: Enrolment) -> bool:
    """Tell whether her training decides when she can be proposed."""
    return enrolment.role == Role.MENTOR and enrolment.briefed_on is None
