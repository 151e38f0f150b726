"""Whether the audit's emptied entries are those that erasures have emptied: else somebody has emptied others unseen."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.utils import timezone

from mentornet.audit.enums import Fault
from mentornet.audit.models import Entry
from mentornet.audit.queries import NOTHING_EMPTIED, ChainFault, emptied_by, first_emptied_by
from mentornet.common.ledger import LedgerError, emptied_in, ledger_path
from mentornet.privacy.models import Erasure

OVER: Final = 0
"""The number under which entries are emptied whose time is over."""
KEPT_AT_LEAST: Final = timedelta(days=5 * 365)
TRIES: Final = 3
"""Somebody may be erased while this is read: what does not fit is read again before it is called a fault."""


def redaction_fault() -> ChainFault | None:
    """Return the first emptied entry that no erasure has emptied; nothing where all fit.

    The table of erasures says which entries each has emptied, and the ledger on the disk says so once more: whoever
    writes to the database alone can make the one fit, not the other.
    """
    fault = None
    for _ in range(TRIES):
        fault = _fault()
        if fault is None:
            break
    return fault


def _fault() -> ChainFault | None:
    emptied = emptied_by()
    if emptied.pop(OVER, None) is not None and _emptied_too_soon():
        return first_emptied_by(OVER)
    erasures = {erasure.number: erasure for erasure in Erasure.objects.all()}
    if not emptied and not erasures:
        return None
    try:
        in_ledger = emptied_in(ledger_path())
    except LedgerError:
        return ChainFault(Fault.NO_ERASURE)
    for number in sorted(emptied.keys() | erasures.keys()):
        erasure = erasures.get(number)
        if erasure is None or not _fits(erasure, emptied.get(number, NOTHING_EMPTIED), in_ledger):
            return first_emptied_by(number)
    return None


def _fits(erasure: Erasure, emptied: str, in_ledger: dict[str, set[str]]) -> bool:
    said = in_ledger.get(erasure.key)
    if said is None or erasure.emptied != emptied:
        return False
    # An earlier version has erased her: it wrote down that, and not what.
    return not said or emptied in said


def _emptied_too_soon() -> bool:
    return Entry.objects.filter(redaction=OVER, at__gt=timezone.now() - KEPT_AT_LEAST).exists()
