"""One question a page: shown, answered, kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from mentornet.intake.applicants import Intake, cannot_come, code_waiting_for, intakes, open_intakes
from mentornet.intake.completeness import missing_steps
from mentornet.intake.enums import Applying
from mentornet.intake.models import ApplicationDraft
from mentornet.intake.services.consents import text_in_force
from mentornet.intake.services.drafts import (
    answer_step,
    ask_contact_code,
    confirm_contact,
)
from mentornet.web.access import Policy, open_to
from mentornet.web.public.apply import guards
from mentornet.web.public.apply.forms import CodeForm, ProgrammeForm, StepForm
from mentornet.web.public.apply.held import (
    around,
    begin_again,
    draft_of,
    hold_on,
    language,
    role_of,
    slug_of,
    to_step,
    visitor,
)
from mentornet.web.public.apply.last_forms import ConsentsForm
from mentornet.web.public.apply.sending import check
from mentornet.web.public.apply.shell import apply_page, kept_when_busy
from mentornet.web.public.apply.steps import CHECK, CONFIRM, Step, after, step_of, where_to_go_on
from mentornet.web.public.pages.programmes import ProgrammeShown, shown_programmes
from mentornet.web.ui.acting import attempt, posted
from mentornet.web.ui.occupations import LOOK, occupations_found
from mentornet.web.ui.toasts import say


@open_to(Policy.EVERYONE)
@kept_when_busy
def step(request: HttpRequest, role: str, step: str) -> HttpResponseBase:
    """Ask one question, keep the answer, and lead to the next one."""
    wanted = role_of(role)
    draft = draft_of(request, wanted)
    if draft is None:
        return begin_again(request, wanted)
    if not draft.is_open:
        return redirect("public:apply_sent", role=role)
    page = step_of(draft, step)
    if page is None:
        return to_step(wanted, where_to_go_on(draft))
    if page.slug == CONFIRM:
        return _confirm(request, draft, page)
    if page.slug == CHECK:
        return check(request, draft, page)
    return _ask(request, draft, page)


def _ask(request: HttpRequest, draft: ApplicationDraft, page: Step) -> HttpResponse:
    assert page.form is not None
    on = timezone.localdate()
    own: list[Intake] = []
    if page.slug == "place":
        own = open_intakes(on, role=draft.role)
    elif page.slug == "programme":
        if draft.division is None:
            return to_step(Applying(draft.role), "place")
        own = intakes([draft.division], on, role=draft.role)
    form = page.form(posted(request), draft=draft, intakes=own)
    texts: dict[str, ProgrammeShown] = {}
    if isinstance(form, ProgrammeForm):
        texts = {one.key: one for one in shown_programmes(on, language())}
        form.say_for_whom([key for key, one in texts.items() if one.eligibility and key in form.own])
    if request.method == "POST":
        is_looking, is_leaving = LOOK in request.POST, "later" in request.POST
        if is_leaving and form.is_untouched:
            return redirect("public:apply_later", role=slug_of(Applying(draft.role)))
        if not is_looking and form.is_valid():
            saved = attempt(request, lambda: _save(draft, page, form), form)
            if saved is not None:
                return _onward(request, saved, page, is_leaving=is_leaving)
    context = around(request, draft, page) | {"form": form}
    if isinstance(form, ProgrammeForm):
        context["programmes"] = _programmes(own, form, texts)
        # Where nobody has written who it is for, there is nothing to read.
        context["page"] = page if form.written else replace(page, lede="")
    status = 422 if form.is_bound and form.errors and LOOK not in request.POST else 200
    return apply_page(request, form.template, status=status, **context)


def _programmes(own: list[Intake], form: StepForm, texts: Mapping[str, ProgrammeShown]) -> list[dict[str, Any]]:
    """Return the programmes to choose from, with their conditions and whether they take people in."""
    reads = language()
    shown = []
    for choice in form["programme"]:
        key = str(choice.data["value"])
        intake = next(one for one in own if one.programme is not None and str(one.programme.pk) == key)
        reason, code = intake.reason_in(reads)
        text = texts.get(key)
        shown.append(
            {
                "choice": choice,
                "name": intake.programme.name if intake.programme else "",
                "eligibility": text.eligibility if text else "",
                "language": text.language if text else "",
                "intake": intake,
                "reason": reason,
                "reason_language": code,
            }
        )
    return shown


@transaction.atomic
def _save(draft: ApplicationDraft, page: Step, form: StepForm) -> ApplicationDraft:
    by = visitor()
    answers = form.answers()
    if isinstance(form, ConsentsForm):
        answers = {
            purpose.value: {
                "text": str(text_in_force(by=by, purpose=purpose, language=language()).pk),
                "at": by.at.isoformat(),
            }
            for purpose in form.ticked
        }
    columns = {**form.columns(), "language": language()}
    return answer_step(by=by, draft=draft, step=page.slug, columns=columns, answers=answers)


def _onward(request: HttpRequest, draft: ApplicationDraft, page: Step, *, is_leaving: bool) -> HttpResponse:
    """Lead to what comes after an answer: the next question, or all of them when only one was changed."""
    role = Applying(draft.role)
    if page.slug == "contact":
        hold_on(request, draft)
    if page.slug == "contact" and draft.reached_at and not draft.is_confirmed:
        _send_code(request, draft)
        return to_step(role, CONFIRM, query="?change=1" if request.GET.get("change") == "1" else "")
    if is_leaving:
        return redirect("public:apply_later", role=slug_of(role))
    if request.GET.get("change") == "1":
        return to_step(role, next((slug for slug in missing_steps(draft) if slug == "programme"), CHECK))
    return to_step(role, after(draft, page.slug))


def _send_code(request: HttpRequest, draft: ApplicationDraft) -> bool:
    """Send a code to where she wants to be reached; say so when that was too often."""
    if guards.is_too_often_to("code", draft.reached_at):
        messages.warning(request, _("We have sent several messages there already. Look for the newest one."))
        return False
    if guards.are_too_many_messages(request):
        messages.warning(
            request, _("We cannot send you a message now. Try again in an hour, or call us. Your answers are kept.")
        )
        return False
    return attempt(request, lambda: ask_contact_code(by=visitor(), draft=draft)) is not None


def _confirm(request: HttpRequest, draft: ApplicationDraft, page: Step) -> HttpResponse:
    role, by = Applying(draft.role), visitor()
    if not draft.reached_at:
        return to_step(role, "contact")
    query = "?change=1" if request.GET.get("change") == "1" else ""
    if draft.is_confirmed:
        return to_step(role, CHECK if query else after(draft, page.slug))
    if request.method == "POST" and "again" in request.POST:
        if _send_code(request, draft):
            say(request, _("We have sent you a new code. The old one no longer works."))
        return to_step(role, CONFIRM, query=query)
    challenge = code_waiting_for(draft, by.at)
    form = CodeForm(posted(request))
    if request.method == "POST" and "later" in request.POST:
        return redirect("public:apply_later", role=slug_of(role))
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        if challenge is not None and attempt(
            request, lambda: confirm_contact(by=by, draft=draft, challenge=challenge, code=code), form
        ):
            return to_step(role, CHECK if query else after(draft, page.slug))
        if not form.errors:
            form.add_error("code", _("This code does not work. Look at the newest message, or ask for a new code."))
    context = around(request, draft, page) | {
        "form": form,
        "is_sent": challenge is not None,
        "is_text": draft.reached_at == draft.phone,
        "challenge": challenge,
        "cannot_come": challenge is not None and cannot_come(challenge),
    }
    return apply_page(request, "confirm", status=422 if form.errors else 200, **context)


@open_to(Policy.EVERYONE)
def occupations(request: HttpRequest) -> HttpResponse:
    """Show the occupations that some words may mean, while somebody is typing them."""
    typed = request.GET.get("q", "")
    found = occupations_found(typed, request.GET.get("chosen", ""))
    return apply_page(request, "_found", found=found, has_looked=bool(typed.strip()), looked_for=typed)
