"""Looking through the banks of other divisions for one mentee, without seeing anybody.

What is shown is never said of one mentor, but of at least five alike (:mod:`mentornet.matching.alike`): the field of
their work, languages, times, topics, and the division where so many of one are alike. Of each group it is told once how
well the best of them would fit, in few steps and by nothing but what is said of her. The groups do not depend on whom
they are looked through for, and choosing among them asks nothing that they do not say: so neither another mentee nor
another choice comes nearer to anybody.

Who is protected, rests, or is introduced to nobody is in no group. Who must not meet the mentee stands in hers, as she
does for everybody, and is not the one who is found: like somebody with other times.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, F, Q
from django.utils.crypto import salted_hmac

from mentornet.common.reach import Reach, shown
from mentornet.common.row_scope import beyond_division
from mentornet.divisions.models import Division
from mentornet.divisions.queries import open_divisions
from mentornet.divisions.staff import Staff
from mentornet.intake.agreeing import not_taken_back
from mentornet.intake.bank_reading import time_of
from mentornet.intake.bank_search import TIMES
from mentornet.intake.enums import ConsentPurpose
from mentornet.intake.models import Enrolment
from mentornet.intake.queries import in_the_bank
from mentornet.matching.alike import Alike, alike
from mentornet.matching.bank import Bank, bank_of
from mentornet.matching.enums import OPEN_LOANS, LoanState
from mentornet.matching.models import Loan
from mentornet.matching.ranking import Candidate, Ranking, rank_for
from mentornet.people.enums import ObjectionPurpose
from mentornet.people.facts import CODES
from mentornet.people.queries import not_objecting
from mentornet.programmes.queries import current_version
from pairing.terms import UNITS, Criterion
from reference import isco
from reference.people import Mentor
from reference.topics import Topic

STEPS: Final = 4
"""In how many steps it is told how well somebody fits."""
TOTAL: Final = "total"
TOLD: Final = (Criterion.OCCUPATION, Criterion.TOPICS, Criterion.LANGUAGE, Criterion.TIME)
"""The criteria that rest on what is said; the others would tell more of her than that."""
UNSAID: Final = frozenset({"da"})
"""Languages that are not said: all speak them."""
_FIELD, _LANGUAGE, _DIVISION, _TIME, _TOPIC = "field", "language", "division", "time", "topic"
_SALT: Final = "mentornet.matching.lending"
_COLUMNS: Final = ("pk", "division_id")


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of at least five alike, and how well the best of them would fit.

    Attributes:
        division_id: empty where fewer than five of one division are alike.
        field: the first digit of ISCO-08; empty where it is not said.
        fit: by criterion, and for :data:`TOTAL`: 0 to :data:`STEPS`; what is not known is missing.
    """

    division_id: UUID | None
    field: str
    languages: tuple[str, ...]
    times: tuple[str, ...]
    topics: tuple[str, ...]
    fit: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Offered:
    """One line of the search.

    Attributes:
        handle: stands for who is meant as long as it is she; tells nothing, and is another one for another mentee.
    """

    handle: str
    told: Told


@dataclass(frozen=True, slots=True)
class Found:
    """Who is behind a line: for the services alone, never for a page."""

    offered: Offered
    mentor_id: UUID


def others_of(by: Staff) -> list[Division]:
    """Return the open divisions in which somebody does not work."""
    return list(open_divisions(by.today).exclude(pk__in=by.casework))


def offered_to(by: Staff, mentee: Enrolment) -> list[Offered] | None:
    """Return what other divisions' banks hold for a mentee, the best first; ``None`` where she can be ranked nowhere.

    The number of queries is fixed.
    """
    found = found_for(by, mentee)
    return None if found is None else [one.offered for one in found]


def behind(by: Staff, mentee: Enrolment, handle: str) -> Found | None:
    """Return who is behind a line that somebody was shown; ``None`` when it is another one by now."""
    return next((one for one in found_for(by, mentee) or () if one.offered.handle == handle), None)


@beyond_division(reason="other divisions' mentors are looked through, and told of as five alike at least")
def found_for(by: Staff, mentee: Enrolment) -> list[Found] | None:
    """Return the same with who is behind each: what a page shows is what :func:`offered_to` returns."""
    version = current_version(mentee.programme_id)
    # Everybody's bank, as whoever works in all divisions has it: read once for all who look.
    everywhere = frozenset(Division.objects.values_list("pk", flat=True))
    reach = Reach(everywhere, by.hidden) if by.hidden else everywhere
    bank = bank_of(version=version, divisions=reach, today=by.today)
    ranking = rank_for(bank, mentee.pk)
    if ranking is None:
        return None
    lendable = _lendable(by, mentee, reach)
    ids = sorted(key for key in lendable if str(key) in bank.columns)
    asked = _asked_for(mentee)
    found = []
    for group in groups_of(bank, ids, lendable):
        members = [ids[row] for row in group.rows.tolist()]
        best = _best(ranking, [one for one in members if one not in asked])
        if best is not None:
            told = _told(group, _fit(best))
            found.append(Found(Offered(_handle(mentee.pk, best.enrolment_id), told), best.enrolment_id))
    # Among equals no order that would tell more than is said.
    return sorted(found, key=lambda one: (-one.offered.told.fit[TOTAL], one.offered.handle))


def _lendable(by: Staff, mentee: Enrolment, reach: Collection[UUID]) -> dict[UUID, UUID]:
    """Return the mentors of other divisions who could be lent to anybody, with their divisions. One query."""
    released = Count("loans_as_mentor", filter=Q(loans_as_mentor__state=LoanState.RELEASED))
    rows = (
        Enrolment.objects.filter(in_the_bank(by.today), shown(reach, "person"), programme_id=mentee.programme_id)
        .filter(
            not_taken_back("person_id", ConsentPurpose.INTRODUCTION),
            not_objecting("person", ObjectionPurpose.RANKING),
            person__is_protected=False,
            division__in=[one.pk for one in others_of(by)],
        )
        .annotate(released=released)
        # A place that is lent out already cannot be lent again.
        .filter(capacity__gt=F("promised") + F("active") + F("released"))
        .order_by()
    )
    return dict(rows.values_list(*_COLUMNS))


def _asked_for(mentee: Enrolment) -> set[UUID]:
    return set(Loan.objects.filter(mentee=mentee, state__in=OPEN_LOANS).values_list("mentor_id", flat=True))


def groups_of(bank: Bank, ids: Sequence[UUID], divisions: Mapping[UUID, UUID]) -> list[Alike]:
    """Return some mentors of a bank in groups of at least five who are alike in what is said of them."""
    mentors = bank.people.mentors
    holds = [statements_of(mentors[bank.columns[str(one)]], divisions[one]) for one in ids]
    return alike(holds, _statements(holds))


def statements_of(mentor: Mentor, division_id: UUID) -> frozenset[str]:
    """Return all that could be said of a mentor to another division."""
    said = {f"{_DIVISION}:{division_id}"}
    if mentor.occupation:
        said.add(f"{_FIELD}:{mentor.occupation[0]}")
    said |= {f"{_LANGUAGE}:{skill.code}" for skill in mentor.languages or () if skill.code not in UNSAID}
    said |= {f"{_TIME}:{time_of(CODES[slot])}" for slot in mentor.availability or ()}
    said |= {f"{_TOPIC}:{topic.value}" for topic in mentor.topics or ()}
    return frozenset(said)


def _statements(holds: Sequence[Collection[str]]) -> list[str]:
    """Return what may be said, what helps most to choose first: field, languages, division, times, topics."""
    known = {one for said in holds for one in said}
    languages = sorted(one for one in known if one.startswith(f"{_LANGUAGE}:"))
    languages.sort(key=lambda one: -sum(one in said for said in holds))
    return [
        *(f"{_FIELD}:{group.code}" for group in isco.groups(1)),
        *languages,
        *sorted(one for one in known if one.startswith(f"{_DIVISION}:")),
        *(f"{_TIME}:{time}" for time in TIMES),
        *(f"{_TOPIC}:{topic.value}" for topic in Topic),
    ]


def _best(ranking: Ranking, members: Sequence[UUID]) -> Candidate | None:
    """Return who of some mentors fits best, of those whom no rule keeps away and who reach the floor."""
    bank = ranking.bank
    columns = [bank.columns[str(one)] for one in members]
    scores = ranking.judged.scores
    able = [at for at in columns if ranking.stands[at] and scores[at] >= bank.problem.policy.floor]
    if not able:
        return None
    return ranking.candidates([max(able, key=lambda at: (int(scores[at]), -at))])[0]


def _fit(candidate: Candidate) -> dict[str, int]:
    """Return how well somebody fits, in steps, by what is said of her alone."""
    fit = {TOTAL: _step(candidate.score / UNITS)}
    for bar in candidate.bars:
        if bar.name in TOLD and bar.most and bar.value is not None:
            fit[bar.name] = _step(bar.value)
    return fit


def _step(value: float) -> int:
    return min(STEPS, int(value * STEPS + 0.5))


def _told(group: Alike, fit: Mapping[str, int]) -> Told:
    said: dict[str, list[str]] = {}
    for one in group.said:
        kind, _sep, value = one.partition(":")
        said.setdefault(kind, []).append(value)
    division = said.get(_DIVISION)
    return Told(
        division_id=UUID(division[0]) if division else None,
        field=said.get(_FIELD, [""])[0],
        languages=tuple(said.get(_LANGUAGE, ())),
        times=tuple(said.get(_TIME, ())),
        topics=tuple(said.get(_TOPIC, ())),
        fit=fit,
    )


def _handle(mentee_id: UUID, mentor_id: UUID) -> str:
    return salted_hmac(_SALT, f"{mentee_id}:{mentor_id}", algorithm="sha256").hexdigest()[:24]


# What a loan keeps of it ----------------------------------------------------------------------------------------------


def kept(told: Told) -> dict[str, Any]:
    """Return what was seen as a loan keeps it."""
    return {
        "division": str(told.division_id or ""),
        "field": told.field,
        "languages": list(told.languages),
        "times": list(told.times),
        "topics": list(told.topics),
        "fit": dict(told.fit),
    }


def read(seen: Mapping[str, Any]) -> Told | None:
    """Return what a loan has kept; ``None`` once one of the two has been erased."""
    if not seen:
        return None
    return Told(
        division_id=UUID(seen["division"]) if seen["division"] else None,
        field=seen["field"],
        languages=tuple(seen["languages"]),
        times=tuple(seen["times"]),
        topics=tuple(seen["topics"]),
        fit=dict(seen["fit"]),
    )
