"""The mentor bank as the mathematics sees it, kept in memory between requests.

A process keeps, for each programme and set of divisions that it was asked for, the people as :mod:`pairing` knows
them. Each request asks the database for three numbers: how many there are, and the sums of their stamps. Every write
draws a new stamp, so the sums change with any of them; only the people whose stamps have changed are then read
again. Nothing here is ever out of date for longer than a request, and nothing has to be told to other processes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import numpy as np
from django.db.models import Q, QuerySet

from mentornet.common.kept import Kept
from mentornet.common.ordering import folded
from mentornet.common.reach import kept_as, shown
from mentornet.divisions.models import Division
from mentornet.intake.models import UNTIL_SHE_SAYS, Enrolment
from mentornet.intake.queries import sums_of_stamps
from mentornet.intake.stamps import read_changed, spoken_by
from mentornet.matching.policy import policy_of
from mentornet.partnerships.queries import earlier_partners
from mentornet.people.enums import ObjectionPurpose, Role
from mentornet.people.facts import ONLY, SHARED, read_facts
from mentornet.people.models import Avoidance
from mentornet.people.queries import in_use, not_objecting
from mentornet.programmes.models import ProgrammeVersion
from pairing.explain import People
from pairing.features import Bool, Features
from pairing.problem import PairingProblem, build_problem
from reference.cefr import Level
from reference.people import Mentee, Mentor

if TYPE_CHECKING:
    from mentornet.matching.outlook import Outlook

KEPT: Final = 8
"""How many banks a process keeps; the least recently asked for goes."""

_ENROLMENT: Final = ("pk", "person_id", "role", "stamp", "profile__stamp", "capacity", "promised", "active")
_DATES: Final = ("briefed_on", "resting_until", "returns_when_asked", "since")
_PLACE: Final = ("division__name", "person__postcode", "person__first_name", "person__last_name")
_PROFILE: Final = tuple(f"profile__{name}" for name in (*SHARED, *ONLY[Role.MENTEE], *ONLY[Role.MENTOR]))
_NAMES: Final = 2
"""Where the divisions' names stand in a digest; before them what is not asked of people."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One enrolment, read.

    Attributes:
        stamps: of the enrolment and of the profile, as they were when it was read.
        known: the person as the mathematics knows her; her id is the enrolment's.
    """

    person_id: UUID
    stamps: tuple[int, int]
    known: Mentor | Mentee
    is_briefed: bool
    name: str


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What has been reckoned from one bank so far, by mentee (:mod:`mentornet.matching.outlook`)."""

    outlooks: dict[UUID, Outlook] = field(default_factory=dict)
    fits: dict[UUID, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bank:
    """Everybody enrolled in a programme who has no partner yet, or could have more, on one day.

    Attributes:
        problem: rows are mentees, columns are mentors, in ascending order of enrolment id.
        unbriefed: bool (m,), mentors who are still to be briefed.
        names: of the mentors, in one case, for searching.
        reckoned: goes with the bank when that is read anew; a bank made of this one begins with none.
    """

    version: ProgrammeVersion
    today: date
    problem: PairingProblem
    people: People
    rows: Mapping[str, int]
    columns: Mapping[str, int]
    unbriefed: Bool
    names: tuple[str, ...]
    reckoned: Reckoned = field(default_factory=Reckoned, init=False, repr=False, compare=False)


_Key = tuple[UUID, frozenset[UUID]]
_Digest = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class _Known:
    """What a process remembers of one programme in some divisions."""

    entries: dict[UUID, Entry]
    bank: Bank


_kept: Final[Kept[_Key, _Digest, _Known]] = Kept(KEPT)


def _mentors_and_mentees(
    programme_id: UUID, divisions: Collection[UUID]
) -> tuple[QuerySet[Enrolment], QuerySet[Enrolment]]:
    enrolled = Enrolment.objects.filter(
        shown(divisions, "person"), programme_id=programme_id, division_id__in=divisions, ended_on__isnull=True
    )
    # A mentee with a mentor has no row: she is looked up in vain, and the desk says why.
    return enrolled.filter(role=Role.MENTOR), enrolled.filter(role=Role.MENTEE, active=0)


def bank_of(*, version: ProgrammeVersion, divisions: Collection[UUID], today: date) -> Bank:
    """Return the bank as it is now. Two queries when nothing has changed, a fixed number when something has."""
    key = (version.programme_id, kept_as(divisions))
    mentors, mentees = _mentors_and_mentees(version.programme_id, divisions)
    sums = sums_of_stamps(mentors, mentees, roles=[Role.MENTOR, Role.MENTEE])
    # The mathematics knows a division by its name, and renaming one stamps nobody.
    names = tuple(Division.objects.filter(pk__in=divisions).order_by("pk").values_list("name", flat=True))
    digest = (version.pk, today, names, sums)
    # Not asked of the stamps, which are summed from an index alone: who is taken out, or comes back, is stamped anew.
    ranked = not_objecting("person", ObjectionPurpose.RANKING)
    enrolments = (mentors | mentees).filter(in_use("person"), ranked)
    return _kept.get(key, digest, lambda kept: _refreshed(kept, digest, version, today, enrolments)).bank


def bank_of_two(*, version: ProgrammeVersion, mentee_id: UUID, mentor_id: UUID, today: date) -> Bank | None:
    """Return a bank of two alone, whom somebody has chosen by hand since one of them objects to being ranked.

    The rules are asked as ever, and nobody is put in an order. ``None`` where one of the two is not to be had.
    """
    wanted = Q(pk=mentee_id, role=Role.MENTEE, active=0) | Q(pk=mentor_id, role=Role.MENTOR)
    both = Enrolment.objects.filter(wanted, in_use("person"), programme_id=version.programme_id, ended_on__isnull=True)
    entries = read_changed(both, {}, _read)
    return _build(version, today, entries) if len(entries) == len({mentee_id, mentor_id}) else None


def _refreshed(
    kept: tuple[_Digest, _Known] | None,
    digest: _Digest,
    version: ProgrammeVersion,
    today: date,
    enrolments: QuerySet[Enrolment],
) -> _Known:
    if kept is None or kept[0][_NAMES] != digest[_NAMES]:
        entries = read_changed(enrolments, {}, _read)
        return _Known(entries, _build(version, today, entries))
    before = kept[1]
    entries = read_changed(enrolments, before.entries, _read)
    if kept[0][:_NAMES] == digest[:_NAMES] and _are_same(before.entries, entries):
        # It was the profile of somebody who is not in this bank.
        return _Known(entries, before.bank)
    known = before.bank.problem.features if _look_alike(before.entries, entries) else None
    return _Known(entries, _build(version, today, entries, known))


def forget() -> None:
    """Forget everything that is kept in memory: for tests and measurements."""
    _kept.forget()


def _read(enrolments: QuerySet[Enrolment]) -> Iterable[tuple[UUID, Entry]]:
    rows = list(enrolments.values(*_ENROLMENT, *_DATES, *_PLACE, *_PROFILE))
    spoken = spoken_by([row["person_id"] for row in rows])
    for row in rows:
        yield row["pk"], _entry(row, spoken.get(row["person_id"]))


def _entry(row: Mapping[str, Any], spoken: list[tuple[str, str]] | None) -> Entry:
    facts = {name: row[f"profile__{name}"] for name in SHARED} | {"languages": spoken}
    shared = read_facts(facts) | {
        "id": str(row["pk"]),
        "division": row["division__name"],
        "postcode": row["person__postcode"] or None,
        "name": row["person__first_name"],
    }
    known: Mentor | Mentee
    if row["role"] == Role.MENTOR:
        least = row["profile__min_danish"]
        known = Mentor(
            **shared,
            capacity=row["capacity"],
            # A place held by a proposal is as gone as one that is taken.
            active_pairs=row["active"] + row["promised"],
            pairs_before=row["profile__pairs_before"],
            min_danish=Level[least] if least else None,
            resting_until=UNTIL_SHE_SAYS if row["returns_when_asked"] else row["resting_until"],
            idle_since=row["since"],
        )
    else:
        known = Mentee(
            **shared,
            waiting_since=row["since"],
            practise_danish=row["profile__practise_danish"],
            needs_experience=row["profile__needs_experience"],
        )
    return Entry(
        person_id=row["person_id"],
        stamps=(row["stamp"], row["profile__stamp"]),
        known=known,
        is_briefed=row["briefed_on"] is not None or row["role"] == Role.MENTEE,
        name=folded(f"{row['person__first_name']} {row['person__last_name']}"),
    )


def _conflicts(entries: Mapping[UUID, Entry]) -> set[tuple[str, str]]:
    """Return who must not meet: by somebody's word, by an earlier partnership, or because they are one person."""
    mentees: dict[UUID, list[str]] = {}
    mentors: dict[UUID, list[str]] = {}
    for entry in entries.values():
        side = mentors if isinstance(entry.known, Mentor) else mentees
        side.setdefault(entry.person_id, []).append(entry.known.id)
    pairs = set(earlier_partners(list(mentees))) | {(person, person) for person in mentees if person in mentors}
    avoided = Avoidance.objects.filter(Q(person__in=list(mentees)) | Q(other__in=list(mentees)))
    for one, other in avoided.values_list("person_id", "other_id"):
        pairs |= {(one, other), (other, one)}
    return {
        (mentee, mentor) for one, other in pairs for mentee in mentees.get(one, ()) for mentor in mentors.get(other, ())
    }


def _are_same(before: Mapping[UUID, Entry], after: Mapping[UUID, Entry]) -> bool:
    """Tell whether nobody has come, gone or changed: whoever has not changed is the same object."""
    return len(before) == len(after) and all(before.get(key) is entry for key, entry in after.items())


def _look_alike(before: Mapping[UUID, Entry], after: Mapping[UUID, Entry]) -> bool:
    """Tell whether the same people have changed in nothing but places, rest and waiting, as by most writes."""
    if len(before) != len(after):
        return False
    for key, entry in after.items():
        former = before.get(key)
        if former is entry:
            continue
        if former is None or _without_state(former.known) != _without_state(entry.known):
            return False
    return True


def _without_state(known: Mentor | Mentee) -> Mentor | Mentee:
    if isinstance(known, Mentor):
        return replace(known, capacity=1, active_pairs=0, resting_until=None, idle_since=None)
    return replace(known, waiting_since=None)


def _build(
    version: ProgrammeVersion, today: date, entries: Mapping[UUID, Entry], features: Features | None = None
) -> Bank:
    mentees = [entry.known for entry in entries.values() if isinstance(entry.known, Mentee)]
    mentors = [entry.known for entry in entries.values() if isinstance(entry.known, Mentor)]
    problem = build_problem(
        mentees=mentees,
        mentors=mentors,
        today=today,
        policy=policy_of(version),
        earlier=_conflicts(entries),
        features=features,
    )
    read = {entry.known.id: entry for entry in entries.values()}
    return Bank(
        version=version,
        today=today,
        problem=problem,
        people=People(problem, mentees, mentors),
        rows={key: row for row, key in enumerate(problem.mentee_ids)},
        columns={key: column for column, key in enumerate(problem.mentor_ids)},
        unbriefed=np.array([not read[key].is_briefed for key in problem.mentor_ids], dtype=np.bool_),
        names=tuple(read[key].name for key in problem.mentor_ids),
    )
