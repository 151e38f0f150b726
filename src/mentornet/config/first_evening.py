"""``mentornet setup``: from an empty folder to an installation that can be served.

First how it is reached and where data and letters go: with that Django starts. Then the organisation and whoever looks
after it. Only when all is answered anything is written: the rows in one transaction, and the file of settings as its
last act, so that there is all of it or nothing. Begun again, it offers what was said before.
"""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from pathlib import Path
from pkgutil import resolve_name
from typing import Final

from mentornet.config import setup_questions as questions
from mentornet.config.env import (
    PARTICIPANTS_LANGUAGES,
    PREFIX,
    SettingError,
    Settings,
    env_file,
    in_force,
    read_settings,
)
from mentornet.config.env_file import EnvFileError, read_env_file
from mentornet.config.setup_questions import Asking, NoAnswerError
from mentornet.config.starting import start_django
from reference.translation import N_, Language

CONSOLE: Final = "consolemail://"
_SETTING_OF: Final[Mapping[str, str]] = {
    "languages": "LANGUAGES",
    "database-url": "DATABASE_URL",
    "mail-url": "MAIL_URL",
    "sender": "SENDER",
    "sms-url": "SMS_URL",
    "backup-folder": "BACKUP_FOLDER",
    "backup-key": "BACKUP_KEY",
}
Say = Callable[[str], None]


def set_up(arguments: Namespace, settings: Settings, say: Say) -> int:
    """Ask, and write what was answered; returns 0 when it is done.

    Raises:
        SettingError: an answer cannot be used, or is missing where nobody can be asked.
        OSError: the data folder cannot be written.
    """
    given = {name.replace("_", "-"): value for name, value in vars(arguments).items() if isinstance(value, str)}
    asking = Asking(given, say, is_terminal=sys.stdin.isatty() and not arguments.yes)
    if settings.demo:
        raise SettingError(f"{PREFIX}DEMO: a demonstration is not set up; take the setting away")
    asking.language = _language(asking, settings)
    asking.tell(
        N_("Mentornet is set up in {folder}. Nothing is written before the last answer."), folder=str(_folder())
    )
    values = _installation(asking, settings)
    _make_folder()
    # This process, and those that it starts, see the answers before they are kept.
    os.environ.update({name: value for name, value in values.items() if value})
    for name in [name for name, value in values.items() if not value and name in os.environ]:
        del os.environ[name]
    final = read_settings()
    try:
        start_django(final)
        resolve_name("mentornet.config.two_roles:become_owner")()
    except Exception as error:
        if type(error).__name__ != "ImproperlyConfigured":
            raise
        raise SettingError(str(error)) from error
    code: int = resolve_name("mentornet.config.setting_up:finish")(asking, arguments, final, values)
    return code


def _folder() -> Path:
    return env_file().parent


def _make_folder() -> None:
    """Make the data folder, for its owner alone; one that is there stays as it is."""
    folder = _folder()
    if not folder.exists():
        folder.mkdir(parents=True, mode=0o700)


def _language(asking: Asking, settings: Settings) -> Language:
    found = asking.ask(questions.LANGUAGE, settings.language)
    return "da" if found == "da" else "en"


def _installation(asking: Asking, settings: Settings) -> dict[str, str]:
    """Ask how it is reached and where data and letters go; return the settings to keep, empty ones among them."""
    known = in_force()
    try:
        kept = read_env_file(env_file())
    except EnvFileError as error:
        raise SettingError(str(error)) from error
    values = dict(kept) | {f"{PREFIX}LANGUAGE": asking.language}
    for question in questions.INSTALLATION:
        if question.option == "address":
            before = settings.address if settings.address.startswith("https://") else ""
            values |= _reached(asking.ask(question, before), kept)
            continue
        is_tried = values[f"{PREFIX}HTTPS"] == "no"
        if question.option == "backup-key" and not values.get(f"{PREFIX}BACKUP_FOLDER"):
            continue
        name = PREFIX + _SETTING_OF[question.option]
        usual = known.get(name, "")
        if question.option == "languages":
            usual = usual or " ".join(PARTICIPANTS_LANGUAGES)
        if question.option == "mail-url" and is_tried:
            usual = usual or CONSOLE
        values[name] = asking.ask(question, usual)
        if question.option == "mail-url" and not values[name]:
            raise NoAnswerError(
                asking.words(N_("Say how letters leave: --mail-url, or MENTORNET_MAIL_URL. Nothing was written."))
            )
    if values.get(f"{PREFIX}BACKUP_FOLDER"):
        values[f"{PREFIX}BACKUP_FOLDER"] = str(Path(values[f"{PREFIX}BACKUP_FOLDER"]).expanduser().absolute())
    return values


def _reached(address: str, kept: Mapping[str, str]) -> dict[str, str]:
    """Return the settings that follow from the address at which people reach the program."""
    if not address:
        return {f"{PREFIX}HTTPS": "no", f"{PREFIX}ADDRESS": "", f"{PREFIX}HOSTS": ""}
    host = address.removeprefix("https://").rsplit(":", 1)[0] if address.count(":") > 1 else address[len("https://") :]
    hosts = [name for name in kept.get(f"{PREFIX}HOSTS", "").split(",") if name]
    return {
        f"{PREFIX}HTTPS": "yes",
        f"{PREFIX}ADDRESS": address,
        f"{PREFIX}HOSTS": ",".join(hosts if host in hosts else [host]),
    }
