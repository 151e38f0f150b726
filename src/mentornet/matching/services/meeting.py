"""The first meeting: planned, held, or not."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentornet.agenda.models import Kind
from mentornet.agenda.services import finish
from mentornet.audit.services import record
from mentornet.common.actors import Actor, System
from mentornet.common.answers import ChangedMeanwhileError, require
from mentornet.divisions.staff import Staff
from mentornet.matching.enums import ProposalState
from mentornet.matching.models import Proposal
from mentornet.matching.queries import to_have_met
from mentornet.matching.rules import may_say_met, may_step, side_of
from mentornet.matching.services.steps import (
    BY_THEMSELVES,
    ask,
    ask_now,
    lock,
    meet_until,
    require_may_lead_on,
    step,
    why_held_back,
)
from mentornet.matching.services.telling import ask_whether_met, is_meeting_told, tell_after_meeting, tell_meeting
from mentornet.people.participants import Participant
from mentornet.people.sealing import is_anybody_protected, place_for

PLAN_WITHIN: Final = timedelta(days=183)
LONGEST_PLACE: Final = 120


@transaction.atomic
def plan_meeting(
    *, by: Staff, proposal: Proposal, on: date, place: str, starts: time | None = None, seen: str | None = None
) -> Proposal:
    """Set day, hour and place of the first meeting; both get a letter with them.

    Letters of another day are called back. The proposal waits as long after this day as after any other: an earlier
    one, mistyped, does not keep the places.

    ``seen`` is the proposal's ``meeting_mark`` when the actor looked at it; without it whatever is planned is moved.

    Raises:
        NotAllowedError: not her division.
        ChangedMeanwhileError: somebody else has planned it meanwhile.
        RefusedError: they are not to meet now.
        ValidationError: a day that is over.
    """
    proposal = lock(proposal)
    require(may_step(by, proposal, ProposalState.MET))
    require_may_lead_on(by, proposal)
    if on < by.today:
        raise ValidationError({"on": _("That day is over.")})
    if on > by.today + PLAN_WITHIN:
        raise ValidationError({"on": _("That is more than half a year away. They should meet soon.")})
    # Of somebody protected it is told by telephone, and stands nowhere.
    is_told = is_anybody_protected([proposal.mentee.person_id, proposal.mentor.person_id])
    place = place.strip()
    if place and is_told:
        raise ValidationError(
            {"place": _("One of the two is protected: leave the place empty, and tell it by telephone.")}
        )
    if not place and not is_told:
        raise ValidationError({"place": _("Write where they meet; the letters tell them.")})
    if len(place) > LONGEST_PLACE:
        raise ValidationError({"place": _("Write it in at most %(most)s signs.") % {"most": LONGEST_PLACE}})
    planned = (proposal.meeting_on, proposal.meeting_time, proposal.meeting_place)
    if planned == (on, starts, place) and is_meeting_told(proposal):
        # Pressed twice: they must not get the same letter again.
        return proposal
    if seen is not None and seen != proposal.meeting_mark:
        raise ChangedMeanwhileError(
            _(
                "Somebody has planned their meeting meanwhile: it stands on this page. No letter was sent for you. "
                "If it must be moved, open this page again."
            )
        )
    set_meeting(by, proposal, on, starts, place)
    record(by=by, act="matching.plan_meeting", of=proposal, division_id=proposal.division_id)
    return proposal


def set_meeting(by: Actor, proposal: Proposal, on: date, starts: time | None, place: str) -> None:
    """Keep when and where they meet, and tell both; who may is asked by the act itself."""
    expires_on = meet_until(proposal, proposal.answers.all(), on)
    place = place_for(place, proposal.mentee.person, proposal.mentor.person)
    values = {"meeting_on": on, "meeting_time": starts, "meeting_place": place, "expires_on": expires_on}
    Proposal.objects.filter(pk=proposal.pk).update(**values)
    proposal.refresh_from_db(fields=list(values))
    tell_meeting(by, proposal)
    ask(by, proposal, Kind.MEET_FIRST, on + timedelta(days=1))


@transaction.atomic
def record_met(*, by: Staff, proposal: Proposal, on: date) -> Proposal:
    """Note that the two have met; now each is asked in private, and can answer on her own page.

    Raises:
        NotAllowedError: not her division.
        RefusedError: they are not to meet now.
        ValidationError: a day still to come, or before they were proposed to each other.
    """
    proposal = lock(proposal)
    require(may_step(by, proposal, ProposalState.MET))
    require_may_lead_on(by, proposal)
    if on > by.today:
        raise ValidationError({"on": _("That day is still to come.")})
    if proposal.sent_at is not None and on < timezone.localdate(proposal.sent_at):
        raise ValidationError({"on": _("They were proposed to each other after that day.")})
    _met(by, proposal, on)
    record(by=by, act="matching.record_met", of=proposal, division_id=proposal.division_id)
    return proposal


def _met(by: Actor, proposal: Proposal, on: date) -> None:
    expires_on = by.today + timedelta(days=proposal.version.expiry_days)
    step(by, proposal, ProposalState.MET, met_on=on, expires_on=expires_on)
    finish(by=by, target_id=proposal.pk, kinds=[Kind.MEET_FIRST])
    ask(by, proposal, Kind.AFTER_MEETING, by.today + timedelta(days=1))
    tell_after_meeting(by, proposal)


@transaction.atomic
def say_met(*, by: Participant, proposal: Proposal, met: bool) -> Proposal:
    """Let one of the two say whether they met on the day that was planned.

    One word that they did is enough; the coordinator can take it back. That they did not is for her to hear: she finds
    another day.

    Raises:
        NotAllowedError: not hers, or not asked now.
    """
    proposal = lock(proposal)
    if met and proposal.state == ProposalState.MET and side_of(by, proposal) is not None:
        # The other one was faster, or she has pressed twice: it is known.
        return proposal
    require(may_say_met(by, proposal))
    require_may_lead_on(by, proposal)
    assert proposal.meeting_on is not None
    if met:
        _met(System(BY_THEMSELVES, by.at), proposal, proposal.meeting_on)
    else:
        ask_now(by, proposal, Kind.MEET_FIRST)
    record(
        by=by,
        act="matching.record_met" if met else "matching.not_met",
        of=proposal,
        division_id=proposal.division_id,
        detail={"side": str(side_of(by, proposal))},
    )
    return proposal


def ask_after_meetings(*, by: System) -> int:
    """Ask those who were to meet yesterday or before whether they did, each pair in a transaction of its own.

    Returns how many pairs were asked now.
    """
    return sum(_ask_after(by, pk) for pk in list(to_have_met(by.today).values_list("pk", flat=True)))


@transaction.atomic
def _ask_after(by: System, pk: UUID) -> bool:
    proposal = lock(Proposal(pk=pk))
    # Read anew under the lock: somebody may just have told that they met, or moved the day.
    if proposal.state != ProposalState.TO_MEET or proposal.meeting_on is None or proposal.meeting_on >= by.today:
        return False
    if why_held_back(proposal):
        return False
    return ask_whether_met(by, proposal)
