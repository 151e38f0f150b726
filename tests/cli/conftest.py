"""Each test of the program has a folder and an environment of its own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cli.running import Program, Ran
from mentornet.cli import main


@pytest.fixture(autouse=True)
def _own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("MENTORNET_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("MENTORNET_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def program(capsys: pytest.CaptureFixture[str]) -> Program:
    """Run the program in this process."""

    def run(*words: str | Path) -> Ran:
        capsys.readouterr()
        try:
            code: str | int | None = main([str(word) for word in words])
        except SystemExit as error:
            # As argparse ends the program.
            code = error.code
        said = capsys.readouterr()
        return Ran(code, said.out, said.err)

    return run
