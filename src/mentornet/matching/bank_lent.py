"""A bank beside the places that other divisions keep for those who wait: each a column more, for one of them alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

import numpy as np

from mentornet.matching.bank import Bank, bank_of, enrolment_of
from mentornet.matching.whole_lent import Lent, lent_to
from mentornet.programmes.models import ProgrammeVersion
from pairing.explain import People
from pairing.problem import IdPair, PairingProblem, PairSet, build_problem


def bank_with_lent(*, version: ProgrammeVersion, divisions: Collection[UUID], today: date) -> Bank:
    """Return the bank as it is now, and who is lent to its mentees: one query beside the bank's, where nobody is.

    A mentor of another division is in it for those alone for whom she has been released.
    """
    bank = bank_of(version=version, divisions=divisions, today=today)
    return beside(bank, lent_to(version=version, divisions=divisions, waiting=bank.rows.keys(), today=today))


def beside(bank: Bank, lent: Sequence[Lent]) -> Bank:
    """Return a bank with a column more for each place that is kept; kept with the bank until either is another one."""
    if not lent:
        return bank
    known, marks = bank.reckoned.beside, tuple(one.mark for one in lent)
    if marks not in known:
        known.clear()
        known[marks] = _beside(bank, lent)
    return known[marks]


def _beside(bank: Bank, lent: Sequence[Lent]) -> Bank:
    mentors = [*bank.people.mentors, *(one.known for one in lent)]
    problem = build_problem(
        mentees=bank.people.mentees,
        mentors=mentors,
        today=bank.today,
        policy=bank.problem.policy,
        earlier=pairs_in(bank.problem, bank.problem.conflicts),
        forbidden=elsewhere(bank.rows, lent),
    )
    columns = {key: column for column, key in enumerate(problem.mentor_ids)}
    return replace(
        bank,
        problem=problem,
        people=People(problem, bank.people.mentees, mentors),
        columns=columns,
        unbriefed=np.concatenate([bank.unbriefed, np.zeros(len(lent), np.bool_)]),
        names=(*bank.names, *(one.name for one in lent)),
        kept_for={columns[one.known.id]: one.pair[0] for one in lent},
    )


def elsewhere(mentees: Collection[str], lent: Sequence[Lent]) -> list[IdPair]:
    """Return the pairs of a place that is kept, and of everybody else than her for whom it is."""
    return [(mentee, one.known.id) for one in lent for mentee in mentees if mentee != one.pair[0]]


def pairs_in(problem: PairingProblem, pairs: PairSet) -> list[IdPair]:
    """Return pairs of a problem by their ids."""
    start, mentors = pairs
    return [
        (problem.mentee_ids[row], problem.mentor_ids[int(column)])
        for row in range(problem.mentees)
        for column in mentors[start[row] : start[row + 1]]
    ]


def column_of(bank: Bank, mentee: str, mentor: str) -> int | None:
    """Return where a mentor stands for a mentee, by their ids: in the bank, else in the place that is kept for her."""
    if mentor in bank.columns:
        return bank.columns[mentor]
    hers = (column for column, one in bank.kept_for.items() if one == mentee)
    return next((column for column in hers if str(enrolment_of(bank.problem.mentor_ids[column])) == mentor), None)
