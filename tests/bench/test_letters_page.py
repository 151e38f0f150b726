"""The page about letters says what was measured, on which databases, and what was not reached."""

from __future__ import annotations

from typing import Any

from bench.letters import goals, page

MACHINE = {"processor": "one", "cores": 4, "memory_gib": 8.0, "load": 0.1, "load_after": 0.4}


def run(database: str, took: float) -> dict[str, Any]:
    return {"database": database, "letters": 1_000, "seconds": took, "busy": 4.0, "alone": 1.6}


def figures(*runs: dict[str, Any]) -> dict[str, Any]:
    return {"date": "2026-11-22", "machine": MACHINE, "has_postgresql": len(runs) > 1, "runs": list(runs)}


def test_both_databases_stand_beside_the_sink_alone() -> None:
    written = page(figures(run("SQLite", 6.4), run("PostgreSQL", 61.0)))
    assert "| SQLite | 1,000 | 6.40 s | 6.40 ms | 4.00 s | 1.60 s | 4.0 |" in written
    assert "| SQLite: 1,000 letters leave within 60 s | 6.40 s | yes |" in written
    assert "| PostgreSQL: 1,000 letters leave within 60 s | 61.0 s | **no** |" in written
    assert "missing" not in written


def test_database_that_was_not_there_is_said_to_be_missing() -> None:
    one = figures(run("SQLite", 6.4))
    assert "PostgreSQL is missing" in page(one)
    assert [goal[2] for goal in goals(one["runs"])] == [True]
