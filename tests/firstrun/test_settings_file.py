"""The file of settings: what it may hold, who may read it, and that the environment wins over it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mentornet.config import env
from mentornet.config.env import PARTICIPANTS_LANGUAGES, SettingError, in_force, read_settings
from mentornet.config.env_file import EnvFileError, env_file_text, read_env_file, write_env_file
from mentornet.config.setup_questions import PRESETS, check_address
from mentornet.config.starting import start_django
from mentornet.programmes import presets


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of this process's own, in which nothing is set."""
    for name in [name for name in os.environ if name.startswith("MENTORNET_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("MENTORNET_DATA", str(tmp_path))
    return tmp_path


VALUES = {
    "MENTORNET_MAIL_URL": "smtp+tls://office:p%40ss$word#1@mail.example.org:587",
    "MENTORNET_SENDER": 'The "office" <office@example.org>',
    "MENTORNET_SECRET_KEY": "back\\slash `and` more; ' #",
    "MENTORNET_HOSTS": "mentor.example.org",
    "MENTORNET_TIME_ZONE": "",
}


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "mentornet.env"
    write_env_file(path, VALUES)
    assert read_env_file(path) == {name: value for name, value in VALUES.items() if value}
    assert path.stat().st_mode & 0o777 == 0o600
    write_env_file(path, {"MENTORNET_HOSTS": "b.example.org"})
    assert read_env_file(path) == {"MENTORNET_HOSTS": "b.example.org"}
    assert list(tmp_path.iterdir()) == [path]


def test_failing_it_leaves_the_former_file(tmp_path: Path) -> None:
    path = tmp_path / "mentornet.env"
    write_env_file(path, VALUES)
    with pytest.raises(EnvFileError, match="MENTORNET_SENDER: expected one line"):
        write_env_file(path, {"MENTORNET_SENDER": "two\nlines"})
    assert read_env_file(path)["MENTORNET_HOSTS"] == "mentor.example.org"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("# words\n\n; words\nMENTORNET_A=b\n", {"MENTORNET_A": "b"}),
        (
            'MENTORNET_A=\'b c\'\nMENTORNET_B="d\\"e"\nMENTORNET_C=f g\n',
            {"MENTORNET_A": "b c", "MENTORNET_B": 'd"e', "MENTORNET_C": "f g"},
        ),
        ("MENTORNET_A=\n", {"MENTORNET_A": ""}),
        ("MENTORNET_A=b=c?d=e\r\n", {"MENTORNET_A": "b=c?d=e"}),
    ],
)
def test_forms_of_a_line(text: str, found: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "mentornet.env"
    path.write_text(text, encoding="utf-8", newline="")
    assert read_env_file(path) == found


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("MENTORNET_A=b\nwords-and-a-secret\n", "line 2: expected NAME=value"),
        ('MENTORNET_A="b\n', "line 1: expected NAME=value"),
        ("export MENTORNET_A=secret\n", "line 1: expected NAME=value"),
        ("PATH=/secret\n", "line 1: PATH cannot be set here"),
        ("MENTORNET_DATA=/secret\n", "line 1: MENTORNET_DATA cannot be set here"),
        ("MENTORNET_A=b\nMENTORNET_A=secret\n", "line 2: MENTORNET_A is set twice"),
    ],
)
def test_line_that_is_none_is_told_without_what_stands_in_it(text: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "mentornet.env"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(EnvFileError, match=told) as refused:
        read_env_file(path)
    assert "secret" not in str(refused.value)


def test_environment_wins_over_the_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_env_file(folder / "mentornet.env", {"MENTORNET_LANGUAGE": "da", "MENTORNET_SENDER": "A <a@example.org>"})
    assert (read_settings().language, read_settings().sender) == ("da", "A <a@example.org>")
    monkeypatch.setenv("MENTORNET_LANGUAGE", "en")
    # An empty value, as compose files have them, says nothing.
    monkeypatch.setenv("MENTORNET_SENDER", " ")
    assert (read_settings().language, read_settings().sender) == ("en", "A <a@example.org>")
    assert in_force()["MENTORNET_DATA"] == str(folder)


def test_unusable_file_is_refused(folder: Path) -> None:
    (folder / "mentornet.env").write_text("HOSTS\n", encoding="utf-8")
    with pytest.raises(SettingError, match="line 1: expected NAME=value"):
        read_settings()
    # Where other settings are asked for, this machine's have no say.
    assert read_settings({}).language == "en"


def test_nothing_is_read_where_there_is_no_file(folder: Path) -> None:
    assert read_settings() == read_settings({"MENTORNET_DATA": str(folder)})
    assert env.env_file() == folder / "mentornet.env"


@pytest.mark.parametrize(
    ("written", "languages"),
    [("", PARTICIPANTS_LANGUAGES), ("ar", ("da", "en", "ar")), ("uk, fa DA", ("da", "en", "fa", "uk"))],
)
def test_languages_of_participants(written: str, languages: tuple[str, ...]) -> None:
    assert read_settings({"MENTORNET_LANGUAGES": written}).languages == languages


def test_unknown_language_is_refused() -> None:
    with pytest.raises(SettingError, match="MENTORNET_LANGUAGES: xx: expected some of da, en, ar, fa, uk"):
        read_settings({"MENTORNET_LANGUAGES": "da xx"})


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("mentor.example.org", "https://mentor.example.org"),
        (" https://mentor.example.org/ ", "https://mentor.example.org"),
        ("https://mentor.example.org:8443", "https://mentor.example.org:8443"),
    ],
)
def test_address_is_kept_as_one(typed: str, kept: str) -> None:
    assert check_address(typed) == kept


@pytest.mark.parametrize("typed", ["http://mentor.example.org", "https://", "https://a.example.org/desk", "a b://c"])
def test_other_addresses_are_refused(typed: str) -> None:
    with pytest.raises(SettingError, match="expected an address such as https://"):
        check_address(typed)


def test_presets_that_are_asked_for_are_those_that_there_are() -> None:
    assert tuple(presets.PRESETS) == PRESETS


def test_file_says_what_it_is() -> None:
    assert env_file_text({}).startswith("# The settings of this installation")


def test_folder_that_a_demonstration_makes_is_its_owner_s_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "above" / "data"
    monkeypatch.setenv("MENTORNET_DATA", str(folder))
    # Django has started already in this process: a second time it does nothing.
    monkeypatch.setenv("MENTORNET_DEMO", "no")
    start_django(read_settings({"MENTORNET_DATA": str(folder)}), demo=True)
    assert folder.stat().st_mode & 0o777 == 0o700
