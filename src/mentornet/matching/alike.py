"""What can be said of somebody so that it is said of several alike: groups of at least so many, told apart by no more.

People are divided again and again by one statement, such as "speaks Arabic", as long as both parts stay large enough.
What is then said of each is what all of her group have in common. So whatever somebody else knows of one of them, at
least so many fit, and no choice among what is said can come nearer: it is said of whole groups (k-anonymity by
partitioning, after LeFevre, DeWitt and Ramakrishnan, *Mondrian Multidimensional K-Anonymity*, ICDE 2006, section 3).
The groups come from the people alone: for whom they are looked through plays no part in them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

LEAST: Final = 5
"""How many are alike at least: as many as a published figure counts."""

Bool = NDArray[np.bool_]
Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Alike:
    """Some who are told apart by nothing that is said.

    Attributes:
        rows: intp, ascending: which of the people; never fewer than asked for.
        said: the statements that hold of each of them, in their order.
    """

    rows: Rows
    said: tuple[str, ...]


def alike(holds: Sequence[Collection[str]], statements: Sequence[str], least: int = LEAST) -> list[Alike]:
    """Divide people into groups of at least ``least``; nobody is in none, unless there are too few in all.

    A statement that comes earlier is tried earlier. The same people in the same order give the same groups; time in
    proportion to people x statements x depth.

    Args:
        holds: of each of the people, what holds of her; what is not among the statements is never said.
        statements: what may be said, what matters most first.
        least: at least 1.

    >>> [(group.rows.tolist(), group.said) for group in alike([{"a", "b"}, {"a"}, {"a"}, {"a", "b"}], "ab", least=2)]
    [([0, 3], ('a', 'b')), ([1, 2], ('a',))]
    """
    if least < 1 or len(holds) < least:
        return []
    table: Bool = np.array([[one in known for one in statements] for known in holds], np.bool_)
    table = table.reshape(len(holds), len(statements))
    groups: list[Alike] = []
    waiting: list[Rows] = [np.arange(len(holds), dtype=np.intp)]
    while waiting:
        rows = waiting.pop()
        part = table[rows]
        count = part.sum(axis=0)
        # Both parts stay large enough: who is left over by a statement is told apart by it as much as who is not.
        able = np.flatnonzero((count >= least) & (len(rows) - count >= least))
        if len(able):
            has = part[:, able[0]]
            waiting += [rows[~has], rows[has]]
        else:
            groups.append(Alike(rows, tuple(statements[at] for at in np.flatnonzero(count == len(rows)).tolist())))
    return groups
