"""Settings from the environment: what an installation may change without touching a file of the program."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reference.reading import Limits
from reference.translation import LANGUAGES, Language

PREFIX: Final = "MENTORNET_"


class SettingError(Exception):
    """Raised for a setting that cannot be used; the message says what was expected."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of this installation.

    Attributes:
        language: of messages and reports, unless a command asks otherwise (``MENTORNET_LANGUAGE``).
        limits: how large a spreadsheet may be (``MENTORNET_MAX_MB``, ``MENTORNET_MAX_ROWS``,
            ``MENTORNET_MAX_UNPACKED_MB``).
        data_folder: where the program keeps what it was given, such as ESCO's titles (``MENTORNET_DATA``).
    """

    language: Language
    limits: Limits
    data_folder: Path


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


def _data_folder(environment: Mapping[str, str]) -> Path:
    named = environment.get(f"{PREFIX}DATA", "").strip()
    if named:
        return Path(named)
    # The place that the XDG base directory specification names for a user's data.
    base = environment.get("XDG_DATA_HOME", "").strip()
    return (Path(base) if base else Path.home() / ".local" / "share") / "mentornet"


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from ``environment``, the process's own without it.

    Raises:
        SettingError: a setting has a value that cannot be used.
    """
    environment = os.environ if environment is None else environment
    usual = Limits()
    return Settings(
        language=_language(environment),
        limits=Limits(
            megabytes=_number(environment, "MAX_MB", usual.megabytes),
            rows=_whole(environment, "MAX_ROWS", usual.rows),
            unpacked_megabytes=_number(environment, "MAX_UNPACKED_MB", usual.unpacked_megabytes),
        ),
        data_folder=_data_folder(environment),
    )
