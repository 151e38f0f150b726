"""All answers once more, sending them, and what happens then."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from mentornet.intake.completeness import missing_steps
from mentornet.intake.enums import Applying
from mentornet.intake.models import ApplicationDraft
from mentornet.intake.services.applications import INTERVIEW_WITHIN
from mentornet.intake.services.sending import submit_draft
from mentornet.messaging.hours import next_safe_moment
from mentornet.messaging.ways import channel_of
from mentornet.people.recipients import find_recipient
from mentornet.web.access import Policy, open_to
from mentornet.web.public.apply import guards
from mentornet.web.public.apply.forms import StepForm
from mentornet.web.public.apply.held import (
    around,
    begin_again,
    draft_of,
    role_of,
    slug_of,
    to_step,
    visitor,
)
from mentornet.web.public.apply.shell import apply_page, are_you_a_person
from mentornet.web.public.apply.shown import answered
from mentornet.web.public.apply.steps import Step, steps_of, where_to_go_on
from mentornet.web.ui.acting import attempt, posted


def check(request: HttpRequest, draft: ApplicationDraft, page: Step) -> HttpResponse:
    """Show all answers with a way to change each, and send them."""
    role = Applying(draft.role)
    if request.method == "POST" and "later" in request.POST:
        return redirect("public:apply_later", role=slug_of(role))
    missing = missing_steps(draft)
    form = StepForm(posted(request), draft=draft)
    if request.method == "POST" and not missing:
        if guards.is_like_a_robot(request, "send") or guards.is_too_often_from_here("send", request):
            return are_you_a_person(request)
        if form.is_valid() and attempt(request, lambda: submit_draft(by=visitor(), draft=draft), form) is not None:
            return redirect("public:apply_sent", role=slug_of(role))
    by_slug = {one.slug: one for one in steps_of(draft)}
    context = around(request, draft, page) | {
        "form": form,
        "answered": answered(draft),
        "missing": [by_slug[slug] for slug in missing if slug in by_slug],
        "opened": guards.stamp("send"),
    }
    return apply_page(request, "check", status=422 if form.is_bound and form.errors else 200, **context)


def _first_hour(draft: ApplicationDraft) -> datetime | None:
    """Return when the first letter leaves, where it waits for her safe hours; ``None`` where it leaves at once."""
    her, at = draft.person, draft.submitted_at
    assert her is not None
    assert at is not None
    leaves = next_safe_moment(at, her.contact_from, her.contact_until)
    return timezone.localtime(leaves) if leaves > at else None


@open_to(Policy.EVERYONE)
def sent(request: HttpRequest, role: str) -> HttpResponse:
    """Say that it has arrived, what happens next, and by when."""
    wanted = role_of(role)
    draft = draft_of(request, wanted)
    if draft is None:
        return begin_again(request, wanted)
    if draft.is_open:
        return to_step(wanted, where_to_go_on(draft))
    assert draft.submitted_at is not None
    application = draft.application
    channel, _problem = channel_of(find_recipient(str(draft.person_id)))
    context: dict[str, Any] = {
        "role": role,
        "draft": draft,
        "is_contact": application is None,
        "is_waiting": application is not None and application.state == "pre_registered",
        "is_written_to": channel is not None,
        "from_hour": _first_hour(draft),
        "until": timezone.localdate(draft.submitted_at) + INTERVIEW_WITHIN,
        "office": draft.division,
    }
    return apply_page(request, "sent", **context)
