"""That a handover pack was made: who has taken what out, and of whom."""

from __future__ import annotations

from uuid import UUID

from mentornet.accounts.models import User
from mentornet.audit.models import Kind
from mentornet.audit.services import entry_of, record_all, record_read
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.partnerships.models import Partnership


def record_pack(*, by: Staff, of: Partnership | Enrolment, division_id: UUID) -> None:
    """Write into the audit that the pack of one case was made."""
    record_read(by=by, act="followup.make_pack", of=of, division_id=division_id)


def record_packs(*, by: Staff, user: User, division_id: UUID, count: int) -> None:
    """Write into the audit that the packs of all of a coordinator's cases were made, and how many.

    Like a list that leaves as a file it belongs to whoever did it, and to none of the people in it.
    """
    detail = {"count": count}
    entry = entry_of(by=by, act="followup.make_packs", of=user, division_id=division_id, detail=detail, kind=Kind.READ)
    record_all([entry])
