"""The draft that a session holds, and the ways between the pages of the form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mentornet.accounts.queries import link_still_open
from mentornet.accounts.services.sessions import HELD
from mentornet.common.actors import Visitor
from mentornet.intake.applicants import open_draft
from mentornet.intake.enums import Applying
from mentornet.intake.models import ApplicationDraft
from mentornet.web.public.apply.steps import CHECK, Step, before, steps_of
from mentornet.web.sessions import DRAFTS, begin_unsigned
from mentornet.web.ui.toasts import say

REFERRAL: Final = "mentornet.referral"
SLUGS: Final[Mapping[str, Applying]] = {
    "mentee": Applying.MENTEE,
    "mentor": Applying.MENTOR,
    "contact-person": Applying.CONTACT_PERSON,
}
SLUG_OF: Final = {role: slug for slug, role in SLUGS.items()}


def slug_of(role: Applying) -> str:
    """Return what stands in the addresses of a role."""
    return SLUG_OF[role]


def role_of(slug: str) -> Applying:
    """Return the role that an address names.

    Raises:
        Http404: it names none.
    """
    if slug not in SLUGS:
        raise Http404
    return SLUGS[slug]


def language() -> str:
    """Return the language in which she reads."""
    return get_language() or "en"


def visitor() -> Visitor:
    """Return somebody of whom nothing is known, now."""
    return Visitor(timezone.now())


def draft_of(request: HttpRequest, role: Applying) -> ApplicationDraft | None:
    """Return the draft that this session holds in a role, unless it has been taken from it.

    That is so where another session has written another address for her, and where the link that brought it here is
    closed: it may have gone to a stranger. What has been sent is empty, and the page after it tells nothing.
    """
    kept = request.session.get(DRAFTS, {}).get(role.value)
    if not isinstance(kept, dict):
        # None, or kept by an earlier version, which could not tell who had opened it.
        return None
    found = open_draft(UUID(kept["draft"]), timezone.localdate())
    if found is None or found.role != role:
        return None
    is_here = kept["reached"] == _mark(found) and (not kept["link"] or link_still_open(kept["link"], timezone.now()))
    return found if is_here or not found.is_open else None


def keep_draft(request: HttpRequest, draft: ApplicationDraft | None, role: Applying, *, link_id: str = "") -> None:
    """Let the session hold a draft, or none any more; ``link_id`` is the link that has brought it here."""
    held = dict(request.session.get(DRAFTS, {}))
    held.pop(role.value, None)
    if draft is not None:
        held[role.value] = {"draft": str(draft.pk), "reached": _mark(draft), "link": link_id}
        if HELD not in request.session:
            begin_unsigned(request, timezone.now())
    request.session[DRAFTS] = held


def keep_draft_alone(request: HttpRequest, draft: ApplicationDraft, link_id: str) -> None:
    """Let the session hold the draft that a link opens, and forget any other: that may be somebody else's."""
    request.session.pop(DRAFTS, None)
    keep_draft(request, draft, Applying(draft.role), link_id=link_id)


def hold_on(request: HttpRequest, draft: ApplicationDraft) -> None:
    """Let the session go on with a draft for which she has just written another address in it."""
    role = Applying(draft.role)
    if request.session.get(DRAFTS, {}).get(role.value, {}).get("reached") != _mark(draft):
        keep_draft(request, draft, role)


def _mark(draft: ApplicationDraft) -> str:
    """Return where letters about a draft go, unreadable: a session's row is no place for it."""
    return salted_hmac("mentornet.draft", f"{draft.pk}:{draft.reached_at}", algorithm="sha256").hexdigest()


def to_step(role: Applying, step: str = "", *, query: str = "") -> HttpResponse:
    """Lead to a page of the form, or to its beginning."""
    slug = slug_of(role)
    if not step:
        return redirect("public:apply", role=slug)
    return redirect(reverse("public:apply_step", kwargs={"role": slug, "step": step}) + query)


def begin_again(request: HttpRequest, role: Applying) -> HttpResponse:
    """Lead to the beginning, and say why."""
    say(request, _("Begin here. If you have a link from us to what you wrote before, open it."), tone="info")
    return to_step(role)


def around(request: HttpRequest, draft: ApplicationDraft, page: Step) -> dict[str, Any]:
    """Return what every page of the form shows: how far she has come, and the ways back."""
    role = Applying(draft.role)
    slugs = [one.slug for one in steps_of(draft)]
    is_change = request.GET.get("change") == "1"
    earlier = CHECK if is_change else before(draft, page.slug)
    slug = slug_of(role)
    back = reverse("public:apply", kwargs={"role": slug})
    if earlier is not None:
        back = reverse("public:apply_step", kwargs={"role": slug, "step": earlier})
    return {
        "role": slug,
        "draft": draft,
        "page": page,
        "number": slugs.index(page.slug) + 1,
        "count": len(slugs),
        "back_url": back,
        "is_change": is_change,
        "may_skip": page.form is not None and not page.is_needed,
    }
