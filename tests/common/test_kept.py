"""What a process keeps in memory between requests."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from mentornet.common.kept import Kept


class Reader:
    """Counts how often it is asked, and keeps what it was given."""

    def __init__(self) -> None:
        self.given: list[Any] = []

    def __call__(self, kept: tuple[int, str] | None) -> str:
        self.given.append(kept)
        return f"value {len(self.given)}"


def test_value_stands_while_its_digest_does() -> None:
    kept, read = Kept[str, int, str](2), Reader()
    assert [kept.get("a", 1, read), kept.get("a", 1, read)] == ["value 1", "value 1"]
    assert read.given == [None]


def test_another_digest_reads_from_the_former_value() -> None:
    kept, read = Kept[str, int, str](2), Reader()
    kept.get("a", 1, read)
    assert kept.get("a", 2, read) == "value 2"
    assert read.given == [None, (1, "value 1")]


def test_least_recently_asked_for_goes() -> None:
    kept, read = Kept[str, int, str](2), Reader()
    for key in ("a", "b", "a", "c", "a"):
        kept.get(key, 1, read)
    assert len(read.given) == 3
    kept.get("b", 1, read)
    assert len(read.given) == 4


def test_failed_reading_leaves_the_former_value_and_nobody_waiting() -> None:
    kept, read = Kept[str, int, str](2), Reader()
    kept.get("a", 1, read)

    def fail(_kept: object) -> str:
        raise OSError("the database is away")

    with pytest.raises(OSError, match="away"):
        kept.get("a", 2, fail)
    assert kept.get("a", 1, read) == "value 1"
    assert kept.get("a", 2, read) == "value 2"


def test_two_at_once_read_once() -> None:
    kept, read = Kept[str, int, str](2), Reader()
    reading, may_end = threading.Event(), threading.Event()

    def slowly(former: tuple[int, str] | None) -> str:
        reading.set()
        may_end.wait(10)
        return read(former)

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(kept.get, "a", 1, slowly)
        reading.wait(10)
        second = pool.submit(kept.get, "a", 1, slowly)
        may_end.set()
        assert (first.result(10), second.result(10)) == ("value 1", "value 1")
    assert read.given == [None]


def test_forgotten_is_read_anew() -> None:
    kept, read = Kept[str, int, str](2), Reader()
    kept.get("a", 1, read)
    kept.forget()
    kept.get("a", 1, read)
    assert read.given == [None, None]
