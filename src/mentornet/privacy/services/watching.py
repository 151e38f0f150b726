"""Noticing that somebody reads unusually much: a phished account takes page by page all that its role may see."""

from __future__ import annotations

from collections.abc import Collection
from enum import Enum
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction

from mentornet.accounts.models import User
from mentornet.accounts.queries import COUNTED_FOR, AtTheDoor, opened_lately, openings_to_look_at, user_by_key
from mentornet.accounts.services.reading import (
    ask_reader,
    let_reader_on,
    note_file,
    note_openings,
    pause_reader,
    settle_openings,
)
from mentornet.common.answers import require
from mentornet.common.jobs import enqueue
from mentornet.divisions.staff import Staff
from mentornet.privacy.opened import look_at
from mentornet.privacy.pausing import may_let_on, who_lets_on

LETTER_JOB: Final = "privacy.write_about_pause"
MARGIN: Final = 20
"""So far below the limit nothing is counted anew: as many requests as one account can have under way at once."""


class Verdict(Enum):
    """What becomes of a page that somebody asks for."""

    SHOW = "show"
    ASK = "ask"
    PAUSED = "paused"


def weigh(
    *, by: Staff, user: User, opened: Collection[UUID], door: AtTheDoor, proved_at: float, again: bool = False
) -> Verdict:
    """Say whether somebody is shown what she opens, and write down that she has opened it.

    It is written before it is counted: of two who open something at the same moment, in whichever process, the later
    one sees both. So never more people are shown than the limit says.

    Args:
        by: who reads; ``user`` is her row.
        user: as she was when she came.
        opened: the keys in the address.
        door: what was read when she came (:func:`mentornet.accounts.queries.at_the_door`).
        proved_at: when this session last gave the second factor; 0 where it never has.
        again: she sends a form about somebody whom she has been shown today, which is nothing new to her.
    """
    if user.reading_paused_at is not None:
        return Verdict.PAUSED
    if again:
        return Verdict.SHOW
    if _is_asked(by, user) and not _has_proved(user, proved_at) and door.lately > settings.READING_ASKS_AT:
        return Verdict.ASK
    if door.noted < len(set(opened)):
        note_openings(by=by, reader_id=by.user_id, opened=set(opened))
        if door.lately + len(opened) > settings.READING_ASKS_AT - MARGIN:
            return _judge(by, user, proved_at)
    return Verdict.SHOW


def weigh_file(*, by: Staff, user: User, proved_at: float) -> Verdict:
    """Say whether a list may leave as a file, and count it."""
    if user.reading_paused_at is not None:
        return Verdict.PAUSED
    note_file(by=by, reader_id=by.user_id)
    return _judge(by, user, proved_at)


def weigh_shown(*, by: Staff, user: User, shown: Collection[UUID], proved_at: float) -> Verdict:
    """Say whether people may be shown who stand in no address, and write down that they were."""
    if user.reading_paused_at is not None:
        return Verdict.PAUSED
    note_openings(by=by, reader_id=by.user_id, opened=set(shown))
    return _judge(by, user, proved_at)


def _judge(by: Staff, user: User, proved_at: float) -> Verdict:
    if opened_lately(by.user_id, by.at) <= settings.READING_ASKS_AT:
        return Verdict.SHOW
    settle_openings(by=by, openings=look_at(openings_to_look_at(by.user_id, by.at), by.user_id, by.at))
    lately = opened_lately(by.user_id, by.at)
    if lately <= settings.READING_ASKS_AT:
        return Verdict.SHOW
    if lately > settings.READING_STOPS_AT:
        _pause(by, user)
        return Verdict.PAUSED
    if ask_reader(by=by, user=user):
        return Verdict.ASK
    # Another process may have asked meanwhile.
    now = user_by_key(user.pk) or user
    return Verdict.SHOW if _has_proved(now, proved_at) else Verdict.ASK


def _is_asked(by: Staff, user: User) -> bool:
    return user.reading_asked_at is not None and user.reading_asked_at > by.at - COUNTED_FOR


def _has_proved(user: User, proved_at: float) -> bool:
    return user.reading_asked_at is not None and proved_at >= user.reading_asked_at.timestamp()


@transaction.atomic
def _pause(by: Staff, user: User) -> None:
    if pause_reader(by=by, user=user):
        for one in who_lets_on(user.pk, by.today):
            enqueue(LETTER_JOB, user_id=str(one))


@transaction.atomic
def let_on(*, by: Staff, user: User) -> bool:
    """Show somebody people again; ``False`` where somebody else has just let her on.

    Raises:
        NotAllowedError: neither an administrator nor a lead of hers, oneself, or somebody who is paused too.
    """
    require(may_let_on(by, user))
    return let_reader_on(by=by, user_id=user.pk)
