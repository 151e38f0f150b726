"""Work on accounts that comes round by itself."""

from __future__ import annotations

from mentornet.accounts.services.forgetting import forget_counts, forget_old_ways_in
from mentornet.accounts.services.reading import forget_openings
from mentornet.accounts.services.second_factors import reseal_second_factors
from mentornet.common.actors import System
from mentornet.common.jobs import every


@every(name="accounts.reseal_second_factors", minutes=60)
def reseal(*, by: System) -> None:
    """Seal with the present secret key what a former one has sealed: after it the former one can be forgotten."""
    reseal_second_factors(by=by)


@every(name="accounts.forget_old_ways_in", minutes=24 * 60)
def forget(*, by: System) -> None:
    """Delete links, codes and sign-ins that open nothing any more."""
    forget_old_ways_in(by=by)


@every(name="accounts.forget_counts", minutes=60)
def forget_tries(*, by: System) -> None:
    """Delete counts of tries that count no more."""
    forget_counts(by=by)


@every(name="accounts.forget_openings", minutes=6 * 60)
def forget_read(*, by: System) -> None:
    """Delete what was opened longer than a day ago."""
    forget_openings(by=by)
