"""The one door to the solver: loaded when somebody first asks, and asked by one at a time.

The solver loads a compiler, which takes half a second and two hundred megabytes: a process whose pages rank people, and
settle no whole list, never pays for it.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pairing.certificate import PairingResult
    from pairing.problem import PairingProblem

THREADS: Final = 2
"""For scoring: others are served beside it. The result does not depend on it."""

_one: Final = Lock()
_is_prepared: Final[list[bool]] = []


def solved(problem: PairingProblem) -> PairingResult:
    """Return the best set of pairs of a problem, with its certificate.

    Raises:
        ProblemError: a lock breaks a hard rule.
    """
    with _one:
        from pairing.solve import prepare, solve  # noqa: PLC0415 - loads the compiler, which few processes need

        if not _is_prepared:
            prepare()
            _is_prepared.append(True)
        return solve(problem, threads=THREADS)
