"""What went with a no: counted by hand, sure only where it is, small groups never told."""

from __future__ import annotations

from datetime import timedelta
from math import sqrt
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matching.pairs import Pair, bring_to, make_pair, propose

from factories.customs import a_custom
from factories.django_rows import make_programme
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.matching.enums import DeclineReason, ProposalState
from mentornet.matching.learned import (
    FEWEST,
    NEEDED,
    Case,
    Cell,
    Fit,
    Hint,
    Z,
    answered,
    begun,
    difference,
    learned_from,
    reasons_given,
    suppressed,
    values_of,
    wilson,
)
from mentornet.matching.models import Proposal, ProposalAnswer
from pairing.terms import CRITERIA

NAMES = [criterion.value for criterion in CRITERIA]


def case(happened: bool, **values: float | None) -> Case:
    return Case(dict.fromkeys(NAMES, 0.9) | values, happened)


def cases(less: tuple[int, int], well: tuple[int, int], unknown: tuple[int, int] = (0, 0)) -> list[Case]:
    """Make cases of the first criterion: (how many, of which it happened) in each group."""
    made = []
    for value, (count, happened) in ((0.2, less), (0.8, well), (None, unknown)):
        made += [case(at < happened, occupation=value) for at in range(count)]
    return made


def occupation(found: list[Case]) -> Hint:
    return next(line.hint for line in learned_from(found).lines if line.criterion == "occupation")


@pytest.mark.parametrize(
    ("less", "well", "hint"),
    [
        ((100, 60), (100, 20), Hint.MORE),
        ((100, 20), (100, 60), Hint.FEWER),
        ((100, 40), (100, 36), Hint.UNCLEAR),
        ((40, 3), (100, 40), Hint.TOO_FEW),
        ((0, 0), (100, 40), Hint.TOO_FEW),
    ],
)
def test_a_hint_stands_only_where_chance_is_unlikely(less: tuple[int, int], well: tuple[int, int], hint: Hint) -> None:
    assert occupation(cases(less, well)) is hint


def test_nothing_is_told_of_few_cases() -> None:
    few = cases((NEEDED // 2, 10), (NEEDED // 2 - 1, 10))
    assert (len(few), learned_from(few).lines) == (NEEDED - 1, ())
    assert learned_from([*few, case(False)]).lines
    # Nor of many of which hardly any went one way: the total would tell of four.
    assert learned_from(cases((50, FEWEST - 1), (50, 0))).happened == 0
    assert learned_from([]).lines == ()


def test_the_programmes_own_criteria_are_counted_beside_the_ten() -> None:
    own = a_custom("children")
    made = [
        case(at % 5 < 3 if far else at % 5 < 1, **{own.column: 0.0 if far else 1.0})
        for far in (0, 1)
        for at in range(100)
    ]
    lines = {line.criterion: line for line in learned_from(made, [own]).lines}
    assert list(lines) == [*NAMES, own.column]
    assert lines[own.column].hint is Hint.MORE
    # Whoever was proposed before it was asked is not known by it.
    bars = dict.fromkeys(NAMES, (0.1, 0.9, 0.2))
    assert values_of(bars, [own])[own.column] is None
    assert values_of(bars | {own.column: (0.1, 0.4, 0.2)}, [own])[own.column] == 0.4


def test_newcombes_own_example() -> None:
    # Newcombe 1998, table II, row (a): 56/70 less 48/80, by method 10 at 95 %: 0.0524 to 0.3339.
    one, other = Cell(70, 56), Cell(80, 48)
    low, high = difference(one, other)
    # Of 99 of 100 cases it is wider than of 95.
    assert low < 0.0524
    assert high > 0.3339
    low_of, high_of = (_wilson_at(cell, 1.959963984540054) for cell in (one, other))
    first, second = 0.8, 0.6
    assert first - second - sqrt((first - low_of[0]) ** 2 + (high_of[1] - second) ** 2) == pytest.approx(
        0.0524, abs=1e-4
    )
    assert wilson(one) == pytest.approx(_wilson_at(one, Z))


def _wilson_at(cell: Cell, z: float) -> tuple[float, float]:
    """Return both roots of (p - x)^2 = z^2 x (1 - x) / n, as the interval is defined."""
    n, p = cell.count, cell.happened / cell.count
    a, b, c = 1 + z * z / n, -(2 * p + z * z / n), p * p
    root = sqrt(b * b - 4 * a * c)
    return (-b - root) / (2 * a), (-b + root) / (2 * a)


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=3, max_size=3))
def test_what_is_told_gives_no_small_group_away(drawn: list[tuple[int, int]]) -> None:
    cells = {fit: Cell(max(one, two), min(one, two)) for fit, (one, two) in zip(Fit, drawn, strict=True)}
    told = suppressed(cells)
    for fit, cell in told.items():
        if cell is not None and cell.count:
            assert min(cell.happened, cell.count - cell.happened) >= FEWEST
            assert cell is cells[fit]
    hidden = [fit for fit, cell in told.items() if cell is None]
    # The whole is told: a single hidden group would be what is left.
    if len(hidden) == 1:
        assert not any(cells[fit].count for fit in Fit if fit not in hidden)


@given(st.integers(0, 1_000))
def test_every_case_stands_in_one_group(seed: int) -> None:
    random = Random(seed)
    made = [
        Case({name: random.choice((None, 0.1, 0.5, 0.9)) for name in NAMES}, random.random() < 0.4) for _ in range(120)
    ]
    found = learned_from(made)
    assert (found.count, found.happened) == (120, sum(one.happened for one in made))
    for line in found.lines:
        told = [cell for cell in line.cells.values() if cell is not None]
        if len(told) == len(Fit):
            assert (sum(cell.count for cell in told), sum(cell.happened for cell in told)) == (120, found.happened)
        if line.hint is not Hint.TOO_FEW:
            assert line.low <= line.high
    random.shuffle(made)
    assert learned_from(made) == found


# From the rows --------------------------------------------------------------------------------------------------------


@pytest.fixture
def pair(division: Division) -> Pair:
    return make_pair(division, make_programme())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "found"),
    [
        (ProposalState.ACCEPTED, [False]),
        (ProposalState.DECLINED, [True]),
        (ProposalState.EXPIRED, []),
        (ProposalState.WITHDRAWN, []),
        (ProposalState.SENT, []),
    ],
)
def test_only_what_was_answered_counts(
    coordinator: Staff, division: Division, state: ProposalState, found: list[bool]
) -> None:
    pair = make_pair(division, make_programme(meets_first=state == ProposalState.ACCEPTED))
    bring_to(state, coordinator, pair)
    told = answered(coordinator, pair[0].programme_id)
    assert [one.happened for one in told] == found
    assert all(set(one.values) == set(NAMES) for one in told)


@pytest.mark.django_db
def test_what_is_old_erased_unreached_or_objected_to_does_not_count(coordinator: Staff, pair: Pair) -> None:
    proposal = bring_to(ProposalState.DECLINED, coordinator, pair)
    programme = pair[0].programme_id
    assert len(answered(coordinator, programme)) == 1
    rows = Proposal.objects.filter(pk=proposal.pk)
    kept, ended_at = rows.get().bars, rows.get().ended_at
    rows.update(bars={})
    assert answered(coordinator, programme) == []
    assert ended_at is not None
    rows.update(bars=kept, ended_at=ended_at - timedelta(days=800))
    assert answered(coordinator, programme) == []
    rows.update(ended_at=ended_at)
    ProposalAnswer.objects.filter(proposal=proposal, reply="no").update(decline_reason=DeclineReason.NO_ANSWER)
    assert answered(coordinator, programme) == []
    ProposalAnswer.objects.filter(proposal=proposal, reply="no").update(decline_reason=DeclineReason.TIME)
    assert len(answered(coordinator, programme)) == 1


@pytest.mark.django_db
def test_another_divisions_proposals_do_not_count(coordinator: Staff, other_coordinator: Staff, pair: Pair) -> None:
    bring_to(ProposalState.DECLINED, coordinator, pair)
    assert len(answered(coordinator, pair[0].programme_id)) == 1
    assert answered(other_coordinator, pair[0].programme_id) == []
    assert begun(other_coordinator, pair[0].programme_id) == []


@pytest.mark.django_db
def test_reasons_are_not_told_while_they_are_few(coordinator: Staff, pair: Pair) -> None:
    bring_to(ProposalState.DECLINED, coordinator, pair)
    assert reasons_given(coordinator, pair[0].programme_id) == []
    assert propose(coordinator, pair, again="She has time again.").again
