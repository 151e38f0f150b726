"""What the page's templates show: finished texts and lengths, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Fact:
    """A line about somebody, or about two; ``text`` says “unknown” where ``is_known`` is false."""

    label: str
    text: str
    is_known: bool


@dataclass(frozen=True, slots=True)
class Card:
    """One side of a pair. ``id`` is empty where it already stands in the place of the name."""

    name: str
    id: str
    facts: tuple[Fact, ...]
    wishes: str


@dataclass(frozen=True, slots=True)
class Bar:
    """What one criterion gives. ``track`` and ``fill`` are lengths in percent of the longest bar on the page."""

    label: str
    kind: str
    is_known: bool
    track: str
    fill: str
    number: str
    most: str


@dataclass(frozen=True, slots=True)
class Flag:
    """Something to notice about a pair; ``kind`` is the id of its sign in ``_marks.html``."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Pair:
    """One mentee beside one mentor."""

    anchor: str
    mentee: Card
    mentor: Card
    waiting: str
    days: str
    score: str
    judged: str
    flags: tuple[Flag, ...]
    reasons: tuple[str, ...]
    shared: tuple[Fact, ...]
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class RuleRow:
    """How many mentors one rule takes away. ``helps`` is empty unless this is the rule to loosen."""

    label: str
    fails: int
    only: int
    helps: str


@dataclass(frozen=True, slots=True)
class Unmatched:
    """One mentee without a mentor."""

    anchor: str
    mentee: Card
    waiting: str
    days: str
    reason: str
    sentences: tuple[str, ...]
    counted: str
    rules_caption: str
    rules: tuple[RuleRow, ...]
    no_single_rule: bool


@dataclass(frozen=True, slots=True)
class Division:
    """The mentees of one division."""

    anchor: str
    name: str
    share: str
    matched: str
    longest: str
    pairs_title: str
    pairs: tuple[Pair, ...]
    unmatched_title: str
    unmatched: tuple[Unmatched, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """One criterion explained."""

    name: str
    meaning: str
    weight: str
    neutral: str


@dataclass(frozen=True, slots=True)
class Page:
    """The whole page."""

    language: str
    direction: str
    style: Markup
    title: str
    files: str
    headline: str
    matched_percent: str
    places: str
    mean: str
    floor: str
    proof: tuple[str, ...]
    divisions: tuple[Division, ...]
    criteria: tuple[Term, ...]
    bonus: str
    rules: tuple[str, ...]
    notices: tuple[str, ...]
    more_notices: str
