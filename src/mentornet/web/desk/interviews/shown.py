"""A week of the planner, prepared for the template: by day, free and taken times in order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import ngettext

from mentornet.common.appointments import Appointment, edition_at
from mentornet.common.holidays import is_holiday
from mentornet.common.moments import day_words, hour_words
from mentornet.intake.enums import InterviewWay
from mentornet.intake.models import Application, Interview, InterviewOffer, InterviewSlot


@dataclass(frozen=True, slots=True)
class Cell:
    """One time of a day.

    Attributes:
        slot: of the plan; ``None`` for an interview that was booked by hand.
        whose: the applicant, where it is taken.
        is_over: it lies behind us.
    """

    at: datetime
    time: str
    until: str
    name: str
    place: str
    slot: InterviewSlot | None
    whose: Application | None
    is_over: bool

    @property
    def is_free(self) -> bool:
        """Somebody can still be put in."""
        return self.whose is None and not self.is_over


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the week."""

    day: date
    words: str
    cells: tuple[Cell, ...]
    is_today: bool
    is_holiday: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """An applicant who has no interview yet.

    Attributes:
        offer: when she was sent the times, if she was.
        refused: none of them suits her.
    """

    application: Application
    days: int
    offer: InterviewOffer | None
    offered: str
    refused: str


def monday_of(text: str, today: date) -> date:
    """Return the Monday of the week in which the day lies that an address names; of this week without one."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = today
    if not date(2000, 1, 1) <= day <= date(2200, 1, 1):
        day = today
    return day - timedelta(days=day.weekday())


def bounds(monday: date, days: int = 7) -> tuple[datetime, datetime]:
    """Return the moments at which a week begins and ends, as the clock on the wall shows them."""
    begins = timezone.make_aware(datetime.combine(monday, time.min))
    return begins, timezone.make_aware(datetime.combine(monday + timedelta(days=days), time.min))


def week(monday: date, slots: Iterable[InterviewSlot], interviews: Iterable[Interview], at: datetime) -> list[Day]:
    """Return the days of a week with what is planned and booked on them."""
    cells: list[Cell] = [_of_slot(slot, at) for slot in slots]
    held = {(cell.whose.pk, cell.at) for cell in cells if cell.whose is not None}
    cells += [_of_interview(one, at) for one in interviews if (one.application_id, one.at) not in held]
    cells.sort(key=lambda cell: (cell.at, cell.name))
    today = timezone.localdate(at)
    days = []
    for number in range(7):
        day = monday + timedelta(days=number)
        of_day = tuple(cell for cell in cells if timezone.localdate(cell.at) == day)
        days.append(Day(day, day_words(day), of_day, day == today, is_holiday(day)))
    return days


def _of_slot(slot: InterviewSlot, at: datetime) -> Cell:
    return Cell(
        at=slot.starts_at,
        time=hour_words(slot.starts_at),
        until=hour_words(slot.ends_at),
        name=slot.interviewer.name,
        place=slot.place or str(InterviewWay(slot.way).label),
        slot=slot,
        whose=slot.application,
        is_over=slot.starts_at <= at,
    )


def _of_interview(interview: Interview, at: datetime) -> Cell:
    return Cell(
        at=interview.at,
        time=hour_words(interview.at),
        until=hour_words(interview.ends_at),
        name=interview.interviewer.name,
        place=interview.place or str(InterviewWay(interview.way).label),
        slot=None,
        whose=interview.application,
        is_over=interview.at <= at,
    )


def waiting_rows(applications: Iterable[Application], today: date) -> list[Waiting]:
    """Return who waits for an interview, with what she has been sent and has answered."""
    rows = []
    for application in applications:
        offer = getattr(application, "offer", None)
        refused = offer is not None and offer.refused_at is not None
        rows.append(
            Waiting(
                application=application,
                days=(today - application.received_on).days,
                offer=offer,
                offered=_day(offer.offered_at) if offer is not None and not refused else "",
                refused=_day(offer.refused_at) if offer is not None and offer.refused_at is not None else "",
            )
        )
    # Who has said that nothing suits her waits for us, and not we for her.
    return sorted(rows, key=lambda row: not row.refused)


def _day(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "MONTH_DAY_FORMAT")


def lede(waiting: int, free: int) -> str:
    """Say how many wait, and how many times are free."""
    who = ngettext("%(count)s waits for a time.", "%(count)s wait for a time.", waiting) % {"count": waiting}
    times = ngettext(
        "%(count)s time is free in the next four weeks.", "%(count)s times are free in the next four weeks.", free
    ) % {"count": free}
    return f"{who} {times}"


def appointment(interview: Interview, at: datetime, base: str) -> Appointment:
    """Return an interview as her own calendar is told of it, with the address of the application."""
    return Appointment(
        key=f"interview-{interview.pk}",
        begins=interview.at,
        lasts=interview.ends_at - interview.at,
        place=interview.place,
        told_at=at,
        edition=edition_at(interview.booked_at or interview.created_at),
        url=base + reverse("desk:application", args=[interview.application_id]),
    )


def chosen_user(text: str, known: Iterable[UUID]) -> UUID | None:
    """Return the interviewer whom an address names, if she is one of those known."""
    return next((key for key in known if str(key) == text), None)
