"""Contact persons of the actor's divisions: the list, one of them, and welcoming her."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from mentornet.common.spoken import reference_language
from mentornet.intake.applicants import consents_of, contact_persons_by_state, visible_contact_persons
from mentornet.intake.enums import ContactPersonState
from mentornet.intake.models import ContactPerson
from mentornet.intake.services.contact_persons import confirm_contact_person, end_contact_person
from mentornet.sourcing.queries import led_to
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt
from mentornet.web.desk.people.way_in import led_by, reached
from mentornet.web.ui.listed import said
from mentornet.web.ui.toasts import say
from reference import occupations

PAGE: Final = 25
TONES: Final[dict[str, tuple[str, str]]] = {
    ContactPersonState.ASKED: ("info", "import"),
    ContactPersonState.CONFIRMED: ("good", "check-circle"),
    ContactPersonState.LEFT: ("quiet", "archive"),
}
_TABS: Final[tuple[tuple[str, str | Promise], ...]] = (
    (ContactPersonState.ASKED, gettext_lazy("To call")),
    (ContactPersonState.CONFIRMED, pgettext_lazy("contact persons", "Confirmed")),
    (ContactPersonState.LEFT, pgettext_lazy("contact persons", "Left")),
)


@open_to(Policy.CASEWORK)
def contact_persons(request: DeskRequest) -> HttpResponse:
    """List contact persons by how they stand; who has just written first."""
    every = visible_contact_persons(request.actor)
    counts = contact_persons_by_state(every)
    usual = ContactPersonState.ASKED if counts.get(ContactPersonState.ASKED) else ContactPersonState.CONFIRMED
    state = request.GET.get("state", "")
    state = state if state in ContactPersonState.values else usual
    page = Paginator(every.filter(state=state), PAGE).get_page(request.GET.get("page"))
    tabs = [
        {"label": label, "url": "?" + urlencode({"state": name}), "is_current": name == state,
         "count": counts.get(name, 0)}
        for name, label in _TABS
    ]  # fmt: skip
    rows = [(one, *TONES[one.state]) for one in page.object_list]
    return render(request, "desk/contacts/contact_persons.html", {"rows": rows, "page": page, "tabs": tabs})


def _contact(request: DeskRequest, contact_id: UUID) -> ContactPerson:
    return get_object_or_404(visible_contact_persons(request.actor), pk=contact_id)


@open_to(Policy.CASEWORK)
def contact_person(request: DeskRequest, contact_id: UUID) -> HttpResponse:
    """Show where somebody knows people, how she is reached, and what comes next."""
    found = _contact(request, contact_id)
    language = reference_language()
    context = {
        "contact": found,
        "person": found.person,
        "reached": reached(found.person),
        "led_by": led_by(request.actor, found.referred_by),
        "tone": TONES[found.state],
        "groups": [said(occupations.title(code, language)) for code in found.groups or ()],
        "helped": led_to([found]),
        "consents": [one for one in consents_of(found.person_id) if one.withdrawn_at is None],
    }
    return render(request, "desk/contacts/contact_person.html", context)


@open_to(Policy.CASEWORK)
@require_POST
def confirm(request: DeskRequest, contact_id: UUID) -> HttpResponse:
    """Welcome her: she is asked from now on."""
    found = _contact(request, contact_id)
    if attempt(request, lambda: confirm_contact_person(by=request.actor, contact=found)) is not None:
        say(request, _("%(name)s is a contact person now, and gets a letter.") % {"name": found.person.first_name})
    return redirect("desk:contact_person", contact_id=found.pk)


@open_to(Policy.CASEWORK)
@require_POST
def end(request: DeskRequest, contact_id: UUID) -> HttpResponse:
    """Note that she has left, or does not want to begin."""
    found = _contact(request, contact_id)
    if attempt(request, lambda: end_contact_person(by=request.actor, contact=found)) is not None:
        say(request, _("Noted. She is asked no more; she can write to us again at any time."))
    return redirect("desk:contact_person", contact_id=found.pk)
