"""Talks with a pair: noted in a moment, and what was waiting for them settled by that."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentornet.agenda.models import Kind, Task
from mentornet.agenda.services import finish, move, untick
from mentornet.audit.services import record, record_read
from mentornet.common.answers import ChangedMeanwhileError, require
from mentornet.common.holidays import working_day_after, working_day_from
from mentornet.divisions.staff import Staff
from mentornet.followup.cadence import Why
from mentornet.followup.enums import TalkWay, WithWhom
from mentornet.followup.models import Talk
from mentornet.followup.rules import may_log_talk, may_take_talk_back
from mentornet.followup.services.signs import look_into, look_no_more_into
from mentornet.partnerships.models import Partnership
from mentornet.partnerships.rules import may_work_on
from mentornet.partnerships.services.steps import lock

LOOK_BACK: Final = timedelta(days=366)
LOOK_AHEAD: Final = timedelta(days=366)
MOST_WORDS: Final = 5_000
SETTLED_BY_A_TALK: Final = (Kind.CONTACT, Kind.CALL_WANTED)


@transaction.atomic
def log_talk(
    *,
    by: Staff,
    partnership: Partnership,
    on: date,
    with_whom: WithWhom | str,
    was_reached: bool = True,
    way: TalkWay | str = TalkWay.PHONE,
    going: str = "",
    minutes: int | None = None,
    seen: str = "",
    thought: str = "",
    next_call_on: date | None = None,
) -> Talk:
    """Note that somebody has talked with one of a pair, or has tried to. Pressed twice, it stands there once.

    Who was reached has been called: what was waiting for that is done, and the early signs that were there have been
    looked into. Where nobody answered it waits for the next working day, or for the day that is named.

    Raises:
        NotAllowedError: not the actor's division, or it has been closed.
        ValidationError: a day that cannot be, or something heard from somebody who was not reached.
    """
    partnership = lock(partnership)
    require(may_log_talk(by, partnership))
    _check_days(by, partnership, on, next_call_on)
    if not was_reached and (going or minutes):
        raise ValidationError({"going": _("Nobody was reached, so nobody has said how it goes.")})
    talk = Talk(
        partnership=partnership,
        on=on,
        with_whom=with_whom,
        way=way,
        was_reached=was_reached,
        going=going,
        minutes=minutes,
        seen=seen.strip(),
        thought=thought.strip(),
        next_call_on=next_call_on,
        written_by=by.key,
        author_name=by.name,
        created_at=by.at,
    )
    for name in ("seen", "thought"):
        if len(getattr(talk, name)) > MOST_WORDS:
            raise ValidationError({name: _("That is too long: keep to what the next one needs to know.")})
    if (known := _same(talk)) is not None:
        return known
    talk.full_clean()
    talk.save(force_insert=True)
    if was_reached:
        finish(by=by, target_id=partnership.pk, kinds=SETTLED_BY_A_TALK)
        look_into(by=by, talk=talk)
    else:
        _try_again(by, talk)
    record(by=by, act="followup.talk", of=partnership, division_id=partnership.division_id)
    return talk


def _check_days(by: Staff, partnership: Partnership, on: date, next_call_on: date | None) -> None:
    if on > by.today:
        raise ValidationError({"on": _("That day is still to come.")})
    if on < by.today - LOOK_BACK:
        raise ValidationError({"on": _("That is more than a year ago. Write it as a note instead.")})
    began = min(filter(None, (partnership.matched_on, partnership.first_met_on)), default=None)
    if began is not None and on < began:
        raise ValidationError({"on": _("They were matched after that day.")})
    if next_call_on is not None and not by.today < next_call_on <= by.today + LOOK_AHEAD:
        raise ValidationError({"next_call_on": _("Choose a day after today, within a year.")})


_SAME: Final = (
    *("on", "with_whom", "way", "was_reached", "going", "minutes", "seen", "thought", "next_call_on", "written_by"),
)


def _same(talk: Talk) -> Talk | None:
    """Return the last talk with the pair if it says the same."""
    last = Talk.objects.filter(partnership=talk.partnership).order_by("-created_at", "-pk").first()
    if last is None or any(getattr(last, name) != getattr(talk, name) for name in _SAME):
        return None
    return last


def _try_again(by: Staff, talk: Talk) -> None:
    day = working_day_after(talk.on) if talk.next_call_on is None else working_day_from(talk.next_call_on)
    words = {"why": Why.TRIED.value, "since": talk.on.isoformat()}
    for kind in SETTLED_BY_A_TALK:
        move(by=by, target_id=talk.partnership_id, kind=kind, due_on=max(day, by.today), words=words)


@transaction.atomic
def log_talks(*, by: Staff, partnerships: Iterable[Partnership], on: date) -> int:
    """Note of several pairs at once that both were talked with on a day, and nothing more. Returns how many.

    Raises:
        NotAllowedError: one of them is not of the actor's division, or has been closed.
        ValidationError: a day that cannot be for one of them; nothing is noted then.
    """
    number = 0
    # In one order, so that two who do the same do not wait for each other.
    for partnership in sorted(partnerships, key=lambda one: one.pk):
        log_talk(by=by, partnership=partnership, on=on, with_whom=WithWhom.BOTH)
        number += 1
    return number


@transaction.atomic
def take_talk_back(*, by: Staff, talk: Talk) -> None:
    """Take back a talk that was noted by mistake; what it had settled waits again, and the signs count again.

    Raises:
        NotAllowedError: another one's, too long ago, or the pair has been closed.
        ChangedMeanwhileError: it has been taken back already.
    """
    partnership = lock(talk.partnership)
    require(may_take_talk_back(by, talk))
    settled = Task.objects.filter(
        kind__in=SETTLED_BY_A_TALK, target_id=partnership.pk, done_at=talk.created_at, done_by=talk.written_by
    )
    for task in settled:
        untick(by=by, task=task)
    look_no_more_into(by=by, talk=talk)
    if not Talk.objects.filter(pk=talk.pk).delete()[0]:
        raise ChangedMeanwhileError(_("This is no longer there. Look at the list again."))
    record(by=by, act="followup.take_talk_back", of=partnership, division_id=partnership.division_id)


@transaction.atomic
def read_thought(*, by: Staff, talk: Talk) -> str:
    """Return what the coordinator made of a talk; that it was read is recorded.

    Raises:
        NotAllowedError: not the actor's division.
    """
    require(may_work_on(by, talk.partnership))
    record_read(by=by, act="followup.read_thought", of=talk.partnership, division_id=talk.partnership.division_id)
    return talk.thought
