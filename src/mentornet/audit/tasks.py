"""The audit seals itself."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from mentornet.audit.queries import is_to_be_sealed
from mentornet.audit.services import check_chain, seal_entries, sign_anew
from mentornet.common.actors import System
from mentornet.common.jobs import every

SECONDS: Final = 3
"""Entries are sealed together, not one by one: each round is one write more, which other writers wait for."""


def _is_to_be_sealed(_at: datetime) -> bool:
    return is_to_be_sealed()


@every(name="audit.seal", minutes=SECONDS / 60, when=_is_to_be_sealed)
def seal(*, by: System) -> None:
    """Seal what has been written."""
    seal_entries(by=by)


@every(name="audit.sign_anew", minutes=60)
def sign(*, by: System) -> None:
    """Sign the head with the present secret key: after it the former one can be forgotten."""
    sign_anew(by=by)


@every(name="audit.check", minutes=24 * 60, slow=True)
def check(*, by: System) -> None:
    """Verify the chain, and write its head to the log."""
    check_chain(by=by)
