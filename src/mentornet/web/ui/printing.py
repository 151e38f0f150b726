"""PDFs: whether they can be made here at all, and making one in a program of its own.

The handbook keeps its own (:mod:`mentornet.web.public.handbook.printing`); what is somebody's is kept nowhere.
"""

from __future__ import annotations

import ctypes
import fcntl
import json
import logging
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.staticfiles import finders

PRESS: Final = "mentornet.web.ui.press"
FONT_STYLES: Final = "ui/css/pdf-fonts.css"
FONTS: Final = (
    "inter-latin-wght-normal.woff2",
    "inter-latin-ext-wght-normal.woff2",
    "inter-cyrillic-wght-normal.woff2",
    "vazirmatn-arabic-wght-normal.woff2",
)
MOST_SECONDS: Final = 25
WAITS_AT_MOST: Final = 10.0
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


def own_file(name: str) -> Path:
    """Return where one of the program's own static files lies.

    Raises:
        FileNotFoundError: there is none of that name.
    """
    found = finders.find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(name)
    return Path(found)


def job_of(html: str, *styles: str) -> dict[str, object]:
    """Return what the press is told: a page, its styles, and the letters it is set in."""
    fonts = {name: str(own_file(f"vendor/fonts/{name}")) for name in FONTS}
    return {
        "html": html,
        "css": "".join(own_file(style).read_text(encoding="utf-8") for style in (FONT_STYLES, *styles)),
        "fonts": fonts,
    }


def pressed(job: dict[str, object], *, within: float) -> bytes:
    """Make a PDF; what it is made of reaches the press by its input alone, never by a file.

    Raises:
        SubprocessError: the press has failed, or taken too long.
        OSError: it cannot be started.
    """
    return subprocess.run(  # noqa: S603 - our own program, nothing of the request in its words
        [sys.executable, "-m", PRESS],
        input=json.dumps(job).encode(),
        capture_output=True,
        timeout=within,
        check=True,
    ).stdout


@contextmanager
def alone(folder: Path) -> Iterator[bool]:
    """Tell whether no other process or thread is making one; none begins while this lasts."""
    with (folder / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        # Released when the file is closed, also when the process dies.
        yield True


def private_pdf(html: str, *styles: str) -> bytes | None:
    """Make a PDF of something that is somebody's own, one at a time, and keep it nowhere.

    ``None`` where none can be made here, or others have been at it for too long: then there is the page to print.
    """
    if missing():
        return None
    folder = Path(settings.MEDIA_ROOT) / "press"
    folder.mkdir(parents=True, exist_ok=True)
    until = time.monotonic() + WAITS_AT_MOST
    while time.monotonic() < until:
        with alone(folder) as is_alone:
            if is_alone:
                try:
                    return pressed(job_of(html, *styles), within=MOST_SECONDS)
                except (subprocess.SubprocessError, OSError) as error:
                    _log.error("a PDF could not be made: %s", type(error).__name__)
                    return None
        time.sleep(0.1)
    return None
