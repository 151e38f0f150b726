"""What a run was computed from, kept so that it can be computed again: people without names, and marks of the whole.

Whoever is erased takes her own row with her. The lists hold numbers, and a fingerprint leads back to nobody.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import numpy as np

from mentornet.common.models import mark_of
from mentornet.matching.whole import Settings, Whole, apart_in, stated
from mentornet.people.facts import read_facts, stored_facts
from mentornet.people.own_answers import answers_of, kept_answer
from pairing.certificate import Certificate, PairingResult
from pairing.features import I64
from pairing.problem import PairingProblem, build_problem
from reference.cefr import Level
from reference.customs import Custom
from reference.people import Mentee, Mentor

_FREE_WORDS: Final = ("wishes",)
"""What the mathematics does not read: it is not kept."""
_PRICES: Final = ("number_of_mentee", "number_of_mentor", "total_of_mentee", "total_of_mentor")


def facts_of(known: Mentor | Mentee) -> dict[str, Any]:
    """Return somebody as a snapshot keeps her: what the mathematics knows, neither name nor key."""
    facts = {name: value for name, value in stored_facts(known).items() if name not in _FREE_WORDS}
    facts |= {
        "languages": None
        if known.languages is None
        else [[one.code, one.level.name if one.level else ""] for one in known.languages],
        "division": known.division,
        "postcode": known.postcode,
    }
    if isinstance(known, Mentor):
        facts |= {
            "capacity": known.capacity,
            "active_pairs": known.active_pairs,
            "resting_until": _written(known.resting_until),
        }
    else:
        facts["waiting_since"] = _written(known.waiting_since)
    if known.answers:
        facts["answers"] = {key: kept_answer(answer) for key, answer in known.answers}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in facts.items()}


def mark_of_facts(facts: Mapping[str, Any]) -> str:
    """Return by what it is known whether somebody is as she was."""
    return mark_of(sorted(facts.items()))


def known_from(facts: Mapping[str, Any], key: str, customs: Collection[Custom], *, is_mentor: bool) -> Mentor | Mentee:
    """Return somebody as the mathematics knew her, under another key; ``customs`` are what her programme asked."""
    words = {"sector": "", "occupation": "", "wishes": ""} | dict(facts)
    for name in ("topics", "interests", "availability", "meeting", "requires"):
        words[name] = None if words.get(name) is None else tuple(words[name])
    shared = read_facts(words) | {"id": key, "division": facts["division"], "postcode": facts["postcode"]}
    shared["answers"] = answers_of(facts.get("answers", {}), customs)
    if is_mentor:
        least = facts["min_danish"]
        return Mentor(
            **shared,
            capacity=facts["capacity"],
            active_pairs=facts["active_pairs"],
            pairs_before=facts["pairs_before"],
            min_danish=Level[least] if least else None,
            resting_until=_day(facts["resting_until"]),
        )
    return Mentee(
        **shared,
        waiting_since=_day(facts["waiting_since"]),
        practise_danish=facts["practise_danish"],
        needs_experience=facts["needs_experience"],
    )


def _written(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day(written: str | None) -> date | None:
    return None if written is None else date.fromisoformat(written)


# Marks ----------------------------------------------------------------------------------------------------------------


def _arrays(thing: Any) -> Iterable[Any]:
    """Yield every array and number of a problem's features, in their order."""
    if isinstance(thing, tuple):
        for part in thing:
            yield from _arrays(part)
    else:
        yield thing


def _digest(parts: Iterable[Any]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        array = np.ascontiguousarray(part)
        digest.update(f"{array.dtype.str}{array.shape}".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


def people_mark(problem: PairingProblem, kept: Collection[tuple[int, int]] = ()) -> str:
    """Return by what it is known whether the people of a problem, and who must not meet, are as they were.

    The bonus for waiting counts with its days; weights, floor, locks and prohibitions do not. ``kept`` are the places
    that are kept for one row each.
    """
    known = problem.features
    side = (known.mentee, known.mentee_only, known.mentor, known.mentor_only, known.own or ())
    state = (problem.capacity, problem.full, problem.resting, problem.bonus)
    lent = [np.array(sorted(kept), np.int64)] if kept else []
    return _digest([*_arrays(side), known.danish, *state, *problem.conflicts, *lent])


def fingerprint(problem: PairingProblem) -> str:
    """Return by what it is known whether a question is the very same: people, settings, and what was fixed."""
    policy = problem.policy
    settings = [
        *(policy.weights[name] for name in policy.weights),
        *(policy.neutral[name] for name in policy.neutral),
        *(share for custom in policy.customs for share in (custom.weight, custom.neutral)),
        float(policy.floor),
        float(policy.min_language),
        policy.waiting_bonus,
        policy.waiting_days,
    ]
    fixed = (problem.forbidden.start, problem.forbidden.mentor, problem.locks)
    return hashlib.sha256(
        f"{people_mark(problem)}{_digest([np.array(settings, np.float64), *fixed])}".encode()
    ).hexdigest()


# The certificate ------------------------------------------------------------------------------------------------------


def packed(certificate: Certificate) -> bytes:
    """Return a certificate in few bytes: most prices are nothing."""
    parts = [np.asarray(getattr(certificate, name), np.dtype("<i8")).tobytes() for name in _PRICES]
    return zlib.compress(b"".join(parts), 6)


def unpacked(content: bytes, mentees: int, mentors: int) -> Certificate:
    """Return a certificate as it was.

    Raises:
        ValueError: these are not the prices of so many people.
    """
    prices = np.frombuffer(zlib.decompress(bytes(content)), np.dtype("<i8")).astype(np.int64)
    lengths = [mentees, mentors, mentees, mentors]
    if len(prices) != sum(lengths):
        raise ValueError("the prices are not those of these people")
    cut: list[I64] = np.split(prices, np.cumsum(lengths)[:-1])
    return Certificate(**dict(zip(_PRICES, cut, strict=True)))


def result_of(pairs: Sequence[Sequence[int]], certificate: Certificate) -> PairingResult:
    """Return a result as a run has kept it."""
    rows = np.array([[row, column] for row, column, _score in pairs], np.int64).reshape(-1, 2)
    return PairingResult(rows, np.array([score for _row, _column, score in pairs], np.int64), certificate)


# Once more ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Kept:
    """What a run has kept of its question.

    Attributes:
        mentees, mentors: their facts, in the order of rows and columns.
        apart: pairs that must not meet; ``unbriefed`` columns; ``kept`` places that are kept for one row each.
        locks, forbidden, out: what was fixed.
    """

    day: date
    mentees: Sequence[Mapping[str, Any]]
    mentors: Sequence[Mapping[str, Any]]
    apart: Sequence[Sequence[int]]
    unbriefed: Sequence[int]
    kept: Sequence[Sequence[int]]
    settings: Settings
    locks: Sequence[Sequence[int]]
    forbidden: Sequence[Sequence[int]]
    out: Sequence[int]


def stated_again(kept: Kept) -> PairingProblem:
    """State a run's question once more, from nothing but what was kept of it."""
    rows = [f"{number:09d}" for number in range(len(kept.mentees))]
    columns = [f"{number:09d}" for number in range(len(kept.mentors))]
    asked = kept.settings.policy.customs
    mentees = [known_from(facts, key, asked, is_mentor=False) for facts, key in zip(kept.mentees, rows, strict=True)]
    mentors = [known_from(facts, key, asked, is_mentor=True) for facts, key in zip(kept.mentors, columns, strict=True)]
    problem = build_problem(
        mentees=[one for one in mentees if isinstance(one, Mentee)],
        mentors=[one for one in mentors if isinstance(one, Mentor)],
        today=kept.day,
        policy=kept.settings.policy,
        earlier=[(rows[row], columns[column]) for row, column in kept.apart],
    )
    capacity = problem.capacity.copy()
    capacity[np.array(kept.unbriefed, np.int64)] = 0
    return stated(
        replace(problem, capacity=capacity),
        locks=[(row, column) for row, column in kept.locks],
        forbidden=[(row, column) for row, column in kept.forbidden],
        out=list(kept.out),
        borrows=kept.settings.borrows,
        kept=[(row, column) for row, column in kept.kept],
    )


def lists_of(whole: Whole) -> tuple[list[list[int]], list[int]]:
    """Return who must not meet, as pairs of row and column, and the columns of those who are not briefed."""
    apart = [[row, column] for row, column in apart_in(whole.problem)]
    return apart, [int(column) for column in np.flatnonzero(whole.unbriefed)]
