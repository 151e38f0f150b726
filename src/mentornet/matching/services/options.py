"""Times and places for a first meeting: suggested to both, chosen by each for herself."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentornet.agenda.models import Kind
from mentornet.audit.services import record
from mentornet.common.actors import Actor, System
from mentornet.common.answers import ChangedMeanwhileError, require
from mentornet.divisions.models import MeetingPlace
from mentornet.divisions.queries import places_to_meet
from mentornet.matching.enums import Side
from mentornet.matching.models import MeetingOption, Proposal
from mentornet.matching.rules import may_choose_time, side_of
from mentornet.matching.services.meeting import set_meeting
from mentornet.matching.services.steps import BY_THEMSELVES, ask_now, link_of, lock, require_may_lead_on, write_to
from mentornet.matching.times import common_slots, suggested_times
from mentornet.people.participants import Participant
from mentornet.people.sealing import is_anybody_protected
from reference.people import MeetingMode

MOST_PLACES: Final = 3


def offer_times(by: Actor, proposal: Proposal) -> None:
    """Suggest times, and neutral places, to two who both want to meet, and ask each which suit her.

    Where nothing is known of either's week, or no time suits both, nothing is suggested: the coordinator finds a day
    with them, as she does for whoever cannot use the page.
    """
    drop_options(proposal)
    one, other = proposal.mentee.profile, proposal.mentor.profile
    times = suggested_times(common_slots(one.availability, other.availability), by.today)
    if not times:
        return
    is_protected = is_anybody_protected([proposal.mentee.person_id, proposal.mentor.person_id])
    places = _places(proposal) if may_meet_in_person(proposal) and not is_protected else []
    options = [
        *(MeetingOption(proposal=proposal, starts_at=at, created_at=by.at) for at in times),
        *(MeetingOption(proposal=proposal, place=place, created_at=by.at) for place in places),
    ]
    for position, option in enumerate(options):
        option.position = position
        option.full_clean(validate_unique=False, validate_constraints=False)
        option.save(force_insert=True)
    for side in (proposal.mentee, proposal.mentor):
        write_to(by, proposal, side, "meeting_choose", link=link_of(proposal, side))


def drop_options(proposal: Proposal) -> None:
    """Forget what was suggested: the two are not to meet, or are asked anew."""
    MeetingOption.objects.filter(proposal=proposal).delete()


def drop_places(by: Actor, person_id: UUID) -> None:
    """Forget where somebody was to be met: she is protected now, and the place is told by telephone."""
    del by
    hers = Q(proposal__mentee__person=person_id) | Q(proposal__mentor__person=person_id)
    MeetingOption.objects.filter(hers, place__isnull=False).delete()


def _places(proposal: Proposal) -> Sequence[MeetingPlace]:
    return list(places_to_meet(proposal.division_id).filter(is_active=True)[:MOST_PLACES])


def may_meet_in_person(proposal: Proposal) -> bool:
    """Tell whether both would meet somewhere: then neutral places are suggested to them."""
    both = (proposal.mentee.profile.meeting, proposal.mentor.profile.meeting)
    return all(ways is None or MeetingMode.IN_PERSON.value in ways for ways in both)


@transaction.atomic
def choose_times(*, by: Participant, proposal: Proposal, suits: Collection[UUID]) -> Proposal:
    """Keep which of the times and places suit her; the first time that suits both becomes their meeting.

    With none, or when nothing suits both, the coordinator is asked to find a day with them. Until then she may choose
    again.

    Raises:
        NotAllowedError: not hers, or there is nothing to choose, or the meeting has a day by now.
        ChangedMeanwhileError: other times are suggested by now.
        ValidationError: a time without a place.
    """
    proposal = lock(proposal)
    side, options = side_of(by, proposal), list(proposal.options.select_related("place"))
    if side is not None and proposal.meeting_on is not None and suits and _chosen(options, side) == set(suits):
        # Pressed twice: what she wants has happened.
        return proposal
    require(may_choose_time(by, proposal))
    require_may_lead_on(by, proposal)
    assert side is not None
    if not set(suits) <= {option.pk for option in options}:
        raise ChangedMeanwhileError(_("This page has changed since you opened it. Please read it again, and answer."))
    _check(options, suits)
    column = f"suits_{side}"
    for option in options:
        setattr(option, column, option.pk in suits)
    MeetingOption.objects.bulk_update(options, [column])
    record(
        by=by,
        act="matching.choose_times",
        of=proposal,
        division_id=proposal.division_id,
        detail={"side": str(side), "count": len(suits)},
    )
    _meet_or_ask(System(BY_THEMSELVES, by.at), proposal, options)
    return proposal


def _chosen(options: Sequence[MeetingOption], side: Side) -> set[UUID]:
    return {option.pk for option in options if option.suits(side)}


def _check(options: Sequence[MeetingOption], suits: Collection[UUID]) -> None:
    """Refuse a place without a time, and a time without one of the places.

    Raises:
        ValidationError: beside ``times`` or ``places``.
    """
    if not suits:
        return
    if not any(option.starts_at is not None for option in options if option.pk in suits):
        raise ValidationError({"times": _("Choose at least one time, or say that none suits you.")})
    places = [option for option in options if option.place_id is not None]
    if places and not any(option.pk in suits for option in places):
        raise ValidationError({"places": _("Choose at least one place, or say that none suits you.")})


def common_to_both(options: Sequence[MeetingOption], at: datetime) -> tuple[datetime | None, MeetingPlace | None]:
    """Return the first time to come, and the first place, that suit both; either may be missing."""
    common = [option for option in options if option.suits_mentee and option.suits_mentor]
    starts = next((one.starts_at for one in common if one.starts_at is not None and one.starts_at > at), None)
    return starts, next((one.place for one in common if one.place is not None), None)


def _meet_or_ask(by: Actor, proposal: Proposal, options: Sequence[MeetingOption]) -> None:
    said = [side for side in Side if any(option.suits(side) is not None for option in options)]
    starts, place = common_to_both(options, by.at)
    if starts is not None and place is not None:
        local = timezone.localtime(starts)
        set_meeting(by, proposal, local.date(), local.time(), place.words)
    elif len(said) == len(Side) or any(not _chosen(options, side) for side in said):
        ask_now(by, proposal, Kind.MEET_FIRST)
