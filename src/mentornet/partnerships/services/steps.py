"""Steps of a partnership that several services take, and how its row is held meanwhile."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from mentornet.audit.services import record
from mentornet.common.actors import Actor
from mentornet.common.answers import ChangedMeanwhileError, require
from mentornet.partnerships.enums import PARTNERSHIP_STEPS, PartnershipState
from mentornet.partnerships.models import Partnership
from mentornet.partnerships.rules import may_step

LONGEST: Final = timedelta(days=5 * 366)


def take_step(by: Actor, partnership: Partnership, after: PartnershipState, **values: object) -> None:
    """Take a step, unless somebody else has taken another one meanwhile."""
    require(may_step(by, partnership, after))
    before = partnership.state
    changed = Partnership.objects.filter(pk=partnership.pk, state=before).update(state=after, **values)
    if not changed or not PARTNERSHIP_STEPS.may(before, after):
        raise ChangedMeanwhileError(_("Somebody else has worked on this partnership meanwhile. Look at it again."))
    partnership.refresh_from_db()


def begin_if_ready(by: Actor, partnership: Partnership) -> None:
    """It is active once the two have met and both have signed."""
    ready = partnership.first_met_on is not None and partnership.agreement_on is not None
    if ready and partnership.state == PartnershipState.MATCHED:
        take_step(by, partnership, PartnershipState.ACTIVE)
        record(by=by, act="partnerships.begin", of=partnership, division_id=partnership.division_id)


def lock(partnership: Partnership) -> Partnership:
    """Return the row as it is now, held until the transaction ends.

    Raises:
        ChangedMeanwhileError: it was opened by mistake, and has just been taken back.
    """
    locked = (
        Partnership.objects.select_for_update(of=("self",))
        .select_related("mentee__person", "mentor__person", "division")
        .filter(pk=partnership.pk)
        .first()
    )
    if locked is None:
        raise ChangedMeanwhileError(_("This partnership has just been taken back: it was opened by mistake."))
    return locked


def link_of(partnership: Partnership, person_id: UUID) -> str:
    """Return the name of the link that leads one of the two to their page; whoever writes the letter makes it."""
    return f"partnership:{partnership.pk}:{person_id}"
