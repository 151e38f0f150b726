"""The work itself, outside any request: read, check, work out; then write everything in one transaction.

Up to the writing, progress is told in small commits of its own, which also show that the work is alive. Work that was
asked for anew meanwhile (a later attempt) finds that out at its next word, and ends; should it be in the writing
already, the step to *done* no longer finds its attempt, and the transaction is rolled back.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.db import DatabaseError, transaction

from mentornet.common.actors import Actor
from mentornet.common.answers import ChangedMeanwhileError, require
from mentornet.common.bulk import count_anew
from mentornet.imports.checking import Known, Planner
from mentornet.imports.enums import BatchState, Stage
from mentornet.imports.models import Batch, File, Report
from mentornet.imports.queries import (
    applying,
    current_enrolments,
    known_people,
    known_references,
    sealed_people,
    standing_pairs,
)
from mentornet.imports.rows import Frame
from mentornet.imports.rules import may_import
from mentornet.imports.services.layouts import ROW_NUMBERS, numbers_rows
from mentornet.imports.services.writing import WRITTEN, make_ready, write
from mentornet.intake.services.watching import tell_of_listed
from reference.cells import CellReader
from reference.columns import Column, Subject
from reference.extra_columns import all_columns_of
from reference.mapped import read_mapped
from reference.sheets import Limits, Source
from reference.tables import CheckedTable

if TYPE_CHECKING:
    from collections.abc import Iterator

TELLS_EVERY: Final = timedelta(seconds=0.4)
_log: Final = logging.getLogger(__name__)
COUNTED_FROM: Final = 1_000
"""From so many rows on the database counts its tables anew afterwards."""


class SupersededError(Exception):
    """The work was asked for anew, or the import is gone: this attempt ends without having written anything."""


@dataclass(slots=True)
class _Progress:
    """Tells how far an attempt has come."""

    batch_id: UUID
    attempt: int
    clock: Callable[[], datetime]
    done: int = 0
    told_at: datetime | None = None

    def tell(self, done: int, stage: Stage, *, now: bool = False) -> None:
        """Store how many rows are done, unless that was told a moment ago.

        Raises:
            SupersededError: this attempt no longer counts.
        """
        at = self.clock()
        if not now and self.told_at is not None and at - self.told_at < TELLS_EVERY:
            return
        self.told_at = at
        rows = Batch.objects.filter(pk=self.batch_id, attempt=self.attempt)
        if not rows.update(rows_done=self.done + done, stage=stage, heartbeat_at=at):
            raise SupersededError


def _claim(batch_id: UUID, attempt: int, state: BatchState, at: datetime) -> Batch | None:
    """Take up work that was asked for; only one can."""
    asked = Batch.objects.filter(pk=batch_id, attempt=attempt, state=state, begun_at__isnull=True)
    if not asked.update(begun_at=at, heartbeat_at=at, stage=Stage.READING):
        return None
    return Batch.objects.select_related("division", "programme").get(pk=batch_id)


@contextmanager
def _noting_problems(batch: Batch) -> Iterator[None]:
    """Keep the kind of an error with the import, so that its page can say that the work has stopped."""
    try:
        yield
    except Exception as error:
        Batch.objects.filter(pk=batch.pk, attempt=batch.attempt).update(problem=type(error).__name__[:200])
        raise


def check_files(
    *, by: Actor, batch_id: UUID, attempt: int, clock: Callable[[], datetime], limits: Limits
) -> Batch | None:
    """Check an import's files and keep what was found; ``None`` when somebody else is at it, or it has changed."""
    batch = _claim(batch_id, attempt, BatchState.CHECKING, by.at)
    if batch is None:
        return None
    try:
        with _noting_problems(batch):
            require(may_import(by, batch.division, batch.programme))
            progress = _Progress(batch.pk, attempt, clock)
            planner = _planned(by, batch, progress, limits, {})
            with transaction.atomic():
                _keep_report(batch, planner, {})
                _end(batch, attempt, BatchState.CHECKED, counts=planner.findings.counts)
    except SupersededError:
        return None
    batch.refresh_from_db()
    return batch


def write_people(
    *, by: Actor, batch_id: UUID, attempt: int, clock: Callable[[], datetime], limits: Limits
) -> Batch | None:
    """Write an import: everything, or, when something has come to be wrong since the check, nothing.

    Returns:
        The import, done, or back at *checked* with what is wrong; ``None`` when somebody else is at it.

    Raises:
        ChangedMeanwhileError: somebody else took a place, enrolled somebody, or undid an import in this very moment;
            nothing is written.
    """
    batch = _claim(batch_id, attempt, BatchState.WRITING, by.at)
    if batch is None:
        return None
    try:
        with _noting_problems(batch):
            require(may_import(by, batch.division, batch.programme))
            progress = _Progress(batch.pk, attempt, clock)
            choices = Report.objects.get(batch=batch).choices
            planner = _planned(by, batch, progress, limits, choices)
            if planner.findings.faults or planner.undecided:
                with transaction.atomic():
                    _keep_report(batch, planner, choices)
                    _end(batch, attempt, BatchState.CHECKED, counts=planner.findings.counts)
            else:
                progress.tell(0, Stage.WRITING, now=True)
                ready = make_ready(by=by, batch=batch, plan=planner.plan)
                with transaction.atomic():
                    write(by=by, batch=batch, plan=planner.plan, ready=ready)
                    made = [(planned.person_id, who) for planned, who in planner.sealed if planned.is_new]
                    tell_of_listed(by, division_id=batch.division_id, importer=batch.user_id, made=made)
                    _end(batch, attempt, BatchState.DONE, counts=planner.findings.counts, finished_at=clock())
                    _delete_lists(batch)
    except SupersededError:
        return None
    batch.refresh_from_db()
    if batch.state == BatchState.DONE and batch.rows_total >= COUNTED_FROM:
        _count_anew()
    return batch


def _count_anew() -> None:
    """Let the database count its rows; what has been taken over stands, whatever becomes of that."""
    try:
        count_anew(*WRITTEN)
    except DatabaseError as error:
        # It is only slower until it counts by itself. Never what the error says: it may hold what somebody wrote.
        _log.warning("the tables could not be counted anew after an import: %s", type(error).__name__)


def _end(batch: Batch, attempt: int, after: BatchState, **values: object) -> None:
    rows = Batch.objects.filter(pk=batch.pk, attempt=attempt)
    if not rows.update(state=after, heartbeat_at=None, **values):
        raise SupersededError


def _delete_lists(batch: Batch) -> None:
    """Delete what is no longer needed: the lists themselves, their samples, and what was found in them."""
    batch.files.update(content=None, layout=[])
    Report.objects.filter(batch=batch).delete()


def _keep_report(batch: Batch, planner: Planner, choices: Mapping[str, str]) -> None:
    Report.objects.update_or_create(
        batch=batch, defaults={"content": planner.findings.stored(), "choices": dict(choices)}
    )


def _planned(by: Actor, batch: Batch, progress: _Progress, limits: Limits, choices: Mapping[str, str]) -> Planner:
    tables = _read(batch, progress, limits)
    progress.tell(0, Stage.CHECKING, now=True)
    frame = Frame(division=batch.division.name, today=by.today, briefed_on=batch.briefed_on)
    planner = Planner(tables, frame, _known(by, batch))
    planner.work_out(choices)
    return planner


def _read(batch: Batch, progress: _Progress, limits: Limits) -> dict[Subject, CheckedTable]:
    cells = CellReader()
    tables: dict[Subject, CheckedTable] = {}
    files = {Subject(file.subject): file for file in batch.files.all()}
    for subject in Subject:
        if (file := files.get(subject)) is None:
            continue
        progress.tell(0, Stage.READING)
        tables[subject] = read_mapped(
            Source(file.name, bytes(file.content or b"")),
            subject,
            _columns(file),
            cells=cells,
            limits=limits,
            numbers_rows=numbers_rows(file.layout),
            on_row=lambda done: progress.tell(done, Stage.READING),
        )
        progress.done += file.rows
    return tables


def _columns(file: File) -> list[Column | None]:
    by_field = {column.field: column for column in all_columns_of(Subject(file.subject))}
    width = max((entry["index"] for entry in file.layout), default=-1) + 1
    columns: list[Column | None] = [None] * width
    for entry in file.layout:
        if entry["index"] != ROW_NUMBERS:
            columns[entry["index"]] = by_field.get(entry["field"])
    return columns


def _known(by: Actor, batch: Batch) -> Known:
    people = known_people(by, batch.division_id)
    references = known_references(by, batch.division_id, batch.programme_id)
    ids = [row["pk"] for row in people]
    enrolled = {(row["person_id"], row["role"]): row for row in current_enrolments(batch.programme_id, ids)}
    mentees = {row["pk"] for row in (*references, *enrolled.values()) if row["role"] == "mentee"}
    return Known(
        people=people,
        references=references,
        sealed=sealed_people(by, batch.division_id),
        enrolled=enrolled,
        applying=applying(batch.programme_id, ids),
        pairs=standing_pairs(mentees),
        division_id=batch.division_id,
    )


__all__ = ["ChangedMeanwhileError", "SupersededError", "check_files", "write_people"]
