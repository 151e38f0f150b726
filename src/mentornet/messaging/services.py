"""Queueing letters, taking them back, delivering them."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentornet.audit.services import record
from mentornet.common.actors import Actor, System
from mentornet.common.answers import ChangedMeanwhileError, require
from mentornet.messaging.letters import language_of, render, require_complete
from mentornet.messaging.models import COULD_NOT_LEAVE, LETTER_STEPS, Letter, LetterState, Problem
from mentornet.messaging.post import is_server_down, post, problem_of
from mentornet.messaging.queries import abandoned_letters, due_letters, have_left
from mentornet.messaging.recipients import is_known, look_up
from mentornet.messaging.rules import may_deliver, may_handle_letter

TIME_TO_TAKE_BACK: Final = timedelta(seconds=60)
MOST_ATTEMPTS: Final = 6
BACK_OFF: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360))
"""How long to wait after each attempt but the last."""

_log: Final = logging.getLogger(__name__)


def queue_letter(
    *,
    by: Actor,
    recipient: str,
    event: str,
    values: Mapping[str, str | int],
    about_id: UUID | None,
    division_id: UUID | None,
    delay: timedelta | None = None,
) -> Letter:
    """Write a letter into the outbox, as part of the transaction of the act that it tells of.

    Who may do the act may cause its letter: the calling service has checked its own rule. The letter leaves after
    ``delay``: by default a minute, in which a person can take it back, and at once when the program acts by itself.

    Raises:
        RuntimeError: there is no transaction, so the letter could leave although the act failed.
        ValueError: no such event, its values are not what the template needs, or nobody knows the recipient's key.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a letter is queued inside the transaction of the act that it tells of")
    require_complete(event, values)
    if not is_known(recipient):
        raise ValueError(f"nobody has registered how the recipient {recipient.partition(':')[0]}: is looked up")
    if delay is None:
        delay = timedelta(0) if isinstance(by, System) else TIME_TO_TAKE_BACK
    letter = Letter(
        created_at=by.at,
        recipient=recipient,
        event=event,
        values=dict(values),
        about_id=about_id,
        division_id=division_id,
        queued_by=by.key,
        send_after=by.at + delay,
    )
    # Neither asks the database: its keys are drawn at random, and its constraints hold without being asked first.
    letter.full_clean(validate_unique=False, validate_constraints=False)
    letter.save(force_insert=True)
    record(by=by, act="messaging.queue_letter", of=letter, division_id=division_id, detail={"event": event})
    return letter


def _step(
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
    if is_too_late or not _step(by, letter, LetterState.TAKEN_BACK, "messaging.take_back_letter"):
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
        if letter.state not in {LetterState.SENDING, LetterState.SENT, LetterState.TAKEN_BACK}:
            _step(by, letter, LetterState.TAKEN_BACK, "messaging.call_back_letter")
    return gone


def resend_letter(*, by: Actor, letter: Letter) -> Letter:
    """Queue a letter again that could not be sent, under the same Message-ID, with all its attempts before it.

    Raises:
        NotAllowedError: it is a letter of another division.
        ChangedMeanwhileError: it has been sent, or is queued already.
    """
    require(may_handle_letter(by, letter))
    again = letter.state in COULD_NOT_LEAVE and _step(
        by,
        letter,
        LetterState.QUEUED,
        "messaging.resend_letter",
        send_after=by.at,
        attempts=0,
        problem="",
        problem_detail="",
    )
    if not again:
        raise ChangedMeanwhileError(_("Only a letter that could not be sent can be sent again. Look at its state."))
    return letter


@dataclass(slots=True)
class Delivered:
    """What became of the letters of one round.

    Attributes:
        put_off: back in the queue, to be tried again later.
        recovered: back in the queue because the worker that had them died.
    """

    sent: int = 0
    unreachable: int = 0
    put_off: int = 0
    failed: int = 0
    recovered: int = 0


def deliver_due_letters(*, by: Actor, limit: int = 200) -> Delivered:
    """Deliver what is due, one letter after the other, each in short transactions with the network between them.

    A letter is claimed, written with the name, address and language of this moment, sent, and kept as it was sent.
    When the mail server is down, the round ends: the other letters would only wait for it one by one. Workers may do
    this beside each other. A worker killed between sending and keeping sends again after ten minutes, under the same
    Message-ID.

    Raises:
        NotAllowedError: a person asks for it.
        RuntimeError: there is a transaction around it, which the network would hold open.
    """
    require(may_deliver(by))
    began, counts = time.monotonic(), Delivered()
    for letter in abandoned_letters(by.at):
        _recover(by, letter, counts)
    for letter in due_letters(by.at)[:limit]:
        # A round may last minutes, and a claim is judged by its age: each letter has its own moment.
        at = by.at + timedelta(seconds=time.monotonic() - began)
        if _claim(letter, at) and not _deliver(by, letter, at, counts):
            break
    return counts


def _recover(by: Actor, letter: Letter, counts: Delivered) -> None:
    """Queue again what a dead worker held. The attempt stays counted, lest one letter kill worker after worker."""
    act = "messaging.recover_letter"
    left: dict[str, object] = {"problem": Problem.INTERRUPTED, "may_have_arrived": True}
    if letter.attempts >= MOST_ATTEMPTS:
        counts.failed += _end_attempt(by, letter, LetterState.FAILED, act, **left) == LetterState.FAILED
    else:
        after = _end_attempt(by, letter, LetterState.QUEUED, act, send_after=by.at, **left)
        counts.recovered += after == LetterState.QUEUED


def _claim(letter: Letter, at: datetime) -> bool:
    """Take a letter out of the queue, unless another worker or its author was faster."""
    # Durable: an error, in tests too, when a transaction is open around the network.
    with transaction.atomic(durable=True):
        rows = Letter.objects.filter(pk=letter.pk, state=LetterState.QUEUED, attempts=letter.attempts)
        claimed = rows.update(state=LetterState.SENDING, sending_since=at, attempts=letter.attempts + 1)
    letter.state, letter.sending_since, letter.attempts = LetterState.SENDING, at, letter.attempts + 1
    return bool(claimed)


def _deliver(by: Actor, letter: Letter, at: datetime, counts: Delivered) -> bool:
    """Deliver a claimed letter; ``False`` when the mail server is down."""
    try:
        recipient = look_up(letter.recipient)
        if recipient is None or not recipient.email:
            problem = Problem.NO_ADDRESS
            counts.unreachable += _keep(by, letter, LetterState.UNREACHABLE, problem=problem, problem_detail="")
            return True
        letter.language, letter.sent_to = language_of(recipient.language), recipient.email
        letter.subject, letter.body = render(letter.event, letter.values, name=recipient.name, language=letter.language)
        post(letter)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one letter, the others are delivered
        _put_off(by, letter, at, error, counts)
        return not is_server_down(error)
    counts.sent += _keep(
        by,
        letter,
        LetterState.SENT,
        subject=letter.subject,
        body=letter.body,
        language=letter.language,
        sent_to=letter.sent_to,
        sent_at=at,
        problem="",
        problem_detail="",
    )
    return True


def _put_off(by: Actor, letter: Letter, at: datetime, error: Exception, counts: Delivered) -> None:
    # The error's own words may hold her address: they belong in the row, which is emptied with her, not in a log.
    _log.warning("letter %s, attempt %s: %s", letter.pk, letter.attempts, type(error).__name__)
    problem, detail = problem_of(error), f"{type(error).__name__}: {error}"[:300]
    if letter.attempts >= MOST_ATTEMPTS:
        counts.failed += _keep(by, letter, LetterState.FAILED, problem=problem, problem_detail=detail)
    else:
        later = at + BACK_OFF[letter.attempts - 1]
        counts.put_off += _keep(
            by, letter, LetterState.QUEUED, send_after=later, problem=problem, problem_detail=detail
        )


def _keep(by: Actor, letter: Letter, after: LetterState, **changes: object) -> bool:
    """Keep what became of an attempt; ``False`` when the letter was taken over, or called back."""
    kept = _end_attempt(by, letter, after, "messaging.deliver_letter", **changes)
    if kept is None:
        _log.warning("letter %s: attempt %s took so long that it was taken over", letter.pk, letter.attempts)
    return kept == after


def _end_attempt(by: Actor, letter: Letter, after: LetterState, act: str, **changes: object) -> LetterState | None:
    """Let a letter out of a worker's hands; one that has not left and was called back meanwhile stays here for good.

    Returns where it is now, or ``None`` when somebody else was faster.
    """
    if after == LetterState.SENT:
        return after if _step(by, letter, after, act, only_if=None, **changes) else None
    if _step(by, letter, after, act, only_if={"is_called_back": False}, **changes):
        return after
    # The mark never goes away again: what is not found without it now either has it, or is somebody else's.
    changes.pop("send_after", None)
    if _step(by, letter, LetterState.TAKEN_BACK, act, only_if={"is_called_back": True}, **changes):
        return LetterState.TAKEN_BACK
    return None
