"""Goals in small steps, doors opened, and notes of one's own."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentornet.partnerships import services
from mentornet.partnerships.models import Partnership
from mentornet.partnerships.queries import goals_of, introductions_of, own_notes_of, steps_of
from mentornet.people.enums import Role
from mentornet.web.access import PortalRequest
from mentornet.web.portal.partnership import shown
from mentornet.web.portal.partnership.forms import (
    GoalForm,
    GoalWordsForm,
    IntroductionForm,
    OwnNoteAgainForm,
    OwnNoteForm,
    StepForm,
)
from mentornet.web.portal.partnership.pages import back_to, mine, of_the_two, page_of
from mentornet.web.portal.shell import attempt, posted
from mentornet.web.ui.toasts import say


def _goals(
    request: PortalRequest,
    pair: Partnership,
    side: Role,
    *,
    form: GoalForm | None = None,
    step: tuple[UUID, StepForm] | None = None,
) -> HttpResponse:
    goals = list(goals_of(pair))
    rows = [
        {
            "goal": goal,
            "words": shown.goal_words(goal),
            "steps": list(goal.steps.all()),
            "form": step[1]
            if step is not None and step[0] == goal.pk
            else StepForm(prefix=None, auto_id=f"id_{goal.pk}_%s"),
        }
        for goal in goals
    ]
    return page_of(
        request, "goals", pair, side, rows=rows, form=form or GoalForm(), progress=shown.progress_words(goals)
    )


@of_the_two
def goals(request: PortalRequest, partnership_id: UUID) -> HttpResponse:
    """Show the goals with their steps, and write a new one."""
    pair, side = mine(request, partnership_id)
    if request.method != "POST":
        return _goals(request, pair, side)
    form = GoalForm(request.POST)

    def act() -> object:
        return services.write_goal(by=request.participant, partnership=pair, words=form.cleaned_data["words"])

    if form.is_valid() and attempt(request, act, form) is not None:
        say(request, _("Written down. What is the first small step?"))
        return back_to("goals", pair)
    return _goals(request, pair, side, form=form)


@of_the_two
def goal_edit(request: PortalRequest, partnership_id: UUID, goal_id: UUID) -> HttpResponse:
    """Put a goal into other words; empty, it goes."""
    pair, side = mine(request, partnership_id)
    goal = get_object_or_404(goals_of(pair), pk=goal_id)
    form = GoalWordsForm(posted(request), initial={"words": goal.words})
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data["words"]

        def act() -> object:
            return services.change_goal(by=request.participant, partnership=pair, goal=goal, words=words)

        if attempt(request, act, form) is not None:
            say(request, _("Changed.") if words else _("The goal is gone. You can write another one."))
            return back_to("goals", pair)
    return page_of(request, "goal_edit", pair, side, form=form, goal=goal)


@of_the_two
@require_POST
def goal_mark(request: PortalRequest, partnership_id: UUID, goal_id: UUID) -> HttpResponse:
    """Say that a goal is reached, or not after all."""
    pair, _side = mine(request, partnership_id)
    goal = get_object_or_404(goals_of(pair), pk=goal_id)
    reached = request.POST.get("reached") == "yes"
    by = request.participant
    done = attempt(request, lambda: services.mark_goal(by=by, partnership=pair, goal=goal, is_reached=reached))
    if done is not None and reached:
        say(request, _("Reached! Be proud of it, both of you."))
    return back_to("goals", pair)


@of_the_two
def step_add(request: PortalRequest, partnership_id: UUID, goal_id: UUID) -> HttpResponse:
    """Add a small step."""
    pair, side = mine(request, partnership_id)
    goal = get_object_or_404(goals_of(pair), pk=goal_id)
    if request.method != "POST":
        return back_to("goals", pair)
    form = StepForm(request.POST, auto_id=f"id_{goal.pk}_%s")

    def act() -> object:
        return services.write_step(
            by=request.participant, partnership=pair, goal=goal, words=form.cleaned_data["words"]
        )

    if form.is_valid() and attempt(request, act, form) is not None:
        return back_to("goals", pair)
    return _goals(request, pair, side, step=(goal.pk, form))


@of_the_two
@require_POST
def step_mark(request: PortalRequest, partnership_id: UUID, step_id: UUID) -> HttpResponse:
    """Say that a step is done or not, or take it away."""
    pair, _side = mine(request, partnership_id)
    step = get_object_or_404(steps_of(pair), pk=step_id)
    by, what = request.participant, request.POST.get("what")

    def act() -> bool:
        if what == "away":
            services.take_step_away(by=by, partnership=pair, step=step)
        else:
            services.mark_step(by=by, partnership=pair, step=step, is_done=what == "done")
        return True

    if attempt(request, act) is not None and what == "done":
        say(request, _("Done. Well done!"))
    return back_to("goals", pair)


# Doors opened ---------------------------------------------------------------------------------------------------------


@of_the_two
def introductions(request: PortalRequest, partnership_id: UUID) -> HttpResponse:
    """Show the doors that were opened, and tell of one."""
    pair, side = mine(request, partnership_id)
    form = IntroductionForm(posted(request), initial={"on": request.participant.today})
    if request.method == "POST" and form.is_valid():

        def act() -> object:
            return services.tell_introduction(by=request.participant, partnership=pair, facts=form.cleaned_data)

        if attempt(request, act, form) is not None:
            say(request, _("Noted. A door was opened."))
            return back_to("introductions", pair)
    return page_of(request, "introductions", pair, side, form=form, doors=list(introductions_of(pair)))


@of_the_two
def introduction_edit(request: PortalRequest, partnership_id: UUID, introduction_id: UUID) -> HttpResponse:
    """Say what came of a door."""
    pair, side = mine(request, partnership_id)
    introduction = get_object_or_404(introductions_of(pair), pk=introduction_id)
    form = IntroductionForm.of(introduction, posted(request))
    if request.method == "POST" and form.is_valid():

        def act() -> object:
            return services.change_introduction(
                by=request.participant, partnership=pair, introduction=introduction, facts=form.cleaned_data
            )

        if attempt(request, act, form) is not None:
            say(request, _("Changed."))
            return back_to("introductions", pair)
    return page_of(request, "introduction_edit", pair, side, form=form)


# Hers alone -----------------------------------------------------------------------------------------------------------


@of_the_two
def notes(request: PortalRequest, partnership_id: UUID) -> HttpResponse:
    """Show her own notes, and write one."""
    pair, side = mine(request, partnership_id)
    by, form = request.participant, OwnNoteForm(posted(request))
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        done = attempt(request, lambda: services.write_own_note(by=by, partnership=pair, text=text), form)
        if done is not None:
            say(request, _("Written down. Only you can read it."))
            return back_to("own_notes", pair)
    return page_of(request, "notes", pair, side, form=form, notes=list(own_notes_of(by, pair)))


@of_the_two
def note_edit(request: PortalRequest, partnership_id: UUID, note_id: UUID) -> HttpResponse:
    """Write a note of hers anew; empty, it goes."""
    pair, side = mine(request, partnership_id)
    by = request.participant
    note = get_object_or_404(own_notes_of(by, pair), pk=note_id)
    form = OwnNoteAgainForm(posted(request), initial={"text": note.text})
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]

        def act() -> bool:
            services.write_own_note(by=by, partnership=pair, text=text, note=note)
            return True

        if attempt(request, act, form) is not None:
            say(request, _("Changed.") if text.strip() else _("The note is gone."))
            return back_to("own_notes", pair)
    return page_of(request, "note_edit", pair, side, form=form, note=note)
