"""Chromium for the tests marked ``browser``: Debian's own, never a downloaded one."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

CHROMIUM: Final = Path("/usr/bin/chromium")


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """How pytest-playwright starts the browser of its fixtures ``browser`` and ``page``."""
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is missing: apt-get install chromium fonts-noto-core")
    quiet = ("background-networking", "component-update", "default-apps", "extensions", "gpu", "sync")
    return {
        "executable_path": CHROMIUM,
        "args": ["--no-sandbox", "--no-first-run", *(f"--disable-{part}" for part in quiet)],
    }
