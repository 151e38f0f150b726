"""What the acts on an application share: its steps, its letters, and the time that it holds in the planner."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _

from mentornet.accounts.enums import Purpose
from mentornet.common.actors import Actor, System
from mentornet.common.answers import ChangedMeanwhileError, require
from mentornet.intake.enums import APPLICATION_STEPS, ApplicationState
from mentornet.intake.models import Application, Interview, InterviewSlot
from mentornet.intake.rules import may_step
from mentornet.messaging.models import Letter
from mentornet.messaging.services import call_back_letters, queue_letter
from mentornet.people.recipients import person_key

CANCELLED: Final = "cancelled"
NO_TIME: Final = "no_time"
"""Why somebody is to find another time for an interview: the word ``why`` of its task."""
_ABOUT_A_DAY: Final = ("interview_invitation", "interview_moved", "interview_reminder")


def write_to(by: Actor, application: Application, event: str, *, purpose: Purpose | None = None, **values: str) -> None:
    """Write to the applicant; with a ``purpose`` the letter has her personal link to that page."""
    if purpose is not None:
        values["link"] = f"{purpose.value}:{application.pk}"
    queue_letter(
        by=by,
        recipient=person_key(application.person_id),
        event=event,
        values=values,
        about_id=application.pk,
        division_id=application.division_id,
    )


def take_step(by: Actor, application: Application, after: ApplicationState) -> None:
    """Take a step, unless somebody else has taken another one meanwhile."""
    require(may_step(by, application, after))
    changed = Application.objects.filter(pk=application.pk, state__in=APPLICATION_STEPS.sources(after)).update(
        state=after
    )
    if not changed:
        raise ChangedMeanwhileError(_("Somebody else has worked on this application meanwhile. Look at it again."))
    application.state = after


def booked_now(application: Application) -> Interview | None:
    """Return the interview that is booked; whoever asks has taken a step, so it stands until the act is over."""
    return application.interviews.filter(held_at__isnull=True, cancelled_at__isnull=True).first()


def let_go_of_interview(by: Actor, application: Application) -> None:
    """Cancel what is booked, free its time for others, and keep back what was to be written about that day."""
    application.interviews.filter(held_at__isnull=True, cancelled_at__isnull=True).update(cancelled_at=by.at)
    free_time(application)
    keep_back_letters(by, application)


def free_time(application: Application) -> None:
    """Give the time that an application holds in the planner back to the others."""
    InterviewSlot.objects.filter(application=application).update(application=None)


def keep_back_letters(by: Actor, application: Application) -> bool:
    """Call back letters about a day that holds no longer; tell whether one has left, and must be corrected."""
    told = Letter.objects.filter(about_id=application.pk, event__in=_ABOUT_A_DAY).order_by("created_at", "pk")
    # By the program: whoever moves an interview moves with it what a colleague, or she herself, has caused.
    return bool(call_back_letters(by=System("intake.keep_back_letters", by.at), letters=told))
