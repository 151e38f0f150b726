"""How like the words of a text are to the words of many titles, letter by letter and weighted by rarity.

The measure is the cosine of TF-IDF vectors, made soft: a word of the text also counts, in part, where a title has
only a similar word (another form, a slip of the pen). Similar words are found by the runs of two and three letters
that they share. See Cohen, Ravikumar and Fienberg, "A comparison of string distance metrics for name-matching tasks"
(IIWeb 2003), section 2.3, "SoftTFIDF".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from reference.wording import is_mark

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]

# A word less like than this, 0 to 1, is another word. Tuned, see docs/occupations.md.
LEAST: Final = 0.45
# Marks (the head of a title, said a second time) weigh less than words. Tuned as well.
MARK_WEIGHT: Final = 0.7


class Holders:
    """A sparse table of 0 and 1: for each feature, numbered from 0, the rows that have it."""

    def __init__(self, rows_of: Sequence[Sequence[int]]) -> None:
        self.counts: Floats = np.array([len(rows) for rows in rows_of], dtype=np.float64)
        self.starts: Numbers = np.concatenate([[0], np.cumsum(self.counts)]).astype(np.int64)
        self.rows: Numbers = np.fromiter((row for rows in rows_of for row in rows), dtype=np.int64)

    def of(self, feature: int) -> Numbers:
        """Return the rows that have ``feature``."""
        return self.rows[self.starts[feature] : self.starts[feature + 1]]

    def lengths(self, weights: Floats, rows: int) -> Floats:
        """Return the Euclidean length of each of the ``rows`` rows when each feature weighs ``weights``."""
        squares = np.repeat(weights**2, np.diff(self.starts))
        return np.asarray(np.sqrt(np.bincount(self.rows, weights=squares, minlength=rows)), dtype=np.float64)


def numbered(texts: Iterable[Iterable[str]]) -> tuple[dict[str, int], Holders]:
    """Number the features of ``texts`` as they come, and say which texts hold them."""
    numbers: dict[str, int] = {}
    holders: list[list[int]] = []
    for row, text in enumerate(texts):
        for feature in dict.fromkeys(text):
            number = numbers.setdefault(feature, len(holders))
            if number == len(holders):
                holders.append([])
            holders[number].append(row)
    return numbers, Holders(holders)


def letters(word: str) -> tuple[str, ...]:
    """Return the runs of two and three letters in ``word``, its two ends marked; none for a mark."""
    if is_mark(word):
        return ()
    ended = f"^{word}$"
    return tuple(ended[at : at + size] for size in (2, 3) for at in range(len(ended) - size + 1))


class Likeness:
    """Compares a text with titles; every array has a row for each title, or a number for each word.

    Building it takes about 10 microseconds a title, comparing one text with 30,000 titles about a millisecond.
    """

    def __init__(self, titles: Sequence[Sequence[str]]) -> None:
        self.numbers, self.holders = numbered(titles)
        self._size = len(titles)
        kinds = np.array([MARK_WEIGHT if is_mark(word) else 1.0 for word in self.numbers], dtype=np.float64)
        self._rarity: Floats = kinds * np.log1p(self._size / self.holders.counts)
        self._unknown_rarity = float(np.log1p(self._size))
        self._lengths = self.holders.lengths(self._rarity, self._size)
        self._runs, self._run_holders = numbered(letters(word) for word in self.numbers)
        self._run_rarity: Floats = np.log1p(len(self.numbers) / self._run_holders.counts)
        self._unknown_run = float(np.log1p(len(self.numbers)))
        self._word_lengths = np.maximum(self._run_holders.lengths(self._run_rarity, len(self.numbers)), 1e-9)

    def similar(self, word: str) -> list[tuple[int, float]]:
        """Return the numbers of the titles' words that are like ``word``, and how like, above 0 to 1."""
        same = self.numbers.get(word)
        if is_mark(word):
            return [] if same is None else [(same, 1.0)]
        shared = np.zeros(len(self.numbers))
        square = 0.0
        for run in dict.fromkeys(letters(word)):
            number = self._runs.get(run)
            rarity = self._unknown_run if number is None else float(self._run_rarity[number])
            square += rarity**2
            if number is not None:
                shared[self._run_holders.of(number)] += rarity**2
        likeness = shared / (self._word_lengths * square**0.5)
        found = np.flatnonzero(likeness >= LEAST)
        return [(number, 1.0 if number == same else float(likeness[number])) for number in found.tolist()]

    def scores(self, similar: Sequence[Sequence[tuple[int, float]]]) -> Floats:
        """Return how like each title is to a text, 0 to 1, given what :meth:`similar` says of each of its words."""
        total = np.zeros(self._size)
        square = 0.0
        for known in similar:
            nearest, likeness = max(known, key=lambda pair: pair[1], default=(0, 0.0))
            # A word that no title has is as rare as can be; one that is like a known word is nearly as rare as that.
            rarity = likeness * float(self._rarity[nearest]) + (1 - likeness) * self._unknown_rarity
            square += rarity**2
            best = np.zeros(self._size)
            for number, alike in known:
                rows = self.holders.of(number)
                best[rows] = np.maximum(best[rows], alike * rarity * self._rarity[number])
            total += best
        scores: Floats = total / np.maximum(self._lengths * square**0.5, 1e-9)
        return scores
