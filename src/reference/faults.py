"""What is wrong with a file, collected: every fault at once, in words that its owner understands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reference.translation import N_, Language, Message

_SHOWN = 60


def shortened(value: str) -> str:
    """Return ``value`` on one line, without control characters, cut to 60 characters."""
    plain = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in value)
    return plain if len(plain) <= _SHOWN else plain[: _SHOWN - 1] + "…"


@dataclass(frozen=True, slots=True)
class Remark:
    """Something said about a place in a file: a fault (it stops the work) or a notice (it does not).

    Attributes:
        file: the file's base name, never its folder.
        row: the row as the spreadsheet program numbers it (header = 1); ``None``: the whole file.
        column: the header as it is written in the file; ``None``: the whole row.
        value: the cell's text, unshortened; ``None`` where no value is meant.
        message: for a fault, what was expected; for a notice, what was done.
    """

    file: str
    row: int | None
    column: str | None
    value: str | None
    message: Message

    def text(self, language: Language) -> str:
        """Return the remark as one line in ``language``."""
        place = [self.file]
        if self.row is not None:
            place.append(Message(N_("row {row}"), {"row": self.row}).text(language))
        if self.column is not None:
            place.append(shortened(self.column))
        line = ", ".join(place) + ": "
        if self.value is not None:
            line += f"“{shortened(self.value)}”: "
        return line + self.message.text(language)


Fault = Remark
Notice = Remark


class UnusableFilesError(Exception):
    """Raised with every fault of every file that was read; nothing has been written."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(fault.text("en") for fault in self.faults))
