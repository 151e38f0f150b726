"""What an erasure left in words because somebody was still seeing to it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from mentornet.common.actors import System
from mentornet.followup.enums import ConcernState
from mentornet.followup.models import Concern, ConcernNote
from mentornet.privacy.services.emptying import EMPTIED


def _left() -> QuerySet[Concern]:
    return Concern.objects.filter(raised_by__search_text="", state=ConcernState.CLOSED).exclude(words=EMPTIED)


def has_closed_concerns(at: datetime) -> bool:
    """Tell whether the concern of somebody erased has been closed since."""
    del at
    return _left().exists()


@transaction.atomic
def empty_closed_concerns(*, by: System) -> int:
    """Empty what somebody erased has told in confidence, now that it is closed. Returns how many."""
    del by
    concerns = list(_left().only("pk"))
    ConcernNote.objects.filter(concern__in=concerns).delete()
    Concern.objects.filter(pk__in=[one.pk for one in concerns]).update(
        words=EMPTIED, outcome="", call_words="", wants_call=False
    )
    return len(concerns)
