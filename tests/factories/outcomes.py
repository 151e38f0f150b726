"""What the pairing has found, as its report is told it: made up, not solved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pairing.outcome import ExplainedPair
from pairing.policy import Policy
from pairing.terms import CRITERIA, UNITS, Criterion
from reference.people import Mentee, Mentor
from reference.translation import Message


def a_pair(mentee: Mentee, mentor: Mentor, *, unknown: Sequence[Criterion] = (), **changes: Any) -> ExplainedPair:
    """A pair that fits well in everything but what is ``unknown``, after the usual weights."""
    policy, waiting = Policy(), 0.005
    values = {criterion: None if criterion in unknown else 0.8 for criterion in CRITERIA}
    contributions = {
        criterion: policy.weights[criterion] * (policy.neutral[criterion] if value is None else value)
        for criterion, value in values.items()
    }
    pair = ExplainedPair(
        mentee=mentee,
        mentor=mentor,
        score=round((sum(contributions.values()) + waiting) * UNITS),
        waiting=waiting,
        values=values,
        contributions=contributions,
        reasons=(Message("Both are nurses."),),
    )
    return replace(pair, **changes)
