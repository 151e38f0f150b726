"""The hard rules, compiled: which mentors are left for one mentee."""

from __future__ import annotations

from typing import Final

from pairing._compiled import inner
from pairing.features import I8, I32, I64, U8, U64
from pairing.scene import DIVISION, MEETING, OPEN, SLOTS

UNKNOWN_LEVEL: Final = 7


@inner
def rule_out_by_time_and_place(hers: I32, theirs: I32, state: U8) -> None:
    """Set ``state`` of every mentor to 1 where the rules time, place, resting and capacity pass, else 0."""
    slots, meeting, division = hers[SLOTS], hers[MEETING], hers[DIVISION]
    their_slots, their_meeting, their_division, is_open = theirs[SLOTS], theirs[MEETING], theirs[DIVISION], theirs[OPEN]
    may_online = meeting == 0 or (meeting & 2) != 0
    may_meet = meeting == 0 or (meeting & 1) != 0
    for column in range(len(state)):
        other, mode, place = their_slots[column], their_meeting[column], their_division[column]
        in_time = (slots == 0) | (other == 0) | ((other & slots) != 0)
        online = may_online & ((mode == 0) | ((mode & 2) != 0))
        here = may_meet & ((mode == 0) | ((mode & 1) != 0))
        near = (division < 0) | (place < 0) | (place == division)
        state[column] = (is_open[column] != 0) & in_time & (online | (here & near))


@inner
def rule_out_pairs(start: I64, mentor: I32, row: int, state: U8) -> None:
    """Clear ``state`` of the mentors that one mentee must not have."""
    for at in range(start[row], start[row + 1]):
        state[mentor[at]] = 0


@inner
def rule_out_demands(own: U64, others: U64, row: int, state: U8) -> None:
    """Clear ``state`` where a bit of ``own[:, row]`` stands in ``others`` too."""
    for word in range(own.shape[0]):
        bits = own[word, row]
        if bits != 0:
            for column in range(len(state)):
                if (others[word, column] & bits) != 0:
                    state[column] = 0


@inner
def rule_out_language(
    spoken: I64,
    hers: I8,
    her_known: bool,
    theirs: I8,
    their_known: I32,
    min_danish: I32,
    danish: int,
    need: int,
    state: U8,
    column_out: I32,
) -> int:
    """Apply the language rule; returns how many mentors are left, ascending in ``column_out``."""
    left = 0
    for column in range(len(state)):
        if state[column] == 0:
            continue
        known = their_known[column] != 0
        passes = not known and not her_known
        for language in spoken:
            # A whole list that is unknown may hold this language, at any level.
            own = hers[language] if her_known else UNKNOWN_LEVEL
            other = theirs[language, column] if known else UNKNOWN_LEVEL
            if own >= need and other >= need:
                passes = passes or language != danish or own >= min_danish[column]
        if passes:
            column_out[left] = column
            left += 1
    return left
