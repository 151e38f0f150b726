"""Thoughts of her own: one open question at a time, and what she has written, for her alone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from mentornet.followup import services
from mentornet.followup.enums import Stage
from mentornet.followup.prompts import EVERY, next_prompt, stage_of
from mentornet.followup.value_queries import reflections_of
from mentornet.web.access import PortalRequest
from mentornet.web.portal.partnership.pages import back_to, mine, of_the_two
from mentornet.web.portal.shell import attempt, posted
from mentornet.web.portal.value.forms import NewThoughtForm, ShareThoughtForm
from mentornet.web.portal.value.shown import value_page
from mentornet.web.ui.toasts import say


@of_the_two
@sensitive_post_parameters()
def thoughts(request: PortalRequest, partnership_id: UUID) -> HttpResponse:
    """Put one open question to her, and show what she has written."""
    pair, side = mine(request, partnership_id)
    by = request.participant
    written = list(reflections_of(by, pair))
    is_hard = request.GET.get("stage") == Stage.HARD
    stage = Stage.HARD if is_hard else stage_of(pair, by.today)
    prompt = next_prompt(side, stage, {one.prompt for one in written}, request.GET.get("after", ""))
    form = NewThoughtForm(posted(request), initial={"prompt": prompt})
    if request.method == "POST":
        prompt = form.data.get("prompt", "")
        if form.is_valid():
            data = form.cleaned_data
            done = attempt(
                request,
                lambda: services.write_reflection(by=by, partnership=pair, prompt=data["prompt"], text=data["text"]),
                form,
            )
            if done is not None:
                say(request, _("Written down. Only you can read it."))
                return back_to("thoughts", pair)
    rows = [{"thought": one, "question": EVERY.get(one.prompt, "")} for one in written]
    question = EVERY.get(prompt, "")
    context: dict[str, Any] = {"form": form, "question": question, "prompt": prompt, "rows": rows, "is_hard": is_hard}
    return value_page(request, "thoughts", pair, side, **context)


@of_the_two
@sensitive_post_parameters()
def thought(request: PortalRequest, partnership_id: UUID, reflection_id: UUID) -> HttpResponse:
    """Write a thought of hers anew, and choose who else may read it; empty, it goes."""
    pair, side = mine(request, partnership_id)
    by = request.participant
    row = get_object_or_404(reflections_of(by, pair), pk=reflection_id)
    initial = {
        "prompt": row.prompt,
        "text": row.text,
        "with_coordinator": row.shared_at is not None,
        "for_letter": row.for_letter_at is not None,
    }
    form = ShareThoughtForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data

        def act() -> bool:
            services.keep_reflection(
                by=by,
                reflection=row,
                text=data["text"],
                with_coordinator=data["with_coordinator"],
                for_letter=data["for_letter"],
            )
            return True

        if attempt(request, act, form) is not None:
            say(request, _("Saved.") if data["text"].strip() else _("Your words are gone."))
            return back_to("thoughts", pair)
    return value_page(request, "thought", pair, side, form=form, question=EVERY.get(row.prompt, ""))
