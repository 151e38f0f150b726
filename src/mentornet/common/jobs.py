"""Work that is done outside a request: jobs that somebody asks for by name, and jobs that come round by themselves.

Apps register theirs in a module ``tasks``, found when Django starts; so a service asks for a job without importing
what lies above it. One program runs them all: the command ``work``.

Jobs must bear being run again. A job is written down in the transaction that asks for it, and its worker may die at
any moment; then it is queued again.
"""

from __future__ import annotations

import logging
import os
import socket
import time
import traceback
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, ParamSpec, Protocol, TypeVar
from uuid import uuid4

from django.db import transaction
from django.db.models import F, Q
from django_tasks.base import Task, TaskResultStatus, task
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from mentornet.common.actors import System
from mentornet.common.beats import LOST_AFTER, forget_lost_workers, is_lost
from mentornet.common.fields import declare, setup
from mentornet.common.models import PeriodicRun

P = ParamSpec("P")
T = TypeVar("T")

BACKEND: Final = "default"
MOST_STARTS: Final = 3
"""How often a job is begun whose worker dies: it may be the job that kills the worker."""
RETRY_AFTER: Final = timedelta(hours=1)
"""When a periodic job that failed or was cut short comes round again, if not sooner anyway."""
REST_AFTER_PROBLEM: Final = timedelta(minutes=1)
KEEP_FINISHED: Final = timedelta(days=14)

_log: Final = logging.getLogger(__name__)
_frames_kept: Final = 4

declare("common.PeriodicRun", setup("id", "name", "last_started_at", "last_finished_at", "last_problem"))


# Jobs that somebody asks for ------------------------------------------------------------------------------------------

_JOBS: Final[dict[str, Task[..., Any]]] = {}


def register_job(name: str) -> Callable[[Callable[P, T]], Task[P, T]]:
    """Make a function of a module ``tasks`` a job that can be asked for by ``name``, such as ``imports.read_file``.

    It gets its arguments as JSON leaves them: ids as text.

    Raises:
        ValueError: the name is taken.
    """

    def registered(function: Callable[P, T]) -> Task[P, T]:
        job = task(function)
        if name in _JOBS:
            raise ValueError(f"the job {name} is registered twice")
        _JOBS[name] = job
        return job

    return registered


def enqueue(name: str, **kwargs: object) -> str:
    """Ask for a job and return its id. It is written in the caller's transaction: rolled back, it was never asked for.

    Raises:
        KeyError: no job has this name.
        TypeError: an argument cannot be written as JSON.
    """
    return str(_JOBS[name].enqueue(**kwargs).id)


@dataclass(frozen=True, slots=True)
class JobState:
    """How a job stands that somebody has asked for.

    Attributes:
        arguments: with which it was asked for.
        is_over: it has ended, or has failed for good.
        has_failed: it has failed for good.
        result: what it returned, as JSON leaves it; ``None`` before its end.
    """

    arguments: Mapping[str, Any]
    is_over: bool
    has_failed: bool
    result: Any


def newest_job(name: str, since: datetime, **arguments: str) -> JobState | None:
    """Return how the newest job of a name stands that was asked for since a moment, with these arguments among its own.

    Raises:
        KeyError: no job has this name.
    """
    rows = DBTaskResult.objects.filter(task_path=_JOBS[name].module_path, enqueued_at__gt=since)
    job = rows.filter(**{f"args_kwargs__kwargs__{key}": value for key, value in arguments.items()})
    found = job.order_by("-enqueued_at").first()
    if found is None:
        return None
    return JobState(
        arguments=found.args_kwargs["kwargs"],
        is_over=found.status in {TaskResultStatus.SUCCESSFUL, TaskResultStatus.FAILED},
        has_failed=found.status == TaskResultStatus.FAILED,
        result=found.return_value,
    )


def worker_name() -> str:
    """Return a name for this process as a worker, for the record of who ran what."""
    return f"{socket.gethostname()[:24]}:{os.getpid()}:{uuid4().hex[:8]}"


def run_ready_job(worker: str, at: datetime) -> bool:
    """Run one job that somebody asked for, if there is one. Its success or failure is kept with it.

    Only the running is the queue's own worker's: its loop takes the embedded database's one write lock to look for
    work, twice a second, and closes the connection around each job.

    Raises:
        OperationalError: the database is busy or gone.
    """
    job = DBTaskResult.objects.ready().filter(backend_name=BACKEND).first()
    if job is None:
        return False
    job.status, job.started_at, job.worker_ids = TaskResultStatus.RUNNING, at, [*job.worker_ids, worker]
    claimed = DBTaskResult.objects.filter(pk=job.pk, status=TaskResultStatus.READY).update(
        status=job.status, started_at=at, worker_ids=job.worker_ids
    )
    if claimed:
        _runner(worker).run_task(job)
    # Also when another worker was faster: there may be more.
    return True


def _runner(worker: str) -> Worker:
    return Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name=BACKEND,
        startup_delay=False,
        max_tasks=1,
        worker_id=worker,
        excluded_queue_names=[],
    )


def _lost_jobs(at: datetime) -> list[DBTaskResult[..., Any]]:
    running = DBTaskResult.objects.running().filter(started_at__lte=at - LOST_AFTER)
    return [job for job in running if job.started_at and is_lost(job.worker_ids[-1], job.started_at, at)]


def is_a_job_lost(at: datetime) -> bool:
    """Tell whether a job stands as running whose worker is dead."""
    return bool(_lost_jobs(at))


def jobs_failed(names: Collection[str], since: datetime) -> int:
    """Return how many jobs of these names have failed since then: nobody waits for them, so somebody has to be told."""
    paths = [_JOBS[name].module_path for name in names if name in _JOBS]
    failed = DBTaskResult.objects.filter(task_path__in=paths, status=TaskResultStatus.FAILED, finished_at__gt=since)
    return failed.count()


def recover_jobs(*, by: System) -> None:
    """Queue jobs again whose worker died, and give up those that died three times.

    The queue itself leaves such a job running for ever. Queued again rather than failed: nobody watches a failed job,
    jobs bear being run again, and most workers die of a restart or a power cut, not of the job.
    """
    for job in _lost_jobs(by.at):
        seen = DBTaskResult.objects.filter(pk=job.pk, status=TaskResultStatus.RUNNING, started_at=job.started_at)
        if len(job.worker_ids) < MOST_STARTS:
            seen.update(status=TaskResultStatus.READY, started_at=None)
            _log.warning("job %s: its worker died; queued again", job.pk)
        else:
            seen.update(
                status=TaskResultStatus.FAILED,
                finished_at=by.at,
                exception_class_path="builtins.InterruptedError",
                traceback=f"The worker died {MOST_STARTS} times while this job ran.",
            )
            _log.error("job %s: its worker died %s times; given up", job.pk, MOST_STARTS)


def forget_finished_jobs(*, by: System) -> None:
    """Delete jobs that ended two weeks ago, and the traces of workers that died."""
    forget_lost_workers(by.at)
    DBTaskResult.objects.finished().filter(finished_at__lte=by.at - KEEP_FINISHED).delete()


# Jobs that come round by themselves -----------------------------------------------------------------------------------


class PeriodicJob(Protocol):
    """What comes round: a service, or a function that calls some."""

    def __call__(self, *, by: System) -> object:
        """Do the work, as the program, at the moment ``by.at``."""


@dataclass(frozen=True, slots=True)
class _Periodic:
    function: PeriodicJob
    interval: timedelta
    when: Callable[[datetime], bool] | None
    is_slow: bool


_PERIODIC: Final[dict[str, _Periodic]] = {}


def every(
    *, name: str, minutes: float = 0, when: Callable[[datetime], bool] | None = None, slow: bool = False
) -> Callable[[PeriodicJob], PeriodicJob]:
    """Register a function to come round every so many minutes; with ``when``, only if there is something to do.

    ``when`` is asked twice a second and should cost one small query. With ``when`` alone the job runs as soon as there
    is something to do; it must then leave nothing to do behind, and bear another worker beside it. One that is
    ``slow`` waits until all others have had their turn, also those that have become due since: letters go first.

    Raises:
        ValueError: the name is taken, or it would run without end.
    """
    if minutes <= 0 and when is None:
        raise ValueError(f"the job {name} would never rest")

    def registered(function: PeriodicJob) -> PeriodicJob:
        if name in _PERIODIC:
            raise ValueError(f"the periodic job {name} is registered twice")
        _PERIODIC[name] = _Periodic(function, timedelta(minutes=minutes), when, slow)
        return function

    return registered


def _is_due(interval: timedelta, at: datetime) -> Q:
    """Return what a row must still be like for its job to be taken now."""
    never, well = Q(last_started_at__isnull=True), Q(last_problem="")
    # What failed rests a little, however often it comes round, and is tried again within the hour, however seldom.
    rest = min(max(interval, REST_AFTER_PROBLEM), RETRY_AFTER)
    cut_short = Q(last_finished_at__isnull=True) | Q(last_finished_at__lt=F("last_started_at"))
    return (
        never
        | (well & Q(last_started_at__lte=at - interval))
        | (~well & Q(last_started_at__lte=at - rest))
        | (cut_short & Q(last_started_at__lte=at - RETRY_AFTER))
    )


def run_due_periodic(at: datetime, *, stopping: Callable[[], bool] = lambda: False) -> int:
    """Run each periodic job whose time has come, and return how many ran.

    A job is claimed by a conditional update, so two workers never run the same round of it. One that raises is kept
    and logged, and does not stop the others.

    Raises:
        OperationalError: the database is busy or gone; what was not claimed stays due.
    """
    began, ran = time.monotonic(), 0
    due = _due_names(at)
    slow = [name for name in due if _PERIODIC[name].is_slow]
    turn = [name for name in due if name not in slow]
    while (turn or slow) and not stopping():
        name = turn.pop(0) if turn else slow.pop(0)
        has_run = _run_periodic(name, at + timedelta(seconds=time.monotonic() - began))
        ran += has_run
        if has_run and _PERIODIC[name].is_slow and slow:
            # Others have become due meanwhile: they have their turn before the next slow one.
            now = at + timedelta(seconds=time.monotonic() - began)
            turn = [one for one in _due_names(now) if not _PERIODIC[one].is_slow]
    return ran


def _due_names(at: datetime) -> list[str]:
    known = set(PeriodicRun.objects.filter(name__in=_PERIODIC).values_list("name", flat=True))
    if missing := [name for name in _PERIODIC if name not in known]:
        PeriodicRun.objects.bulk_create([PeriodicRun(name=name) for name in missing], ignore_conflicts=True)
    due = Q(pk__in=[])
    for name, job in _PERIODIC.items():
        due |= Q(name=name) & _is_due(job.interval, at)
    names = set(PeriodicRun.objects.filter(due).values_list("name", flat=True))
    return [name for name in _PERIODIC if name in names]


def _run_periodic(name: str, at: datetime) -> bool:
    job = _PERIODIC[name]
    if job.when is not None and not job.when(at):
        return False
    with transaction.atomic():
        rows = PeriodicRun.objects.filter(_is_due(job.interval, at), name=name)
        if not rows.update(last_started_at=at):
            return False
    began, problem = time.monotonic(), ""
    try:
        job.function(by=System(name, at))
    except Exception as error:  # noqa: BLE001 - one job's fault is no reason to leave the others undone
        problem = _told(error)
        _log.error("the periodic job %s failed: %s", name, problem)
    finished_at = at + timedelta(seconds=time.monotonic() - began)
    PeriodicRun.objects.filter(name=name, last_started_at=at).update(last_finished_at=finished_at, last_problem=problem)
    return True


def _told(error: Exception) -> str:
    """Return an error's kind and where it happened: not its words, which may hold what somebody wrote."""
    frames = traceback.extract_tb(error.__traceback__)[-_frames_kept:]
    places = [f"{frame.name} ({os.path.basename(frame.filename)}:{frame.lineno})" for frame in frames]  # noqa: PTH119
    return f"{type(error).__name__} in {' > '.join(places)}"


# The worker's round ---------------------------------------------------------------------------------------------------


def run_round(worker: str, clock: Callable[[], datetime], *, stopping: Callable[[], bool] = lambda: False) -> int:
    """Do one round of a worker: what comes round by itself, between and after the jobs that somebody asked for.

    Returns:
        How many jobs ran; nothing was due when none did.
    """
    ran = run_due_periodic(clock(), stopping=stopping)
    while not stopping() and run_ready_job(worker, clock()):
        # Letters leave between two long jobs too.
        ran += 1 + run_due_periodic(clock(), stopping=stopping)
    return ran
