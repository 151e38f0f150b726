"""Her own copy of all that is kept of her, and where she asks for the rest."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import get_language

from mentornet.intake.enums import WishKind
from mentornet.intake.queries import own_open_wishes
from mentornet.people.queries import restriction_of
from mentornet.privacy.services import make_copy
from mentornet.web.access import Policy, PortalRequest, open_to
from mentornet.web.portal.data.request_views import rows_of_hers
from mentornet.web.portal.profile.views import person_of
from mentornet.web.portal.shell import attempt, portal_page
from mentornet.web.sessions import has_just_proved


@open_to(Policy.PARTICIPANT)
def data(request: PortalRequest) -> HttpResponse:
    """Say what her copy holds; hand it out to whoever has just given a code, since all of her life with us is in it."""
    by = request.participant
    if request.method == "POST":
        if not has_just_proved(request):
            return redirect(f"{reverse('portal:prove')}?{urlencode({'next': request.get_full_path()})}")
        person, language = person_of(by), get_language() or "en"
        content = attempt(request, lambda: make_copy(by=by, person=person, language=language))
        if content is not None:
            return archive_answer(content, f"my-data-{by.today.isoformat()}.zip")
    open_kinds = {wish.kind for wish in own_open_wishes(by)}
    return portal_page(
        request,
        "portal/data/data.html",
        is_proved=has_just_proved(request),
        has_asked=WishKind.DATA in open_kinds,
        rows=rows_of_hers(by),
        rests_since=None if (resting := restriction_of(by.person_id)) is None else resting.created_at,
    )


def archive_answer(content: bytes, name: str) -> HttpResponse:
    """Return an archive as a download. Its name tells nothing of whose it is, nor of the network."""
    response = HttpResponse(content, content_type="application/zip")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return response
