"""Reading the banks before somebody asks for them, when a process starts."""

from __future__ import annotations

from datetime import datetime
from itertools import islice
from typing import Final

from django.utils import timezone

from mentornet.accounts.models import User
from mentornet.common import row_scope
from mentornet.divisions.queries import staff_member
from mentornet.intake.bank_search import mentor_index
from mentornet.intake.queries import waiting_mentees
from mentornet.matching.bank import KEPT
from mentornet.matching.outlook import banks_for, outlooks_for

_FIRST_PAGE: Final = 25


def warm_banks(*, at: datetime) -> int:
    """Read what the staff's first pages need, the widest reach first, as many as are kept; return how many reaches.

    At 50,000 people a process that knows nobody yet reads for seconds. Nothing depends on this having been done:
    whoever asks meanwhile waits for what is being read, or reads it herself.
    """
    staff = [
        staff_member(user, at) for user in User.objects.filter(is_active=True, staff_roles__isnull=False).distinct()
    ]
    reaches = sorted({one.casework for one in staff if one.casework}, key=lambda reach: (-len(reach), sorted(reach)))
    banks, warmed = 0, 0
    for reach in islice(reaches, KEPT):
        # As whoever asks for it is given it, and no further: what is read is kept for her.
        with row_scope.within(row_scope.of_divisions(reach)):
            waiting = waiting_mentees(reach)
            in_use = set(waiting.order_by().values_list("programme_id", flat=True).distinct())
            if banks + len(in_use) > KEPT:
                break
            mentor_index(reach)
            outlooks_for(waiting[:_FIRST_PAGE], banks_for(in_use, divisions=reach, today=timezone.localdate(at)))
        banks, warmed = banks + len(in_use), warmed + 1
    return warmed
