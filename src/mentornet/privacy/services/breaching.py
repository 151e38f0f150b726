"""Breaches: reported by anybody, seen to by the officer and the leads, closed by a second reader."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentornet.audit.services import record
from mentornet.common.actors import Actor
from mentornet.common.answers import ChangedMeanwhileError, RefusedError, require
from mentornet.common.models import write_over
from mentornet.privacy.models import Breach
from mentornet.privacy.models.breaches import TELL_WITHIN
from mentornet.privacy.oversight import may_close, may_handle, may_report

_NEEDED: Final = ("kinds", "measures", "risk", "risk_words", "people_words", "follow_up")
"""What stands in a breach that somebody is done with."""


@transaction.atomic
def report_breach(
    *, by: Actor, found_at: datetime, found_by: str, happened: str, division_id: UUID | None, author_name: str
) -> Breach:
    """Report that something may have gone wrong. The clock runs from when it was found.

    Raises:
        NotAllowedError: she does not work here.
        RefusedError: it is said to have been found later than now.
        ValidationError: nothing is said of what happened.
    """
    require(may_report(by))
    if found_at > by.at:
        raise RefusedError(_("It cannot have been found later than now."))
    breach = Breach(
        found_at=found_at,
        due_at=found_at + TELL_WITHIN,
        found_by=found_by,
        happened=happened,
        division_id=division_id,
        reported_by=by.key,
        reporter_name=author_name,
        created_at=by.at,
    )
    breach.full_clean()
    breach.save(force_insert=True)
    record(by=by, act="privacy.report_breach", of=breach, division_id=division_id)
    return breach


@transaction.atomic
def write_breach(*, by: Actor, breach: Breach, facts: Mapping[str, Any]) -> Breach:
    """Write down what is known of a breach, and what was done about it.

    Raises:
        NotAllowedError: she does not see to it.
        ChangedMeanwhileError: somebody is done with it.
        ValidationError: told late, or not at all, without saying why; or before it was found.
    """
    require(may_handle(by, breach))
    held = Breach.objects.select_for_update().get(pk=breach.pk)
    if held.settled_at is not None:
        raise ChangedMeanwhileError(_("Somebody is done with it. Give it back first to go on writing."))
    changed = write_over(held, facts)
    told = held.authority_told_at
    if held.found_at > by.at or (told is not None and told > by.at):
        raise RefusedError(_("Nothing here can be later than now."))
    held.due_at = held.found_at + TELL_WITHIN
    held.full_clean()
    if changed:
        held.save()
        record(
            by=by, act="privacy.write_breach", of=held, division_id=held.division_id, detail={"fields": sorted(changed)}
        )
    return held


@transaction.atomic
def settle_breach(*, by: Actor, breach: Breach, author_name: str) -> Breach:
    """Say that all is done: a second one reads it.

    Raises:
        NotAllowedError: she does not see to it.
        RefusedError: something is still to be written down, or the clock runs.
        ChangedMeanwhileError: somebody has said so already.
    """
    require(may_handle(by, breach))
    held = Breach.objects.select_for_update().get(pk=breach.pk)
    if held.authority_told_at is None and not held.has_no_duty:
        raise RefusedError(_("Tell the authority first, or write down why it need not be told."))
    lacking = [held._meta.get_field(name) for name in _NEEDED if not getattr(held, name)]
    if lacking:
        names = ", ".join(str(getattr(field, "verbose_name", field.name)) for field in lacking)
        raise RefusedError(_("Write down first: %(names)s.") % {"names": names})
    _step(by, held, "privacy.settle_breach", settled_at=by.at, settled_by=by.key, settled_name=author_name)
    return held


@transaction.atomic
def give_breach_back(*, by: Actor, breach: Breach) -> Breach:
    """Say that something is still to be done: it can be written in again.

    Raises:
        NotAllowedError: she does not see to it.
        ChangedMeanwhileError: nobody is done with it, or it is closed.
    """
    require(may_handle(by, breach))
    held = Breach.objects.select_for_update().get(pk=breach.pk)
    _step(by, held, "privacy.give_breach_back", settled_at=None, settled_by="", settled_name="")
    return held


@transaction.atomic
def close_breach(*, by: Actor, breach: Breach, author_name: str) -> Breach:
    """Close a breach, as its second reader.

    Raises:
        NotAllowedError: nobody is done with it, or she herself is the one who was.
        ChangedMeanwhileError: it is closed already.
    """
    held = Breach.objects.select_for_update().get(pk=breach.pk)
    require(may_close(by, held))
    _step(by, held, "privacy.close_breach", closed_at=by.at, closed_by=by.key, closer_name=author_name)
    return held


def _step(by: Actor, breach: Breach, act: str, **values: Any) -> None:
    rows = Breach.objects.filter(pk=breach.pk, closed_at__isnull=True, settled_at__isnull=breach.settled_at is None)
    wrong = "settled_at" in values and (values["settled_at"] is None) == (breach.settled_at is None)
    if wrong or not rows.update(**values):
        raise ChangedMeanwhileError(_("Somebody else has been here meanwhile. Look at it again."))
    breach.refresh_from_db()
    record(by=by, act=act, of=breach, division_id=breach.division_id)
