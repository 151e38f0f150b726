"""The prospects of women who wait: the best mentor for each, or what stands in the way.

Reckoned from the bank in memory, one mentee after the other, and kept with it: a changed bank is another one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

import numpy as np

from mentornet.intake.models import Enrolment
from mentornet.matching.bank import Bank
from mentornet.matching.bank_lent import bank_with_lent
from mentornet.matching.ranking import Bar, Ranking, rank_for
from mentornet.programmes.models import Programme
from mentornet.programmes.queries import current_versions
from pairing.between import beside_all, beside_each_other
from pairing.rules import rule_states


@dataclass(frozen=True, slots=True)
class Best:
    """The mentor who stands first for a mentee.

    Attributes:
        percent: her score in hundredths.
        bars: its parts.
    """

    enrolment_id: UUID
    percent: int
    bars: tuple[Bar, ...]
    reaches_floor: bool


@dataclass(frozen=True, slots=True)
class Block:
    """The hard rule that stands most in the way of a mentee whom nobody fits.

    Attributes:
        fails: how many mentors fail it.
        opens: how many would appear if it were set aside; 0 where that is not enough, or not allowed.
    """

    rule: str
    fails: int
    opens: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """One mentee's prospects on one day.

    Attributes:
        mentors: how many were looked at: all who are enrolled in her programme, free or not.
        fitting: how many fail no hard rule.
        above_floor: how many of them reach the programme's floor.
        floor: in hundredths.
        best: the first of those who fit; ``None`` where nobody does.
        block: what stands in the way then; ``None`` where there is no mentor at all.
    """

    mentors: int
    fitting: int
    above_floor: int
    floor: int
    best: Best | None
    block: Block | None


_FEW: Final = 256


def banks_for(programmes: Collection[UUID], *, divisions: Collection[UUID], today: date) -> dict[UUID, Bank]:
    """Return the bank of each programme, with who is lent to its mentees.

    One query, and those of ``bank_with_lent`` for each programme, however many wait.
    """
    versions = current_versions(Programme.objects.filter(pk__in=programmes)).select_related("programme")
    return {
        version.programme_id: bank_with_lent(version=version, divisions=divisions, today=today) for version in versions
    }


def outlooks_for(mentees: Iterable[Enrolment], banks: Mapping[UUID, Bank]) -> dict[UUID, Outlook]:
    """Return the prospects of each of these mentees; no query.

    Whoever has just left the waiting list, or has found a mentor meanwhile, is not in it.
    """
    found: dict[UUID, Outlook] = {}
    for mentee in mentees:
        bank = banks.get(mentee.programme_id)
        if bank is None:
            continue
        outlook = bank.reckoned.outlooks.get(mentee.pk)
        if outlook is None:
            ranking = rank_for(bank, mentee.pk)
            if ranking is None:
                continue
            outlook = bank.reckoned.outlooks[mentee.pk] = _outlook(ranking)
        found[mentee.pk] = outlook
    return found


def without_a_fit(mentees: Iterable[tuple[UUID, UUID]], banks: Mapping[UUID, Bank]) -> set[UUID]:
    """Return those of these mentees, as enrolment and programme, whom no mentor fits. Scores nobody; no query."""
    found = set()
    for mentee_id, programme_id in mentees:
        bank = banks.get(programme_id)
        row = None if bank is None else bank.rows.get(str(mentee_id))
        if bank is None or row is None:
            continue
        fits = bank.reckoned.fits
        if mentee_id not in fits:
            fits[mentee_id] = _anybody_fits(bank, row)
        if not fits[mentee_id]:
            found.add(mentee_id)
    return found


def _anybody_fits(bank: Bank, row: int) -> bool:
    """Tell whether any mentor passes every rule: a few first, since for most somebody is among them."""
    mentors, need = bank.problem.mentors, bank.problem.policy.min_language
    few = np.arange(0, mentors, max(1, mentors // _FEW))
    between = beside_each_other(bank.problem, np.full(len(few), row), few)
    if bool((rule_states(between, need).allowed & ~bank.unbriefed[few]).any()):
        return True
    states = rule_states(beside_all(bank.problem, row), need)
    return bool((states.allowed & ~bank.unbriefed).any())


def _outlook(ranking: Ranking) -> Outlook:
    best, block = None, None
    fitting = ranking.standing
    if fitting:
        first = ranking.page(0, 1)[0]
        best = Best(first.enrolment_id, first.percent, first.bars, reaches_floor=not first.below_floor)
    elif ranking.mentors:
        block = _block(ranking)
    return Outlook(
        mentors=ranking.mentors,
        fitting=fitting,
        above_floor=ranking.above_floor,
        floor=round(ranking.bank.problem.policy.floor / 100),
        best=best,
        block=block,
    )


def _block(ranking: Ranking) -> Block:
    failing, opens = ranking.failing(), ranking.opens()
    rule = max(opens, key=lambda name: (opens[name], failing[name]))
    if not opens[rule]:
        # No single rule is enough: name the one that most mentors fail.
        rule = max(failing, key=lambda name: failing[name])
    return Block(rule, failing[rule], opens.get(rule, 0))
