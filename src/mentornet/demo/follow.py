"""What follows from where the people of the demo network stand: tasks, letters, and the record of who did what."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Model

from mentornet.agenda.models import Kind, Task
from mentornet.audit.models import Entry
from mentornet.audit.models import Kind as EntryKind
from mentornet.common.actors import user_key
from mentornet.demo.entry import Case
from mentornet.demo.world import DAY, World
from mentornet.divisions.models import Division
from mentornet.intake.enums import ApplicationState
from mentornet.intake.models import Application, ContactPerson, Decision, Enrolment, Interview, Wish
from mentornet.intake.services.applications import INTERVIEW_WITHIN
from mentornet.intake.services.interviews import DECIDE_WITHIN
from mentornet.matching.enums import ProposalState
from mentornet.matching.models import Proposal, ProposalAnswer
from mentornet.matching.services import CALL_AFTER, CHOOSE_AGAIN_WITHIN
from mentornet.messaging.letters import CONTACT, TEMPLATES, Part, render, written
from mentornet.messaging.models import Channel, Letter, LetterState, Problem
from mentornet.partnerships.models import Note, Partnership
from mentornet.people.enums import ContactWay
from mentornet.people.models import Person
from mentornet.people.recipients import person_key

SEEN_TO: Final = timedelta(days=10)
"""A letter that could not be sent waits no longer than this for somebody to call."""
WRITTEN_TO: Final = 120
"""Letters of the last so many days are kept."""
RECORDED: Final = 400
"""The record goes back so many days."""


class Follow:
    """Writes what the services would have written beside the rows."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.interviews: dict[UUID, Interview] = {row.application_id: row for row in world.made(Interview)}
        self.decisions: dict[UUID, Decision] = {row.application_id: row for row in world.made(Decision)}

    # Tasks ------------------------------------------------------------------------------------------------------------

    def ask_all(self) -> None:
        """Make the tasks that are open today, but those of running pairs (:mod:`mentornet.demo.talks`)."""
        for application in self.world.made(Application):
            self._ask_about_application(application)
        for enrolment in self.world.made(Enrolment):
            if enrolment.word_due_on is not None:
                name = enrolment.person.name
                self.ask(Kind.PROMISE, enrolment, enrolment.word_due_on, enrolment.coordinator_id, mentee=name)
        for proposal in self.world.made(Proposal):
            self._ask_about_proposal(proposal)

    def ask(
        self,
        kind: Kind,
        target: Application | Enrolment | Proposal | Partnership | ContactPerson | Wish,
        due_on: date,
        owner_id: UUID | None,
        **words: str,
    ) -> None:
        """Make a task: named people are named as they are called today."""
        world = self.world
        made_at = min(target.created_at, world.at(world.today - DAY))
        self.world.add(
            Task(
                id=world.key(),
                created_at=made_at,
                kind=kind,
                target_id=target.pk,
                division_id=target.division_id,
                owner_id=owner_id,
                due_on=due_on,
                words=words,
            )
        )

    def _ask_about_application(self, application: Application) -> None:
        name = application.person.name
        interview = self.interviews.get(application.pk)
        if application.state == ApplicationState.RECEIVED:
            self.ask(Kind.INTERVIEW, application, application.received_on + INTERVIEW_WITHIN, None, name=name)
        elif application.state == ApplicationState.BOOKED and interview is not None:
            local = interview.at.astimezone(self.world.zone)
            words = {"name": name, "time": f"{local:%H:%M}"}
            self.ask(Kind.INTERVIEW, application, local.date(), interview.interviewer_id, **words)
        elif application.state == ApplicationState.INTERVIEWED and interview is not None:
            held_on = interview.at.astimezone(self.world.zone).date()
            self.ask(Kind.DECIDE, application, held_on + DECIDE_WITHIN, interview.interviewer_id, name=name)

    def _ask_about_proposal(self, proposal: Proposal) -> None:
        world = self.world
        due: Mapping[str, tuple[Kind, date | None]] = {
            ProposalState.SENT: (Kind.CALL_FOR_ANSWER, proposal.expires_on),
            ProposalState.TO_MEET: (
                Kind.MEET_FIRST,
                proposal.meeting_on + DAY if proposal.meeting_on else proposal.expires_on,
            ),
            ProposalState.MET: (Kind.AFTER_MEETING, proposal.met_on and proposal.met_on + DAY),
        }
        kind, day = due.get(proposal.state, (Kind.PROPOSAL_ENDED, None))
        if proposal.state == ProposalState.SENT and proposal.sent_at and day:
            day = min(proposal.sent_at.astimezone(world.zone).date() + CALL_AFTER, day)
        ended = proposal.state in {ProposalState.DECLINED, ProposalState.EXPIRED, ProposalState.WITHDRAWN}
        if ended and proposal.ended_at is not None and not proposal.mentee.promised and not proposal.mentee.ended_on:
            ended_on = proposal.ended_at.astimezone(world.zone).date()
            if ended_on >= world.ago(6) and not proposal.mentee.active:
                day = ended_on + CHOOSE_AGAIN_WITHIN
        if day is not None:
            self.ask(
                kind,
                proposal,
                day,
                proposal.mentee.coordinator_id,
                mentee=proposal.mentee.person.name,
                mentor=proposal.mentor.person.name,
            )

    # Letters ----------------------------------------------------------------------------------------------------------

    def write_all(self, waiting: Collection[Case]) -> None:
        """Put the letters of the last months into the outbox."""
        first = self.world.at(self.world.ago(WRITTEN_TO))
        for application in self.world.made(Application):
            self._write_about_application(application, first)
        for proposal in self.world.made(Proposal):
            if proposal.sent_at is not None and proposal.sent_at >= first:
                self._write_about_proposal(proposal)
        for case in waiting:
            enrolment = case.enrolment
            due, last = enrolment.word_due_on, enrolment.last_word_on
            if due and last and last > case.joined and last > first.date() and self.world.chance(0.7):
                self._write(
                    "word_from_waiting_list", enrolment.person, enrolment, self.world.at(last),
                    user_key(enrolment.coordinator_id), day=due.isoformat(),
                )  # fmt: skip

    def _write_about_application(self, application: Application, first: datetime) -> None:
        interview = self.interviews.get(application.pk)
        decision = self.decisions.get(application.pk)
        person = application.person
        if application.created_at >= first:
            by = user_key(interview.interviewer_id) if interview else "system:intake"
            is_closed = application.state == ApplicationState.PRE_REGISTERED
            event = "application_pre_registered" if is_closed else "application_received"
            self._write(event, person, application, application.created_at, by)
        if interview is not None and interview.created_at >= first:
            local = interview.at.astimezone(self.world.zone)
            self._write(
                "interview_invitation", person, application, interview.created_at, user_key(interview.interviewer_id),
                day=local.date().isoformat(), time=f"{local:%H:%M}", place=interview.place or application.division.name,
            )  # fmt: skip
        if decision is not None and decision.created_at >= first:
            self._write(
                f"application_{decision.outcome}", person, application, decision.created_at, decision.decided_by
            )

    def _write_about_proposal(self, proposal: Proposal) -> None:
        assert proposal.sent_at is not None
        assert proposal.expires_on is not None
        sides = ((proposal.mentee, "proposal_to_mentee"), (proposal.mentor, "proposal_to_mentor"))
        sent_on = proposal.sent_at.astimezone(self.world.zone).date()
        contact = {"coordinator": proposal.author_name, "phone": proposal.division.phone}
        for enrolment, event in sides:
            by, day = proposal.chosen_by, proposal.expires_on.isoformat()
            self._write(event, enrolment.person, proposal, proposal.sent_at, by, day=day, **contact)
            if proposal.meeting_on is not None:
                at = min(proposal.sent_at + 3 * DAY, self.world.at(self.world.today - DAY))
                meeting = {"day": proposal.meeting_on.isoformat(), "place": proposal.meeting_place}
                self._write("meet_first", enrolment.person, proposal, at, by, **meeting)
            elif proposal.state == ProposalState.TO_MEET:
                at = min(proposal.sent_at + 3 * DAY, self.world.at(self.world.today - DAY))
                self._write("meeting_choose", enrolment.person, proposal, at, by, **contact)
            if proposal.partnership is not None and proposal.ended_at is not None:
                self._write("partnership_begun", enrolment.person, proposal.partnership, proposal.ended_at, by)
            elif proposal.ended_at is not None:
                self._write(
                    "proposal_ended", enrolment.person, proposal, proposal.ended_at, by, day=sent_on.isoformat()
                )

    def _write(
        self,
        event: str,
        person: Person,
        about: Application | Enrolment | Proposal | Partnership,
        at: datetime,
        by: str,
        **values: str,
    ) -> None:
        """Write a letter as it stands now: sent, unless there is no address, or it is of last night."""
        world = self.world
        needed = TEMPLATES[event].placeholders
        values = {name: value for name, value in values.items() if name in needed | CONTACT}
        letter = Letter(
            id=world.key(),
            created_at=at,
            recipient=person_key(person.pk),
            event=event,
            values=values,
            about_id=about.pk,
            division_id=about.division_id,
            queued_by=by,
            send_after=at + timedelta(minutes=1),
            message_id=world.key(),
        )
        world.add(letter)
        if event.startswith("proposal_to") and at.astimezone(world.zone).date() >= world.today - DAY:
            return
        letter.attempts = 1
        if person.contact_way == ContactWay.CALL:
            letter.state, letter.problem = LetterState.UNREACHABLE, Problem.CALLS
        elif not person.email and person.contact_way != ContactWay.TEXT:
            letter.state, letter.problem = LetterState.UNREACHABLE, Problem.NO_ADDRESS
        elif world.chance(0.006):
            letter.state, letter.problem = LetterState.FAILED, Problem.REFUSED
            letter.problem_detail = "550 5.1.1 mailbox unavailable"
        else:
            letter.state, letter.channel = LetterState.SENT, Channel.EMAIL
            letter.language = person.language
            letter.subject, letter.body = render(event, values, name=person.first_name, language=person.language)
            letter.sent_to, letter.sent_at = person.email, letter.send_after + timedelta(seconds=20)
            if person.contact_way == ContactWay.TEXT:
                as_text = written([Part(event, values)], name="", language=person.language, as_text=True)
                letter.channel, letter.sent_to = Channel.TEXT, person.phone
                letter.subject, letter.body = as_text.subject, as_text.body
        if letter.state != LetterState.SENT and at.astimezone(world.zone).date() < world.today - SEEN_TO:
            # Somebody has called her since.
            letter.state = LetterState.SETTLED

    # The record -------------------------------------------------------------------------------------------------------

    def record_all(self) -> None:
        """Write who did what in the last year, in the order of time."""
        found: list[tuple[datetime, str, str, Model, Division]] = []
        for application in self.world.made(Application):
            found += self._about_application(application)
        for proposal in self.world.made(Proposal):
            found += self._about_proposal(proposal)
        answers = self.world.made(ProposalAnswer)
        found += [
            (row.created_at, row.taken_by, "matching.answer", row.proposal, row.proposal.division) for row in answers
        ]
        notes = self.world.made(Note)
        found += [
            (row.created_at, row.written_by, "partnerships.note", row.partnership, row.partnership.division)
            for row in notes
        ]
        for partnership in self.world.made(Partnership):
            found += self._about_partnership(partnership)
        first = self.world.at(self.world.ago(RECORDED))
        last = self.world.at(self.world.today)
        for at, actor, act, of, division in sorted(
            (entry for entry in found if first <= entry[0] < last),
            key=lambda entry: (entry[0], entry[2], str(entry[3].pk)),
        ):
            self.world.add(
                Entry(
                    at=at,
                    kind=EntryKind.WRITE,
                    actor=actor,
                    act=act,
                    object_type=of._meta.label,
                    object_id=str(of.pk),
                    division_id=division.pk,
                    nonce=self.world.key().hex,
                )
            )

    def _about_application(self, application: Application) -> list[tuple[datetime, str, str, Model, Division]]:
        interview, decision = self.interviews.get(application.pk), self.decisions.get(application.pk)
        division = application.division
        by = user_key(interview.interviewer_id) if interview else "system:intake"
        found: list[tuple[datetime, str, str, Model, Division]] = [
            (application.created_at, by, "intake.receive", application, division)
        ]
        if interview is not None:
            found.append((interview.created_at, by, "intake.book_interview", application, division))
            if interview.held_at is not None:
                found.append((interview.held_at, by, "intake.record_interview", interview, division))
        if decision is not None:
            found.append((decision.created_at, decision.decided_by, "intake.decide", application, division))
        return found

    def _about_proposal(self, proposal: Proposal) -> list[tuple[datetime, str, str, Model, Division]]:
        by, division = proposal.chosen_by, proposal.division
        found: list[tuple[datetime, str, str, Model, Division]] = [
            (proposal.created_at, by, "matching.choose", proposal, division)
        ]
        if proposal.sent_at is not None:
            found.append((proposal.sent_at, by, "matching.send", proposal, division))
        acts = {
            ProposalState.ACCEPTED: "matching.accept",
            ProposalState.EXPIRED: "matching.expire",
            ProposalState.WITHDRAWN: "matching.withdraw",
        }
        if proposal.ended_at is not None and proposal.state in acts:
            actor = "system:expire" if proposal.state == ProposalState.EXPIRED else by
            found.append((proposal.ended_at, actor, acts[ProposalState(proposal.state)], proposal, division))
        return found

    def _about_partnership(self, partnership: Partnership) -> list[tuple[datetime, str, str, Model, Division]]:
        by = user_key(partnership.mentee.coordinator_id)
        division = partnership.division
        found: list[tuple[datetime, str, str, Model, Division]] = [
            (partnership.created_at, by, "partnerships.open", partnership, division)
        ]
        if partnership.agreement_on is not None:
            found.append((self.world.at(partnership.agreement_on), by, "partnerships.sign", partnership, division))
        if partnership.closed_on is not None:
            found.append((self.world.at(partnership.closed_on), by, "partnerships.close", partnership, division))
        return found
