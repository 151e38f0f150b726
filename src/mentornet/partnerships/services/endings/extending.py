"""No end yet: the two go on for longer than they had agreed."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentornet.audit.services import record
from mentornet.common.actors import Actor
from mentornet.common.answers import ChangedMeanwhileError, require
from mentornet.partnerships.enums import PartnershipState
from mentornet.partnerships.models import Partnership
from mentornet.partnerships.rules import may_work_on
from mentornet.partnerships.services.agreements import keep_end
from mentornet.partnerships.services.steps import LONGEST, lock


@transaction.atomic
def extend_agreement(*, by: Actor, partnership: Partnership, until: date) -> Partnership:
    """Note that the two go on until a later day, as both have said; what else they have agreed on stays as it is.

    Raises:
        NotAllowedError: not the actor's division.
        ChangedMeanwhileError: it is about to end, or has ended.
        ValidationError: not a day after today, no later one than they have agreed on, or too far ahead.
    """
    partnership = lock(partnership)
    require(may_work_on(by, partnership))
    if partnership.state in {PartnershipState.CLOSED, PartnershipState.CLOSING}:
        raise ChangedMeanwhileError(_("It is about to end, or has ended. Call the ending off first."))
    if until <= by.today:
        raise ValidationError({"until": _("Choose a day after today.")})
    if partnership.agreed_until is not None and until <= partnership.agreed_until:
        raise ValidationError({"until": _("They have agreed on that long already. Choose a later day.")})
    if until > by.today + LONGEST:
        raise ValidationError({"until": _("That is too far ahead: choose a day within five years.")})
    keep_end(by, partnership, agreed_until=until)
    record(
        by=by,
        act="partnerships.extend",
        of=partnership,
        division_id=partnership.division_id,
        detail={"until": until.isoformat()},
    )
    return partnership
