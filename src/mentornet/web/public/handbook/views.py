"""The handbooks: found by situation, read chapter by chapter, printed as a whole."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language

from mentornet.divisions.queries import organisation
from mentornet.learning import queries
from mentornet.learning.models import ChapterText
from mentornet.people.enums import Role
from mentornet.web.access import Policy, open_to
from mentornet.web.public.handbook.printing import missing, pdf_of
from mentornet.web.public.shell import public_page

LONGEST_SEARCH = 200
NOT_NOW = "pdf"


def _role(role: str) -> Role:
    if role not in Role.values:
        raise Http404
    return Role(role)


@open_to(Policy.EVERYONE)
def handbooks(request: HttpRequest) -> HttpResponse:
    """Show the two handbooks."""
    return public_page(request, "public/handbook/handbooks.html")


@open_to(Policy.EVERYONE)
def handbook(request: HttpRequest, role: str) -> HttpResponse:
    """Show a handbook's chapters; with a search, those that fit what somebody says or asks."""
    whose = _role(role)
    texts = queries.chapters(whose, get_language() or "en")
    q = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    return public_page(
        request,
        "public/handbook/handbook.html",
        role=whose,
        q=q,
        found=queries.chapters_for(texts, q) if q else [(text, "") for text in texts],
        situations=[(text, text.situations[0]) for text in texts if text.situations],
    )


@open_to(Policy.EVERYONE)
def chapter(request: HttpRequest, role: str, slug: str) -> HttpResponse:
    """Show one chapter, with the way to the one before and the one after."""
    whose = _role(role)
    texts = queries.chapters(whose, get_language() or "en")
    at = next((index for index, text in enumerate(texts) if text.chapter.slug == slug), None)
    if at is None:
        raise Http404
    return public_page(
        request,
        "public/handbook/chapter.html",
        role=whose,
        text=texts[at],
        before=texts[at - 1] if at else None,
        after=texts[at + 1] if at + 1 < len(texts) else None,
        **_pdf_state(request),
    )


@open_to(Policy.EVERYONE)
def whole(request: HttpRequest, role: str) -> HttpResponse:
    """Show all chapters on one page, to print or to read aloud."""
    whose = _role(role)
    texts = queries.chapters(whose, get_language() or "en")
    return public_page(request, "public/handbook/whole.html", role=whose, texts=texts, **_pdf_state(request))


@open_to(Policy.EVERYONE)
def whole_pdf(request: HttpRequest, role: str) -> HttpResponseBase:
    """Give all chapters as a PDF; where none can be made now, the page to print."""
    del request
    whose = _role(role)
    texts = queries.chapters(whose, get_language() or "en")
    return _pdf(whose, texts, name=f"handbook-{whose}") or _not_now("handbook_whole", role=whose)


@open_to(Policy.EVERYONE)
def chapter_pdf(request: HttpRequest, role: str, slug: str) -> HttpResponseBase:
    """Give one chapter as a PDF; where none can be made now, the page, which prints as well."""
    del request
    whose = _role(role)
    found = queries.chapter(whose, slug, get_language() or "en")
    if found is None:
        raise Http404
    made = _pdf(whose, [found], name=f"{whose}-{slug}", is_whole=False)
    return made or _not_now("handbook_chapter", role=whose, slug=slug)


def _not_now(page: str, **which: str) -> HttpResponse:
    """Lead to the page that says the same, and there say why: in its address, as the public site keeps no cookie."""
    return redirect(f"{reverse(f'public:{page}', kwargs=which)}?{NOT_NOW}=later")


def _pdf_state(request: HttpRequest) -> dict[str, bool]:
    """Return whether PDFs are made here at all, and whether she has just been refused one."""
    return {"has_pdf": not missing(), "was_refused": request.GET.get(NOT_NOW) == "later"}


def _pdf(role: Role, texts: list[ChapterText], *, name: str, is_whole: bool = True) -> HttpResponseBase | None:
    heading = render_to_string("public/handbook/_heading.html", {"role": role}).strip()
    context = {"heading": heading, "texts": texts, "is_whole": is_whole, "organisation": organisation()}
    # Without the request: what it holds would make a PDF of its own for every reader.
    place = pdf_of(render_to_string("public/handbook/pdf.html", context))
    if place is None:
        return None
    shown = f'inline; filename="{name}-{get_language()}.pdf"'
    return HttpResponse(place.read_bytes(), content_type="application/pdf", headers={"Content-Disposition": shown})
