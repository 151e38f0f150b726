"""A programme's own criteria: what is asked of people beside the usual facts, and how two answers are compared.

One question, one answer for each person. Who *wishes* states what she looks for, who *has* it states how she is; where
both wish, each says how she is and wishes the same of the other. The formulas are told in ``docs/formats.md``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Final

from reference.barred import barred_ground
from reference.people import Answer, Role
from reference.spoken import Listed
from reference.translation import N_, Language, Message, Value

MOST: Final = 12
"""So many own criteria and rules may one programme have."""
MOST_CHOICES: Final = 10
WIDEST: Final = 1_000
"""A number may range over so many whole numbers."""
LONGEST_NAME: Final = 80
UNKNOWN: Final = -1
HEAVIEST: Final = 1_000_000

_KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,30}")


class Kind(StrEnum):
    """What can be answered."""

    __hash__ = str.__hash__

    YES_NO = "yes-no"
    LIST = "list"
    """Some of the choices, one at least."""
    NUMBER = "number"
    LEVEL = "level"
    """One of the choices, which go from the lowest to the highest."""


class Compared(StrEnum):
    """How two answers are compared."""

    __hash__ = str.__hash__

    SAME = "same"
    OVERLAP = "overlap"
    AT_LEAST = "at least"
    NEAR = "near"


class Wishes(StrEnum):
    """Whose answer is a wish; the other's is what she has."""

    __hash__ = str.__hash__

    MENTEE = "mentee"
    MENTOR = "mentor"
    BOTH = "both"


COMPARISONS: Final[Mapping[Kind, tuple[Compared, ...]]] = {
    Kind.YES_NO: (Compared.SAME, Compared.AT_LEAST),
    Kind.LIST: (Compared.SAME, Compared.OVERLAP),
    Kind.NUMBER: (Compared.SAME, Compared.AT_LEAST, Compared.NEAR),
    Kind.LEVEL: (Compared.SAME, Compared.AT_LEAST, Compared.NEAR),
}
"""What can be asked of each kind of answer."""

Names = Mapping[str, str]
"""A text by language code."""


def said_in(names: Names, language: str) -> str:
    """Return a text in a language; in English, or in any there is, where it has none in it."""
    return names.get(language) or names.get("en") or next((text for text in names.values() if text), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One answer that can be chosen; its key stays when its names change."""

    key: str
    names: Names

    def text(self, language: Language) -> str:
        """Return what it is called in ``language``."""
        return said_in(self.names, language)


@dataclass(frozen=True, slots=True, kw_only=True)
class Custom:
    """A programme's own criterion or hard rule.

    Attributes:
        key: names it in files and answers; it stays when its names change.
        choices: of a list, or of a level from the lowest to the highest.
        low, high: the whole numbers that can be answered.
        span: the farthest that two numbers, or two places among the levels, are still near.
        is_rule: a pair of whom it does not hold is not allowed; then it has no weight.
        weight: at least 0, as entered; beside those of the ten criteria.
        neutral: 0 to 1, what stands in where the value is unknown.
    """

    key: str
    names: Names
    kind: Kind
    compared: Compared
    wishes: Wishes
    choices: tuple[Choice, ...] = ()
    low: int = 0
    high: int = 0
    span: int = 0
    is_rule: bool = False
    weight: float = 0.0
    neutral: float = 0.5

    @property
    def column(self) -> str:
        """The header of its column in a spreadsheet of people, and of its contribution in a result."""
        return f"custom_{self.key}"

    @property
    def lowest(self) -> int:
        """The lowest answer as a number."""
        return self.low if self.kind is Kind.NUMBER else 0

    @property
    def highest(self) -> int:
        """The highest answer as a number; of a list, all choices."""
        if self.kind is Kind.NUMBER:
            return self.high
        if self.kind is Kind.LIST:
            return (1 << len(self.choices)) - 1
        return 1 if self.kind is Kind.YES_NO else len(self.choices) - 1

    def text(self, language: Language) -> str:
        """Return what it is called in ``language``."""
        return said_in(self.names, language)

    def is_wish_of(self, role: Role) -> bool:
        """Tell whether somebody of this role says what she looks for in the other."""
        return self.wishes == Wishes.BOTH or self.wishes.value == role.value

    def number_of(self, answer: Answer | None) -> int:
        """Return an answer as a whole number, -1 unknown: 0 or 1, a number, a level's place, or a list's bits.

        An answer that can be chosen no more is unknown.
        """
        places = {choice.key: place for place, choice in enumerate(self.choices)}
        if self.kind is Kind.YES_NO:
            return int(answer) if isinstance(answer, bool) else UNKNOWN
        if self.kind is Kind.NUMBER:
            if not isinstance(answer, int) or isinstance(answer, bool):
                return UNKNOWN
            return answer if self.low <= answer <= self.high else UNKNOWN
        if self.kind is Kind.LEVEL:
            return places.get(answer, UNKNOWN) if isinstance(answer, str) else UNKNOWN
        chosen = {places[key] for key in answer if key in places} if isinstance(answer, tuple) else set()
        return sum(1 << place for place in chosen) or UNKNOWN

    def answered(self, answer: Answer | None) -> Value | None:
        """Return an answer in words, to stand in a sentence; ``None`` is unknown."""
        number = self.number_of(answer)
        if number == UNKNOWN:
            return None
        if self.kind is Kind.YES_NO:
            return Message(N_("yes")) if number else Message(N_("no"))
        if self.kind is Kind.NUMBER:
            return number
        if self.kind is Kind.LEVEL:
            return self.choices[number]
        return Listed(tuple(choice for place, choice in enumerate(self.choices) if number >> place & 1))


def as_asked(customs: Iterable[Custom]) -> tuple[Custom, ...]:
    """Return own criteria without what they weigh and are called: two of the same are judged the same."""
    bare = []
    for custom in customs:
        choices = tuple(Choice(key=choice.key, names={}) for choice in custom.choices)
        bare.append(replace(custom, names={}, choices=choices, weight=0.0, neutral=0.0))
    return tuple(bare)


class UnusableCustomsError(ValueError):
    """Raised for own criteria that cannot be used, with every complaint."""

    def __init__(self, complaints: list[tuple[str, Message]]) -> None:
        self.complaints = complaints
        super().__init__("; ".join(f"{place}: {message.text('en')}" for place, message in complaints))


BARRED: Final[Mapping[str, Message]] = {
    "ethnicity": Message(
        N_("“{word}” reads as ethnicity or origin. Nobody is matched by it here: choose something else.")
    ),
    "religion": Message(
        N_("“{word}” reads as religion or belief. Nobody is matched by it here: choose something else.")
    ),
    "health": Message(N_("“{word}” reads as health. Nobody is matched by it here: choose something else.")),
    "residence": Message(
        N_("“{word}” reads as the ground of somebody's residence. Nobody is matched by it here: choose something else.")
    ),
}  # fmt: skip
"""Why a name is refused, by ground (:mod:`reference.barred`)."""


def barred_message(ground: str, word: str) -> Message:
    """Return why a name is refused."""
    return Message(BARRED[ground].template, {"word": word})


_KNOWN: Final = frozenset(
    ("key", "names", "kind", "compared", "wishes", "choices", "low", "high", "span", "rule", "weight", "neutral")
)


class _Reading:
    """Takes own criteria out of parsed data and remembers every complaint with its place."""

    def __init__(self, *, is_trusted: bool) -> None:
        self.is_trusted = is_trusted
        self.complaints: list[tuple[str, Message]] = []

    def complain(self, place: str, template: str, **values: Value) -> None:
        self.complaints.append((place, Message(template, values)))

    def names(self, place: str, value: object) -> dict[str, str]:
        # In a file that is read in one language, a name may be a plain text.
        given = {"en": value} if isinstance(value, str) else value
        names: dict[str, str] = {}
        for code, text in given.items() if isinstance(given, dict) else ():
            if isinstance(code, str) and isinstance(text, str) and text.strip():
                names[code] = " ".join(text.split())
        if not names:
            self.complain(place, N_("expected a name, in one language at least"))
        for text in names.values():
            if len(text) > LONGEST_NAME:
                self.complain(place, N_("expected a name of at most {most} signs"), most=LONGEST_NAME)
            ground = None if self.is_trusted else barred_ground(text)
            if ground is not None:
                self.complaints.append((place, barred_message(ground, text)))
        return names

    def whole(self, place: str, value: object, low: int, high: int) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        self.complain(place, N_("expected a whole number from {low} to {high}"), low=low, high=high)
        return low

    def share(self, place: str, value: object, high: int) -> float:
        if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            number = float(value)
            if math.isfinite(number) and 0 <= number <= high:
                return number
        self.complain(place, N_("expected a number from {low} to {high}"), low=0, high=high)
        return 0.0

    def one_of(self, place: str, value: object, known: tuple[str, ...]) -> str:
        if isinstance(value, str) and value in known:
            return value
        self.complain(place, N_("expected one of {known}"), known=", ".join(known))
        return known[0]

    def choices(self, place: str, value: object) -> tuple[Choice, ...]:
        entries = value if isinstance(value, list | tuple) else []
        if not 2 <= len(entries) <= MOST_CHOICES:
            self.complain(place, N_("expected 2 to {most} choices"), most=MOST_CHOICES)
        found: list[Choice] = []
        for number, given in enumerate(entries, start=1):
            at = f"{place} {number}"
            entry = {"key": given, "names": given} if isinstance(given, str) else given
            key = entry.get("key") if isinstance(entry, dict) else None
            if not isinstance(key, str) or not _KEY.fullmatch(key) or any(choice.key == key for choice in found):
                self.complain(at, N_("expected a key of its own: small letters, digits and _, a letter first"))
                continue
            found.append(Choice(key=key, names=self.names(at, entry.get("names"))))
        return tuple(found)

    def custom(self, place: str, entry: Mapping[str, object]) -> Custom:
        for name in entry:
            if name not in _KNOWN:
                self.complain(f"{place} {name}", N_("not a known setting; known are {known}"), known=", ".join(_KNOWN))
        key = entry.get("key")
        if not isinstance(key, str) or not _KEY.fullmatch(key):
            self.complain(f"{place} key", N_("expected a key of its own: small letters, digits and _, a letter first"))
        kind = Kind(self.one_of(f"{place} kind", entry.get("kind"), tuple(Kind)))
        compared = Compared(self.one_of(f"{place} compared", entry.get("compared"), COMPARISONS[kind]))
        wishes = Wishes(self.one_of(f"{place} wishes", entry.get("wishes", Wishes.BOTH.value), tuple(Wishes)))
        if compared is Compared.AT_LEAST and wishes is Wishes.BOTH:
            self.complain(f"{place} wishes", N_("“at least” needs one of the two who wishes, mentee or mentor"))
        is_rule = entry.get("rule", False)
        if not isinstance(is_rule, bool):
            self.complain(f"{place} rule", N_("expected true or false"))
        has_choices = kind in {Kind.LIST, Kind.LEVEL}
        choices = self.choices(f"{place} choices", entry.get("choices", ())) if has_choices else ()
        low = high = span = 0
        if kind is Kind.NUMBER:
            low = self.whole(f"{place} low", entry.get("low", 0), 0, 999_999)
            high = self.whole(f"{place} high", entry.get("high"), low + 1, low + WIDEST)
        if compared is Compared.NEAR:
            most = high - low if kind is Kind.NUMBER else max(len(choices) - 1, 0)
            span = self.whole(f"{place} span", entry.get("span", 0), 0, most)
        return Custom(
            key=str(key),
            names=self.names(f"{place} names", entry.get("names")),
            kind=kind,
            compared=compared,
            wishes=wishes,
            choices=choices,
            low=low,
            high=high,
            span=span,
            is_rule=is_rule is True,
            weight=0.0 if is_rule else self.share(f"{place} weight", entry.get("weight", 0), HEAVIEST),
            neutral=0.5 if is_rule else self.share(f"{place} neutral", entry.get("neutral", 0.5), 1),
        )


def read_customs(content: object, *, is_trusted: bool = False) -> tuple[Custom, ...]:
    """Read a list of own criteria as a weights file or a programme keeps them.

    Names that have been looked at before (``is_trusted``) are not held against the words that are barred: what is in
    force stays so when the words become more.

    Raises:
        UnusableCustomsError: with every complaint, each with its place.
    """
    reading = _Reading(is_trusted=is_trusted)
    entries = content if isinstance(content, list | tuple) else [None]
    if len(entries) > MOST:
        reading.complain("", N_("expected at most {most} of them"), most=MOST)
    found: list[Custom] = []
    for number, entry in enumerate(entries[:MOST], start=1):
        if not isinstance(entry, dict):
            reading.complain(str(number), N_("expected a table for each of them"))
            continue
        custom = reading.custom(str(number), entry)
        if any(custom.key == other.key for other in found):
            reading.complain(f"{number} key", N_("the key “{key}” is used twice"), key=custom.key)
        found.append(custom)
    if reading.complaints:
        raise UnusableCustomsError(reading.complaints)
    return tuple(found)


def written_all(customs: Iterable[Custom]) -> list[dict[str, object]]:
    """Return own criteria as :func:`read_customs` reads them."""
    return [written(custom) for custom in customs]


def written(custom: Custom) -> dict[str, object]:
    """Return an own criterion as :func:`read_customs` reads it: only what its kind needs."""
    content: dict[str, object] = {
        "key": custom.key,
        "names": dict(custom.names),
        "kind": custom.kind.value,
        "compared": custom.compared.value,
        "wishes": custom.wishes.value,
    }
    if custom.choices:
        content["choices"] = [{"key": choice.key, "names": dict(choice.names)} for choice in custom.choices]
    if custom.kind is Kind.NUMBER:
        content |= {"low": custom.low, "high": custom.high}
    if custom.compared is Compared.NEAR:
        content["span"] = custom.span
    return content | ({"rule": True} if custom.is_rule else {"weight": custom.weight, "neutral": custom.neutral})
