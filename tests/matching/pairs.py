"""Two people who fit, and a proposal of them in any state: reached by the services, as in life."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.utils import timezone

from factories.django_rows import make_enrolment
from mentornet.agenda.models import Task
from mentornet.common.actors import System
from mentornet.common.jobs import run_ready_job
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.matching import services
from mentornet.matching.enums import Channel, DeclineReason, ProposalState, Reply, Side
from mentornet.matching.models import Proposal
from mentornet.messaging.models import Letter, LetterState
from mentornet.programmes.models import Programme

Pair = tuple[Enrolment, Enrolment]


def make_pair(division: Division, programme: Programme, **mentor: Any) -> Pair:
    """Make a mentee on the waiting list and a mentor in the bank who fail no rule."""
    return (
        make_enrolment("mentee", division, programme=programme),
        make_enrolment("mentor", division, programme=programme, **mentor),
    )


def propose(by: Staff, pair: Pair, **given: Any) -> Proposal:
    """Propose the two; as a draft with ``send=False``."""
    for side in pair:
        side.refresh_from_db()
    values: dict[str, Any] = {"reason": "Both are nurses.", "seen_version": 1} | given
    return services.propose(by=by, mentee=pair[0], mentor=pair[1], **values)


def answer(by: Staff, proposal: Proposal, side: Side | str, reply: Reply | str = Reply.YES) -> Proposal:
    """Take down an answer."""
    return services.take_down_answer(
        by=by,
        proposal=proposal,
        side=side,
        reply=reply,
        channel=Channel.PHONE,
        decline_reason=DeclineReason.TIME if reply == Reply.NO else "",
    )


def both_say_yes(by: Staff, proposal: Proposal) -> Proposal:
    """Take down two yeses."""
    for side in Side:
        proposal = answer(by, proposal, side)
    return proposal


def letters_arrive() -> None:
    """Let all letters be with their readers."""
    Letter.objects.filter(state=LetterState.QUEUED).update(state=LetterState.SENT)


def later(by: Staff, days: int) -> Staff:
    """Return the same person some days later."""
    return replace(by, at=by.at + timedelta(days=days))


def expire(by: Staff, proposal: Proposal) -> Proposal:
    """Let its last day go by."""
    assert proposal.expires_on is not None
    days = (proposal.expires_on - timezone.localdate(by.at)).days + 1
    services.expire_proposals(by=System("tests", by.at + timedelta(days=days)))
    proposal.refresh_from_db()
    return proposal


def bring_to(state: ProposalState, by: Staff, pair: Pair) -> Proposal:
    """Return a proposal in a state. The programme must let the two meet first for the states that need it."""
    if state == ProposalState.DRAFT:
        return propose(by, pair, send=False)
    proposal = propose(by, pair)
    letters_arrive()
    ways: dict[ProposalState, Callable[[], Proposal]] = {
        ProposalState.SENT: lambda: proposal,
        ProposalState.TO_MEET: lambda: both_say_yes(by, proposal),
        ProposalState.MET: lambda: services.record_met(by=by, proposal=both_say_yes(by, proposal), on=by.today),
        ProposalState.ACCEPTED: lambda: both_say_yes(
            by, services.record_met(by=by, proposal=both_say_yes(by, proposal), on=by.today)
        ),
        ProposalState.DECLINED: lambda: answer(by, proposal, Side.MENTOR, Reply.NO),
        ProposalState.EXPIRED: lambda: expire(by, proposal),
        ProposalState.WITHDRAWN: lambda: services.withdraw_proposal(by=by, proposal=proposal, note="She has moved."),
    }
    return ways[state]()


def counts(*enrolments: Enrolment) -> list[tuple[int, int]]:
    """Return (promised, active) of each, as the database has them."""
    for enrolment in enrolments:
        enrolment.refresh_from_db()
    return [(enrolment.promised, enrolment.active) for enrolment in enrolments]


def jobs_run() -> None:
    """Let the worker do what is asked of it by now."""
    while run_ready_job("tests", timezone.now()):
        pass


def asked_of_coordinators(kinds: Collection[str]) -> list[tuple[str, object]]:
    """Return what stands on Today of some kinds, and about what."""
    rows = Task.objects.filter(done_at=None, kind__in=kinds).order_by("kind")
    return list(rows.values_list("kind", "target_id"))
