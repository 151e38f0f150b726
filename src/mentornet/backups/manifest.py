"""What a backup says of itself, inside its seal: each of its members with its hash, each table with its own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from mentornet.backups.sealing import damaged

FORMAT: Final = "mentornet-backup-1"
NAME: Final = "manifest.json"


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a backup."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class TableState:
    """What a table holds: how many rows, and a hash of all of them (:mod:`mentornet.backups.tables`)."""

    rows: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup says of itself.

    Attributes:
        made_at: before the moment at which the database was read: what was acknowledged by then is in it.
        program: the version that wrote it.
        database: ``sqlite`` or ``postgresql``.
        server: the version of the database.
        migrations: which have been run, as ``app.name``.
        members: every other file in it.
        tables: every table, as it was read in the same moment as what lies in ``database/``.
        secret_key: a fingerprint of the key with which second factors in the database are sealed.
        has_secret_key: the key itself lies in it: it is kept in the data folder, not in the environment.
        chain: the audit's last seal before the database was read, to be found again in it.
    """

    made_at: datetime
    program: str
    database: str
    server: str
    migrations: tuple[str, ...]
    members: dict[str, Member]
    tables: dict[str, TableState]
    secret_key: str
    has_secret_key: bool
    chain: str

    @property
    def rows(self) -> int:
        """How many rows there are in all tables."""
        return sum(table.rows for table in self.tables.values())


def written(manifest: Manifest) -> bytes:
    """Return a manifest as it stands in a backup."""
    return json.dumps(
        {
            "format": FORMAT,
            "made_at": manifest.made_at.isoformat(),
            "program": manifest.program,
            "database": manifest.database,
            "server": manifest.server,
            "migrations": list(manifest.migrations),
            "members": {name: [one.sha256, one.size] for name, one in manifest.members.items()},
            "tables": {name: [one.rows, one.digest] for name, one in manifest.tables.items()},
            "secret_key": manifest.secret_key,
            "has_secret_key": manifest.has_secret_key,
            "chain": manifest.chain,
        },
        ensure_ascii=True,
        indent=1,
    ).encode("ascii")


def read(data: bytes) -> Manifest:
    """Return the manifest that stands in a backup.

    Raises:
        DamagedError: it is none, or of a format that this program does not know.
    """
    try:
        told = json.loads(data)
        if told["format"] != FORMAT:
            raise damaged()
        return Manifest(
            made_at=datetime.fromisoformat(told["made_at"]),
            program=str(told["program"]),
            database=str(told["database"]),
            server=str(told["server"]),
            migrations=tuple(map(str, told["migrations"])),
            members={str(name): Member(str(one[0]), int(one[1])) for name, one in told["members"].items()},
            tables={str(name): TableState(int(one[0]), str(one[1])) for name, one in told["tables"].items()},
            secret_key=str(told["secret_key"]),
            has_secret_key=bool(told["has_secret_key"]),
            chain=str(told["chain"]),
        )
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise damaged() from error
