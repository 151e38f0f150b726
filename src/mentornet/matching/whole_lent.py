"""Places that other divisions keep for women on a meeting's list: each a column of its own, for one of them alone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Q

from mentornet.common.reach import shown
from mentornet.intake.models import Enrolment
from mentornet.intake.queries import in_the_bank
from mentornet.matching.bank import read_people
from mentornet.matching.enums import LoanState
from mentornet.matching.models import Loan
from mentornet.partnerships.queries import earlier_partners
from mentornet.people.enums import ObjectionPurpose
from mentornet.people.models import Avoidance
from mentornet.people.queries import not_objecting
from mentornet.programmes.models import ProgrammeVersion
from pairing.problem import IdPair
from reference.people import Mentor

_LENT: Final = "lent"
"""Begins the id of such a column: after all enrolments', which are hexadecimal."""


@dataclass(frozen=True, slots=True)
class Lent:
    """A place of a mentor's that is kept for one mentee.

    Attributes:
        pair: the enrolments of the two.
        known: the mentor with this one place, under an id of its own.
        name: hers, in one case, for searching.
        mark: another one as soon as anything is known otherwise of her.
    """

    pair: IdPair
    known: Mentor
    name: str
    mark: str


def lent_to(
    *, version: ProgrammeVersion, divisions: Collection[UUID], waiting: Collection[str], today: date
) -> tuple[Lent, ...]:
    """Return the places that are kept for those who wait, in the order of their ids.

    One query for none; else a fixed number. Without whoever must not meet the other, or has been a pair with her,
    objects to being ranked, or has left the bank since: such a loan ends by itself. And without mentors who are hidden
    from whom the divisions belong to.
    """
    loans = Loan.objects.filter(
        state=LoanState.RELEASED,
        until_on__gte=today,
        division_id__in=divisions,
        mentee__programme_id=version.programme_id,
        mentor__person__is_protected=False,
    )
    rows = [
        row
        for row in loans.order_by("mentee_id", "mentor_id").values_list("mentee_id", "mentee__person_id", "mentor_id")
        if str(row[0]) in waiting
    ]
    if not rows:
        return ()
    there = Enrolment.objects.filter(
        in_the_bank(today),
        not_objecting("person", ObjectionPurpose.RANKING),
        shown(divisions, "person"),
        pk__in={mentor for _mentee, _person, mentor in rows},
        programme_id=version.programme_id,
    )
    entries = read_people(version, there)
    apart = _apart({person for _mentee, person, _mentor in rows})
    found = []
    for mentee, person, mentor in rows:
        entry = entries.get(mentor)
        if entry is None or not isinstance(entry.known, Mentor) or (person, entry.person_id) in apart:
            continue
        key = f"{_LENT}:{mentee}:{mentor}"
        known = replace(entry.known, id=key, capacity=1, active_pairs=0)
        found.append(Lent((str(mentee), str(mentor)), known, entry.name, f"{key}:{entry.stamps}"))
    return tuple(found)


def _apart(mentees: Collection[UUID]) -> set[tuple[UUID, UUID]]:
    """Return whom these people must not meet, or have been a pair with."""
    pairs = set(earlier_partners(mentees))
    avoided = Avoidance.objects.filter(Q(person__in=mentees) | Q(other__in=mentees))
    for one, other in avoided.values_list("person_id", "other_id"):
        pairs |= {(one, other), (other, one)}
    return pairs
