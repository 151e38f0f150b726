"""Up to three mentors beside each other, line by line, with the best of each line marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mentornet.web.desk.match.shown import Row


@dataclass(frozen=True, slots=True)
class Cell:
    """One mentor's bar in one line.

    Attributes:
        bar: as the tag ``criterion_bars`` takes it.
        is_best: more than another's, and no other's is more.
    """

    bar: dict[str, Any]
    is_best: bool

    @property
    def width(self) -> str:
        """How far the bar is filled, in per cent of what this criterion can give, as SVG writes it."""
        return f"{min(100.0, 100 * self.bar['contribution'] / self.bar['maximum']):.1f}"


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion."""

    label: str
    cells: list[Cell]


def lines_of(rows: Sequence[Row]) -> list[Line]:
    """Return the criteria as lines; waiting is left out, being the same beside each mentor."""
    lines = []
    for bars in zip(*(row.bars for row in rows), strict=True):
        if bars[0]["is_waiting"]:
            continue
        values = [round(bar["contribution"], 1) for bar in bars]
        best, least = max(values), min(values)
        lines.append(
            Line(
                str(bars[0]["label"]),
                [Cell(bar, best > least and value == best) for bar, value in zip(bars, values, strict=True)],
            )
        )
    return lines
