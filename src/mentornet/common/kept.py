"""What a process keeps in memory between requests, and how it knows that it still stands."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K")
D = TypeVar("D")
V = TypeVar("V")


class Kept(Generic[K, D, V]):
    """A few values by key, each with the digest of the rows that it was read from; the least recently asked for goes.

    The digest is asked for at every request. While it is the same the value stands; else it is read anew, by one
    thread while the others wait for it.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[K, tuple[D, V]] = OrderedDict()
        self._reading: dict[K, Lock] = {}
        self._lock = Lock()

    def get(self, key: K, digest: D, read: Callable[[tuple[D, V] | None], V]) -> V:
        """Return the value for a digest; ``read`` gets the former digest and value, to read only what has changed.

        What it returns must not be the former value changed: another thread may be reading that.
        """
        with self._lock:
            kept = self._values.get(key)
            if kept is not None:
                self._values.move_to_end(key)
            reading = self._reading.setdefault(key, Lock())
        if kept is not None and kept[0] == digest:
            return kept[1]
        # Who comes second waits for what the first one reads, instead of reading it beside her.
        with reading:
            return self._refreshed(key, digest, read)

    def _refreshed(self, key: K, digest: D, read: Callable[[tuple[D, V] | None], V]) -> V:
        with self._lock:
            kept = self._values.get(key)
        if kept is not None and kept[0] == digest:
            return kept[1]
        value = read(kept)
        with self._lock:
            self._values[key] = (digest, value)
            self._values.move_to_end(key)
            while len(self._values) > self._most:
                gone, _value = self._values.popitem(last=False)
                self._reading.pop(gone, None)
        return value

    def forget(self) -> None:
        """Forget everything: for tests and measurements."""
        with self._lock:
            self._values.clear()
