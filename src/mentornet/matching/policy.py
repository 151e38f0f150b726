"""A programme's version as the policy that the mathematics takes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from mentornet.programmes.models import ProgrammeVersion
from pairing.policy import Policy, normalised
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
    }


def policy_of(version: ProgrammeVersion) -> Policy:
    """Return the policy of a version, saved or only tried out."""
    weights = {criterion: float(version.weights[criterion]) for criterion in CRITERIA}
    return Policy(
        weights=normalised(weights),
        neutral={criterion: float(version.neutral[criterion]) for criterion in CRITERIA},
        floor=version.floor_units,
        min_language=Level[version.min_language],
        waiting_bonus=float(version.waiting_bonus),
        waiting_days=float(version.waiting_days),
    )
