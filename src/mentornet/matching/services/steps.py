"""What every act upon a proposal shares: its lock, its steps, its letters, its tasks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentornet.accounts.enums import Purpose
from mentornet.accounts.services.links import close_links, reopen_links
from mentornet.agenda.models import Kind, Task
from mentornet.agenda.services import ask_for, finish, wake
from mentornet.common.actors import Actor, user_key
from mentornet.common.answers import ChangedMeanwhileError, require
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.matching.enums import PROPOSAL_STEPS, ProposalState
from mentornet.matching.models import Proposal, ProposalAnswer
from mentornet.matching.queries import moment_of_both_yes, must_not_meet, who_is_not_introduced
from mentornet.matching.rules import may_lead_on, may_step
from mentornet.matching.services.lending import follow_proposal
from mentornet.messaging.services import queue_letter
from mentornet.people.recipients import person_key
from mentornet.people.services import hold_people

CALL_AFTER: Final = timedelta(days=3)
CHOOSE_AGAIN_WITHIN: Final = timedelta(days=2)
_WAIT_ON: Final = frozenset({Kind.QUESTION, Kind.APART_PROPOSED, Kind.NO_CONSENT})
BY_THEMSELVES: Final = "matching.by_themselves"
"""The program's job of doing what follows from what the two do on their own pages."""


def lock(proposal: Proposal) -> Proposal:
    """Return the row as it is now, held until the transaction ends."""
    return (
        Proposal.objects.select_for_update(of=("self",))
        .select_related("mentee__person", "mentor__person", "mentee__division", "division", "version")
        .get(pk=proposal.pk)
    )


def are_apart(mentee: Enrolment, mentor: Enrolment) -> bool:
    """Tell whether these two must not meet. Nobody can note it, or take it back, until the transaction ends."""
    hold_people([mentee.person_id, mentor.person_id])
    return must_not_meet(mentee.person_id, mentor.person_id)


def why_held_back(proposal: Proposal) -> set[Kind]:
    """Return what the coordinator is asked for where nothing may lead on from a locked proposal; else nothing.

    It is noted that the two must not meet, or one of them is introduced to nobody any more. Neither becomes another
    until the transaction ends.
    """
    why = {Kind.APART_PROPOSED} if are_apart(proposal.mentee, proposal.mentor) else set()
    return why | {Kind.NO_CONSENT} if who_is_not_introduced(proposal) else why


def require_may_lead_on(by: Actor, proposal: Proposal) -> None:
    """Refuse what would bring the two of a locked proposal nearer to each other, where they must not meet.

    Raises:
        NotAllowedError: it is noted that they must not, or one of them is introduced to nobody any more.
    """
    why = why_held_back(proposal)
    require(may_lead_on(by, are_apart=Kind.APART_PROPOSED in why, are_introduced=Kind.NO_CONSENT not in why))


def step(by: Actor, proposal: Proposal, after: ProposalState, **values: object) -> None:
    """Take a step, unless somebody else has taken another one meanwhile."""
    require(may_step(by, proposal, after))
    changed = Proposal.objects.filter(pk=proposal.pk, state__in=PROPOSAL_STEPS.sources(after)).update(
        state=after, **values
    )
    if not changed:
        raise ChangedMeanwhileError(_("Somebody else has worked on this proposal meanwhile. Look at it again."))
    proposal.state = after
    for name, value in values.items():
        setattr(proposal, name, value)
    follow_proposal(by, proposal)


def meet_until(proposal: Proposal, answers: Iterable[ProposalAnswer], planned_on: date | None) -> date:
    """Return how long the two may take to meet: counted from when both said yes, and from the day that is planned."""
    days = timedelta(days=proposal.version.expiry_days)
    said_at = moment_of_both_yes(answers)
    said = [timezone.localdate(said_at) + 2 * days] if said_at is not None else []
    planned = [planned_on + days] if planned_on is not None else []
    last = max([*said, *planned], default=proposal.expires_on)
    assert last is not None
    return last


def link_of(proposal: Proposal, side: Enrolment) -> str:
    """Return what a letter carries for one of the two instead of an address: that is made when the letter leaves."""
    return f"{Purpose.PROPOSAL}:{subject_of(proposal, side)}"


def subject_of(proposal: Proposal, side: Enrolment) -> str:
    """Return what a personal link of one of the two opens."""
    return f"{proposal.pk}:{side.person_id}"


def shut_links(by: Actor, proposal: Proposal, *, but: UUID | None = None) -> None:
    """Close the personal links of both, but not of whoever has just ended it on the page that her own one opened."""
    for side in (proposal.mentee, proposal.mentor):
        if side.person_id != but:
            close_links(by=by, purpose=Purpose.PROPOSAL, subject=subject_of(proposal, side))


def open_links_again(by: Actor, proposal: Proposal, ended_at: datetime) -> None:
    """Open the links that an end has closed, now that it is taken back."""
    for side in (proposal.mentee, proposal.mentor):
        reopen_links(by=by, purpose=Purpose.PROPOSAL, subject=subject_of(proposal, side), closed_at=ended_at)


def settle(by: Actor, proposal: Proposal) -> None:
    """Finish what was asked for while the proposal stood where it stood; what it does not answer waits on."""
    finish(by=by, target_id=proposal.pk, kinds=[kind for kind in Kind if kind not in _WAIT_ON])


def write_to(by: Actor, proposal: Proposal, side: Enrolment, event: str, **values: str) -> None:
    """Write a letter to one of the two."""
    queue_letter(
        by=by,
        recipient=person_key(side.person_id),
        event=event,
        values=values,
        about_id=proposal.pk,
        division_id=proposal.division_id,
    )


def ask_now(by: Actor, proposal: Proposal, kind: Kind) -> None:
    """Ask the coordinator of the case for something today, also where she has put it off."""
    task = ask(by, proposal, kind, by.today)
    if task.snoozed_until is not None:
        wake(by=by, task=task)


def user_of(proposal: Proposal) -> UUID | None:
    """Return the user who chose the two: what nobody else owns is hers, when no coordinator is at work."""
    prefix = user_key("")
    return UUID(proposal.chosen_by.removeprefix(prefix)) if proposal.chosen_by.startswith(prefix) else None


def ask(by: Actor, proposal: Proposal, kind: Kind, due_on: date) -> Task:
    """Ask the coordinator of the case for something, by a day."""
    return ask_for(
        by=by,
        kind=kind,
        target_id=proposal.pk,
        division_id=proposal.division_id,
        due_on=due_on,
        owner_id=proposal.mentee.coordinator_id or (by.user_id if isinstance(by, Staff) else user_of(proposal)),
        words={"mentee": proposal.mentee.person.name, "mentor": proposal.mentor.person.name},
    )
