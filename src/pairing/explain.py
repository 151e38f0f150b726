"""Why this pair, and why nobody for her: figures and whole sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from pairing.certificate import PairingResult
from pairing.customs import compare, holds, numbers
from pairing.features import I64
from pairing.outcome import ExplainedPair, ExplainedUnmatched, OwnValue
from pairing.problem import PairingProblem
from pairing.scoring import Judged, judge_pairs, judge_row
from pairing.sentences import pair_reasons, unmatched_sentences
from pairing.terms import CRITERIA, RULES, Rule, UnmatchedReason
from reference.people import Mentee, Mentor

__all__ = ["explain_columns", "explain_pairs", "explain_rank", "explain_unmatched", "rank"]


class People:
    """The people of a problem, found by row and column."""

    def __init__(self, problem: PairingProblem, mentees: Sequence[Mentee], mentors: Sequence[Mentor]) -> None:
        by_mentee = {mentee.id: mentee for mentee in mentees}
        by_mentor = {mentor.id: mentor for mentor in mentors}
        self.mentees = [by_mentee[name] for name in problem.mentee_ids]
        self.mentors = [by_mentor[name] for name in problem.mentor_ids]


def _explained(
    problem: PairingProblem, people: People, judged: Judged, rows: I64, columns: I64, picked: I64
) -> tuple[ExplainedPair, ...]:
    """Explain the pairs ``picked`` among those judged."""
    explained = []
    locked = {(row, column) for row, column in problem.locks.tolist()}
    values = np.where(np.isnan(judged.values), -1.0, judged.values)[:, picked].T.tolist()
    parts = judged.contributions[:, picked].T.tolist()
    fails, unsure = judged.rules.fails[:, picked].T.tolist(), judged.rules.unsure[:, picked].T.tolist()
    scores = judged.scores[picked].tolist()
    own_values = np.where(np.isnan(judged.own), -1.0, judged.own)[:, picked].T.tolist()
    own_parts = judged.own_contributions[:, picked].T.tolist()
    for at, (row, column) in enumerate(zip(rows.tolist(), columns.tolist(), strict=True)):
        mentee, mentor = people.mentees[row], people.mentors[column]
        own = tuple(
            OwnValue(custom=custom, value=value if value >= 0 else None, contribution=part)
            for custom, value, part in zip(problem.policy.scored, own_values[at], own_parts[at], strict=True)
        )
        judged_rules = [(custom, holds(custom, mentee, mentor)) for custom in problem.policy.own_rules]
        known = {
            criterion: value if value >= 0 else None for criterion, value in zip(CRITERIA, values[at], strict=True)
        }
        contributions = dict(zip(CRITERIA, parts[at], strict=True))
        explained.append(
            ExplainedPair(
                mentee=mentee,
                mentor=mentor,
                score=scores[at],
                waiting=float(problem.bonus[row]),
                values=known,
                contributions=contributions,
                fails=tuple(rule for rule, broken in zip(RULES, fails[at], strict=True) if broken),
                unsure=tuple(rule for rule, open_ in zip(RULES, unsure[at], strict=True) if open_),
                own=own,
                own_fails=tuple(custom for custom, state in judged_rules if state is False),
                own_unsure=tuple(custom for custom, state in judged_rules if state is None),
                locked=(row, column) in locked,
                reasons=pair_reasons(mentee, mentor, known, contributions, own),
            )
        )
    return tuple(explained)


def explain_pairs(problem: PairingProblem, people: People, result: PairingResult) -> tuple[ExplainedPair, ...]:
    """Explain every chosen pair, in order of mentee id."""
    rows, columns = result.pairs[:, 0], result.pairs[:, 1]
    judged = judge_pairs(problem, rows, columns)
    return _explained(problem, people, judged, rows, columns, np.arange(len(rows)))


def rank(problem: PairingProblem, row: int) -> tuple[I64, Judged]:
    """Order the whole bank for mentee number ``row``.

    Returns:
        int64 (m,), the mentors' columns: allowed ones first, then by score, then by id; and what was judged, in the
        order of columns.
    """
    judged = judge_row(problem, row)
    order = np.lexsort((np.arange(problem.mentors), -judged.scores, ~judged.rules.allowed))
    return order, judged


def explain_rank(
    problem: PairingProblem, people: People, row: int, first: int | None = None
) -> tuple[ExplainedPair, ...]:
    """Explain the ``first`` mentors of the bank in her order; all of them without it."""
    order, judged = rank(problem, row)
    return explain_columns(problem, people, row, judged, order[:first])


def explain_columns(
    problem: PairingProblem, people: People, row: int, judged: Judged, columns: I64
) -> tuple[ExplainedPair, ...]:
    """Explain mentee number ``row`` beside some mentors, in the order of ``columns``: int64 (k,), each below m.

    ``judged`` is what :func:`pairing.scoring.judge_row` or :func:`rank` has told of that row.
    """
    return _explained(problem, people, judged, np.full(len(columns), row), columns, columns)


def _explained_unmatched(problem: PairingProblem, people: People, row: int) -> ExplainedUnmatched:
    judged = judge_row(problem, row)
    fails = judged.rules.fails
    reaches = judged.scores >= problem.policy.floor
    allowed = judged.rules.allowed
    only = fails & (fails.sum(axis=0) == 1)
    gains = (only & reaches).sum(axis=1)
    best = int(gains.argmax())
    gain = int(gains[best])
    above = int((allowed & reaches).sum())
    count = int(allowed.sum())
    reason = UnmatchedReason.TAKEN if above else UnmatchedReason.FLOOR if count else UnmatchedReason.NO_ALLOWED
    relaxation = RULES[best] if gain else None
    own_fails = {
        custom.key: int((compare(custom, numbers(custom, [people.mentees[row]]), theirs).most <= 0).sum())
        for custom in problem.policy.own_rules
        for theirs in [numbers(custom, people.mentors)]
    }
    fail_counts: Mapping[Rule, int] = dict(zip(RULES, fails.sum(axis=1).tolist(), strict=True))
    return ExplainedUnmatched(
        mentee=people.mentees[row],
        reason=reason,
        allowed=count,
        above_floor=above,
        fails=fail_counts,
        only=dict(zip(RULES, only.sum(axis=1).tolist(), strict=True)),
        relaxation=relaxation,
        relaxation_gain=gain,
        own_fails=own_fails,
        sentences=unmatched_sentences(
            reason=reason,
            mentors=problem.mentors,
            allowed=count,
            above_floor=above,
            best_score=int(judged.scores[allowed].max(initial=0)),
            floor=problem.policy.floor,
            fails=fail_counts,
            relaxation=relaxation,
            gain=gain,
            own_fails=[(custom, own_fails[custom.key]) for custom in problem.policy.own_rules],
        ),
    )


def explain_unmatched(problem: PairingProblem, people: People, result: PairingResult) -> tuple[ExplainedUnmatched, ...]:
    """Explain every mentee without a mentor, in order of id."""
    left = np.setdiff1d(np.arange(problem.mentees), result.pairs[:, 0])
    return tuple(_explained_unmatched(problem, people, row) for row in left.tolist())
