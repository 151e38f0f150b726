"""A programme's version as the policy that the mathematics takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from math import isclose
from typing import Any

from mentornet.programmes.models import ProgrammeVersion
from pairing.policy import Policy, shared_out
from pairing.terms import CRITERIA, UNITS
from reference.cefr import Level


def usual_settings() -> dict[str, Any]:
    """Return the settings with which the first programme begins: those that the definitions name."""
    usual = Policy()
    return {
        "eligibility": {},
        "weights": {str(criterion): weight for criterion, weight in usual.weights.items()},
        "neutral": {str(criterion): value for criterion, value in usual.neutral.items()},
        "floor": Decimal(usual.floor) / UNITS,
        "min_language": usual.min_language.name,
        "waiting_bonus": Decimal(str(usual.waiting_bonus)),
        "waiting_days": int(usual.waiting_days),
        "expiry_days": 10,
        "meets_first": False,
        "customs": [],
    }


def are_same_weights(one: Mapping[str, float], other: Mapping[str, float]) -> bool:
    """Tell whether weights of the ten criteria say the same, as shares or as points."""
    sums = sum(one.values()), sum(other.values())
    return all(isclose(one[name] / sums[0], other[name] / sums[1], rel_tol=1e-9, abs_tol=1e-12) for name in CRITERIA)


def policy_of(
    version: ProgrammeVersion,
    *,
    weights: Mapping[str, float] | None = None,
    own_weights: Mapping[str, float] | None = None,
) -> Policy:
    """Return the policy of a version, saved or only tried out; by other ``weights`` of the ten criteria, if any.

    Its own criteria keep what they weigh beside the ten, but for those among ``own_weights``, by their keys.
    """
    entered = version.weights if weights is None else weights
    given = {criterion: float(entered[criterion]) for criterion in CRITERIA}
    others = own_weights or {}
    own = [
        custom if custom.is_rule else replace(custom, weight=float(others.get(custom.key, custom.weight)))
        for custom in version.own
    ]
    # Weights are kept as they were entered, as shares of 1 or as points; own ones are points of 100 beside them.
    scale = sum(given.values()) / 100
    shares, customs = shared_out(given, [replace(custom, weight=custom.weight * scale) for custom in own])
    return Policy(
        weights=shares,
        customs=customs,
        neutral={criterion: float(version.neutral[criterion]) for criterion in CRITERIA},
        floor=version.floor_units,
        min_language=Level[version.min_language],
        waiting_bonus=float(version.waiting_bonus),
        waiting_days=float(version.waiting_days),
    )
