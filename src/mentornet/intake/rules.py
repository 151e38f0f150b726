"""Who may do what with applicants and enrolments, and whose rows somebody sees."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.actors import Actor, System
from mentornet.common.answers import ALLOWED, Answer, denied
from mentornet.divisions.rules import may_work_in
from mentornet.divisions.staff import Staff
from mentornet.intake.enums import APPLICATION_STEPS, ApplicationState
from mentornet.intake.models import Application, Enrolment
from mentornet.people.enums import Role
from mentornet.people.models import Avoidance


def visible(by: Actor, path: str = "") -> Q:
    """Return what of any row with a division somebody sees; ``path`` leads to it, such as ``"application__"``."""
    if isinstance(by, System):
        return Q()
    divisions = by.casework if isinstance(by, Staff) else frozenset()
    return Q(**{f"{path}division_id__in": divisions})


def may_work_on(by: Actor, row: Application | Enrolment) -> Answer:
    """Casework in the row's division."""
    return may_work_in(by, row.division_id)


def may_step(by: Actor, application: Application, after: ApplicationState) -> Answer:
    """Tell whether an application may take a step now."""
    if not (answer := may_work_on(by, application)):
        return answer
    if APPLICATION_STEPS.may(application.state, after):
        return ALLOWED
    if not application.is_open:
        return denied(_("This application has been decided already."))
    if application.state == ApplicationState.INTERVIEWED:
        return denied(_("The interview has been written down already. What is left is to decide."))
    return denied(_("The interview comes first: write down what was said, then decide."))


def may_give_word(by: Actor, enrolment: Enrolment) -> Answer:
    """A mentee who waits, a proposal under way or not."""
    if not (answer := may_work_on(by, enrolment)):
        return answer
    if enrolment.role != Role.MENTEE:
        return denied(_("Only mentees wait for a word."))
    if enrolment.ended_on is not None:
        return denied(_("She has left the waiting list."))
    if enrolment.active:
        return denied(_("She has a mentor, and waits no longer."))
    return ALLOWED


def may_rest(by: Actor, enrolment: Enrolment) -> Answer:
    """A mentor who has not left."""
    if not (answer := may_work_on(by, enrolment)):
        return answer
    if enrolment.role != Role.MENTOR:
        return denied(_("Only mentors rest."))
    if enrolment.ended_on is not None:
        return denied(_("She has left already."))
    return ALLOWED


def may_brief(by: Actor, enrolment: Enrolment) -> Answer:
    """A mentor who has not been briefed yet."""
    if not (answer := may_work_on(by, enrolment)):
        return answer
    if enrolment.role != Role.MENTOR:
        return denied(_("Only mentors are briefed."))
    if enrolment.briefed_on is not None:
        return denied(_("She has been briefed already."))
    return ALLOWED


def may_end(by: Actor, enrolment: Enrolment) -> Answer:
    """Nobody leaves while a proposal or a partnership holds her place."""
    if not (answer := may_work_on(by, enrolment)):
        return answer
    if enrolment.ended_on is not None:
        return denied(_("She has left already."))
    if enrolment.promised or enrolment.active:
        return denied(_("She has an open proposal or a running partnership. Close that first, and then this."))
    return ALLOWED


def may_let_meet(by: Actor, application: Application, avoidance: Avoidance) -> Answer:
    """Taking back that two must not meet: whoever works with both of them.

    Who sees only one of them knows neither the other's story nor what made somebody note it.
    """
    if not (answer := may_work_on(by, application)):
        return answer
    other = avoidance.other_id if avoidance.person_id == application.person_id else avoidance.person_id
    if not Application.objects.filter(visible(by), person_id=other).exists():
        return denied(_("The other woman belongs to another division. Whoever works with both can take this back: "
                        "ask the national lead."))  # fmt: skip
    return ALLOWED
