"""Keeping no longer than needed: the night that carries it out, and the times and holds that people set.

A night is one row. It may be cut short at any moment and goes on where it stopped: what has gone is not found again.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentornet.agenda.models import Kind, Task
from mentornet.agenda.services import ask_for, finish
from mentornet.audit.models import Entry
from mentornet.audit.services import record, redact
from mentornet.common.actors import Actor, System
from mentornet.common.answers import ChangedMeanwhileError, RefusedError, require
from mentornet.common.fields import TERMS, Retention
from mentornet.matching.models import Proposal
from mentornet.partnerships.models import Partnership
from mentornet.people.models import Person
from mentornet.people.services import hold_people
from mentornet.privacy.clocks import LEAST, Part, parts
from mentornet.privacy.due import (
    WARNING,
    Due,
    begins_on,
    by_division,
    due_on,
    going_within,
    over_entries,
    people_of,
    terms_on,
)
from mentornet.privacy.enums import Reason
from mentornet.privacy.hers import in_parts
from mentornet.privacy.models import Erasure, RetentionCount, RetentionHold, RetentionRun, RetentionTerm
from mentornet.privacy.oversight import may_hold, may_set_terms
from mentornet.privacy.queries import divisions_that_know, is_erased
from mentornet.privacy.services.emptying import empty_value, forget
from mentornet.privacy.services.erasing import erase

NIGHT: Final = time(3)
"""From when on, by the installation's own clock, the night's round is due: an hour after the backup."""
AT_ONCE: Final = 20
"""How many people a round erases: between rounds letters leave. The night goes on until nobody is left."""
_BEFORE_PEOPLE: Final = (Proposal, Partnership)
LONGEST_HOLD: Final = timedelta(days=366)


def night_of(at: datetime) -> date:
    """Return which night's round is due at a moment."""
    local = timezone.localtime(at)
    return local.date() if local.time() >= NIGHT else local.date() - timedelta(days=1)


def is_night_due(at: datetime) -> bool:
    """Tell whether this night's round is still to be made, or to be ended."""
    return not RetentionRun.objects.filter(night=night_of(at), finished_at__isnull=False).exists()


def keep_no_longer(*, by: System) -> bool:
    """Do a round of this night: erase whose time is over, empty what is over of others, and warn of what goes next.

    Returns whether the night is done; otherwise another round follows.
    """
    night = night_of(by.at)
    run, _made = RetentionRun.objects.get_or_create(night=night, defaults={"created_at": by.at})
    if run.finished_at is not None:
        return True
    due = due_on(night) if night >= begins_on(night) else Due(night, terms_on(night))
    if due.people or due.over or night >= begins_on(night):
        if _erase_some(by, due):
            return False
        for part in parts():
            for rows in due.rows(part):
                _empty(run, night, part, rows)
        _empty_audit(by, run, due)
    _warn(by, night)
    _end(by, run, due)
    return True


def _erase_some(by: System, due: Due) -> bool:
    """Erase people whose time is over, and tell whether some may be left."""
    erased = 0
    for person_id in due.people:
        if erased == AT_ONCE:
            return True
        try:
            erase(by=by, person=Person(pk=person_id), reason=Reason.OVER)
        except RefusedError:
            # Somebody is at work on what is hers, or holds her back since this round began: the next night finds her
            # again, if her time is over then.
            continue
        erased += 1
    return False


def _empty(run: RetentionRun, night: date, part: Part, rows: Any) -> None:
    values = {column.name: empty_value(column) for column in part.columns}
    for keys in in_parts(list(rows.values_list("pk", flat=True))):
        with transaction.atomic():
            # Asked again, of people who are held as they are: who has been at work on a row meanwhile keeps it for a
            # night, and whoever was held back since the round began keeps all.
            held = _still_over(night, part, keys)
            if values:
                part.model._default_manager.filter(pk__in=held).update(**values)
            else:
                forget(part.model, held)
            _count(run, part.retention, part.table, len(held))


def _still_over(night: date, part: Part, keys: Collection[Any]) -> list[Any]:
    rows = part.model._default_manager.filter(pk__in=keys)
    if part.model in _BEFORE_PEOPLE and connection.features.has_select_for_update:
        # In the order in which those lock who answer a proposal: first it, or the pair, then the people.
        list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    people = people_of(part, rows)
    if connection.features.has_select_for_update:
        # With their keys: a row that holds somebody back waits until this has ended.
        list(Person.objects.select_for_update().filter(pk__in=people).order_by("pk").values_list("pk"))
    now = due_on(night, among=people)
    return [key for found in now.rows(part) for key in found.filter(pk__in=keys).values_list("pk", flat=True)]


def _empty_audit(by: System, run: RetentionRun, due: Due) -> None:
    with transaction.atomic():
        count = redact(by=by, entries=over_entries(due.day, due.days), number=0)
        _count(run, Retention.LOG, Entry._meta.label, count)


def _count(run: RetentionRun, retention: Retention, table: str, count: int) -> None:
    if count:
        row, _made = RetentionCount.objects.get_or_create(run=run, retention=retention, table=table)
        RetentionCount.objects.filter(pk=row.pk).update(count=F("count") + count)


def _end(by: System, run: RetentionRun, due: Due) -> None:
    with transaction.atomic():
        began = timezone.make_aware(datetime.combine(run.night, NIGHT))
        # Told by the ledger's rows, not counted as they go: so nothing is counted twice, or not at all.
        erased = Erasure.objects.filter(
            reason=Reason.OVER, erased_by=by.key, at__gte=min(began, run.created_at)
        ).count()
        ended = RetentionRun.objects.filter(pk=run.pk, finished_at__isnull=True).update(
            finished_at=max(by.at, run.created_at), erased=erased, waiting=len(due.kept)
        )
        if ended:
            record(by=by, act="privacy.retention", of=run, detail={"erased": erased, "left alone": len(due.kept)})


def _warn(by: System, night: date) -> None:
    """Ask each division once to look through whom it will lose; only as somebody new stands on the list."""
    days_of = going_within(night)
    going = {division: [days_of[person] for person in people] for division, people in by_division(days_of).items()}
    asked = Task.objects.filter(kind=Kind.RETENTION, done_at__isnull=True)
    for target_id in asked.exclude(target_id__in=going).values_list("target_id", flat=True):
        finish(by=by, target_id=target_id, kinds=[Kind.RETENTION])
    seen = set(Task.objects.filter(kind=Kind.RETENTION, done_at__isnull=True).values_list("target_id", flat=True))
    last = _warned_through(night)
    for division_id, days in going.items():
        if division_id in seen or max(days) > last:
            ask_for(
                by=by,
                kind=Kind.RETENTION,
                target_id=division_id,
                division_id=division_id,
                due_on=max(min(days) - timedelta(days=7), by.today),
                words={"count": len(days)},
            )


def _warned_through(night: date) -> date:
    """Return up to which day the last night that was done has warned of what goes."""
    done = RetentionRun.objects.filter(finished_at__isnull=False, night__lt=night).order_by("night")
    before = done.values_list("night", flat=True).last()
    return before + WARNING if before else date.min


# What people set ------------------------------------------------------------------------------------------------------


@transaction.atomic
def set_term(*, by: Actor, retention: Retention | str, days: int, reason: str, author_name: str) -> RetentionTerm:
    """Say for how many days a class is kept in this organisation. A shorter time counts a month later.

    Whoever calls has asked for her second factor again. It takes no second person: never shorter than what hangs on
    the class (:data:`mentornet.privacy.clocks.LEAST`), and each division is shown for a month whom it would lose.

    Raises:
        NotAllowedError: neither the data-protection officer nor the national lead.
        RefusedError: longer than the register allows, or shorter than what hangs on it.
        ValidationError: no reason.
    """
    require(may_set_terms(by))
    of = Retention(retention)
    if days < LEAST[of].days:
        raise RefusedError(_("At least %(least)s days. %(why)s") % {"least": LEAST[of].days, "why": LEAST[of].why})
    if days > TERMS[of].most:
        raise RefusedError(
            _("At most %(most)s days: nothing of this kind is needed longer.") % {"most": TERMS[of].most}
        )
    term = RetentionTerm(
        retention=of.value, days=days, reason=reason, set_by=by.key, author_name=author_name, created_at=by.at
    )
    term.full_clean()
    term.save(force_insert=True)
    record(by=by, act="privacy.set_term", of=term, detail={"class": of.value, "days": days})
    return term


@transaction.atomic
def hold_back(*, by: Actor, person: Person, until: date, reason: str, author_name: str) -> RetentionHold:
    """Keep what is known of somebody past its time, until a day.

    Raises:
        NotAllowedError: she works in none of the divisions that know her.
        RefusedError: a day that is over, or further away than a year; or she is held back or erased already.
        ValidationError: no reason.
    """
    require(may_hold(by, divisions_that_know(person.pk)))
    if not by.today <= until <= by.today + LONGEST_HOLD:
        raise RefusedError(_("Choose a day within a year: then somebody looks at it again."))
    hold_people([person.pk])
    RetentionHold.objects.filter(person=person, lifted_at__isnull=True, until__lt=by.today).update(
        lifted_at=by.at, lifted_by=by.key
    )
    hold = RetentionHold(
        person=person, until=until, reason=reason, set_by=by.key, author_name=author_name, created_at=by.at
    )
    hold.full_clean(validate_constraints=False)
    try:
        with transaction.atomic():
            hold.save(force_insert=True)
    except IntegrityError as error:
        raise ChangedMeanwhileError(_("She is held back already.")) from error
    # Whoever erases her holds her row: this has waited for it, and finds her gone.
    if is_erased(Person.objects.get(pk=person.pk)):
        raise ChangedMeanwhileError(_("She has been erased already."))
    record(by=by, act="privacy.hold", of=person, detail={"until": until.isoformat()})
    return hold


@transaction.atomic
def let_go(*, by: Actor, hold: RetentionHold) -> RetentionHold:
    """Take a hold back: from now on her time counts again.

    Raises:
        NotAllowedError: she works in none of the divisions that know her.
        ChangedMeanwhileError: it has been taken back.
    """
    require(may_hold(by, divisions_that_know(hold.person_id)))
    if not RetentionHold.objects.filter(pk=hold.pk, lifted_at__isnull=True).update(lifted_at=by.at, lifted_by=by.key):
        raise ChangedMeanwhileError(_("That hold has been taken back already."))
    hold.refresh_from_db()
    record(by=by, act="privacy.let_go", of=hold.person)
    return hold
