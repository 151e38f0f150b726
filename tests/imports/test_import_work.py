"""The work in the background: once however often it is asked for, told as it goes, safe to start again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from imports_steps import MENTEES, MENTORS, Journey
from mentornet.common.actors import System
from mentornet.common.answers import ChangedMeanwhileError, RefusedError
from mentornet.common.jobs import run_ready_job
from mentornet.imports import tasks
from mentornet.imports.enums import BatchState, Stage
from mentornet.imports.models import Batch, File
from mentornet.imports.services import batches, work
from mentornet.imports.services.work import check_files, write_people
from mentornet.intake.models import Enrolment
from mentornet.people.models import Person
from reference.sheets import Limits

Begin = Callable[..., Journey]


def start(journey: Journey, attempt: int) -> Batch | None:
    return write_people(by=journey.by, batch_id=journey.batch.pk, attempt=attempt, clock=journey.clock, limits=Limits())


def test_two_clicks_are_one_import(journey: Begin) -> None:
    checked = journey(mentees=MENTEES).checked()
    batches.ask_for_writing(by=checked.by, batch=checked.batch)
    with pytest.raises(RefusedError):
        batches.ask_for_writing(by=checked.by, batch=Batch.objects.get())
    # A second tab, which still holds the state before the first click.
    stale = replace(checked, batch=Batch.objects.get())
    stale.batch.state = BatchState.CHECKED
    with pytest.raises(ChangedMeanwhileError):
        batches.ask_for_writing(by=stale.by, batch=stale.batch)

    assert start(checked, checked.batch.attempt) is not None
    assert start(checked, checked.batch.attempt) is None
    assert Enrolment.objects.count() == 3


def test_a_job_runs_as_the_one_who_asked(journey: Begin, at: object) -> None:
    del at
    checked = journey(mentees=MENTEES).checked()
    batches.ask_for_writing(by=checked.by, batch=checked.batch)
    while run_ready_job("tests", checked.by.at + timedelta(days=400)):
        pass
    assert Enrolment.objects.first().application.decision.decided_by == checked.by.key  # type: ignore[union-attr]


def test_an_earlier_attempt_that_wakes_up_writes_nothing(journey: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    checked = journey(mentees=MENTEES).checked()
    batches.ask_for_writing(by=checked.by, batch=checked.batch)
    first = checked.batch.attempt
    end = work._end

    def asked_anew_meanwhile(batch: Batch, attempt: int, *args: object, **values: object) -> None:
        Batch.objects.filter(pk=batch.pk).update(attempt=attempt + 1)
        end(batch, attempt, *args, **values)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(work, "_end", asked_anew_meanwhile)
        assert start(checked, first) is None
    assert not Person.objects.exists()


def test_work_that_fell_silent_can_be_started_again_and_not_before(journey: Begin) -> None:
    checked = journey(mentees=MENTEES).checked()
    batches.ask_for_writing(by=checked.by, batch=checked.batch)
    Batch.objects.update(begun_at=checked.by.at, heartbeat_at=checked.by.at)
    soon = replace(checked.by, at=checked.by.at + timedelta(seconds=20))
    later = replace(checked.by, at=checked.by.at + timedelta(seconds=40))

    with pytest.raises(RefusedError, match="at work"):
        batches.ask_for_writing(by=soon, batch=Batch.objects.get())
    again = batches.ask_for_writing(by=later, batch=Batch.objects.get())

    assert start(checked, again.attempt - 1) is None
    assert start(checked, again.attempt) is not None
    assert Enrolment.objects.count() == 3


def test_an_error_is_kept_with_the_import_and_nothing_is_written(
    journey: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = journey(mentees=MENTEES).checked()
    batches.ask_for_writing(by=checked.by, batch=checked.batch)

    def fail(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(work, "_delete_lists", fail)
    with pytest.raises(OSError, match="full"):
        start(checked, checked.batch.attempt)

    batch = Batch.objects.get()
    assert (batch.problem, batch.has_stopped(checked.by.at)) == ("OSError", True)
    assert not Person.objects.exists()


def test_progress_is_told_row_by_row(journey: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = "".join(f"{number},Name {number}\n" for number in range(900))
    begun = journey(mentees="id,name\n" + rows).columns()
    batches.ask_for_check(by=begun.by, batch=begun.batch)
    told: list[tuple[int, str]] = []
    moments = iter(begun.by.at + timedelta(seconds=second) for second in range(100))
    tell = work._Progress.tell

    def listen(self: work._Progress, done: int, stage: Stage, *, now: bool = False) -> None:
        tell(self, done, stage, now=now)
        told.append((Batch.objects.get().rows_done, Batch.objects.get().stage))

    monkeypatch.setattr(work._Progress, "tell", listen)
    check_files(
        by=begun.by,
        batch_id=begun.batch.pk,
        attempt=begun.batch.attempt,
        clock=lambda: next(moments),
        limits=Limits(),
    )
    assert told == [(0, "reading"), (250, "reading"), (500, "reading"), (750, "reading"), (900, "checking")]


def test_somebody_enrolled_between_check_and_writing_stops_it_with_a_fault(journey: Begin) -> None:
    journey(mentors=MENTORS, mentees=MENTEES).done()
    pairs = "mentee id,mentor id,since\nE2,M2,2026-02-01\n"
    one, other = journey(pairs=pairs).checked(), journey(pairs=pairs.replace("E2", "E1")).checked()
    one.write()

    other.write()

    assert other.batch.state == BatchState.CHECKED
    assert [(line.rows, line.column) for line in other.faults] == [((2,), "mentor id")]


def test_lists_that_nobody_goes_on_with_are_deleted(journey: Begin) -> None:
    left = journey(mentees=MENTEES).checked()
    kept = journey(mentors=MENTORS).done()
    tasks.forget(by=System("imports.forget", left.by.at + timedelta(days=29)))
    assert Batch.objects.count() == 2

    tasks.forget(by=System("imports.forget", left.by.at + timedelta(days=31)))

    assert list(Batch.objects.all()) == [kept.batch]
    assert File.objects.get().content is None
