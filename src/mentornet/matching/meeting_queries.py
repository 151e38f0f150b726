"""Reads of matching meetings."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from mentornet.common.actors import Actor
from mentornet.divisions.rules import seen_by
from mentornet.intake.models import Enrolment
from mentornet.intake.queries import visible_enrolments, waiting_mentees
from mentornet.intake.waiting import in_order, with_why
from mentornet.matching.enums import DeclineReason, MeetingState, Outcome, ProposalState, Reply
from mentornet.matching.loan_queries import lent_mentors
from mentornet.matching.meeting_rules import meeting_visible
from mentornet.matching.models import (
    MatchingMeeting,
    MeetingDecision,
    MeetingDivision,
    MeetingPerson,
    MeetingRun,
    MeetingTie,
    ProposalAnswer,
)
from mentornet.matching.whole import Fixed
from mentornet.people.enums import Role
from pairing.problem import IdPair

MOST_NUMBERS: Final = 10_000


def visible_meetings(by: Actor) -> QuerySet[MatchingMeeting]:
    """Return the meetings that somebody may sit in, the newest first, with their divisions."""
    sits = MeetingDivision.objects.select_related("division").order_by("division__name", "pk")
    return (
        MatchingMeeting.objects.filter(meeting_visible(by))
        .select_related("programme", "version")
        .prefetch_related(Prefetch("sits", queryset=sits))
        .order_by("-created_at", "pk")
    )


def decision_counts(by: Actor, meetings: Collection[MatchingMeeting]) -> dict[UUID, tuple[int, int]]:
    """Return how many women were decided about in each meeting, and how many proposals were sent; of those she sees."""
    rows = _seen_decisions(by).filter(meeting__in=[one.pk for one in meetings]).order_by()
    counted = rows.values_list("meeting_id").annotate(Count("pk"), Count("proposal"))
    return {meeting_id: (decided, sent) for meeting_id, decided, sent in counted}


def newest_run(meeting: MatchingMeeting) -> MeetingRun | None:
    """Return the best set as it stands; ``None`` while the first one is being looked for."""
    return MeetingRun.objects.filter(meeting=meeting).select_related("snapshot").order_by("-number").first()


def runs_of(meeting: MatchingMeeting) -> QuerySet[MeetingRun]:
    """Return a meeting's runs, the newest first, without what they hold."""
    heavy = ("pairs", "certificate", "locks", "forbidden", "out", "settings")
    return MeetingRun.objects.filter(meeting=meeting).defer(*heavy).order_by("-number")


def runs_with_settings(meeting: MatchingMeeting) -> QuerySet[MeetingRun]:
    """Return a meeting's runs in their order, with what they were computed by, and without what they hold."""
    heavy = ("pairs", "certificate", "locks", "forbidden", "out")
    return MeetingRun.objects.filter(meeting=meeting).defer(*heavy).order_by("number")


def run_numbered(meeting: MatchingMeeting, number: int) -> MeetingRun | None:
    """Return one run of a meeting."""
    return (
        MeetingRun.objects.filter(meeting=meeting, number=number)
        .select_related("snapshot", "tie__mentee__person", "tie__mentor__person")
        .first()
    )


def ties_of(by: Actor, meeting: MatchingMeeting) -> QuerySet[MeetingTie]:
    """Return what is locked or ruled out now, the newest first; nothing about anybody hidden from whoever asks."""
    return (
        MeetingTie.objects.filter(seen_by(by, "mentee__person", "mentor__person"), meeting=meeting, lifted_at=None)
        .select_related("mentee__person", "mentor__person", "mentee__division", "mentor__division")
        .order_by("-created_at", "pk")
    )


def _seen_decisions(by: Actor) -> QuerySet[MeetingDecision]:
    theirs = seen_by(by, "mentor__person")
    # Where nobody is hidden this asks for nothing; whoever has no mentor is hidden with none.
    nobody_hidden = Q(mentor__isnull=True) | theirs if theirs else Q()
    return MeetingDecision.objects.filter(seen_by(by, "mentee__person") & nobody_hidden)


def decisions_of(by: Actor, meeting: MatchingMeeting) -> QuerySet[MeetingDecision]:
    """Return what was decided, of those whom somebody may see: the longest wait first."""
    return (
        _seen_decisions(by)
        .filter(meeting=meeting)
        .select_related(
            *("mentee__person", "mentee__division", "mentee__coordinator"),
            *("mentor__person", "mentor__division", "proposal"),
        )
        .order_by("mentee__since", "mentee__created_at", "mentee_id")
    )


def to_send(by: Actor, meeting: MatchingMeeting) -> QuerySet[MeetingDecision]:
    """Return the decided pairs of which nobody has been told."""
    return decisions_of(by, meeting).filter(outcome=Outcome.PROPOSE, proposal__isnull=True)


def refused_in(meeting: MatchingMeeting) -> list[IdPair]:
    """Return the pairs of a meeting of whom one has said no to the other before. Two queries.

    Whoever was enrolled otherwise then is the same person now, and whoever could not be reached has said nothing.
    """
    divisions = [one.division_id for one in meeting.sits.all()]
    said = (
        ProposalAnswer.objects.filter(
            reply=Reply.NO,
            proposal__state=ProposalState.DECLINED,
            proposal__mentee__person__in=waiting_mentees(divisions).order_by().values("person"),
        )
        .exclude(decline_reason=DeclineReason.NO_ANSWER)
        .order_by()
        .values_list("proposal__mentee__person_id", "proposal__mentor__person_id")
    )
    pairs = set(said)
    people = {person for pair in pairs for person in pair}
    enrolled = Enrolment.objects.filter(
        division_id__in=divisions, programme_id=meeting.programme_id, ended_on__isnull=True, person_id__in=people
    )
    at = {(person, role): str(key) for key, person, role in enrolled.values_list("pk", "person_id", "role")}
    found = ((at.get((one, Role.MENTEE)), at.get((other, Role.MENTOR))) for one, other in pairs)
    return sorted((mentee, mentor) for mentee, mentor in found if mentee is not None and mentor is not None)


def fixed_in(meeting: MatchingMeeting) -> Fixed:
    """Return what a meeting has fixed, whoever sees it: ties, what was decided, and who has said no to whom before.

    A pair of whom one has said no comes about by a lock, or by a decision, alone: not by itself. Four queries.
    """
    locks: dict[str, str] = {}
    forbidden = []
    ties = MeetingTie.objects.filter(meeting=meeting, lifted_at=None).order_by("created_at", "pk")
    for kind, mentee, mentor in ties.values_list("kind", "mentee_id", "mentor_id"):
        if kind == "lock":
            locks[str(mentee)] = str(mentor)
        else:
            forbidden.append((str(mentee), str(mentor)))
    out: list[str] = []
    decided = MeetingDecision.objects.filter(meeting=meeting).order_by("decided_at", "pk")
    rows: Iterable[tuple[str, UUID, UUID | None, UUID | None]] = decided.values_list(
        "outcome", "mentee_id", "mentor_id", "proposal_id"
    )
    for outcome, mentee, chosen, sent in rows:
        if sent is not None:
            # Her lock has done what it was for.
            locks.pop(str(mentee), None)
        elif outcome == Outcome.PROPOSE:
            locks[str(mentee)] = str(chosen)
        else:
            # Nobody is looked for: a lock of hers waits until the decision is taken back.
            locks.pop(str(mentee), None)
            out.append(str(mentee))
    return Fixed(tuple(locks.items()), tuple(forbidden), tuple(refused_in(meeting)), tuple(out))


def agenda_of(by: Actor, meeting: MatchingMeeting) -> QuerySet[Any]:
    """Return who waits in a meeting's divisions and programme, of those whom somebody sees, as on the waiting list.

    Who is taken before others stands first, with why by ``earlier``; then the longest wait.
    """
    divisions = [one.division_id for one in meeting.sits.all()]
    listed = waiting_mentees(divisions).filter(seen_by(by, "person"), programme_id=meeting.programme_id)
    return with_why(listed, by.today).order_by(*in_order())


def others_open(by: Actor, meeting: MatchingMeeting) -> QuerySet[MatchingMeeting]:
    """Return the other meetings that are open about one of the same waiting lists."""
    same = MeetingDivision.objects.filter(
        meeting=OuterRef("pk"), division_id__in=[one.division_id for one in meeting.sits.all()]
    )
    there = visible_meetings(by).filter(Exists(same), programme_id=meeting.programme_id)
    return there.exclude(state=MeetingState.CLOSED).exclude(pk=meeting.pk)


def people_in(meeting: MatchingMeeting, numbers: Collection[int] | None = None) -> dict[int, UUID]:
    """Return the enrolments that a meeting's numbers lead to; all of them without ``numbers``."""
    rows = MeetingPerson.objects.filter(meeting=meeting)
    # Of very many it is asked for everybody: a database takes so many values in one question.
    if numbers is not None and len(numbers) <= MOST_NUMBERS:
        rows = rows.filter(number__in=numbers)
    return dict(rows.values_list("number", "enrolment_id"))


def seen_places(by: Actor, keys: Iterable[UUID]) -> dict[UUID, Enrolment]:
    """Return enrolments by their keys, of those whom somebody sees, and who are lent to her divisions: one query."""
    return {one.pk: one for one in (visible_enrolments(by) | lent_mentors(by)).filter(pk__in=set(keys))}


def seen_mentees(by: Actor, keys: Iterable[UUID]) -> set[UUID]:
    """Return those of some enrolments whom somebody sees, by their keys alone: one query."""
    return set(visible_enrolments(by).filter(pk__in=set(keys)).values_list("pk", flat=True))


def tie_in(by: Actor, meeting: MatchingMeeting) -> QuerySet[MeetingTie]:
    """Return what was ever locked or ruled out in a meeting, lifted or not, of those whom somebody sees."""
    return MeetingTie.objects.filter(seen_by(by, "mentee__person", "mentor__person"), meeting=meeting)
