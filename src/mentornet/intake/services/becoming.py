"""A mentee who wants to become a mentor: her application begins from what is known of her."""

from __future__ import annotations

from typing import Final

from django.db import transaction

from mentornet.common.answers import require
from mentornet.intake.applicant_rules import may_become_mentor
from mentornet.intake.enums import OPEN_STATES
from mentornet.intake.models import Application, Enrolment
from mentornet.intake.services.applications import receive_application
from mentornet.people.enums import Role
from mentornet.people.participants import Participant
from mentornet.people.services import hold_people

TAKEN_OVER: Final = (
    *("about", "occupation", "occupation_title", "sector", "education", "topics", "interests"),
    *("availability", "meeting"),
)
"""What of a mentee's profile her profile as a mentor begins with."""


@transaction.atomic
def become_mentor(*, by: Participant, enrolment: Enrolment) -> Application:
    """Apply as a mentor where somebody was a mentee, with what is known of her. Pressed twice it is one application.

    A talk and the training follow as for anybody.

    Raises:
        NotAllowedError: it is not her own place, it still runs, or she is a mentor there.
    """
    # Held till the end: whoever presses twice waits here, and finds it sent.
    hold_people([by.person_id])
    enrolment = Enrolment.objects.select_related("person", "profile", "programme", "division").get(pk=enrolment.pk)
    hers = Application.objects.filter(
        person_id=by.person_id, role=Role.MENTOR, programme=enrolment.programme_id, state__in=OPEN_STATES
    )
    known = hers.first()
    if known is not None:
        return known
    is_mentor = Enrolment.objects.filter(person_id=by.person_id, role=Role.MENTOR, ended_on__isnull=True).exists()
    require(may_become_mentor(by, enrolment, is_mentor=is_mentor))
    facts = {name: getattr(enrolment.profile, name) for name in TAKEN_OVER}
    return receive_application(
        by=by,
        programme=enrolment.programme,
        division=enrolment.division,
        role=Role.MENTOR,
        person=enrolment.person,
        profile_facts={name: value for name, value in facts.items() if value not in ("", None)},
        facts={"language": enrolment.person.language},
    )
