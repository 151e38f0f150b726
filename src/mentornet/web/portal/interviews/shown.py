"""The talk as she sees it: where it stands, and the times that she can choose from, by day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.utils import timezone
from django.utils.translation import get_language

from mentornet.common.moments import day_words, hour_words
from mentornet.intake.enums import ApplicationState
from mentornet.intake.models import Application, Interview, InterviewOffer, InterviewSlot
from mentornet.intake.services.interviews import place_in_words

MOST_TIMES = 60


class Stand(StrEnum):
    """What she can do on the page."""

    CHOOSE = "choose"
    NO_TIMES = "no_times"
    REFUSED = "refused"
    BOOKED = "booked"
    TALKED = "talked"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Time:
    """A time that she can choose."""

    key: UUID
    words: str
    place: str
    name: str


@dataclass(frozen=True, slots=True)
class Day:
    """A day with its free times."""

    words: str
    times: tuple[Time, ...]


@dataclass(frozen=True, slots=True)
class Booked:
    """What is booked."""

    day: str
    time: str
    minutes: int
    place: str
    name: str
    mark: str


def stand_of(application: Application, booked: Interview | None, offer: InterviewOffer | None, count: int) -> Stand:
    """Tell how far it has come."""
    match application.state:
        case ApplicationState.INTERVIEWED | ApplicationState.APPROVED:
            return Stand.TALKED
        case ApplicationState.BOOKED if booked is not None:
            return Stand.BOOKED
        case ApplicationState.RECEIVED if offer is not None and offer.refused_at is not None:
            return Stand.REFUSED
        case ApplicationState.RECEIVED:
            return Stand.CHOOSE if count else Stand.NO_TIMES
    return Stand.OVER


def days_of(slots: Iterable[InterviewSlot]) -> list[Day]:
    """Return free times by day."""
    found: dict[str, list[Time]] = {}
    for slot in slots:
        found.setdefault(day_words(timezone.localdate(slot.starts_at)), []).append(
            Time(slot.pk, hour_words(slot.starts_at), where(slot), slot.interviewer.name)
        )
    return [Day(words, tuple(times)) for words, times in found.items()]


def booked_words(interview: Interview) -> Booked:
    """Say when, where and with whom it is."""
    return Booked(
        day=day_words(timezone.localdate(interview.at)),
        time=hour_words(interview.at),
        minutes=interview.minutes,
        place=where(interview),
        name=interview.interviewer.name,
        mark=interview.mark,
    )


def where(talk: InterviewSlot | Interview) -> str:
    """Say where to be, in the page's language."""
    return place_in_words(talk, get_language() or "en")
