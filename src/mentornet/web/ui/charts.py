"""Where the marks of a chart stand, in per cent of its field; the templates draw them as SVG."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Any


@dataclass(frozen=True, slots=True)
class BarMark:
    """One bar: its words, its value and its width in per cent of the longest."""

    label: str
    value: float
    width: float
    note: str


@dataclass(frozen=True, slots=True)
class LineMarks:
    """A line: the path through its points in a field of 100 by 100, and the ticks beside it.

    Attributes:
        path: for the attribute ``d``; a gap where a value is unknown, a dot where one stands alone.
        ticks: the values beside the field, from the top down.
        first: the label under the first point.
        last: the label under the last.
    """

    path: str
    ticks: tuple[float, ...]
    first: str
    last: str


def round_up(value: float) -> float:
    """Return the next number of the kind that reads well on an axis: 1, 2, 4, 5 or 10 times a power of ten."""
    if value <= 0:
        return 1
    power: float = 10.0 ** floor(log10(value))
    return next(step * power for step in (1, 2, 4, 5, 10) if step * power >= value * (1 - 1e-9))


def bar_marks(rows: Sequence[Mapping[str, object]]) -> list[BarMark]:
    """Return the bars of ``rows``, each with ``label``, ``value`` and perhaps ``note``."""
    values = [float(str(row["value"])) for row in rows]
    longest = max(values, default=0) or 1
    return [
        BarMark(str(row["label"]), value, round(100 * max(value, 0) / longest, 2), str(row.get("note", "")))
        for row, value in zip(rows, values, strict=True)
    ]


def line_marks(rows: Sequence[Mapping[str, object]], *, steps: bool = False) -> LineMarks:
    """Return the line through ``rows``, each with ``label`` and ``value`` (``None`` where it is unknown).

    Args:
        rows: in the order of time.
        steps: the value holds until the next one: a stair instead of slopes.
    """
    known = [float(str(row["value"])) for row in rows if row["value"] is not None]
    top = round_up(max(known, default=0))
    width = max(len(rows) - 1, 1)
    path: list[str] = []
    pen_is_down = False
    for number, row in enumerate(rows):
        if row["value"] is None:
            pen_is_down = False
            continue
        x = round(100 * number / width, 2)
        y = round(100 - 100 * float(str(row["value"])) / top, 2)
        if not pen_is_down:
            # The empty stroke becomes a dot by its round end, for a value with unknown ones on both sides.
            path.append(f"M{x:g} {y:g}h0")
        else:
            path.append(f"H{x:g}V{y:g}" if steps else f"L{x:g} {y:g}")
        pen_is_down = True
    return LineMarks(
        path="".join(path),
        ticks=_ticks(top),
        first=str(rows[0]["label"]) if rows else "",
        last=str(rows[-1]["label"]) if rows else "",
    )


def _ticks(top: float) -> tuple[float, ...]:
    parts = 2 if ceil(top) % 2 == 0 or top < 1 else 1
    return tuple(top * part / parts for part in range(parts, -1, -1))


def criterion_marks(bars: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return ``bars`` with the width of what each gives and of the most that it could give.

    Each bar has ``label``, ``contribution`` and ``maximum`` in points of a hundred, and perhaps ``is_unknown``,
    ``is_waiting`` and ``note``. The largest maximum fills the field, so that a weight is seen as a length.
    """
    rows = [dict(bar) for bar in bars]
    longest = max((float(row["maximum"]) for row in rows), default=0) or 1
    for row in rows:
        maximum, contribution = float(row["maximum"]), float(row["contribution"])
        row["track"] = round(100 * maximum / longest, 2)
        row["width"] = round(100 * min(contribution, maximum) / longest, 2)
        row["kind"] = _kind(row)
    return rows


def strip_marks(bars: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return ``bars`` one after the other on a strip whose whole length is the sum of their maxima."""
    rows = [dict(bar) for bar in bars]
    whole = sum(float(row["maximum"]) for row in rows) or 1
    start = 0.0
    for row in rows:
        row["start"] = round(start, 2)
        row["width"] = round(100 * float(row["contribution"]) / whole, 2)
        row["kind"] = _kind(row)
        start += row["width"]
    return rows


def _kind(row: Mapping[str, Any]) -> str:
    if row.get("is_waiting"):
        return "waiting"
    return "unknown" if row.get("is_unknown") else "known"


def stair_marks(steps: Sequence[Sequence[float]], *, since: float, until: float) -> dict[str, str]:
    """Return a stair that begins at 1, and the band around it, as paths in a field of 100 by 100.

    Args:
        steps: of each step the day, and then the share, its lower and its upper bound, 0 to 1; in the order of days.
        since: where the stair begins.
        until: the end of the field, to which the last step is drawn.
    """

    def x(day: float) -> str:
        return f"{round(100 * min(day, until) / until, 2):g}"

    def y(share: float) -> str:
        return f"{round(100 - 100 * share, 2):g}"

    line = f"M{x(since)} 0"
    upper, lower = line, ""
    last = [1.0, 1.0, 1.0]
    for day, *values in steps:
        line += f"H{x(day)}V{y(values[0])}"
        upper += f"H{x(day)}V{y(values[2])}"
        # The lower edge is drawn backwards: from this step up to the one before.
        lower = f"H{x(day)}V{y(last[1])}" + lower
        last = list(values)
    end = x(until)
    band = f"{upper}H{end}V{y(last[1])}{lower}H{x(since)}Z"
    return {"line": f"{line}H{end}", "band": band}
