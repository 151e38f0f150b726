"""People turned into arrays: one row for each mentee, one column for each mentor.

Everything that a rule or a criterion asks is an integer, a bit set or a float here, so that numpy and the compiled
kernels read the same memory. Texts that are only compared (divisions, sectors, interests) become small numbers.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from pairing.customs import OwnTables, demands_of, tables_of
from reference.cefr import Level
from reference.customs import Custom, as_asked
from reference.people import LanguageSkill, MeetingMode, Mentee, Mentor, Person, Requirement, RequirementKind
from reference.topics import Topic

UNKNOWN: Final = -1
UNKNOWN_LEVEL: Final = 7
"""A language that is spoken at a level nobody wrote down; 0 is a language not spoken, 1-6 are A1-C2."""
IN_PERSON: Final = 1
ONLINE: Final = 2
DANISH: Final = "da"
TOPICS: Final = len(Topic)

I8 = npt.NDArray[np.int8]
U8 = npt.NDArray[np.uint8]
I32 = npt.NDArray[np.int32]
U64 = npt.NDArray[np.uint64]
I64 = npt.NDArray[np.int64]
F64 = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]


class Side(NamedTuple):
    """The features that mentees and mentors have in common; k is the number of people of that side.

    A named tuple of arrays, because the compiled kernels take it as it is.

    Attributes:
        occupation: int8 (4, k), the ISCO-08 digits from the left; -1 where the code is shorter or unknown.
        languages: int8 (n_languages, k), 0 not spoken, 1-6 A1-C2, 7 spoken at an unknown level.
        languages_known: uint8 (k,), 0 where the whole cell was empty.
        slots: int32 (k,), one bit for each slot of the week; 0 is unknown.
        meeting: uint8 (k,), bit 1 in person, bit 2 online; 0 is unknown.
        division: int32 (k,), -1 unknown.
        postcode: int8 (2, k), its first two digits; -1 unknown.
        interest_start: int64 (k + 1,), where each person's interests begin in ``interest``; an empty stretch is
            unknown.
        interest: int32, numbers of words.
        hours: float64 (k,), hours a month; NaN unknown.
        months: float64 (k,); NaN unknown.
        education: int8 (k,), ISCED 0-8; -1 unknown.
        sector: int32 (k,); -1 unknown.
        requires: uint64 (words, k), bits of the demands that the person makes on the other side.
        demand_fails: uint64 (words, k), bits of the other side's demands that the person does not meet.
        demand_unknown: uint64 (words, k), bits of the other side's demands that nobody can judge.
    """

    occupation: I8
    languages: I8
    languages_known: U8
    slots: I32
    meeting: U8
    division: I32
    postcode: I8
    interest_start: I64
    interest: I32
    hours: F64
    months: F64
    education: I8
    sector: I32
    requires: U64
    demand_fails: U64
    demand_unknown: U64


class MenteeOnly(NamedTuple):
    """What only a mentee has.

    Attributes:
        goals: float64 (n, 14), each goal's share 1/r of the sum over her goals; a row of zeros is unknown.
        practises: uint8 (n,), 1 if she wants to practise Danish.
        needs_experience: int8 (n,), 1 yes, 0 no, -1 unknown.
    """

    goals: F64
    practises: U8
    needs_experience: I8


class MentorOnly(NamedTuple):
    """What only a mentor has.

    Attributes:
        offers: int32 (m,), one bit for each topic; 0 is unknown.
        pairs_before: float64 (m,); NaN unknown.
        min_danish: int8 (m,), 0 where she asks for none.
    """

    offers: I32
    pairs_before: F64
    min_danish: I8


@dataclass(frozen=True, slots=True)
class Features:
    """Both sides as arrays.

    Attributes:
        danish: the number of Danish among the languages.
        own: the programme's own criteria; ``None`` where it has none.
        asked: the own criteria and rules that were made into these arrays, but for what they weigh and are called.
    """

    mentee: Side
    mentee_only: MenteeOnly
    mentor: Side
    mentor_only: MentorOnly
    danish: int
    own: OwnTables | None = None
    asked: tuple[Custom, ...] = ()


class _Numbering:
    """Numbers texts and demands in the order of their sorted keys, so that row order leaves no trace."""

    def __init__(self, seen: Iterable[str]) -> None:
        self._numbers = {key: number for number, key in enumerate(sorted(set(seen)))}

    def __len__(self) -> int:
        return len(self._numbers)

    def __getitem__(self, key: str) -> int:
        return self._numbers[key]

    def find(self, key: str) -> int:
        """Return the key's number, or -1: nobody has named it."""
        return self._numbers.get(key, UNKNOWN)

    def of(self, key: str | None) -> int:
        return UNKNOWN if key is None else self._numbers[key]


@lru_cache(maxsize=1 << 14)
def folded(text: str) -> str:
    """Return ``text`` as it is compared: without case and surrounding space."""
    # A Mac may write å as two signs: NFC makes them one.
    return unicodedata.normalize("NFC", text).strip().casefold()


def _folded(text: str | None) -> str | None:
    return None if text is None else folded(text) or None


def _texts(texts: Iterable[str | None]) -> Iterable[str]:
    return (text for text in map(_folded, texts) if text is not None)


def demand_key(demand: Requirement) -> str:
    """Return by which text a demand is numbered: the bits of a side are in the order of these."""
    return f"{demand.kind.value}:{folded(demand.value)}"


class _Vocabulary:
    """The numbers of everything that both sides name."""

    def __init__(self, people: Sequence[Person]) -> None:
        self.languages = _Numbering({skill.code for person in people for skill in person.languages or ()} | {DANISH})
        self.divisions = _Numbering(_texts(person.division for person in people))
        self.sectors = _Numbering(_texts(person.sector for person in people))
        self.interests = _Numbering(folded(word) for person in people for word in person.interests or ())


class _Judged(NamedTuple):
    """bool (k,) each: who does not meet a demand, and of whom nobody can say."""

    fails: Bool
    unknown: Bool


def _judge(side: Side, demand: Requirement, known: _Vocabulary) -> _Judged:
    """Hold one demand against everybody of a side."""
    if demand.kind is RequirementKind.LANGUAGE:
        number = known.languages.find(demand.value)
        level = np.zeros(len(side.slots), np.int8) if number == UNKNOWN else side.languages[number]
        is_listed = side.languages_known != 0
        return _Judged(is_listed & (level < Level.B1), ~is_listed | (level == UNKNOWN_LEVEL))
    if demand.kind is RequirementKind.OCCUPATION:
        digits = np.array([[int(digit)] for digit in demand.value], np.int8)
        own = side.occupation[: len(digits)]
        fails = ((own != digits) & (own != UNKNOWN)).any(axis=0)
        # A shorter code leaves open how it goes on, but not how it begins.
        return _Judged(fails, ~fails & (own == UNKNOWN).any(axis=0))
    if demand.kind is RequirementKind.DIVISION:
        is_unknown = side.division == UNKNOWN
        return _Judged(~is_unknown & (side.division != known.divisions.find(folded(demand.value))), is_unknown)
    mode = ONLINE if demand.kind is RequirementKind.ONLINE else IN_PERSON
    return _Judged((side.meeting != 0) & ((side.meeting & mode) == 0), side.meeting == 0)


def _with_demands(
    side: Side,
    people: Sequence[Person],
    known: _Vocabulary,
    own: dict[str, Requirement],
    others: dict[str, Requirement],
) -> Side:
    """Return ``side`` with the bits of the demands that it makes, does not meet, or may not meet."""
    numbers = _Numbering(own)
    requires = np.zeros((-(-len(own) // 64) or 1, len(people)), np.uint64)
    for column, person in enumerate(people):
        for demand in person.requires:
            word, bit = divmod(numbers[demand_key(demand)], 64)
            requires[word, column] |= np.uint64(1 << bit)
    fails = np.zeros((-(-len(others) // 64) or 1, len(people)), np.uint64)
    unknown = np.zeros_like(fails)
    for number, key in enumerate(sorted(others)):
        word, bit = divmod(number, 64)
        judged = _judge(side, others[key], known)
        fails[word] |= judged.fails.astype(np.uint64) << np.uint64(bit)
        unknown[word] |= judged.unknown.astype(np.uint64) << np.uint64(bit)
    return side._replace(requires=requires, demand_fails=fails, demand_unknown=unknown)


def _demands(people: Sequence[Person]) -> dict[str, Requirement]:
    return {demand_key(demand): demand for person in people for demand in person.requires}


def _mask(numbers: Iterable[int] | None) -> int:
    bits = 0
    for number in numbers or ():
        bits |= 1 << number
    return bits


def _language_level(skill: LanguageSkill) -> int:
    return UNKNOWN_LEVEL if skill.level is None else int(skill.level)


def _postcode_digits(postcode: str | None) -> tuple[int, int]:
    digits = [int(sign) for sign in postcode or "" if sign in "0123456789"][:2]
    return (digits[0], digits[1]) if len(digits) == 2 else (UNKNOWN, UNKNOWN)


def _side(people: Sequence[Person], known: _Vocabulary) -> Side:
    count = len(people)
    occupation = np.full((4, count), UNKNOWN, np.int8)
    languages = np.zeros((len(known.languages), count), np.int8)
    for column, person in enumerate(people):
        for place, digit in enumerate(person.occupation or ""):
            occupation[place, column] = int(digit)
        for skill in person.languages or ():
            languages[known.languages[skill.code], column] = _language_level(skill)
    words = [sorted({known.interests[folded(word)] for word in person.interests or ()}) for person in people]
    starts = np.zeros(count + 1, np.int64)
    np.cumsum([len(numbers) for numbers in words], out=starts[1:])
    nan = float("nan")
    hours = [person.hours_per_month for person in people]
    months = [person.months for person in people]
    modes = {MeetingMode.IN_PERSON: IN_PERSON, MeetingMode.ONLINE: ONLINE}
    return Side(
        occupation=occupation,
        languages=languages,
        languages_known=np.array([person.languages is not None for person in people], np.uint8),
        slots=np.array([_mask(slot.number for slot in person.availability or ()) for person in people], np.int32),
        meeting=np.array([sum(modes[mode] for mode in set(person.meeting or ())) for person in people], np.uint8),
        division=np.array([known.divisions.of(_folded(person.division)) for person in people], np.int32),
        postcode=np.array([_postcode_digits(person.postcode) for person in people], np.int8).reshape(count, 2).T.copy(),
        interest_start=starts,
        interest=np.array([number for numbers in words for number in numbers], np.int32),
        hours=np.array([nan if value is None else value for value in hours], np.float64),
        months=np.array([nan if value is None else value for value in months], np.float64),
        education=np.array([UNKNOWN if person.education is None else person.education for person in people], np.int8),
        sector=np.array([known.sectors.of(_folded(person.sector)) for person in people], np.int32),
        requires=np.zeros((1, count), np.uint64),
        demand_fails=np.zeros((1, count), np.uint64),
        demand_unknown=np.zeros((1, count), np.uint64),
    )


def _goals(mentees: Sequence[Mentee]) -> F64:
    numbers = {topic: number for number, topic in enumerate(Topic)}
    goals = np.zeros((len(mentees), TOPICS), np.float64)
    for row, mentee in enumerate(mentees):
        topics = mentee.topics or ()
        shares = [1 / rank for rank in range(1, len(topics) + 1)]
        total = sum(shares)
        for topic, share in zip(topics, shares, strict=True):
            goals[row, numbers[topic]] = share / total
    return goals


def _with_own(
    features: Features, customs: Sequence[Custom], mentees: Sequence[Mentee], mentors: Sequence[Mentor]
) -> Features:
    """Return ``features`` with a programme's own criteria, and with its own hard rules among the demands."""
    demands = demands_of(customs, mentees, mentors)
    mentee, mentor = features.mentee, features.mentor
    return replace(
        features,
        mentee=mentee._replace(requires=np.vstack([mentee.requires, demands.asks])),
        mentor=mentor._replace(
            demand_fails=np.vstack([mentor.demand_fails, demands.fails]),
            demand_unknown=np.vstack([mentor.demand_unknown, demands.unknown]),
        ),
        own=tables_of(customs, mentees, mentors),
        asked=as_asked(customs),
    )


def features_of(mentees: Sequence[Mentee], mentors: Sequence[Mentor], customs: Sequence[Custom] = ()) -> Features:
    """Turn people into arrays, in the order given; ``customs`` are the programme's own criteria and rules.

    The numbers of words depend only on which words there are, never on the order of the people. Takes time and
    memory in proportion to the people, and to the different demands (*requires*) times the people.
    """
    known = _Vocabulary([*mentees, *mentors])
    of_mentees, of_mentors = _demands(mentees), _demands(mentors)
    numbers = {topic: number for number, topic in enumerate(Topic)}
    nan = float("nan")
    needs = {None: UNKNOWN, False: 0, True: 1}
    before = [mentor.pairs_before for mentor in mentors]
    features = Features(
        mentee=_with_demands(_side(mentees, known), mentees, known, of_mentees, of_mentors),
        mentee_only=MenteeOnly(
            goals=_goals(mentees),
            practises=np.array([mentee.practise_danish is True for mentee in mentees], np.uint8),
            needs_experience=np.array([needs[mentee.needs_experience] for mentee in mentees], np.int8),
        ),
        mentor=_with_demands(_side(mentors, known), mentors, known, of_mentors, of_mentees),
        mentor_only=MentorOnly(
            offers=np.array([_mask(numbers[topic] for topic in mentor.topics or ()) for mentor in mentors], np.int32),
            pairs_before=np.array([nan if value is None else value for value in before], np.float64),
            min_danish=np.array([int(mentor.min_danish or 0) for mentor in mentors], np.int8),
        ),
        danish=known.languages[DANISH],
    )
    return _with_own(features, customs, mentees, mentors) if customs else features


def _among(side: Side, people: I64) -> Side:
    counts = side.interest_start[people + 1] - side.interest_start[people]
    starts = np.zeros(len(people) + 1, np.int64)
    np.cumsum(counts, out=starts[1:])
    within = np.arange(starts[-1]) - np.repeat(starts[:-1], counts)
    cut = {
        name: np.ascontiguousarray(getattr(side, name)[..., people])
        for name in Side._fields
        if name not in {"interest_start", "interest"}
    }
    return side._replace(
        **cut, interest_start=starts, interest=side.interest[np.repeat(side.interest_start[people], counts) + within]
    )


def chosen(features: Features, mentees: I64, mentors: I64) -> Features:
    """Return the features of some of the people, in the order given; somebody may stand there more than once.

    Texts and demands keep the numbers that they have: so who is left out changes no score.
    """
    hers, theirs, own = features.mentee_only, features.mentor_only, features.own
    return Features(
        mentee=_among(features.mentee, mentees),
        mentee_only=MenteeOnly(hers.goals[mentees], hers.practises[mentees], hers.needs_experience[mentees]),
        mentor=_among(features.mentor, mentors),
        mentor_only=MentorOnly(theirs.offers[mentors], theirs.pairs_before[mentors], theirs.min_danish[mentors]),
        danish=features.danish,
        own=own and own._replace(mentee=own.mentee[:, mentees], mentor=own.mentor[:, mentors]),
        asked=features.asked,
    )
