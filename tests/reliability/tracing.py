"""Reads what strace has seen: was all that an act has written on the disk when it was acknowledged?

SQLite writes its files itself: at the moment of the acknowledgement nothing may be left in them that was written and
not flushed, and something must have been flushed. PostgreSQL's server does it for the program: between a COMMIT that
it receives and its answer, its log (``pg_wal``) must have been flushed.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import psycopg

from reliability.programs import HERE, binaries, environment, run

PROGRAM: Final = HERE / "syncing.py"
CALLS: Final = "write,pwrite64,writev,pwritev,fsync,fdatasync,recvfrom,sendto"
_LINE: Final = re.compile(r"^(?P<pid>\d+) +(?P<call>.*)$")
_RESUMED: Final = re.compile(r"^<\.\.\. (?P<name>\w+) resumed>(?P<rest>.*)$")
_CALL: Final = re.compile(r"^(?P<name>\w+)\((?:(?P<fd>\d+)<(?P<path>[^>]*)>)?(?P<rest>.*)$")
_MARK: Final = re.compile(r"mark (?P<what>begun|acknowledged) (?P<number>\d+) (?P<kind>[a-z ]+)")
_OF_SQLITE: Final = re.compile(r"\.sqlite3(-wal|-journal)?$")
_FLUSHES: Final = frozenset({"fsync", "fdatasync"})
_WRITES: Final = frozenset({"write", "pwrite64", "writev", "pwritev"})
PATIENCE: Final = 300.0


class CannotTraceError(Exception):
    """Raised where strace is not there, or may not look on."""


@dataclass(frozen=True, slots=True)
class Call:
    """A system call: as it was made, or as it returned."""

    pid: str
    name: str
    path: str
    words: str
    has_returned: bool


@dataclass
class Synced:
    """What was seen: the acts acknowledged, and those that were acknowledged too early."""

    acknowledged: list[str] = field(default_factory=list)
    too_early: list[str] = field(default_factory=list)
    flushes: int = 0


def calls(lines: Iterable[str]) -> Iterator[Call]:
    """Read a log of ``strace -f -y``: a call that another one interrupts is told of in two pieces."""
    begun: dict[str, Call] = {}
    for line in lines:
        told = _LINE.match(line)
        if told is None:
            continue
        pid, words = told["pid"], told["call"]
        resumed = _RESUMED.match(words)
        if resumed is not None:
            first = begun.pop(pid, None)
            if first is not None:
                yield Call(pid, first.name, first.path, first.words + resumed["rest"], has_returned=True)
            continue
        call = _CALL.match(words)
        if call is None:
            continue
        is_unfinished = words.endswith("<unfinished ...>")
        one = Call(pid, call["name"], call["path"] or "", call["rest"], has_returned=not is_unfinished)
        if is_unfinished:
            begun[pid] = one
        yield one


def of_sqlite(log: Iterable[str]) -> Synced:
    """Judge a log of the embedded database's own process."""
    seen, unflushed, flushed = Synced(), set[str](), 0
    for call in calls(log):
        if call.name in _FLUSHES and call.has_returned and _OF_SQLITE.search(call.path):
            unflushed.discard(call.path)
            flushed += 1
        elif call.name in _WRITES and _OF_SQLITE.search(call.path):
            unflushed.add(call.path)
        elif call.name == "write" and (mark := _MARK.search(call.words)):
            if mark["what"] == "begun":
                flushed = 0
                continue
            seen.acknowledged.append(mark["kind"])
            seen.flushes += flushed
            if unflushed or not flushed:
                seen.too_early.append(mark["kind"])
    return seen


def of_postgresql(log: Iterable[str]) -> Synced:
    """Judge a log of PostgreSQL's server and all that it has started."""
    seen = Synced()
    # By the process that works for the program: whether its log was flushed since the COMMIT that it is at.
    committing: dict[str, bool] = {}
    act, commits, early = "", 0, 0
    for call in calls(log):
        if call.name in _FLUSHES and call.has_returned and "pg_wal" in call.path:
            committing = dict.fromkeys(committing, True)
            seen.flushes += 1
        elif call.name == "recvfrom" and call.has_returned:
            mark = _MARK.search(call.words)
            if mark is not None and mark["what"] == "begun":
                act, commits, early = mark["kind"], 0, 0
            elif mark is not None and act:
                seen.acknowledged.append(act)
                # A commit that wrote nothing has nothing to flush; an act has one at least that wrote.
                if not commits or early:
                    seen.too_early.append(act)
                act = ""
            elif "COMMIT" in call.words:
                committing[call.pid] = False
        elif call.name == "sendto" and "COMMIT" in call.words and call.pid in committing:
            commits += 1
            early += not committing.pop(call.pid)
    return seen


# Running ------------------------------------------------------------------------------------------------------------


def strace(log: Path) -> list[str]:
    """Return how a program is looked on at."""
    return ["strace", "-f", "-y", "-qq", "-s", "120", "-e", f"trace={CALLS}", "-e", "signal=none", "-o", str(log)]


def require_strace(folder: Path) -> None:
    """See whether somebody may be looked on at here.

    Raises:
        CannotTraceError: no.
    """
    try:
        done = subprocess.run([*strace(folder / "tried"), "true"], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise CannotTraceError("strace is not installed: whether the disk is waited for was not looked at") from None
    if done.returncode:
        raise CannotTraceError(f"strace may not look on here: {done.stderr.strip()[:200]}")


def on_sqlite(folder: Path, sql: str = "", **more: str) -> Synced:
    """Look on at the embedded database in ``folder``, made if there is none; ``sql`` is said to it first."""
    log = folder / "strace.log"
    run([*strace(log), sys.executable, PROGRAM], environment(folder, RELIABILITY_SQL=sql, **more))
    with log.open(encoding="utf-8", errors="replace") as lines:
        return of_sqlite(lines)


def on_postgresql(sqls: Iterable[str] = ("",)) -> list[Synced]:
    """Look on at a PostgreSQL of its own, once for each of ``sqls`` that is said first."""
    # A name of a socket has few signs, and the folders of tests are not open to the server's user.
    with TemporaryDirectory(prefix="mentornet-pg-", dir="/tmp") as name:
        return _on_postgresql(Path(name), {f"looked_at_{number}": sql for number, sql in enumerate(sqls)})


def _on_postgresql(folder: Path, asked: Mapping[str, str]) -> list[Synced]:
    programs, data, owner = binaries(), folder / "data", list[str]()
    if os.getuid() == 0:
        # The server refuses to be run by root.
        owner = ["runuser", "-u", "postgres", "--"]
        run(["chown", "postgres", folder], os.environ)
    initdb = [programs / "initdb", "-D", data, "-U", "mentornet", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
    # Quickly made: what is looked at comes later.
    run([*owner, *initdb, "--no-sync"], os.environ)
    plain = [str(programs / "postgres"), "-D", str(data), "-c", "listen_addresses=", "-c", "autovacuum=off"]
    plain += ["-c", f"unix_socket_directories={folder}"]

    def told(name: str, sql: str = "") -> dict[str, str]:
        address = f"postgres://mentornet@/{name}?host={folder}"
        own = {"MENTORNET_SECRET_KEY": "not-a-secret-" + "x" * 50, "RELIABILITY_SQL": sql}
        return environment(folder, MENTORNET_DATABASE_URL=address, **own)

    with (
        _serving([*owner, *plain, "-c", "fsync=off"], folder),
        psycopg.connect(host=str(folder), user="mentornet", dbname="postgres", autocommit=True) as link,
    ):
        link.execute("CREATE DATABASE origin")
        run([sys.executable, PROGRAM, "prepare"], told("origin"))
        for name in asked:
            link.execute(f"CREATE DATABASE {name} TEMPLATE origin")
    found = []
    for name, sql in asked.items():
        log = folder / f"{name}.log"
        with _serving([*owner, *strace(log), *plain], folder):
            run([sys.executable, PROGRAM], told(name, sql))
        with log.open(encoding="utf-8", errors="replace") as lines:
            found.append(of_postgresql(lines))
    return found


@contextmanager
def _serving(command: list[str], folder: Path) -> Iterator[None]:
    told = folder / "server.log"
    with told.open("ab") as out:
        program = subprocess.Popen(command, stdout=out, stderr=out)
    try:
        end = time.monotonic() + PATIENCE
        while not _answers(folder):
            if program.poll() is not None or time.monotonic() > end:
                raise AssertionError(told.read_text(encoding="utf-8"))
            time.sleep(0.1)
        yield
    finally:
        _stop(folder / "data", program)


def _answers(folder: Path) -> bool:
    try:
        psycopg.connect(host=str(folder), user="mentornet", dbname="postgres").close()
    except psycopg.OperationalError:
        return False
    return True


def _stop(data: Path, program: subprocess.Popen[bytes]) -> None:
    """Let the server end, as its own file says which it is: what was started may be strace."""
    pid = data / "postmaster.pid"
    if program.poll() is None and pid.exists():
        os.kill(int(pid.read_text(encoding="ascii").split()[0]), signal.SIGINT)
    program.wait(60)
