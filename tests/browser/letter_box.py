"""Letters and text messages as they lie before whoever gets them, brought by the worker."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

from django.core import mail
from django.core.management import call_command
from time_machine import Traveller

_LINK: Final = re.compile(r"https?://\S+/l/\S+")
_CODE: Final = re.compile(r"\b\d{6}\b")
_WAITS: Final = (timedelta(), timedelta(minutes=2), *[timedelta(minutes=30)] * 60)
"""How long somebody waits before she looks again: at once, in a moment, then until the letters of the next day."""


@dataclass
class LetterBox:
    """What has been sent, and what of it was read. Who waits for a letter lets the clock go on until it comes.

    Attributes:
        texts: the file into which text messages are written.
    """

    clock: Traveller
    texts: Path
    _read: dict[str, int] = field(default_factory=dict)

    def link_to(self, whom: str) -> str:
        """Return the link of the newest letter to an address or a number that has not been read."""
        return self._awaited(whom, _LINK)

    def link_had_by(self, whom: str) -> str:
        """Return the newest link that somebody has, read before or not."""
        return [match.group() for letter in self._letters(whom) for match in _LINK.finditer(letter)][-1]

    def code_to(self, whom: str) -> str:
        """Return the code of the newest letter that has not been read."""
        return self._awaited(whom, _CODE)

    def wait(self, while_: timedelta, *whom: str) -> None:
        """Let time go by; whatever comes meanwhile is read, and nothing is done about it."""
        self.clock.shift(while_)
        call_command("work", once=True)
        for one in whom:
            self.read_all(one)

    def read_all(self, whom: str) -> list[str]:
        """Return everything that came to somebody, and let it count as read."""
        found = list(self._letters(whom))
        self._read[whom] = len(found)
        return found

    def _awaited(self, whom: str, what: re.Pattern[str]) -> str:
        for wait in _WAITS:
            self.clock.shift(wait)
            call_command("work", once=True)
            unread = list(self._letters(whom))[self._read.get(whom, 0) :]
            if found := [match.group() for letter in unread if (match := what.search(letter))]:
                self.read_all(whom)
                return found[-1]
        raise AssertionError(f"nothing came to {whom}; before that: {self.read_all(whom)}")

    def _letters(self, whom: str) -> Iterator[str]:
        if "@" in whom:
            yield from (f"{letter.subject}\n\n{letter.body}" for letter in mail.outbox if whom in letter.to)
        elif self.texts.exists():
            lines = map(json.loads, self.texts.read_text(encoding="utf-8").splitlines())
            yield from (line["text"] for line in lines if line["to"] == whom)
