"""The page about reliability says what a run saw, what it did not run, and each fault."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from reliability.page import faults, page

SEEN = {
    "cycles": 500,
    "sealing": 3,
    "faults": [],
    "acknowledged": {"letter": 700},
    "vanished": {"letter": 400},
    "finished": {"letter": 20},
}
LOST = SEEN | {"cycles": 5, "faults": ["letter: acknowledged, and lost: audit"]}
PLACES = {"attempts": 5000, "processes": 16, "places": 150, "accepted": 150, "full": 150, "beyond": 0}
SERVICES = {"said": {"NoPlaceLeftError": 376}, "partnerships": 24, "twice": 0, "places": 24, "accepted": 24, "full": 24}
FIGURES: dict[str, Any] = {
    "date": "2026-11-22",
    "machine": {"processor": "one", "cores": 4, "memory_gib": 8, "system": "x", "load": 1, "load_after": 2},
    "is_short": True,
    "is_whole": False,
    "has_postgresql": False,
    "killed": [{"database": "SQLite", "killed": SEEN, "swept": SEEN, "early": LOST, "torn": LOST}],
    "synced": [
        {"database": "SQLite", "said": "", "control": False, "acts": 24, "flushes": 24, "too_early": 0},
        {"database": "SQLite", "said": "PRAGMA x", "control": True, "acts": 24, "flushes": 0, "too_early": 24},
    ],
    "crowded": [
        {
            "database": "SQLite",
            "places": PLACES,
            "control": PLACES | {"accepted": 160, "beyond": 10},
            "services": SERVICES | {"attempts": 400, "processes": 16},
        }
    ],
    "recorded": [{"database": "SQLite", "passed": True, "requests": {"coordinator here": 500}, "minutes": 2.5}],
}


def changed(part: str, **values: Any) -> dict[str, Any]:
    figures = deepcopy(FIGURES)
    figures[part][0].update(values)
    return figures


def test_short_run_says_that_it_is_one_and_what_is_missing() -> None:
    written = page(FIGURES)
    assert "This is what a short run saw" in written
    assert "PostgreSQL is missing" in written
    assert "| SQLite | 500 | 500 | 2.5 | yes |" in written
    assert "| SQLite | 500 | 700 | 400 | 20 | 3 | 0 |" in written
    assert "Nothing was lost" in written
    assert "short run saw" not in page(FIGURES | {"is_short": False, "is_whole": True})
    assert "was cut short" not in page(FIGURES | {"is_short": False, "is_whole": True})
    assert "was cut short" in page(FIGURES | {"is_short": False})
    assert "**Missing:** no strace" in page(FIGURES | {"synced": [], "synced_missing": "no strace"})


def test_each_fault_is_told() -> None:
    assert list(faults(FIGURES)) == []
    for figures in (
        changed("killed", killed=LOST),
        changed("killed", early=SEEN),
        changed("synced", too_early=1),
        changed("crowded", places=PLACES | {"beyond": 1}),
        changed("crowded", services=FIGURES["crowded"][0]["services"] | {"twice": 1}),
        changed("recorded", passed=False),
    ):
        assert len(list(faults(figures))) == 1
        assert "Faults were found" in page(figures)
