"""What the worker does for imports."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.utils import timezone

from mentornet.common.actors import Actor, System
from mentornet.common.jobs import every, register_job
from mentornet.divisions.queries import staff_member
from mentornet.imports.limits import spreadsheet_limits
from mentornet.imports.models import Batch
from mentornet.imports.queries import batch_of_job
from mentornet.imports.services.batches import forget_stale_batches
from mentornet.imports.services.work import check_files, write_people

_A_DAY: Final = 24 * 60


def _actor(batch: Batch) -> Actor:
    """Return who asked for the work, with the roles that she has now; the program for its own imports."""
    at = timezone.now()
    return System("import", at) if batch.user is None else staff_member(batch.user, at)


@register_job("imports.check")
def check(*, batch_id: str, attempt: int) -> None:
    """Check an import's files. Asked twice, or for an earlier attempt, it does nothing."""
    if (batch := batch_of_job(UUID(batch_id))) is not None:
        check_files(
            by=_actor(batch),
            batch_id=batch.pk,
            attempt=attempt,
            clock=timezone.now,
            limits=spreadsheet_limits(),
        )


@register_job("imports.write")
def write(*, batch_id: str, attempt: int) -> None:
    """Write an import. Asked twice, or for an earlier attempt, it does nothing."""
    if (batch := batch_of_job(UUID(batch_id))) is not None:
        write_people(
            by=_actor(batch),
            batch_id=batch.pk,
            attempt=attempt,
            clock=timezone.now,
            limits=spreadsheet_limits(),
        )


@every(name="imports.forget", minutes=_A_DAY)
def forget(*, by: System) -> None:
    """Delete lists that nobody has gone on with for thirty days."""
    forget_stale_batches(by=by)
