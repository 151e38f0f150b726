"""Delivering: each letter claimed, written and sent by itself, or several to one person as one."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from mentornet.common.actors import Actor
from mentornet.common.answers import require
from mentornet.messaging.events import TEMPLATES
from mentornet.messaging.hours import next_safe_moment
from mentornet.messaging.letters import Part, Written, language_of, part_of, written
from mentornet.messaging.minting import GoneError, masked, minted
from mentornet.messaging.models import Channel, Letter, LetterState, Problem
from mentornet.messaging.post import Outgoing, Post, is_final, is_server_down, may_have_left, problem_of
from mentornet.messaging.queries import abandoned_letters, companions_of, due_letters, kinds_refused
from mentornet.messaging.recipients import Recipient, look_up
from mentornet.messaging.refusing import stop_address
from mentornet.messaging.rules import may_deliver
from mentornet.messaging.services.outbox import step
from mentornet.messaging.templates import CODE
from mentornet.messaging.ways import channel_of

MOST_ATTEMPTS: Final = 6
BACK_OFF: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360))
"""How long to wait after each attempt but the last."""
CODES_LAST: Final = timedelta(minutes=10)
"""A letter with a code that could not leave in this time is of no use any more."""

_log: Final = logging.getLogger(__name__)


@dataclass(slots=True)
class Delivered:
    """What became of the letters of one round.

    Attributes:
        put_off: back in the queue, to be tried again later.
        recovered: back in the queue because the worker that had them died.
        waiting: still in the queue: she may not be reached at this hour.
        uncertain: text messages that may have arrived: somebody asks her before they are sent again.
        of_no_use: not sent, as what they were for is over.
    """

    sent: int = 0
    uncertain: int = 0
    unreachable: int = 0
    put_off: int = 0
    failed: int = 0
    recovered: int = 0
    waiting: int = 0
    of_no_use: int = 0


def deliver_due_letters(*, by: Actor, limit: int = 200) -> Delivered:
    """Deliver what is due, one letter after the other, each in short transactions with the network between them.

    A letter is claimed, written with the name, address and language of this moment, sent, and kept as it was sent,
    links and codes masked. Ordinary letters to one person that are due together leave as one. Where she may not be
    reached at this hour, the letter waits for the next one. When a server is down, what else it would carry is left in
    the queue: the other letters would only wait for it one by one. Workers may do this beside each other. What a worker
    had that was killed between sending and keeping is sent again after ten minutes, under the same Message-ID; a text
    message, of which a telephone would show both, waits for somebody who asks her.

    Raises:
        NotAllowedError: a person asks for it.
        RuntimeError: there is a transaction around it, which the network would hold open.
    """
    require(may_deliver(by))
    began, counts, down = time.monotonic(), Delivered(), set[Channel | None]()
    _recover_all(by, counts)
    with Post() as box:
        for letter in due_letters(by.at)[:limit]:
            # A round may last minutes, and a claim is judged by its age: each letter has its own moment.
            at = by.at + timedelta(seconds=time.monotonic() - began)
            way = _way_to(letter, at)
            if way.channel in down:
                continue
            if way.wait_until is not None:
                counts.waiting += _wait(letter, way.wait_until)
                continue
            claimed = _claim(letter, at)
            if claimed and not _deliver(by, claimed, way, box, at, counts):
                down.add(way.channel)
    return counts


# How she is reached ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Way:
    """How a letter reaches somebody now, or why it does not.

    Attributes:
        error: it could not be found out.
        wait_until: when she may be reached again, if not now.
    """

    recipient: Recipient | None = None
    channel: Channel | None = None
    problem: Problem | None = None
    error: Exception | None = None
    wait_until: datetime | None = None

    @property
    def address(self) -> str:
        """Where the letter goes."""
        if self.recipient is None:
            return ""
        return self.recipient.phone if self.channel == Channel.TEXT else self.recipient.email


def _way_to(letter: Letter, at: datetime) -> Way:
    """Find out how a letter reaches her at this moment."""
    try:
        recipient = look_up(letter.recipient)
        channel, problem = channel_of(recipient)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one letter, the others are delivered
        return Way(error=error)
    safe_at = at
    if recipient is not None and channel is not None and not TEMPLATES[letter.event].is_urgent:
        safe_at = next_safe_moment(at, recipient.hours_from, recipient.hours_until)
    return Way(recipient, channel, problem, wait_until=safe_at if safe_at > at else None)


def _wait(letter: Letter, until: datetime) -> bool:
    """Let a letter wait for her hours. That is no attempt, and nobody has to know of it."""
    rows = Letter.objects.filter(pk=letter.pk, state=LetterState.QUEUED, attempts=letter.attempts)
    return bool(rows.update(send_after=until))


# Claiming -------------------------------------------------------------------------------------------------------------


def _claim(letter: Letter, at: datetime) -> list[Letter]:
    """Take a letter, and what leaves with it, out of the queue; none when another worker or its author was faster."""
    # Durable: an error, in tests too, when a transaction is open around the network.
    with transaction.atomic(durable=True):
        if letter.bundle is not None:
            return _claim_bundle(letter.bundle, letter, at)
        rows = Letter.objects.filter(pk=letter.pk, state=LetterState.QUEUED, attempts=letter.attempts, bundle=None)
        if not rows.update(state=LetterState.SENDING, sending_since=at, attempts=letter.attempts + 1):
            return []
        # What was tried before may have arrived, and goes on alone, under the Message-ID that it had.
        is_new = letter.attempts == 0 and not letter.may_have_arrived
        companions = list(companions_of(letter, at)) if is_new and TEMPLATES[letter.event].may_wait else []
        if companions:
            bundle = uuid4()
            keys = [companion.pk for companion in companions]
            Letter.objects.filter(pk__in=keys).update(
                state=LetterState.SENDING, sending_since=at, attempts=F("attempts") + 1
            )
            Letter.objects.filter(pk__in=[letter.pk, *keys]).update(bundle=bundle)
            return list(Letter.objects.filter(bundle=bundle).order_by("created_at", "pk"))
    letter.state, letter.sending_since, letter.attempts = LetterState.SENDING, at, letter.attempts + 1
    return [letter]


def _claim_bundle(bundle: UUID, letter: Letter, at: datetime) -> list[Letter]:
    """Take all that once left together: half of it under the same Message-ID might never be seen."""
    # In the order of their keys, so that two workers never hold what the other one waits for.
    queued = Letter.objects.select_for_update().filter(bundle=bundle, state=LetterState.QUEUED).order_by("pk")
    keys = [row.pk for row in queued]
    if letter.pk not in keys:
        return []
    Letter.objects.filter(pk__in=keys).update(state=LetterState.SENDING, sending_since=at, attempts=F("attempts") + 1)
    return list(Letter.objects.filter(pk__in=keys).order_by("created_at", "pk"))


def _recover_all(by: Actor, counts: Delivered) -> None:
    """Queue again what dead workers held, each bundle as a whole."""
    for _key, group in groupby(abandoned_letters(by.at), key=lambda letter: letter.bundle or letter.pk):
        with transaction.atomic():
            for letter in group:
                _recover(by, letter, counts)


def _recover(by: Actor, letter: Letter, counts: Delivered) -> None:
    """Queue again what a dead worker held. The attempt stays counted, lest one letter kill worker after worker."""
    act = "messaging.recover_letter"
    left: dict[str, object] = {"problem": Problem.INTERRUPTED, "may_have_arrived": True}
    if letter.channel == Channel.TEXT:
        counts.uncertain += _end_attempt(by, letter, LetterState.UNCERTAIN, act, **left) == LetterState.UNCERTAIN
    elif letter.attempts >= MOST_ATTEMPTS:
        counts.failed += _end_attempt(by, letter, LetterState.FAILED, act, **left) == LetterState.FAILED
    else:
        after = _end_attempt(by, letter, LetterState.QUEUED, act, send_after=by.at, **left)
        counts.recovered += after == LetterState.QUEUED


# Writing and sending --------------------------------------------------------------------------------------------------


def _deliver(by: Actor, claimed: Sequence[Letter], way: Way, box: Post, at: datetime, counts: Delivered) -> bool:
    """Deliver claimed letters as one; ``False`` when the server is down."""
    letters: list[Letter] = list(claimed)
    if way.error is not None:
        _put_all_off(by, letters, at, way.error, counts, way)
        return not is_server_down(way.error)
    try:
        if way.recipient is not None and way.recipient.is_restricted:
            for letter in (resting := [one for one in letters if not TEMPLATES[one.event].leaves_at_rest]):
                _lay_aside(by, letter, Problem.RESTRICTED, counts)
            letters = [letter for letter in letters if letter not in resting]
        if not letters:
            return True
        if way.recipient is None or way.channel is None:
            for letter in letters:
                counts.unreachable += _keep(by, letter, LetterState.UNREACHABLE, problem=way.problem, problem_detail="")
            return True
        language = language_of(way.recipient.language)
        parts, letters = _parts_of(by, letters, language, at, counts)
        if not letters:
            return True
        # Before it is handed over: whoever finds it in a dead worker's hands knows by which way it may have arrived,
        # and does not take the way of an earlier attempt for it.
        Letter.objects.filter(pk__in=[letter.pk for letter in letters]).update(channel=way.channel)
        kept = _send(letters, parts, way.recipient, way, box)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one letter, the others are delivered
        _put_all_off(by, letters, at, error, counts, way)
        return not is_server_down(error)
    with transaction.atomic():
        before = {letter.pk: dict(letter.values) for letter in letters}
        for letter in letters:
            counts.sent += _keep(
                by,
                letter,
                LetterState.SENT,
                **kept[letter.division_id],
                sent_at=at,
                problem="",
                problem_detail="",
                channel=way.channel,
            )
        _keep_as_of_now(letters, before, way.recipient)
    return True


def _keep_as_of_now(letters: Sequence[Letter], before: Mapping[UUID, object], recipient: Recipient) -> None:
    """Keep nothing of somebody who has become protected while the letter was on its way.

    Asked after the rows are written: whoever protects her waits for them, and renames them then, or has done so before
    and is seen here.
    """
    became_sealed = False
    if not recipient.is_sealed:
        now = look_up(letters[0].recipient)
        became_sealed = now is None or now.is_sealed
    for letter in letters:
        if became_sealed or letter.values != before[letter.pk]:
            Letter.objects.filter(pk=letter.pk).update(body="", sent_to="")


def _parts_of(
    by: Actor, claimed: Sequence[Letter], language: str, at: datetime, counts: Delivered
) -> tuple[list[Part], list[Letter]]:
    """Return what is to be told, and by which letters; what is of no use any more is laid aside."""
    parts, letters = [], []
    refused = kinds_refused(claimed[0].recipient) if any(TEMPLATES[one.event].kind for one in claimed) else set()
    for letter in claimed:
        problem = None
        if CODE in letter.values and at - letter.created_at > CODES_LAST:
            problem = Problem.LATE
        elif TEMPLATES[letter.event].kind in refused:
            problem = Problem.UNWANTED
        else:
            try:
                made = minted(letter.values, recipient=letter.recipient, language=language, at=at)
                parts.append(part_of(letter.event, {**letter.values, **made}, language))
                letters.append(letter)
            except GoneError:
                problem = Problem.GONE
        if problem is not None:
            _lay_aside(by, letter, problem, counts)
    return parts, letters


def _lay_aside(by: Actor, letter: Letter, problem: Problem, counts: Delivered) -> None:
    """Let a letter stay here for good; a person who wrote what is not wanted hears of it, and may call instead."""
    if problem in {Problem.UNWANTED, Problem.RESTRICTED} and not letter.queued_by.startswith("system:"):
        counts.unreachable += _keep(by, letter, LetterState.UNREACHABLE, problem=problem, problem_detail="")
    else:
        counts.of_no_use += _keep(by, letter, LetterState.TAKEN_BACK, problem=problem, problem_detail="")


def _send(
    letters: Sequence[Letter], parts: Sequence[Part], recipient: Recipient, way: Way, box: Post
) -> dict[UUID | None, dict[str, object]]:
    """Write and send, and return what each division keeps of it: its own part, without links and codes.

    To her it is one letter, of whatever divisions she knows; none of these learns what another one wrote.
    """
    assert way.channel is not None
    as_text, language = way.channel == Channel.TEXT, language_of(recipient.language)
    kinds = {kind for letter in letters if (kind := TEMPLATES[letter.event].kind) is not None}
    # A letter that nobody can say no to is not stopped by one that goes with it.
    stop = (
        stop_address(letters[0].recipient, kinds, timezone.localdate(letters[0].created_at))
        if kinds and not as_text
        else ""
    )
    sent = written(parts, name=recipient.name, language=language, as_text=as_text, stop=stop)
    kept: dict[UUID | None, dict[str, object]] = {}
    for division_id in {letter.division_id for letter in letters}:
        own = [part for letter, part in zip(letters, parts, strict=True) if letter.division_id == division_id]
        # In a demonstration nothing leaves and nobody exists: its letter box is where links are opened and codes are
        # read.
        keep = written if settings.DEMO else _without_secrets
        row = keep(own, name=recipient.name, language=language, as_text=as_text, stop=stop)
        sent_to = "" if recipient.is_sealed else way.address
        kept[division_id] = {"subject": row.subject, "body": row.body, "language": language, "sent_to": sent_to}
    box.send(
        Outgoing(
            channel=way.channel,
            to=way.address,
            subject=sent.subject,
            body=sent.body,
            language=language,
            reference=letters[0].bundle or letters[0].message_id,
            is_nameless=recipient.hides_network,
            stop=stop,
        )
    )
    return kept


def _without_secrets(parts: Sequence[Part], *, name: str, language: str, as_text: bool, stop: str) -> Written:
    shown = [Part(part.event, masked(part.values), part.words) for part in parts]
    return written(shown, name=name, language=language, as_text=as_text, stop="https://…/l/…" if stop else "")


# What became of it ----------------------------------------------------------------------------------------------------


def _put_all_off(
    by: Actor, letters: Sequence[Letter], at: datetime, error: Exception, counts: Delivered, way: Way
) -> None:
    told: dict[str, object] = {
        "problem": problem_of(error),
        # The error's own words may hold her address: they belong in the row, which is emptied with her, not in a log.
        "problem_detail": _told_of(error, way.recipient),
        "channel": way.channel or "",
    }
    # Together: half of what left as one, sent again under the same Message-ID, might never be seen.
    with transaction.atomic():
        for letter in letters:
            _log.warning("letter %s, attempt %s: %s", letter.pk, letter.attempts, type(error).__name__)
            if may_have_left(error):
                counts.uncertain += _keep(by, letter, LetterState.UNCERTAIN, may_have_arrived=True, **told)
            elif letter.attempts >= MOST_ATTEMPTS or is_final(error):
                counts.failed += _keep(by, letter, LetterState.FAILED, **told)
            else:
                later = at + BACK_OFF[letter.attempts - 1]
                counts.put_off += _keep(by, letter, LetterState.QUEUED, send_after=later, **told)


def _told_of(error: Exception, recipient: Recipient | None) -> str:
    kind = type(error).__name__
    return kind if recipient is not None and recipient.is_sealed else f"{kind}: {error}"[:300]


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
    if after in {LetterState.SENT, LetterState.TAKEN_BACK}:
        return after if step(by, letter, after, act, only_if=None, **changes) else None
    if step(by, letter, after, act, only_if={"is_called_back": False}, **changes):
        return after
    # The mark never goes away again: what is not found without it now either has it, or is somebody else's.
    changes.pop("send_after", None)
    if step(by, letter, LetterState.TAKEN_BACK, act, only_if={"is_called_back": True}, **changes):
        return LetterState.TAKEN_BACK
    return None
