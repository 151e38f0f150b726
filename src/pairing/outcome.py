"""What a run tells about the pairs and about everyone left over: plain values, ready to be written or shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from pairing.policy import Policy
from pairing.terms import Criterion, Rule, UnmatchedReason
from reference.customs import Custom
from reference.faults import Notice
from reference.people import Mentee, Mentor
from reference.translation import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnValue:
    """What one of the programme's own criteria gives to a pair.

    Attributes:
        value: 0 to 1; ``None`` is unknown.
        contribution: weight times value, or times the neutral value.
    """

    custom: Custom
    value: float | None
    contribution: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedPair:
    """One mentee beside one mentor.

    Attributes:
        score: in units of 1/10,000, the waiting bonus inside it.
        waiting: the waiting bonus, 0 to the policy's bonus.
        values: f of each criterion, 0 to 1; ``None`` is unknown.
        contributions: weight times value (or times the neutral value) of each criterion.
        fails: the hard rules that fail; empty for an allowed pair.
        unsure: the hard rules that pass only because something is unknown.
        own: the programme's own criteria, in their order.
        own_fails: its own hard rules that fail; :attr:`Rule.REQUIRES` stands among ``fails`` then.
        own_unsure: its own hard rules that pass only because an answer is unknown.
        locked: a coordinator fixed this pair.
        reasons: whole sentences, strongest reason first.
    """

    mentee: Mentee
    mentor: Mentor
    score: int
    waiting: float
    values: Mapping[Criterion, float | None]
    contributions: Mapping[Criterion, float]
    fails: tuple[Rule, ...] = ()
    unsure: tuple[Rule, ...] = ()
    own: tuple[OwnValue, ...] = ()
    own_fails: tuple[Custom, ...] = ()
    own_unsure: tuple[Custom, ...] = ()
    locked: bool = False
    reasons: tuple[Message, ...] = ()

    @property
    def unknown(self) -> tuple[Criterion, ...]:
        """The criteria that nobody could judge, because a cell was empty."""
        return tuple(criterion for criterion, value in self.values.items() if value is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedUnmatched:
    """One mentee without a mentor, and what would help.

    Attributes:
        allowed: mentors who fail no rule.
        above_floor: those of them who reach the floor.
        fails: for each rule, the mentors for whom it fails.
        only: for each rule, the mentors for whom only it fails.
        own_fails: for each of the programme's own hard rules by its key, the mentors for whom it fails; they are
            counted in :attr:`Rule.REQUIRES` too.
        relaxation: the rule whose relaxation alone brings her most mentors at or above the floor; ``None``:
            no single relaxation brings any.
        relaxation_gain: how many it brings.
        sentences: what can be said to her, whole sentences.
    """

    mentee: Mentee
    reason: UnmatchedReason
    allowed: int
    above_floor: int
    fails: Mapping[Rule, int]
    only: Mapping[Rule, int]
    relaxation: Rule | None
    relaxation_gain: int
    own_fails: Mapping[str, int] = field(default_factory=dict)
    sentences: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """The certificate in short. ``checked`` says whether the independent verifier has gone over it in this run.

    ``number`` of pairs and ``total`` score in units of 1/10,000 stand beside the bounds that no set of pairs can
    pass; the result is the best when each equals its bound. Locked pairs are outside these four figures.
    """

    number: int
    number_bound: int
    total: int
    total_bound: int
    checked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Everything that a report shows.

    Attributes:
        pairs: in order of mentee id.
        unmatched: in order of mentee id.
        places: free places of all mentors before the run (capacity less active pairs, none while resting).
        notices: what the reader noticed in the files.
    """

    pairs: tuple[ExplainedPair, ...]
    unmatched: tuple[ExplainedUnmatched, ...]
    mentees: int
    mentors: int
    places: int
    policy: Policy
    today: date
    proof: Proof
    files: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = field(default=())
