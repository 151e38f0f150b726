"""The verifier against results changed at random: it accepts what the slow checker accepts, and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle.proofs import PRICES, SEEDS, Judge, a_case, accepted, with_price
from pairing.certificate import PairingResult


def shift_between(draw: st.DrawFn, result: PairingResult) -> PairingResult:
    """Move an amount from a mentee's price to her mentor's: what keeps the sums may keep the proof."""
    if not len(result.pairs):
        return result
    row, column = result.pairs[draw(st.integers(0, len(result.pairs) - 1))].tolist()
    stage = draw(st.sampled_from(["number", "total"]))
    amount = draw(st.integers(-3, 3) | st.integers(-3000, 3000))
    moved = with_price(result, f"{stage}_of_mentee", row, amount)
    return with_price(moved, f"{stage}_of_mentor", column, -amount)


def change_price(draw: st.DrawFn, result: PairingResult) -> PairingResult:
    name = draw(st.sampled_from(PRICES))
    at = draw(st.integers(0, len(getattr(result.certificate, name)) - 1))
    return with_price(result, name, at, draw(st.integers(-2, 2) | st.integers(-10_000, 10_000)))


def change_pair(draw: st.DrawFn, result: PairingResult) -> PairingResult:
    if not len(result.pairs):
        return result
    pairs, scores = result.pairs.copy(), result.scores.copy()
    at, other = (draw(st.integers(0, len(pairs) - 1)) for _ in range(2))
    match draw(st.sampled_from(["column", "swap", "drop", "score", "twice"])):
        case "column":
            pairs[at, 1] = draw(st.integers(0, 9))
        case "swap":
            pairs[[at, other], 1] = pairs[[other, at], 1]
        case "drop":
            pairs, scores = np.delete(pairs, at, axis=0), np.delete(scores, at)
        case "score":
            scores[at] += draw(st.integers(-2, 2))
        case _:
            pairs, scores = np.vstack([pairs, pairs[at]]), np.append(scores, scores[at])
    return replace(result, pairs=pairs, scores=scores)


def right_scores(judge: Judge, result: PairingResult) -> PairingResult:
    scores = [judge.scores[row][column] for row, column in result.pairs.tolist()]
    return replace(result, scores=np.array(scores, np.int64))


@st.composite
def perturbed(draw: st.DrawFn) -> tuple[int, PairingResult]:
    """Draw a case and its result with some changes; pairs that moved mostly claim their right score."""
    seed = draw(st.sampled_from(SEEDS))
    _, _, result, judge = a_case(seed)
    changes: list[Callable[[st.DrawFn, PairingResult], PairingResult]] = draw(
        st.lists(st.sampled_from([shift_between, change_price, change_pair]), min_size=1, max_size=4)
    )
    for change in changes:
        result = change(draw, result)
    return seed, result if draw(st.integers(0, 4)) == 0 else right_scores(judge, result)


@given(perturbed())
def test_changed_result_is_accepted_only_where_the_slow_checker_accepts_it(drawn: tuple[int, PairingResult]) -> None:
    seed, result = drawn
    _, problem, _, judge = a_case(seed)
    is_accepted = accepted(problem, result)
    assert is_accepted == judge.accepts(result)
    if is_accepted:
        locked = [pair in judge.locks for pair in map(tuple, result.pairs.tolist())]
        chosen = result.scores[~np.array(locked)]
        assert (len(chosen), int(chosen.sum())) == judge.optimum()


@pytest.mark.parametrize("amount", [-1, 1, 5, 100])
def test_amounts_moved_between_a_pairs_prices_are_judged_alike(amount: int) -> None:
    answers = Counter[bool]()
    for _, problem, result, judge in map(a_case, SEEDS):
        for row, column in result.pairs.tolist():
            moved = with_price(result, "total_of_mentee", row, amount)
            moved = with_price(moved, "total_of_mentor", column, -amount)
            answers[accepted(problem, moved)] += 1
            assert accepted(problem, moved) == judge.accepts(moved)
    assert answers[False] > 0
