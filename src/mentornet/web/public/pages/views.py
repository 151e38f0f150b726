"""What everybody may read: what the network is, the ways in, where it is, and what becomes of one's data."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import get_language

from mentornet.divisions.queries import open_divisions
from mentornet.intake.enums import Applying
from mentornet.programmes.queries import open_programmes_in
from mentornet.web.access import Policy, open_to
from mentornet.web.public.pages.figures import figures
from mentornet.web.public.pages.full import full_offices
from mentornet.web.public.pages.keeping import keeping
from mentornet.web.public.pages.programmes import shown_programmes
from mentornet.web.public.shell import public_page


def _page(request: HttpRequest, name: str, **context: Any) -> HttpResponse:
    return public_page(request, f"public/pages/{name}.html", **context)


@open_to(Policy.EVERYONE)
def home(request: HttpRequest) -> HttpResponse:
    """Say what the network is, and show the two ways in."""
    today = timezone.localdate()
    return _page(request, "home", figures=figures(today), divisions=open_divisions(today))


@open_to(Policy.EVERYONE)
def mentee(request: HttpRequest) -> HttpResponse:
    """Say what a mentor can help with, who may take part, and what happens next."""
    today, language = timezone.localdate(), get_language() or "en"
    full = full_offices(today, language, role=Applying.MENTEE)
    return _page(request, "mentee", programmes=shown_programmes(today, language), full=full)


@open_to(Policy.EVERYONE)
def mentor(request: HttpRequest) -> HttpResponse:
    """Say honestly what being a mentor takes, and what it gives."""
    full = full_offices(timezone.localdate(), get_language() or "en", role=Applying.MENTOR)
    return _page(request, "mentor", full=full, was_sent=request.GET.get("sent") == "1")


@open_to(Policy.EVERYONE)
def contact_person(request: HttpRequest) -> HttpResponse:
    """Say what a contact person does."""
    full = full_offices(timezone.localdate(), get_language() or "en", role=Applying.CONTACT_PERSON)
    return _page(request, "contact_person", full=full)


@open_to(Policy.EVERYONE)
def divisions(request: HttpRequest) -> HttpResponse:
    """List the divisions that are open."""
    return _page(request, "divisions", divisions=open_divisions(timezone.localdate()))


@open_to(Policy.EVERYONE)
def division(request: HttpRequest, division_id: UUID) -> HttpResponse:
    """Show a division: where, which programmes, and how to reach its office."""
    today = timezone.localdate()
    found = get_object_or_404(open_divisions(today), pk=division_id)
    language = get_language() or "en"
    programmes = shown_programmes(today, language, open_programmes_in([found.pk], today))
    full = full_offices(today, language, division_id=found.pk)
    return _page(request, "division", division=found, programmes=programmes, full=full)


@open_to(Policy.EVERYONE)
def privacy(request: HttpRequest) -> HttpResponse:
    """Say in plain words what becomes of one's data."""
    return _page(request, "privacy", keeping=keeping())


@open_to(Policy.EVERYONE)
def accessibility(request: HttpRequest) -> HttpResponse:
    """Say how the site is made usable for everybody, and whom to tell when it is not."""
    return _page(request, "accessibility")
