"""How long somebody can expect to wait, in words: told by whoever can reckon it, and by nobody until then.

Intake stands below the mathematics, so whoever reckons registers here in ``AppConfig.ready``. Where nobody does, or it
is too early to tell, she is told nothing: no date is made up.
"""

from __future__ import annotations

from typing import Final, Protocol

from mentornet.intake.models import Enrolment


class Expectation(Protocol):
    """Says in the active language how long a mentee can expect to wait."""

    def __call__(self, enrolment: Enrolment) -> str:
        """Return a sentence for herself; empty where it is too early to tell."""


_TOLD_BY: Final[list[Expectation]] = []


def register(expectation: Expectation) -> None:
    """Register who tells it.

    Raises:
        ValueError: somebody else does already.
    """
    if expectation in _TOLD_BY:
        return
    if _TOLD_BY:
        raise ValueError("how long somebody can expect to wait is told by one alone")
    _TOLD_BY.append(expectation)


def expected_wait(enrolment: Enrolment) -> str:
    """Return how long a mentee can expect to wait, in the active language; empty where nobody can tell."""
    return next((tell(enrolment) for tell in _TOLD_BY), "")
