"""She has lost her telephone: what opens her pages is ended at once."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from mentornet.intake.services.ways_in import lose_telephone
from mentornet.people.services import letters_go_to
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt
from mentornet.web.desk.people.her_page import her_page, known_by
from mentornet.web.ui.toasts import say


@open_to(Policy.CASEWORK)
def lost_telephone(request: DeskRequest, person_id: UUID) -> HttpResponse:
    """Say what ends and what does not, and end it; of a contact person too."""
    known = known_by(request.actor, person_id)
    if known is None:
        raise Http404
    page = her_page(request.actor, person_id)

    def act() -> bool:
        lose_telephone(by=request.actor, known_by=known)
        return True

    if request.method == "POST" and attempt(request, act):
        say(request, _("She is signed out everywhere, and nothing that was sent to her opens her pages any more."))
        return redirect(page)
    context = {
        "person": known.person,
        "person_url": page,
        "goes_to": letters_go_to(known.person),
    }
    return render(request, "desk/people/lost_telephone.html", context)
