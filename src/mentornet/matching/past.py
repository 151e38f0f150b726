"""What has happened in a programme, as the simulation reads it: days, places, and what people are like.

What goes in is what the bank itself goes by. Nobody is named in it; whoever objects to being counted is not, nor whose
data rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

import numpy as np
from django.db.models import Q, QuerySet
from django.utils import timezone

from mentornet.intake.enums import EndReason
from mentornet.intake.models import Enrolment
from mentornet.matching.bank import read_people
from mentornet.matching.enums import ProposalState
from mentornet.matching.models import Loan, Proposal
from mentornet.matching.policy import policy_of
from mentornet.partnerships.models import Partnership
from mentornet.people.enums import ObjectionPurpose, Role
from mentornet.people.queries import in_use, not_objecting
from mentornet.programmes.models import Programme, ProgrammeVersion
from pairing.features import I64, features_of
from pairing.habits import Cast
from pairing.history import NEVER, History
from reference.people import Mentee, Mentor

ENDED: Final = (ProposalState.ACCEPTED, ProposalState.DECLINED, ProposalState.EXPIRED)
"""Proposals that somebody has settled; what a coordinator took back tells nothing of the two."""


@dataclass(frozen=True, slots=True)
class Past:
    """A programme's history, and who the profiles are in it.

    Attributes:
        divisions: their keys; a home is a place among them.
        mentees, mentors: in the order of the cast.
    """

    programme: Programme
    history: History
    divisions: tuple[str, ...]
    mentees: Sequence[Mentee]
    mentors: Sequence[Mentor]


def _counted(*paths: str) -> Q:
    found = Q()
    for path in paths:
        found &= in_use(path) & not_objecting(path, ObjectionPurpose.STATISTICS)
    return found


def _was_a_double() -> Q:
    """Return what makes a place one that nobody came to: somebody stood here twice, and left nothing in this one."""
    return Q(end_reason=EndReason.MERGED, partnerships_as_mentee__isnull=True, partnerships_as_mentor__isnull=True)


def partnerships_matched(today: date) -> QuerySet[Partnership]:
    """Return the partnerships from which waits are foretold: those that began before a day."""
    return Partnership.objects.filter(_counted("mentee__person", "mentor__person"), matched_on__lt=today)


def _day(value: date | datetime | None) -> int:
    if isinstance(value, datetime):
        value = timezone.localdate(value)
    return NEVER if value is None else value.toordinal()


def _days(values: Iterable[date | datetime | None]) -> I64:
    return np.array([_day(value) for value in values], np.int64)


def read_past(version: ProgrammeVersion, today: date) -> Past:
    """Read what has happened in a programme until a day; a fixed number of queries."""
    enrolled = Enrolment.objects.filter(_counted("person"), programme_id=version.programme_id).exclude(_was_a_double())
    entries = read_people(version, enrolled)
    rows = {
        row["pk"]: row
        for row in enrolled.values(
            *("pk", "role", "division_id", "created_at", "since", "briefed_on", "ended_on", "resting_until"),
            *("capacity", "application__received_on"),
        )
        if row["pk"] in entries
    }
    mentees = [key for key in sorted(rows) if rows[key]["role"] == Role.MENTEE]
    mentors = [key for key in sorted(rows) if rows[key]["role"] == Role.MENTOR]
    place = {key: number for side in (mentees, mentors) for number, key in enumerate(side)}
    divisions = sorted({row["division_id"] for row in rows.values()})
    home = {key: number for number, key in enumerate(divisions)}
    pairs = [
        (place[mentee], place[mentor], _day(matched), _day(closed))
        for mentee, mentor, matched, closed in partnerships_matched(today)
        .filter(mentee__programme_id=version.programme_id)
        .order_by("matched_on", "pk")
        .values_list("mentee_id", "mentor_id", "matched_on", "closed_on")
        if mentee in place and mentor in place
    ]
    proposals = list(
        Proposal.objects.filter(
            _counted("mentee__person", "mentor__person"),
            mentee__programme_id=version.programme_id,
            state__in=ENDED,
            sent_at__isnull=False,
            ended_at__isnull=False,
        )
        .order_by("sent_at", "pk")
        .values_list("sent_at", "ended_at", "state")
    )
    held = [
        (place[mentee], place[mentor], _day(sent), _day(ended))
        for mentee, mentor, sent, ended in Proposal.objects.filter(
            mentee__programme_id=version.programme_id, sent_at__isnull=False
        )
        .order_by("sent_at", "pk")
        .values_list("mentee_id", "mentor_id", "sent_at", "ended_at")
        if mentee in place and mentor in place
    ]
    women = [known for key in mentees if isinstance(known := entries[key].known, Mentee)]
    helpers = [known for key in mentors if isinstance(known := entries[key].known, Mentor)]
    policy = policy_of(version)
    cast = Cast(
        features=features_of(women, helpers, policy.customs),
        policy=policy,
        mentee_home=np.array([home[rows[key]["division_id"]] for key in mentees], np.int64),
        mentor_home=np.array([home[rows[key]["division_id"]] for key in mentors], np.int64),
        homes=len(divisions),
    )
    table = np.array(pairs, np.int64).reshape(-1, 4)
    listed = _days(rows[key]["created_at"] for key in mentees)
    applied = np.minimum(_days(rows[key]["application__received_on"] for key in mentees), listed)
    first = np.full(len(mentees), NEVER, np.int64)
    np.minimum.at(first, table[:, 0], table[:, 2])
    history = History(
        cast=cast,
        applied=np.minimum(applied, first),
        # Who was taken over from a list was there before her row was.
        listed=np.minimum(listed, first),
        unlisted=_days(rows[key]["ended_on"] for key in mentees),
        briefed=_days(rows[key]["briefed_on"] for key in mentors),
        gone=_days(rows[key]["ended_on"] for key in mentors),
        away=_days(rows[key]["resting_until"] or date.min for key in mentors),
        places=np.array([rows[key]["capacity"] for key in mentors], np.int64),
        couples=table[:, :2],
        matched=table[:, 2],
        closed=table[:, 3],
        asked=_days(sent for sent, _, _ in proposals),
        settled=_days(ended for _, ended, _ in proposals),
        agreed=np.array([state == ProposalState.ACCEPTED for _, _, state in proposals], np.bool_),
        held=np.array(held, np.int64).reshape(-1, 4),
        lent=np.array(_lent(version, place), np.int64).reshape(-1, 4),
    )
    return Past(version.programme, history, tuple(str(key) for key in divisions), women, helpers)


def _lent(version: ProgrammeVersion, place: Mapping[UUID, int]) -> list[tuple[int, int, int, int]]:
    """Return the places that other divisions keep, or kept, for a mentee: until a proposal used them, or they ended."""
    loans = (
        Loan.objects.filter(
            mentee__programme_id=version.programme_id, until_on__isnull=False, answered_at__isnull=False
        )
        .order_by("answered_at", "pk")
        .values_list("mentee_id", "mentor_id", "answered_at", "proposal__sent_at", "ended_at")
    )
    return [
        (place[mentee], place[mentor], _day(released), min(_day(used), _day(ended)))
        for mentee, mentor, released, used, ended in loans
        if mentee in place and mentor in place
    ]
