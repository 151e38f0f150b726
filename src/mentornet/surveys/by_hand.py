"""Asking by hand: whom, on which occasion, and how far the work in the background is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import QuerySet

from mentornet.common.actors import Actor
from mentornet.common.jobs import JobState, newest_job
from mentornet.divisions.staff import Staff
from mentornet.partnerships.enums import PartnershipState
from mentornet.partnerships.models import Partnership
from mentornet.surveys.models import Ask, Questionnaire
from mentornet.surveys.queries import pairs_to_ask

BY_HAND: Final = "surveys.ask_by_hand"
"""The job by which it is done."""
SHOWN_FOR: Final = timedelta(days=1)
"""So long it is shown what came of it."""


@dataclass(frozen=True, slots=True)
class AskingByHand:
    """Asking by hand, as it stands.

    Attributes:
        asked: how many letters stand so far.
        in_all: how many there would be if everybody can be asked; neither is counted once it is over.
    """

    job: JobState
    asked: int = 0
    in_all: int = 0


def by_hand_on(day: date) -> str:
    """Return the occasion on which pairs are asked by hand: once a day."""
    return f"hand:{day}"


def pairs_asked_by_hand(by: Actor) -> QuerySet[Partnership]:
    """Return the pairs that somebody asks by hand: the active ones of her divisions."""
    pairs = pairs_to_ask(by.today).filter(state=PartnershipState.ACTIVE)
    return pairs.filter(division_id__in=by.casework) if isinstance(by, Staff) else pairs


def asking_by_hand(by: Staff, questionnaire: Questionnaire) -> AskingByHand | None:
    """Return how far the work is that somebody has asked for lately; ``None`` where she has not."""
    job = newest_job(BY_HAND, by.at - SHOWN_FOR, questionnaire_id=str(questionnaire.pk), user_id=str(by.user_id))
    if job is None or job.is_over:
        return None if job is None else AskingByHand(job)
    occasion = by_hand_on(date.fromisoformat(job.arguments["on"]))
    asks = Ask.objects.filter(questionnaire=questionnaire, occasion=occasion)
    pairs = pairs_asked_by_hand(by)
    if questionnaire.programme_id is not None:
        pairs = pairs.filter(mentee__programme_id=questionnaire.programme_id)
    return AskingByHand(
        job,
        asked=asks.filter(partnership__division_id__in=by.casework).count(),
        in_all=pairs.count() * len(questionnaire.sides),
    )
