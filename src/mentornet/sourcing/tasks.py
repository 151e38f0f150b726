"""What comes round by itself."""

from __future__ import annotations

from typing import Final

from mentornet.common.actors import System
from mentornet.common.jobs import every
from mentornet.sourcing import services
from mentornet.sourcing.noting import settle_noes

A_DAY: Final = 24 * 60

every(name="look after searches", minutes=A_DAY)(services.look_after_searches)
every(name="follow who was found", minutes=10)(services.follow_found)


@every(name="forget experts", minutes=A_DAY)
def forget(*, by: System) -> None:
    """Delete the experts whose time is over, and lists that nobody took over; keep the noes in the ledger.

    The key of their hashes stays sealed with the present secret key.
    """
    settle_noes(by=by)
    services.forget_old_lists(by=by)
    services.forget_overdue(by=by)
    services.seal_key_anew(by=by)
