"""An installation for programs that are killed, looked on at or crowded: real settings, a database of its own."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from reliability.programs import copy_database, database_beside, environment


@pytest.fixture
def installation(db: None, tmp_path: Path) -> Iterator[dict[str, str]]:
    """Return the environment of an installation whose tables are those of the tests, without people."""
    env = environment(tmp_path, MENTORNET_SECRET_KEY=settings.SECRET_KEY)
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        with (
            closing(sqlite3.connect(name)) as origin,
            closing(sqlite3.connect(tmp_path / "mentornet.sqlite3")) as copy,
        ):
            origin.backup(copy)
        yield env
        return
    with database_beside(os.environ["MENTORNET_TEST_DATABASE_URL"]) as url:
        copy_database(name, url)
        yield env | {"MENTORNET_DATABASE_URL": url}
