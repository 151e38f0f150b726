"""From an empty folder, by the command line alone, to a network in which the administrator sees what is left to do."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.db import connection

from firstrun.browsing import Browser
from messaging.sink import Sink
from serving import of_nobody, served

PASSWORD = "kold-havn-og-tre-baade"
HOST = "mentor.example.org"
OFFICE = ("--network", "Broen", "--legal-name", "Foreningen Broen", "--email", "kontor@example.org")
ANNA = ("--admin-name", "Anna Holm", "--admin-email", "anna@example.org")
EVERYTHING = (*OFFICE, *ANNA, "--division", "Odense", "--programme", "social", "--lead", "yes")


def run(folder: Path, *words: str, typed: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mentornet.cli", *words],
        env=of_nobody(folder) | environment,
        input=typed,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.fixture
def database() -> Iterator[str]:
    """The address of an empty database; empty for the embedded one."""
    if connection.vendor == "sqlite":
        yield ""
        return
    from psycopg import connect, sql  # noqa: PLC0415 - only where there is a PostgreSQL

    url = os.environ["MENTORNET_TEST_DATABASE_URL"]
    name = f"first_evening_{os.getpid()}"
    with connect(url.replace("postgres://", "postgresql://"), autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield url.replace("/postgres?", f"/{name}?")
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def mail() -> Iterator[Sink]:
    with Sink().running() as sink:
        yield sink


def secret_on(page: str) -> str:
    found = re.search(r'<p class="secret" dir="ltr">([A-Z2-7]+)</p>', page)
    assert found
    return found[1]


def enter(browser: Browser) -> None:
    """Sign in for the first time, and set up the second step."""
    browser.open("/desk/")
    assert browser.path == "/accounts/login/"
    browser.send("", login="anna@example.org", password=PASSWORD)
    assert browser.path == "/accounts/2fa/totp/activate/"
    browser.send("/accounts/2fa/totp/activate/", code=format_hotp_value(hotp_value(secret_on(browser.page), _step())))
    assert browser.path == "/accounts/2fa/recovery-codes/"


def _step() -> int:
    return int(time.time()) // 30


def wait_for(ready: Callable[[], object], seconds: float = 240) -> None:
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end
        time.sleep(0.2)


def test_from_an_empty_folder_to_the_checklist(tmp_path: Path, database: str, mail: Sink) -> None:
    folder = tmp_path / "data"
    words = [*EVERYTHING, "--mail-url", f"smtp://127.0.0.1:{mail.port}", "--sender", "Kontoret <kontor@example.org>"]
    # On the tests' own PostgreSQL, which is not safe (its role may do all), it is only tried.
    is_real = not database
    words += ["--address", f"https://{HOST}"] if is_real else ["--database-url", database]
    done = run(folder, "setup", *words, "--trial-letter", "anna@example.org", typed=f"{PASSWORD}\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert [to for to, _letter in mail.got] == ["anna@example.org"]
    assert (folder.stat().st_mode & 0o777, (folder / "mentornet.env").stat().st_mode & 0o777) == (0o700, 0o600)
    checked = run(folder, "check")
    assert checked.returncode == 1
    assert "UNSAFE" not in checked.stdout
    proxy = {"Host": HOST, "X-Forwarded-Proto": "https"} if is_real else {}
    with served("serve", environment=of_nobody(folder), log=tmp_path / "log", headers=proxy) as address:
        browser = Browser(address, HOST if is_real else "")
        enter(browser)
        today = browser.open("/desk/")
        assert re.search(r"First steps: \d of 8 are done", today)
        steps = browser.open("/desk/setup/first-steps/")
        for title in ("Your own second step", "Say who runs the network", "Begin with a programme"):
            assert re.search(rf'aria-label="Done".*?<h2>{title}</h2>', steps, re.DOTALL)
        assert "The public site and the privacy notice name it." in steps
        assert "No telephone stands there for: Odense." in steps
        assert "Nobody works in: Odense." in steps
        # A letter that she sends herself arrives by the worker; its code stands in it, and nowhere else.
        browser.send("/desk/setup/first-steps/trial/", channel="email", address="anna@example.org")
        assert browser.path == "/desk/setup/first-steps/"
        wait_for(lambda: len(mail.got) == 2)
        letter = mail.got[-1][1].get_payload(decode=True)
        assert isinstance(letter, bytes)
        code = re.search(rb"\b\d{6}\b", letter)
        assert code
        wait_for(lambda: "One has left for anna@example.org." in browser.open("/desk/setup/first-steps/"))
        browser.send("/desk/setup/first-steps/trial/code/", channel="email", code=code[0].decode())
        assert "A letter has arrived the way letters leave now." in browser.page
        # What participants read of the programme is there, in the languages they were given.
        assert "Du behøver ikke at søge arbejde." in browser.open("/da/mentee/")


@pytest.mark.sqlite_only
def test_begun_again_it_keeps_what_was_said(tmp_path: Path, mail: Sink) -> None:
    words = [*EVERYTHING, "--address", f"https://{HOST}", "--mail-url", f"smtp://127.0.0.1:{mail.port}"]
    assert run(tmp_path, "setup", *words, typed=f"{PASSWORD}\n").returncode == 0
    former = (tmp_path / "mentornet.env").read_text(encoding="utf-8")
    # Nothing is asked for a second time, and nothing doubled; what is said anew counts.
    again = run(tmp_path, "setup", "--phone", "+45 12 34 56 78", "--division", "odense", "--division", "Vollsmose")
    assert (again.returncode, again.stderr) == (0, "")
    assert (tmp_path / "mentornet.env").read_text(encoding="utf-8") == former
    told = (
        "from mentornet.divisions.models import *; from mentornet.programmes.models import *;"
        "print(sorted(Division.objects.values_list('name', flat=True)), Organisation.objects.get().phone, "
        "Organisation.objects.get().legal_name, StaffRole.objects.count(), Programme.objects.get().name)"
    )
    shell = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup(); {told}"],
        env=of_nobody(tmp_path) | {"DJANGO_SETTINGS_MODULE": "mentornet.config.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert shell.stdout == ("['Odense', 'Vollsmose'] +45 12 34 56 78 Foreningen Broen 2 Everyday life and company\n")


@pytest.mark.sqlite_only
def test_passphrase_of_former_backups_stays_where_the_settings_were_lost(tmp_path: Path) -> None:
    folder, backups = tmp_path / "data", tmp_path / "backups"
    backups.mkdir()
    words = [*EVERYTHING, "--mail-url", "consolemail://", "--backup-folder", str(backups)]
    first = run(folder, "setup", *words, typed=f"{PASSWORD}\n")
    passphrase = (folder / "backup-passphrase").read_text(encoding="ascii")
    assert first.stdout.count(passphrase.strip()) == 1
    # Backups are made, so nobody is told that they are not.
    assert "No backup is made" not in first.stdout
    (folder / "mentornet.env").unlink()

    again = run(folder, "setup", *words, typed=f"{PASSWORD}\n")
    assert (again.returncode, again.stderr) == (0, "")
    assert (folder / "backup-passphrase").read_text(encoding="ascii") == passphrase
    assert "MENTORNET_BACKUP_PASSPHRASE_FILE" in (folder / "mentornet.env").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MENTORNET_MAIL_URL", "smtp.example.org"),
        ("MENTORNET_MAIL_URL", "smtp+tls://user:geheim@host:port"),
        ("MENTORNET_MAIL_URL", "smtp+tls://"),
        ("MENTORNET_DATABASE_URL", "mysql://user:geheim@host/name"),
        ("MENTORNET_DATABASE_URL", "/var/geheim.sqlite3"),
        ("MENTORNET_SMS_URL", "pigeon://geheim"),
    ],
)
@pytest.mark.sqlite_only
def test_setting_that_cannot_be_used_is_one_line(name: str, value: str, tmp_path: Path) -> None:
    ended = run(tmp_path, "check", **{name: value})
    assert ended.returncode == 2
    (line,) = ended.stderr.splitlines()
    assert line.startswith(f"{name}: expected ")
    assert "geheim" not in line


REAL: Mapping[str, str] = {"MENTORNET_MAIL_URL": "smtp+tls://user:password@mail.example.org:587"}


@pytest.mark.parametrize(
    ("words", "typed", "told"),
    [
        ((), PASSWORD, "--network, --division, --admin-name, --admin-email"),
        (EVERYTHING, "short", "12 characters"),
        (EVERYTHING, "", "Her password is missing"),
        ((*EVERYTHING, "--programme", "other"), PASSWORD, "--programme: expected one of job-and-language"),
        ((*EVERYTHING, "--address", "http://mentor.example.org"), PASSWORD, "--address: MENTORNET_ADDRESS: expected"),
        ((*EVERYTHING, "--languages", "da tlh"), PASSWORD, "--languages: MENTORNET_LANGUAGES: tlh: expected some of"),
        ((*EVERYTHING, "--admin-email", "nobody"), PASSWORD, "nobody: expected an e-mail address such as"),
        ((*EVERYTHING, "--sms-url", "pigeon://x"), PASSWORD, "MENTORNET_SMS_URL"),
        ((*EVERYTHING, "--sender", "The office\n<a@example.org>"), PASSWORD, "MENTORNET_SENDER: expected one line"),
        ((*EVERYTHING, "--division", "x" * 90), PASSWORD, "at most 80 characters"),
    ],
)
@pytest.mark.sqlite_only
def test_what_cannot_be_used_writes_nothing(words: tuple[str, ...], typed: str, told: str, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    ended = run(folder, "setup", *words, typed=f"{typed}\n" if typed else "", **REAL)
    assert ended.returncode == 2
    assert told in ended.stderr
    assert not (folder / "mentornet.env").exists()
    # Not half an installation either: nobody can sign in, nothing is described.
    database = folder / "mentornet.sqlite3"
    if database.exists() and database.stat().st_size:
        import sqlite3  # noqa: PLC0415

        with sqlite3.connect(database) as rows:
            for table in ("accounts_user", "divisions_organisation", "divisions_division", "programmes_programme"):
                assert rows.execute(f"select count(*) from {table}").fetchone() == (0,)


@pytest.mark.sqlite_only
def test_real_address_needs_a_way_for_letters(tmp_path: Path) -> None:
    ended = run(tmp_path, "setup", *EVERYTHING, "--address", f"https://{HOST}", typed=f"{PASSWORD}\n")
    assert (ended.returncode, "Say how letters leave" in ended.stderr) == (2, True)
    assert not (tmp_path / "mentornet.env").exists()
