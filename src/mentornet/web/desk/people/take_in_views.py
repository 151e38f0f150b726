"""Taking in somebody who was pre-registered while the intake was closed."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from mentornet.intake.enums import ApplicationState
from mentornet.intake.queries import visible_applications
from mentornet.intake.services.windows import take_in as take_in_one
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt
from mentornet.web.desk.people.standing import ROLES
from mentornet.web.ui.toasts import say


@open_to(Policy.CASEWORK)
def take_in(request: DeskRequest, application_id: UUID) -> HttpResponse:
    """Say what taking her in means; then do it. She gets a letter."""
    found = get_object_or_404(visible_applications(request.actor), pk=application_id)
    if request.method == "POST":
        if attempt(request, lambda: take_in_one(by=request.actor, application=found)) is not None:
            say(request, _("Taken in. She gets a letter. The next step is the interview."))
        return redirect("desk:application", application_id=found.pk)
    if found.state != ApplicationState.PRE_REGISTERED:
        return redirect("desk:application", application_id=found.pk)
    context = {"application": found, "person": found.person, "role": ROLES[found.role]}
    return render(request, "desk/people/application_take_in.html", context)
