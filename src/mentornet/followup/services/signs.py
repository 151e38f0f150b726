"""Looking for early signs by night; a coordinator says of one that it is none, or looks into it with a talk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from mentornet.agenda.models import Kind, Task
from mentornet.agenda.services import ask_for, finish, untick
from mentornet.audit.services import entry_of, record, record_all
from mentornet.common.actors import Actor, System
from mentornet.common.answers import ChangedMeanwhileError, require
from mentornet.followup.models import EarlySign, Talk
from mentornet.followup.sign_queries import in_parts, known_of, partnerships_looked_at
from mentornet.followup.signs import LOOKED_AT, Sign, is_told_anew, rests_for, signs_of
from mentornet.partnerships.models import Partnership
from mentornet.partnerships.rules import may_work_on
from mentornet.programmes.care import Care
from mentornet.programmes.models import Programme
from mentornet.programmes.queries import current_versions

LONGEST_ASIDE: Final = timedelta(days=183)
"""A sign comes back after half a year at the latest: nobody is put aside for good."""
SEVERAL: Final = "several"
"""The word ``why`` of a task with more than one reason."""
BY_TALK: Final = "talk:"
"""How ``put_aside_by`` begins where a talk has answered a sign; its key follows."""
_ASIDE: Final = ("put_aside_until", "put_aside_reason", "put_aside_by")
_NOT_ASIDE: Final = (None, "", "")
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Night:
    """What a night has brought.

    Attributes:
        looked_at: so many partnerships.
        new, gone: so many signs.
    """

    looked_at: int
    new: int
    gone: int


def look_for_signs(*, by: System) -> Night:
    """Ask the rules about every partnership that runs: open, bring up to date and end signs, and what is to be done.

    Some hundreds at once, each in a transaction of its own: what stands when the work is cut short stands rightly, and
    the next round comes to the same. Asked twice on a day, it changes nothing the second time.
    """
    care = {version.programme_id: version.care for version in current_versions(Programme.objects.all())}
    looked_at = new = gone = 0
    for partnerships in in_parts(partnerships_looked_at()):
        with transaction.atomic():
            more, less = _look_at(by, partnerships, care)
        looked_at, new, gone = looked_at + len(partnerships), new + more, gone + less
    with transaction.atomic():
        gone += _let_go(by)
    return Night(looked_at, new, gone)


def _look_at(by: System, partnerships: Sequence[Partnership], care: Mapping[UUID, Care]) -> tuple[int, int]:
    on, known = by.today, known_of(partnerships, by.today)
    there = defaultdict[UUID, dict[Key, EarlySign]](dict)
    for row in EarlySign.objects.filter(partnership__in=partnerships, gone_on__isnull=True):
        there[row.partnership_id][row.kind, row.side] = row
    new: list[tuple[EarlySign, Partnership]] = []
    seen: list[EarlySign] = []
    anew: list[EarlySign] = []
    gone: list[tuple[EarlySign, Partnership]] = []
    for partnership in partnerships:
        before = there[partnership.pk]
        found = signs_of(known[partnership.pk], care[partnership.mentee.programme_id], on)
        now = {(sign.kind.value, sign.side): sign for sign in found}
        gone += [(before.pop(key), partnership) for key in before.keys() - now.keys()]
        for key, sign in now.items():
            if key in before:
                row = before[key]
                if row.put_aside_by.startswith(BY_TALK) and is_told_anew(sign.kind, row.facts, sign.facts):
                    row.put_aside_until, row.put_aside_reason, row.put_aside_by = _NOT_ASIDE
                    anew.append(row)
                row.facts, row.last_seen_on = dict(sign.facts), on
                seen.append(row)
            else:
                before[key] = _opened(by, partnership, sign)
                new.append((before[key], partnership))
    EarlySign.objects.bulk_create([sign for sign, _pair in new], ignore_conflicts=True)
    EarlySign.objects.bulk_update(seen, ["facts", "last_seen_on"], batch_size=200)
    if anew:
        # Not what a coordinator has put aside by hand meanwhile.
        rows = EarlySign.objects.filter(pk__in=[sign.pk for sign in anew], put_aside_by__startswith=BY_TALK)
        rows.update(**dict(zip(_ASIDE, _NOT_ASIDE, strict=True)))
    EarlySign.objects.filter(pk__in=[sign.pk for sign, _pair in gone]).update(gone_on=on)
    _record(by, "followup.warn", new)
    _record(by, "followup.warn_no_more", gone)
    _ask(by, partnerships, {pair: list(signs.values()) for pair, signs in there.items()})
    return len(new), len(gone)


def _opened(by: System, partnership: Partnership, sign: Sign) -> EarlySign:
    return EarlySign(
        partnership=partnership,
        kind=sign.kind,
        side=sign.side,
        facts=dict(sign.facts),
        first_seen_on=by.today,
        last_seen_on=by.today,
        created_at=by.at,
    )


def _record(by: Actor, act: str, signs: Iterable[tuple[EarlySign, Partnership]]) -> None:
    record_all(
        entry_of(by=by, act=act, of=sign, division_id=partnership.division_id, detail={"kind": str(sign.kind)})
        for sign, partnership in signs
    )


def counting(signs: Iterable[EarlySign], on: date) -> list[EarlySign]:
    """Return those of some open signs that nobody has put aside until later."""
    return [sign for sign in signs if sign.put_aside_until is None or sign.put_aside_until <= on]


def why_of(signs: Sequence[EarlySign]) -> str:
    """Return the key of the reason for which a pair is to be called."""
    return SEVERAL if len(signs) > 1 else str(signs[0].kind)


def words_of(partnership: Partnership, signs: Sequence[EarlySign]) -> dict[str, str]:
    """Return what the task says: the two by name, and the key of the reason."""
    two = {"mentee": partnership.mentee.person.name, "mentor": partnership.mentor.person.name}
    return {**two, "why": why_of(signs)}


def _ask(by: System, partnerships: Sequence[Partnership], there: Mapping[UUID, Sequence[EarlySign]]) -> None:
    """Ask for a call to each of whom a sign counts, and for none where none does; the first day stays the due one."""
    on = by.today
    asked = {task.target_id: task for task in _open_tasks().filter(target_id__in=[one.pk for one in partnerships])}
    new, changed, over = list[Task](), list[Task](), list[UUID]()
    for partnership in partnerships:
        task, signs = asked.get(partnership.pk), counting(there.get(partnership.pk, ()), on)
        if not signs:
            if task is not None:
                over.append(task.pk)
            continue
        words = words_of(partnership, signs)
        if task is None:
            new.append(_task(by, partnership, words))
        elif task.words != words:
            task.words = words
            changed.append(task)
    Task.objects.bulk_create(new, ignore_conflicts=True)
    Task.objects.bulk_update(changed, ["words"], batch_size=200)
    Task.objects.filter(pk__in=over, done_at__isnull=True).update(done_at=by.at, done_by=by.key)


def _open_tasks() -> QuerySet[Task]:
    return Task.objects.filter(kind=Kind.WARNED, done_at__isnull=True)


def _task(by: System, partnership: Partnership, words: Mapping[str, str]) -> Task:
    return Task(
        kind=Kind.WARNED,
        target_id=partnership.pk,
        division_id=partnership.division_id,
        owner_id=partnership.mentee.coordinator_id,
        due_on=by.today,
        words=dict(words),
        created_at=by.at,
    )


def _let_go(by: System) -> int:
    """End the signs of partnerships that the rules are no longer asked about: they rest, are ending or have ended."""
    left = list(
        EarlySign.objects.filter(gone_on__isnull=True)
        .exclude(partnership__in=partnerships_looked_at().values("pk"))
        .select_related("partnership")
    )
    if not left:
        return 0
    EarlySign.objects.filter(pk__in=[sign.pk for sign in left]).update(gone_on=by.today)
    _record(by, "followup.warn_no_more", [(sign, sign.partnership) for sign in left])
    pairs = {sign.partnership_id for sign in left}
    _open_tasks().filter(target_id__in=pairs).update(done_at=by.at, done_by=by.key)
    return len(left)


# What a coordinator says of a sign ------------------------------------------------------------------------------------


@transaction.atomic
def put_aside(*, by: Actor, sign: EarlySign, until: date, reason: str) -> EarlySign:
    """Say why a sign is none, until a day; on that day it counts again, if it is still there.

    What is to be done about the pair is settled with the last of its signs.

    Raises:
        NotAllowedError: not of the mentee's division.
        ChangedMeanwhileError: it is gone.
        ValidationError: no reason, or a day that cannot be.
    """
    require(may_work_on(by, sign.partnership))
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": _("Write why this is no sign, for whoever looks next.")})
    if until <= by.today:
        raise ValidationError({"until": _("Choose a day after today.")})
    if until > by.today + LONGEST_ASIDE:
        raise ValidationError({"until": _("Choose a day within half a year: then it is looked at again.")})
    sign.put_aside_until, sign.put_aside_reason, sign.put_aside_by = until, reason, by.key
    _write_aside(by, sign, "followup.put_aside")
    return sign


@transaction.atomic
def take_up_again(*, by: Actor, sign: EarlySign) -> EarlySign:
    """Let a sign count again that somebody had put aside.

    Raises:
        NotAllowedError: not of the mentee's division.
        ChangedMeanwhileError: it is gone.
    """
    require(may_work_on(by, sign.partnership))
    sign.put_aside_until, sign.put_aside_reason, sign.put_aside_by = _NOT_ASIDE
    _write_aside(by, sign, "followup.take_up_again")
    return sign


def _write_aside(by: Actor, sign: EarlySign, act: str) -> None:
    sign.full_clean(validate_constraints=False)
    kept = EarlySign.objects.filter(pk=sign.pk, gone_on__isnull=True)
    if not kept.update(**{name: getattr(sign, name) for name in _ASIDE}):
        raise ChangedMeanwhileError(_("This sign is gone: the pair has met, or has answered. Look at it again."))
    partnership = sign.partnership
    record(by=by, act=act, of=sign, division_id=partnership.division_id, detail={"kind": sign.kind})
    _settle(by, partnership)


def _settle(by: Actor, partnership: Partnership) -> None:
    """End what is to be done about a pair with the last sign that counts, or say which are left."""
    there = EarlySign.objects.filter(partnership=partnership, gone_on__isnull=True).order_by("first_seen_on", "pk")
    signs = counting(there, by.today)
    if not signs or partnership.state not in LOOKED_AT:
        finish(by=by, target_id=partnership.pk, kinds=[Kind.WARNED])
        return
    asked = _open_tasks().filter(target_id=partnership.pk).first()
    ask_for(
        by=by,
        kind=Kind.WARNED,
        target_id=partnership.pk,
        division_id=partnership.division_id,
        due_on=asked.due_on if asked else by.today,
        owner_id=partnership.mentee.coordinator_id,
        words=words_of(partnership, signs),
    )


# What a talk answers --------------------------------------------------------------------------------------------------


def look_into(*, by: Actor, talk: Talk) -> int:
    """Let a talk answer the signs that were there when it was held: they have been looked into. Returns how many.

    Each counts again where its reason is a new one (:func:`mentornet.followup.signs.is_told_anew`), or as long as it
    rests without one; after half a year at the latest. The caller holds the pair, and may work on it.
    """
    there = EarlySign.objects.filter(partnership=talk.partnership_id, gone_on__isnull=True, first_seen_on__lte=talk.on)
    answered = []
    for sign in counting(there.order_by("first_seen_on", "pk"), by.today):
        rests = rests_for(sign.kind, sign.facts)
        until = min(by.today + LONGEST_ASIDE, talk.on + (rests or LONGEST_ASIDE))
        if until > by.today:
            sign.put_aside_until, sign.put_aside_by = until, f"{BY_TALK}{talk.pk}"
            sign.put_aside_reason = _("Somebody has talked with them on %(day)s.") % {"day": date_format(talk.on)}
            answered.append(sign)
    if answered:
        EarlySign.objects.bulk_update(answered, _ASIDE)
        _record(by, "followup.look_into", [(sign, talk.partnership) for sign in answered])
        _settle(by, talk.partnership)
    return len(answered)


def look_no_more_into(*, by: Actor, talk: Talk) -> int:
    """Let the signs count again that a talk had answered, as it was noted by mistake. Returns how many."""
    partnership = talk.partnership
    there = EarlySign.objects.filter(partnership=partnership, gone_on__isnull=True, put_aside_by=f"{BY_TALK}{talk.pk}")
    signs = list(there)
    if signs:
        done = Task.objects.filter(kind=Kind.WARNED, target_id=partnership.pk, done_at=talk.created_at)
        for task in done.filter(done_by=talk.written_by):
            untick(by=by, task=task)
        there.update(**dict(zip(_ASIDE, _NOT_ASIDE, strict=True)))
        _record(by, "followup.take_up_again", [(sign, partnership) for sign in signs])
        _settle(by, partnership)
    return len(signs)
