"""The whole waiting list of a meeting as one problem: who waits, who is in the bank, and what the meeting has fixed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

import numpy as np

from mentornet.intake.queries import waiting_mentees
from mentornet.matching.bank import Bank, bank_of
from mentornet.matching.bank_lent import pairs_in
from mentornet.matching.ranking import BRIEFED, Candidate, rank_for
from mentornet.matching.solving import solved
from mentornet.matching.whole_lent import Lent, lent_to
from mentornet.programmes.models import ProgrammeVersion
from pairing.explain import People
from pairing.features import I32, Bool
from pairing.policy import Policy
from pairing.problem import IdPair, PairingProblem, PairSet, build_problem
from pairing.scoring import judge_pairs
from pairing.terms import CRITERIA, RULES
from reference.cefr import Level
from reference.customs import read_customs, written_all
from reference.people import Mentor

PLACES: Final = "places"
"""Of a lock that cannot stand: there are more locks on the mentor than she has places."""
GONE: Final = "gone"
"""One of the two is not there any more."""


@dataclass(frozen=True, slots=True)
class Whole:
    """Everybody who waits, beside everybody in the bank, before anything is fixed.

    Attributes:
        bank: from which it is made.
        problem: rows are those who wait, columns the mentors; whoever is not briefed has no place. After those of the
            bank stand the places that other divisions keep, each for one mentee alone.
        lent: these, in the order of their columns.
    """

    bank: Bank
    problem: PairingProblem
    rows: Mapping[str, int]
    lent: tuple[Lent, ...] = ()

    @property
    def mentors(self) -> list[Mentor]:
        """The mentors, by column."""
        return [*self.bank.people.mentors, *(one.known for one in self.lent)]

    @property
    def unbriefed(self) -> Bool:
        """The columns of mentors who are still to be briefed."""
        return np.concatenate([self.bank.unbriefed, np.zeros(len(self.lent), np.bool_)])

    @property
    def kept(self) -> list[tuple[int, int]]:
        """The places that are kept for one mentee alone: rows and columns."""
        first = self.bank.problem.mentors
        return [(self.rows[one.pair[0]], first + at) for at, one in enumerate(self.lent)]

    def columns_of(self, pair: IdPair) -> list[int]:
        """Return the columns in which a mentor stands for a mentee: the place that is kept for her first."""
        first = self.bank.problem.mentors
        columns = [first + at for at, one in enumerate(self.lent) if one.pair == pair]
        return [*columns, *([self.bank.columns[pair[1]]] if pair[1] in self.bank.columns else [])]

    def ranked(self, policy: Policy, mentee_id: UUID) -> list[Candidate]:
        """Explain the mentors who are lent to a mentee, and whom no rule keeps away from her."""
        row = self.rows.get(str(mentee_id))
        columns = [column for one, column in self.kept if one == row]
        if not columns:
            return []
        problem = replace(self.problem, policy=policy)
        mentees = [self.bank.people.mentees[self.bank.rows[key]] for key in problem.mentee_ids]
        beside = replace(
            self.bank,
            problem=problem,
            people=People(problem, mentees, self.mentors),
            rows=self.rows,
            columns={key: column for column, key in enumerate(problem.mentor_ids)},
            unbriefed=self.unbriefed,
            names=(*self.bank.names, *(one.name for one in self.lent)),
        )
        ranking = rank_for(beside, mentee_id)
        assert ranking is not None
        return ranking.candidates([column for column in columns if ranking.stands[column]])


@dataclass(frozen=True, slots=True)
class Settings:
    """By which a meeting judges.

    Attributes:
        policy: weights, floor and the like.
        borrows: a mentor of another division will do.
    """

    policy: Policy
    borrows: bool

    def kept(self) -> dict[str, Any]:
        """Return them as a run keeps them."""
        policy = self.policy
        return {
            "weights": {str(name): policy.weights[name] for name in CRITERIA},
            "neutral": {str(name): policy.neutral[name] for name in CRITERIA},
            "customs": written_all(policy.customs),
            "floor": policy.floor,
            "min_language": policy.min_language.name,
            "waiting_bonus": policy.waiting_bonus,
            "waiting_days": policy.waiting_days,
            "borrows": self.borrows,
        }


def settings_read(kept: Mapping[str, Any]) -> Settings:
    """Return the settings that a run has kept."""
    policy = Policy(
        # Shares of one already, together with those of the programme's own criteria.
        weights={name: float(kept["weights"][name]) for name in CRITERIA},
        customs=read_customs(kept["customs"], is_trusted=True),
        neutral={name: float(kept["neutral"][name]) for name in CRITERIA},
        floor=int(kept["floor"]),
        min_language=Level[kept["min_language"]],
        waiting_bonus=float(kept["waiting_bonus"]),
        waiting_days=float(kept["waiting_days"]),
    )
    return Settings(policy, bool(kept["borrows"]))


@dataclass(frozen=True, slots=True)
class Fixed:
    """What a meeting has fixed, by ids of enrolments.

    Attributes:
        locks, forbidden: pairs of a mentee and a mentor.
        refused: pairs of whom one has said no before; they come about by a lock alone.
        out: mentees for whom nobody is looked for now.
    """

    locks: tuple[IdPair, ...] = ()
    forbidden: tuple[IdPair, ...] = ()
    refused: tuple[IdPair, ...] = ()
    out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A lock that cannot stand beside the rules, or beside other locks.

    Attributes:
        why: :data:`GONE`, :data:`PLACES`, or the hard rules that the two break.
        beside: the other mentees who are locked to the same mentor, where she has too few places.
    """

    pair: IdPair
    why: tuple[str, ...]
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """A problem with all that is fixed in it, ready to be solved.

    Attributes:
        locks, forbidden: pairs (row, column); ``out`` rows.
        contradictions: locks that were left out, since they cannot stand.
    """

    problem: PairingProblem
    locks: tuple[tuple[int, int], ...]
    forbidden: tuple[tuple[int, int], ...]
    out: tuple[int, ...]
    contradictions: tuple[Contradiction, ...] = ()


def whole_of(*, version: ProgrammeVersion, divisions: Collection[UUID], today: date) -> Whole:
    """Return everybody whom a meeting is about, as they are now: those of the bank, who waits, and who is lent to her.

    Whoever objects to being ranked is not there. Two queries beside the bank's, where nobody is lent.
    """
    bank = bank_of(version=version, divisions=frozenset(divisions), today=today)
    waiting = waiting_mentees(frozenset(divisions)).filter(programme_id=version.programme_id).order_by()
    keys = tuple(sorted(str(pk) for pk in waiting.values_list("pk", flat=True)))
    listed = {key for key in keys if key in bank.rows}
    lent = lent_to(version=version, divisions=divisions, waiting=listed, today=today)
    asked = (*keys, *(one.mark for one in lent))
    known = bank.reckoned.wholes.get(asked)
    if known is None:
        known = bank.reckoned.wholes[asked] = _problem(bank, keys, lent)
    return Whole(bank, known, {key: row for row, key in enumerate(known.mentee_ids)}, lent)


def _problem(bank: Bank, keys: Collection[str], lent: Sequence[Lent]) -> PairingProblem:
    mentees = [bank.people.mentees[bank.rows[key]] for key in keys if key in bank.rows]
    problem = build_problem(
        mentees=mentees,
        mentors=[*bank.people.mentors, *(one.known for one in lent)],
        today=bank.today,
        policy=bank.problem.policy,
        earlier=pairs_in(bank.problem, bank.problem.conflicts),
    )
    places = problem.capacity.copy()
    places[: len(bank.unbriefed)][bank.unbriefed] = 0
    return replace(problem, capacity=places)


def apart_in(problem: PairingProblem) -> list[tuple[int, int]]:
    """Return the pairs of a problem that must not meet, or have been a pair: rows and columns."""
    start, mentors = problem.conflicts
    return [(row, int(column)) for row in range(problem.mentees) for column in mentors[start[row] : start[row + 1]]]


def contradictions_in(whole: Whole, settings: Settings, fixed: Fixed) -> tuple[Contradiction, ...]:
    """Return the locks that cannot stand, without stating the whole question."""
    known = _known(whole, fixed.locks)
    return _locks_that_stand(whole, replace(whole.problem, policy=settings.policy), fixed.locks, known)[1]


def _known(whole: Whole, pairs: Iterable[IdPair]) -> dict[IdPair, tuple[int, int]]:
    """Return where these pairs stand; of a mentor who is lent, the place that is kept."""
    return {
        pair: (whole.rows[pair[0]], columns[0])
        for pair in pairs
        if pair[0] in whole.rows and (columns := whole.columns_of(pair))
    }


def asked_of(whole: Whole, settings: Settings, fixed: Fixed) -> Asked:
    """Return what is to be solved; locks that cannot stand are named, and left out."""
    known = _known(whole, fixed.locks)
    problem = replace(whole.problem, policy=settings.policy)
    locks, contradictions = _locks_that_stand(whole, problem, fixed.locks, known)
    out = tuple(sorted(whole.rows[key] for key in set(fixed.out) if key in whole.rows))
    ruled_out = [pair for pair in (*fixed.forbidden, *fixed.refused) if pair[0] in whole.rows]
    forbidden = tuple(
        sorted({(whole.rows[pair[0]], column) for pair in ruled_out for column in whole.columns_of(pair)})
    )
    return Asked(
        stated(problem, locks=locks, forbidden=forbidden, out=out, borrows=settings.borrows, kept=whole.kept),
        locks,
        forbidden,
        out,
        contradictions,
    )


def stated(
    problem: PairingProblem,
    *,
    locks: Sequence[tuple[int, int]],
    forbidden: Collection[tuple[int, int]],
    out: Collection[int],
    borrows: bool,
    kept: Collection[tuple[int, int]] = (),
) -> PairingProblem:
    """Return a problem with pairs fixed, ruled out, rows left out, and mentors of other divisions ruled out.

    A lock stands above a prohibition: whoever locks two of different divisions has borrowed one. A place that is
    ``kept`` for one row is open to it whatever the division, and to no other.
    """
    ruled_out: dict[int, set[int]] = defaultdict(set)
    for row, column in forbidden:
        ruled_out[row].add(column)
    is_lent = np.zeros(problem.mentors, np.bool_)
    is_lent[np.array([column for _row, column in kept], np.int64)] = True
    hers: dict[int, set[int]] = defaultdict(set)
    for row, column in kept:
        hers[row].add(column)
    everybody = np.arange(problem.mentors, dtype=np.int32)
    nobody = np.zeros(0, np.int32)
    fixed, left = {row for row, _column in locks}, set(out)
    theirs, home = problem.features.mentor.division, problem.features.mentee.division
    elsewhere = {int(one): everybody[is_lent | ((theirs != one) & (not borrows))] for one in np.unique(home)}
    rows: list[I32] = []
    for row in range(problem.mentees):
        away = everybody if row in left else elsewhere[int(home[row])]
        if row in fixed:
            away = nobody
        elif row not in left:
            if row in hers:
                away = np.setdiff1d(away, np.array(sorted(hers[row]), np.int32)).astype(np.int32)
            if row in ruled_out:
                away = np.union1d(away, np.array(sorted(ruled_out[row]), np.int32)).astype(np.int32)
        rows.append(away)
    start = np.zeros(problem.mentees + 1, np.int64)
    np.cumsum([len(row) for row in rows], out=start[1:])
    return replace(
        problem,
        forbidden=PairSet(start, np.concatenate([np.zeros(0, np.int32), *rows])),
        locks=np.array(sorted(locks), np.int64).reshape(-1, 2),
    )


def _locks_that_stand(
    whole: Whole,
    problem: PairingProblem,
    locks: Iterable[IdPair],
    known: Mapping[IdPair, tuple[int, int]],
) -> tuple[tuple[tuple[int, int], ...], tuple[Contradiction, ...]]:
    wrong = [Contradiction(pair, (GONE,)) for pair in locks if pair not in known]
    there = [pair for pair in locks if pair in known]
    fails = rules_broken(whole, problem, [known[pair] for pair in there])
    by_mentor: dict[str, list[str]] = defaultdict(list)
    standing: list[tuple[int, int]] = []
    for pair, broken in zip(there, fails, strict=True):
        if broken:
            wrong.append(Contradiction(pair, broken))
            continue
        row, column = known[pair]
        if len(by_mentor[pair[1]]) >= int(problem.capacity[column]):
            wrong.append(Contradiction(pair, (PLACES,), tuple(by_mentor[pair[1]])))
            continue
        by_mentor[pair[1]].append(pair[0])
        standing.append((row, column))
    return tuple(sorted(standing)), tuple(wrong)


def rules_broken(whole: Whole, problem: PairingProblem, pairs: Sequence[tuple[int, int]]) -> list[tuple[str, ...]]:
    """Return, for each pair, the hard rules that stand between the two, but for what the meeting has ruled out."""
    if not pairs:
        return []
    rows = np.array([row for row, _column in pairs], np.int64)
    columns = np.array([column for _row, column in pairs], np.int64)
    fails: Bool = judge_pairs(problem, rows, columns).rules.fails
    unbriefed = whole.unbriefed[columns]
    return [
        tuple(rule.value for rule, broken in zip(RULES, fails[:, at], strict=True) if broken)
        + ((BRIEFED,) if unbriefed[at] else ())
        for at in range(len(pairs))
    ]


def highest_floor(problem: PairingProblem) -> int:
    """Return the highest floor, in units of 1/10,000, at which anybody who is not locked would have a mentor.

    0 where none would help. Solved once more without a floor, and with places for everybody wherever the locks leave
    one: then each mentee is given her very best mentor.
    """
    left = problem.capacity - np.bincount(problem.locks[:, 1], minlength=problem.mentors)
    everybody = np.where(left > 0, problem.mentees, 0)
    nobody = np.zeros((0, 2), np.int64)
    best = solved(replace(problem, policy=problem.policy.with_floor(0), capacity=everybody, locks=nobody))
    is_free = ~np.isin(best.pairs[:, 0], problem.locks[:, 0])
    return int(best.scores[is_free].max(initial=0))
