"""The mentor bank as the mathematics sees it, kept in memory between requests.

A process keeps, for each programme and set of divisions that it was asked for, the people as :mod:`pairing` knows
them. Each request asks the database for three numbers: how many there are, and the sums of their stamps. Every write
draws a new stamp, so the sums change with any of them; only the people whose stamps have changed are then read
again. Nothing here is ever out of date for longer than a request, and nothing has to be told to other processes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import numpy as np
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from mentornet.common.kept import Kept
from mentornet.common.ordering import folded
from mentornet.common.reach import kept_as, shown
from mentornet.divisions.models import Division
from mentornet.intake.models import UNTIL_SHE_SAYS, Enrolment
from mentornet.intake.queries import sums_of_stamps
from mentornet.intake.stamps import read_changed, spoken_by
from mentornet.matching.enums import LoanState
from mentornet.matching.models import Loan
from mentornet.matching.policy import policy_of
from mentornet.partnerships.queries import earlier_partners
from mentornet.people.enums import ObjectionPurpose, Role
from mentornet.people.facts import ONLY, SHARED, read_facts
from mentornet.people.models import Avoidance
from mentornet.people.own_answers import answers_of
from mentornet.people.queries import in_use, not_objecting
from mentornet.programmes.models import ProgrammeVersion
from pairing.explain import People
from pairing.features import Bool, Features
from pairing.problem import PairingProblem, build_problem
from reference.cefr import Level
from reference.customs import Custom
from reference.people import Answer, Mentee, Mentor

if TYPE_CHECKING:
    from mentornet.matching.outlook import Outlook
    from mentornet.matching.whynot import Settled, WhyNot

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
        lent_to: the mentees of other divisions for whom a place of this mentor's is kept.
    """

    person_id: UUID
    stamps: tuple[int, int]
    known: Mentor | Mentee
    is_briefed: bool
    name: str
    lent_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What has been reckoned from one bank so far.

    Attributes:
        outlooks, fits: by mentee (:mod:`mentornet.matching.outlook`).
        wholes: by who waits (:mod:`mentornet.matching.whole`).
        settled: the best set for all who wait, once it has been asked for.
        whys: by enrolment, of either side (:mod:`mentornet.matching.whynot`).
        beside: with the places that other divisions keep, by their marks (:mod:`mentornet.matching.bank_lent`); one.
    """

    outlooks: dict[UUID, Outlook] = field(default_factory=dict)
    fits: dict[UUID, bool] = field(default_factory=dict)
    wholes: dict[tuple[str, ...], PairingProblem] = field(default_factory=dict)
    settled: list[Settled] = field(default_factory=list)
    whys: dict[UUID, WhyNot] = field(default_factory=dict)
    beside: dict[tuple[str, ...], Bank] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bank:
    """Everybody enrolled in a programme who has no partner yet, or could have more, on one day.

    Attributes:
        problem: rows are mentees, columns are mentors, in ascending order of enrolment id.
        unbriefed: bool (m,), mentors who are still to be briefed.
        names: of the mentors, in one case, for searching.
        lent: by mentee, the mentors of whom a place is kept for her alone: it is counted as taken.
        kept_for: by column of a place that another division keeps, the one mentee for whom it does
            (:mod:`mentornet.matching.bank_lent`); none in a bank as it is read.
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
    lent: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    kept_for: Mapping[int, str] = field(default_factory=dict)
    reckoned: Reckoned = field(default_factory=Reckoned, init=False, repr=False, compare=False)


def enrolment_of(key: str) -> UUID:
    """Return the enrolment that an id of the mathematics stands for: its own, or that of a place lent to one mentee."""
    return UUID(key.rpartition(":")[2])


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


def answered_to(bank: Bank, version: ProgrammeVersion, divisions: Collection[UUID]) -> Bank:
    """Return the same people with their answers to another version's own questions: one query, if it asks others."""
    if _asks(version) <= _asks(bank.version):
        return bank
    mentors, mentees = _mentors_and_mentees(version.programme_id, divisions)
    answered = dict((mentors | mentees).exclude(profile__answers={}).values_list("pk", "profile__answers"))
    customs = version.own

    def asked(known: Mentor | Mentee) -> tuple[tuple[str, Answer], ...]:
        return answers_of(answered.get(UUID(known.id)) or {}, customs)

    people = People(
        bank.problem,
        [replace(mentee, answers=asked(mentee)) for mentee in bank.people.mentees],
        [replace(mentor, answers=asked(mentor)) for mentor in bank.people.mentors],
    )
    return replace(bank, people=people)


def bank_of_two(*, version: ProgrammeVersion, mentee_id: UUID, mentor_id: UUID, today: date) -> Bank | None:
    """Return a bank of two alone, whom somebody has chosen by hand since one of them objects to being ranked.

    The rules are asked as ever, and nobody is put in an order. ``None`` where one of the two is not to be had.
    """
    wanted = Q(pk=mentee_id, role=Role.MENTEE, active=0) | Q(pk=mentor_id, role=Role.MENTOR)
    both = Enrolment.objects.filter(wanted, in_use("person"), programme_id=version.programme_id, ended_on__isnull=True)
    # A place that is kept for this very mentee is hers.
    entries = read_changed(both, {}, _reading(version, hers=mentee_id))
    return _build(version, today, entries) if len(entries) == len({mentee_id, mentor_id}) else None


def _refreshed(
    kept: tuple[_Digest, _Known] | None,
    digest: _Digest,
    version: ProgrammeVersion,
    today: date,
    enrolments: QuerySet[Enrolment],
) -> _Known:
    read = _reading(version)
    if kept is None or kept[0][_NAMES] != digest[_NAMES] or _asks(kept[1].bank.version) != _asks(version):
        entries = read_changed(enrolments, {}, read)
        return _Known(entries, _build(version, today, entries))
    before = kept[1]
    entries = read_changed(enrolments, before.entries, read)
    if kept[0][:_NAMES] == digest[:_NAMES] and _are_same(before.entries, entries):
        # It was the profile of somebody who is not in this bank.
        return _Known(entries, before.bank)
    known = before.bank.problem.features if _look_alike(before.entries, entries) else None
    return _Known(entries, _build(version, today, entries, known))


def forget() -> None:
    """Forget everything that is kept in memory: for tests and measurements."""
    _kept.forget()


def _asks(version: ProgrammeVersion) -> set[str]:
    """Return the keys of a programme's own questions: no other answers are read."""
    return {str(custom["key"]) for custom in version.customs}


def _reading(
    version: ProgrammeVersion, *, hers: UUID | None = None
) -> Callable[[QuerySet[Enrolment]], Iterable[tuple[UUID, Entry]]]:
    """Return what reads people with their answers to this version's own questions; without any, none are fetched.

    Places that are kept for the mentee ``hers`` count as free.
    """
    customs = version.own
    fetched = (*_ENROLMENT, *_DATES, *_PLACE, *_PROFILE, *(("profile__answers",) if customs else ()))
    kept = Loan.objects.filter(mentor=OuterRef("pk"), state=LoanState.RELEASED).exclude(mentee=hers)
    counted = Subquery(kept.order_by().values("mentor").annotate(count=Count("pk")).values("count"))

    def read(enrolments: QuerySet[Enrolment]) -> Iterable[tuple[UUID, Entry]]:
        rows = list(enrolments.annotate(lent=counted).values(*fetched, "lent"))
        spoken = spoken_by([row["person_id"] for row in rows])
        lent = _lent_to([row["pk"] for row in rows if row["lent"]])
        for row in rows:
            yield row["pk"], _entry(row, spoken.get(row["person_id"]), customs, lent.get(row["pk"], ()))

    return read


def _lent_to(mentors: Collection[UUID]) -> dict[UUID, tuple[str, ...]]:
    """Return for whom a place is kept of each of these mentors; no query for none."""
    found: dict[UUID, tuple[str, ...]] = {}
    loans = Loan.objects.filter(state=LoanState.RELEASED, mentor__in=mentors).order_by("pk") if mentors else ()
    for loan in loans:
        found[loan.mentor_id] = (*found.get(loan.mentor_id, ()), str(loan.mentee_id))
    return found


def read_people(version: ProgrammeVersion, enrolments: QuerySet[Enrolment]) -> dict[UUID, Entry]:
    """Return people as the mathematics knows them, whoever they are: also those who have left, or have a partner."""
    return dict(_reading(version)(enrolments))


def _entry(
    row: Mapping[str, Any],
    spoken: list[tuple[str, str]] | None,
    customs: Collection[Custom],
    lent_to: tuple[str, ...],
) -> Entry:
    facts = {name: row[f"profile__{name}"] for name in SHARED} | {"languages": spoken}
    shared = read_facts(facts) | {
        "id": str(row["pk"]),
        "division": row["division__name"],
        "postcode": row["person__postcode"] or None,
        "name": row["person__first_name"],
        "answers": answers_of(row["profile__answers"] or {}, customs) if customs else (),
    }
    known: Mentor | Mentee
    if row["role"] == Role.MENTOR:
        least = row["profile__min_danish"]
        known = Mentor(
            **shared,
            capacity=row["capacity"],
            # A place held by a proposal is as gone as one that is taken, and so is one kept for another division.
            active_pairs=row["active"] + row["promised"] + (row["lent"] or 0),
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
        lent_to=lent_to,
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
        lent=_lent(read),
    )


def _lent(entries: Mapping[str, Entry]) -> dict[str, tuple[str, ...]]:
    """Return by mentee the mentors of whom a place is kept for her."""
    found: dict[str, tuple[str, ...]] = {}
    for key, entry in entries.items():
        for mentee in entry.lent_to:
            found[mentee] = (*found.get(mentee, ()), key)
    return found
