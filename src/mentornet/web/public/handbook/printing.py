"""PDFs of the handbook: made once for each version, kept beside the uploads, and never more than one at a time.

Whoever asks for a PDF that nobody has asked for before waits for it a few seconds. While another one is being made, or
where the library that makes them is missing, she gets the page to print instead. So nobody can keep the server busy:
there are only as many different ones as there are chapters and languages.
"""

from __future__ import annotations

import ctypes
import fcntl
import hashlib
import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from django.conf import settings
from django.contrib.staticfiles import finders

PRESS: Final = "mentornet.web.public.handbook.press"
STYLE: Final = "public/css/pdf.css"
FONTS: Final = (
    "inter-latin-wght-normal.woff2",
    "inter-latin-ext-wght-normal.woff2",
    "inter-cyrillic-wght-normal.woff2",
    "vazirmatn-arabic-wght-normal.woff2",
)
MOST_SECONDS: Final = 25
MOST_KEPT: Final = 400
"""Of old versions the files asked for least recently go."""
TRY_AGAIN_AFTER: Final = 600
_PANGO: Final = ("libpango-1.0.so.0", "libpango-1.0.so", "libpango-1.0.0.dylib", "libpango-1.0-0.dll")

_log: Final = logging.getLogger(__name__)


def _has_pango() -> bool:
    for name in _PANGO:
        with suppress(OSError):
            ctypes.CDLL(name)
            return True
    return False


@lru_cache(maxsize=1)
def missing() -> str:
    """Return what is missing to make PDFs; empty when nothing is."""
    try:
        version("weasyprint")
    except PackageNotFoundError:
        return "WeasyPrint"
    return "" if _has_pango() else "Pango"


def _own_file(name: str) -> Path:
    found = finders.find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(name)
    return Path(found)


def _folder() -> Path:
    folder = Path(settings.MEDIA_ROOT) / "handbook"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def pdf_of(html: str) -> Path | None:
    """Return a page's PDF, made now where it has never been; ``None`` where that cannot be at this moment."""
    if missing():
        return None
    job = {
        "html": html,
        "css": _own_file(STYLE).read_text(encoding="utf-8"),
        "fonts": {name: str(_own_file(f"vendor/fonts/{name}")) for name in FONTS},
    }
    told = json.dumps([job["html"], job["css"], version("weasyprint")])
    place = _folder() / f"{hashlib.sha256(told.encode()).hexdigest()[:32]}.pdf"
    if place.exists():
        # What is read stays: the least recently asked for goes first.
        with suppress(OSError):
            os.utime(place)
        return place
    return place if _make(place, json.dumps(job)) else None


def _make(place: Path, job: str) -> bool:
    failed = place.with_suffix(".failed")
    if failed.exists() and time.time() - failed.stat().st_mtime < TRY_AGAIN_AFTER:
        return False
    with _alone(place.parent) as is_alone:
        if not is_alone:
            return False
        if place.exists():
            return True
        try:
            made = subprocess.run(  # noqa: S603 - our own program, nothing of the request in its words
                [sys.executable, "-m", PRESS],
                input=job.encode(),
                capture_output=True,
                timeout=MOST_SECONDS,
                check=True,
            ).stdout
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


@contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    """Tell whether no other process or thread is making one; none begins while this lasts."""
    with (folder / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        # Released when the file is closed, also when the process dies.
        yield True


def _forget_old(folder: Path) -> None:
    kept = sorted(folder.glob("*.pdf"), key=lambda one: one.stat().st_mtime, reverse=True)
    for old in kept[MOST_KEPT:]:
        old.unlink(missing_ok=True)
    for other in (*folder.glob("*.failed"), *folder.glob("*.part")):
        if time.time() - other.stat().st_mtime > TRY_AGAIN_AFTER:
            other.unlink(missing_ok=True)
