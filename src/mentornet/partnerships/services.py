"""Opening, accompanying and closing partnerships."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from mentornet.agenda.models import Kind, Task
from mentornet.agenda.services import ask_for, finish, untick
from mentornet.audit.services import record
from mentornet.common.actors import Actor
from mentornet.common.answers import ChangedMeanwhileError, require
from mentornet.common.models import stamp
from mentornet.intake.models import Enrolment
from mentornet.intake.services import places
from mentornet.intake.services.enrolments import promise_word
from mentornet.messaging.services import queue_letter
from mentornet.partnerships.enums import PARTNERSHIP_STEPS, ClosingReason, PartnershipState
from mentornet.partnerships.models import Meeting, Note, Partnership
from mentornet.partnerships.queries import is_built_on
from mentornet.partnerships.rules import may_step, may_take_opening_back, may_work_on
from mentornet.people.recipients import person_key
from mentornet.people.services import hold_people, restamp_all

MEET_WITHIN: Final = timedelta(days=14)
WORD_WITHIN: Final = timedelta(days=28)
LONGEST: Final = timedelta(days=5 * 366)


@transaction.atomic
def open_partnership(
    *, by: Actor, mentee: Enrolment, mentor: Enrolment, matched_on: date, first_met_on: date | None = None
) -> Partnership:
    """Open a partnership on the places that a proposal has held; both hear that it has begun.

    Raises:
        NotAllowedError: not the mentee's division.
    """
    partnership = Partnership(
        mentee=mentee,
        mentor=mentor,
        division=mentee.division,
        matched_on=matched_on,
        first_met_on=first_met_on,
        created_at=by.at,
    )
    require(may_work_on(by, partnership))
    _tell_banks(by, partnership)
    for side in places.in_order(mentee, mentor):
        places.take(by=by, enrolment=side)
    partnership.full_clean()
    partnership.save(force_insert=True)
    finish(by=by, target_id=mentee.pk, kinds=[Kind.PROMISE])
    Enrolment.objects.filter(pk=mentee.pk).update(word_due_on=None)
    if first_met_on is None:
        _ask_whether_met(by, partnership, matched_on + MEET_WITHIN)
    else:
        Meeting.objects.create(partnership=partnership, on=first_met_on, told_by=by.key, created_at=by.at)
    for side in (mentee, mentor):
        queue_letter(
            by=by,
            recipient=person_key(side.person_id),
            event="partnership_begun",
            values={},
            about_id=partnership.pk,
            division_id=partnership.division_id,
        )
    record(by=by, act="partnerships.open", of=partnership, division_id=partnership.division_id)
    return partnership


def _tell_banks(by: Actor, partnership: Partnership) -> None:
    """Tell whoever keeps banks in memory that the two are a pair now, or no longer have been one.

    That counts in every programme in which they are enrolled, not only where the places are. Before the places are
    touched: people are held before their enrolments everywhere, so that nobody waits in a circle.
    """
    keys = [partnership.mentee.person_id, partnership.mentor.person_id]
    hold_people(keys)
    restamp_all(by=by, keys=keys)


def _ask_whether_met(by: Actor, partnership: Partnership, due_on: date) -> None:
    ask_for(
        by=by,
        kind=Kind.NOT_MET,
        target_id=partnership.pk,
        division_id=partnership.division_id,
        due_on=due_on,
        owner_id=partnership.mentee.coordinator_id,
        words={"mentee": partnership.mentee.person.name, "mentor": partnership.mentor.person.name},
    )


def _step(by: Actor, partnership: Partnership, after: PartnershipState, **values: object) -> None:
    """Take a step, unless somebody else has taken another one meanwhile."""
    require(may_step(by, partnership, after))
    before = partnership.state
    changed = Partnership.objects.filter(pk=partnership.pk, state=before).update(state=after, **values)
    if not changed or not PARTNERSHIP_STEPS.may(before, after):
        raise ChangedMeanwhileError(_("Somebody else has worked on this partnership meanwhile. Look at it again."))
    partnership.refresh_from_db()


def _begin_if_ready(by: Actor, partnership: Partnership) -> None:
    """It is active once the two have met and both have signed."""
    ready = partnership.first_met_on is not None and partnership.agreement_on is not None
    if ready and partnership.state == PartnershipState.MATCHED:
        _step(by, partnership, PartnershipState.ACTIVE)
        record(by=by, act="partnerships.begin", of=partnership, division_id=partnership.division_id)


def _lock(partnership: Partnership) -> Partnership:
    """Return the row as it is now, held until the transaction ends.

    Raises:
        ChangedMeanwhileError: it was opened by mistake, and has just been taken back.
    """
    locked = (
        Partnership.objects.select_for_update(of=("self",))
        .select_related("mentee__person", "mentor__person", "division")
        .filter(pk=partnership.pk)
        .first()
    )
    if locked is None:
        raise ChangedMeanwhileError(_("This partnership has just been taken back: it was opened by mistake."))
    return locked


@transaction.atomic
def take_opening_back(*, by: Actor, partnership: Partnership) -> None:
    """Let a partnership vanish that was opened by mistake: the proposal holds both places again.

    The row goes, with the meeting that it was opened with; the audit keeps that it was there (decision 15). The mentee
    is promised the same word again as before. Its letters are called back by whoever knows the proposal.

    Raises:
        NotAllowedError: not the actor's division, or more has been noted in it since.
        ChangedMeanwhileError: somebody else was faster.
    """
    partnership = _lock(partnership)
    require(may_take_opening_back(by, partnership, is_built_on=is_built_on(partnership)))
    finish(by=by, target_id=partnership.pk)
    _tell_banks(by, partnership)
    for side in places.in_order(partnership.mentee, partnership.mentor):
        places.give_back(by=by, enrolment=side)
    _promise_as_before(by, partnership)
    record(
        by=by,
        act="partnerships.take_opening_back",
        of=partnership,
        division_id=partnership.division_id,
        detail={"mentee": str(partnership.mentee_id), "mentor": str(partnership.mentor_id)},
    )
    try:
        Partnership.objects.filter(pk=partnership.pk).delete()
    except ProtectedError as error:
        raise ChangedMeanwhileError(
            _("More has been noted in this partnership since it began. Close it on its own page instead, and say why.")
        ) from error


def _promise_as_before(by: Actor, partnership: Partnership) -> None:
    """Promise the mentee again what opening the partnership had settled; a word within weeks if nothing was."""
    mentee = partnership.mentee
    promise = Task.objects.filter(kind=Kind.PROMISE, target_id=mentee.pk, done_at=partnership.created_at).first()
    if promise is None or not untick(by=by, task=promise):
        _promise_a_word(by, mentee)
        return
    Enrolment.objects.filter(pk=mentee.pk).update(word_due_on=promise.due_on, stamp=stamp())


@transaction.atomic
def record_meeting(*, by: Actor, partnership: Partnership, on: date, minutes: int | None = None) -> Meeting:
    """Note that the two have met. The first meeting, with the signed agreement, makes the partnership active.

    Raises:
        NotAllowedError: not the actor's division.
        ValidationError: a day to come, one before they were matched, or one that stands here already.
        ChangedMeanwhileError: it has been closed.
    """
    partnership = _lock(partnership)
    require(may_work_on(by, partnership))
    if partnership.state == PartnershipState.CLOSED:
        raise ChangedMeanwhileError(_("This partnership has been closed. A meeting can no longer be added."))
    if on > by.today:
        raise ValidationError({"on": _("That day is still to come.")})
    began = min(filter(None, (partnership.matched_on, partnership.first_met_on)), default=None)
    if began is not None and on < began:
        raise ValidationError({"on": _("They were matched after that day.")})
    if partnership.meetings.filter(on=on).exists():
        raise ValidationError({"on": _("A meeting on that day stands here already.")})
    meeting = Meeting(partnership=partnership, on=on, minutes=minutes, told_by=by.key, created_at=by.at)
    meeting.full_clean()
    meeting.save(force_insert=True)
    if partnership.first_met_on is None or on < partnership.first_met_on:
        Partnership.objects.filter(pk=partnership.pk).update(first_met_on=on)
        partnership.first_met_on = on
        finish(by=by, target_id=partnership.pk, kinds=[Kind.NOT_MET])
    record(by=by, act="partnerships.meet", of=partnership, division_id=partnership.division_id)
    _begin_if_ready(by, partnership)
    return meeting


@transaction.atomic
def sign_agreement(*, by: Actor, partnership: Partnership, on: date, until: date | None = None) -> Partnership:
    """Note that both have signed their agreement, and until when it runs.

    Raises:
        NotAllowedError: not the actor's division.
        ValidationError: days that cannot be.
        ChangedMeanwhileError: it has been closed.
    """
    partnership = _lock(partnership)
    require(may_work_on(by, partnership))
    if partnership.state == PartnershipState.CLOSED:
        raise ChangedMeanwhileError(_("This partnership has been closed. Nothing can be signed in it any more."))
    if on > by.today:
        raise ValidationError({"on": _("That day is still to come.")})
    if partnership.matched_on is not None and on < partnership.matched_on:
        raise ValidationError({"on": _("They were matched after that day.")})
    if until is not None and until > on + LONGEST:
        raise ValidationError({"until": _("That is too far ahead: choose a day within five years.")})
    if until is not None and until <= on:
        raise ValidationError({"until": _("The agreement runs until a day after it was signed.")})
    Partnership.objects.filter(pk=partnership.pk).update(agreement_on=on, agreed_until=until)
    partnership.refresh_from_db()
    record(by=by, act="partnerships.sign", of=partnership, division_id=partnership.division_id)
    _begin_if_ready(by, partnership)
    return partnership


@transaction.atomic
def pause_partnership(*, by: Actor, partnership: Partnership, until: date | None = None) -> Partnership:
    """Let a partnership rest; both keep their places.

    Raises:
        NotAllowedError: not the actor's division, or it is closed.
    """
    if until is not None and until > by.today + LONGEST:
        raise ValidationError({"until": _("That is too far ahead: choose a day within five years.")})
    if until is not None and until <= by.today:
        raise ValidationError({"until": _("A pause lasts until a day after today.")})
    _step(by, partnership, PartnershipState.PAUSED, paused_until=until)
    record(by=by, act="partnerships.pause", of=partnership, division_id=partnership.division_id)
    return partnership


@transaction.atomic
def resume_partnership(*, by: Actor, partnership: Partnership) -> Partnership:
    """Go on after a pause: active if it had begun, matched if not.

    Raises:
        NotAllowedError: not the actor's division, or it does not rest.
    """
    partnership = _lock(partnership)
    began = partnership.first_met_on is not None and partnership.agreement_on is not None
    _step(by, partnership, PartnershipState.ACTIVE if began else PartnershipState.MATCHED, paused_until=None)
    record(by=by, act="partnerships.resume", of=partnership, division_id=partnership.division_id)
    return partnership


def _promise_a_word(by: Actor, mentee: Enrolment) -> None:
    """She waits again: nobody waits without a day on which she hears from us."""
    due_on = by.today + WORD_WITHIN
    Enrolment.objects.filter(pk=mentee.pk).update(word_due_on=due_on)
    promise_word(by=by, enrolment=mentee, due_on=due_on)


@transaction.atomic
def close_partnership(
    *,
    by: Actor,
    partnership: Partnership,
    on: date,
    reason: ClosingReason | str,
    note: str = "",
    mentee_waits_again: bool = False,
) -> Partnership:
    """Close a partnership: both places are free again.

    The mentor is idle from that day. The mentee leaves the waiting list for good, unless she waits again: then from
    that day on, in the same enrolment, and is promised to hear from us.

    Raises:
        NotAllowedError: not the actor's division, or closed already.
        ChangedMeanwhileError: somebody else was faster.
        ValidationError: a day that cannot be, or no reason.
    """
    if on > by.today:
        raise ValidationError({"on": _("That day is still to come.")})
    if reason not in ClosingReason.values:
        raise ValidationError({"reason": _("Choose why it ends.")})
    partnership = _lock(partnership)
    if partnership.matched_on is not None and on < partnership.matched_on:
        raise ValidationError({"on": _("They were matched after that day.")})
    _step(
        by,
        partnership,
        PartnershipState.CLOSED,
        closed_on=on,
        closing_reason=reason,
        closing_note=note,
        paused_until=None,
    )
    for side in places.in_order(partnership.mentee, partnership.mentor):
        places.leave(by=by, enrolment=side, waits_since=on)
    if not mentee_waits_again:
        Enrolment.objects.filter(pk=partnership.mentee_id, promised=0, active=0).update(
            ended_on=on, end_reason="done" if reason in {ClosingReason.GOAL, ClosingReason.AGREED} else "other"
        )
    else:
        _promise_a_word(by, partnership.mentee)
    finish(by=by, target_id=partnership.pk)
    record(
        by=by,
        act="partnerships.close",
        of=partnership,
        division_id=partnership.division_id,
        detail={"reason": str(reason)},
    )
    return partnership


@transaction.atomic
def add_note(*, by: Actor, partnership: Partnership, text: str, author_name: str) -> Note:
    """Write down an observation in a pair's case.

    Raises:
        NotAllowedError: not the actor's division.
        ValidationError: nothing was written.
    """
    partnership = _lock(partnership)
    require(may_work_on(by, partnership))
    text = text.strip()
    latest = partnership.notes.order_by("-created_at").first()
    if latest is not None and latest.text == text and latest.written_by == by.key:
        # Pressed twice.
        return latest
    note = Note(
        partnership=partnership,
        text=text,
        written_by=by.key,
        author_name=author_name,
        created_at=by.at,
    )
    note.full_clean()
    note.save(force_insert=True)
    record(by=by, act="partnerships.note", of=partnership, division_id=partnership.division_id)
    return note
