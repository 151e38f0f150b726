"""Which of those who work here must not see her: she chooses it herself, and it holds at once."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from mentornet.divisions.queries import hidden_now, staff_at_work
from mentornet.intake.services.hiding import divisions_of_hers, hide
from mentornet.people.queries import own_person
from mentornet.web.access import Policy, PortalRequest, open_to
from mentornet.web.portal.profile.forms import ReadersForm
from mentornet.web.portal.shell import attempt, portal_page, posted
from mentornet.web.ui.toasts import say


@open_to(Policy.PARTICIPANT)
def who_reads(request: PortalRequest) -> HttpResponse:
    """Let her hide from one of the staff of her office, and show from whom she is hidden."""
    by = request.participant
    person = own_person(by.person_id)
    if person is None:
        raise Http404
    hidden = list(hidden_now(by.person_id).select_related("user").order_by("user__name", "pk"))
    staff = staff_at_work(by.today, divisions_of_hers(by.person_id)).exclude(pk__in=[one.user_id for one in hidden])
    form = ReadersForm(posted(request), staff=staff)
    if request.method == "POST" and form.is_valid():
        user = form.cleaned_data["user"]
        if attempt(request, lambda: hide(by=by, person=person, user=user), form) is not None:
            say(request, _("Done. %(name)s does not see you here any more.") % {"name": user.name})
            return redirect("portal:who_reads")
    return portal_page(
        request,
        "portal/profile/who_reads.html",
        form=form,
        hidden=[one.user.name for one in hidden],
        is_anybody_left=bool(staff),
    )
