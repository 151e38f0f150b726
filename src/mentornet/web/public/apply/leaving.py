"""Stopping for now, with a link to come back by; or for good."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from mentornet.divisions.queries import organisation
from mentornet.intake.enums import Applying
from mentornet.intake.models import ApplicationDraft
from mentornet.intake.services.drafts import (
    discard_draft,
    send_way_back,
)
from mentornet.web.access import Policy, open_to
from mentornet.web.public.apply import guards
from mentornet.web.public.apply.held import (
    begin_again,
    draft_of,
    keep_draft,
    role_of,
    slug_of,
    to_step,
    visitor,
)
from mentornet.web.public.apply.shell import apply_page, kept_when_busy, too_often
from mentornet.web.public.apply.steps import where_to_go_on
from mentornet.web.ui.acting import attempt


@open_to(Policy.EVERYONE)
@kept_when_busy
def later(request: HttpRequest, role: str) -> HttpResponseBase:
    """Send her the link to what she has written, or delete it; the session forgets it."""
    wanted = role_of(role)
    draft = draft_of(request, wanted)
    if draft is None or not draft.is_open:
        return begin_again(request, wanted)
    if request.method == "POST":
        answer = _discard(request, draft) if "discard" in request.POST else _leave(request, draft)
        if answer is not None:
            return answer
    context: dict[str, Any] = {
        "role": role,
        "draft": draft,
        "go_on": reverse("public:apply_step", kwargs={"role": role, "step": where_to_go_on(draft)}),
        "is_text": bool(draft.reached_at) and draft.reached_at == draft.phone,
        "has_contact": bool(draft.contact_way),
        "network": organisation(),
    }
    return apply_page(request, "later", **context)


def _discard(request: HttpRequest, draft: ApplicationDraft) -> HttpResponse | None:
    def act() -> bool:
        discard_draft(by=visitor(), draft=draft)
        return True

    role = Applying(draft.role)
    if not attempt(request, act):
        return None
    keep_draft(request, None, role)
    return apply_page(request, "discarded", role=slug_of(role))


def _leave(request: HttpRequest, draft: ApplicationDraft) -> HttpResponse | None:
    role = Applying(draft.role)
    if not draft.reached_at:
        return to_step(role, "contact")
    if guards.is_too_often_to("link", draft.reached_at):
        return too_often(request)
    if guards.are_too_many_messages(request):
        messages.warning(
            request, _("We cannot send you a message now. Try again in an hour, or call us. Your answers are kept.")
        )
        return None
    if attempt(request, lambda: send_way_back(by=visitor(), draft=draft)) is None:
        return None
    keep_draft(request, None, role)
    return apply_page(request, "left", role=slug_of(role), is_text=draft.reached_at == draft.phone)
