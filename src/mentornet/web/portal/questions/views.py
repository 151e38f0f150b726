"""What she is asked, behind the link in her letter: no code, no name, and nothing of what she has answered before."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from mentornet.accounts.enums import Purpose
from mentornet.surveys import services
from mentornet.surveys.enums import CALL, AskState
from mentornet.surveys.models import Ask
from mentornet.surveys.queries import has_several, own_ask
from mentornet.surveys.rules import may_answer
from mentornet.web.access import Policy, open_to
from mentornet.web.links import by_link
from mentornet.web.portal.questions import shown
from mentornet.web.portal.shell import PortalRequest, attempt, portal_page

# Decision 37: a link alone is enough, so that one tap answers; hence the pages tell of nobody.
_hers = by_link(Purpose.SURVEY, "ask_id")
ANSWER: Final = "answer"
GO_ON: Final = "pass"


def _ask(request: PortalRequest, ask_id: UUID) -> Ask:
    """Return what she was asked; whatever is not hers does not exist."""
    participant = getattr(request, "participant", None)
    found = own_ask(participant, ask_id) if participant is not None else None
    if found is None:
        raise Http404
    return found


def _page(request: PortalRequest, template: str, ask: Ask, *, status: int = 200, **more: Any) -> HttpResponse:
    return portal_page(request, template, status=status, office=ask.partnership.division, ask=ask, **more)


def _over(request: PortalRequest, ask: Ask) -> HttpResponse:
    """Say kindly that it is too late, or that everything has been answered."""
    return _page(request, "portal/questions/over.html", ask)


def _show(
    request: PortalRequest, ask: Ask, page: shown.Page, form: forms.Form | None = None, typed: str = ""
) -> HttpResponse:
    has_more = has_several(request.participant, ask)
    return _page(
        request,
        "portal/questions/question.html",
        ask,
        status=200 if form is None else 422,
        page=page,
        form=form or forms.Form(),
        which=shown.which(ask) if has_more else "",
        typed=typed,
    )


@open_to(Policy.PERSONAL)
@_hers
@require_GET
def survey(request: PortalRequest, ask_id: UUID) -> HttpResponse:
    """Show the first question that she has not answered: what the link in her letter opens."""
    ask = _ask(request, ask_id)
    questions = shown.questions_for(ask)
    first = shown.first_open(ask, questions)
    if not may_answer(request.participant, ask) or first is None or ask.state == AskState.ANSWERED:
        return _over(request, ask)
    page = shown.page_of(ask, questions, first.key)
    assert page is not None
    return _show(request, ask, page)


@open_to(Policy.PERSONAL)
@_hers
def survey_question(request: PortalRequest, ask_id: UUID, asked: str) -> HttpResponse:
    """Show one question; an answer to it is kept at once, and leads on to the next one."""
    ask = _ask(request, ask_id)
    questions = shown.questions_for(ask)
    page = shown.page_of(ask, questions, asked)
    if page is None:
        raise Http404
    if not may_answer(request.participant, ask):
        return _over(request, ask)
    if request.method != "POST":
        return _show(request, ask, page)
    form = forms.Form(request.POST)
    form.full_clean()
    if GO_ON in request.POST:
        kept = attempt(request, lambda: services.pass_over(by=request.participant, ask=ask, question=asked), form)
    else:
        given = request.POST.getlist(ANSWER)
        kept = attempt(
            request, lambda: services.answer(by=request.participant, ask=ask, question=asked, given=given), form
        )
    if kept is None:
        return _show(request, ask, page, form, request.POST.get(ANSWER, ""))
    following = shown.next_after(kept, questions, asked)
    if following is None:
        return redirect("portal:survey_done", ask_id=ask.pk)
    return redirect("portal:survey_question", ask_id=ask.pk, asked=following.key)


@open_to(Policy.PERSONAL)
@_hers
@require_GET
def survey_done(request: PortalRequest, ask_id: UUID) -> HttpResponse:
    """Thank her, and say what happens next; whether she wants a call stands there no more than what she answered."""
    ask = _ask(request, ask_id)
    asks_about_call = any(one.key == CALL for one in shown.questions_for(ask))
    if ask.is_anonymous:
        next_words = _("Nobody sees who answered what. We read all answers together.")
    elif asks_about_call:
        next_words = _("Your coordinator reads what you answered. If you want a call, she calls you in a few days.")
    else:
        next_words = _("Your coordinator reads what you answered. It helps us to help you both.")
    return _page(
        request, "portal/questions/done.html", ask, next_words=next_words, has_answered=ask.answered_at is not None
    )
