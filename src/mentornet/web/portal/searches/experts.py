"""An expert's own page: who we are, where we have her name from, all that is kept of her, and how she says no."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from mentornet.accounts.enums import Purpose
from mentornet.common.actors import Visitor
from mentornet.common.spoken import reference_language
from mentornet.divisions.queries import organisation
from mentornet.sourcing import services
from mentornet.sourcing.models import Prospect
from mentornet.sourcing.queries import prospect_by_id
from mentornet.sourcing.replies import TO_HERSELF, LegalBasis
from mentornet.web.access import Policy, open_to
from mentornet.web.links import by_link
from mentornet.web.portal.shell import PortalRequest, attempt, portal_page
from mentornet.web.ui.listed import said
from reference import languages as language_names
from reference import occupations

_hers = by_link(Purpose.EXPERT, "prospect_id")


def _prospect(request: PortalRequest, prospect_id: UUID) -> Prospect:
    """Return whose link it is; whoever has signed in here is somebody else."""
    found = prospect_by_id(prospect_id)
    if found is None or request.grant is None or request.grant.person_id is not None:
        raise Http404
    return found


@open_to(Policy.PERSONAL)
@_hers
def expert(request: PortalRequest, prospect_id: UUID) -> HttpResponse:
    """Tell her everything: who we are, why we have her name, and what stands there; she says yes, no, or nothing."""
    found = _prospect(request, prospect_id)
    if request.method == "POST":
        attempt(request, lambda: services.say_yes(by=Visitor(timezone.now()), prospect=found))
        return redirect("portal:expert", prospect_id=found.pk)
    language = reference_language()
    context: dict[str, Any] = {
        "expert": found,
        "network": organisation(),
        "field": said(occupations.title_to_read(found.occupation, language)) if found.occupation else "",
        "ground": TO_HERSELF[LegalBasis(found.basis)],
        "spoken": [said(language_names.name(code, language)) for code in found.languages or ()],
    }
    return portal_page(request, "portal/searches/expert.html", office=found.division, **context)


@open_to(Policy.PERSONAL)
@_hers
def never(request: PortalRequest, prospect_id: UUID) -> HttpResponse:
    """Ask her once more; then delete what is kept of her, for ever."""
    found = _prospect(request, prospect_id)
    if request.method == "POST":

        def ended() -> bool:
            services.shut_out(by=Visitor(timezone.now()), prospect=found)
            return True

        if attempt(request, ended):
            return redirect("portal:expert_deleted")
    back = reverse("portal:expert", args=[found.pk])
    return portal_page(request, "portal/searches/never.html", office=found.division, expert=found, back=back)


@open_to(Policy.EVERYONE)
def deleted(request: HttpRequest) -> HttpResponse:
    """Say that it is done: there is no link any more, and nobody known."""
    return portal_page(request, "portal/searches/deleted.html")
