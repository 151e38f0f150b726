"""Beginning to write to us: what is asked, how long it takes, who reads it; and who has sent her."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from mentornet.intake.applicants import Intake, open_intakes, referral_by_code
from mentornet.intake.enums import Applying
from mentornet.intake.services.drafts import (
    answer_step,
    begin_draft,
)
from mentornet.web.access import Policy, open_to
from mentornet.web.public.apply import guards
from mentornet.web.public.apply.held import (
    REFERRAL,
    draft_of,
    keep_draft,
    language,
    role_of,
    to_step,
    visitor,
)
from mentornet.web.public.apply.shell import apply_page, are_you_a_person, kept_when_busy
from mentornet.web.public.apply.steps import where_to_go_on
from mentornet.web.public.apply.words import ROLES
from mentornet.web.public.pages.full import full_offices
from mentornet.web.public.pages.programmes import shown_programmes


@open_to(Policy.EVERYONE)
@kept_when_busy
def start(request: HttpRequest, role: str) -> HttpResponseBase:
    """Say what is asked, how long it takes, who reads it and how to stop; then begin."""
    wanted = role_of(role)
    on = timezone.localdate()
    can_begin = bool(open_intakes(on, role=wanted))
    going = draft_of(request, wanted)
    if request.method == "POST" and (can_begin or going is not None):
        return _start(request, wanted)
    context: dict[str, Any] = {
        "role": role,
        "title": ROLES[wanted],
        "can_begin": can_begin,
        "is_mentee": wanted == Applying.MENTEE,
        "is_contact": wanted == Applying.CONTACT_PERSON,
        "programmes": [] if wanted == Applying.CONTACT_PERSON else shown_programmes(on, language()),
        "full": full_offices(on, language(), role=wanted),
        "going_on": going if going is not None and going.is_open else None,
        "was_sent_by_member": REFERRAL in request.session,
        "opened": guards.stamp("begin"),
        "division": request.GET.get("division", ""),
    }
    return apply_page(request, "start", **context)


def _start(request: HttpRequest, role: Applying) -> HttpResponse:
    going = draft_of(request, role)
    if going is not None and going.is_open and "anew" not in request.POST:
        return to_step(role, where_to_go_on(going))
    if guards.is_like_a_robot(request, "begin") or guards.is_too_often_from_here("begin", request):
        return are_you_a_person(request)
    referral = referral_by_code(request.session.get(REFERRAL, ""))
    by = visitor()
    with transaction.atomic():
        draft = begin_draft(by=by, role=role, language=language(), referral=referral)
        chosen = _division(request.POST.get("division", ""), role)
        if chosen is not None:
            answer_step(by=by, draft=draft, step="place", columns={"division": chosen.division})
    keep_draft(request, draft, role)
    return to_step(role, "place")


def _division(key: str, role: Applying) -> Intake | None:
    return next((one for one in open_intakes(timezone.localdate(), role=role) if str(one.division.pk) == key), None)


@open_to(Policy.EVERYONE)
def sent_by(request: HttpRequest, code: str) -> HttpResponse:
    """Keep who has sent her, and lead to what a mentor does; a code nobody has leads there too."""
    if referral_by_code(code) is None:
        return redirect("public:mentor")
    request.session[REFERRAL] = code
    return redirect(reverse("public:mentor") + "?sent=1")
