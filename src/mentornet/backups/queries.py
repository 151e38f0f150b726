"""Whether there is a backup to rely on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from mentornet.backups.enums import Kind
from mentornet.backups.models import Run
from mentornet.backups.place import here

OLD_AFTER: Final = timedelta(days=2)
DRILL_OLD_AFTER: Final = timedelta(days=35)
DRILL_EVERY: Final = timedelta(days=7)
NIGHT: Final = time(2)
"""From when on, by the installation's own clock, the nightly backup is due."""
ENDING: Final = ".age"


@dataclass(frozen=True, slots=True)
class Standing:
    """What there is to rely on.

    Attributes:
        is_set_up: a folder and a key or a passphrase are named, so that backups come by themselves.
        backup, drill: the last ones that ended well.
        failed: what was tried last, where it failed and nothing has ended well since.
    """

    is_set_up: bool
    backup: Run | None
    drill: Run | None
    failed: Run | None
    at: datetime

    @property
    def lacks_backup(self) -> bool:
        """Whether there is none of the last two days."""
        return self.backup is None or self.backup.finished_at < self.at - OLD_AFTER

    @property
    def lacks_drill(self) -> bool:
        """Whether none has been tried for weeks."""
        return self.drill is None or self.drill.finished_at < self.at - DRILL_OLD_AFTER


def good_runs(kind: Kind) -> QuerySet[Run]:
    """Return what ended well, the last first."""
    return Run.objects.filter(kind=kind, problem="").order_by("-finished_at")


def last_good(kind: Kind) -> Run | None:
    """Return what ended well last."""
    return good_runs(kind).first()


def latest_runs(number: int) -> list[Run]:
    """Return what was done last."""
    return list(Run.objects.order_by("-created_at")[:number])


def is_set_up() -> bool:
    """Tell whether backups come by themselves."""
    return bool(settings.BACKUP_FOLDER and (settings.BACKUP_KEYS or settings.BACKUP_PASSPHRASE_FILE))


def standing(at: datetime) -> Standing:
    """Return what there is to rely on."""
    backup = last_good(Kind.BACKUP)
    failed = Run.objects.filter(kind=Kind.BACKUP).order_by("-created_at").first()
    return Standing(
        is_set_up=is_set_up(),
        backup=backup,
        drill=last_good(Kind.DRILL),
        failed=failed if failed is not None and failed.problem else None,
        at=at,
    )


def _since(at: datetime) -> datetime:
    """Return when the last night's backup became due."""
    local = timezone.localtime(at)
    day = local.date() if local.time() >= NIGHT else local.date() - timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, NIGHT))


def is_backup_due(at: datetime) -> bool:
    """Tell whether this night's backup is still to be made."""
    return is_set_up() and not good_runs(Kind.BACKUP).filter(created_at__gte=_since(at)).exists()


def is_drill_due(at: datetime) -> bool:
    """Tell whether the newest backup is to be tried: once a week, where this machine may open it."""
    if not is_set_up() or not (settings.BACKUP_IDENTITY or settings.BACKUP_PASSPHRASE_FILE):
        return False
    return not good_runs(Kind.DRILL).filter(created_at__gte=at - DRILL_EVERY).exists() and bool(nightly_files())


def nightly_files() -> list[Path]:
    """Return the backups of the nights, the newest first."""
    if not settings.BACKUP_FOLDER:
        return []
    return sorted(Path(settings.BACKUP_FOLDER).glob(f"mentornet-[0-9]*{ENDING}"), reverse=True)


def is_restore_unfinished() -> bool:
    """Tell whether a restore was cut short while it changed things: until it is ended, nothing may be served."""
    return here().journal.exists()
