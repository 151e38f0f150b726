"""Meetings: what staff note, and what each of the two tells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentornet.agenda.models import Kind
from mentornet.agenda.services import ask_for, finish
from mentornet.audit.services import record
from mentornet.common.actors import Actor
from mentornet.common.answers import ChangedMeanwhileError, require
from mentornet.partnerships.enums import PartnershipState
from mentornet.partnerships.models import Account, Meeting, Partnership
from mentornet.partnerships.rules import may_take_part, may_work_on, side_of
from mentornet.partnerships.services.steps import begin_if_ready, lock
from mentornet.people.enums import Role
from mentornet.people.participants import Participant
from mentornet.programmes.queries import care_of

CHANGE_WITHIN: Final = timedelta(days=14)
"""How long each can change or take back what she has told."""
LOOK_BACK: Final = timedelta(days=366)


def ask_whether_met(by: Actor, partnership: Partnership, since: date) -> None:
    """Ask the coordinator to ask the two whether they have met, so many days after one as their programme has it."""
    within = timedelta(days=care_of(partnership.mentee.programme_id).not_met_days)
    words = {"mentee": partnership.mentee.person.name, "mentor": partnership.mentor.person.name}
    if partnership.matched_on is not None:
        words["since"] = partnership.matched_on.isoformat()
    ask_for(
        by=by,
        kind=Kind.NOT_MET,
        target_id=partnership.pk,
        division_id=partnership.division_id,
        due_on=since + within,
        owner_id=partnership.mentee.coordinator_id,
        words=words,
    )


def _check_day(by: Actor, partnership: Partnership, on: date) -> None:
    if on > by.today:
        raise ValidationError({"on": _("That day is still to come.")})
    began = min(filter(None, (partnership.matched_on, partnership.first_met_on)), default=None)
    if began is not None and on < began:
        raise ValidationError({"on": _("They were matched after that day.")})


def _write(by: Actor, partnership: Partnership, on: date, facts: Mapping[str, Any]) -> Meeting:
    """Write a meeting that nobody has told of, and what follows from it."""
    meeting = Meeting(partnership=partnership, on=on, told_by=by.key, created_at=by.at, **facts)
    meeting.full_clean()
    meeting.save(force_insert=True)
    if partnership.first_met_on is None or on < partnership.first_met_on:
        Partnership.objects.filter(pk=partnership.pk).update(first_met_on=on)
        partnership.first_met_on = on
        finish(by=by, target_id=partnership.pk, kinds=[Kind.NOT_MET])
    record(by=by, act="partnerships.meet", of=partnership, division_id=partnership.division_id)
    begin_if_ready(by, partnership)
    return meeting


@transaction.atomic
def record_meeting(
    *,
    by: Actor,
    partnership: Partnership,
    on: date,
    minutes: int | None = None,
    way: str = "",
    topics: Iterable[str] = (),
) -> Meeting:
    """Note that the two have met. The first meeting, with the signed agreement, makes the partnership active.

    Raises:
        NotAllowedError: not the actor's division.
        ValidationError: a day to come, one before they were matched, or one that stands here already.
        ChangedMeanwhileError: it has been closed.
    """
    partnership = lock(partnership)
    require(may_work_on(by, partnership))
    if partnership.state == PartnershipState.CLOSED:
        raise ChangedMeanwhileError(_("This partnership has been closed. A meeting can no longer be added."))
    _check_day(by, partnership, on)
    if partnership.meetings.filter(on=on).exists():
        raise ValidationError({"on": _("A meeting on that day stands here already.")})
    return _write(by, partnership, on, {"minutes": minutes, "way": way, "topics": tuple(topics)})


@transaction.atomic
def tell_meeting(
    *,
    by: Participant,
    partnership: Partnership,
    on: date,
    minutes: int | None = None,
    way: str = "",
    topics: Iterable[str] = (),
) -> Account:
    """Note what one of the two tells of a meeting. When the other has told of the same day, both confirm one meeting.

    Told twice in the same words, it stands there once.

    Raises:
        NotAllowedError: she is not one of the two, or it has ended.
        ValidationError: a day that cannot be, or one that she has told of in other words.
    """
    partnership = lock(partnership)
    require(may_take_part(by, partnership))
    return _tell(by, partnership, on, {"minutes": minutes, "way": way, "topics": tuple(topics)})


def _tell(by: Participant, partnership: Partnership, on: date, facts: Mapping[str, Any]) -> Account:
    side = _side(by, partnership)
    _check_day(by, partnership, on)
    if on < by.today - LOOK_BACK:
        raise ValidationError({"on": _("That is more than a year ago. Tell your coordinator about it.")})
    meeting = partnership.meetings.filter(on=on).order_by("created_at").first()
    if meeting is None:
        meeting = _write(by, partnership, on, facts)
    else:
        known = meeting.accounts.filter(side=side).first()
        if known is not None and all(getattr(known, name) == value for name, value in facts.items()):
            return known
        if known is not None:
            raise ValidationError({"on": _("You have told of this day already. You can change what you told.")})
        record(by=by, act="partnerships.confirm_meeting", of=partnership, division_id=partnership.division_id)
    account = Account(meeting=meeting, side=side, created_at=by.at, **facts)
    account.full_clean()
    account.save(force_insert=True)
    return account


def _side(by: Participant, partnership: Partnership) -> Role:
    side = side_of(by.person_id, partnership)
    assert side is not None
    return side


def _own(by: Participant, partnership: Partnership, meeting: Meeting) -> Account:
    """Return what she has told of a meeting, if she may still change it.

    Raises:
        ChangedMeanwhileError: she has told nothing of it, or too long ago.
    """
    own = Account.objects.filter(meeting=meeting, meeting__partnership=partnership, side=_side(by, partnership)).first()
    if own is None:
        raise ChangedMeanwhileError(_("This is no longer there. Look at the list again."))
    if own.created_at < by.at - CHANGE_WITHIN:
        raise ChangedMeanwhileError(_("This is more than two weeks old. Ask your coordinator to change it."))
    return own


@transaction.atomic
def change_account(
    *,
    by: Participant,
    partnership: Partnership,
    meeting: Meeting,
    on: date,
    minutes: int | None = None,
    way: str = "",
    topics: Iterable[str] = (),
) -> Account:
    """Change what she has told of a meeting. What the other has told stays as it is.

    Raises:
        NotAllowedError: she is not one of the two, or it has ended.
        ChangedMeanwhileError: it is gone, or more than two weeks old.
        ValidationError: a day that cannot be, or one that she has told of already.
    """
    partnership = lock(partnership)
    require(may_take_part(by, partnership))
    own = _own(by, partnership, meeting)
    facts = {"minutes": minutes, "way": way, "topics": tuple(topics)}
    if on != own.meeting.on:
        if partnership.meetings.filter(on=on, accounts__side=own.side).exists():
            raise ValidationError({"on": _("You have told of this day already. You can change what you told.")})
        # Told anew before the old one goes: a pair that has met does not become one that never has in between.
        account = _tell(by, partnership, on, facts)
        _forget(by, partnership, own)
        return account
    for name, value in facts.items():
        setattr(own, name, value)
    own.full_clean()
    own.save(update_fields=list(facts))
    if own.meeting.told_by == by.key:
        # The counts go by whoever told first.
        for name, value in facts.items():
            setattr(own.meeting, name, value)
        own.meeting.save(update_fields=list(facts))
    record(by=by, act="partnerships.change_meeting", of=partnership, division_id=partnership.division_id)
    return own


@transaction.atomic
def take_account_back(*, by: Participant, partnership: Partnership, meeting: Meeting) -> None:
    """Take back what she has told of a meeting. The meeting goes with it unless somebody else has told of it too.

    Raises:
        NotAllowedError: she is not one of the two, or it has ended.
        ChangedMeanwhileError: it is gone, or more than two weeks old.
    """
    partnership = lock(partnership)
    require(may_take_part(by, partnership))
    own = _own(by, partnership, meeting)
    _forget(by, partnership, own)
    record(by=by, act="partnerships.take_meeting_back", of=partnership, division_id=partnership.division_id)


def _forget(by: Participant, partnership: Partnership, own: Account) -> None:
    meeting = own.meeting
    own.delete()
    if meeting.told_by != by.key:
        return
    other = meeting.accounts.first()
    if other is not None:
        key = partnership.mentee.person_id if other.side == Role.MENTEE else partnership.mentor.person_id
        Meeting.objects.filter(pk=meeting.pk).update(
            told_by=f"person:{key}", minutes=other.minutes, way=other.way, topics=other.topics
        )
        return
    on = meeting.on
    meeting.delete()
    if partnership.first_met_on == on:
        _meet_again(by, partnership)


def _meet_again(by: Participant, partnership: Partnership) -> None:
    """Find the day of the first meeting anew; without one left, the pair has not met."""
    first = partnership.meetings.order_by("on").values_list("on", flat=True).first()
    values: dict[str, object] = {"first_met_on": first}
    if first is None:
        if partnership.state == PartnershipState.ACTIVE:
            # Not a step that anybody takes: the one that this meeting had taken is undone.
            values["state"] = PartnershipState.MATCHED
        ask_whether_met(by, partnership, by.today)
    Partnership.objects.filter(pk=partnership.pk).update(**values)
    partnership.refresh_from_db()
