"""The interview planner: times are added and taken out, sent to applicants, and chosen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mentornet.accounts.enums import Purpose
from mentornet.accounts.models import User
from mentornet.agenda.models import Kind
from mentornet.agenda.services import ask_for
from mentornet.audit.services import record
from mentornet.common.actors import Actor, user_key
from mentornet.common.answers import ChangedMeanwhileError, NotAllowedError, RefusedError, require
from mentornet.common.moments import when_words
from mentornet.divisions.models import Division
from mentornet.divisions.queries import coordinators_in
from mentornet.divisions.rules import may_work_in
from mentornet.intake.enums import ApplicationState, InterviewWay
from mentornet.intake.models import Application, Interview, InterviewOffer, InterviewSlot
from mentornet.intake.models.slots import USUAL_MINUTES
from mentornet.intake.planner import booked_over, free_slots, slots_over
from mentornet.intake.rules import is_hers, may_choose_time, may_step
from mentornet.intake.services.interviews import book_interview
from mentornet.intake.services.steps import NO_TIME, booked_now, write_to
from mentornet.people.participants import Participant

MOST_AT_ONCE: Final = 200
AHEAD: Final = timedelta(days=366)
OFFERED_AGAIN_AFTER: Final = timedelta(hours=1)


@transaction.atomic
def add_slots(
    *,
    by: Actor,
    division: Division,
    interviewer: User,
    starts: Sequence[datetime],
    minutes: int = USUAL_MINUTES,
    place: str = "",
    way: InterviewWay | str = InterviewWay.IN_PERSON,
) -> list[InterviewSlot]:
    """Put times into the plan, all of them or none; what stands there exactly so already is passed over.

    Where no place is named, they meet in person at the office's address, if it has one.

    Returns:
        Those that are new, in order.

    Raises:
        NotAllowedError: not the actor's division.
        RefusedError: one of them overlaps with another time, or with what is booked, of the same interviewer.
        ValidationError: none, too many, past or too far ahead, no place for meeting in person, or the interviewer
            does not work in the division.
    """
    require(may_work_in(by, division.pk))
    wanted, place = sorted(set(starts)), place.strip()
    if way == InterviewWay.IN_PERSON:
        place = place or division.address
    _check(by, division, interviewer, wanted, place, way)
    # Whoever plans or books for the same interviewer waits here: what is read below stands.
    User.objects.select_for_update(no_key=True).get(pk=interviewer.pk)
    made: list[InterviewSlot] = []
    for start in wanted:
        slot = InterviewSlot(
            division=division,
            interviewer=interviewer,
            starts_at=start,
            minutes=minutes,
            place=place,
            way=way,
            created_at=by.at,
        )
        slot.full_clean(validate_unique=False, validate_constraints=False)
        if not _stands_already(slot):
            made.append(slot)
    _check_apart(made)
    try:
        with transaction.atomic():
            InterviewSlot.objects.bulk_create(made)
    except IntegrityError as error:
        raise ChangedMeanwhileError(_("Somebody has changed the plan at this moment. Look at it again.")) from error
    if made:
        record(by=by, act="intake.add_slots", of=interviewer, division_id=division.pk, detail={"count": len(made)})
    return made


def _check(
    by: Actor, division: Division, interviewer: User, wanted: Sequence[datetime], place: str, way: InterviewWay | str
) -> None:
    if not coordinators_in(division.pk, by.today).filter(pk=interviewer.pk).exists():
        raise ValidationError({"interviewer": _("Choose somebody who works in this division.")})
    if not wanted:
        raise ValidationError(_("There is no time between these hours on these days. Look at them again."))
    if len(wanted) > MOST_AT_ONCE:
        raise ValidationError(
            _("That would be %(count)s times. Add at most %(most)s at once.")
            % {"count": len(wanted), "most": MOST_AT_ONCE}
        )
    if wanted[0] <= by.at:
        raise ValidationError(_("The first of these times is over. Begin with a later day."), code="past")
    if wanted[-1] > by.at + AHEAD:
        raise ValidationError(_("That is too far ahead: choose days within a year."), code="far")
    if way == InterviewWay.IN_PERSON and not place:
        raise ValidationError({"place": _("Write where you meet: she reads it in her letter.")})


def _stands_already(slot: InterviewSlot) -> bool:
    """Tell whether a time is planned exactly so.

    Raises:
        RefusedError: it overlaps with another one.
    """
    for other in slots_over(slot.interviewer_id, slot.starts_at, slot.ends_at):
        if (other.starts_at, other.minutes, other.place, other.way) == (
            slot.starts_at,
            slot.minutes,
            slot.place,
            slot.way,
        ):
            return True
        raise _overlap(slot.starts_at, other.starts_at)
    for interview in booked_over(slot.interviewer_id, slot.starts_at, slot.ends_at):
        raise _overlap(slot.starts_at, interview.at)
    return False


def _check_apart(slots: Sequence[InterviewSlot]) -> None:
    for one, next_one in pairwise(slots):
        if one.ends_at > next_one.starts_at:
            raise _overlap(next_one.starts_at, one.starts_at)


def _overlap(wanted: datetime, other: datetime) -> RefusedError:
    words = _("%(wanted)s overlaps with what is planned already at %(other)s. Nothing was added.")
    return RefusedError(words % {"wanted": when_words(wanted), "other": when_words(other)})


@transaction.atomic
def take_out_slot(*, by: Actor, slot: InterviewSlot) -> InterviewSlot:
    """Take a free time out of the plan.

    Raises:
        NotAllowedError: not the actor's division.
        ChangedMeanwhileError: it has been taken, or is out already.
    """
    require(may_work_in(by, slot.division_id))
    free = InterviewSlot.objects.filter(pk=slot.pk, application__isnull=True, withdrawn_at__isnull=True)
    if not free.update(withdrawn_at=by.at):
        raise ChangedMeanwhileError(_("This time has just been taken, or is no longer in the plan."))
    slot.refresh_from_db()
    record(by=by, act="intake.take_out_slot", of=slot, division_id=slot.division_id)
    return slot


@transaction.atomic
def put_back_slot(*, by: Actor, slot: InterviewSlot) -> InterviewSlot:
    """Put a time back that was taken out of the plan.

    Raises:
        NotAllowedError: not the actor's division.
        RefusedError: it overlaps with what was planned meanwhile.
    """
    require(may_work_in(by, slot.division_id))
    User.objects.select_for_update(no_key=True).get(pk=slot.interviewer_id)
    if slot.withdrawn_at is None or _stands_already(slot):
        return slot
    InterviewSlot.objects.filter(pk=slot.pk, withdrawn_at__isnull=False).update(withdrawn_at=None)
    slot.refresh_from_db()
    record(by=by, act="intake.put_back_slot", of=slot, division_id=slot.division_id)
    return slot


@transaction.atomic
def offer_times(*, by: Actor, application: Application, author_name: str) -> InterviewOffer:
    """Send an applicant the free times: a letter with the personal link under which she chooses one.

    Raises:
        NotAllowedError: not the actor's division, or the interview has been held.
        RefusedError: there is no free time that she could choose.
        ChangedMeanwhileError: she was sent them within the last hour.
    """
    # Held till the end: of two who press at once the second sees what the first has sent, and nobody is sent times who
    # has just taken her application back.
    application = _held(application)
    require(may_step(by, application, ApplicationState.BOOKED))
    if booked_now(application) is not None:
        raise RefusedError(_("An interview is booked already. Move it, if it does not suit her."))
    if not free_slots([application.division_id], by.at + timedelta(days=1)).exists():
        raise RefusedError(_("There is no free time to send her. Add some to the plan first."))
    offer = InterviewOffer.objects.filter(application=application).first()
    if offer is not None and offer.refused_at is None and offer.offered_at > by.at - OFFERED_AGAIN_AFTER:
        raise ChangedMeanwhileError(_("She has just been sent the times. No second letter is sent."))
    offer = offer or InterviewOffer(application=application, created_at=by.at)
    offer.offered_at, offer.offered_by, offer.author_name = by.at, by.key, author_name
    offer.refused_at, offer.words = None, ""
    offer.full_clean()
    offer.save()
    write_to(by, application, "interview_choose", purpose=Purpose.INTERVIEW)
    record(by=by, act="intake.offer_times", of=application, division_id=application.division_id)
    return offer


@transaction.atomic
def take_slot(*, by: Actor, application: Application, slot: InterviewSlot, seen: str | None = None) -> Interview:
    """Give an applicant one of the planned times: she chooses it herself, or a coordinator puts her in.

    What she had before is free again for others. She gets a letter with day, time and place.

    Raises:
        NotAllowedError: neither hers nor of the actor's division, or too late.
        ChangedMeanwhileError: somebody else has taken it, or it is no longer in the plan.
    """
    require(may_choose_time(by, application, slot, booked_now(application)))
    slot = InterviewSlot.objects.select_related("interviewer").get(pk=slot.pk)
    if slot.withdrawn_at is not None or slot.application_id not in {None, application.pk}:
        raise ChangedMeanwhileError(_("This time has just been taken. Please choose another one."))
    return book_interview(
        by=by,
        application=application,
        at=slot.starts_at,
        place=slot.place,
        interviewer=slot.interviewer,
        seen=seen,
        minutes=slot.minutes,
        way=slot.way,
        slot=slot,
    )


@transaction.atomic
def refuse_times(*, by: Participant, application: Application, words: str) -> InterviewOffer:
    """Tell the coordinators that none of the times suits her, and what would. Somebody is to write or call.

    Raises:
        NotAllowedError: not hers.
        ChangedMeanwhileError: a time is booked, or the talk was held.
        ValidationError: too long.
    """
    if not is_hers(by, application):
        raise NotAllowedError(_("You can only change what is yours."))
    # Held till the end: of two who press at once the second finds what the first has written.
    application = _held(application)
    if application.state != ApplicationState.RECEIVED:
        raise ChangedMeanwhileError(_("This has changed meanwhile. Please look at the page again."))
    offer = InterviewOffer.objects.filter(application=application).first() or InterviewOffer(
        application=application, created_at=by.at, offered_at=by.at, offered_by=by.key, author_name=by.name
    )
    offer.refused_at, offer.words = by.at, " ".join(words.split())
    offer.full_clean()
    offer.save()
    ask_for(
        by=by,
        kind=Kind.INTERVIEW,
        target_id=application.pk,
        division_id=application.division_id,
        due_on=by.today,
        owner_id=_sender(offer),
        words={"name": application.person.name, "why": NO_TIME},
    )
    record(by=by, act="intake.refuse_times", of=application, division_id=application.division_id)
    return offer


def _held(application: Application) -> Application:
    """Return the row as it is now, held until the transaction ends."""
    rows = Application.objects.select_for_update(of=("self",), no_key=True).select_related("person", "division")
    return rows.get(pk=application.pk)


def _sender(offer: InterviewOffer) -> UUID | None:
    """Return the coordinator who has sent the times: it is for her to find another one."""
    prefix = user_key("")
    return UUID(offer.offered_by.removeprefix(prefix)) if offer.offered_by.startswith(prefix) else None
