"""Jobs for the tests of jobs: what they did stands in the database, where another process sees it."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from typing import Any

from mentornet.audit.services import record
from mentornet.common.actors import System
from mentornet.common.jobs import register_job
from mentornet.common.models import PeriodicRun

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


def note(act: str, **detail: Any) -> None:
    record(by=System("test", EPOCH), act=act, of=PeriodicRun(), detail=detail)


@register_job("test.note")
def write_note(*, words: str) -> None:
    note("noted", words=words)


@register_job("test.fail")
def fail(*, words: str) -> None:
    raise ValueError(words)


@register_job("test.wait")
def wait(*, seconds: float) -> None:
    note("waiting", pid=os.getpid())
    time.sleep(seconds)
    note("waited")
