"""The units for systemd: they are valid, closed as far as the program allows, and start what exists."""

from __future__ import annotations

import shutil
import subprocess
import sys
from configparser import RawConfigParser
from pathlib import Path
from typing import Any, Final

import pytest

from deploy.containerfile import DEPLOY
from mentornet.cli import parser
from mentornet.config.env import read_settings

UNITS: Final = sorted((DEPLOY / "systemd").glob("*.service"))
WHERE_INSTALLED: Final = "/opt/mentornet/current/.venv/bin/"
MOST_EXPOSED: Final = 15
"""In tenths, as systemd-analyze counts: what cannot be closed for a program that serves and compiles is 1.2."""
# `make test` installs it where it may (``install-what-tests-need``). Where it cannot, a developer's run says so; in the
# gate a skipped test fails the run (``plugin_could_not_run``).
needs_systemd: Final = pytest.mark.skipif(
    not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed"
)


class _Unit(RawConfigParser):
    """A unit's words as they are written; those that stand several times are joined."""

    def __init__(self, path: Path) -> None:
        super().__init__(strict=False, delimiters="=", interpolation=None, comment_prefixes="#")
        self.read(path, encoding="utf-8")

    def optionxform(self, optionstr: str) -> str:
        return optionstr


def analyzed(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["systemd-analyze", *words], capture_output=True, text=True, check=False, timeout=60)


def verified(folder: Path, **changed: str) -> str:
    """Return what systemd finds wrong with our units, once the program stands where they look for it."""
    paths = []
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8").replace(WHERE_INSTALLED, f"{Path(sys.executable).parent}/")
        for old, new in changed.items():
            text = text.replace(old, new)
        paths.append(folder / unit.name)
        paths[-1].write_text(text, encoding="utf-8")
    ended = analyzed("verify", *map(str, paths))
    return ended.stdout + ended.stderr


def test_both_are_here() -> None:
    assert [unit.name for unit in UNITS] == ["mentornet-worker.service", "mentornet.service"]


@needs_systemd
def test_systemd_finds_nothing_wrong(tmp_path: Path) -> None:
    assert verified(tmp_path) == ""
    # The control: a word that it does not know is told.
    assert "PrivateTemp" in verified(tmp_path, PrivateTmp="PrivateTemp")


@needs_systemd
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_unit_is_closed(unit: Path, tmp_path: Path) -> None:
    def exposed(path: Path) -> int:
        return analyzed("security", "--offline=true", f"--threshold={MOST_EXPOSED}", "--no-pager", str(path)).returncode

    assert exposed(unit) == 0
    # The control: without one of the guards it is too open.
    opened = tmp_path / unit.name
    opened.write_text(unit.read_text(encoding="utf-8").replace("CapabilityBoundingSet=\n", ""), encoding="utf-8")
    assert exposed(opened) != 0


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_unit_starts_a_command_that_exists(unit: Path) -> None:
    words = _Unit(unit)["Service"]["ExecStart"].split()
    assert words[0] == f"{WHERE_INSTALLED}mentornet"
    arguments = parser().parse_args(words[1:])
    assert arguments.run.__name__ in {"_serve", "_worker"}


def test_only_one_of_them_does_the_worker_s_work() -> None:
    commands = {unit.stem: _Unit(unit)["Service"]["ExecStart"] for unit in UNITS}
    assert "serve --no-worker" in commands["mentornet"]
    assert commands["mentornet-worker"].endswith("mentornet worker")


def test_both_are_the_same_in_what_they_may_do() -> None:
    first, second = ({**_Unit(unit)["Service"]} for unit in UNITS)
    for service in (first, second):
        for own in ("Type", "NotifyAccess", "ExecStart", "TimeoutStartSec", "TimeoutStopSec", "Restart"):
            service.pop(own, None)
    assert first == second


def test_what_the_example_names_are_settings() -> None:
    text = (DEPLOY / "systemd" / "mentornet.env").read_text(encoding="utf-8")
    named: dict[str, Any] = dict(line[1:].split("=", 1) for line in text.splitlines() if line.startswith("#MENTORNET_"))
    settings = read_settings(named)
    assert settings.hosts == ("network.example.org",)
    assert settings.mail_url.startswith("smtp+tls://")
    assert settings.sender == "The office <office@example.org>"
    assert settings.database_url.startswith("postgres://")
