"""Reads of proposals."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import Case, Count, Exists, OuterRef, Prefetch, Q, QuerySet, Value, When

from mentornet.common.actors import Actor
from mentornet.common.ordering import folded
from mentornet.divisions.rules import seen_by
from mentornet.intake.agreeing import have_taken_back, not_taken_back
from mentornet.intake.enums import ConsentPurpose
from mentornet.intake.models import Enrolment
from mentornet.matching.enums import HOLDING, DeclineReason, ProposalState, Reply, Round
from mentornet.matching.models import MeetingOption, Proposal, ProposalAnswer, ProposalQuestion
from mentornet.matching.rules import visible
from mentornet.messaging.models import Letter
from mentornet.messaging.queries import letters_about
from mentornet.people.models import Avoidance
from mentornet.people.participants import Participant
from mentornet.people.queries import in_use, who_is_restricted

MEETING_EVENTS: Final = frozenset({"meet_first", "meeting_moved", "meet_first_at", "meeting_moved_at"})
CHOOSING_EVENT: Final = "meeting_choose"
HAVE_MET_EVENT: Final = "have_you_met"
AFTER_MEETING_EVENT: Final = "after_meeting"
END_EVENTS: Final = frozenset({"proposal_ended", "meeting_off"})
"""The letters that tell of a first meeting, ask for it and after it, and of an end without a partnership."""


def visible_proposals(by: Actor) -> QuerySet[Proposal]:
    """Return the proposals of the actor's divisions with the people in them and their answers."""
    return (
        Proposal.objects.filter(visible(by))
        .select_related(
            "mentee__person",
            "mentee__division",
            "mentee__coordinator",
            "mentor__person",
            "mentor__division",
            "division",
            "version__programme",
        )
        .prefetch_related(Prefetch("answers", queryset=ProposalAnswer.objects.order_by("created_at")))
    )


def proposals_to(by: Actor, places: Collection[Enrolment]) -> QuerySet[Proposal]:
    """Return all proposals that were ever made to some people in these places, the newest first."""
    keys = [one.pk for one in places]
    return visible_proposals(by).filter(Q(mentee__in=keys) | Q(mentor__in=keys)).order_by("-created_at", "pk")


def questions_of(proposal: Proposal) -> list[ProposalQuestion]:
    """Return what the two have asked, the oldest first."""
    return list(ProposalQuestion.objects.filter(proposal=proposal).order_by("created_at", "pk"))


def options_of(proposal: Proposal) -> list[MeetingOption]:
    """Return the times and places that were suggested for their first meeting."""
    return list(MeetingOption.objects.filter(proposal=proposal).select_related("place"))


def question_in(proposal: Proposal, question_id: UUID) -> ProposalQuestion | None:
    """Return one of a proposal's questions."""
    return ProposalQuestion.objects.filter(proposal=proposal, pk=question_id).select_related("proposal").first()


def proposals_of(by: Participant) -> QuerySet[Proposal]:
    """Return the proposals in which a participant is one of the two and of which she was told, newest first."""
    hers = Q(mentee__person_id=by.person_id) | Q(mentor__person_id=by.person_id)
    return (
        Proposal.objects.filter(hers, sent_at__isnull=False)
        .exclude(state=ProposalState.DRAFT)
        .select_related("mentee__person", "mentee__profile", "mentor__person", "mentor__profile", "division")
        .prefetch_related(Prefetch("answers", queryset=ProposalAnswer.objects.order_by("created_at")))
        .order_by("-sent_at", "pk")
    )


def held_for(by: Participant) -> QuerySet[Proposal]:
    """Return the proposals that still hold a place, with no more than whose they are: every first page asks.

    Not with whom she must not meet, nor where one of them is introduced to nobody any more: to her that has ended.
    """
    return (
        proposals_of(by)
        .filter(_may_meet(), _are_introduced(), state__in=HOLDING)
        .select_related(None)
        .select_related("mentee", "mentor")
        .only("state", "expires_on", "meeting_on", "meeting_time", "mentee__person", "mentor__person")
    )


def proposal_of(by: Participant, proposal_id: UUID) -> Proposal | None:
    """Return a proposal of which a participant was told; ``None`` for what is anybody else's, or was never sent."""
    return proposals_of(by).filter(pk=proposal_id).first()


def open_first(proposals: QuerySet[Proposal]) -> QuerySet[Proposal]:
    """Order: drafts, then those that expire first, then what has ended, newest first."""
    group = Case(
        When(state=ProposalState.DRAFT, then=Value(0)), When(state__in=HOLDING, then=Value(1)), default=Value(2)
    )
    until = Case(When(state__in=HOLDING, then="expires_on"), default=None)
    return proposals.order_by(group, until, "-created_at", "pk")


def found(proposals: QuerySet[Proposal], text: str) -> QuerySet[Proposal]:
    """Return the proposals in which somebody's name holds every word of ``text``."""
    for word in folded(text).split():
        proposals = proposals.filter(
            Q(mentee__person__search_text__contains=word) | Q(mentor__person__search_text__contains=word)
        )
    return proposals


def counts_by_state(proposals: QuerySet[Proposal]) -> dict[str, int]:
    """Return how many there are in each state."""
    return dict(proposals.order_by().values_list("state").annotate(count=Count("pk")))


def proposals_of_person(by: Actor, person_id: UUID) -> QuerySet[Proposal]:
    """Return a person's visible proposals in either role, newest first."""
    concerns = Q(mentee__person_id=person_id) | Q(mentor__person_id=person_id)
    return visible_proposals(by).filter(concerns).order_by("-created_at")


def proposals_with(mentee_id: UUID, mentor_ids: Collection[UUID]) -> dict[UUID, Proposal]:
    """Return the latest proposal of a mentee to each of these mentors, drafts and ended ones too."""
    proposals = Proposal.objects.filter(mentee_id=mentee_id, mentor_id__in=mentor_ids).prefetch_related(
        Prefetch("answers", queryset=ProposalAnswer.objects.order_by("created_at"))
    )
    return {proposal.mentor_id: proposal for proposal in proposals.order_by("created_at")}


def proposals_between(mentee: Enrolment, mentor: Enrolment) -> list[Proposal]:
    """Return every proposal of two people, the newest first: also of a time when they were enrolled otherwise."""
    both = Proposal.objects.filter(mentee__person_id=mentee.person_id, mentor__person_id=mentor.person_id)
    answers = Prefetch("answers", queryset=ProposalAnswer.objects.order_by("created_at"))
    return list(both.prefetch_related(answers).order_by("-created_at", "pk"))


def refused_of(proposals: Iterable[Proposal]) -> list[Proposal]:
    """Return those to which one of the two said no; whoever could not be reached has said nothing."""
    return [one for one in proposals if one.state == ProposalState.DECLINED and no_of(one) is not None]


def no_of(proposal: Proposal) -> ProposalAnswer | None:
    """Return the no to a proposal whose answers are fetched; ``None`` where nobody has said one."""
    said = (one for one in proposal.answers.all() if one.decline_reason != DeclineReason.NO_ANSWER)
    return next((one for one in said if one.reply == Reply.NO), None)


def open_proposal_of(by: Actor, mentee_id: UUID) -> Proposal | None:
    """Return the proposal that holds her place; ``None`` also where the mentor is hidden from whoever asks."""
    return Proposal.objects.filter(seen_by(by, "mentor__person"), mentee_id=mentee_id, state__in=HOLDING).first()


def expired_on(today: date) -> QuerySet[Proposal]:
    """Return the open proposals whose last day is over."""
    return Proposal.objects.filter(state__in=HOLDING, expires_on__lt=today).order_by("pk")


def to_have_met(today: date) -> QuerySet[Proposal]:
    """Return the proposals whose two were to meet before today, and of whom nobody has said whether they did."""
    return Proposal.objects.filter(state=ProposalState.TO_MEET, meeting_on__lt=today).order_by("pk")


def letters_of(proposal: Proposal) -> QuerySet[Letter]:
    """Return the letters about a proposal and the partnership that it has opened, newest first."""
    return letters_about([key for key in (proposal.pk, proposal.partnership_id) if key is not None])


def latest_answer(proposal: Proposal, side: str) -> ProposalAnswer | None:
    """Return what a side has answered last; ``None`` when nothing is noted, or no longer."""
    return ProposalAnswer.objects.filter(proposal=proposal, side=side).order_by("-created_at").first()


def moment_of_both_yes(answers: Iterable[ProposalAnswer]) -> datetime | None:
    """Return when the last answer to the proposal itself was taken down: with two yeses, when the two were to meet."""
    return max((given.created_at for given in answers if given.round == Round.PROPOSAL), default=None)


def moment_of_last_step(proposal: Proposal, answers: Iterable[ProposalAnswer]) -> datetime | None:
    """Return when a proposal came to where it stands, as far as that can be taken back: its tasks were done then."""
    if proposal.state in {ProposalState.TO_MEET, ProposalState.MET}:
        return moment_of_both_yes(answers)
    return proposal.ended_at


def letters_of_last_step(
    proposal: Proposal, answers: Iterable[ProposalAnswer], letters: Iterable[Letter]
) -> list[Letter]:
    """Return those of a proposal's letters that would be wrong, were its last step taken back."""
    events = {
        ProposalState.TO_MEET: MEETING_EVENTS | {CHOOSING_EVENT},
        ProposalState.MET: frozenset({AFTER_MEETING_EVENT}),
        ProposalState.DECLINED: END_EVENTS,
        ProposalState.WITHDRAWN: END_EVENTS,
        ProposalState.ACCEPTED: frozenset({"partnership_begun"}),
    }
    wrong, since = events.get(ProposalState(proposal.state), frozenset()), moment_of_last_step(proposal, answers)
    return [] if since is None else [one for one in letters if one.event in wrong and one.created_at >= since]


def held_between(one_id: UUID, other_id: UUID) -> QuerySet[Proposal]:
    """Return the proposals that hold a place of both of two people, whoever is the mentee."""
    either = Q(mentee__person_id=one_id, mentor__person_id=other_id)
    return Proposal.objects.filter(
        either | Q(mentee__person_id=other_id, mentor__person_id=one_id), state__in=HOLDING
    ).order_by("pk")


def held_with(person_id: UUID) -> QuerySet[Proposal]:
    """Return the proposals that hold a place of somebody's, in either role."""
    hers = Q(mentee__person_id=person_id) | Q(mentor__person_id=person_id)
    return Proposal.objects.filter(hers, state__in=HOLDING).order_by("pk")


def _may_meet() -> Q:
    """Return that the two of a proposal are nobody of whom it is noted that they must not meet."""
    mentee, mentor = OuterRef("mentee__person_id"), OuterRef("mentor__person_id")
    noted = Avoidance.objects.filter(Q(person=mentee, other=mentor) | Q(person=mentor, other=mentee))
    return ~Q(Exists(noted))


def _are_introduced() -> Q:
    """Return that neither of the two has taken back that her introduction may be shown, nor let her data rest."""
    sides = ("mentee__person_id", "mentor__person_id")
    one, other = (not_taken_back(side, ConsentPurpose.INTRODUCTION) for side in sides)
    return one & other & in_use("mentee__person") & in_use("mentor__person")


def who_is_not_introduced(proposal: Proposal) -> set[UUID]:
    """Return which of the two has taken back that her introduction may be shown, or has let her data rest."""
    both = [proposal.mentee.person_id, proposal.mentor.person_id]
    return have_taken_back(both, ConsentPurpose.INTRODUCTION) | who_is_restricted(both)


def must_not_meet(one_id: UUID, other_id: UUID) -> bool:
    """Tell whether it has been noted that these two people must not meet."""
    return Avoidance.objects.filter(
        Q(person_id=one_id, other_id=other_id) | Q(person_id=other_id, other_id=one_id)
    ).exists()
