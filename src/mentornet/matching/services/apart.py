"""What follows where it is noted that two must not meet, or may not be introduced, and something is open already."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from mentornet.agenda.models import Kind
from mentornet.agenda.services import ask_today, finish
from mentornet.common.actors import System
from mentornet.matching.models import Proposal
from mentornet.matching.queries import held_between, held_with
from mentornet.matching.services.steps import are_apart, ask_now, lock, why_held_back
from mentornet.matching.services.telling import hold_back, tell_again
from mentornet.partnerships.models import Partnership
from mentornet.partnerships.queries import running_between
from mentornet.partnerships.services.steps import lock as lock_partnership


def see_to_apart(*, by: System, one_id: UUID, other_id: UUID) -> None:
    """Ask the coordinators to end what is open between two who must not meet; no longer, once they may.

    From the moment it is noted a proposal stands to both as ended, and nothing leads on from it; its letters that have
    not left stay here. Only a coordinator ends it: she knows whom to call first. The task is done by that act itself.
    """
    for pk in held_between(one_id, other_id).values_list("pk", flat=True):
        _see_to_proposal(by, pk)
    for pk in running_between(one_id, other_id).values_list("pk", flat=True):
        _see_to_partnership(by, pk)


def see_to_introductions(*, by: System, person_id: UUID) -> None:
    """Do the same for every open proposal of one who is introduced to nobody any more, or is again.

    A partnership goes on: the two know each other.
    """
    for pk in held_with(person_id).values_list("pk", flat=True):
        _see_to_proposal(by, pk)


@transaction.atomic
def _see_to_proposal(by: System, pk: UUID) -> None:
    proposal = lock(Proposal(pk=pk))
    if not proposal.is_open:
        return
    why = why_held_back(proposal)
    over = finish(by=by, target_id=proposal.pk, kinds={Kind.APART_PROPOSED, Kind.NO_CONSENT} - why)
    if why:
        hold_back(by, proposal)
    elif over:
        tell_again(by, proposal)
    for kind in why:
        ask_now(by, proposal, kind)


@transaction.atomic
def _see_to_partnership(by: System, pk: UUID) -> None:
    partnership = lock_partnership(Partnership(pk=pk))
    if not partnership.is_running:
        return
    if not are_apart(partnership.mentee, partnership.mentor):
        finish(by=by, target_id=partnership.pk, kinds=[Kind.APART_PAIRED])
        return
    ask_today(
        by=by,
        kind=Kind.APART_PAIRED,
        target_id=partnership.pk,
        division_id=partnership.division_id,
        owner_id=partnership.mentee.coordinator_id,
        words={"mentee": partnership.mentee.person.name, "mentor": partnership.mentor.person.name},
    )
