"""Real people are not served where their letters would only be written to the console."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from mentornet.config.env import SettingError, read_settings
from mentornet.config.mail import require_mail
from serving import of_nobody

SMTP = {"MENTORNET_MAIL_URL": "smtp+tls://user:password@mail.example.org:587"}


@pytest.mark.parametrize(
    "environment",
    [SMTP, {"MENTORNET_MAIL_URL": "consolemail://"}, {"MENTORNET_DEMO": "yes"}, {"MENTORNET_DEBUG": "yes"}],
)
def test_where_it_is_said_how_or_nobody_is_real_it_is_served(environment: Mapping[str, str]) -> None:
    require_mail(read_settings(environment))


def test_otherwise_it_says_what_to_set() -> None:
    with pytest.raises(SettingError, match=r"^MENTORNET_MAIL_URL: expected how letters leave, such as smtp\+tls://"):
        require_mail(read_settings({}))


def run(tmp_path: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words],
        env=of_nobody(tmp_path) | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize("words", [("serve", "--port", "1"), ("worker", "--once")])
def test_program_refuses_to_start(words: tuple[str, ...], tmp_path: Path) -> None:
    ended = run(tmp_path, "-m", "mentornet.cli", *words)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("MENTORNET_MAIL_URL: expected how letters leave")
    assert not (tmp_path / "mentornet.sqlite3").exists()


def test_other_servers_refuse_as_well(tmp_path: Path) -> None:
    ended = run(tmp_path, "-c", "import mentornet.config.wsgi")
    assert "MENTORNET_MAIL_URL: expected how letters leave" in ended.stderr
    # The control: with a way for letters it starts.
    assert run(tmp_path, "-c", "import mentornet.config.wsgi", **SMTP).returncode == 0
