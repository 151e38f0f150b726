"""Name in the last lines whatever could not be run, and fail for it where a complete run is asked for.

A test that is skipped has not passed. With ``MENTORNET_COMPLETE=1`` (the gate sets it) a run with skipped tests
ends with code 1.
"""

from __future__ import annotations

import os
from collections import Counter
from typing import Final

import pytest

COMPLETE: Final = "MENTORNET_COMPLETE"
skipped: Final[Counter[str]] = Counter()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    _note(report.outcome, report.longrepr, report)


def pytest_collectreport(report: pytest.CollectReport) -> None:
    _note(report.outcome, report.longrepr, report)


def _note(outcome: str, reason: object, report: pytest.TestReport | pytest.CollectReport) -> None:
    # An expected failure is reported as skipped too, but it has run.
    if outcome == "skipped" and not hasattr(report, "wasxfail"):
        skipped[str(reason[2]).removeprefix("Skipped: ") if isinstance(reason, tuple) else str(reason)] += 1


def pytest_sessionfinish(session: pytest.Session) -> None:
    # Workers hand their reports to the controller; only there all of them are known.
    is_worker = hasattr(session.config, "workerinput")
    if skipped and not is_worker and os.environ.get(COMPLETE) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return
    for reason, count in sorted(skipped.items()):
        print(f"COULD NOT RUN: {count} {'test' if count == 1 else 'tests'}: {reason}")
