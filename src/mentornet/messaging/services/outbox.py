"""The outbox: letters queued, taken back, queued again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from mentornet.audit.services import entry_of, record, record_all
from mentornet.common.actors import Actor, System, Visitor
from mentornet.common.answers import ChangedMeanwhileError, RefusedError, require
from mentornet.messaging.events import TEMPLATES
from mentornet.messaging.hours import next_ordinary_hour
from mentornet.messaging.letters import require_complete
from mentornet.messaging.models import LETTER_STEPS, WAITS_FOR_SOMEBODY, Channel, Letter, LetterState, Problem
from mentornet.messaging.queries import have_left
from mentornet.messaging.recipients import is_known, look_up
from mentornet.messaging.rules import may_handle_letter, may_write_by_hand
from mentornet.messaging.wording import check_by_hand

NEVER_TRIED: Final = frozenset(
    {Problem.NO_ADDRESS, Problem.NO_PHONE, Problem.NO_TEXTS, Problem.CALLS, Problem.UNWANTED, Problem.RESTRICTED}
)
UNSURE: Final = frozenset({Problem.INTERRUPTED, Problem.UNANSWERED})
TIME_TO_TAKE_BACK: Final = timedelta(seconds=60)


def queue_letter(
    *,
    by: Actor,
    recipient: str,
    event: str,
    values: Mapping[str, str | int],
    about_id: UUID | None,
    division_id: UUID | None,
    delay: timedelta | None = None,
    key: UUID | None = None,
) -> Letter:
    """Write a letter into the outbox, as part of the transaction of the act that it tells of.

    Who may do the act may cause its letter: the calling service has checked its own rule. The letter leaves after
    ``delay``: by default a minute, in which a person can take it back, and at once when the program acts by itself, or
    a visitor of the public site, who has no page on which she could; what the program writes and may wait leaves with
    the day's other ordinary letters. ``key`` becomes the letter's own,
    where its caller must not write it twice.

    Raises:
        RuntimeError: there is no transaction, so the letter could leave although the act failed.
        ValueError: no such event, its values are not what the template needs, or nobody knows the recipient's key.
    """
    _require_transaction()
    require_complete(event, values)
    letter = _letter(by, LetterTo(recipient, values, about_id, division_id), event, _leaves_at(by, event, delay), key)
    letter.save(force_insert=True)
    record(by=by, act="messaging.queue_letter", of=letter, division_id=division_id, detail={"event": event})
    return letter


@dataclass(frozen=True, slots=True)
class LetterTo:
    """One of many letters of the same event."""

    recipient: str
    values: Mapping[str, str | int]
    about_id: UUID | None
    division_id: UUID | None


def queue_letters(*, by: Actor, event: str, letters: Iterable[LetterTo]) -> int:
    """Write many letters of one event into the outbox at once, as :func:`queue_letter` writes one. Returns how many.

    Raises:
        RuntimeError: there is no transaction, so the letters could leave although the act failed.
        ValueError: no such event, its values are not what the template needs, or nobody knows a recipient's key.
    """
    _require_transaction()
    send_after, made = _leaves_at(by, event, None), []
    for one in letters:
        require_complete(event, one.values)
        made.append(_letter(by, one, event, send_after, None))
    Letter.objects.bulk_create(made, batch_size=500)
    record_all(
        entry_of(by=by, act="messaging.queue_letter", of=one, division_id=one.division_id, detail={"event": event})
        for one in made
    )
    return len(made)


def _require_transaction() -> None:
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a letter is queued inside the transaction of the act that it tells of")


def _leaves_at(by: Actor, event: str, delay: timedelta | None) -> datetime:
    if delay is None:
        is_for_good = isinstance(by, System | Visitor) or TEMPLATES[event].is_urgent
        delay = timedelta(0) if is_for_good else TIME_TO_TAKE_BACK
    send_after = by.at + delay
    return next_ordinary_hour(send_after) if TEMPLATES[event].may_wait and isinstance(by, System) else send_after


def _letter(by: Actor, to: LetterTo, event: str, send_after: datetime, key: UUID | None) -> Letter:
    if not is_known(to.recipient):
        raise ValueError(f"nobody has registered how the recipient {to.recipient.partition(':')[0]}: is looked up")
    letter = Letter(
        id=key or uuid4(),
        created_at=by.at,
        recipient=to.recipient,
        event=event,
        values=dict(to.values),
        about_id=to.about_id,
        division_id=to.division_id,
        queued_by=by.key,
        send_after=send_after,
    )
    # Neither asks the database: its keys are drawn at random, and its constraints hold without being asked first.
    letter.full_clean(validate_unique=False, validate_constraints=False)
    return letter


def step(
    by: Actor,
    letter: Letter,
    after: LetterState,
    act: str,
    *,
    only_if: Mapping[str, bool] | None = None,
    **changes: object,
) -> bool:
    """Take a letter from the state it was seen in to the next; ``False`` when somebody else was faster.

    ``only_if`` says what else must hold of the row at that moment.
    """
    before = letter.state
    if not LETTER_STEPS.may(before, after):
        return False
    with transaction.atomic():
        # The number of attempts tells this attempt from a later one, after a worker was taken for dead.
        rows = Letter.objects.filter(pk=letter.pk, state=before, attempts=letter.attempts, **(only_if or {}))
        if not rows.update(state=after, sending_since=None, **changes):
            return False
        record(by=by, act=act, of=letter, division_id=letter.division_id, detail={"from": before, "to": after})
    letter.refresh_from_db()
    return True


def take_back_letter(*, by: Actor, letter: Letter) -> Letter:
    """Take a letter back before it leaves; it stays in the outbox as taken back.

    Raises:
        NotAllowedError: it is a letter of another division.
        ChangedMeanwhileError: its time is over, or a worker has just taken it.
    """
    require(may_handle_letter(by, letter))
    # Seen in a worker's hands, it may be with her already, whatever this clock says.
    is_too_late = letter.send_after <= by.at or letter.state == LetterState.SENDING
    if is_too_late or not step(by, letter, LetterState.TAKEN_BACK, "messaging.take_back_letter"):
        raise ChangedMeanwhileError(_("This letter can no longer be taken back. Call her instead."))
    return letter


@transaction.atomic
def call_back_letters(*, by: Actor, letters: Iterable[Letter]) -> list[Letter]:
    """Take back the letters of an act that was a mistake, and return those that may have left and must be corrected.

    The minute in which somebody may change her mind does not count here: a letter that is still in the queue, or could
    not be sent, is wrong, however old. One in a worker's hands is not tried again, should this attempt fail.

    Raises:
        NotAllowedError: one of them is a letter of another division.
    """
    gone = []
    for letter in letters:
        require(may_handle_letter(by, letter))
        # The mark also locks the row: no worker takes the letter, or puts it back, before this is settled.
        Letter.objects.filter(pk=letter.pk).update(is_called_back=True)
        letter.refresh_from_db()
        gone += have_left([letter])
        if letter.state in {LetterState.QUEUED, *WAITS_FOR_SOMEBODY}:
            step(by, letter, LetterState.TAKEN_BACK, "messaging.call_back_letter")
    return gone


def resend_letter(*, by: Actor, letter: Letter) -> Letter:
    """Queue a letter again that could not be sent, or may not have arrived, under the same Message-ID.

    All its attempts lie before it.

    Raises:
        NotAllowedError: it is a letter of another division.
        ChangedMeanwhileError: it has been sent, or is queued already.
    """
    require(may_handle_letter(by, letter))
    again = letter.state in WAITS_FOR_SOMEBODY and step(
        by,
        letter,
        LetterState.QUEUED,
        "messaging.resend_letter",
        send_after=by.at,
        attempts=0,
        # What it once left with may have arrived: it goes on alone, under a Message-ID that nobody has seen.
        bundle=None,
        problem="",
        problem_detail="",
    )
    if not again:
        raise ChangedMeanwhileError(_("Only a letter that could not be sent can be sent again. Look at its state."))
    return letter


def settle_letter(*, by: Actor, letter: Letter) -> Letter:
    """Note that she has been told in another way what a letter was to tell her that could not be sent or went astray.

    Raises:
        NotAllowedError: it is a letter of another division.
        ChangedMeanwhileError: it has been sent, or is queued.
    """
    require(may_handle_letter(by, letter))
    if letter.state not in WAITS_FOR_SOMEBODY or not step(by, letter, LetterState.SETTLED, "messaging.settle_letter"):
        raise ChangedMeanwhileError(_("Only a letter that could not be sent waits for a call. Look at its state."))
    return letter


def note_arrival(*, by: Actor, letter: Letter) -> Letter:
    """Note that a text message has arrived of which nobody knew it: she has said so.

    Raises:
        NotAllowedError: it is a letter of another division.
        ChangedMeanwhileError: nobody doubts it, or somebody has seen to it already.
    """
    require(may_handle_letter(by, letter))
    if not step(by, letter, LetterState.ARRIVED, "messaging.note_arrival"):
        raise ChangedMeanwhileError(_("Somebody has seen to this letter already. Look at its state."))
    return letter


def unsettle_letter(*, by: Actor, letter: Letter) -> Letter:
    """Take back that she has been told, or that the letter has arrived: it waits on Today again.

    Raises:
        NotAllowedError: it is a letter of another division.
        ChangedMeanwhileError: nobody has noted that.
    """
    require(may_handle_letter(by, letter))
    if letter.problem in NEVER_TRIED:
        before = LetterState.UNREACHABLE
    elif letter.channel == Channel.TEXT and letter.problem in UNSURE:
        before = LetterState.UNCERTAIN
    else:
        before = LetterState.FAILED
    was_seen_to = letter.state in {LetterState.SETTLED, LetterState.ARRIVED}
    if not was_seen_to or not step(by, letter, before, "messaging.unsettle_letter"):
        raise ChangedMeanwhileError(_("This letter is not noted as told. Look at its state."))
    return letter


def write_by_hand(
    *,
    by: Actor,
    key: UUID,
    recipient: str,
    text: str,
    division_id: UUID,
    contact: Mapping[str, str] | None = None,
    names: Collection[str] = (),
) -> Letter:
    """Write to somebody in one's own words; a minute is left to take the letter back.

    Args:
        by: staff of the division.
        key: drawn when the form was opened: sent twice, the letter is written once.
        recipient: whom.
        text: what it says, between the greeting and the closing.
        division_id: that the letter is from.
        contact: ``coordinator`` and ``phone``: whom to call.
        names: what no letter may say, as it would tell who writes.

    Raises:
        NotAllowedError: she does not work in that division.
        RefusedError: her data rest.
        ValidationError: the letter is empty, too long, or tells who writes.
    """
    require(may_write_by_hand(by, division_id))
    to = look_up(recipient) if is_known(recipient) else None
    if to is not None and to.is_restricted:
        raise RefusedError(Problem.RESTRICTED.label)
    plain = text.replace("\r\n", "\n").strip()
    check_by_hand(plain, names)
    try:
        with transaction.atomic():
            return queue_letter(
                by=by,
                recipient=recipient,
                event="by_hand",
                values={"text": plain, **(contact or {})},
                about_id=None,
                division_id=division_id,
                key=key,
            )
    except IntegrityError:
        written = Letter.objects.filter(pk=key, queued_by=by.key, recipient=recipient, event="by_hand").first()
        if written is None:
            raise
        return written
