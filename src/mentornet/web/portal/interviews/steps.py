"""The talk as the one next step on her first page."""

from __future__ import annotations

from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from mentornet.accounts.enums import Purpose
from mentornet.intake.enums import ApplicationState
from mentornet.intake.models import InterviewOffer
from mentornet.intake.planner import times_for
from mentornet.intake.queries import booked_interview
from mentornet.web.links import register_page
from mentornet.web.portal.interviews.shown import booked_words
from mentornet.web.portal.standing import Standing
from mentornet.web.portal.steps import Step, register

ORDER: Final = 15
"""After what somebody else waits for."""


def next_step(standing: Standing) -> Step | None:
    """Return what she is asked about the talk: to choose a time, or to come."""
    for application in standing.applications:
        url = reverse("portal:interview", args=[application.pk])
        if application.state == ApplicationState.BOOKED and (booked := booked_interview(application)) is not None:
            said = booked_words(booked)
            words = _("%(day)s at %(time)s. %(place)s") % {"day": said.day, "time": said.time, "place": said.place}
            return Step(title=_("You have an appointment"), words=words, url=url, button=_("See the appointment"))
        if application.state != ApplicationState.RECEIVED:
            continue
        offer: InterviewOffer | None = getattr(application, "offer", None)
        if offer is not None and offer.refused_at is None and times_for(standing.by, application).exists():
            return Step(
                title=_("We want to talk with you"),
                words=_("Choose a day and a time that suit you."),
                url=url,
                button=_("Choose a time"),
                warm=True,
            )
    return None


register(ORDER, next_step)
register_page(Purpose.INTERVIEW, "portal:interview", "application_id")
