"""The front door, and the pages that tell that something went wrong."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import resolve, reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from mentornet.accounts.enums import Door
from mentornet.accounts.limits import note_limit
from mentornet.web.access import DeskRequest, Policy, open_to, way_back
from mentornet.web.sessions import door_of
from mentornet.web.signin import network_address
from mentornet.web.typed import typed_in
from mentornet.web.ui import samples, toasts

PORTAL_PATH = "/my/"


@open_to(Policy.EVERYONE)
def front(request: HttpRequest) -> HttpResponse:
    """Lead to the desk, in a demonstration to the ways in; else show the public site in the reader's language."""
    if request.user.is_authenticated:
        return redirect("portal:home" if door_of(request) is Door.PORTAL else "desk:today")
    return redirect("demo:sign_in") if settings.DEMO else _public_site(request)


def _public_site(request: HttpRequest) -> HttpResponse:
    """Answer as if the site's first page had been asked for: over a slow connection, leading there costs seconds."""
    request.path = request.path_info = address = reverse("public:home")
    request.resolver_match = resolve(address)
    response: HttpResponse = request.resolver_match.func(request)
    response["Content-Location"] = address
    # The same address is another page to another reader.
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


@open_to(Policy.STAFF)
def styleguide(request: DeskRequest) -> HttpResponse:
    """Show every component in its states; for developers and in a demonstration."""
    if not (settings.DEBUG or settings.DEMO):
        raise Http404
    toasts.say(request, _("Proposed to both. You will hear within 7 days."), undo=request.path)
    toasts.say(request, _("The letter waits a minute before it leaves."), tone="info")
    return render(request, "ui/styleguide.html", samples.context())


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a request that makes no sense."""
    del exception
    return render(request, "ui/400.html", status=400)


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer somebody whose role does not reach this far."""
    return render(request, "ui/403.html", {"reason": str(exception or "")}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer where nothing is; what exists elsewhere looks the same.

    On a participant's own pages also what she may not see, and what a link opened that has expired since.
    """
    del exception
    if request.path_info.startswith(PORTAL_PATH):
        return render(request, "ui/404_personal.html", {"typed": typed_in(request)}, status=404)
    return render(request, "ui/404.html", status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """Answer when the program itself has failed."""
    del request  # Its session or its user may be what has failed.
    return HttpResponse(render_to_string("ui/500.html"), status=500)


def expired_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that has lain open too long, or whose session has ended; what was typed is given back."""
    del reason
    return render(request, "ui/expired_form.html", {"typed": typed_in(request), "back": way_back(request)}, status=403)


def too_often(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer somebody who has tried too often."""
    del exception
    note_limit("door", network_address(request))
    return render(request, "ui/429.html", status=429)
