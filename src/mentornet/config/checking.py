"""Whether an installation is safe to serve: what ``mentornet check`` tells, and ``mentornet serve`` refuses."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from django.conf import settings as django_settings
from django.db import DatabaseError, connections
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from mentornet.backups.models import Run
from mentornet.backups.queries import is_set_up, standing
from mentornet.common.database_safety import database_findings
from mentornet.common.safety import Finding, findings, place_of
from mentornet.config.env import SettingError, Settings, in_force, read_settings
from mentornet.config.mail import require_mail

CLEAN: Final = 0
TOLD: Final = 1
UNSAFE: Final = 2

Say = Callable[[str], None]


class UnsafeError(SettingError):
    """Raised instead of serving real people unsafely; the message says each thing and what to do about it."""


class _Noting(dict[str, str]):
    """Settings that remember which of them were asked for."""

    def __init__(self, values: dict[str, str]) -> None:
        super().__init__(values)
        self.asked: set[str] = set()

    def get(self, key: str, default: str | None = None) -> str | None:  # type: ignore[override]  # text alone is kept
        """Return a value, and note that it was asked for."""
        self.asked.add(key)
        return super().get(key, default)


def unknown_settings() -> list[Finding]:
    """Return the settings that this program does not know: misspelt, they would not count, and nobody would see it."""
    known = _Noting({})
    read_settings(known)
    names = sorted(
        name
        for name in in_force()
        if name.startswith("MENTORNET_")
        and name not in known.asked
        # Of the program's own tests, and of whoever runs them.
        and not name.startswith(("MENTORNET_TEST", "MENTORNET_COMPLETE", "MENTORNET_ESCO"))
    )
    return [
        Finding(
            "unknown",
            name,
            _("The program knows no setting of this name, so it does not count."),
            _("See how it is spelled in docs/operations.md, or take it away."),
            is_unsafe=False,
        )
        for name in names
    ]


def _backup_findings() -> list[Finding]:
    """Return what there is to say about backups, where the installation has a database to ask."""
    if django_settings.DEMO:
        return []
    if not is_set_up():
        return [
            Finding(
                "backup",
                "MENTORNET_BACKUP_FOLDER",
                _("No backup is made: what this machine loses is lost."),
                _("Say where one goes each night, in MENTORNET_BACKUP_FOLDER; mentornet setup asks for it."),
                is_unsafe=False,
            )
        ]
    return []


def _late_backups() -> list[Finding]:
    """Return that backups are set up, and do not come."""
    try:
        is_late = is_set_up() and Run.objects.exists() and standing(timezone.now()).lacks_backup
    except DatabaseError:
        # Of an older version, which knows no backups: serve brings it up to date.
        return []
    if not is_late:
        return []
    return [
        Finding(
            "backup_late",
            "MENTORNET_BACKUP_FOLDER",
            _("No backup of the last two days has ended well."),
            _("See on the desk, under Set-up, what stood in the way; or run mentornet backup by hand."),
            is_unsafe=False,
        )
    ]


def has_database() -> bool:
    """Tell whether there is a database to ask: to look at an installation that is not there yet makes none."""
    database = django_settings.DATABASES["default"]
    if not database["ENGINE"].endswith("sqlite3"):
        return True
    name = str(database["NAME"])
    return Path(name).exists()


def everything(*, host: str | None = None) -> list[Finding]:
    """Return all that is not as it should be, the unsafe first."""
    found = [*findings(host=host), *unknown_settings(), *_backup_findings()]
    if has_database():
        found += database_findings(host=host)
        found += [] if django_settings.DEMO else _late_backups()
        connections.close_all()
    return sorted(found, key=lambda one: not one.is_unsafe)


def told(found: Sequence[Finding]) -> list[str]:
    """Return what is to be said of each finding, in the active language."""
    lines = []
    for one in found:
        mark = _("UNSAFE") if one.is_unsafe else _("LOOK")
        lines += [f"{mark}  {one.about}: {one.what}", f"        {one.to_do}"]
    return lines


def check(arguments: Namespace, settings: Settings, say: Say) -> int:
    """Tell each thing that is not as it should be; 0 where there is none, 2 where one is unsafe, 1 otherwise."""
    del arguments
    with translation.override(settings.language):
        found = everything()
        if not settings.demo and (missing := _mail_missing(settings)):
            found = [*missing, *(one for one in found if one.code != "mail_stays")]
        for line in told(found):
            say(line)
        unsafe = sum(one.is_unsafe for one in found)
        if unsafe:
            say(_("Not safe for real people: mentornet serve refuses to start."))
            return UNSAFE
        if place_of(None).is_trying and not settings.demo:
            say(_("Good for trying on this machine. For real people, see to what is told above."))
            return TOLD
        say(_("Nothing is unsafe.") if found else _("All is as it should be."))
    return TOLD if found else CLEAN


def _mail_missing(settings: Settings) -> list[Finding]:
    """Return what ``serve`` would refuse for before it looks at anything else."""
    try:
        require_mail(settings)
    except SettingError as error:
        name, _colon, what = str(error).partition(": ")
        return [Finding("mail_missing", name, what, _("Run mentornet setup, which asks for it."))]
    return []


def require_safe(settings: Settings, say: Say, *, host: str | None = None) -> None:
    """Refuse to serve real people unsafely; what is only to be told is told.

    Raises:
        UnsafeError: with each unsafe thing, and what to do about it.
    """
    with translation.override(settings.language):
        found = everything(host=host)
        unsafe = [one for one in found if one.is_unsafe]
        if unsafe:
            raise UnsafeError("\n".join([_("This is not safe for real people, so it is not served:"), *told(unsafe)]))
        if place_of(host).is_trying and not settings.demo:
            say(_("Served to this machine alone, for trying: see `mentornet check` before real people come."))
        else:
            for line in told(found):
                say(line)
