"""Settings from the environment: what an installation may change without touching a file of the program.

What the environment does not say is read from ``mentornet.env`` in the data folder, where ``mentornet setup`` keeps it.
"""

from __future__ import annotations

import os
import re
import secrets
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from mentornet.config.env_file import NAME as ENV_FILE
from mentornet.config.env_file import EnvFileError, read_env_file
from reference.reading import Limits
from reference.translation import LANGUAGES, Language

PREFIX: Final = "MENTORNET_"
PARTICIPANTS_LANGUAGES: Final = ("da", "en", "ar", "fa", "uk")
USUAL_FORM_MESSAGES: Final = 120
USUAL_BACKUPS_KEPT: Final = 30
USUAL_READING: Final = (40, 120)
USUAL_FORM_COUNTRIES: Final = (
    "DK FO GL AX SJ AT BE BG CH CY CZ DE EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK UA"
)
"""Denmark, the Faroes and Greenland; Åland and Svalbard; the European Economic Area and Switzerland; Ukraine."""


class SettingError(Exception):
    """Raised for a setting that cannot be used; the message says what was expected."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of this installation.

    Attributes:
        language: of messages and reports, unless a command asks otherwise (``MENTORNET_LANGUAGE``).
        languages: in which participants can read and be written to (``MENTORNET_LANGUAGES``, separated by spaces);
            Danish and English always are among them.
        limits: how large a spreadsheet may be (``MENTORNET_MAX_MB``, ``MENTORNET_MAX_ROWS``,
            ``MENTORNET_MAX_UNPACKED_MB``).
        data_folder: where the program keeps what it was given: the embedded database, uploads, ESCO's titles
            (``MENTORNET_DATA``).
        database_url: where the data are (``MENTORNET_DATABASE_URL``); an SQLite file in the data folder without it.
        owner_database_url: the same database as the role that owns its tables (``MENTORNET_OWNER_DATABASE_URL``), for
            upgrades, the worker and the commands; then the other one is that of a role which only serves, and to
            which the database itself gives no more than a division's rows. Without it one role does everything.
        secret_key: signs sessions and links, seals second factors (``MENTORNET_SECRET_KEY``). Without it one is drawn
            at the first start and kept in the data folder, readable by its owner alone.
        former_secret_keys: what the secret key was before (``MENTORNET_FORMER_SECRET_KEYS``, separated by spaces):
            what they have signed or sealed is still accepted.
        hosts: the names under which the desk is reached (``MENTORNET_HOSTS``, separated by commas).
        https: the desk stands behind HTTPS (``MENTORNET_HTTPS``: yes or no; yes unless this is a demonstration).
        demo: a demonstration network of people who do not exist, with sign-in by one click (``MENTORNET_DEMO``).
        debug: for developers (``MENTORNET_DEBUG``).
        time_zone: in which days begin (``MENTORNET_TIME_ZONE``).
        address: where people reach the program, as it stands in letters (``MENTORNET_ADDRESS``, such as
            ``https://example.org``); from the hosts without it.
        mail_url: how letters leave (``MENTORNET_MAIL_URL``, such as ``smtp+tls://user:password@host:587``, or
            ``anymail+postmark://key@`` for a provider, or ``consolemail://`` for trying). Without it they are written
            to the console, and nothing but a demonstration or a developer's program is served
            (:func:`mentornet.config.mail.require_mail`).
        sms_url: how text messages leave (``MENTORNET_SMS_URL``, such as ``gatewayapi://token@gatewayapi.com``, or
            ``file:`` for a file in the data folder, which a demonstration has anyway); none leave without it.
        sender: who letters are from (``MENTORNET_SENDER``).
        reading: how many people's pages, besides her own cases, a member of the staff may open in an hour before she
            is asked for her second factor again (``MENTORNET_READING_ASKS_AT``), and before she is shown nobody until
            somebody lets her on (``MENTORNET_READING_STOPS_AT``).
        form_messages: how many codes and links the application form sends in an hour, to everybody together
            (``MENTORNET_FORM_MESSAGES``).
        form_countries: to numbers of which countries the application form sends text messages, in two letters each
            (``MENTORNET_FORM_COUNTRIES``, separated by spaces).
        backup_folder: where the worker puts a backup every night (``MENTORNET_BACKUP_FOLDER``); none without it.
        backup_keys: the public keys of age to which backups are sealed (``MENTORNET_BACKUP_KEY``, separated by spaces).
        backup_identity: the file with a secret key that opens them, for drills (``MENTORNET_BACKUP_IDENTITY``).
        backup_passphrase_file: the file with the passphrase, where there is no key
            (``MENTORNET_BACKUP_PASSPHRASE_FILE``).
        backup_keep: how many of the nights are kept (``MENTORNET_BACKUP_KEEP``).
    """

    language: Language
    languages: tuple[str, ...]
    limits: Limits
    data_folder: Path
    database_url: str
    owner_database_url: str
    secret_key: str
    former_secret_keys: tuple[str, ...]
    hosts: tuple[str, ...]
    https: bool
    demo: bool
    debug: bool
    time_zone: str
    address: str
    mail_url: str
    sms_url: str
    sender: str
    reading: tuple[int, int]
    form_messages: int
    form_countries: frozenset[str]
    backup_folder: str
    backup_keys: tuple[str, ...]
    backup_identity: str
    backup_passphrase_file: str
    backup_keep: int

    @property
    def served_as(self) -> str:
        """The role that serves, where another one owns the tables."""
        return unquote(urlsplit(self.database_url).username or "")


def _number(environment: Mapping[str, str], name: str, usual: float) -> float:
    text = environment.get(PREFIX + name, "").strip()
    if not text:
        return usual
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < 1e9:
        raise SettingError(f"{PREFIX}{name}={text}: expected a number above 0")
    return number


def _whole(environment: Mapping[str, str], name: str, usual: int) -> int:
    number = _number(environment, name, usual)
    if number != int(number):
        raise SettingError(f"{PREFIX}{name}={number:g}: expected a whole number above 0")
    return int(number)


def _language(environment: Mapping[str, str]) -> Language:
    text = environment.get(f"{PREFIX}LANGUAGE", "").strip() or "en"
    for language in LANGUAGES:
        if text == language:
            return language
    raise SettingError(f"{PREFIX}LANGUAGE={text}: expected one of {', '.join(LANGUAGES)}")


def _languages(environment: Mapping[str, str]) -> tuple[str, ...]:
    named = _text(environment, "LANGUAGES", " ".join(PARTICIPANTS_LANGUAGES)).lower().replace(",", " ").split()
    if unknown := [code for code in named if code not in PARTICIPANTS_LANGUAGES]:
        expected = ", ".join(PARTICIPANTS_LANGUAGES)
        raise SettingError(f"{PREFIX}LANGUAGES: {', '.join(unknown)}: expected some of {expected}")
    # The desk and its letters are in the first two: whoever reads none of the others is written to in one of them.
    return tuple(code for code in PARTICIPANTS_LANGUAGES if code in {"da", "en", *named})


def _data_folder(environment: Mapping[str, str]) -> Path:
    named = environment.get(f"{PREFIX}DATA", "").strip()
    if named:
        return Path(named)
    # The place that the XDG base directory specification names for a user's data.
    base = environment.get("XDG_DATA_HOME", "").strip()
    return (Path(base) if base else Path.home() / ".local" / "share") / "mentornet"


def _yes(environment: Mapping[str, str], name: str, usual: bool) -> bool:
    text = environment.get(PREFIX + name, "").strip().lower()
    if text not in {"", "yes", "no"}:
        raise SettingError(f"{PREFIX}{name}={text}: expected yes or no")
    return text == "yes" if text else usual


def _text(environment: Mapping[str, str], name: str, usual: str) -> str:
    return environment.get(PREFIX + name, "").strip() or usual


def _time_zone(environment: Mapping[str, str]) -> str:
    name = _text(environment, "TIME_ZONE", "Europe/Copenhagen")
    try:
        zoneinfo.ZoneInfo(name)
    except (ValueError, zoneinfo.ZoneInfoNotFoundError) as error:
        raise SettingError(f"{PREFIX}TIME_ZONE={name}: expected a time zone, such as Europe/Copenhagen") from error
    return name


def _address(environment: Mapping[str, str], hosts: tuple[str, ...], https: bool) -> str:
    text = environment.get(f"{PREFIX}ADDRESS", "").strip().rstrip("/")
    if text:
        parts = urlsplit(text)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment or parts.path:
            raise SettingError(f"{PREFIX}ADDRESS={text}: expected an address such as https://example.org")
        return text
    public = [host for host in hosts if host.strip("[]") not in {"*", "localhost", "127.0.0.1", "::1"}]
    if https and public:
        # ``.example.org`` stands for the name itself and all below it.
        return f"https://{public[0].removeprefix('.')}"
    return "http://127.0.0.1:8000"


def _countries(environment: Mapping[str, str]) -> frozenset[str]:
    named = _text(environment, "FORM_COUNTRIES", USUAL_FORM_COUNTRIES).upper().split()
    if unknown := [one for one in named if not re.fullmatch("[A-Z]{2}", one)]:
        raise SettingError(f"{PREFIX}FORM_COUNTRIES: {', '.join(unknown)}: expected two letters each, such as DK SE")
    return frozenset(named)


def _public_keys(environment: Mapping[str, str]) -> tuple[str, ...]:
    named = tuple(_text(environment, "BACKUP_KEY", "").replace(",", " ").split())
    if any(not re.fullmatch("age1[02-9ac-hj-np-z]{58}", one) for one in named):
        # A secret key that was put here by mistake is not repeated.
        raise SettingError(f"{PREFIX}BACKUP_KEY: expected public keys of age, which begin with age1")
    return named


def _reading(environment: Mapping[str, str]) -> tuple[int, int]:
    asks_at, stops_at = (
        _whole(environment, name, usual)
        for name, usual in zip(("READING_ASKS_AT", "READING_STOPS_AT"), USUAL_READING, strict=True)
    )
    if stops_at < asks_at:
        raise SettingError(f"{PREFIX}READING_STOPS_AT={stops_at}: expected no less than {PREFIX}READING_ASKS_AT")
    return asks_at, stops_at


def _database_url(environment: Mapping[str, str], data_folder: Path) -> str:
    url = _text(environment, "DATABASE_URL", f"sqlite:///{data_folder.absolute() / 'mentornet.sqlite3'}")
    if url.partition("://")[0] not in {"sqlite", "postgres", "postgresql", "pgsql", "psql"} or "://" not in url:
        # A password may stand in it: it is not repeated.
        raise SettingError(f"{PREFIX}DATABASE_URL: expected an address such as postgres://user:password@host/name")
    return url


def _owner_database_url(environment: Mapping[str, str], served: str) -> str:
    url = _text(environment, "OWNER_DATABASE_URL", "")
    if not url:
        return ""
    one, other = urlsplit(served), urlsplit(url)
    if {one.scheme[:5], other.scheme[:5]} - {"postg", "pgsql", "psql"}:
        # Passwords may stand in them: they are not repeated.
        raise SettingError(f"{PREFIX}OWNER_DATABASE_URL: expected PostgreSQL, as in {PREFIX}DATABASE_URL")
    if not one.username or not other.username or one.username == other.username or one.path != other.path:
        raise SettingError(
            f"{PREFIX}OWNER_DATABASE_URL: expected the same database as {PREFIX}DATABASE_URL, by another role; "
            "both name their role"
        )
    return url


def secret_key_of(settings: Settings) -> str:
    """Return the key that signs sessions and links, drawn and kept at the first call where none is set.

    Raises:
        OSError: the data folder cannot be written.
    """
    if settings.secret_key:
        return settings.secret_key
    path = settings.data_folder / "secret-key"
    settings.data_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        # Two processes may start at once: only one of them makes the file, and both read it.
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:  # noqa: PTH123 - the mode is set as the file is made, never after
            file.write(secrets.token_urlsafe(64))
    except FileExistsError:
        pass
    return path.read_text(encoding="ascii")


def env_file(environment: Mapping[str, str] | None = None) -> Path:
    """Return where the installation's file of settings stands, or would stand."""
    return _data_folder(os.environ if environment is None else environment) / ENV_FILE


def in_force() -> dict[str, str]:
    """Return the environment with what it leaves open from the installation's file of settings.

    An empty value of the environment counts as left open.

    Raises:
        SettingError: the file cannot be used.
    """
    try:
        written = read_env_file(env_file())
    except EnvFileError as error:
        raise SettingError(str(error)) from error
    return written | {name: value for name, value in os.environ.items() if value.strip() or name not in written}


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from ``environment``; without it the process's own, and the installation's file of settings.

    Raises:
        SettingError: a setting has a value that cannot be used.
    """
    environment = in_force() if environment is None else environment
    usual = Limits()
    demo = _yes(environment, "DEMO", usual=False)
    data_folder = _data_folder(environment)
    hosts = tuple(name.strip() for name in _text(environment, "HOSTS", "localhost,127.0.0.1,[::1]").split(","))
    https = _yes(environment, "HTTPS", usual=not demo)
    database_url = _database_url(environment, data_folder)
    return Settings(
        language=_language(environment),
        languages=_languages(environment),
        limits=Limits(
            megabytes=_number(environment, "MAX_MB", usual.megabytes),
            rows=_whole(environment, "MAX_ROWS", usual.rows),
            unpacked_megabytes=_number(environment, "MAX_UNPACKED_MB", usual.unpacked_megabytes),
        ),
        data_folder=data_folder,
        database_url=database_url,
        owner_database_url=_owner_database_url(environment, database_url),
        secret_key=_text(environment, "SECRET_KEY", ""),
        former_secret_keys=tuple(_text(environment, "FORMER_SECRET_KEYS", "").split()),
        hosts=hosts,
        https=https,
        demo=demo,
        debug=_yes(environment, "DEBUG", usual=False),
        time_zone=_time_zone(environment),
        address=_address(environment, hosts, https),
        mail_url=_text(environment, "MAIL_URL", ""),
        sms_url=_text(environment, "SMS_URL", "file:" if demo else ""),
        sender=_text(environment, "SENDER", "Mentornet <mentornet@localhost>"),
        reading=_reading(environment),
        form_messages=_whole(environment, "FORM_MESSAGES", USUAL_FORM_MESSAGES),
        form_countries=_countries(environment),
        backup_folder=_text(environment, "BACKUP_FOLDER", ""),
        backup_keys=_public_keys(environment),
        backup_identity=_text(environment, "BACKUP_IDENTITY", ""),
        backup_passphrase_file=_text(environment, "BACKUP_PASSPHRASE_FILE", ""),
        backup_keep=_whole(environment, "BACKUP_KEEP", USUAL_BACKUPS_KEPT),
    )
