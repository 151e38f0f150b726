"""The writer that is killed: does a plan of acts, and says each time when one has returned.

For the controls it acknowledges before the commit (``early``), or writes without a transaction (``torn``).
"""

from __future__ import annotations

import json
import os
import signal
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any, Final, NoReturn
from unittest.mock import patch

from django.db import connection

from reliability.acts import Act, World, at_work, perform
from reliability.databases import backend

HELD: Final = 60.0
"""Seconds that a writer waits to be killed."""

Tick = Callable[[], None]


def _write(world: World, plan: Sequence[Act], say: Callable[[str], None], *, kill_at: int, control: str) -> None:
    """Do a plan, and tell of each act when it begins and when it has returned."""
    connection.ensure_connection()
    world = at_work(world)
    say(f"ready {backend()}")
    with ExitStack() as stack:
        if control == "torn":
            stack.enter_context(_without_transactions())
        for number, act in enumerate(plan):
            say(f"begun {number}")
            if control == "early":
                stack.enter_context(_around_commit(partial(_say_and_wait, say, f"done {number}"), _nothing))
            elif kill_at:
                stack.enter_context(_each_step(_killing(kill_at)))
            perform(world, act)
            say(f"done {number}")
            if kill_at:
                return
    time.sleep(HELD)


def _killing(at: int) -> Tick:
    left = iter(range(at - 1, -1, -1))

    def tick() -> None:
        if next(left, -1) == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    return tick


@contextmanager
def _each_step(tick: Tick) -> Iterator[None]:
    """Call ``tick`` before each statement, before each commit, and after it."""

    def statement(execute: Callable[..., object], *rest: object) -> object:
        tick()
        return execute(*rest)

    with connection.execute_wrapper(statement), _around_commit(tick, tick):
        yield


@contextmanager
def _around_commit(before: Tick, after: Tick) -> Iterator[None]:
    """Call something right before the database is told to commit, and right after it has."""
    link: Any = connection
    commit = link._commit

    def around() -> None:
        before()
        commit()
        after()

    with patch.object(connection, "_commit", around):
        yield


def _say_and_wait(say: Callable[[str], None], words: str) -> None:
    say(words)
    time.sleep(HELD)


def _nothing() -> None:
    """Let what comes after be."""


@contextmanager
def _without_transactions() -> Iterator[None]:
    """Let every statement be committed by itself, and Django not know."""

    def set_autocommit(autocommit: bool, *_rest: object, **_more: object) -> None:
        connection.autocommit = autocommit

    with (
        patch.object(connection, "set_autocommit", set_autocommit),
        patch.object(connection.features, "uses_savepoints", False),
    ):
        yield


def be_writer(pipe: int, world: World, plan: Sequence[Act], *, kill_at: int, control: str) -> NoReturn:
    """Be the process that is killed; never returns."""

    def say(line: str) -> None:
        os.write(pipe, f"{line}\n".encode())

    try:
        _write(world, plan, say, kill_at=kill_at, control=control)
    except BaseException:  # noqa: BLE001 - told to whoever looks on
        say("failed " + json.dumps(traceback.format_exc()))
    finally:
        os._exit(0)
