"""The interview planner: a week of times, adding and taking out, sending them to applicants, giving one."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from mentornet.accounts.models import User
from mentornet.common.holidays import WORKING_DAYS
from mentornet.common.moments import when_words
from mentornet.divisions.queries import coordinators_of, divisions_of
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Application, InterviewSlot
from mentornet.intake.planner import (
    booked_between,
    free_slots,
    interviews_with,
    taken_out_slots,
    visible_slots,
    waiting_for_interview,
)
from mentornet.intake.queries import visible_applications
from mentornet.intake.services import slots as services
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt, posted
from mentornet.web.desk.interviews import shown
from mentornet.web.desk.interviews.forms import AddForm
from mentornet.web.ui.calendars import calendar_file
from mentornet.web.ui.toasts import say

WAITING: Final = 25
AHEAD: Final = timedelta(days=28)


@open_to(Policy.CASEWORK)
def planner(request: DeskRequest) -> HttpResponse:
    """Show a week of times and who waits for one; with an applicant chosen, each free time can be given to her."""
    by = request.actor
    chosen = _chosen(request)
    free = free_slots(by.casework, by.at).filter(starts_at__lt=by.at + AHEAD)
    first = (free.filter(division_id=chosen.division_id) if chosen is not None else free).first()
    # Who looks for a time for somebody begins where there is one.
    begin = timezone.localdate(first.starts_at) if chosen is not None and first is not None else _opens_on(by)
    monday = shown.monday_of(request.GET.get("week", ""), begin)
    begins, ends = shown.bounds(monday)
    staff = list(_staff(request))
    who = shown.chosen_user(request.GET.get("who", ""), (user.pk for user in staff))
    slots = visible_slots(by).filter(starts_at__gte=begins, starts_at__lt=ends)
    booked = booked_between(by, begins, ends)
    if who is not None:
        slots, booked = slots.filter(interviewer_id=who), booked.filter(interviewer_id=who)
    if chosen is not None:
        slots = slots.filter(division_id=chosen.division_id)
    waiting = Paginator(waiting_for_interview(by), WAITING).get_page(request.GET.get("page"))
    query = {"who": str(who or ""), "for": str(chosen.pk) if chosen else ""}
    context = {
        "days": shown.week(monday, slots, booked, by.at),
        "waiting": shown.waiting_rows(waiting.object_list, by.today),
        "page": waiting,
        "lede": shown.lede(waiting.paginator.count, free.count()),
        "staff": staff,
        "who": who,
        "chosen": chosen,
        "monday": monday,
        "title": _week_title(monday),
        "earlier": _link(monday - timedelta(days=7), query),
        "later": _link(monday + timedelta(days=7), query),
        "this_week": _link(by.today, query),
        "is_this_week": monday <= by.today < monday + timedelta(days=7),
        "next_free": _link(timezone.localdate(first.starts_at), query)
        if first is not None and first.starts_at >= ends
        else "",
        "has_free": first is not None,
    }
    return render(request, "desk/interviews/interviews.html", context)


def _later(first: InterviewSlot | None, ends: datetime, query: dict[str, str]) -> str:
    """Return where the next free time is, if it is in a later week."""
    return _link(timezone.localdate(first.starts_at), query) if first is not None and first.starts_at >= ends else ""


def _opens_on(by: Staff) -> date:
    """Return a day of the week that the plan opens on: the next one, at a weekend for which nothing is planned."""
    begins, ends = by.at, shown.bounds(shown.monday_of("", by.today))[1]
    if by.today.weekday() < WORKING_DAYS or booked_between(by, begins, ends).exists():
        return by.today
    is_planned = visible_slots(by).filter(starts_at__gte=begins, starts_at__lt=ends).exists()
    return by.today if is_planned else timezone.localdate(ends)


def _week_title(monday: date) -> str:
    words = {
        "number": monday.isocalendar().week,
        "first": date_format(monday, "MONTH_DAY_FORMAT"),
        "last": date_format(monday + timedelta(days=6), "DATE_FORMAT"),
    }
    return _("Week %(number)s: %(first)s to %(last)s") % words


def _link(day: date, query: dict[str, str]) -> str:
    kept = {name: value for name, value in query.items() if value}
    return f"{reverse('desk:interviews')}?{urlencode({'week': day.isoformat(), **kept})}"


def _staff(request: DeskRequest) -> QuerySet[User]:
    return coordinators_of(request.actor.casework, request.actor.today)


def _chosen(request: DeskRequest) -> Application | None:
    """Return the applicant for whom a time is looked for, if the address names one who can still have one."""
    try:
        key = UUID(request.GET.get("for", ""))
    except ValueError:
        return None
    return visible_applications(request.actor).filter(pk=key, state__in=("received", "booked")).first()


@open_to(Policy.CASEWORK)
def add(request: DeskRequest) -> HttpResponse:
    """Put many times into the plan at once."""
    by = request.actor
    initial: dict[str, object] = {
        "interviewer": by.user_id,
        "begins": "14:00",
        "ends": "17:00",
    }
    form = AddForm(posted(request), staff=_staff(request), divisions=divisions_of(by), today=by.today, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data

        def act() -> list[InterviewSlot]:
            return services.add_slots(
                by=by,
                division=given["division"],
                interviewer=given["interviewer"],
                starts=form.starts,
                minutes=given["minutes"],
                place=given["place"],
                way=given["way"],
            )

        made = attempt(request, act, form)
        if made is not None:
            count = len(made)
            words = ngettext(
                "%(count)s time is in the plan now. Send it to those who wait.",
                "%(count)s times are in the plan now. Send them to those who wait.",
                count,
            )
            say(request, words % {"count": count} if count else _("They stand in the plan already. Nothing is added."))
            day = form.starts[0].date()
            return redirect(_link(day, {}))
    return render(request, "desk/interviews/add.html", {"form": form})


def _slot(request: DeskRequest, slot_id: UUID) -> InterviewSlot:
    return get_object_or_404(visible_slots(request.actor), pk=slot_id)


@open_to(Policy.CASEWORK)
@require_POST
def take_out(request: DeskRequest, slot_id: UUID) -> HttpResponse:
    """Take a free time out of the plan; it can be put back."""
    slot = _slot(request, slot_id)
    if attempt(request, lambda: services.take_out_slot(by=request.actor, slot=slot)) is not None:
        words = _("%(time)s is out of the plan.") % {"time": when_words(slot.starts_at)}
        say(request, words, undo=reverse("desk:interview_slot_back", args=[slot.pk]))
    return redirect(_link(slot.starts_at.date(), {}))


@open_to(Policy.CASEWORK)
@require_POST
def put_back(request: DeskRequest, slot_id: UUID) -> HttpResponse:
    """Put a time back that was taken out of the plan."""
    slot = get_object_or_404(taken_out_slots(request.actor), pk=slot_id)
    if attempt(request, lambda: services.put_back_slot(by=request.actor, slot=slot)) is not None:
        say(request, _("%(time)s is in the plan again.") % {"time": when_words(slot.starts_at)})
    return redirect(_link(slot.starts_at.date(), {}))


@open_to(Policy.CASEWORK)
@require_POST
def send(request: DeskRequest, application_id: UUID) -> HttpResponse:
    """Send an applicant the free times: she chooses one by her personal link."""
    by = request.actor
    found = get_object_or_404(visible_applications(by), pk=application_id)
    if attempt(request, lambda: services.offer_times(by=by, application=found, author_name=by.name)) is not None:
        words = _("%(name)s gets a letter with a link, and chooses a time herself. The letter leaves in a minute.")
        say(request, words % {"name": found.person.first_name})
    return redirect("desk:interviews" if request.POST.get("next") == "planner" else _page_of(found))


def _page_of(application: Application) -> str:
    """Return the address of an application's page."""
    return reverse("desk:application", args=[application.pk])


@open_to(Policy.CASEWORK)
@require_POST
def give(request: DeskRequest, slot_id: UUID, application_id: UUID) -> HttpResponse:
    """Put an applicant into a time: she gets a letter with day, time and place."""
    by = request.actor
    found = get_object_or_404(visible_applications(by), pk=application_id)
    slot = _slot(request, slot_id)
    seen = request.POST.get("seen")
    if attempt(request, lambda: services.take_slot(by=by, application=found, slot=slot, seen=seen)) is None:
        return redirect(_link(slot.starts_at.date(), {"for": str(found.pk)}))
    words = _("Booked: %(time)s. %(name)s gets a letter with day, time and place.")
    say(request, words % {"time": when_words(slot.starts_at), "name": found.person.first_name})
    return redirect(_page_of(found))


@open_to(Policy.CASEWORK)
def calendar(request: DeskRequest) -> HttpResponse:
    """Return one's own interviews as a calendar file."""
    by = request.actor
    found = interviews_with(by, by.at - timedelta(days=1))
    base = request.build_absolute_uri("/").rstrip("/")
    return calendar_file((shown.appointment(one, by.at, base) for one in found), name="appointments.ics")
