"""Taking a mentor's briefing back, where it was noted by mistake."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentornet.audit.services import record
from mentornet.common.actors import Actor
from mentornet.common.answers import ChangedMeanwhileError, require
from mentornet.common.models import stamp
from mentornet.intake.models import Enrolment
from mentornet.intake.rules import may_work_on


@transaction.atomic
def take_briefing_back(*, by: Actor, enrolment: Enrolment) -> Enrolment:
    """Take a mentor out of the bank again: her briefing was noted by mistake.

    Raises:
        NotAllowedError: not the actor's division.
        ChangedMeanwhileError: she is not briefed, or has just been promised or paired.
    """
    require(may_work_on(by, enrolment))
    unbriefed = Enrolment.objects.filter(
        pk=enrolment.pk, briefed_on__isnull=False, ended_on__isnull=True, promised=0, active=0
    ).update(briefed_on=None, stamp=stamp())
    if not unbriefed:
        raise ChangedMeanwhileError(
            _("She is not in the bank without a proposal or a partnership. Look at her page again.")
        )
    enrolment.refresh_from_db(fields=["briefed_on", "stamp"])
    record(by=by, act="intake.take_briefing_back", of=enrolment, division_id=enrolment.division_id)
    return enrolment
