"""The program with two roles at one server: migrated and backed up by its owner, served by one that owns nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings

from mentornet.config.env import SettingError, read_settings
from mentornet.privacy.isolation import POLICIES
from serving import of_nobody, served

pytestmark = pytest.mark.postgresql_only

OWNER = f"owner_{os.getpid()}"
SERVED = f"served_{os.getpid()}"


def psql(url: str, text: str) -> str:
    done = subprocess.run(
        ["psql", "-qAt", "-v", "ON_ERROR_STOP=1", url], input=text, text=True, check=True, capture_output=True
    )
    return done.stdout.strip()


def address(role: str, name: str) -> str:
    """Return the tests' own server as a role sees it, by its socket."""
    host = os.environ["MENTORNET_TEST_DATABASE_URL"].partition("host=")[2]
    return f"postgres://{role}@/{name}?host={quote(host, safe='/')}"


@pytest.fixture
def environment(db: None, tmp_path: Path) -> Iterator[dict[str, str]]:
    """An installation with nothing in it: two roles, and a database that one of them owns."""
    server, name = os.environ["MENTORNET_TEST_DATABASE_URL"], f"two_roles_{os.getpid()}"
    plain = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS"
    psql(server, f"CREATE ROLE {OWNER} {plain}; CREATE ROLE {SERVED} {plain};")
    psql(server, f"CREATE DATABASE {name} OWNER {OWNER}")
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    yield of_nobody(data) | {
        "MENTORNET_HTTPS": "no",
        "MENTORNET_MAIL_URL": "consolemail://",
        "MENTORNET_DATABASE_URL": address(SERVED, name),
        "MENTORNET_OWNER_DATABASE_URL": address(OWNER, name),
    }
    psql(server, f"DROP DATABASE {name} WITH (FORCE)")
    psql(server, f"DROP ROLE {OWNER}; DROP ROLE {SERVED};")


def run(environment: dict[str, str], *words: str, code: int = 0) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "mentornet.cli", *words],
        env=environment, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_owner_migrates_and_the_other_serves(environment: dict[str, str], tmp_path: Path) -> None:
    owner, own = environment["MENTORNET_OWNER_DATABASE_URL"], environment["MENTORNET_DATABASE_URL"]
    run(environment, "migrate")
    assert int(psql(owner, "SELECT count(*) FROM pg_policies WHERE policyname = 'mentornet_scope'")) == len(POLICIES)
    assert psql(owner, f"SELECT count(*) FROM pg_tables WHERE tableowner = '{SERVED}'") == "0"
    psql(
        owner,
        "INSERT INTO people_person SELECT (json_populate_record(NULL::people_person, json_build_object("
        + ", ".join(f"'{column}', {value}" for column, value in _somebody(owner).items())
        + "))).*",
    )
    assert psql(owner, "SELECT count(*) FROM people_person") == "1"
    assert psql(own, "SELECT count(*) FROM people_person") == "0"
    with served("serve", "--no-worker", environment=environment, log=tmp_path / "served.log") as at:
        for path in ("/accounts/login/", "/en/", "/my/sign-in/"):
            with urllib.request.urlopen(f"{at}{path}", timeout=20) as page:
                assert page.status == 200
        others = "datname = current_database() AND pid <> pg_backend_pid()"
        assert psql(owner, f"SELECT DISTINCT usename FROM pg_stat_activity WHERE {others}") == SERVED
    run(environment, "worker", "--once")
    assert "Two roles" not in run(environment, "check", code=1)
    alone = environment | {"MENTORNET_DATABASE_URL": owner, "MENTORNET_OWNER_DATABASE_URL": ""}
    # One role still does everything, and is told of.
    assert "Two roles" in run(alone, "check", code=1)
    _carry_away(environment, tmp_path)


def _somebody(owner: str) -> dict[str, str]:
    """Return a value for each column of people that must have one."""
    rows = psql(
        owner,
        "SELECT column_name, data_type FROM information_schema.columns"
        " WHERE table_name = 'people_person' AND is_nullable = 'NO'",
    )
    values = {"uuid": "gen_random_uuid()", "boolean": "false", "timestamp with time zone": "now()"}
    named = dict(line.split("|") for line in rows.splitlines())
    return {name: values.get(kind, "'x'") for name, kind in named.items()} | {
        "email": "''", "phone": "''", "contact_way": "''", "language": "'da'",
    }  # fmt: skip


def _carry_away(environment: dict[str, str], folder: Path) -> None:
    """See that a backup holds what the policies hold back, and comes back with them."""
    words, file = folder / "passphrase", folder / "backup"
    words.write_text("a passphrase of many signs\n", encoding="utf-8")
    owner, own = environment["MENTORNET_OWNER_DATABASE_URL"], environment["MENTORNET_DATABASE_URL"]
    run(environment, "backup", str(file), "--passphrase-file", str(words))
    psql(owner, "DELETE FROM people_person")
    run(environment, "restore", str(file), "--passphrase-file", str(words), "--replace")
    assert psql(owner, "SELECT count(*) FROM people_person") == "1"
    assert int(psql(owner, "SELECT count(*) FROM pg_policies WHERE schemaname = 'public'")) == len(POLICIES)
    # The next start gives the role that serves what it may do, and no more.
    run(environment, "migrate")
    assert psql(own, "SELECT count(*) FROM people_person") == "0"
    assert psql(own, "SET mentornet.scope = '*'; SELECT count(*) FROM people_person") == "1"


def test_a_role_that_is_not_there_is_told(environment: dict[str, str]) -> None:
    environment["MENTORNET_DATABASE_URL"] = environment["MENTORNET_DATABASE_URL"].replace(SERVED, "missing_role")
    assert "CREATE ROLE" in run(environment, "migrate", code=2)


@pytest.mark.parametrize(
    ("served_by", "owned_by"),
    [
        ("sqlite:////tmp/x.sqlite3", "postgres://owner@/network"),
        ("postgres://served@/network", "sqlite:////tmp/x.sqlite3"),
        ("postgres://same:geheim@/network", "postgres://same:geheim@/network"),
        ("postgres:///network", "postgres://owner:geheim@/network"),
        ("postgres://served@/network", "postgres://owner:geheim@/another"),
    ],
)
def test_addresses_of_two_databases_are_refused(served_by: str, owned_by: str) -> None:
    with pytest.raises(SettingError, match="OWNER_DATABASE_URL") as raised:
        read_settings({"MENTORNET_DATABASE_URL": served_by, "MENTORNET_OWNER_DATABASE_URL": owned_by})
    assert "geheim" not in str(raised.value)


def test_tests_run_beneath_the_policies() -> None:
    assert settings.MIDDLEWARE[0] == "served.ServedByRole"
