"""The command ``mentornet audit``: whether anybody has changed the record of who did what, and what to do then."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.db import OperationalError, ProgrammingError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentornet.audit.enums import Fault
from mentornet.audit.queries import ChainFault, ChainHead, ChainReport, chain_head, verify_all
from mentornet.audit.services import sign_unknown_head
from mentornet.common.actors import System
from mentornet.common.answers import RefusedError

WHOLE: Final = 0
BROKEN: Final = 1


def audit(*, noted: str | None, sign: bool, say: Callable[[str], None]) -> int:
    """Verify the chain and say what was found; with ``sign``, sign its head where all the rest fits.

    Returns:
        0 when it is whole, 1 when not.

    Raises:
        RefusedError: ``noted`` is not a head, or the database has no chain yet.
    """
    head = _read(noted) if noted else None
    try:
        report = sign_unknown_head(by=System("audit", timezone.now())) if sign else verify_all(noted=head)
    except (OperationalError, ProgrammingError) as error:
        raise RefusedError(
            _("The database cannot be read, or is of an earlier version: `mentornet serve` brings it up to date.")
        ) from error
    for line in told(report):
        say(line)
    return WHOLE if report.ok else BROKEN


def _read(noted: str) -> ChainHead:
    try:
        return ChainHead.read(noted)
    except ValueError:
        raise RefusedError(
            _("%(text)s: expected a head of the chain, such as 1234:9f86d0…, from a log or a backup.") % {"text": noted}
        ) from None


def told(report: ChainReport) -> list[str]:
    """Return what was found, in sentences."""
    counts = [
        ngettext(
            "%(count)d entry is sealed, each following from the one before.",
            "%(count)d entries are sealed, each following from the one before.",
            report.sealed,
        )
        % {"count": report.sealed},
        ngettext(
            "%(count)d entry waits to be sealed; the worker does it within seconds.",
            "%(count)d entries wait to be sealed; the worker does it within seconds.",
            report.unsealed,
        )
        % {"count": report.unsealed},
        ngettext(
            "%(count)d entry was emptied by an erasure.",
            "%(count)d entries were emptied by erasures.",
            report.redacted,
        )
        % {"count": report.redacted},
    ]
    if report.first_fault is None:
        return [*counts, _("Nothing was changed, left out or cut off."), _head()]
    return [*counts, _place(report.first_fault), _advice(report.first_fault.what)]


def _head() -> str:
    return _("Write the head down somewhere else, to be able to show it later: %(head)s") % {"head": chain_head()}


def _place(fault: ChainFault) -> str:
    if fault.position is not None and fault.entry is not None:
        where = _("At position %(position)d of the chain (row %(row)d of the table audit_entry):")
    elif fault.position is not None:
        where = _("At position %(position)d of the chain:")
    elif fault.entry is not None:
        where = _("In row %(row)d of the table audit_entry:")
    else:
        return _("BROKEN.") + " " + str(fault.what.label)
    place = where % {"position": fault.position, "row": fault.entry}
    return f"{_('BROKEN.')} {place} {fault.what.label}"


def _advice(what: Fault) -> str:
    if what == Fault.UNKNOWN_KEY:
        return _(
            "If the secret key was changed, give the former one in MENTORNET_FORMER_SECRET_KEYS and start the worker. "
            "If it is lost, and you know why, sign the head anew with `mentornet audit --sign`."
        )
    return _(
        "Somebody has written to the database past the program, or it is damaged. Change nothing: keep a copy of the "
        "database as it is now, restore the last backup elsewhere and compare this place in both, and ask who could "
        "write to the database since."
    )
