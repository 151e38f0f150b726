"""What is done inside a restored copy, by a process that knows no other database: run as ``python -m``.

The copy's folder stands in its environment and holds a mark; without it this refuses, so that it never touches what is
in use.
"""

from __future__ import annotations

import ctypes
import json
import os
import re
import signal
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from pkgutil import resolve_name
from typing import Any, Final

import django

MARK: Final = "restored-copy"
_PR_SET_PDEATHSIG: Final = 1
MODULE: Final = __name__ if __name__ != "__main__" else "mentornet.backups.elsewhere"


def _end_with(caller: int) -> None:
    """End at once when whoever has called this is gone: the copy is then made anew, under the same name.

    Also where it was gone before this had begun, by when this process has been given to another one.
    """
    with suppress(OSError, AttributeError):
        # Linux ends it by itself, without a moment in which two could write; elsewhere it is looked after.
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != caller:
        os._exit(3)
    threading.Thread(target=_look_after, args=(caller,), daemon=True).start()


def _look_after(caller: int) -> None:
    while os.getppid() == caller:
        time.sleep(0.1)
    os._exit(3)


def main(words: list[str]) -> int:
    """Do one of the works, told as JSON, and answer as JSON."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentornet.config.settings")
    folder = Path(os.environ.get("MENTORNET_DATA", ""))
    if len(words) != 3 or not (folder / MARK).is_file():
        sys.stderr.write("This is for a restored copy alone.\n")
        return 2
    _end_with(int(words[2]))
    django.setup()
    # Loaded once Django has started.
    work = resolve_name(f"mentornet.backups.services.within:{re.sub('[^a-z_]', '', words[0])}")
    said: dict[str, Any] = work(**json.loads(words[1]))
    sys.stdout.write(json.dumps(said))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
