"""What went with a no, and with an early end: how often, where two fit well in a criterion and where they fit less.

Read from what each proposal has kept of the day on which it was made. It counts, and says how sure the counts are; it
changes no weight and judges nobody. What went together need not be cause and effect: a hint to the people who set the
weights.

The interval of a difference is Newcombe's (R. G. Newcombe, *Interval estimation for the difference between independent
proportions*, Statistics in Medicine 17, 1998, method 10), of Wilson's for each of the two shares.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from math import sqrt
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from mentornet.divisions.staff import Staff
from mentornet.matching.enums import DeclineReason, ProposalState, Reply
from mentornet.matching.models import Proposal, ProposalAnswer
from mentornet.matching.policy import policy_of
from mentornet.matching.queries import visible_proposals
from mentornet.partnerships.enums import PartnershipState
from mentornet.people.enums import ObjectionPurpose
from mentornet.people.queries import in_use, not_objecting
from mentornet.programmes.models import ProgrammeVersion
from pairing.terms import CRITERIA
from reference.customs import Custom

NEEDED: Final = 50
"""So many cases are needed before anything is told."""
FEWEST: Final = 5
"""A group in which fewer went one of the two ways is not told."""
WELL: Final = 0.5
"""From this value on two fit well in a criterion."""
LOOKED_BACK: Final = timedelta(days=730)
MOST: Final = 20_000
"""So many proposals are read at most, the newest."""
Z: Final = 2.5758293035489004
"""The normal quantile of an interval that holds in 99 of 100 cases: ten criteria and more stand in one table."""


class Fit(StrEnum):
    """How the two of a case fit in one criterion."""

    WELL = "well"
    LESS = "less"
    UNKNOWN = "unknown"


class Hint(StrEnum):
    """What the figures of one criterion suggest."""

    MORE = "more"
    """It happened more often where the two fit less."""
    FEWER = "fewer"
    """It happened less often where the two fit less."""
    UNCLEAR = "unclear"
    """The difference may be chance."""
    TOO_FEW = "too_few"
    """Too few cases in one of the groups."""


@dataclass(frozen=True, slots=True)
class Case:
    """One proposal, or one partnership that came of one.

    Attributes:
        values: of each criterion, 0 to 1; ``None`` is unknown.
        happened: the no, or the early end.
    """

    values: Mapping[str, float | None]
    happened: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """One group of cases: so many, of which it happened to so many."""

    count: int
    happened: int

    @property
    def share(self) -> int:
        """In hundredths."""
        return round(100 * self.happened / self.count) if self.count else 0


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion.

    Attributes:
        cells: by how the two fit; ``None`` where the group is too small to be told.
        low, high: between which the difference lies, where they fit less beside where they fit well, in hundredths.
    """

    criterion: str
    cells: Mapping[Fit, Cell | None]
    hint: Hint
    low: int = 0
    high: int = 0


@dataclass(frozen=True, slots=True)
class Learned:
    """What can be told of one kind of outcome.

    Attributes:
        count: the cases.
        happened: how many of them; 0 where there are too few to be told.
        lines: by criterion; empty where there are too few cases.
    """

    count: int
    happened: int
    lines: Sequence[Line]


def own_criteria(version: ProgrammeVersion) -> list[Custom]:
    """Return the programme's own criteria that count by their weight; a hard rule is never broken by a proposal."""
    return [custom for custom in version.own if not custom.is_rule]


def values_of(bars: Mapping[str, Sequence[float | None]], own: Iterable[Custom] = ()) -> dict[str, float | None]:
    """Return the criteria's values from the bars that a proposal has kept; what was not asked yet is unknown."""
    values = {criterion.value: bars[criterion.value][1] for criterion in CRITERIA}
    return values | {custom.column: bars[custom.column][1] if custom.column in bars else None for custom in own}


def weights_of(version: ProgrammeVersion) -> dict[str, float]:
    """Return the weights of a version by criterion, its own among them, brought to a sum of 1."""
    policy = policy_of(version)
    own = {custom.column: custom.weight for custom in policy.customs if not custom.is_rule}
    return {criterion.value: weight for criterion, weight in policy.weights.items()} | own


def learned_from(cases: Sequence[Case], own: Iterable[Custom] = ()) -> Learned:
    """Count cases by criterion and fit, and tell what is large enough to be told. Takes time in proportion to them."""
    happened = sum(case.happened for case in cases)
    if len(cases) < NEEDED or min(happened, len(cases) - happened) < FEWEST:
        return Learned(len(cases), 0, ())
    names = [*(criterion.value for criterion in CRITERIA), *(custom.column for custom in own)]
    return Learned(len(cases), happened, [_line(name, cases) for name in names])


def _fit(value: float | None) -> Fit:
    if value is None:
        return Fit.UNKNOWN
    return Fit.WELL if value >= WELL else Fit.LESS


def _line(criterion: str, cases: Iterable[Case]) -> Line:
    counts, happened = Counter[Fit](), Counter[Fit]()
    for case in cases:
        fit = _fit(case.values[criterion])
        counts[fit] += 1
        happened[fit] += case.happened
    cells = suppressed({fit: Cell(counts[fit], happened[fit]) for fit in Fit})
    well, less = cells[Fit.WELL], cells[Fit.LESS]
    if well is None or less is None or not well.count or not less.count:
        return Line(criterion, cells, Hint.TOO_FEW)
    low, high = difference(less, well)
    hint = Hint.MORE if low > 0 else Hint.FEWER if high < 0 else Hint.UNCLEAR
    return Line(criterion, cells, hint, round(100 * low), round(100 * high))


def suppressed(cells: Mapping[Fit, Cell]) -> dict[Fit, Cell | None]:
    """Return the groups that can be told; another one goes with a single small one, which the sum would give away."""
    small = {
        fit for fit, cell in cells.items() if cell.count and min(cell.happened, cell.count - cell.happened) < FEWEST
    }
    others = sorted((fit for fit in cells if fit not in small and cells[fit].count), key=lambda fit: cells[fit].count)
    if len(small) == 1 and others:
        small.add(others[0])
    return {fit: None if fit in small else cell for fit, cell in cells.items()}


def wilson(cell: Cell) -> tuple[float, float]:
    """Return between which shares the true one lies, in 99 of 100 cases."""
    share, squared = cell.happened / cell.count, Z * Z
    middle = share + squared / (2 * cell.count)
    half = Z * sqrt(share * (1 - share) / cell.count + squared / (4 * cell.count**2))
    return (middle - half) / (1 + squared / cell.count), (middle + half) / (1 + squared / cell.count)


def difference(one: Cell, other: Cell) -> tuple[float, float]:
    """Return between which the difference of two shares lies, ``one`` less ``other``."""
    first, second = one.happened / one.count, other.happened / other.count
    (low, high), (low_other, high_other) = wilson(one), wilson(other)
    between = first - second
    return (
        between - sqrt((first - low) ** 2 + (high_other - second) ** 2),
        between + sqrt((high - first) ** 2 + (second - low_other) ** 2),
    )


# Reads ----------------------------------------------------------------------------------------------------------------


def _said_no() -> Exists:
    noes = ProposalAnswer.objects.filter(proposal=OuterRef("pk"), reply=Reply.NO)
    return Exists(noes.exclude(decline_reason=DeclineReason.NO_ANSWER))


def busiest(by: Staff) -> UUID | None:
    """Return the programme of which most proposals have ended in the last two years: one query."""
    counts = _ended(by).order_by().values("version__programme_id").annotate(count=Count("pk"))
    first = counts.order_by("-count", "version__programme_id").first()
    return None if first is None else first["version__programme_id"]


def _counted(by: Staff, programme_id: UUID) -> QuerySet[Proposal]:
    return _ended(by).filter(version__programme_id=programme_id)


def _ended(by: Staff) -> QuerySet[Proposal]:
    sides = ("mentee__person", "mentor__person")
    return (
        visible_proposals(by)
        .filter(
            *(in_use(side) for side in sides),
            *(not_objecting(side, ObjectionPurpose.STATISTICS) for side in sides),
            division__in=by.casework,
            ended_at__gte=by.at - LOOKED_BACK,
        )
        .exclude(bars={})
        .select_related(None)
        .prefetch_related(None)
        .order_by("-ended_at", "pk")
    )


def answered(by: Staff, programme_id: UUID, own: Collection[Custom] = ()) -> list[Case]:
    """Return the proposals of the last two years to which both said yes, or one of the two no: one query."""
    told = _counted(by, programme_id).filter(
        Q(state=ProposalState.ACCEPTED) | (Q(state=ProposalState.DECLINED) & _said_no())
    )
    rows = told.values_list("bars", "state")[:MOST]
    return [Case(values_of(bars, own), state == ProposalState.DECLINED) for bars, state in rows]


def begun(by: Staff, programme_id: UUID) -> list[Proposal]:
    """Return the proposals from which partnerships came that have ended, with them: one query."""
    ended = _counted(by, programme_id).filter(partnership__state=PartnershipState.CLOSED)
    return list(ended.select_related("partnership__mentee").only("bars", "partnership")[:MOST])


@dataclass(frozen=True, slots=True)
class Reason:
    """How often one reason of a no was given; ``None`` where that is too seldom to be told."""

    reason: DeclineReason
    count: int | None


def reasons_given(by: Staff, programme_id: UUID) -> list[Reason]:
    """Return the reasons of the noes, the most frequent first: one query; none where there are too few noes."""
    noes = ProposalAnswer.objects.filter(
        proposal__in=_counted(by, programme_id).filter(state=ProposalState.DECLINED).values("pk"), reply=Reply.NO
    ).exclude(decline_reason=DeclineReason.NO_ANSWER)
    counts: dict[str, Any] = dict(noes.order_by().values_list("decline_reason").annotate(count=Count("pk")))
    if sum(counts.values()) < NEEDED:
        return []
    small = {name for name, count in counts.items() if count < FEWEST}
    if len(small) == 1 and (others := sorted(counts.keys() - small, key=lambda name: counts[name])):
        small.add(others[0])
    told = sorted(counts, key=lambda name: (name in small, -counts[name], name))
    return [Reason(DeclineReason(name), None if name in small else counts[name]) for name in told]


def since(today: date) -> date:
    """Return from which day on is looked back."""
    return today - LOOKED_BACK
