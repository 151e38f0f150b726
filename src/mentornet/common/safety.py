"""What makes an installation unsafe for real people: each guard looks at one thing, and says what to do about it.

``mentornet check`` tells all of it, ``mentornet serve`` refuses to start with what is unsafe, and the first steps on
the desk show the same. Apps above add guards of their own (:func:`register`).

To *try* the program on one's own machine none of the ceremony is needed: served to this machine alone, without HTTPS
and under this machine's own names only, what would be unsafe elsewhere is told and not refused, save what lies open to
others on the same machine and a key that can be guessed.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.utils.translation import gettext as _

SECRET_KEY_FILE: Final = "secret-key"  # noqa: S105 - the file's name
SETTINGS_FILE: Final = "mentornet.env"
SHORTEST_KEY: Final = 50
FEWEST_SIGNS: Final = 5
_STAY_HERE: Final = ("console", "dummy", "locmem", "filebased")
"""Django's ways for mail by which none leaves."""
_HOME_NAMES: Final = frozenset({"localhost", "::1", ""})
_ABOUT_HTTPS: Final = frozenset({"security.W004", "security.W008", "security.W012", "security.W016"})
_TOLD_BEFORE: Final = frozenset({"security.W009", "security.W018", "security.W020", "security.W025"})


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be where real people's data are kept.

    Attributes:
        code: names the guard's case, for tests and for whoever looks it up.
        about: the setting or the file that it is about.
        what: a sentence: what is wrong, and what may come of it.
        to_do: a sentence: what to do.
        is_unsafe: the program is not served so; otherwise it is only told.
    """

    code: str
    about: str
    what: str
    to_do: str
    is_unsafe: bool = True

    @property
    def is_foreign(self) -> bool:
        """Whether its words are Django's own, which are English."""
        return self.code.startswith("django_")


@dataclass(frozen=True, slots=True)
class Place:
    """Where the program is, or is to be, served.

    Attributes:
        is_trying: to this machine alone, by a name that nobody else's machine knows, and without HTTPS.
    """

    is_trying: bool


Guard = Callable[[Place], Iterator[Finding]]


def is_home(host: str) -> bool:
    """Tell whether a name or an address is this machine's own, by which no other reaches it."""
    plain = host.strip().strip("[]").rstrip(".").lower()
    if plain in _HOME_NAMES:
        return True
    try:
        return ipaddress.ip_address(plain).is_loopback
    except ValueError:
        return False


def place_of(host: str | None) -> Place:
    """Return where the program is served; ``host`` is what it listens on, ``None`` where that is not known."""
    names = [*settings.ALLOWED_HOSTS, urlsplit(settings.ADDRESS).hostname or "", host or ""]
    return Place(is_trying=not settings.HTTPS and all(map(is_home, names)))


# The settings -------------------------------------------------------------------------------------------------------


def debug(place: Place) -> Iterator[Finding]:
    """Pages of errors that show what a request and the settings hold."""
    if settings.DEBUG:
        yield Finding(
            "debug",
            "MENTORNET_DEBUG",
            _("The program runs for developers: a page that fails shows whoever asked what the program holds."),
            _("Take MENTORNET_DEBUG away."),
            is_unsafe=not place.is_trying,
        )


def https(place: Place) -> Iterator[Finding]:
    """Passwords and people's data that travel as everybody between can read them."""
    if not settings.HTTPS:
        yield Finding(
            "https",
            "MENTORNET_HTTPS",
            _("Without HTTPS, whoever stands between reads along, passwords too."),
            _(
                "Put a proxy with a certificate before the program, set MENTORNET_HTTPS to yes, and say in "
                "MENTORNET_HOSTS by which name it is reached."
            ),
            is_unsafe=not place.is_trying,
        )


def _is_weak(key: str) -> bool:
    return len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_SIGNS or key.startswith("django-insecure-")


def secret_key(_place: Place) -> Iterator[Finding]:
    """Keys that can be guessed: whoever has one signs in as anybody."""
    for name, keys in (
        ("MENTORNET_SECRET_KEY", [settings.SECRET_KEY]),
        ("MENTORNET_FORMER_SECRET_KEYS", settings.SECRET_KEY_FALLBACKS),
    ):
        if any(_is_weak(key) for key in keys):
            yield Finding(
                "secret_key",
                name,
                _("The secret key is short or simple: whoever guesses it can sign in as anybody."),
                _(
                    "Take the setting away, and the program draws a good one and keeps it; or set one of 50 signs or "
                    "more, drawn at random."
                ),
            )


def hosts(_place: Place) -> Iterator[Finding]:
    """Any name at all: links in letters and pages can be made to lead elsewhere."""
    if "*" in settings.ALLOWED_HOSTS:
        yield Finding(
            "hosts",
            "MENTORNET_HOSTS",
            _("The program answers to any name: somebody may make it write links that lead to himself."),
            _("Name the one or two names by which people reach it, such as mentor.example.org."),
        )


def address(place: Place) -> Iterator[Finding]:
    """Links in letters that nobody can open, or that travel in the open."""
    parts = urlsplit(settings.ADDRESS)
    if place.is_trying:
        return
    if is_home(parts.hostname or ""):
        yield Finding(
            "address",
            "MENTORNET_ADDRESS",
            _("Links in letters lead to this machine itself, so nobody else can open them."),
            _("Say in MENTORNET_HOSTS by which name people reach the program."),
            is_unsafe=False,
        )
    elif parts.scheme != "https":
        yield Finding(
            "address_open",
            "MENTORNET_ADDRESS",
            _("Links in letters begin with http: whoever stands between can read them, and open what they open."),
            _("Let MENTORNET_ADDRESS begin with https."),
        )


def mail(place: Place) -> Iterator[Finding]:
    """Letters that do not leave, or that travel in the open."""
    module = settings.EMAIL_BACKEND.rpartition(".")[0].rpartition(".")[2]
    if module in _STAY_HERE and settings.EMAIL_BACKEND.startswith("django."):
        yield Finding(
            "mail_stays",
            "MENTORNET_MAIL_URL",
            _("No letter leaves: each stands as sent, and lies in the log or in a file, with its links and codes."),
            _("Say in MENTORNET_MAIL_URL how letters leave, such as smtp+tls://user:password@host:587."),
            is_unsafe=not place.is_trying,
        )
        return
    is_sealed = settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL
    if module == "smtp" and not is_sealed and not is_home(settings.EMAIL_HOST):
        yield Finding(
            "mail_open",
            "MENTORNET_MAIL_URL",
            _("Letters, and the mail server’s password, travel to another machine as everybody between can read them."),
            _("Begin the address with smtp+tls:// (mostly with port 587) or smtp+ssl:// (465)."),
            is_unsafe=not place.is_trying,
        )
    if settings.DEFAULT_FROM_EMAIL.rstrip(">").endswith("@localhost"):
        yield Finding(
            "sender",
            "MENTORNET_SENDER",
            _("Letters come from an address that does not exist; many mail servers refuse them."),
            _("Say in MENTORNET_SENDER who letters are from, such as: The office <office@example.org>."),
            is_unsafe=False,
        )


def texts(place: Place) -> Iterator[Finding]:
    """Text messages that do not leave, or that travel in the open."""
    parts = urlsplit(settings.SMS_URL)
    if parts.scheme == "file":
        yield Finding(
            "texts_stay",
            "MENTORNET_SMS_URL",
            _("No text message leaves: each stands as sent, and lies in a file, with its links and codes."),
            _("Name a provider in MENTORNET_SMS_URL; or take it away: people without e-mail are then called."),
            is_unsafe=not place.is_trying,
        )
    elif parts.scheme.endswith("+http") and not is_home(parts.hostname or ""):
        yield Finding(
            "texts_open",
            "MENTORNET_SMS_URL",
            _("Text messages, and the provider’s token, travel as everybody between can read them."),
            _("Write gatewayapi:// in place of gatewayapi+http://."),
        )


# What lies on the machine -------------------------------------------------------------------------------------------


def _mode(path: Path) -> int:
    try:
        return path.stat().st_mode
    except OSError:
        # What is not there cannot be read.
        return 0


def files(_place: Place) -> Iterator[Finding]:
    """A data folder, a key or a file of settings that others on the same machine can read."""
    folder = Path(settings.DATA_FOLDER)
    if _mode(folder) & 0o007:
        yield Finding(
            "folder_open",
            str(folder),
            _("Everybody who has an account on this machine can look into the folder with people’s data."),
            _("Run: %(command)s") % {"command": f"chmod o-rwx {folder}"},
        )
    for name in (SECRET_KEY_FILE, SETTINGS_FILE):
        if _mode(folder / name) & 0o077:
            yield Finding(
                "secrets_open",
                str(folder / name),
                _("Others on this machine can read the program’s keys and passwords."),
                _("Run: %(command)s") % {"command": f"chmod 600 {folder / name}"},
            )
    database = settings.DATABASES["default"]
    path = Path(str(database["NAME"]))
    is_elsewhere = database["ENGINE"].endswith("sqlite3") and path.is_absolute() and path.parent != folder.absolute()
    if is_elsewhere and _mode(path) & 0o007 and _mode(path.parent) & 0o007:
        yield Finding(
            "database_open",
            str(path),
            _("Everybody who has an account on this machine can read the database."),
            _("Run: %(command)s") % {"command": f"chmod o-rwx {path.parent}"},
        )


# What Django knows of -----------------------------------------------------------------------------------------------


def deployed(place: Place) -> Iterator[Finding]:
    """Whatever else ``manage.py check --deploy`` warns of."""
    for message in checks.run_checks(tags=[checks.Tags.security], include_deployment_checks=True):
        if message.level < checks.WARNING or message.id in _TOLD_BEFORE or message.is_silenced():
            continue
        if not settings.HTTPS and message.id in _ABOUT_HTTPS:
            continue
        yield Finding(
            f"django_{message.id}",
            str(message.id),
            str(message.msg),
            str(message.hint or _("Look it up in Django’s own list of checks.")),
            is_unsafe=not place.is_trying or message.level >= checks.ERROR,
        )


GUARDS: Final[list[Guard]] = [debug, https, secret_key, hosts, address, mail, texts, files, deployed]
_IN_A_DEMONSTRATION: Final[tuple[Guard, ...]] = (debug,)


def register(guard: Guard) -> Guard:
    """Add an app's own guard; once, from ``AppConfig.ready``."""
    if guard not in GUARDS:
        GUARDS.append(guard)
    return guard


def findings(*, host: str | None = None) -> list[Finding]:
    """Return what is not as it should be, the unsafe first.

    In a demonstration nobody is real, and it is looked at for what harms the machine alone.
    """
    place = place_of(host)
    guards = [guard for guard in GUARDS if guard in _IN_A_DEMONSTRATION] if settings.DEMO else GUARDS
    found = [finding for guard in guards for finding in guard(place)]
    return sorted(found, key=lambda finding: not finding.is_unsafe)
