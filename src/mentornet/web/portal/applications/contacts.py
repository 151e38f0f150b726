"""What somebody reads who has offered to be a contact person: where it stands, when she hears, and the way out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentornet.intake.applicants import last_written_on, next_word_on
from mentornet.intake.enums import ApplicationState, ContactPersonState
from mentornet.intake.models import ContactPerson
from mentornet.intake.services.contact_persons import end_contact_person
from mentornet.web.portal.applications.shown import Where, steps_of
from mentornet.web.portal.shell import PortalRequest, attempt, portal_page
from mentornet.web.ui.toasts import say

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

_S = ContactPersonState
_WHERE: Final[Mapping[str, tuple[_StrOrPromise, _StrOrPromise]]] = {
    _S.ASKED: (
        gettext_lazy("We have got what you wrote."),
        gettext_lazy("A coordinator reads it. Then she contacts you the way you chose, and you find a time to talk."),
    ),
    _S.CONFIRMED: (
        gettext_lazy("You are a contact person with us."),
        gettext_lazy("Thank you for helping us to find mentors. We write to you when we look for somebody whom you may "
                     "know."),
    ),
    _S.LEFT: (
        gettext_lazy("You are not a contact person with us now."),
        gettext_lazy("That is all right. You do not have to say why. You can write to us again at any time."),
    ),
}  # fmt: skip
_LIKE: Final[Mapping[str, ApplicationState]] = {
    _S.ASKED: ApplicationState.RECEIVED,
    _S.CONFIRMED: ApplicationState.APPROVED,
    _S.LEFT: ApplicationState.WITHDRAWN,
}
"""The state of an application that has come as far."""


def where_contact_is(state: str) -> Where:
    """Return in words where it stands that she is, or wants to be, a contact person."""
    title, words = _WHERE[state]
    return Where(str(title), str(words))


def contact_page(request: PortalRequest, contact: ContactPerson) -> HttpResponse:
    """Say where it stands, when she was last written to, by when she hears, and what she can do."""
    due, today = next_word_on(contact), request.participant.today
    context: dict[str, Any] = {
        "contact": contact,
        "where": where_contact_is(contact.state),
        "steps": steps_of(_LIKE[contact.state]),
        "last_on": last_written_on(contact),
        "due": due if due is not None and due >= today else None,
        "is_late": due is not None and due < today,
    }
    return portal_page(request, "portal/applications/contact.html", office=contact.division, **context)


def contact_stops(request: PortalRequest, contact: ContactPerson) -> HttpResponse:
    """Ask once more; then note that she does not want to be asked."""
    if request.method == "POST" and contact.state != ContactPersonState.LEFT:
        if attempt(request, lambda: end_contact_person(by=request.participant, contact=contact)) is not None:
            say(request, _("It is noted. We do not ask you any more."))
        return redirect("portal:application", application_id=contact.pk)
    if contact.state == ContactPersonState.LEFT:
        return redirect("portal:application", application_id=contact.pk)
    return portal_page(request, "portal/applications/contact_stops.html", office=contact.division, contact=contact)
