"""A matching meeting with one run, a lock, and a decision with words in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

import numpy as np

from factories.django_rows import AT, TODAY, saved
from mentornet.accounts.models import User
from mentornet.common.actors import user_key
from mentornet.divisions.models import Division
from mentornet.intake.models import Enrolment
from mentornet.matching.models import (
    MatchingMeeting,
    MeetingDecision,
    MeetingDivision,
    MeetingPerson,
    MeetingRun,
    MeetingSnapshot,
    MeetingTie,
)
from mentornet.matching.services.meeting_runs import settings_of
from mentornet.matching.snapshots import facts_of, packed
from mentornet.programmes.models import Programme
from pairing.certificate import Certificate
from reference.people import Mentee, Mentor

FACTS: Final[dict[str, Any]] = facts_of(Mentor(id="")) | facts_of(Mentee(id=""))
"""Of somebody of whom nothing is known, in either role."""


def add_matching_meeting(
    division: Division,
    programme: Programme,
    user: User,
    two: tuple[Enrolment, Enrolment],
    word: Callable[[str], str],
) -> dict[str, UUID | int]:
    """Make the rows, and return their keys by the names of arguments."""
    by = user_key(user.pk)
    version = programme.versions.get()
    mentee, mentor = two
    meeting = saved(
        MatchingMeeting(
            programme=programme, version=version, weights=version.weights, floor=version.floor, state="open",
            asked_at=AT, opened_by=by, author_name=user.name, created_at=AT,
        )
    )  # fmt: skip
    saved(MeetingDivision(meeting=meeting, division=division, created_at=AT))
    for number, one in enumerate(two, 1):
        facts = FACTS | {"interests": [word("matching.MeetingPerson.facts")]}
        saved(
            MeetingPerson(
                meeting=meeting, enrolment=one, number=number, mark=f"{number:016}", facts=facts, created_at=AT
            )
        )
    snapshot = saved(
        MeetingSnapshot(
            meeting=meeting, number=1, day=TODAY, mark="0" * 64, mentees=[1], mentors=[2], created_at=AT
        ),
        exclude=("apart", "unbriefed"),
    )  # fmt: skip
    nothing = np.zeros(1, np.int64)
    saved(
        MeetingRun(
            meeting=meeting, number=1, snapshot=snapshot, cause="first", asked_by=by, author_name=user.name,
            settings=settings_of(meeting).kept(), pairs=[[0, 0, 7000]], pair_count=1, total=7000,
            fingerprint="0" * 64, certificate=packed(Certificate(nothing, nothing, nothing, nothing)), created_at=AT,
        ),
        exclude=("certificate",),
    )  # fmt: skip
    tie = saved(
        MeetingTie(
            meeting=meeting, kind="forbid", mentee=mentee, mentor=mentor, made_by=by, author_name=user.name,
            created_at=AT,
        )
    )  # fmt: skip
    decision = saved(
        MeetingDecision(
            meeting=meeting, mentee=mentee, outcome="wait", reason=word("matching.MeetingDecision.reason"),
            dissent=word("matching.MeetingDecision.dissent"), refused=word("matching.MeetingDecision.refused"),
            decided_by=by, author_name=user.name, decided_at=AT, created_at=AT,
        )
    )  # fmt: skip
    return {"sitting_id": meeting.pk, "tie_id": tie.pk, "decision_id": decision.pk}
