"""The file of pairs: running and closed partnerships between people of this import, or of earlier ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mentornet.imports.findings import Findings, Said, from_remark, sentence
from mentornet.imports.planned import Place, PlannedPair
from mentornet.imports.rows import Frame
from mentornet.partnerships.enums import ClosingReason
from mentornet.people.enums import Role
from reference.columns import Subject
from reference.tables import CheckedTable
from reference.vocabulary import folded

LONGEST_REASON: Final = 200

# What lists write for the reasons that the product knows. Whole cells only: "no time to reach the goal" is neither.
_REASONS: Final[Mapping[str, ClosingReason]] = {
    word: reason
    for reason, words in {
        ClosingReason.GOAL: ("goal", "goal reached", "goal achieved", "mål", "målet er nået", "mål nået", "got a job"),
        ClosingReason.AGREED: (
            "agreed",
            "ended as agreed",
            "agreed end",
            "aftalt",
            "som aftalt",
            "sluttede som aftalt",
        ),
        ClosingReason.MOVED: ("moved", "moved away", "flyttet", "flyttede"),
        ClosingReason.TIME: ("time", "no time", "lack of time", "tid", "mangel på tid", "ikke tid", "ingen tid"),
        ClosingReason.NO_CONTACT: ("no contact", "lost contact", "ingen kontakt", "mistet kontakten"),
        ClosingReason.MISMATCH: ("mismatch", "did not fit", "no match", "passede ikke sammen", "passede ikke"),
        ClosingReason.SAFETY: ("safety", "sikkerhed"),
        ClosingReason.OTHER: ("other", "another reason", "andet", "en anden grund"),
    }.items()
    for word in words
}


@dataclass(frozen=True, slots=True)
class Target:
    """Whom an id means; no place when her application is decided on elsewhere, or she is left out."""

    person_id: UUID
    place: Place | None
    is_left_out: bool = False


def closing_reason(written: str | None) -> ClosingReason:
    """Return the reason that a cell names; *not known* when it is in other words, which are kept beside."""
    return _REASONS.get(folded(written or ""), ClosingReason.UNKNOWN)


class PairTaker:
    """Takes the rows of the file of pairs."""

    def __init__(
        self,
        table: CheckedTable,
        targets: Mapping[tuple[Role, str], Target],
        standing: frozenset[tuple[UUID, UUID, date | None]],
        frame: Frame,
        findings: Findings,
        *,
        numbered: Mapping[Subject, str],
    ) -> None:
        """Get ready; ``numbered`` are the files of this import whose rows have no ids, by what they are about."""
        self._table = table
        self._targets = targets
        self._standing = standing
        self._frame = frame
        self._findings = findings
        self._numbered = numbered
        self._running_row: dict[UUID, int] = {}

    def take(self) -> list[PlannedPair]:
        """Return the pairs, counted at the places of both."""
        self._findings.faults += map(from_remark, self._table.faults)
        self._findings.notices += map(from_remark, self._table.notices)
        return [pair for row, values in self._table.rows if (pair := self._pair(row, values)) is not None]

    def _said(self, row: int, field: str, values: Mapping[str, Any], text: Promise, **words: object) -> Said:
        value = values.get(field)
        shown = value.isoformat() if isinstance(value, date) else value
        return Said(self._table.name, row, self._table.headers.get(field), shown, sentence(text, **words))

    def _fault(self, row: int, field: str, values: Mapping[str, Any], text: Promise, **words: object) -> None:
        self._findings.faults.append(self._said(row, field, values, text, **words))

    def _notice(self, row: int, field: str, values: Mapping[str, Any], text: Promise, **words: object) -> None:
        self._findings.notices.append(self._said(row, field, values, text, **words))

    def _pair(self, row: int, values: Mapping[str, Any]) -> PlannedPair | None:
        mentee, mentor = (
            self._side(row, "mentee_id", Role.MENTEE, values),
            self._side(row, "mentor_id", Role.MENTOR, values),
        )
        self._check_days(row, values)
        if mentee is None or mentor is None:
            return None
        since, until, reason = values.get("since"), values.get("until"), values.get("reason")
        if mentee.person_id == mentor.person_id:
            self._fault(row, "mentor_id", values, _("expected two people: this is the same person twice"))
            return None
        if (mentee.enrolment_id, mentor.enrolment_id, since) in self._standing:
            self._notice(row, "mentee_id", values, _("this pair is known already; it stays as it is"))
            return None
        if reason is not None and len(reason) > LONGEST_REASON:
            self._fault(row, "reason", values, _("expected at most %(most)s signs"), most=LONGEST_REASON)
        runs = (until is None and reason is None) or (until is not None and until > self._frame.today)
        if until is not None and until > self._frame.today:
            self._notice(row, "until", values, _("this day is still to come: the pair runs, agreed until then"))
        elif until is None and reason is not None:
            self._notice(row, "reason", values, _("a reason without a day: the pair has ended, nobody knows when"))
        pair = PlannedPair(
            file=self._table.name,
            row=row,
            mentee=mentee,
            mentor=mentor,
            since=since,
            until=until,
            runs=runs,
            reason=None if runs else closing_reason(reason),
            reason_written=(reason or "")[:LONGEST_REASON],
        )
        if runs:
            self._count(row, values, pair)
        else:
            mentee.closed.append(pair)
        return pair

    def _side(self, row: int, field: str, role: Role, values: Mapping[str, Any]) -> Place | None:
        named = values.get(field)
        if named is None:
            return None
        target = self._targets.get((role, named))
        if target is None:
            subject = Subject.MENTEES if role is Role.MENTEE else Subject.MENTORS
            if (file := self._numbered.get(subject)) is not None:
                text = _(
                    "expected an id of an earlier import: the rows of %(file)s have none, only their numbers; go back"
                    " to the columns and choose the one with the ids, or take the file of pairs out"
                )
                self._fault(row, field, values, text, file=file)
                return None
            if role is Role.MENTEE:
                text = _("expected the id of a mentee: nobody in the file of mentees, or in an earlier import, has it")
            else:
                text = _("expected the id of a mentor: nobody in the file of mentors, or in an earlier import, has it")
            self._fault(row, field, values, text)
            return None
        if target.is_left_out:
            self._notice(row, field, values, _("this person is left out, and so is the pair"))
            return None
        if target.place is None:
            text = _(
                "expected somebody who can be paired here: her application is open, or she is enrolled elsewhere;"
                " decide on that first, or take the pair out of the file"
            )
            self._fault(row, field, values, text)
        return target.place

    def _check_days(self, row: int, values: Mapping[str, Any]) -> None:
        since, until = values.get("since"), values.get("until")
        if since is not None and since > self._frame.today:
            text = _("expected a day that is not after today, %(today)s")
            self._fault(row, "since", values, text, today=self._frame.today)
        if since is not None and until is not None and until < since:
            self._fault(row, "until", values, _("expected a day that is not before %(since)s"), since=since)

    def _count(self, row: int, values: Mapping[str, Any], pair: PlannedPair) -> None:
        for side in (pair.mentee, pair.mentor):
            side.running += 1
        mentee, mentor = pair.mentee, pair.mentor
        first = self._running_row.setdefault(mentee.enrolment_id, row)
        if first != row:
            text = _("expected one running pair for each mentee: hers in row %(first)s runs too; write when one ended")
            self._fault(row, "mentee_id", values, text, first=first)
        elif mentee.taken:
            text = _("expected a mentee without a mentor: she is proposed to somebody, or has a running partnership")
            self._fault(row, "mentee_id", values, text)
        elif mentee.has_left:
            self._fault(row, "mentee_id", values, _("expected somebody who takes part: she has left"))
        if mentor.has_left:
            self._fault(row, "mentor_id", values, _("expected somebody who takes part: she has left"))
        elif not mentor.is_new and mentor.taken + mentor.running > mentor.capacity:
            text = _("expected a mentor with a place left: she has %(capacity)s, and all are taken")
            self._fault(row, "mentor_id", values, text, capacity=mentor.capacity)
