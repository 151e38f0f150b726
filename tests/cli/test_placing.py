"""What a run must not take the place of: devices, what links lead to, and what other runs have left."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from pairing.placing import Placing


def test_pipe_is_no_place_for_a_file(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(FileExistsError), Placing() as placing:
        placing.write(pipe, b"page")
    assert pipe.is_fifo()
    assert [path.name for path in tmp_path.iterdir()] == ["pipe"]


def test_link_stays_a_link(tmp_path: Path) -> None:
    there = tmp_path / "there.csv"
    there.write_text("old", encoding="utf-8")
    link = tmp_path / "link.csv"
    link.symlink_to(there)
    with Placing() as placing:
        placing.write(link, b"new")
        placing.place()
    assert link.is_symlink()
    assert there.read_bytes() == b"new"


def test_what_a_killed_run_left_is_swept_when_it_is_old(tmp_path: Path) -> None:
    old, fresh = tmp_path / ".mentornet-old", tmp_path / ".mentornet-fresh"
    for folder in (old, fresh):
        folder.mkdir()
        (folder / "pairs.csv").touch()
    os.utime(old, times=(time.time() - 90_000, time.time() - 90_000))
    with Placing() as placing:
        placing.write(tmp_path / "pairs.csv", b"new")
        placing.place()
    assert sorted(path.name for path in tmp_path.iterdir()) == [".mentornet-fresh", "pairs.csv"]
