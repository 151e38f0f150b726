"""The handbooks: found by situation, read chapter by chapter, printed as a whole."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language

from mentornet.learning import queries
from mentornet.people.enums import Role
from mentornet.web.access import Policy, open_to
from mentornet.web.public.shell import public_page

LONGEST_SEARCH = 200


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
    )


@open_to(Policy.EVERYONE)
def whole(request: HttpRequest, role: str) -> HttpResponse:
    """Show all chapters on one page, to print or to read aloud."""
    whose = _role(role)
    return public_page(
        request, "public/handbook/whole.html", role=whose, texts=queries.chapters(whose, get_language() or "en")
    )
