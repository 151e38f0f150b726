"""Mentors between divisions: one released to another division, one who is asked for, and one who is not lent."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final
from uuid import UUID

from mentornet.agenda.models import Kind, Task
from mentornet.audit.models import Entry
from mentornet.audit.models import Kind as EntryKind
from mentornet.demo.world import Coworker, Office, World
from mentornet.divisions.queries import staff_member
from mentornet.intake.models import Enrolment
from mentornet.intake.queries import waiting_mentees
from mentornet.matching.enums import LoanState
from mentornet.matching.lending import STEPS, TOTAL, Found, Told, found_for, kept
from mentornet.matching.loan_rules import ANSWER_WITHIN
from mentornet.matching.models import Loan, Proposal

MOST_LOOKED_FOR: Final = 30
"""Of how many who wait in a division somebody is looked for elsewhere."""
LENT_FOR: Final = 21
ASKED_BEFORE: Final = timedelta(hours=9)
ANSWERED_AFTER: Final = timedelta(hours=4)
"""So long before she was proposed somebody of another division was asked for, and released so long after that."""
REASON: Final = "Hun har ventet længe, og vores egen bank har ingen med det fag. Hun kan mødes om aftenen."
RELEASED_WITH: Final = "Hun siger gerne ja. Ring til hende efter klokken 16."
NOT_RELEASED: Final = "Hun flytter til foråret og vil helst ikke begynde på noget nyt nu."
_WAYS: Final = ((LoanState.RELEASED, 6), (LoanState.ASKED, 3), (LoanState.DECLINED, 9))
"""What has become of each, and how many days ago it was asked."""


class Lending:
    """Lets divisions ask one another for mentors."""

    def __init__(self, world: World) -> None:
        self.world = world.aside("lending")
        self.taken: set[UUID] = set()

    def lend(self) -> None:
        """Ask from one division after the other, until there is one loan of each way; some have led to a pair."""
        self._tell_used()
        ways = list(_WAYS)
        for office in self.world.offices:
            if not ways:
                return
            here = self._at_work(office)
            if here is not None and self._ask(office, here, *ways[0]):
                ways.pop(0)

    def _at_work(self, office: Office) -> Coworker | None:
        return next((one for one in office.staff if one.works_on(self.world.today) and not one.is_guest), None)

    def _ask(self, office: Office, by: Coworker, state: LoanState, days: int) -> bool:
        staff = staff_member(by.user, self.world.at(self.world.today))
        for mentee in waiting_mentees([office.division.pk])[:MOST_LOOKED_FOR]:
            if mentee.person.is_protected:
                continue
            found = [one for one in found_for(staff, mentee) or () if one.mentor_id not in self.taken]
            if found:
                best = max(found, key=lambda one: (one.offered.told.fit[TOTAL], str(one.mentor_id)))
                self._write(by, mentee, best, state, self.world.ago(days))
                return True
        return False

    def _write(self, by: Coworker, mentee: Enrolment, found: Found, state: LoanState, on: date) -> None:
        world = self.world
        mentor = Enrolment.objects.select_related("person", "division", "coordinator").get(pk=found.mentor_id)
        self.taken.add(mentor.pk)
        at = world.at(on)
        answered_at = None if state == LoanState.ASKED else world.at(on + timedelta(days=2))
        answerer = mentor.coordinator
        loan = world.add(
            Loan(
                id=world.key(), created_at=at, mentee=mentee, mentor=mentor, division=mentee.division,
                lender=mentor.division, state=state, seen=kept(found.offered.told), reason=REASON, asked_by=by.key,
                author_name=by.user.name, expires_on=on + ANSWER_WITHIN, answered_at=answered_at,
                answered_by=f"user:{answerer.pk}" if answerer and answered_at else "",
                answered_name=answerer.name if answerer and answered_at else "",
                answer={LoanState.RELEASED: RELEASED_WITH, LoanState.DECLINED: NOT_RELEASED}.get(state, ""),
                until_on=world.today + timedelta(days=LENT_FOR) if state == LoanState.RELEASED else None,
                ended_at=answered_at if state == LoanState.DECLINED else None,
            )
        )  # fmt: skip
        self._entry(loan, "matching.ask_loan", by.key, mentee.division_id)
        if answered_at is None:
            words: dict[str, object] = {"mentor": mentor.person.name, "who": mentee.division.name}
            self._task(loan, mentor, words)
            return
        act = "matching.release_loan" if state == LoanState.RELEASED else "matching.decline_loan"
        self._entry(loan, act, loan.answered_by or by.key, mentor.division_id)
        self._task(loan, mentee, {"mentee": mentee.person.name, "why": str(state)})

    def _tell_used(self) -> None:
        """Let a loan stand behind each pair of two divisions."""
        # They are not in the database yet.
        for proposal in self.world.made(Proposal):
            if proposal.partnership is None or proposal.mentee.division_id == proposal.mentor.division_id:
                continue
            self._write_used(proposal)

    def _write_used(self, proposal: Proposal) -> None:
        world, mentee, mentor = self.world, proposal.mentee, proposal.mentor
        assert proposal.sent_at is not None
        assert proposal.partnership is not None
        assert mentee.coordinator is not None
        assert mentor.coordinator is not None
        at = proposal.sent_at - ASKED_BEFORE
        closed_on = proposal.partnership.closed_on
        known = mentor.profile
        told = Told(None, (known.occupation or "")[:1], (), (), tuple(known.topics or ())[:1], {TOTAL: STEPS - 1})
        loan = world.add(
            Loan(
                id=world.key(), created_at=at, mentee=mentee, mentor=mentor, division_id=mentee.division_id,
                lender_id=mentor.division_id, state=LoanState.RETURNED if closed_on else LoanState.USED,
                seen=kept(told), reason=REASON, asked_by=f"user:{mentee.coordinator.pk}",
                author_name=mentee.coordinator.name, expires_on=at.date() + ANSWER_WITHIN,
                answered_at=at + ANSWERED_AFTER, answered_by=f"user:{mentor.coordinator.pk}",
                answered_name=mentor.coordinator.name, answer=RELEASED_WITH, proposal=proposal,
                until_on=at.date() + timedelta(days=LENT_FOR), ended_at=world.at(closed_on) if closed_on else None,
            )
        )  # fmt: skip
        self._entry(loan, "matching.ask_loan", loan.asked_by, mentee.division_id)
        self._entry(loan, "matching.release_loan", loan.answered_by, mentor.division_id)

    def _entry(self, loan: Loan, act: str, by: str, division_id: UUID) -> None:
        at = loan.answered_at if act != "matching.ask_loan" and loan.answered_at else loan.created_at
        self.world.add(
            Entry(
                at=at, kind=EntryKind.WRITE, actor=by, act=act, object_type=Loan._meta.label, object_id=str(loan.pk),
                division_id=division_id, nonce=self.world.key().hex,
            )
        )  # fmt: skip

    def _task(self, loan: Loan, case: Enrolment, words: dict[str, object]) -> None:
        self.world.add(
            Task(
                id=self.world.key(), created_at=loan.answered_at or loan.created_at, kind=Kind.LOAN_ASKED,
                target_id=loan.pk, division_id=case.division_id, owner_id=case.coordinator_id,
                due_on=self.world.today, words=words,
            )
        )  # fmt: skip
