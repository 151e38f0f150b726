"""What the worker does about backups by itself."""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from mentornet.backups.enums import Kind
from mentornet.backups.models import Run
from mentornet.backups.place import stamp
from mentornet.backups.queries import ENDING, nightly_files
from mentornet.backups.services.drilling import drill, newest_file, usual_opener
from mentornet.backups.services.making import make_backup, usual_seal
from mentornet.common.actors import System
from mentornet.common.answers import RefusedError


def back_up_nightly(*, by: System) -> None:
    """Write the night's backup into its folder, and delete the oldest ones there.

    Raises:
        RefusedError: it could not be made; written down too, so that the desk tells.
        OSError: likewise.
    """
    folder = Path(settings.BACKUP_FOLDER)
    file = folder / f"mentornet-{stamp(by.at)}{ENDING}"
    try:
        # Made by hand where it is to be: a disk that is not mounted is not written beside.
        if not folder.is_dir():
            raise FileNotFoundError(2, os.strerror(2), str(folder))
        make_backup(by=by, file=file, seal=usual_seal())
    except (RefusedError, OSError) as error:
        problem = str(error) if isinstance(error, RefusedError) else f"{error.filename or ''}: {error.strerror}"
        Run.objects.create(
            kind=Kind.BACKUP, created_at=by.at, finished_at=timezone.now(), file=file.name, problem=problem
        )
        raise
    for old in nightly_files()[settings.BACKUP_KEEP :]:
        old.unlink(missing_ok=True)


def drill_weekly(*, by: System) -> None:
    """Try the newest backup.

    Raises:
        RefusedError: it is not one to rely on.
        OSError: it cannot be read.
    """
    drill(by=by, file=newest_file(), opener=usual_opener())
