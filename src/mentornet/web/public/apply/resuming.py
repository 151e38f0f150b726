"""Coming back to what she has written, by the link that was sent to her."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from mentornet.accounts.enums import Purpose
from mentornet.intake.applicants import open_draft
from mentornet.intake.enums import Applying
from mentornet.web.access import Policy, open_to
from mentornet.web.links import by_link, grant_for, register_page
from mentornet.web.public.apply.held import keep_draft_alone, slug_of
from mentornet.web.public.apply.steps import where_to_go_on

register_page(Purpose.DRAFT, "public:apply_resume", "draft_id")


@open_to(Policy.PERSONAL)
@by_link(Purpose.DRAFT, "draft_id")
def resume(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Let the session hold the draft that her link opens, and go on where she stopped."""
    grant = grant_for(request, f"{Purpose.DRAFT}:{draft_id}")
    if grant is None:
        # Somebody who is signed in, and has guessed.
        raise Http404
    draft = open_draft(draft_id, timezone.localdate())
    if draft is None:
        raise Http404
    role = Applying(draft.role)
    keep_draft_alone(request, draft, grant.link_id)
    if not draft.is_open:
        return redirect("public:apply_sent", role=slug_of(role))
    return redirect("public:apply_step", role=slug_of(role), step=where_to_go_on(draft))
