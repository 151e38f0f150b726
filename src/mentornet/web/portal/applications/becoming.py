"""She was a mentee, and wants to be a mentor: what we take over of what we know, and one button."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from mentornet.intake.models import Enrolment
from mentornet.intake.queries import own_enrolments
from mentornet.intake.services.becoming import become_mentor
from mentornet.people.enums import Role
from mentornet.people.participants import Participant
from mentornet.web.access import Policy, PortalRequest, open_to
from mentornet.web.portal.shell import attempt, portal_page
from mentornet.web.ui.toasts import say


def ended_place(by: Participant) -> Enrolment | None:
    """Return where she was a mentee last, if that has ended."""
    return own_enrolments(by).filter(role=Role.MENTEE, ended_on__isnull=False).order_by("-ended_on", "pk").first()


@open_to(Policy.PARTICIPANT)
def become(request: PortalRequest) -> HttpResponse:
    """Say what happens, and what we take over; then send the application."""
    by = request.participant
    enrolment = ended_place(by)
    if enrolment is None:
        return redirect("portal:home")
    if request.method == "POST":
        sent = attempt(request, lambda: become_mentor(by=by, enrolment=enrolment))
        if sent is None:
            return redirect("portal:home")
        say(request, _("Thank you. We have got your application, and talk with you soon."))
        return redirect("portal:application", application_id=sent.pk)
    return portal_page(
        request,
        "portal/applications/become.html",
        enrolment=enrolment,
        profile=enrolment.profile,
        office=enrolment.division,
    )
