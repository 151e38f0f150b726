"""What is asked once a partnership has ended: planned as it closes, asked by letter, answered by one tap or not."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from mentornet.accounts.enums import Purpose
from mentornet.accounts.services.links import close_links
from mentornet.agenda.models import Kind
from mentornet.agenda.services import Wanted, ask_for_several, finish
from mentornet.audit.services import entry_of, record, record_all
from mentornet.common.actors import Actor, System
from mentornet.common.answers import require
from mentornet.common.moments import months_later
from mentornet.divisions.staff import Staff
from mentornet.followup.after import (
    coordinator_of,
    may_step,
    person_of,
    to_ask,
    to_remind,
    too_late,
    without_answer,
)
from mentornet.followup.after_states import AfterState, AnsweredHow, Doing
from mentornet.followup.models import Afterwards
from mentornet.followup.services.letters import drop_letter_of_end
from mentornet.intake.models import Enrolment
from mentornet.intake.services import places
from mentornet.messaging.models import Letter
from mentornet.messaging.services import LetterTo, call_back_letters, queue_letters
from mentornet.partnerships import services as partnerships
from mentornet.partnerships.enums import ClosingReason
from mentornet.partnerships.models import Closure, Partnership
from mentornet.partnerships.outcomes import MentorNext
from mentornet.partnerships.queries import sides_of, standing_closure
from mentornet.partnerships.services.steps import lock
from mentornet.people.enums import ContactWay, Role
from mentornet.people.participants import Participant
from mentornet.people.recipients import person_key
from mentornet.programmes.queries import current_version
from mentornet.surveys.services import withdraw_end

REMIND_AFTER: Final = timedelta(days=7)
CALL_AFTER: Final = timedelta(days=14)
CALL_WITHIN: Final = timedelta(days=7)
TOO_LATE: Final = timedelta(days=60)
"""So long after its day a question is not asked any more: the answer would belong to another month."""
AT_ONCE: Final = 500
_S = AfterState


def _tell(by: Actor, rows: Iterable[Afterwards], act: str, **detail: str) -> None:
    record_all(
        entry_of(
            by=by,
            act=act,
            of=row.partnership,
            division_id=row.partnership.division_id,
            detail={"month": str(row.month), "side": row.side, **detail},
        )
        for row in rows
    )


# Planned as it closes, called off when that was a mistake -----------------------------------------------------------


@transaction.atomic
def close_partnership(
    *, by: Staff, closure: Closure, on: date, reason: ClosingReason | str, note: str = ""
) -> Partnership:
    """Close a partnership as its ending says, and plan when both are asked how it goes.

    Raises:
        As :func:`mentornet.partnerships.services.finish_ending`.
    """
    partnership = partnerships.finish_ending(by=by, closure=closure, on=on, reason=reason, note=note)
    _plan(by, partnership, [row.side for row in sides_of(closure) if row.may_be_asked])
    return partnership


@transaction.atomic
def close_as_one_goes(*, by: System, partnership: Partnership, goes: Role) -> Partnership:
    """Close a partnership of which one is about to be erased; the other one is asked later how it goes, as ever.

    She is not where it was a matter of safety, or was chosen otherwise in an ending that was being filled in. A mentee
    who stays waits again; a mentor rests, if that has been settled with her.

    Raises:
        As :func:`mentornet.partnerships.services.close_partnership`.
    """
    stays = Role.MENTOR if goes == Role.MENTEE else Role.MENTEE
    draft = standing_closure(partnership)
    is_asked = draft is None or sides_of(draft).filter(side=stays, may_be_asked=True).exists()
    partnership = partnerships.close_partnership(
        by=by,
        partnership=partnership,
        on=by.today,
        reason=ClosingReason.OTHER,
        mentee_waits_again=stays == Role.MENTEE,
    )
    if stays == Role.MENTOR and draft is not None:
        _rest_as_settled(by, draft, partnership.mentor)
    if is_asked:
        _plan(by, partnership, [stays])
    return partnership


def _rest_as_settled(by: System, draft: Closure, mentor: Enrolment) -> None:
    until = draft.mentor_rests_until
    if draft.mentor_next != MentorNext.RESTS or until is None or until <= by.today:
        return
    if places.rest_after(by=by, enrolment=mentor, until=until):
        record(by=by, act="intake.rest", of=mentor, division_id=mentor.division_id)


def _plan(by: Actor, partnership: Partnership, sides: Collection[str]) -> None:
    """Plan what sides are asked, in the months that the programme says."""
    version = current_version(partnership.mentee.programme_id)
    closed_on = partnership.closed_on
    assert closed_on is not None
    rows = [
        Afterwards(
            partnership=partnership,
            side=side,
            month=month,
            due_on=months_later(closed_on, month),
            created_at=by.at,
        )
        for side in sides
        for month in version.care.follow_up_months
        # One that was noted long afterwards begins with what is still to come.
        if months_later(closed_on, month) >= by.today
    ]
    for row in rows:
        row.full_clean(validate_unique=False, validate_constraints=False)
    Afterwards.objects.bulk_create(rows)


@transaction.atomic
def reopen_partnership(*, by: Staff, partnership: Partnership, words: str) -> Partnership:
    """Let a partnership go on that was closed by mistake; nobody is asked how it was, nor how it goes since.

    Raises:
        As :func:`mentornet.partnerships.services.reopen_partnership`.
    """
    reopened = partnerships.reopen_partnership(by=by, partnership=partnership, words=words)
    rows = Afterwards.objects.filter(partnership=partnership).exclude(state=_S.CANCELLED)
    open_ones = rows.exclude(state=_S.ANSWERED)
    for row in open_ones.select_related("partnership"):
        finish(by=by, target_id=row.pk)
        close_links(by=by, purpose=Purpose.AFTERWARDS, subject=str(row.pk))
        call_back_letters(by=by, letters=Letter.objects.filter(about_id=row.pk, event="how_are_you"))
    open_ones.update(state=_S.CANCELLED)
    _ask_nothing_about_the_end(by, reopened)
    return reopened


def _ask_nothing_about_the_end(by: Staff, partnership: Partnership) -> None:
    """Take back the questions about an end that was none, and the letter about it that the mentee is asked for."""
    withdraw_end(by=by, partnership=partnership)
    drop_letter_of_end(by=by, partnership=partnership)


# By the program -------------------------------------------------------------------------------------------------------


def see_to_afterwards(*, by: System) -> int:
    """Ask, remind, and have called whoever has not answered; batch by batch. Returns how many were seen to.

    Some hundreds at once, each in a transaction of its own that holds them: what stands when the work is cut short
    stands rightly, run again it goes on where it was, and two workers beside each other take other ones.
    """
    rounds: tuple[tuple[Callable[[Role], QuerySet[Afterwards]], Callable[[System, list[Afterwards]], None]], ...] = (
        (lambda side: to_ask(by.today, side).filter(due_on__gte=by.today - TOO_LATE), _ask),
        (lambda side: without_answer(by.today - CALL_AFTER, side), _note_silence),
        (lambda side: to_remind(by.today - REMIND_AFTER, side), _remind),
    )
    done = 0
    for rows, act in rounds:
        for side in Role:
            # Who they are is asked once: the time grows with their number alone.
            keys = list(rows(side).values_list("pk", flat=True))
            for start in range(0, len(keys), AT_ONCE):
                done += _batch(by, rows(side).filter(pk__in=keys[start : start + AT_ONCE]), act)
    too_late(by.today - TOO_LATE).update(state=_S.NOT_ASKED)
    return done


@transaction.atomic
def _batch(by: System, rows: QuerySet[Afterwards], act: Callable[[System, list[Afterwards]], None]) -> int:
    # Whom another worker holds at this moment is his; whoever takes an ending back waits for these, and not the
    # other way round.
    batch = list(rows.select_for_update(of=("self",), skip_locked=True))
    if batch:
        act(by, batch)
    return len(batch)


def _take(rows: list[Afterwards], **changes: object) -> None:
    Afterwards.objects.filter(pk__in=[row.pk for row in rows]).update(**changes)


def _ask(by: System, rows: list[Afterwards]) -> None:
    _take(rows, state=_S.ASKED, asked_at=by.at)
    _write(by, rows)
    # She is written nothing: a coordinator calls.
    _have_called(by, [row for row in rows if person_of(row).contact_way == ContactWay.CALL])
    _tell(by, rows, "followup.ask_afterwards")


def _remind(by: System, rows: list[Afterwards]) -> None:
    _take(rows, reminded_at=by.at)
    _write(by, rows)


def _note_silence(by: System, rows: list[Afterwards]) -> None:
    _take(rows, state=_S.NO_ANSWER)
    _have_called(by, rows)
    _tell(by, rows, "followup.no_answer_afterwards")


def _write(by: System, rows: list[Afterwards]) -> None:
    """Write to those of them who may be written to."""
    queue_letters(
        by=by,
        event="how_are_you",
        letters=[
            LetterTo(
                recipient=person_key(person.pk),
                values={"link": f"{Purpose.AFTERWARDS.value}:{row.pk}:{person.pk}"},
                about_id=row.pk,
                division_id=row.partnership.division_id,
            )
            for row in rows
            if (person := person_of(row)).contact_way != ContactWay.CALL
        ],
    )


def _have_called(by: Actor, rows: list[Afterwards]) -> None:
    ask_for_several(
        by=by,
        kind=Kind.FOLLOW_UP,
        due_on=by.today + CALL_WITHIN,
        wanted=[
            Wanted(row.pk, row.partnership.division_id, coordinator_of(row), {"name": person_of(row).name})
            for row in rows
        ],
    )


# Answered, or not -----------------------------------------------------------------------------------------------------


def _held(by: Actor, row: Afterwards, after: AfterState) -> Afterwards:
    partnership = lock(row.partnership)
    fresh = Afterwards.objects.select_for_update(of=("self",)).get(pk=row.pk)
    fresh.partnership = partnership
    require(may_step(by, fresh, after))
    return fresh


@transaction.atomic
def answer(*, by: Participant | Staff, row: Afterwards, facts: Mapping[str, Any]) -> Afterwards:
    """Keep what she has answered, by one tap after the other, or on the telephone; each tap is kept at once.

    Says she that she should not be asked again, what is planned for her about this pair is called off.

    Args:
        by: herself, or the coordinator who has called her.
        row: what she is asked.
        facts: some of ``doing``, ``hours``, ``own_level``, ``danish_better``, ``again`` and ``may_ask_again``.

    Raises:
        NotAllowedError: she is not asked this, or it is called off.
        ValidationError: nothing was answered, or an answer cannot be.
    """
    if unknown := set(facts) - {"doing", "hours", "own_level", "danish_better", "again", "may_ask_again"}:
        raise ValueError(f"{', '.join(sorted(unknown))}: not asked")
    row = _held(by, row, _S.ANSWERED)
    for name, value in facts.items():
        setattr(row, name, value)
    if row.doing != Doing.WORK:
        row.hours, row.own_level = None, ""
    if not (row.doing or row.again):
        raise ValidationError(_("Choose what fits."))
    was = row.state
    row.state, row.answered_at, row.answered_by = _S.ANSWERED, row.answered_at or by.at, by.key
    row.how = AnsweredHow.HERSELF if isinstance(by, Participant) else AnsweredHow.CALL
    row.full_clean()
    row.save()
    finish(by=by, target_id=row.pk, kinds=[Kind.FOLLOW_UP])
    if row.may_ask_again is False:
        _ask_no_more(row)
    if was != _S.ANSWERED:
        _tell(by, [row], "followup.answer_afterwards")
    return row


def _ask_no_more(row: Afterwards) -> None:
    later = Afterwards.objects.filter(partnership=row.partnership_id, side=row.side, state=_S.PLANNED)
    later.update(state=_S.UNWANTED)


@transaction.atomic
def note_no_answer(*, by: Staff | Participant, row: Afterwards, why: AfterState | str) -> Afterwards:
    """Note that she could not be reached, or does not want to be asked. It is a value, and never taken for another.

    Raises:
        NotAllowedError: not the actor's to note, or it has been answered.
        ValidationError: neither of the two.
    """
    if why not in {_S.UNREACHABLE, _S.UNWANTED} or (isinstance(by, Participant) and why != _S.UNWANTED):
        raise ValidationError({"outcome": _("Choose what came of the call.")})
    row = _held(by, row, AfterState(why))
    row.state = AfterState(why)
    if why == _S.UNWANTED:
        row.may_ask_again = False
    row.full_clean()
    row.save()
    finish(by=by, target_id=row.pk, kinds=[Kind.FOLLOW_UP])
    if why == _S.UNWANTED:
        _ask_no_more(row)
    _tell(by, [row], "followup.no_answer_afterwards", why=str(why))
    return row
