"""Applications: the list, one of them with its steps, and entering one by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from mentornet.common.moments import dated_words, hour_words
from mentornet.divisions.queries import coordinators_in
from mentornet.intake.enums import OPEN_STATES, ApplicationState
from mentornet.intake.models import Application, Interview
from mentornet.intake.planner import offer_to
from mentornet.intake.queries import (
    applications_found,
    booked_interview,
    counts_by_application_state,
    decisions_on,
    enrolments_of_people,
    interviews_of,
    visible_applications,
)
from mentornet.intake.services import applications as services
from mentornet.intake.services import interviews as talks
from mentornet.learning.queries import modules, modules_left
from mentornet.learning.services import decide_on
from mentornet.people.enums import Role
from mentornet.people.queries import languages_of, profiles_of
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt, posted
from mentornet.web.desk.people import facts
from mentornet.web.desk.people.approval_views import confirmation_shown, may_be_asked, references_shown
from mentornet.web.desk.people.case_forms import BookForm, DecideForm, WithdrawForm
from mentornet.web.desk.people.page import NextStep, next_step_of
from mentornet.web.desk.people.questions import answered
from mentornet.web.desk.people.standing import ROLES
from mentornet.web.desk.people.way_in import way_in
from mentornet.web.ui.toasts import say

PAGE: Final = 25
TONES: Final[dict[str, tuple[str, str]]] = {
    ApplicationState.DRAFT: ("quiet", "edit"),
    ApplicationState.PRE_REGISTERED: ("quiet", "hourglass"),
    ApplicationState.RECEIVED: ("info", "import"),
    ApplicationState.BOOKED: ("info", "calendar"),
    ApplicationState.INTERVIEWED: ("warn", "note"),
    ApplicationState.APPROVED: ("good", "check-circle"),
    ApplicationState.DECLINED: ("quiet", "close"),
    ApplicationState.WITHDRAWN: ("quiet", "undo"),
}
_TABS: Final[tuple[tuple[str, str | Promise, tuple[str, ...]], ...]] = (
    ("", gettext_lazy("To decide"), tuple(one for one in OPEN_STATES if one != ApplicationState.PRE_REGISTERED)),
    ("pre_registered", gettext_lazy("Pre-registered"), (ApplicationState.PRE_REGISTERED,)),
    ("received", gettext_lazy("To interview"), (ApplicationState.RECEIVED,)),
    ("booked", gettext_lazy("Interview booked"), (ApplicationState.BOOKED,)),
    ("interviewed", gettext_lazy("Interviewed"), (ApplicationState.INTERVIEWED,)),
    ("approved", pgettext_lazy("applications", "Approved"), (ApplicationState.APPROVED,)),
    ("declined", pgettext_lazy("applications", "Declined"), (ApplicationState.DECLINED,)),
    ("withdrawn", pgettext_lazy("applications", "Withdrawn"), (ApplicationState.WITHDRAWN,)),
)
_STEPS: Final[tuple[tuple[str | Promise, tuple[str, ...]], ...]] = (
    (pgettext_lazy("application", "Received"), ("received", "draft", "pre_registered")),
    (gettext_lazy("Interview"), ("booked",)),
    (gettext_lazy("Decision"), ("interviewed",)),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One application of the list."""

    application: Application
    role: str
    days: int
    tone: str
    icon: str
    step: NextStep | None


def _row(application: Application, today: Any) -> Row:
    tone, icon = TONES[application.state]
    return Row(
        application=application,
        role=str(ROLES[application.role]),
        days=(today - application.received_on).days,
        tone=tone,
        icon=icon,
        step=next_step_of(application),
    )


@open_to(Policy.CASEWORK)
def applications(request: DeskRequest) -> HttpResponse:
    """Show applications: what is to be decided, the oldest first; or what has been, the newest first."""
    by = request.actor
    text = request.GET.get("q", "").strip()
    every = applications_found(visible_applications(by), text)
    counts = counts_by_application_state(every)
    wanted = request.GET.get("state", "")
    name, _words, states = next((tab for tab in _TABS if tab[0] == wanted), _TABS[0])
    is_open = set(states) <= set(OPEN_STATES)
    order = ("received_on", "created_at") if is_open else ("-received_on", "-created_at")
    page = Paginator(every.filter(state__in=states).order_by(*order, "pk"), PAGE).get_page(request.GET.get("page"))
    tabs = [
        {
            "label": label,
            "url": "?" + urlencode({key: value for key, value in (("state", tab), ("q", text)) if value}),
            "is_current": tab == name,
            "count": sum(counts.get(state, 0) for state in of),
        }
        for tab, label, of in _TABS
    ]
    context = {
        "rows": [_row(application, by.today) for application in page.object_list],
        "page": page,
        "tabs": tabs,
        "text": text,
        "state": name,
        "is_open": is_open,
    }
    return render(request, "desk/people/applications.html", context)


def _application(request: DeskRequest, application_id: UUID) -> Application:
    return get_object_or_404(visible_applications(request.actor), pk=application_id)


def steps_of(application: Application) -> list[dict[str, str]]:
    """Return received, interview, decision, each done, current or ahead."""
    current = next((number for number, (_l, of) in enumerate(_STEPS) if application.state in of), len(_STEPS))
    # Received is done as soon as it is: what comes next is the interview.
    current = max(current, 1)
    states = ["done" if number < current else "current" if number == current else "ahead" for number in range(3)]
    return [{"label": str(label), "state": state} for (label, _of), state in zip(_STEPS, states, strict=True)]


def interview_words(interview: Interview) -> dict[str, str]:
    """Say when, where and with whom an interview is, or was."""
    return {
        "day": dated_words(timezone.localdate(interview.at)),
        "time": hour_words(interview.at),
        "place": interview.place,
        "name": interview.interviewer.name,
    }


@open_to(Policy.CASEWORK)
def application(request: DeskRequest, application_id: UUID) -> HttpResponse:
    """Show one application: how far it has come, and its next step."""
    found = _application(request, application_id)
    interviews = list(interviews_of([found.pk]))
    profile = next(iter(profiles_of(found.person, [found.role])), None)
    groups = facts.groups_of(profile) if profile else []
    texts = [fact for fact in facts.texts_of(profile) if fact.value] if profile else []
    skills = languages_of(found.person)
    enrolment = enrolments_of_people(request.actor, [found.person_id]).filter(application=found).first()
    context = {
        "application": found,
        "person": found.person,
        "profile": profile,
        "references": references_shown(found),
        "confirmation": confirmation_shown(found, profile, skills),
        "may_be_asked": may_be_asked(found),
        "offer": offer_to(found),
        "left": _training_left(found.person_id, found) if enrolment is not None and not enrolment.briefed_on else [],
        "role": ROLES[found.role],
        "tone": TONES[found.state],
        "steps": steps_of(found),
        "step": next_step_of(found),
        "interviews": [(interview, interview_words(interview), answered(interview)) for interview in interviews],
        "decision": decisions_on([found.pk]).first(),
        "enrolment": enrolment,
        "groups": groups,
        "texts": texts,
        "languages": facts.languages_of_profile(skills, profile),
        "usual": facts.usual_source(groups, texts),
        "days": (request.actor.today - found.received_on).days,
        "came": way_in(request.actor, found),
    }
    return render(request, "desk/people/application.html", context)


def _act(
    request: DeskRequest,
    found: Application,
    all_forms: tuple[forms.Form, ...],
    act: Callable[[], object],
    *,
    template: str,
    done: Callable[[], str],
    **context: Any,
) -> HttpResponse:
    """Show the forms of a step, or take the step and say what comes next; what was typed is kept when it is refused."""
    # Every form is asked, also after one has failed: the summary names all faults at once.
    wrong = [form for form in all_forms if not form.is_valid()]
    if request.method == "POST" and not wrong:
        if attempt(request, act, all_forms[0]) is not None:
            say(request, done())
            return redirect("desk:application", application_id=found.pk)
    elif request.method != "POST" and not found.is_open:
        say(request, _("This application has been decided already."), tone="info")
        return redirect("desk:application", application_id=found.pk)
    shown = {"application": found, "person": found.person, "role": ROLES[found.role], "form": all_forms[0]}
    return render(request, template, shown | context)


@open_to(Policy.CASEWORK)
def book(request: DeskRequest, application_id: UUID) -> HttpResponse:
    """Book an interview, or move the booked one."""
    by, found = request.actor, _application(request, application_id)
    booked = booked_interview(found)
    initial: dict[str, object] = {"interviewer": by.user_id, "place": found.division.address}
    if booked is not None:
        at = timezone.localtime(booked.at)
        initial = {"day": at.date(), "time": at.time(), "place": booked.place, "interviewer": booked.interviewer_id}
        initial["seen"] = booked.mark
    staff = coordinators_in(found.division_id, by.today)
    form = BookForm(posted(request), staff=staff, today=by.today, initial=initial)
    if found.person.is_protected:
        # Told by telephone, and written nowhere.
        del form.fields["place"]

    def act() -> Interview:
        data = form.cleaned_data
        return talks.book_interview(
            by=by,
            application=found,
            at=form.at,
            place=data.get("place", ""),
            interviewer=data["interviewer"],
            seen=data["seen"],
        )

    return _act(
        request,
        found,
        (form,),
        act,
        template="desk/people/application_book.html",
        done=lambda: _("Booked. %(name)s gets a letter with day, time and place.") % {"name": found.person.first_name},
        booked=booked,
    )


@open_to(Policy.CASEWORK)
def decide(request: DeskRequest, application_id: UUID) -> HttpResponse:
    """Approve or decline, with a reason."""
    by, found = request.actor, _application(request, application_id)
    staff = coordinators_in(found.division_id, by.today)
    left = _training_left(found.person_id, found)
    form = DecideForm(
        posted(request),
        staff=staff,
        role=found.role,
        has_training_left=bool(left),
        initial={"coordinator": by.user_id},
    )

    def act() -> object:
        data = form.cleaned_data
        return decide_on(
            by=by,
            application=found,
            outcome=data["outcome"],
            reason=data["reason"],
            author_name=by.name,
            capacity=form.places,
            coordinator=data["coordinator"],
            lets_off=form.why_let_off,
        )

    def done() -> str:
        name = {"name": found.person.first_name}
        if form.cleaned_data["outcome"] == ApplicationState.DECLINED:
            return _("Declined. %(name)s gets a letter.") % name
        if found.role == "mentee":
            return _("%(name)s is on the waiting list, and gets a letter. Find her a mentor.") % name
        if left and not form.why_let_off:
            return (
                _("%(name)s is a mentor now, and gets a letter. She can be matched when her training is done.") % name
            )
        return _("%(name)s is a mentor now, in the mentor bank, and gets a letter.") % name

    last = next((one for one in interviews_of([found.pk]) if one.held_at), None)
    return _act(
        request,
        found,
        (form,),
        act,
        template="desk/people/application_decide.html",
        done=done,
        interview=last,
        answers=answered(last) if last is not None else [],
        references=references_shown(found),
        left=left,
    )


def _training_left(person_id: UUID, application: Application) -> list[str]:
    """Return the titles of the training that a mentor has not done."""
    if application.role != Role.MENTOR:
        return []
    titles = {text.module_id: text.title for text in modules(application.role, get_language() or "en")}
    left = modules_left(person_id, application.role, application.programme_id)
    return [titles.get(module.pk, module.slug) for module in left]


@open_to(Policy.CASEWORK)
def withdraw(request: DeskRequest, application_id: UUID) -> HttpResponse:
    """Take an application back, as she has asked."""
    by, found = request.actor, _application(request, application_id)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    return _act(
        request,
        found,
        (form,),
        lambda: services.withdraw_application(by=by, application=found, reason=form.cleaned_data["reason"]),
        template="desk/people/application_withdraw.html",
        done=lambda: _("Withdrawn. Nobody writes to her any more; she can apply again at any time."),
    )
