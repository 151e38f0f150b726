"""The file of an installation's settings, in its data folder: one ``NAME=value`` a line.

systemd reads the same file as an ``EnvironmentFile``. What the environment itself says wins over it.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

NAME: Final = "mentornet.env"
_LINE: Final = re.compile(r"(?P<name>[A-Z][A-Z0-9_]*)=(?P<value>.*)", re.DOTALL)
_PLAIN: Final = re.compile(r"[\w.,:/@+=?&*~\[\]-]*", re.ASCII)
_QUOTED: Final = re.compile(r'"(?P<text>(?:[^"\\]|\\.)*)"')
_ESCAPED: Final = re.compile(r"\\(.)")
_HEAD: Final = (
    "# The settings of this installation, written by `mentornet setup`. What the environment says wins over them.",
    "# Passwords and keys stand in it: keep it readable for the program's own user alone.",
)


class EnvFileError(ValueError):
    """Raised for a line that cannot be read; the message tells its number, never what stands in it."""


def read_env_file(path: Path) -> dict[str, str]:
    """Return what the file sets, by name; nothing where there is no file.

    Raises:
        EnvFileError: a line is no ``NAME=value``, or sets a name that is no setting of this program's.
        OSError: the file is there, and cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError as error:
        raise EnvFileError(f"{path}: expected text in UTF-8") from error
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith(("#", ";")):
            continue
        parts = _LINE.fullmatch(line.strip())
        value = None if parts is None else _value(parts["value"].strip())
        if parts is None or value is None:
            raise EnvFileError(f'{path}, line {number}: expected NAME=value, or NAME="value"')
        name = parts["name"]
        if not name.startswith("MENTORNET_") or name == "MENTORNET_DATA":
            # The folder in which the file stands cannot be named by the file.
            raise EnvFileError(f"{path}, line {number}: {name} cannot be set here")
        if name in found:
            raise EnvFileError(f"{path}, line {number}: {name} is set twice")
        found[name] = value
    return found


def _value(written: str) -> str | None:
    """Return what a value stands for; ``None`` for what is no value."""
    if quoted := _QUOTED.fullmatch(written):
        return _ESCAPED.sub(r"\1", quoted["text"])
    if len(written) > 1 and written[0] == written[-1] == "'" and "'" not in written[1:-1]:
        return written[1:-1]
    return None if set(written) & {'"', "'", "\\"} else written


def env_file_text(values: Mapping[str, str]) -> str:
    """Return the file that sets these values, those that are empty left out.

    Raises:
        EnvFileError: a value has more than one line, which the file cannot hold.
    """
    lines = list(_HEAD)
    for name, value in sorted(values.items()):
        if not value:
            continue
        if any(ord(sign) < 32 for sign in value):
            raise EnvFileError(f"{name}: expected one line")
        quoted = value if _PLAIN.fullmatch(value) else '"' + re.sub(r'([\\"$`])', r"\\\1", value) + '"'
        lines.append(f"{name}={quoted}")
    return "\n".join(lines) + "\n"


def write_env_file(path: Path, values: Mapping[str, str]) -> None:
    """Write the file so that there is the old one or the whole new one, readable by its owner alone.

    Raises:
        EnvFileError: a value cannot be written.
        OSError: the folder cannot be written.
    """
    text = env_file_text(values)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        # Made for its owner alone by mkstemp; the mode never was another one.
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
