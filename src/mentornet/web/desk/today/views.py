"""Today: what needs her, most urgent first, each with its one action."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import cast
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentornet.accounts.models import User
from mentornet.agenda import services
from mentornet.agenda.models import Kind, Task
from mentornet.agenda.queries import counts_by_kind, meant_for, put_off_tasks, tasks_in
from mentornet.common.jobs import jobs_failed
from mentornet.divisions.queries import divisions_of, stood_in_for
from mentornet.followup.queries import is_any_unread, next_concerns
from mentornet.followup.services.alarms import LETTER_JOB as ALARM_JOB
from mentornet.intake.queries import visible_reveals
from mentornet.intake.services.watching import UNTOLD
from mentornet.messaging.queries import held_up_letters, undelivered_letters
from mentornet.people.queries import was_last_written_by
from mentornet.privacy.pausing import paused_for
from mentornet.privacy.register import open_breaches
from mentornet.privacy.services.watching import LETTER_JOB as PAUSE_JOB
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt, posted
from mentornet.web.desk.backups.shown import warning_for
from mentornet.web.desk.concerns.shown import rows_of as rows_of_concerns
from mentornet.web.desk.data_protection.shown import BreachRow, breach_rows
from mentornet.web.desk.letters.shown import rows_of as letter_rows
from mentornet.web.desk.setup.steps import left_of_first_steps
from mentornet.web.desk.today.chosen import EVERYBODYS, Chosen, chosen_of, open_for
from mentornet.web.desk.today.forms import SnoozeForm
from mentornet.web.desk.today.shown import NO_TALK_YET, SECTIONS, WAYS, row_of, section_of
from mentornet.web.signin import LETTER_JOB as PASSWORD_JOB
from mentornet.web.ui.toasts import say

A_PAGE = 40
MOST_LETTERS = 5
"""Letters that could not be sent, shown above the tasks; the others stand under Letters."""
WEEK = timedelta(days=7)
ABOUT_SIGNING_IN = (PASSWORD_JOB, PAUSE_JOB)
FAILED_SINCE = timedelta(days=2)
MOST_CONCERNS = 20


def _first(request: DeskRequest) -> dict[str, object]:
    """Return what is left of the first steps, for whoever looks after the program."""
    return left_of_first_steps(request.actor, cast(User, request.user))


def _paused(request: DeskRequest) -> list[User]:
    """Return whose reading has been paused: for whoever may let her on, before all else."""
    actor = request.actor
    return list(paused_for(actor)) if actor.leads or actor.is_administrator else []


def _breaches(request: DeskRequest) -> list[BreachRow]:
    """Return the clocks of what went wrong with data: for whoever sees to it."""
    actor = request.actor
    return breach_rows(open_breaches(actor), actor.at) if actor.leads or actor.is_data_protection_officer else []


def _failed(request: DeskRequest) -> int:
    """Return how many letters about signing in could not be written lately: for whoever looks after the program."""
    actor = request.actor
    return jobs_failed(ABOUT_SIGNING_IN, actor.at - FAILED_SINCE) if actor.is_administrator else 0


def _untold(request: DeskRequest) -> int:
    """Return how many letters that something waits could not be written lately: for whoever looks after the program."""
    actor = request.actor
    return jobs_failed([ALARM_JOB], actor.at - FAILED_SINCE) if actor.is_administrator else 0


def _unread(request: DeskRequest) -> bool:
    """Tell whoever looks after the program that nobody may read what somebody has told in confidence."""
    return request.actor.is_administrator and is_any_unread()


def _put_off(request: DeskRequest) -> QuerySet[Task]:
    actor = request.actor
    return meant_for(put_off_tasks(divisions=actor.casework, today=actor.today), actor.user_id)


@open_to(Policy.STAFF)
def today(request: DeskRequest) -> HttpResponse:
    """Show what needs her."""
    actor = request.actor
    if not actor.casework and actor.is_data_protection_officer and not actor.is_administrator:
        return redirect("desk:data_protection")
    if not actor.casework:
        return render(
            request,
            "desk/today/no_casework.html",
            {
                "backups": warning_for(actor),
                "paused": _paused(request),
                "failed": _failed(request),
                "untold": _untold(request),
                "unread": _unread(request),
                **_first(request),
            },
        )
    chosen = chosen_of(request)
    kind = request.GET.get("kind", "")
    away = {one.user_id: one for one in stood_in_for(actor.user_id, actor.today)}
    everybodys = chosen.whose == EVERYBODYS
    tasks = chosen.narrow(open_for(actor), actor, away)
    counts = counts_by_kind(tasks)
    shown = tasks.filter(kind=kind) if kind in WAYS else tasks
    # The counts tell how many there are: the page need not ask again.
    page = Paginator(shown, A_PAGE).get_page(request.GET.get("page"))
    names = {division.pk: division.name for division in divisions_of(actor)}
    rows = [
        row_of(task, today=actor.today, divisions=names, user_id=actor.user_id, away=away) for task in page.object_list
    ]
    by_section = defaultdict(list)
    for row in rows:
        by_section[section_of(row.task, actor.today)].append(row)
    later = by_section.pop("later", [])
    stuck = list(undelivered_letters(actor.casework)[: MOST_LETTERS + 1])
    return render(
        request,
        "desk/today/today.html",
        {
            "sections": [(heading, by_section[name]) for name, heading in SECTIONS.items() if name in by_section],
            "later": later,
            "later_count": shown.filter(due_on__gt=actor.today + WEEK).exclude(NO_TALK_YET).count() if later else 0,
            "later_is_open": not by_section,
            "page": page,
            "total": sum(counts.values()),
            "tabs": _tabs(counts, kind, chosen),
            "everybodys": everybodys,
            "chosen": chosen,
            "whose_tabs": _whose(chosen),
            "ticks": bool(rows),
            # Not tasks: those stand on lists that all of an office share.
            "concerns": rows_of_concerns(next_concerns(actor, MOST_CONCERNS, away), actor.at),
            "put_off": _put_off(request).count(),
            "several_divisions": len(names) > 1,
            "letters": letter_rows(stuck[:MOST_LETTERS]),
            "held_up": held_up_letters(actor.casework, actor.at).count(),
            "more_letters": len(stuck) > MOST_LETTERS,
            "backups": warning_for(actor),
            "paused": _paused(request),
            "failed": _failed(request),
            "untold": _untold(request),
            "unread": _unread(request),
            "breaches": _breaches(request),
            "snooze": SnoozeForm(initial={"until": actor.today + timedelta(days=7)}),
            **_first(request),
        },
    )


def _tabs(counts: dict[str, int], current: str, chosen: Chosen) -> list[dict[str, object]]:
    tabs: list[dict[str, object]] = [
        {
            "label": _("Everything"),
            "url": chosen.address(),
            "is_current": current not in WAYS,
            "count": sum(counts.values()),
        }
    ]
    tabs += [
        {
            "label": kind.label,
            "url": chosen.address(kind=kind.value),
            "is_current": kind == current,
            "count": counts[kind],
        }
        for kind in Kind
        if counts.get(kind) or kind == current
    ]
    return tabs


def _whose(chosen: Chosen) -> list[dict[str, object]]:
    tabs: list[dict[str, object]] = [
        {"label": _("Mine"), "url": Chosen().address(), "is_current": not chosen.whose},
        {"label": _("Everybody's"), "url": Chosen(EVERYBODYS).address(), "is_current": chosen.whose == EVERYBODYS},
    ]
    if chosen.name:
        tabs.append({"label": chosen.name, "url": chosen.address(), "is_current": True})
    return tabs


@open_to(Policy.CASEWORK)
def put_off(request: DeskRequest) -> HttpResponse:
    """Show what has been put off, and until when."""
    actor = request.actor
    names = {division.pk: division.name for division in divisions_of(actor)}
    page = Paginator(_put_off(request), A_PAGE).get_page(request.GET.get("page"))
    rows = [row_of(task, today=actor.today, divisions=names, user_id=actor.user_id) for task in page.object_list]
    return render(request, "desk/today/put_off.html", {"rows": rows, "page": page})


def _task(request: DeskRequest, task_id: UUID) -> Task:
    return get_object_or_404(meant_for(tasks_in(request.actor.casework), request.actor.user_id), pk=task_id)


def _is_watched_over(request: DeskRequest, task: Task) -> bool:
    """Tell whether a task tells somebody else what this one was allowed to see, and say that it is not hers."""
    asked = visible_reveals(request.actor).filter(pk=task.target_id, asked_by=request.actor.user_id)
    # An address that she has written herself is told to somebody else too.
    wrote = task.words.get("why") == UNTOLD and was_last_written_by(task.target_id, request.actor.key)
    if task.kind != Kind.REVEALED or not (wrote or asked.exists()):
        return False
    say(request, _("You have asked for this yourself. Somebody else sees to it."), tone="info")
    return True


@open_to(Policy.CASEWORK)
def snooze(request: DeskRequest, task_id: UUID) -> HttpResponse:
    """Put a task off until a day; without JavaScript the form has a page of its own."""
    task = _task(request, task_id)
    if _is_watched_over(request, task):
        return redirect("desk:today")
    form = SnoozeForm(posted(request), initial={"until": request.actor.today + timedelta(days=7)})
    form.today = request.actor.today
    if request.method == "POST" and form.is_valid():
        until = form.cleaned_data["until"]
        done = attempt(
            request,
            lambda: services.snooze(by=request.actor, task=task, until=until, reason=form.cleaned_data["reason"]),
            form,
        )
        if done is not None:
            say(
                request,
                _("Put off. It comes back on %(day)s.") % {"day": date_format(until, "DATE_FORMAT")},
                undo=reverse("desk:task_wake", kwargs={"task_id": task.pk}),
            )
            return redirect("desk:today")
    names = {division.pk: division.name for division in divisions_of(request.actor)}
    row = row_of(task, today=request.actor.today, divisions=names, user_id=request.actor.user_id)
    return render(request, "desk/today/snooze.html", {"row": row, "form": form})


@open_to(Policy.CASEWORK)
@require_POST
def wake(request: DeskRequest, task_id: UUID) -> HttpResponse:
    """Take back that a task was put off."""
    services.wake(by=request.actor, task=_task(request, task_id))
    say(request, _("It is back on your list."))
    return redirect("desk:today")


@open_to(Policy.CASEWORK)
@require_POST
def tick_off(request: DeskRequest, task_id: UUID) -> HttpResponse:
    """Finish a task that no act of the desk settles."""
    task = _task(request, task_id)
    if _is_watched_over(request, task):
        return redirect("desk:today")
    if not WAYS[task.kind].by_hand:
        say(request, _("This settles itself when it is done: open it and do it there."), tone="info")
    elif services.tick_off(by=request.actor, task=task):
        say(request, _("Done."), undo=reverse("desk:task_untick", kwargs={"task_id": task.pk}))
    else:
        say(request, _("That was done already."), tone="info")
    return redirect("desk:today")


@open_to(Policy.CASEWORK)
@require_POST
def untick(request: DeskRequest, task_id: UUID) -> HttpResponse:
    """Take back that a task was finished."""
    if services.untick(by=request.actor, task=_task(request, task_id)):
        say(request, _("It is back on your list."))
    return redirect("desk:today")
