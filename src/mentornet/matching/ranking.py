"""One mentee beside the whole bank: order, bars, reasons, and what a loosened rule would open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import numpy as np

from mentornet.common.ordering import folded
from mentornet.matching.bank import Bank, enrolment_of
from mentornet.matching.bank_lent import column_of
from pairing.explain import explain_columns
from pairing.features import I64, Bool
from pairing.outcome import ExplainedPair
from pairing.scoring import Judged, judge_row
from pairing.terms import CRITERIA, RULES, UNITS, Rule
from reference.customs import Custom
from reference.translation import SPOKEN

BRIEFED: Final = "briefed"
"""The product's own hard rule: a mentor is matched after her briefing."""

REQUIRES: Final = Rule.REQUIRES.value
"""What each requires of the other; the programme's own hard rules count as such."""

HARD_RULES: Final = (*(rule.value for rule in RULES), BRIEFED)
LOOSENABLE: Final = (Rule.LANGUAGE.value, Rule.PLACE.value, Rule.TIME.value, Rule.REQUIRES.value)
"""What a coordinator may set aside for one pair, for a written reason. The others protect somebody, or are facts."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One criterion of one pair, as the desk draws it.

    Attributes:
        name: the criterion, or ``waiting``.
        contribution: what it adds to the score, 0 to ``most``.
        most: what it could add, 0 to 1: the normalised weight, or the waiting bonus.
        value: 0 to 1; ``None`` is unknown (then the contribution is the neutral value's).
        custom: the programme's own criterion, if it is one; its name begins with ``custom_``.
    """

    name: str
    contribution: float
    most: float
    value: float | None
    custom: Custom | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """One mentor beside the mentee.

    Attributes:
        enrolment_id: of the mentor.
        place: her place in the order, from 1.
        score: in units of 1/10,000.
        fails: hard rules that fail, :data:`BRIEFED` among them.
        unsure: hard rules that pass only because something is unknown.
        below_floor: allowed, but below the programme's floor.
    """

    enrolment_id: UUID
    place: int
    score: int
    bars: tuple[Bar, ...]
    fails: tuple[str, ...]
    unsure: tuple[str, ...]
    below_floor: bool
    pair: ExplainedPair

    @property
    def percent(self) -> int:
        """The score as a whole number of hundredths."""
        return round(self.score * 100 / UNITS)

    def sentences(self) -> dict[str, list[str]]:
        """The reasons in each language, strongest first."""
        return {language: [reason.text(language) for reason in self.pair.reasons] for language in SPOKEN}


@dataclass(frozen=True, slots=True)
class Ranking:
    """The bank in the order of one mentee.

    Attributes:
        order: int64, columns: those who fail no rule in force first, then by score, then by id. Places that are kept
            for others are not among them.
        fails: bool (9, m), rules in the order of :data:`HARD_RULES`.
        stands: bool (m,), fails no rule that is in force.
        loosened: rules that are not.
    """

    bank: Bank
    row: int
    judged: Judged
    order: I64
    fails: Bool
    stands: Bool
    loosened: frozenset[str]

    @property
    def mentors(self) -> int:
        """How many mentors were ranked."""
        return len(self.order)

    @property
    def standing(self) -> int:
        """How many fail no rule in force."""
        return int(self.stands.sum())

    @property
    def above_floor(self) -> int:
        """How many of them reach the floor."""
        return int((self.stands & (self.judged.scores >= self.bank.problem.policy.floor)).sum())

    def failing(self) -> Mapping[str, int]:
        """Return, for each rule, how many mentors fail it."""
        return dict(zip(HARD_RULES, self.fails.sum(axis=1).tolist(), strict=True))

    def opens(self) -> Mapping[str, int]:
        """Return, for each rule that can be loosened and is in force, how many more mentors would appear without it."""
        in_force = self._in_force()
        alone = self.fails & in_force[:, None] & (self.fails[in_force].sum(axis=0) == 1)
        return {rule: int(alone[HARD_RULES.index(rule)].sum()) for rule in LOOSENABLE if rule not in self.loosened}

    def _in_force(self) -> Bool:
        return np.array([rule not in self.loosened for rule in HARD_RULES], dtype=np.bool_)

    def best_to_loosen(self) -> tuple[str, int] | None:
        """Return the rule without which most more mentors would appear, and how many; ``None`` where none helps."""
        opened = max(self.opens().items(), key=lambda item: item[1], default=("", 0))
        return opened if opened[1] else None

    def only_without(self, candidate: Candidate) -> tuple[str, ...]:
        """Return the rules but for which this mentor would not appear."""
        return tuple(rule for rule in candidate.fails if rule in self.loosened)

    def broken(self, candidate: Candidate) -> tuple[str, ...]:
        """Return the rules in force that stand between the two."""
        return tuple(rule for rule in candidate.fails if rule not in self.loosened)

    def narrowed(self, *, language: str = "", field: str = "") -> I64:
        """Return the columns, in order, of mentors who fail no rule in force, speak a language and work in a field.

        Args:
            language: a code; empty for any.
            field: the first digits of an ISCO-08 code; empty for any.
        """
        columns = self.order[: self.standing]
        if not language and not field:
            return columns
        mentors = self.bank.people.mentors
        return np.array(
            [
                column
                for column in columns.tolist()
                if (not language or any(skill.code == language for skill in mentors[column].languages or ()))
                and (mentors[column].occupation or "").startswith(field)
            ],
            np.int64,
        )

    def spoken(self) -> Mapping[str, int]:
        """Return how many of those who fail no rule in force speak each language."""
        mentors = self.bank.people.mentors
        return Counter(
            skill.code for column in self.order[: self.standing].tolist() for skill in mentors[column].languages or ()
        )

    def fields(self) -> Mapping[str, int]:
        """Return how many of those who fail no rule in force work in each major group of ISCO-08."""
        mentors = self.bank.people.mentors
        codes = (mentors[column].occupation for column in self.order[: self.standing].tolist())
        return Counter(code[0] for code in codes if code)

    def named(self, text: str) -> I64:
        """Return the columns, in order, of mentors whose names hold every word of ``text``."""
        words = folded(text).split()
        names = self.bank.names
        return np.array(
            [column for column in self.order.tolist() if all(word in names[column] for word in words)], np.int64
        )

    def candidates(self, columns: Iterable[int]) -> list[Candidate]:
        """Explain the mentors in these columns, in their order."""
        picked = np.fromiter(columns, np.int64)
        pairs = explain_columns(self.bank.problem, self.bank.people, self.row, self.judged, picked)
        places = np.zeros(self.bank.problem.mentors, np.int64)
        places[self.order] = np.arange(1, len(self.order) + 1)
        return [
            self._candidate(column, int(places[column]), pair)
            for column, pair in zip(picked.tolist(), pairs, strict=True)
        ]

    def candidate(self, mentor_id: UUID) -> Candidate | None:
        """Explain one mentor by her enrolment; ``None`` when she is not in this bank."""
        column = self.column(str(mentor_id))
        return None if column is None else self.candidates([column])[0]

    def column(self, mentor: str) -> int | None:
        """Return where a mentor stands, by the id of her enrolment; ``None`` when she is not in this bank."""
        return column_of(self.bank, self.bank.problem.mentee_ids[self.row], mentor)

    def kept(self) -> list[int]:
        """Return the columns of mentors who are on loan from another division to this mentee, in their order."""
        mentee = UUID(self.bank.problem.mentee_ids[self.row])
        hers = {*self.bank.kept_for, *_kept_for(self.bank, mentee)}
        return [column for column in self.order.tolist() if column in hers] if hers else []

    def page(self, start: int, length: int, *, standing_only: bool = True) -> list[Candidate]:
        """Explain a stretch of the order; by default of those who fail no rule in force."""
        last = self.standing if standing_only else self.mentors
        return self.candidates(self.order[start : min(start + length, last)].tolist())

    def _candidate(self, column: int, place: int, pair: ExplainedPair) -> Candidate:
        policy = self.bank.problem.policy
        bars = [
            Bar(criterion.value, pair.contributions[criterion], policy.weights[criterion], pair.values[criterion])
            for criterion in CRITERIA
        ]
        bars += [Bar(own.custom.column, own.contribution, own.custom.weight, own.value, own.custom) for own in pair.own]
        bars.append(Bar("waiting", pair.waiting, policy.waiting_bonus, pair.waiting / (policy.waiting_bonus or 1)))
        return Candidate(
            enrolment_id=enrolment_of(self.bank.problem.mentor_ids[column]),
            place=place,
            score=pair.score,
            bars=tuple(bars),
            fails=tuple(
                rule for rule, broken in zip(HARD_RULES, self.fails[:, column].tolist(), strict=True) if broken
            ),
            unsure=tuple(rule.value for rule in pair.unsure),
            below_floor=pair.score < policy.floor,
            pair=pair,
        )


def rank_for(bank: Bank, mentee_id: UUID, loosened: Collection[str] = ()) -> Ranking | None:
    """Rank the bank for a mentee by her enrolment; ``None`` when she is not in it: she has a mentor, or has left.

    Time in proportion to the number of mentors. Rules that cannot be loosened stay in force, whoever asks.
    """
    row = bank.rows.get(str(mentee_id))
    if row is None:
        return None
    judged = judge_row(bank.problem, row)
    fails = np.vstack([judged.rules.fails, bank.unbriefed[None, :]])
    for column in _kept_for(bank, mentee_id):
        fails[HARD_RULES.index(Rule.CAPACITY.value), column] = False
    set_aside = frozenset(loosened) & frozenset(LOOSENABLE)
    in_force = [at for at, rule in enumerate(HARD_RULES) if rule not in set_aside]
    stands: Bool = np.logical_not(fails[in_force].any(axis=0))
    out = _not_hers(bank, mentee_id)
    fails[:, out] = stands[out] = False
    order: I64 = np.lexsort((np.arange(bank.problem.mentors), -judged.scores, ~stands))
    order = order[~out[order]]
    return Ranking(bank, row, judged, order, fails, stands, set_aside)


def _not_hers(bank: Bank, mentee_id: UUID) -> Bool:
    """Return bool (m,): the places that are kept for others, and of hers those of mentors who stand here anyway."""
    out: Bool = np.zeros(bank.problem.mentors, np.bool_)
    for column, mentee in bank.kept_for.items():
        out[column] = mentee != str(mentee_id) or str(enrolment_of(bank.problem.mentor_ids[column])) in bank.columns
    return out


def _kept_for(bank: Bank, mentee_id: UUID) -> list[int]:
    """Return the columns of mentors of whom a place is kept for a mentee: counted as taken, it is free for her."""
    columns = [bank.columns[one] for one in bank.lent.get(str(mentee_id), ()) if one in bank.columns]
    mentors = bank.people.mentors
    return [column for column in columns if mentors[column].active_pairs <= mentors[column].capacity]


def bars_kept(bars: Sequence[Bar]) -> dict[str, list[float | None]]:
    """Return bars as a proposal keeps them: contribution, value and most, by name."""
    return {
        bar.name: [round(bar.contribution, 6), None if bar.value is None else round(bar.value, 6), round(bar.most, 6)]
        for bar in bars
    }


def bars_read(kept: Mapping[str, Sequence[float | None]], own: Iterable[Custom] = ()) -> list[Bar]:
    """Return the bars that a proposal has kept, in their order; none once one of the two has been erased.

    ``own`` are the own criteria of the version that it was judged by.
    """
    customs = {custom.column: custom for custom in own if custom.column in kept}
    bars = []
    for name in (*(criterion.value for criterion in CRITERIA), *customs, "waiting") if kept else ():
        contribution, value, most = kept[name]
        bars.append(Bar(name, contribution or 0.0, most or 0.0, value, customs.get(name)))
    return bars
