"""A participant's handbook: found by situation, with what she says she has read. Opening a chapter notes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mentornet.intake.queries import own_enrolments, own_open_applications
from mentornet.learning import queries
from mentornet.learning.models import ChapterText
from mentornet.learning.services import forget_read, note_read
from mentornet.people.enums import Role
from mentornet.people.participants import Participant
from mentornet.people.queries import people_by_id
from mentornet.web.access import Policy, PortalRequest, open_to
from mentornet.web.portal.shell import attempt, portal_page
from mentornet.web.ui.toasts import say

LONGEST_SEARCH = 200


@dataclass(frozen=True, slots=True)
class Row:
    """A chapter in her list, with the situation by which it was found, and whether it has changed since she read it."""

    text: ChapterText
    situation: str
    is_read: bool
    has_changed: bool


@dataclass(frozen=True, slots=True)
class Book:
    """A handbook, as far as she has read it.

    Attributes:
        language: of its chapters, where all are in the same.
    """

    role: str
    language: str
    rows: list[Row]
    read_count: int
    count: int


def _roles(by: Participant) -> list[str]:
    """Return as whom she takes part or wants to; both for somebody of whom that is not known."""
    roles = {one.role for one in own_enrolments(by)} | {one.role for one in own_open_applications(by)}
    return [role for role in Role.values if role in roles] or list(Role.values)


def _book(role: str, language: str, read: Mapping[UUID, bool], q: str) -> Book:
    texts = queries.chapters(role, language)
    found = queries.chapters_for(texts, q) if q else [(text, "") for text in texts]
    return Book(
        role=role,
        language=texts[0].language if len({text.language for text in texts}) == 1 else language,
        rows=[
            Row(text, situation, read.get(text.chapter_id, False), read.get(text.chapter_id) is False)
            for text, situation in found
        ],
        read_count=sum(read.get(text.chapter_id, False) for text in texts),
        count=len(texts),
    )


@open_to(Policy.PARTICIPANT)
def reading(request: PortalRequest) -> HttpResponse:
    """Show her handbook; with a search, the chapters that fit what she says or asks."""
    by = request.participant
    q = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    read = queries.chapters_read(by.person_id)
    books = [_book(role, get_language() or "en", read, q) for role in _roles(by)]
    found = sum(len(book.rows) for book in books)
    return portal_page(request, "portal/reading/reading.html", books=books, q=q, found=found)


@open_to(Policy.PARTICIPANT)
def chapter(request: PortalRequest, role: str, slug: str) -> HttpResponse:
    """Show one chapter; note that she has read it when she says so, and no sooner."""
    by = request.participant
    if role not in Role.values:
        raise Http404
    texts = queries.chapters(role, get_language() or "en")
    at = next((index for index, text in enumerate(texts) if text.chapter.slug == slug), None)
    if at is None:
        raise Http404
    text = texts[at]
    if request.method == "POST":
        person = people_by_id([by.person_id])[by.person_id]
        if "forget" in request.POST:
            attempt(request, lambda: forget_read(by=by, person=person, chapter=text.chapter))
            return redirect("portal:reading_chapter", role=role, slug=slug)
        attempt(request, lambda: note_read(by=by, person=person, text=text))
        say(request, _("Thank you. It stands in your handbook as read."))
        return redirect("portal:reading")
    read = queries.chapters_read(by.person_id)
    return portal_page(
        request,
        "portal/reading/chapter.html",
        role=role,
        text=text,
        is_read=read.get(text.chapter_id, False),
        has_changed=read.get(text.chapter_id) is False,
        before=texts[at - 1] if at else None,
        after=texts[at + 1] if at + 1 < len(texts) else None,
    )
