"""Starting the programs of this folder, each in an environment and on a database of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import psycopg

HERE: Final = Path(__file__).resolve().parent


def environment(folder: Path, **more: str) -> dict[str, str]:
    """Return the environment of a writer with its data in ``folder``."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MENTORNET_", "DJANGO_"))}
    tests = str(HERE.parent)
    return kept | {"MENTORNET_DATA": str(folder), "MENTORNET_HTTPS": "no", "PYTHONPATH": tests} | more


def run(command: Iterable[object], env: Mapping[str, str]) -> str:
    """Run a program to its end and return what it said.

    Raises:
        AssertionError: it failed; with what it said.
    """
    done = subprocess.run([str(word) for word in command], env=dict(env), capture_output=True, text=True, check=False)
    if done.returncode:
        raise AssertionError(done.stderr[-3000:] or done.stdout[-3000:])
    return done.stdout


def asked(program: str, *words: object, env: Mapping[str, str]) -> dict[str, Any]:
    """Run one of this folder's programs and return what it has seen."""
    found: dict[str, Any] = json.loads(run([sys.executable, HERE / program, *words], env).splitlines()[-1])
    return found


def binaries() -> Path:
    """Return where PostgreSQL's own programs are."""
    return (sorted(Path("/usr/lib/postgresql").glob("*/bin")) or [Path("/usr/local/pgsql/bin")])[-1]


@contextmanager
def database_beside(url: str) -> Iterator[str]:
    """Make an empty database on the server of ``url``, and give its address; it is dropped afterwards."""
    name = f"reliability_{uuid4().hex[:12]}"
    parts = urlsplit(url)
    with psycopg.connect(url, autocommit=True) as link:
        link.execute(f"CREATE DATABASE {name}")
    try:
        yield parts._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(url, autocommit=True) as link:
            link.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def copy_database(origin: str, url: str) -> None:
    """Fill the empty database at ``url`` with what stands in the one named ``origin`` on the same server."""
    parts = urlsplit(url)
    place = [*_word("-h", parse_qs(parts.query).get("host", [parts.hostname or ""])[0])]
    place += [*_word("-p", str(parts.port or "")), *_word("-U", parts.username or "")]
    secret = os.environ | ({"PGPASSWORD": parts.password} if parts.password else {})
    dump = run([binaries() / "pg_dump", *place, origin], secret)
    load = [str(binaries() / "psql"), *place, "-q", "-v", "ON_ERROR_STOP=1", "-d", parts.path[1:]]
    done = subprocess.run(load, input=dump, env=secret, capture_output=True, text=True, check=False)
    if done.returncode:
        raise AssertionError(done.stderr[-3000:])


def _word(name: str, value: str) -> Iterable[str]:
    return (name, value) if value else ()
