"""Work on accounts that comes round by itself."""

from __future__ import annotations

from mentornet.accounts.services import reseal_second_factors
from mentornet.common.actors import System
from mentornet.common.jobs import every


@every(name="accounts.reseal_second_factors", minutes=60)
def reseal(*, by: System) -> None:
    """Seal with the present secret key what a former one has sealed: after it the former one can be forgotten."""
    reseal_second_factors(by=by)
