"""The two of a proposal at work on their own pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from factories.django_rows import AT, saved
from mentornet.divisions.models import Division, MeetingPlace
from mentornet.matching import services
from mentornet.matching.enums import DeclineReason, Reply, Side
from mentornet.matching.models import MeetingOption, Proposal
from mentornet.people.participants import Participant


def herself(proposal: Proposal, side: Side | str, **later: int) -> Participant:
    """Return one of the two at her own page, some time after the tests' morning."""
    person = (proposal.mentee if side == Side.MENTEE else proposal.mentor).person
    return Participant(person_id=person.pk, name=person.name, at=AT + timedelta(**later))


def says(proposal: Proposal, side: Side | str, reply: Reply | str = Reply.YES, **given: Any) -> Proposal:
    """Let one of the two answer on her own page."""
    reason = DeclineReason.TIME if reply == Reply.NO else ""
    later = given.pop("later", {})
    values = {"decline_reason": reason, **given}
    return services.answer_for_herself(by=herself(proposal, side, **later), proposal=proposal, reply=reply, **values)


def make_place(division: Division, name: str = "Hovedbiblioteket", **fields: Any) -> MeetingPlace:
    """Make a neutral place of a division."""
    return saved(MeetingPlace(division=division, name=name, created_at=AT, **fields))


def times_of(proposal: Proposal) -> list[MeetingOption]:
    """Return the times that were suggested, in order."""
    return list(MeetingOption.objects.filter(proposal=proposal, starts_at__isnull=False))


def places_of(proposal: Proposal) -> list[MeetingOption]:
    """Return the places that were suggested, in order."""
    return list(MeetingOption.objects.filter(proposal=proposal, place__isnull=False))


def chooses(proposal: Proposal, side: Side | str, *options: MeetingOption, **later: int) -> Proposal:
    """Let one of the two say which times and places suit her."""
    by = herself(proposal, side, **(later or {"minutes": 5}))
    return services.choose_times(by=by, proposal=proposal, suits={one.pk for one in options})
