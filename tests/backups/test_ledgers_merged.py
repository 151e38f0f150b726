"""The ledgers of a backup and of the machine become one, and no line of either is lost on the way."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

import pytest

from mentornet.backups.services.copies import merge_ledgers
from mentornet.common.ledger import held


class PowerCutError(BaseException):
    """The program dies here."""


def _ledger(path: Path, *lines: bytes) -> Path:
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    return path


def test_lines_of_all_stand_once(tmp_path: Path) -> None:
    target, other = _ledger(tmp_path / "target", b"1", b"2"), _ledger(tmp_path / "other", b"2", b"3")
    with other.open("ab") as file:
        file.write(b"torn")
    assert merge_ledgers(target, other, tmp_path / "none") == 3
    assert target.read_bytes() == b"1\n2\n3\n"
    assert target.stat().st_mode & 0o77 == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other", "target"]


def test_nothing_is_made_of_nothing(tmp_path: Path) -> None:
    assert merge_ledgers(tmp_path / "target", tmp_path / "none") == 0
    assert not (tmp_path / "target").exists()


def test_cut_short_the_former_ledger_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Written in place, it would be empty or half-written at this moment."""
    target, other = _ledger(tmp_path / "target", b"1", b"2"), _ledger(tmp_path / "other", b"3")

    def cut(_descriptor: int) -> None:
        raise PowerCutError

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", cut)
        with pytest.raises(PowerCutError):
            merge_ledgers(target, other)
    assert target.read_bytes() == b"1\n2\n"
    assert merge_ledgers(target, other) == 3


def test_it_waits_for_whoever_writes_and_loses_nothing_of_hers(tmp_path: Path) -> None:
    target, other = _ledger(tmp_path / "target", b"1"), _ledger(tmp_path / "other", b"3")
    told: list[Any] = []
    with held(target) as writer:
        merging = threading.Thread(target=lambda: told.append(merge_ledgers(target, other)))
        merging.start()
        merging.join(0.3)
        assert told == []
        os.write(writer.descriptor, b"2\n")
    merging.join(240)
    assert told == [3]
    assert target.read_bytes() == b"1\n2\n3\n"


def test_whoever_waited_writes_into_the_new_file(tmp_path: Path) -> None:
    target = _ledger(tmp_path / "target", b"1")
    written = threading.Event()

    def write() -> None:
        with held(target) as writer:
            os.write(writer.descriptor, b"3\n")
        written.set()

    waiting = threading.Thread(target=write)
    with held(target):
        waiting.start()
        assert not written.wait(0.3)
        _ledger(tmp_path / "new", b"1", b"2").rename(target)
    waiting.join(240)
    assert target.read_bytes() == b"1\n2\n3\n"
