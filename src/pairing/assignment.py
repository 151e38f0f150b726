"""The exact sparse assignment behind ``solve``: compiled, row by row, with prices that prove the optimum.

Rows are mentees, columns mentors with ``capacity`` equal places. A pair is worth ``big + score``, so that one more
pair outweighs any score; ``big`` is chosen so large that the two parts of a price never touch. Kept throughout:
``value[row] + price[column] >= worth`` for every pair, equality for every pair chosen, ``value`` 0 for rows left
over and ``price`` 0 for columns with a free place. That is optimality (complementary slackness).

1. *Row reduction* (Jonker and Volgenant 1987, section 4): each row takes its best column and raises the column's
   price to the point where its second best is as good; the row that held the column goes on looking.
2. *Shortest augmenting paths* (Dijkstra on reduced costs) for the rows that are still without a column. A path ends
   in a free place, or where some row is better left over.

Each row knows only its best few columns. Whether that suffices is decided by a bound: no column outside the list
is worth more than the last one inside. Where the bound does not decide, the search stops and names the rows that
must know more; the caller scores them again and goes on. So the result is the optimum over all pairs though most are
never looked at twice, and this module never sees a person.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from pairing._compiled import compiled, inner
from pairing.features import I64, Bool
from pairing.kernels.rows import COLUMN_BITS, COLUMN_MASK

BIDS: Final = 40
TOGETHER: Final = 1024
AHEAD: Final = 300
"""Score units: rows whose lists may be too short by so little grow together with those that are."""
FAR: Final = 1 << 62
NOBODY: Final = -1


class Lists(NamedTuple):
    """Each row's best columns: a stretch of the pool, packed as in ``kernels.rows._keep_best``, best first."""

    start: I64
    length: I64
    complete: Bool


class State(NamedTuple):
    """Who is with whom, and the prices.

    Attributes:
        mate: int64 (n,), each row's column or -1.
        after: int64 (n,), the next row in the same column or -1; ``first`` (m,) begins the chain.
        used: int64 (m,), places taken; ``capacity`` (m,) places there are.
        value, price: int64 (n,) and (m,), the duals.
        bid: int64 (n,), the highest price at which a row still prefers its column.
        distance, via: int64 (m,), shortest path so far and the row it came through.
        reached: int64 (n,), distance of a row on the search tree or -1.
        counts: int64 (3,), statistics: path searches, searches broken off, rows scanned.
    """

    mate: I64
    after: I64
    first: I64
    used: I64
    capacity: I64
    value: I64
    price: I64
    bid: I64
    distance: I64
    via: I64
    reached: I64
    counts: I64


def state_for(rows: int, capacity: I64) -> State:
    """Return the state in which nobody is paired and every price is 0."""
    columns = len(capacity)
    return State(
        mate=np.full(rows, NOBODY, np.int64),
        after=np.full(rows, NOBODY, np.int64),
        first=np.full(columns, NOBODY, np.int64),
        used=np.zeros(columns, np.int64),
        capacity=capacity,
        value=np.zeros(rows, np.int64),
        price=np.zeros(columns, np.int64),
        bid=np.zeros(rows, np.int64),
        distance=np.full(columns, FAR, np.int64),
        via=np.full(columns, NOBODY, np.int64),
        reached=np.full(rows, NOBODY, np.int64),
        counts=np.zeros(3, np.int64),
    )


@inner
def _join(state: State, row: int, column: int) -> None:
    state.mate[row] = column
    state.after[row] = state.first[column]
    state.first[column] = row
    state.used[column] += 1


@inner
def _leave(state: State, row: int) -> int:
    """Take ``row`` out of its column and return that column, or -1 if it had none."""
    column = state.mate[row]
    if column == NOBODY:
        return NOBODY
    state.mate[row] = NOBODY
    state.used[column] -= 1
    at = state.first[column]
    if at == row:
        state.first[column] = state.after[row]
        return int(column)
    while state.after[at] != row:
        at = state.after[at]
    state.after[at] = state.after[row]
    return int(column)


@inner
def _two_best(state: State, lists: Lists, pool: I64, row: int, big: int) -> tuple[int, int, int, int, bool]:
    """Return the best gain, its column, the second-best gain and column, and whether columns outside may do better.

    Staying without a column is worth 0 and has column -1.
    """
    best, column, second, other = 0, NOBODY, 0, NOBODY
    start, length = lists.start[row], lists.length[row]
    worth = 0
    for at in range(start, start + length):
        entry = pool[at]
        worth = big + (entry >> COLUMN_BITS)
        if worth <= second:
            return best, column, second, other, False
        here = COLUMN_MASK - (entry & COLUMN_MASK)
        gain = worth - state.price[here]
        if gain > best:
            best, column, second, other = gain, here, best, column
        elif gain > second:
            second, other = gain, here
    return best, column, second, other, not lists.complete[row] and worth > second


@inner
def _lowest_bidder(state: State, column: int) -> int:
    row = lowest = state.first[column]
    while row != NOBODY:
        if state.bid[row] < state.bid[lowest]:
            lowest = row
        row = state.after[row]
    return int(lowest)


@inner
def _worth(lists: Lists, pool: I64, row: int, column: int, big: int) -> int:
    for at in range(lists.start[row], lists.start[row] + lists.length[row]):
        if COLUMN_MASK - (pool[at] & COLUMN_MASK) == column:
            return int(big + (pool[at] >> COLUMN_BITS))
    return -1


@compiled
def reduce_rows(rows: I64, lists: Lists, pool: I64, state: State, big: int) -> I64:
    """Let each row bid for its best column; returns the rows that are still to be placed.

    A row that would outbid nobody, or whose list is too short to tell, is left to the path search.
    """
    waiting = np.empty(len(rows), np.int64)
    left = 0
    budget = BIDS * len(rows)
    for start in rows:
        row = start
        while row != NOBODY:
            best, column, second, other, is_open = _two_best(state, lists, pool, row, big)
            budget -= 1
            if not is_open and best == second and other != NOBODY and state.used[other] < state.capacity[other]:
                column = other
            if not is_open and column == NOBODY:
                break
            limit = state.price[column] + best - second
            if not is_open and state.used[column] < state.capacity[column]:
                state.bid[row] = limit
                _join(state, row, column)
                break
            lowest = _lowest_bidder(state, column)
            if is_open or budget < 0 or limit <= state.bid[lowest]:
                waiting[left] = row
                left += 1
                break
            _leave(state, lowest)
            state.bid[row] = limit
            _join(state, row, column)
            state.price[column] = max(state.price[column], state.bid[_lowest_bidder(state, column)])
            row = lowest
    for row in rows:
        column = state.mate[row]
        if column != NOBODY:
            state.value[row] = _worth(lists, pool, row, column, big) - state.price[column]
    return waiting[:left].copy()


@inner
def _push(keys: I64, marks: I64, size: int, key: int, mark: int) -> tuple[I64, I64, int]:
    if size == len(keys):
        more_keys, more_marks = np.empty(2 * size, np.int64), np.empty(2 * size, np.int64)
        for at in range(size):
            more_keys[at], more_marks[at] = keys[at], marks[at]
        keys, marks = more_keys, more_marks
    child = size
    while child > 0:
        parent = (child - 1) >> 1
        if keys[parent] <= key:
            break
        keys[child], marks[child] = keys[parent], marks[parent]
        child = parent
    keys[child], marks[child] = key, mark
    return keys, marks, size + 1


@inner
def _pop(keys: I64, marks: I64, size: int) -> int:
    """Drop the first entry of the heap; returns the new size."""
    size -= 1
    key, mark = keys[size], marks[size]
    parent = 0
    while True:
        child = 2 * parent + 1
        if child >= size:
            break
        if child + 1 < size and keys[child + 1] < keys[child]:
            child += 1
        if keys[child] >= key:
            break
        keys[parent], marks[parent] = keys[child], marks[child]
        parent = child
    keys[parent], marks[parent] = key, mark
    return size


@inner
def _rows_to_grow(lists: Lists, pool: I64, state: State, tree: I64, branches: int, big: int, end: int) -> int:
    """Move the rows of the tree whose lists may be too short to the front of ``tree``; returns how many they are."""
    found = 0
    for at in range(branches):
        row = tree[at]
        base = state.reached[row] + state.value[row]
        state.reached[row] = NOBODY
        if not lists.complete[row]:
            last = pool[lists.start[row] + lists.length[row] - 1]
            if base - big - (last >> COLUMN_BITS) < end:
                tree[found] = row
                found += 1
    return found


@inner
def _rows_that_will_ask(waiting: I64, place: int, lists: Lists, pool: I64, state: State, big: int, tree: I64) -> int:
    """Put the next rows whose lists are too short as things stand into ``tree``; returns how many.

    Where places are scarce nearly every row asks: asking together lets all threads score.
    """
    found = 0
    for at in range(place, len(waiting)):
        if found == TOGETHER:
            break
        _, _, _, _, is_open = _two_best(state, lists, pool, waiting[at], big)
        if is_open:
            tree[found] = waiting[at]
            found += 1
    return found


@inner
def _augment(state: State, start: int, column: int, row: int) -> None:
    """Move each row of the path one column on: ``row`` to ``column``, and so back to ``start``."""
    while column != NOBODY:
        before = _leave(state, row)
        _join(state, row, column)
        if row == start:
            return
        column, row = before, state.via[before]


@compiled
def place_rows(  # noqa: C901, PLR0912, PLR0915 - one loop around a heap; taken apart, its state goes from call to call
    waiting: I64, position: int, lists: Lists, pool: I64, state: State, big: int, tree: I64
) -> tuple[int, int]:
    """Place each waiting row, from ``position`` on, along a shortest augmenting path.

    Args:
        waiting: rows to place.
        position: where in ``waiting`` to begin.
        lists: what the rows know, as stretches of the pool.
        pool: int64, packed entries.
        state: changed in place.
        big: what one pair outweighs.
        tree: int64 (n,), working memory.

    Returns:
        The position reached and 0, at the end of ``waiting``; or the position at which lists were too short, and
        how many rows at the front of ``tree`` have to know more before the call is made again.
    """
    rows, columns = len(state.mate), len(state.price)
    keys, marks = np.empty(1024, np.int64), np.empty(1024, np.int64)
    touched = np.empty(columns, np.int64)
    free = (state.capacity - state.used).sum()
    for place in range(position, len(waiting)):
        start = waiting[place]
        state.counts[0] += 1
        # With no free place left, every price is at least the lowest: a sharper bound for columns outside a list.
        least = FAR if free == 0 else 0
        if free == 0:
            for column in range(columns):
                if state.capacity[column] > 0:
                    least = min(least, state.price[column])
        best, _, _, _, is_open = _two_best(state, lists, pool, start, big)
        if is_open:
            return place, _rows_that_will_ask(waiting, place, lists, pool, state, big, tree)
        tree[0] = start
        state.value[start] = best
        state.reached[start] = 0
        # Marks: below `columns` a column; then a row to be left over; then a row whose list is too short.
        keys[0], marks[0] = best, columns + start
        size, touches, branches = 1, 0, 1
        end, mark, scan = best, 0, start
        while True:
            if scan != NOBODY:
                state.counts[2] += 1
                base = state.reached[scan] + state.value[scan]
                first, length = lists.start[scan], lists.length[scan]
                outside = FAR
                for at in range(first, first + length):
                    entry = pool[at]
                    worth = big + (entry >> COLUMN_BITS)
                    outside = base + least - worth
                    if outside >= end:
                        break
                    column = COLUMN_MASK - (entry & COLUMN_MASK)
                    distance = base + state.price[column] - worth
                    if distance < state.distance[column] and distance <= end:
                        if state.distance[column] == FAR:
                            touched[touches] = column
                            touches += 1
                        state.distance[column] = distance
                        state.via[column] = scan
                        keys, marks, size = _push(keys, marks, size, distance, column)
                        if state.used[column] < state.capacity[column]:
                            end = min(end, distance)
                if outside < end and not lists.complete[scan]:
                    keys, marks, size = _push(keys, marks, size, outside, columns + rows + scan)
                scan = NOBODY
            key, mark = keys[0], marks[0]
            size = _pop(keys, marks, size)
            if mark >= columns + rows and key >= end:
                # Nothing outside that list can be better than the end that is found.
                continue
            if mark >= columns:
                break
            if key > state.distance[mark]:
                continue
            if state.used[mark] < state.capacity[mark]:
                break
            # Rows of one column are reached one by one: the column comes back until its chain is through.
            row = state.first[mark]
            while row != NOBODY and state.reached[row] != NOBODY:
                row = state.after[row]
            if row == NOBODY:
                continue
            keys, marks, size = _push(keys, marks, size, key, mark)
            state.reached[row] = key
            tree[branches] = row
            branches += 1
            if key + state.value[row] <= end:
                end = key + state.value[row]
                keys, marks, size = _push(keys, marks, size, end, columns + row)
            scan = row
        if mark >= columns + rows:
            for at in range(touches):
                state.distance[touched[at]] = FAR
            return place, _rows_to_grow(lists, pool, state, tree, branches, big, end - least + AHEAD)
        end = key
        for at in range(branches):
            row = tree[at]
            state.value[row] -= end - state.reached[row]
            state.reached[row] = NOBODY
        for at in range(touches):
            column = touched[at]
            if state.distance[column] < end:
                state.price[column] += end - state.distance[column]
            state.distance[column] = FAR
        if mark < columns:
            _augment(state, start, mark, state.via[mark])
            free -= 1
        else:
            row = mark - columns
            column = _leave(state, row)
            _augment(state, start, column, state.via[column] if column != NOBODY else NOBODY)
    return len(waiting), 0
