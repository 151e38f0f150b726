"""Levels of a language by the Common European Framework of Reference (CEFR)."""

from __future__ import annotations

from enum import IntEnum


class Level(IntEnum):
    """The six levels of CEFR, from beginner to mastery; they compare by skill."""

    A1 = 1
    A2 = 2
    B1 = 3
    B2 = 4
    C1 = 5
    C2 = 6
