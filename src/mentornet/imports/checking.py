"""The lists of one import against each other and against what is known: places, pairs, who must not meet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from mentornet.imports.enums import NEW, OUT, SAME
from mentornet.imports.findings import Findings, Said, in_order, sentence
from mentornet.imports.likeness import Likeness, may_be_same, same
from mentornet.imports.pairing_up import PairTaker, Target
from mentornet.imports.planned import Place, Plan, PlannedPerson
from mentornet.imports.rows import MOST_PLACES, Frame, RowTaker
from mentornet.partnerships.enums import ClosingReason
from mentornet.people.enums import Role
from reference.columns import Subject
from reference.lists import SEPARATOR
from reference.tables import CheckedTable

_FIRST: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known already, of this division alone.

    Attributes:
        sealed: what would tell protected people, who are found by nobody.
        enrolled: running enrolments in the programme of people who may come again, by person and role.
        applying: those with an open application, as person and role.
        pairs: partnerships that stand, as mentee's and mentor's enrolment and first day.
    """

    people: list[Mapping[str, Any]]
    references: list[Mapping[str, Any]]
    sealed: list[Mapping[str, Any]]
    enrolled: Mapping[tuple[UUID, str], Mapping[str, Any]]
    applying: frozenset[tuple[UUID, str]]
    pairs: frozenset[tuple[UUID, UUID, date | None]]
    division_id: UUID


class Planner:
    """Works out what an import would write, and all that is wrong.

    Attributes:
        sealed: rows that may be somebody protected, with her key; kept nowhere.
    """

    def __init__(self, tables: Mapping[Subject, CheckedTable], frame: Frame, known: Known) -> None:
        self._tables = tables
        self._frame = frame
        self._known = known
        self._likeness = Likeness(known.people, known.references, known.sealed)
        self._targets: dict[tuple[Role, str], Target] = {}
        self._places: dict[UUID, Place] = {}
        self._taken: dict[tuple[UUID, str], PlannedPerson] = {}
        self.findings = Findings()
        self.plan = Plan()
        self.undecided: list[str] = []
        self.sealed: list[tuple[PlannedPerson, UUID]] = []
        self._written = {(subject, row): values for subject, table in tables.items() for row, values in table.rows}

    def work_out(self, choices: Mapping[str, str]) -> None:
        """Fill plan and findings; ``choices`` are those about likely duplicates, by row."""
        people: list[PlannedPerson] = []
        for subject in (Subject.MENTORS, Subject.MENTEES):
            if subject in self._tables:
                people += RowTaker(self._tables[subject], self._frame, self.findings).take()
        self._meet_the_known()
        by_key = {planned.key: planned for planned in people}
        for planned in people:
            self._decide(planned, choices, by_key)
        self._give_places()
        if Subject.PAIRS in self._tables:
            taker = PairTaker(
                self._tables[Subject.PAIRS],
                self._targets,
                self._known.pairs,
                self._frame,
                self.findings,
                numbered={subject: table.name for subject, table in self._tables.items() if table.is_numbered},
            )
            self.plan.pairs = taker.take()
        self._count_places()
        self._keep_apart()
        names = [table.name for table in self._tables.values()]
        self.findings.faults = in_order(self.findings.faults, names)
        self.findings.notices = in_order(self.findings.notices, names)
        self._tell_numbers()

    def _fault(self, planned: PlannedPerson, field: str, value: object, texts: tuple[str, ...]) -> None:
        self.findings.faults.append(self._said(planned, field, value, texts))

    def _said(self, planned: PlannedPerson, field: str, value: object, texts: tuple[str, ...]) -> Said:
        header = self._tables[Subject(planned.subject)].headers.get(field)
        return Said(planned.file, planned.row, header, None if value is None else str(value), texts)

    # Who is who ---------------------------------------------------------------------------------------------------

    def _meet_the_known(self) -> None:
        for row in self._known.references:
            place = self._existing(row)
            self._targets[place.role, row["application__reference"]] = Target(row["person_id"], place)

    def _refer_to(self, planned: PlannedPerson, target: Target) -> None:
        """Let an id of the list mean somebody; a row without one cannot be referred to."""
        if planned.reference:
            self._targets[planned.role, planned.reference] = target

    def _decide(self, planned: PlannedPerson, choices: Mapping[str, str], by_key: Mapping[str, PlannedPerson]) -> None:
        if (protected := self._likeness.sealed_as(planned)) is not None:
            # Taken as anybody new: whatever else were said would tell whoever has the list that she is here. Somebody
            # who may know sees to it once it is written.
            self.sealed.append((planned, protected))
        matches = self._likeness.matches(planned)
        choice = NEW
        if matches:
            self.findings.duplicates.append(self._likeness.stored(planned, matches))
            possible = {NEW, OUT, *(same(match) for match in matches if may_be_same(planned.subject, match))}
            if choices.get(planned.key) in possible:
                choice = choices[planned.key]
            else:
                self.undecided.append(planned.key)
        if choice == OUT:
            self._refer_to(planned, Target(planned.person_id, None, is_left_out=True))
            return
        if choice.startswith(SAME):
            match = choice.removeprefix(SAME)
            if person_id := self._likeness.is_known(match):
                planned.person_id, planned.is_new, planned.is_known = person_id, False, True
            elif (other := by_key.get(match.removeprefix("row:"))) in self.plan.people and other is not None:
                planned.person_id, planned.is_new, planned.is_known = other.person_id, False, other.is_known
        first = self._taken.setdefault((planned.person_id, planned.role), planned)
        if first is not planned:
            text = _("this row and row %(row)s were both taken for the same person: choose again for one of them")
            self._fault(planned, "id", planned.reference or None, sentence(text, row=first.row))
        self.plan.people.append(planned)

    # Places -------------------------------------------------------------------------------------------------------

    def _give_places(self) -> None:
        for planned in self.plan.people:
            values = self._written[Subject(planned.subject), planned.row]
            capacity = self._capacity(planned, values)
            enrolled = self._known.enrolled.get((planned.person_id, planned.role))
            if enrolled is not None:
                planned.makes_place = False
                if enrolled["division_id"] == self._known.division_id:
                    planned.place = self._existing(enrolled)
            elif (planned.person_id, planned.role) in self._known.applying:
                planned.makes_place = False
            else:
                planned.place = Place(
                    enrolment_id=planned.enrolment_id,
                    person_id=planned.person_id,
                    role=planned.role,
                    capacity=capacity,
                )
            self._refer_to(planned, Target(planned.person_id, planned.place))

    def _existing(self, row: Mapping[str, Any]) -> Place:
        """Return the place of an enrolment that stands: one, by whatever id the lists call her."""
        return self._places.setdefault(row["pk"], _existing(row))

    def _capacity(self, planned: PlannedPerson, values: Mapping[str, Any]) -> int:
        """Return a mentor's places, less those taken by pairs that no file names."""
        if planned.role is Role.MENTEE:
            return 1
        capacity, active = values.get("capacity"), values.get("active_pairs")
        capacity = 1 if capacity is None else capacity
        if capacity > MOST_PLACES:
            self._fault(planned, "capacity", capacity, sentence(_("expected at most %(most)s"), most=MOST_PLACES))
            return MOST_PLACES
        if active is None or Subject.PAIRS in self._tables:
            return int(capacity)
        if active > capacity:
            text = _("expected at most her capacity, %(capacity)s: a mentor cannot have more pairs than places")
            self._fault(planned, "active_pairs", active, sentence(text, capacity=capacity))
        elif active:
            planned.held_outside = active
            text = _(
                "without a file of pairs, these partnerships do not come along: their places are kept, so that"
                " %(left)s of %(capacity)s can be given; raise the capacity when a pair ends"
            )
            texts = sentence(text, left=capacity - active, capacity=capacity)
            self.findings.notices.append(self._said(planned, "active_pairs", active, texts))
        return int(max(0, capacity - active))

    def _count_places(self) -> None:
        for planned in self.plan.people:
            place = planned.place
            if place is None or not planned.makes_place:
                continue
            if planned.role is Role.MENTOR:
                self._count_mentor(planned, place)
            elif place.closed and not place.running and not planned.waits_openly:
                last = max(place.closed, key=lambda pair: pair.until or date.min)
                goals = {ClosingReason.GOAL, ClosingReason.AGREED}
                planned.ended = (last.until or self._frame.today, "done" if last.reason in goals else "other")
                text = _("her pairs have ended and she does not wait: she is kept as somebody who has left")
                self.findings.notices.append(self._said(planned, "waiting_since", None, sentence(text)))

    def _count_mentor(self, planned: PlannedPerson, place: Place) -> None:
        if place.running > place.capacity:
            text = _("expected at least %(running)s: so many of her pairs run, says the file of pairs")
            self._fault(planned, "capacity", place.capacity, sentence(text, running=place.running))
        if Subject.PAIRS not in self._tables:
            return
        told = self._written[Subject.MENTORS, planned.row].get("active_pairs")
        if told is not None and told != place.running:
            text = _("the file of pairs names %(running)s: that is what counts")
            texts = sentence(text, running=place.running)
            self.findings.notices.append(self._said(planned, "active_pairs", told, texts))

    # Who must not meet --------------------------------------------------------------------------------------------

    def _keep_apart(self) -> None:
        found: dict[tuple[UUID, UUID], None] = {}
        for planned in self.plan.people:
            other_role = Role.MENTEE if planned.role is Role.MENTOR else Role.MENTOR
            unknown = []
            for named in planned.avoids:
                target = self._targets.get((other_role, named))
                if target is None:
                    unknown.append(named)
                elif not target.is_left_out and target.person_id != planned.person_id:
                    found[planned.person_id, target.person_id] = None
            if unknown:
                text = _("nobody in the other file, or in an earlier import, has this id: it keeps nobody apart")
                value = f"{SEPARATOR} ".join(unknown)
                self.findings.notices.append(self._said(planned, "must_not_meet", value, sentence(text)))
        self.plan.avoidances = list(found)

    def _tell_numbers(self) -> None:
        people = self.plan.people
        mentees = [planned for planned in people if planned.role is Role.MENTEE]
        waiting = [
            planned
            for planned in mentees
            if planned.makes_place and planned.place is not None and not planned.place.running and not planned.ended
        ]
        running = sum(pair.runs for pair in self.plan.pairs)
        self.findings.counts = {
            "mentors": len(people) - len(mentees),
            "mentees": len(mentees),
            "waiting": len(waiting),
            "pairs": len(self.plan.pairs),
            "running": running,
            "closed": len(self.plan.pairs) - running,
            "known": sum(not planned.is_new for planned in people),
            "duplicates": len(self.findings.duplicates),
            "faults": len(self.findings.faults),
        }
        for subject in ("mentors", "mentees"):
            first = [planned for planned in people if planned.subject == subject][:_FIRST]
            if first:
                self.findings.first[subject] = [_shown(planned) for planned in first]


def _existing(row: Mapping[str, Any]) -> Place:
    return Place(
        enrolment_id=row["pk"],
        person_id=row["person_id"],
        role=Role(row["role"]),
        capacity=row["capacity"],
        taken=row["promised"] + row["active"],
        is_new=False,
        has_left=row["ended_on"] is not None,
    )


def _shown(planned: PlannedPerson) -> dict[str, Any]:
    def day(value: date | None) -> str | None:
        return None if value is None else value.isoformat()

    return {
        "row": planned.row,
        "reference": planned.reference,
        "name": planned.name,
        "first_name": planned.person.get("first_name", ""),
        "last_name": planned.person.get("last_name", ""),
        "postcode": planned.person.get("postcode", ""),
        "occupation": planned.profile.get("occupation", ""),
        "languages": planned.languages or [],
        "topics": list(planned.profile.get("topics") or ()),
        "capacity": planned.place.capacity if planned.place else None,
        "running": planned.place.running if planned.place else 0,
        "since": day(planned.since),
        "briefed_on": day(planned.briefed_on),
        "resting_until": day(planned.resting_until),
    }
