"""From a job title to an ISCO-08 code.

The resolver answers from a table of titles: this product's own (:mod:`reference.isco`), enlarged by ESCO's if an
operator has imported it (:mod:`reference.esco`). How often it is right is measured in ``docs/occupations.md``.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from reference import isco, wording
from reference.esco import EscoTitle
from reference.ranking import Ranked, Ranking
from reference.translation import LANGUAGES

# An answer is given when it is more probably right than wrong; where no four digits are, then perhaps three or two.
THRESHOLD: Final = 0.5
SHORTEST: Final = 2
# A shorter title is too easily another one with a letter changed ("maler", "miler").
LONG_ENOUGH_FOR_A_SLIP: Final = 8
# Of ESCO's titles that differ from another in one letter, 30 of 39 have its code although nobody slipped; of those
# that add a place of work to another, 106 of 108.
SAME_WORDS_SURENESS: Final = 0.95
NEARLY_SURENESS: Final = 0.85
# A less sure candidate is not worth showing.
LEAST_SURE: Final = 0.01
# Of a longer text only the beginning is read: a title is short, and a pasted letter must not take long.
LONGEST_TEXT: Final = 200

# What people write when they have no title to tell.
_NO_TITLE: Final = frozenset(
    wording.same_writing(text)
    for text in (
        "", "none", "no", "nothing", "unknown", "not known", "n/a", "na", "nil", "null", "other", "various", "any",
        "anything", "unemployed", "retired", "student", "test", "ingen", "intet", "nej", "ukendt", "ved ikke", "andet",
        "diverse", "alt", "ledig", "arbejdsløs", "arbejdssøgende", "jobsøgende", "pensionist", "efterlønner",
        "studerende", "elev", "hjemmegående", "housewife", "x", "xx", "xxx", "job", "arbejde", "work", "i do not know",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TitleMatch:
    """What a title was taken for.

    Attributes:
        code: ISCO-08 code of 1 to 4 digits.
        title: the title of the table that was matched, as it is written there.
        sureness: estimated probability that the code is right, 0 to 1.
        exact: the title stands in the table, apart from case, spacing, punctuation and endings.
    """

    code: str
    title: str
    sureness: float
    exact: bool


@dataclass(frozen=True, slots=True)
class Label:
    """A title of the table; a lower ``rank`` wins over a higher one (own title 0, own synonym 1, ESCO 2 and 3)."""

    code: str
    text: str
    rank: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """How a share of belief and a likeness (0 to 1 each) become a probability: a logistic regression.

    A sparse table knows less than its shares claim, a dense one hardly errs: each kind of table has its own numbers,
    fitted on ESCO's alternative labels (docs/occupations.md).
    """

    base: float
    share: float
    likeness: float

    def sureness(self, share: float, likeness: float) -> float:
        """Return the probability that a code with this ``share`` and nearest ``likeness`` is right, 0 to 1."""
        certain = min(max(share, 1e-4), 1 - 1e-4)
        logit = (
            self.base + self.share * math.log(certain / (1 - certain)) + self.likeness * math.log(max(likeness, 0.05))
        )
        return 1 / (1 + math.exp(-logit))


SPARSE: Final = Calibration(base=-0.48, share=0.32, likeness=0.77)
DENSE: Final = Calibration(base=-0.26, share=0.74, likeness=0.0)
# Labels from which on a table counts as dense: ESCO in one language has some 30,000, the bundled table 10,000.
DENSE_FROM: Final = 25_000


class TitleResolver:
    """Resolves titles against one table of titles; may be shared between threads."""

    def __init__(self, labels: Iterable[Label]) -> None:
        self._labels = tuple(labels)
        self._calibration = DENSE if len(self._labels) >= DENSE_FROM else SPARSE
        self._by_writing = _index(self._labels, wording.same_writing)

    @classmethod
    def bundled(cls) -> TitleResolver:
        """Return the resolver of the bundled table; made once."""
        return _bundled()

    def enlarged(self, extra: Iterable[EscoTitle]) -> TitleResolver:
        """Return a resolver that knows the titles of ``extra`` too; where they disagree, this one's titles win."""
        # In one order, whatever order they come in: among equally near titles only so many are heard.
        ordered = sorted(extra, key=lambda title: (title.code, title.language, title.title, not title.preferred))
        added = (Label(title.code, title.title, 2 if title.preferred else 3) for title in ordered)
        return TitleResolver((*self._labels, *added))

    def resolve(self, text: str) -> TitleMatch | None:
        """Return the occupation that ``text`` most probably names, or ``None`` if none is more likely than not.

        The code is as long as it can be: where the likely unit groups agree only in their first three or two digits,
        it is the code of the group that holds them. Equally likely codes: the first in the order of the codes.
        """
        if (plain := _plain(text)) is None:
            return None
        found = self._exact(plain)
        if len(found) == 1:
            return found[0]
        held = _exact_groups(found) if found else [*self._nearly(plain), *self._groups(plain)]
        return next((match for match in held if match.sureness >= THRESHOLD), None)

    def candidates(self, text: str, limit: int = 5) -> tuple[TitleMatch, ...]:
        """Return up to ``limit`` occupations that ``text`` may name, surest first, each code once.

        Exact matches come first, then the others by sureness, equally sure ones in the order of the codes. The
        surenesses of different codes are judged one by one and need not sum to 1.
        """
        if (plain := _plain(text)) is None:
            return ()
        first: dict[str, TitleMatch] = {}
        for match in (*(self._exact(plain) or self._nearly(plain)), *self._alike(plain)):
            first.setdefault(match.code, match)
        return tuple(sorted(first.values(), key=lambda match: (not match.exact, -match.sureness, match.code))[:limit])

    @cached_property
    def _writings_by_length(self) -> Mapping[int, tuple[str, ...]]:
        found: dict[int, list[str]] = defaultdict(list)
        for writing in self._by_writing:
            found[len(writing)].append(writing)
        return {length: tuple(writings) for length, writings in found.items()}

    @cached_property
    def _by_words(self) -> Mapping[str, tuple[Label, ...]]:
        return _index(self._labels, wording.same_words)

    @cached_property
    def _ranking(self) -> Ranking:
        return Ranking([wording.features(label.text) for label in self._labels], [label.code for label in self._labels])

    def _exact(self, text: str) -> list[TitleMatch]:
        """Return the occupations whose titles are written like ``text``, or else have the same words."""
        found, sureness = self._by_writing.get(wording.same_writing(text), ()), 1.0
        if not found:
            # Words are compared by their stems, and a stem may be a slip of the pen: *lægge* for *læge*.
            found, sureness = self._by_words.get(wording.same_words(text), ()), SAME_WORDS_SURENESS
        return [
            TitleMatch(code=label.code, title=label.text, sureness=sureness * share, exact=True)
            for label, share in _named(found)
        ]

    def _nearly(self, text: str) -> list[TitleMatch]:
        """Return the occupations whose titles are ``text`` but for a slip of the pen or a place of work."""
        return self._slipped(text) or self._placed(text)

    def _placed(self, text: str) -> list[TitleMatch]:
        """Return the unit group whose title stands in ``text`` before a place of work: "nurse in a hospital".

        A wider group is no answer here: with "teacher in primary education" the rest says more than "teacher".
        """
        before, preposition, _ = wording.split_at_place(text)
        found = self._exact(before) if preposition else []
        if len(found) != 1 or len(found[0].code) != isco.LONGEST:
            return []
        return [replace(found[0], sureness=NEARLY_SURENESS, exact=False)]

    def _slipped(self, text: str) -> list[TitleMatch]:
        """Return the occupations whose titles differ from ``text`` in one letter: left out, added, wrong or swapped."""
        writing = wording.same_writing(text)
        if len(writing) < LONG_ENOUGH_FOR_A_SLIP:
            return []
        near = [
            known
            for length in (len(writing) - 1, len(writing), len(writing) + 1)
            for known, _, _ in process.extract(
                writing, self._writings_by_length.get(length, ()), scorer=OSA.distance, score_cutoff=1, limit=None
            )
        ]
        found = [label for known in near for label in self._by_writing[known]]
        return [
            TitleMatch(code=label.code, title=label.text, sureness=NEARLY_SURENESS * share, exact=False)
            for label, share in _named(found)
        ]

    def _alike(self, text: str) -> list[TitleMatch]:
        """Return the occupations whose titles are like ``text``."""
        found = [
            TitleMatch(
                code=ranked.code,
                title=self._labels[ranked.row].text,
                sureness=self._calibration.sureness(ranked.share, ranked.likeness),
                exact=False,
            )
            for ranked in self._ranking.ranked(wording.features(text))
        ]
        return [match for match in found if match.sureness >= LEAST_SURE]

    def _groups(self, text: str) -> list[TitleMatch]:
        """Return the codes that ``text`` may mean and the groups that hold them: longest first, then surest."""
        ranked = self._ranking.ranked(wording.features(text))
        shares: dict[str, float] = defaultdict(float)
        nearest: dict[str, Ranked] = {}
        for one in ranked:
            for length in range(SHORTEST, len(one.code) + 1):
                shares[one.code[:length]] += one.share
                known = nearest.setdefault(one.code[:length], one)
                if one.likeness > known.likeness:
                    nearest[one.code[:length]] = one
        return [
            TitleMatch(
                code=code,
                title=self._labels[nearest[code].row].text,
                sureness=self._calibration.sureness(shares[code], nearest[code].likeness),
                exact=False,
            )
            for code in sorted(shares, key=lambda code: (-len(code), -shares[code], code))
        ]


def _named(labels: Sequence[Label]) -> list[tuple[Label, float]]:
    """Return the labels of the best rank, one for each code, in the order of the codes, with equal shares of 1."""
    best = min((label.rank for label in labels), default=0)
    named = {label.code: label for label in reversed(labels) if label.rank == best}
    # A title may name both a group and the only group in it: the inner one says more and is as true.
    ends = [code for code in named if not any(other != code and other.startswith(code) for other in named)]
    return [(named[code], 1 / len(ends)) for code in sorted(ends)]


def _exact_groups(found: Sequence[TitleMatch]) -> list[TitleMatch]:
    """Return the group that holds all of ``found``, if there is one: then it is certain."""
    digits = min(isco.digits_in_common(found[0].code, match.code) for match in found)
    if digits < SHORTEST:
        return []
    shared = found[0].code[:digits]
    return [TitleMatch(code=shared, title=found[0].title, sureness=1.0, exact=True)]


def _index(labels: Iterable[Label], key: Callable[[str], str]) -> Mapping[str, tuple[Label, ...]]:
    found: dict[str, list[Label]] = defaultdict(list)
    for label in labels:
        found[key(label.text)].append(label)
    found.pop("", None)
    return {text: tuple(same) for text, same in found.items()}


def _plain(text: str) -> str | None:
    """Return the part of ``text`` that is read, or ``None`` if it says nothing of an occupation."""
    plain = text.strip()[:LONGEST_TEXT]
    return None if wording.same_writing(plain) in _NO_TITLE else plain


@cache
def _bundled() -> TitleResolver:
    return TitleResolver(_own_labels())


def _own_labels() -> Iterator[Label]:
    for group in isco.groups():
        for language in LANGUAGES:
            yield Label(group.code, group.titles[language], 0)
            for title in group.synonyms[language]:
                yield Label(group.code, title, 1)
