"""A brief: which mentor is looked for, in words that fit several waiting women and so tell of none of them.

Nothing here asks a database. A brief states a few facts; it *fits* a waiting woman of whom each of them is known to be
true. Before it is sent it must fit :data:`FEWEST` women: what would tell too much is given up one thing at a time, so
that a coordinator can follow it. Free words are no part of a brief: they would say more than was meant.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Final
from uuid import UUID

FEWEST: Final = 3
"""So many waiting women a brief fits at least."""

TIMES: Final = "times"
TOPICS: Final = "topics"
MEETING: Final = "meeting"
OCCUPATION: Final = "occupation"
LANGUAGE: Final = "language"


@dataclass(frozen=True, slots=True)
class Brief:
    """Which mentor is looked for. What is empty is not stated.

    Attributes:
        occupation: a group of ISCO-08, of 1 to 4 digits, in which she works.
        language: one that she speaks besides Danish.
        topics: with what she can help, the most important first.
        times: when she can meet.
        meeting: ``in person`` or ``online``.
    """

    occupation: str = ""
    language: str = ""
    topics: tuple[str, ...] = ()
    times: tuple[str, ...] = ()
    meeting: str = ""


@dataclass(frozen=True, slots=True)
class Waits:
    """What is known of a waiting woman, as far as a brief may state it."""

    person_id: UUID
    occupation: str = ""
    languages: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    times: frozenset[str] = frozenset()
    meeting: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Step:
    """One thing given up.

    Attributes:
        what: which part of the brief.
        was, became: what it said before, and what it says now; empty where it says nothing any more.
        fits: how many waiting women the brief fits now.
    """

    what: str
    was: str
    became: str
    fits: int


@dataclass(frozen=True, slots=True)
class Widened:
    """A brief as it may be sent, and how it came to that."""

    brief: Brief
    fits: int
    steps: tuple[Step, ...]

    @property
    def is_anonymous(self) -> bool:
        """Whether it fits enough women. If not, too few wait: nothing that could be said would hide her."""
        return self.fits >= FEWEST


def is_fitting(brief: Brief, woman: Waits) -> bool:
    """Tell whether all that a brief states is known to be true of a woman."""
    return (
        woman.occupation.startswith(brief.occupation)
        and (not brief.language or brief.language in woman.languages)
        and woman.topics.issuperset(brief.topics)
        and woman.times.issuperset(brief.times)
        and (not brief.meeting or brief.meeting in woman.meeting)
    )


def fitting(brief: Brief, waiting: Collection[Waits]) -> int:
    """Return how many women a brief fits; somebody who waits in two programmes is one."""
    return len({woman.person_id for woman in waiting if is_fitting(brief, woman)})


def widened(brief: Brief, waiting: Collection[Waits]) -> Widened:
    """Return a brief widened until it fits enough women, or until it states nothing.

    It goes on stating as much as it may, what finds a mentor best before the rest: her field as closely as possible,
    then the language, the way to meet, the topics in their order, the times. Whatever is given up could not be stated
    beside what is kept.
    """
    if fitting(brief, waiting) >= FEWEST:
        return Widened(brief, fitting(brief, waiting), ())
    kept = Brief()
    for narrower in _candidates(brief):
        tried = narrower(kept)
        if tried != kept and fitting(tried, waiting) >= FEWEST:
            kept = tried
    return Widened(kept, fitting(kept, waiting), tuple(_steps(brief, kept, waiting)))


def _candidates(brief: Brief) -> Iterator[Callable[[Brief], Brief]]:
    """Yield what may be stated again, one thing at a time, the most useful first."""
    for length in range(1, len(brief.occupation) + 1):
        yield partial(replace, occupation=brief.occupation[:length])
    yield partial(replace, language=brief.language)
    yield partial(replace, meeting=brief.meeting)
    for topic in brief.topics:
        yield partial(_with_topic, topic)
    for time in brief.times:
        yield partial(_with_time, time)


def _with_topic(topic: str, brief: Brief) -> Brief:
    return replace(brief, topics=(*brief.topics, topic))


def _with_time(time: str, brief: Brief) -> Brief:
    return replace(brief, times=(*brief.times, time))


def _steps(brief: Brief, kept: Brief, waiting: Collection[Waits]) -> Iterator[Step]:
    """Yield the steps from a brief to what is kept of it, with how many it fits after each."""
    for what, before, after in (
        (TIMES, ";".join(brief.times), ";".join(kept.times)),
        (TOPICS, ";".join(brief.topics), ";".join(kept.topics)),
        (MEETING, brief.meeting, kept.meeting),
        (LANGUAGE, brief.language, kept.language),
    ):
        if before != after:
            brief = replace(brief, **{what: getattr(kept, what)})
            yield Step(what, before, after, fitting(brief, waiting))
    while brief.occupation != kept.occupation:
        before, brief = brief.occupation, replace(brief, occupation=brief.occupation[:-1])
        yield Step(OCCUPATION, before, brief.occupation, fitting(brief, waiting))


def is_of_field(brief: Brief, groups: Collection[str]) -> bool:
    """Tell whether somebody with these groups of ISCO-08 knows the field that a brief names, or a part of it."""
    return any(one.startswith(brief.occupation) or brief.occupation.startswith(one) for one in groups if one)
