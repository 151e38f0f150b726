"""An installation of its own for tests of backups: a data folder, a database of the kind tested, the program."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

from django.db import connection

from mentornet.backups.reaching import connected
from mentornet.backups.sealing import new_identity

TESTS: Final = Path(__file__).parents[1]
PASSWORD: Final = "a road to somewhere far"


@dataclass(slots=True)
class Installation:
    """One of them; ``mentornet`` runs as its administrator runs it."""

    data: Path
    address: str
    key: Path
    public: str

    @property
    def environment(self) -> dict[str, str]:
        own = {name: value for name, value in os.environ.items() if not name.startswith(("MENTORNET_", "DJANGO_"))}
        return own | {
            "MENTORNET_DATA": str(self.data),
            "MENTORNET_DATABASE_URL": self.address,
            "MENTORNET_HTTPS": "no",
            "MENTORNET_MAIL_URL": "consolemail://",
            "PYTHONPATH": str(TESTS),
        }

    @property
    def file(self) -> Path:
        """The embedded database's."""
        return Path(self.address.removeprefix("sqlite:///"))

    def start(self, *words: str, **more: Any) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "mentornet.cli", *words],
            env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.PIPE, text=True,
            **more,
        )  # fmt: skip

    def mentornet(self, *words: str, said: str = "", code: int = 0, **more: Any) -> str:
        """Run a command and return what it says; it must end as told."""
        with self.start(*words, **more) as process:
            told, _none = process.communicate(said, timeout=300)
        assert process.returncode == code, told
        return told

    def backup(self, file: Path) -> Path:
        self.mentornet("backup", str(file), "--key", self.public)
        return file

    def restore(self, file: Path, *words: str, code: int = 0, **more: Any) -> str:
        return self.mentornet("restore", str(file), "--identity", str(self.key), *words, code=code, **more)

    def python(self, code: str) -> str:
        """Run some lines inside the installation."""
        lines = f"import django; django.setup()\n{code}"
        done = subprocess.run(
            [sys.executable, "-c", lines],
            env=self.environment | {"DJANGO_SETTINGS_MODULE": "mentornet.config.settings"},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert not done.returncode, done.stderr
        return done.stdout.strip()

    def sql(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Run one statement; rows, if it has any."""
        if self.address.startswith("sqlite"):
            with closing(sqlite3.connect(self.file, isolation_level=None, timeout=30)) as database:
                return database.execute(statement.replace("%s", "?"), values).fetchall()
        with connected(self.database) as own, own.cursor() as cursor:
            cursor.execute(statement, values or None)
            return list(cursor.fetchall()) if cursor.description else []

    @property
    def database(self) -> Mapping[str, Any]:
        own = connection.settings_dict
        return {**own, "NAME": urlsplit(self.address).path.lstrip("/")} if connection.vendor == "postgresql" else {
            **own, "NAME": str(self.file)
        }  # fmt: skip


Make = Callable[..., Installation]


def make(folder: Path, *, template: Installation | None = None, empty: bool = False) -> Installation:
    """Make an installation with one administrator, as a copy of ``template`` if there is one; or with no database."""
    name = f"of_{uuid4().hex[:12]}"
    data = folder / name
    data.mkdir(mode=0o700)
    key = folder / f"{name}.key"
    secret, public = new_identity()
    key.write_text(f"{secret}\n", encoding="utf-8")
    if connection.vendor == "postgresql":
        server = urlsplit(os.environ["MENTORNET_TEST_DATABASE_URL"])
        address = urlunsplit(server._replace(path=f"/{name}"))
        source = urlsplit(template.address).path.lstrip("/") if template and not empty else "template0"
        with connected({**connection.settings_dict, "NAME": "postgres"}) as own, own.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name} TEMPLATE {source}")
    else:
        address = f"sqlite:///{data / 'mentornet.sqlite3'}"
        if template and not empty:
            with closing(sqlite3.connect(template.file)) as database:
                database.execute("VACUUM INTO ?", [str(data / "mentornet.sqlite3")])
    made = Installation(data, address, key, public)
    if template and not empty:
        (data / "secret-key").write_bytes((template.data / "secret-key").read_bytes())
    elif not empty:
        made.mentornet("staff", "anna@example.org", "--name", "Anna Holm", said=f"{PASSWORD}\n")
    return made


def drop(made: Installation) -> None:
    """Take an installation's database away."""
    if connection.vendor == "postgresql":
        name = urlsplit(made.address).path.lstrip("/")
        with connected({**connection.settings_dict, "NAME": "postgres"}) as own, own.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
