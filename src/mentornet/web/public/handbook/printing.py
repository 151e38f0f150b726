"""PDFs of the handbook: made once for each version, kept beside the uploads, and never more than one at a time.

Whoever asks for a PDF that nobody has asked for before waits for it a few seconds. While another one is being made, or
where the library that makes them is missing, she gets the page to print instead. So nobody can keep the server busy:
there are only as many different ones as there are chapters and languages.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import subprocess
import time
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from django.conf import settings

from mentornet.web.ui.printing import PRESS, alone, job_of, missing, pressed

__all__ = ["PRESS", "missing", "pdf_of"]

STYLE: Final = "public/css/pdf.css"
MOST_SECONDS: Final = 25
MOST_KEPT: Final = 400
"""Of old versions the files asked for least recently go."""
TRY_AGAIN_AFTER: Final = 600

_log: Final = logging.getLogger(__name__)


def _folder() -> Path:
    folder = Path(settings.MEDIA_ROOT) / "handbook"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def pdf_of(html: str) -> Path | None:
    """Return a page's PDF, made now where it has never been; ``None`` where that cannot be at this moment."""
    if missing():
        return None
    job = job_of(html, STYLE)
    told = json.dumps([job["html"], job["css"], version("weasyprint")])
    place = _folder() / f"{hashlib.sha256(told.encode()).hexdigest()[:32]}.pdf"
    if place.exists():
        # What is read stays: the least recently asked for goes first.
        with suppress(OSError):
            os.utime(place)
        return place
    return place if _make(place, job) else None


def _make(place: Path, job: dict[str, object]) -> bool:
    failed = place.with_suffix(".failed")
    if failed.exists() and time.time() - failed.stat().st_mtime < TRY_AGAIN_AFTER:
        return False
    with alone(place.parent) as is_alone:
        if not is_alone:
            return False
        if place.exists():
            return True
        try:
            made = pressed(job, within=MOST_SECONDS)
        except (subprocess.SubprocessError, OSError) as error:
            _log.error("the handbook's PDF could not be made: %s", type(error).__name__)
            failed.touch()
            return False
        _write(place, made)
        failed.unlink(missing_ok=True)
        _forget_old(place.parent)
    return True


def _write(place: Path, made: bytes) -> None:
    """Write a file so that nobody ever reads half of it."""
    with NamedTemporaryFile(dir=place.parent, suffix=".part", delete=False) as part:
        part.write(made)
    Path(part.name).replace(place)


def _forget_old(folder: Path) -> None:
    kept = sorted(folder.glob("*.pdf"), key=lambda one: one.stat().st_mtime, reverse=True)
    for old in kept[MOST_KEPT:]:
        old.unlink(missing_ok=True)
    for other in (*folder.glob("*.failed"), *folder.glob("*.part")):
        if time.time() - other.stat().st_mtime > TRY_AGAIN_AFTER:
            other.unlink(missing_ok=True)
