"""Reads of questionnaires, of who was asked what, and of what was answered."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from mentornet.common.actors import Actor
from mentornet.intake.models import Enrolment
from mentornet.intake.rules import in_divisions
from mentornet.partnerships.enums import PartnershipState
from mentornet.partnerships.models import Partnership
from mentornet.partnerships.queries import safe
from mentornet.people.enums import ObjectionPurpose, Role
from mentornet.people.participants import Participant
from mentornet.people.queries import in_use, not_objecting
from mentornet.surveys.enums import CALL, GOING, MET, YES, Aim, AskState
from mentornet.surveys.models import AnonymousAnswer, Ask, Questionnaire, QuestionnaireVersion
from mentornet.surveys.rules import answers_in, set_up_in

# Questionnaires -------------------------------------------------------------------------------------------------------


def visible_questionnaires(by: Actor) -> QuerySet[Questionnaire]:
    """Return the questionnaires that somebody sees, those in use first, then in the order in which they were made."""
    return (
        Questionnaire.objects.filter(set_up_in(by))
        .select_related("programme__division")
        .order_by(F("closed_on").desc(nulls_first=True), "created_at", "pk")
    )


def open_questionnaires() -> QuerySet[Questionnaire]:
    """Return the questionnaires that are asked."""
    return Questionnaire.objects.filter(closed_on__isnull=True).order_by("created_at", "pk")


def newest_versions(questionnaires: Iterable[Questionnaire]) -> dict[UUID, QuestionnaireVersion]:
    """Return the version in force of each, by the questionnaire's key. One query."""
    newest = QuestionnaireVersion.objects.filter(questionnaire_id=OuterRef("questionnaire_id")).order_by("-number")
    versions = QuestionnaireVersion.objects.filter(
        questionnaire__in=[one.pk for one in questionnaires], pk=Subquery(newest.values("pk")[:1])
    )
    return {version.questionnaire_id: version for version in versions}


def versions_of(questionnaire: Questionnaire) -> QuerySet[QuestionnaireVersion]:
    """Return its versions, the newest first."""
    return QuestionnaireVersion.objects.filter(questionnaire=questionnaire).order_by("-number")


def was_ever_asked(questionnaire: Questionnaire) -> bool:
    """Tell whether somebody has been asked it."""
    return Ask.objects.filter(questionnaire=questionnaire).exists()


# Who is asked ---------------------------------------------------------------------------------------------------------


def pairs_to_ask(ended_since: date) -> QuerySet[Partnership]:
    """Return the pairs that can be asked: those that are active, and those that have met and ended lately.

    Not those that ended for somebody's safety: a letter about it is the last thing that she needs.
    """
    ended = Q(state=PartnershipState.CLOSED, closed_on__gte=ended_since, first_met_on__isnull=False)
    return Partnership.objects.filter(Q(state=PartnershipState.ACTIVE) | (ended & safe()))


def to_remind(asked_after: datetime, asked_before: datetime) -> QuerySet[Ask]:
    """Return the askings that wait for an answer, nobody was reminded of, and were written between two moments.

    None of a pair that has a pause, or where one's data rest.
    """
    return (
        Ask.objects.filter(
            ~Q(partnership__state=PartnershipState.PAUSED),
            safe("partnership__"),
            in_use("partnership__mentee__person") | Q(side=Role.MENTOR),
            in_use("partnership__mentor__person") | Q(side=Role.MENTEE),
            state=AskState.OPEN,
            reminded_at__isnull=True,
            asked_at__gt=asked_after,
            asked_at__lte=asked_before,
        )
        .select_related("partnership__mentee", "partnership__mentor")
        .order_by("pk")
    )


# What she sees of hers ------------------------------------------------------------------------------------------------


def _hers(by: Participant) -> Q:
    mine = Enrolment.objects.filter(person_id=by.person_id).values("pk")
    return Q(side=Role.MENTEE, partnership__mentee__in=mine) | Q(side=Role.MENTOR, partnership__mentor__in=mine)


def own_ask(by: Participant, ask_id: UUID) -> Ask | None:
    """Return what somebody was asked, if it was she."""
    return (
        Ask.objects.filter(_hers(by), pk=ask_id)
        .select_related(
            "questionnaire",
            "version",
            "partnership__division",
            "partnership__mentee__person",
            "partnership__mentor__person",
        )
        .first()
    )


def own_open_ask(by: Participant) -> Ask | None:
    """Return what somebody has been asked and has not answered to the end, the oldest first."""
    waiting = Ask.objects.filter(_hers(by), safe("partnership__"), state__in=[AskState.OPEN, AskState.BEGUN])
    return waiting.select_related("version").order_by("asked_at", "pk").first()


def has_several(by: Participant, ask: Ask) -> bool:
    """Tell whether she is in more pairs than the one that she is asked about: she must know which is meant."""
    mine = Enrolment.objects.filter(person_id=by.person_id).values("pk")
    others = Partnership.objects.filter(Q(mentee__in=mine) | Q(mentor__in=mine), state=PartnershipState.ACTIVE)
    return others.exclude(pk=ask.partnership_id).exists()


# What was answered ----------------------------------------------------------------------------------------------------


def asks_of(partnership: Partnership) -> QuerySet[Ask]:
    """Return what the two of a pair were asked and nobody promised to keep from whom it is about, the oldest first."""
    return (
        Ask.objects.filter(partnership=partnership, is_anonymous=False)
        .select_related("version", "questionnaire")
        .order_by("asked_at", "side", "pk")
    )


@dataclass(frozen=True, slots=True)
class CheckIn:
    """One asking of one of a pair how it goes.

    Attributes:
        side: which of the two.
        asked_on: the day on which she was asked.
        answered_on: on which she answered; ``None`` where she has not.
        going: how it goes, from 1 to 5; ``None`` where she did not say.
        met: how often they have met since she was last asked; 4 is four times or more.
        wants_call: she asked to be called.
    """

    side: Role
    asked_on: date
    answered_on: date | None
    going: int | None
    met: int | None
    wants_call: bool


def check_ins_of(partnerships: Collection[Partnership] | Collection[UUID]) -> dict[UUID, list[CheckIn]]:
    """Return how the two of each pair said that it goes, the oldest first; nothing for a pair that was never asked.

    One query, however many they are: pass some hundreds at a time.
    """
    keys = [one.pk if isinstance(one, Partnership) else one for one in partnerships]
    asks = Ask.objects.filter(partnership__in=keys, questionnaire__aim=Aim.CHECK_IN).order_by("asked_at", "side", "pk")
    found: dict[UUID, list[CheckIn]] = {}
    for partnership_id, side, due_on, answered_at, answers in asks.values_list(
        "partnership_id", "side", "due_on", "answered_at", "answers"
    ):
        found.setdefault(partnership_id, []).append(_check_in(side, due_on, answered_at, answers or {}))
    return found


def _check_in(side: str, due_on: date, answered_at: datetime | None, answers: dict[str, object]) -> CheckIn:
    going, met = answers.get(GOING), answers.get(MET)
    return CheckIn(
        side=Role(side),
        asked_on=due_on,
        answered_on=timezone.localdate(answered_at) if answered_at is not None else None,
        going=going if isinstance(going, int) else None,
        met=int(met) if isinstance(met, str) and met.isdecimal() else None,
        wants_call=answers.get(CALL) == YES,
    )


def counted_asks(by: Actor, questionnaire: Questionnaire) -> QuerySet[Ask]:
    """Return the askings that somebody counts; without those of whom one objects to that, or has let her data rest."""
    sides = ("partnership__mentee__person", "partnership__mentor__person")
    return Ask.objects.filter(
        answers_in(by),
        *(in_use(side) for side in sides),
        *(not_objecting(side, ObjectionPurpose.STATISTICS) for side in sides),
        questionnaire=questionnaire,
    ).order_by()


def anonymous_answers(by: Actor, questionnaire: Questionnaire) -> QuerySet[AnonymousAnswer]:
    """Return what was answered without a name in somebody's divisions. Fewer than five are shown to nobody."""
    return AnonymousAnswer.objects.filter(in_divisions(by), version__questionnaire=questionnaire).order_by()
