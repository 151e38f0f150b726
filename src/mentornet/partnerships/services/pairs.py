"""Opening, accompanying and closing partnerships."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from mentornet.agenda.models import Kind, Task
from mentornet.agenda.services import finish, untick
from mentornet.audit.services import record
from mentornet.common.actors import Actor
from mentornet.common.answers import ChangedMeanwhileError, require
from mentornet.common.models import stamp
from mentornet.intake.models import Enrolment
from mentornet.intake.services import places
from mentornet.intake.services.enrolments import promise_word
from mentornet.messaging.services import queue_letter
from mentornet.partnerships.ending import without_blame
from mentornet.partnerships.enums import ClosingReason, PartnershipState
from mentornet.partnerships.models import Closure, Meeting, Note, Partnership
from mentornet.partnerships.queries import is_built_on, sides_of, standing_closure
from mentornet.partnerships.rules import may_take_opening_back, may_work_on
from mentornet.partnerships.services.meetings import ask_whether_met
from mentornet.partnerships.services.plans import call_off_what_comes
from mentornet.partnerships.services.steps import link_of, lock, take_step
from mentornet.people.recipients import person_key
from mentornet.people.services import hold_people, restamp_all
from mentornet.programmes.queries import next_word_on


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
    tell_banks(by, partnership)
    for side in places.in_order(mentee, mentor):
        places.take(by=by, enrolment=side)
    partnership.full_clean()
    partnership.save(force_insert=True)
    finish(by=by, target_id=mentee.pk, kinds=[Kind.PROMISE])
    Enrolment.objects.filter(pk=mentee.pk).update(word_due_on=None)
    if first_met_on is None:
        ask_whether_met(by, partnership, matched_on)
    else:
        Meeting.objects.create(partnership=partnership, on=first_met_on, told_by=by.key, created_at=by.at)
    for side in (mentee, mentor):
        queue_letter(
            by=by,
            recipient=person_key(side.person_id),
            event="partnership_begun",
            values={"link": link_of(partnership, side.person_id)},
            about_id=partnership.pk,
            division_id=partnership.division_id,
        )
    record(by=by, act="partnerships.open", of=partnership, division_id=partnership.division_id)
    return partnership


def tell_banks(by: Actor, partnership: Partnership) -> None:
    """Tell whoever keeps banks in memory that the two are a pair now, or no longer have been one.

    That counts in every programme in which they are enrolled, not only where the places are. Before the places are
    touched: people are held before their enrolments everywhere, so that nobody waits in a circle.
    """
    keys = [partnership.mentee.person_id, partnership.mentor.person_id]
    hold_people(keys)
    restamp_all(by=by, keys=keys)


@transaction.atomic
def take_opening_back(*, by: Actor, partnership: Partnership) -> None:
    """Let a partnership vanish that was opened by mistake: the proposal holds both places again.

    The row goes, with the meeting that it was opened with; the audit keeps that it was there (decision 15). The mentee
    is promised the same word again as before. Its letters are called back by whoever knows the proposal.

    Raises:
        NotAllowedError: not the actor's division, or more has been noted in it since.
        ChangedMeanwhileError: somebody else was faster.
    """
    partnership = lock(partnership)
    require(may_take_opening_back(by, partnership, is_built_on=is_built_on(partnership)))
    finish(by=by, target_id=partnership.pk)
    tell_banks(by, partnership)
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
        promise_a_word(by, mentee)
        return
    Enrolment.objects.filter(pk=mentee.pk).update(word_due_on=promise.due_on, stamp=stamp())


def promise_a_word(by: Actor, mentee: Enrolment) -> None:
    """She waits again: nobody waits without a day on which she hears from us."""
    due_on = next_word_on(mentee.programme_id, by.today)
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
    """Close a partnership in one step: both places are free again, and what the two have planned is called off.

    So the program itself ends one, as when somebody is erased; a coordinator goes through the steps of an ending
    (:mod:`mentornet.partnerships.services.closing`). One that is being filled in is closed with what stands in it.

    The mentor is idle from that day. The mentee leaves the waiting list for good, unless she waits again: in her old
    place where it ended without blame, else from that day on, in the same enrolment; and is promised to hear from us.

    Raises:
        NotAllowedError: not the actor's division, or closed already.
        ChangedMeanwhileError: somebody else was faster.
        ValidationError: a day that cannot be, or no reason.
    """
    if on > by.today:
        raise ValidationError({"on": _("That day is still to come.")})
    if reason not in ClosingReason.values:
        raise ValidationError({"reason": _("Choose why it ends.")})
    partnership = lock(partnership)
    if partnership.matched_on is not None and on < partnership.matched_on:
        raise ValidationError({"on": _("They were matched after that day.")})
    take_step(
        by,
        partnership,
        PartnershipState.CLOSED,
        closed_on=on,
        closing_reason=reason,
        closing_note=note,
        paused_until=None,
    )
    call_off_what_comes(by, partnership)
    keeps_place = mentee_waits_again and _is_without_blame(partnership)
    free_both(by, partnership, mentee_since=partnership.mentee.since if keeps_place else on, on=on)
    if not mentee_waits_again:
        Enrolment.objects.filter(pk=partnership.mentee_id, promised=0, active=0).update(
            ended_on=on, end_reason="done" if reason in {ClosingReason.GOAL, ClosingReason.AGREED} else "other"
        )
    else:
        promise_a_word(by, partnership.mentee)
    Closure.objects.filter(partnership=partnership, closed_at__isnull=True, undone_at__isnull=True).update(
        ended_on=on, reason=reason, note=note, closed_at=by.at, closed_by=by.key
    )
    finish(by=by, target_id=partnership.pk)
    record(
        by=by,
        act="partnerships.close",
        of=partnership,
        division_id=partnership.division_id,
        detail={"reason": str(reason)},
    )
    return partnership


def _is_without_blame(partnership: Partnership) -> bool:
    """Tell whether nobody is to blame for an ending that the program makes, as far as one was being filled in."""
    closure = standing_closure(partnership)
    return closure is None or without_blame(closure, sides_of(closure)).is_without


def free_both(by: Actor, partnership: Partnership, *, mentee_since: date | None, on: date) -> None:
    """Free both places of a partnership that closes; the mentor is idle from that day."""
    for side in places.in_order(partnership.mentee, partnership.mentor):
        since = mentee_since if side.pk == partnership.mentee_id else on
        places.leave(by=by, enrolment=side, waits_since=since)


@transaction.atomic
def add_note(*, by: Actor, partnership: Partnership, text: str, author_name: str) -> Note:
    """Write down an observation in a pair's case.

    Raises:
        NotAllowedError: not the actor's division.
        ValidationError: nothing was written.
    """
    partnership = lock(partnership)
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
