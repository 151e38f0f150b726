"""The best set of pairs by three ways that share no code with each other: all sets, SciPy and OR-tools.

Each takes ``eligible[i][j]``, ``scores[i][j]`` (whole numbers; those of pairs that are not eligible are ignored) and
the mentors' ``capacities``, and returns the largest number of pairs and, among the sets of that size, the largest
total.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from ortools.graph.python import min_cost_flow
from scipy.optimize import linear_sum_assignment

EXACT_IN_DOUBLES = 2**53


def best(
    eligible: Sequence[Sequence[bool]], scores: Sequence[Sequence[int]], capacities: Sequence[int]
) -> tuple[int, int]:
    """Try every set of pairs; for up to about 6 x 6."""
    free = list(capacities)

    def from_mentee(mentee: int) -> tuple[int, int]:
        if mentee == len(eligible):
            return 0, 0
        found = from_mentee(mentee + 1)
        for mentor, allowed in enumerate(eligible[mentee]):
            if allowed and free[mentor] > 0:
                free[mentor] -= 1
                number, total = from_mentee(mentee + 1)
                free[mentor] += 1
                found = max(found, (number + 1, total + scores[mentee][mentor]))
        return found

    return from_mentee(0)


def scipy_best(
    eligible: Sequence[Sequence[bool]], scores: Sequence[Sequence[int]], capacities: Sequence[int]
) -> tuple[int, int]:
    """Assign with each pair worth a large amount beside its score; a mentor's places are columns of their own."""
    mentees = len(eligible)
    columns = [mentor for mentor, capacity in enumerate(capacities) for _ in range(min(capacity, mentees))]
    if not mentees or not columns:
        return 0, 0
    # One pair more must outweigh whatever the other pairs lose by it.
    largest = max(abs(int(score)) for row in scores for score in row)
    pair = 2 * mentees * largest + 1
    # The solver sums in doubles.
    assert mentees * (pair + largest) < EXACT_IN_DOUBLES
    allowed = np.asarray(eligible, dtype=bool)[:, columns]
    worth = np.where(allowed, np.asarray(scores, dtype=np.int64)[:, columns] + pair, 0)
    chosen = [
        (int(row), columns[int(column)])
        for row, column in zip(*linear_sum_assignment(worth, maximize=True), strict=True)
        if allowed[row, column]
    ]
    return len(chosen), sum(int(scores[mentee][mentor]) for mentee, mentor in chosen)


def ortools_best(
    eligible: Sequence[Sequence[bool]], scores: Sequence[Sequence[int]], capacities: Sequence[int]
) -> tuple[int, int]:
    """Send as much flow as possible from the mentees to the mentors' places, at the least cost; all whole numbers."""
    mentees = len(eligible)
    if not mentees or not sum(capacities):
        return 0, 0
    flow = min_cost_flow.SimpleMinCostFlow()
    sink = mentees + len(capacities)
    for mentee in range(mentees):
        flow.set_node_supply(mentee, 1)
        for mentor in range(len(capacities)):
            if eligible[mentee][mentor]:
                flow.add_arc_with_capacity_and_unit_cost(mentee, mentees + mentor, 1, -int(scores[mentee][mentor]))
    for mentor, capacity in enumerate(capacities):
        flow.add_arc_with_capacity_and_unit_cost(mentees + mentor, sink, int(capacity), 0)
    flow.set_node_supply(sink, -mentees)
    status = flow.solve_max_flow_with_min_cost()
    if status != flow.OPTIMAL:
        raise RuntimeError(f"OR-tools: {status}")
    return flow.maximum_flow(), -flow.optimal_cost()
