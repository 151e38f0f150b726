"""A programme's own criteria and hard rules, made into what the kernels know already: a table, and bits.

Few different answers are given to one question, so each criterion becomes a table of every answer of mentees beside
every answer of mentors, and each person the number of her row or column in it. Whatever is asked and however it is
compared, the compiled kernels look up one number. A hard rule becomes bits beside those of *requires*: each different
answer of a mentee is one demand, which a mentor meets, does not meet, or may not meet. Without own criteria there is no
table and no bit, and nothing is done.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from reference.customs import UNKNOWN, Compared, Custom, Wishes
from reference.people import Mentee, Mentor, Person

I64 = npt.NDArray[np.int64]
F64 = npt.NDArray[np.float64]
U64 = npt.NDArray[np.uint64]

_WORD: Final = 64


class Fit(NamedTuple):
    """What a comparison may come to, over everything that the unknown answers might be; alike where all is known.

    Attributes:
        least, most: float64, 0 to 1.
    """

    least: F64
    most: F64

    @property
    def value(self) -> F64:
        """The value; NaN where it depends on what is unknown."""
        return np.where(self.least == self.most, self.least, np.nan)


class OwnTables(NamedTuple):
    """Own criteria of n mentees and m mentors; hard rules are no part of it.

    Attributes:
        values: float64, the tables one after the other, each row by row; NaN unknown.
        size: int64 (c,), how many entries each table has.
        mentee: int64 (c, n), where each mentee's row begins in ``values``.
        mentor: int64 (c, m), each mentor's column within a row.
    """

    values: F64
    size: I64
    mentee: I64
    mentor: I64


class OwnDemands(NamedTuple):
    """Own hard rules as demands of mentees; words of 64 bits each.

    Attributes:
        asks: uint64 (words, n), the bit of each mentee's answer.
        fails: uint64 (words, m), the bits that a mentor does not meet.
        unknown: uint64 (words, m), the bits that she may not meet.
    """

    asks: U64
    fails: U64
    unknown: U64


def _counted(bits: I64) -> F64:
    return np.bitwise_count(bits).astype(np.float64)


def _overlap(custom: Custom, hers: I64, theirs: I64) -> Fit:
    common = _counted(hers & theirs)
    whole = custom.highest
    if custom.wishes is Wishes.BOTH:
        wished = np.minimum(_counted(hers), _counted(theirs))
        surely = (hers == whole) | (theirs == whole)
        least = surely.astype(np.float64)
    else:
        wish, has = (hers, theirs) if custom.wishes is Wishes.MENTEE else (theirs, hers)
        wished = _counted(wish)
        # Whoever wishes for all of them finds one at least in anybody; whoever has all of them fits any wish.
        least = np.where(wish == whole, 1 / len(custom.choices), 0.0)
        least = np.where(has == whole, 1.0, least)
    known = (hers != UNKNOWN) & (theirs != UNKNOWN)
    value = common / np.where(known, wished, 1)
    return Fit(np.where(known, value, least), np.where(known, value, 1.0))


def _at_least(custom: Custom, hers: I64, theirs: I64) -> Fit:
    wish, has = (hers, theirs) if custom.wishes is Wishes.MENTEE else (theirs, hers)
    known = (wish != UNKNOWN) & (has != UNKNOWN)
    # Who wishes for the least there is, is content with anybody; who has the most contents anybody.
    surely = (wish == custom.lowest) | (has == custom.highest)
    least = np.where(known, has >= wish, surely).astype(np.float64)
    return Fit(least, np.where(known, least, 1.0))


def _near(custom: Custom, hers: I64, theirs: I64) -> Fit:
    def of(distance: I64) -> F64:
        value: F64 = np.maximum(0.0, 1 - distance / (custom.span + 1))
        return value

    known = (hers != UNKNOWN) & (theirs != UNKNOWN)
    one = np.where(hers != UNKNOWN, hers, theirs)
    farthest = np.where(
        one == UNKNOWN, custom.highest - custom.lowest, np.maximum(one - custom.lowest, custom.highest - one)
    )
    value = of(np.abs(hers - theirs))
    return Fit(np.where(known, value, of(farthest)), np.where(known, value, 1.0))


def compare(custom: Custom, hers: I64, theirs: I64) -> Fit:
    """Compare answers as :meth:`~reference.customs.Custom.number_of` has them, -1 unknown; shapes spread as usual.

    Of a hard rule, a value above 0 means that it holds: so it fails where even the most is 0, and is unsure where
    only the least is.
    """
    hers, theirs = np.broadcast_arrays(hers, theirs)
    if custom.compared is Compared.OVERLAP:
        return _overlap(custom, hers, theirs)
    if custom.compared is Compared.AT_LEAST:
        return _at_least(custom, hers, theirs)
    if custom.compared is Compared.NEAR:
        return _near(custom, hers, theirs)
    known = (hers != UNKNOWN) & (theirs != UNKNOWN)
    same = (hers == theirs).astype(np.float64)
    return Fit(np.where(known, same, 0.0), np.where(known, same, 1.0))


def numbers(custom: Custom, people: Sequence[Person]) -> I64:
    """Return everybody's answer as a number: int64 (k,), -1 unknown."""
    known: dict[object, int] = {}
    found = np.empty(len(people), np.int64)
    for at, person in enumerate(people):
        answer = person.answer(custom.key)
        # A truth and a number are equal to Python, and are two answers.
        key = (type(answer), answer)
        if key not in known:
            known[key] = custom.number_of(answer)
        found[at] = known[key]
    return found


def tables_of(customs: Sequence[Custom], mentees: Sequence[Mentee], mentors: Sequence[Mentor]) -> OwnTables:
    """Make the table of each criterion among ``customs``, in their order.

    Takes time in proportion to the people, and to the different answers of one side times those of the other.
    """
    values: list[F64] = []
    rows, columns, begin = [], [], 0
    for custom in customs:
        if custom.is_rule:
            continue
        hers, row = np.unique(numbers(custom, mentees), return_inverse=True)
        theirs, column = np.unique(numbers(custom, mentors), return_inverse=True)
        table = compare(custom, hers[:, None], theirs[None, :]).value
        values.append(table.ravel())
        rows.append(begin + row * len(theirs))
        columns.append(column)
        begin += table.size
    return OwnTables(
        values=np.concatenate([np.zeros(0), *values]),
        size=np.array([len(table) for table in values], np.int64),
        mentee=np.array(rows, np.int64).reshape(len(values), len(mentees)),
        mentor=np.array(columns, np.int64).reshape(len(values), len(mentors)),
    )


def demands_of(customs: Sequence[Custom], mentees: Sequence[Mentee], mentors: Sequence[Mentor]) -> OwnDemands:
    """Make the bits of the hard rules among ``customs``: as many as mentees give different answers."""
    bit = 0
    asked: list[tuple[int, I64]] = []
    judged: list[Fit] = []
    for custom in customs:
        if not custom.is_rule:
            continue
        hers, row = np.unique(numbers(custom, mentees), return_inverse=True)
        fit = compare(custom, hers[:, None], numbers(custom, mentors)[None, :])
        judged.append(fit)
        asked.append((bit, row))
        bit += len(hers)
    words = -(-bit // _WORD)
    asks = np.zeros((words, len(mentees)), np.uint64)
    fails, unknown = np.zeros((words, len(mentors)), np.uint64), np.zeros((words, len(mentors)), np.uint64)
    people = np.arange(len(mentees))
    for (first, row), fit in zip(asked, judged, strict=True):
        place = first + row
        asks[place // _WORD, people] |= np.uint64(1) << (place % _WORD).astype(np.uint64)
        for answer in range(len(fit.most)):
            word, shift = divmod(first + answer, _WORD)
            fails[word] |= (fit.most[answer] <= 0).astype(np.uint64) << np.uint64(shift)
            unknown[word] |= ((fit.most[answer] > 0) & (fit.least[answer] <= 0)).astype(np.uint64) << np.uint64(shift)
    return OwnDemands(asks, fails, unknown)


def holds(custom: Custom, mentee: Mentee, mentor: Mentor) -> bool | None:
    """Tell whether a hard rule holds for two people; ``None`` where it depends on what is unknown."""
    fit = compare(custom, numbers(custom, [mentee]), numbers(custom, [mentor]))
    if fit.most[0] <= 0:
        return False
    return True if fit.least[0] > 0 else None
