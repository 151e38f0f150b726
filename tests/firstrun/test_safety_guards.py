"""Each unsafe setting is found by its guard, told with what to do, and keeps the program from being served."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
from django.db import connection
from pytest_django import Settings

from mentornet.common import safety
from mentornet.common.database_safety import Facts, database_findings, faults_of
from mentornet.common.safety import Place, findings, is_home, place_of
from serving import of_nobody

SIGNS: Final = "abcdefghijklmnopqrstuvwxyz-0123456789-abcdefghijklmnopqrstuvwxyz"
SAFE: Final[Mapping[str, Any]] = {
    "DEBUG": False,
    "DEMO": False,
    "HTTPS": True,
    "SECRET_KEY": "a-key-drawn-at-random-0123456789-abcdefghijklmnopqrstuvwxyz",
    "SECRET_KEY_FALLBACKS": [],
    "ALLOWED_HOSTS": ["mentor.example.org"],
    "ADDRESS": "https://mentor.example.org",
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "EMAIL_HOST": "mail.example.org",
    "EMAIL_USE_TLS": True,
    "EMAIL_USE_SSL": False,
    "DEFAULT_FROM_EMAIL": "The office <office@example.org>",
    "SMS_URL": "gatewayapi://token@gatewayapi.com",
    "SECURE_SSL_REDIRECT": True,
    "SECURE_HSTS_SECONDS": 31_536_000,
    "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
    "SECURE_HSTS_PRELOAD": True,
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
}
TRYING: Final[Mapping[str, Any]] = {
    "HTTPS": False,
    "ALLOWED_HOSTS": ["localhost", "127.0.0.1", "[::1]"],
    "ADDRESS": "http://127.0.0.1:8000",
    "SECURE_SSL_REDIRECT": False,
    "SECURE_HSTS_SECONDS": 0,
    "SESSION_COOKIE_SECURE": False,
    "CSRF_COOKIE_SECURE": False,
}
CONSOLE: Final = "django.core.mail.backends.console.EmailBackend"


@pytest.fixture
def safe(settings: Settings, tmp_path: Path) -> Settings:
    """An installation in which nothing is unsafe."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    for name in ("secret-key", "mentornet.env"):
        (folder / name).touch(mode=0o600)
    for name, value in SAFE.items():
        setattr(settings, name, value)
    settings.DATA_FOLDER = folder
    return settings


def change(settings: Settings, changes: Mapping[str, Any]) -> None:
    for name, value in changes.items():
        setattr(settings, name, value)


def codes() -> list[tuple[str, bool]]:
    return [(one.code, one.is_unsafe) for one in findings()]


CASES: Final = [
    pytest.param(safety.debug, {"DEBUG": True}, "debug", True, id="pages of errors for everybody"),
    pytest.param(safety.https, {"HTTPS": False}, "https", True, id="no HTTPS"),
    pytest.param(safety.secret_key, {"SECRET_KEY": "secret"}, "secret_key", True, id="short key"),
    pytest.param(safety.secret_key, {"SECRET_KEY": "ab" * 40}, "secret_key", True, id="simple key"),
    pytest.param(safety.secret_key, {"SECRET_KEY": f"django-insecure-{SIGNS}"}, "secret_key", True, id="known"),
    pytest.param(safety.secret_key, {"SECRET_KEY_FALLBACKS": ["old"]}, "secret_key", True, id="short former key"),
    pytest.param(safety.hosts, {"ALLOWED_HOSTS": ["mentor.example.org", "*"]}, "hosts", True, id="any name"),
    pytest.param(safety.address, {"ADDRESS": "http://127.0.0.1:8000"}, "address", False, id="links that lead nowhere"),
    pytest.param(safety.address, {"ADDRESS": "http://a.example.org"}, "address_open", True, id="links in the open"),
    pytest.param(safety.mail, {"EMAIL_BACKEND": CONSOLE}, "mail_stays", True, id="mail to the console"),
    pytest.param(
        safety.mail,
        {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"},
        "mail_stays",
        True,
        id="mail to nobody",
    ),
    pytest.param(safety.mail, {"EMAIL_USE_TLS": False}, "mail_open", True, id="mail in the open"),
    pytest.param(
        safety.mail, {"DEFAULT_FROM_EMAIL": "Mentornet <mentornet@localhost>"}, "sender", False, id="from no address"
    ),
    pytest.param(safety.texts, {"SMS_URL": "file:"}, "texts_stay", True, id="texts into a file"),
    pytest.param(
        safety.texts, {"SMS_URL": "gatewayapi+http://t@sms.example.org"}, "texts_open", True, id="texts in the open"
    ),
    pytest.param(
        safety.deployed, {"SECURE_HSTS_SECONDS": 0}, "django_security.W004", True, id="what check --deploy warns of"
    ),
]  # fmt: skip


def test_safe_installation_has_nothing_to_tell(safe: Settings) -> None:
    assert findings() == []
    assert findings(host="0.0.0.0") == []


@pytest.mark.parametrize(("guard", "changes", "code", "is_unsafe"), CASES)
def test_setting_is_found_by_its_guard_alone(
    guard: safety.Guard,
    changes: Mapping[str, Any],
    code: str,
    is_unsafe: bool,
    safe: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    change(safe, changes)
    assert codes() == [(code, is_unsafe)]
    (found,) = findings()
    assert found.what.endswith(".")
    assert found.to_do
    # The control: without the guard nobody would see it.
    monkeypatch.setattr(safety, "GUARDS", [one for one in safety.GUARDS if one is not guard])
    assert codes() == []


def open_folder(folder: Path) -> None:
    folder.chmod(0o755)


def open_key(folder: Path) -> None:
    (folder / "secret-key").chmod(0o640)


def open_settings(folder: Path) -> None:
    (folder / "mentornet.env").chmod(0o604)


@pytest.mark.parametrize(
    ("spoil", "code"), [(open_folder, "folder_open"), (open_key, "secrets_open"), (open_settings, "secrets_open")]
)
def test_what_others_on_the_machine_can_read_is_found(
    spoil: Callable[[Path], None], code: str, safe: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil(safe.DATA_FOLDER)
    assert codes() == [(code, True)]
    # Also where the program is only tried: somebody may type in real people all the same.
    change(safe, TRYING)
    assert (code, True) in codes()
    change(safe, SAFE)
    monkeypatch.setattr(safety, "GUARDS", [one for one in safety.GUARDS if one is not safety.files])
    assert codes() == []


def test_database_elsewhere_is_looked_at(safe: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "elsewhere"
    place.mkdir(mode=0o755)
    place.chmod(0o755)
    (place / "mentornet.sqlite3").touch(mode=0o644)
    for name, value in {"ENGINE": "django.db.backends.sqlite3", "NAME": str(place / "mentornet.sqlite3")}.items():
        monkeypatch.setitem(safe.DATABASES["default"], name, value)
    assert [one.code for one in safety.files(Place(is_trying=False))] == ["database_open"]
    place.chmod(0o750)
    assert list(safety.files(Place(is_trying=False))) == []


def test_every_guard_has_its_case() -> None:
    tried = {case.values[0] for case in CASES} | {safety.files}
    own = [guard for guard in safety.GUARDS if guard.__module__ == safety.__name__]
    assert [guard for guard in own if guard not in tried] == []


# Trying it ------------------------------------------------------------------------------------------------------------


def test_to_try_it_on_this_machine_nothing_is_refused(safe: Settings) -> None:
    change(safe, {**TRYING, "EMAIL_BACKEND": CONSOLE, "SMS_URL": "file:", "DEBUG": True})
    assert place_of("127.0.0.1").is_trying
    told = codes()
    assert {code for code, _is_unsafe in told} == {"debug", "https", "mail_stays", "texts_stay"}
    assert not any(is_unsafe for _code, is_unsafe in told)


@pytest.mark.parametrize(
    ("changes", "host"),
    [
        ({}, "0.0.0.0"),
        ({}, "192.168.1.4"),
        ({"ALLOWED_HOSTS": ["localhost", "mentor.example.org"]}, "127.0.0.1"),
        ({"ALLOWED_HOSTS": ["*"]}, "127.0.0.1"),
        ({"ADDRESS": "http://mentor.example.org"}, "127.0.0.1"),
    ],
)
def test_as_soon_as_others_reach_it_it_is_refused(changes: Mapping[str, Any], host: str, safe: Settings) -> None:
    change(safe, {**TRYING, **changes})
    assert not place_of(host).is_trying
    assert any(one.code == "https" and one.is_unsafe for one in findings(host=host))


def test_weak_key_is_refused_there_too(safe: Settings) -> None:
    change(safe, {**TRYING, "SECRET_KEY": "secret"})
    assert ("secret_key", True) in codes()


def test_demonstration_is_looked_at_for_what_harms_the_machine(safe: Settings) -> None:
    change(safe, {"DEMO": True, "EMAIL_BACKEND": CONSOLE, "HTTPS": False})
    assert codes() == []
    change(safe, {"DEBUG": True})
    assert codes() == [("debug", True)]


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("localhost", True), ("127.0.0.1", True), ("127.8.9.1", True), ("[::1]", True), ("::1", True), ("", True),
        ("LOCALHOST.", True), ("0.0.0.0", False), ("::", False), ("10.0.0.4", False), ("*", False),
        ("localhost.example.org", False),
    ],
)  # fmt: skip
def test_own_names_of_the_machine_are_known(host: str, own: bool) -> None:
    assert is_home(host) is own


# The database ---------------------------------------------------------------------------------------------------------

SQLITE: Final = Facts("sqlite", {"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1"})
POSTGRESQL: Final = Facts(
    "postgresql",
    {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"},
    host="db.example.org",
    is_encrypted=True,
)
REAL: Final = Place(is_trying=False)


def told(facts: Facts, **changes: str) -> Facts:
    return replace(facts, told={**facts.told, **changes})


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        (SQLITE, []),
        (told(SQLITE, synchronous="3"), []),
        (told(SQLITE, synchronous="1"), ["durable"]),
        (told(SQLITE, synchronous="0"), ["durable"]),
        (told(SQLITE, journal_mode="delete"), ["durable"]),
        (told(SQLITE, foreign_keys="0"), ["foreign_keys"]),
        (POSTGRESQL, []),
        (told(POSTGRESQL, synchronous_commit="local"), []),
        (told(POSTGRESQL, synchronous_commit="off"), ["durable"]),
        (told(POSTGRESQL, fsync="off"), ["durable"]),
        (told(POSTGRESQL, full_page_writes="off"), ["durable"]),
        (replace(POSTGRESQL, is_superuser=True), ["superuser"]),
        (replace(POSTGRESQL, is_encrypted=False), ["database_link_open"]),
        (replace(POSTGRESQL, is_encrypted=False, host="/run/postgresql"), []),
        (replace(POSTGRESQL, is_encrypted=False, host="127.0.0.1"), []),
    ],
)
def test_unsafe_database_is_told(facts: Facts, codes: list[str]) -> None:
    found = list(faults_of(facts, REAL))
    assert [one.code for one in found] == codes
    assert all(one.is_unsafe for one in found)
    assert not any(one.is_unsafe for one in faults_of(facts, Place(is_trying=True)))


@pytest.mark.sqlite_only
@pytest.mark.django_db(transaction=True)
def test_embedded_database_is_asked_itself(safe: Settings) -> None:
    # The tests' own connection waits for no disk: that is seen on it, whatever the settings say.
    assert [one.code for one in database_findings()] == ["durable"]
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=FULL")
    try:
        assert database_findings() == []
    finally:
        connection.close()


@pytest.mark.postgresql_only
@pytest.mark.django_db(transaction=True)
def test_server_is_asked_itself(safe: Settings) -> None:
    # The tests' own server waits for no disk, and their role may do all.
    assert [one.code for one in database_findings()] == ["durable", "superuser"]
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE plain_for_test NOSUPERUSER")
        cursor.execute("SET ROLE plain_for_test")
        try:
            assert [one.code for one in database_findings()] == ["durable"]
        finally:
            cursor.execute("RESET ROLE")
            cursor.execute("DROP ROLE plain_for_test")


@pytest.mark.postgresql_only
@pytest.mark.django_db(transaction=True)
def test_serving_as_the_owner_is_told_and_not_refused(safe: Settings) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE owner_for_test NOSUPERUSER")
        cursor.execute("CREATE TABLE owned_for_test (id int)")
        cursor.execute("ALTER TABLE owned_for_test OWNER TO owner_for_test")
        cursor.execute("SET ROLE owner_for_test")
        try:
            found = database_findings()
            assert [(one.code, one.is_unsafe) for one in found] == [("durable", True), ("owner", False)]
        finally:
            cursor.execute("RESET ROLE")
            cursor.execute("DROP TABLE owned_for_test")
            cursor.execute("DROP ROLE owner_for_test")


@pytest.mark.postgresql_only
@pytest.mark.django_db(transaction=True)
def test_role_that_policies_do_not_hold_back_counts_as_well(safe: Settings) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE past_rules_for_test NOSUPERUSER BYPASSRLS")
        cursor.execute("SET ROLE past_rules_for_test")
        try:
            assert "superuser" in [one.code for one in database_findings()]
        finally:
            cursor.execute("RESET ROLE")
            cursor.execute("DROP ROLE past_rules_for_test")


# The program ----------------------------------------------------------------------------------------------------------

MAIL: Final = {"MENTORNET_MAIL_URL": "smtp+tls://user:password@mail.example.org:587"}
SERVED: Final = {**MAIL, "MENTORNET_HOSTS": "mentor.example.org"}


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "data"
    place.mkdir(mode=0o700)
    yield place
    place.chmod(0o700)


def run(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words],
        env=of_nobody(folder) | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def program(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return run(folder, "-m", "mentornet.cli", *words, **environment)


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("words", "environment", "about"),
    [
        ((), {**SERVED, "MENTORNET_DEBUG": "yes"}, "MENTORNET_DEBUG"),
        ((), {**SERVED, "MENTORNET_HTTPS": "no"}, "MENTORNET_HTTPS"),
        (("--host", "0.0.0.0"), {**MAIL, "MENTORNET_HTTPS": "no"}, "MENTORNET_HTTPS"),
        ((), {**SERVED, "MENTORNET_SECRET_KEY": "secret"}, "MENTORNET_SECRET_KEY"),
        ((), {**SERVED, "MENTORNET_HOSTS": "*"}, "MENTORNET_HOSTS"),
        ((), {**SERVED, "MENTORNET_MAIL_URL": "consolemail://"}, "MENTORNET_MAIL_URL"),
    ],
)
def test_serve_refuses_and_says_what(
    words: tuple[str, ...], environment: Mapping[str, str], about: str, folder: Path
) -> None:
    ended = program(folder, "serve", *words, **environment)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("This is not safe for real people, so it is not served:\n")
    assert f"UNSAFE  {about}: " in ended.stderr
    # Before anything is made.
    assert not (folder / "mentornet.sqlite3").exists()


@pytest.mark.sqlite_only
def test_serve_and_other_servers_refuse_a_folder_open_to_others(folder: Path) -> None:
    folder.chmod(0o755)
    ended = program(folder, "serve", **SERVED)
    assert ended.returncode == 2
    assert f"chmod o-rwx {folder}" in ended.stderr
    other = run(folder, "-c", "import mentornet.config.wsgi", **SERVED)
    assert (other.returncode, f"chmod o-rwx {folder}" in other.stderr) == (1, True)
    folder.chmod(0o700)
    assert run(folder, "-c", "import mentornet.config.wsgi", **SERVED).returncode == 0


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("environment", "code", "words"),
    [
        ({**SERVED, "MENTORNET_SENDER": "A <a@example.org>"}, 1, "LOOK  MENTORNET_BACKUP_FOLDER"),
        ({**SERVED, "MENTORNET_HOST": "misspelt"}, 1, "LOOK  MENTORNET_HOST: "),
        ({}, 2, "UNSAFE  MENTORNET_MAIL_URL: expected how letters leave"),
        ({"MENTORNET_HTTPS": "no", "MENTORNET_MAIL_URL": "consolemail://"}, 1, "Good for trying on this machine."),
        ({**SERVED, "MENTORNET_LANGUAGE": "da", "MENTORNET_HOSTS": "*"}, 2, "MENTORNET_HOSTS: "),
    ],
)
def test_check_tells_all_of_it_and_makes_nothing(
    environment: Mapping[str, str], code: int, words: str, folder: Path
) -> None:
    ended = program(folder, "check", **environment)
    assert (ended.returncode, ended.stderr) == (code, "")
    assert words in ended.stdout
    assert not (folder / "mentornet.sqlite3").exists()


def test_settings_of_the_machine_stay_out_of_these_tests() -> None:
    assert "MENTORNET_HOSTS" not in of_nobody(Path(os.devnull))
