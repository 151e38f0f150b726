"""What is being talked about in the demo network today: questions, times to meet first, wishes, quiet words, pauses."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, time, timedelta

from mentornet.agenda.models import Kind, Task
from mentornet.common.actors import user_key
from mentornet.common.ordering import folded
from mentornet.demo.entry import Case
from mentornet.demo.follow import Follow
from mentornet.demo.pairs import Pair
from mentornet.demo.places import VOLLSMOSE
from mentornet.demo.readiness import Readiness
from mentornet.demo.shared_texts import CONCERNS, QUESTIONS, WISHES
from mentornet.demo.world import DAY, World
from mentornet.divisions.models import MeetingPlace
from mentornet.followup.enums import About, Addressee, ConcernState
from mentornet.followup.models import Concern
from mentornet.intake.enums import ContactPersonState
from mentornet.intake.models import ContactPerson, Wish
from mentornet.intake.services.contact_persons import CALL_WITHIN
from mentornet.intake.services.steps import NO_TIME
from mentornet.matching.enums import ProposalState
from mentornet.matching.models import MeetingOption, Proposal, ProposalAnswer, ProposalQuestion
from mentornet.partnerships.enums import PartnershipState


def _first_key(pair: Pair) -> str:
    """Return the key of a division's first coordinator: its lead stands before her."""
    return pair.mentee.office.staff[1].key


class OpenTalk:
    """Leaves open what people wait for an answer to."""

    def __init__(self, world: World) -> None:
        self.world = world.aside("open talk")

    def tell_all(self, waiting: Sequence[Case], pairs: Collection[Pair]) -> None:
        """Make everything that has no task of its own, or that tasks are made of."""
        self._question()
        self._suggest()
        self._wish(waiting)
        self._confide([pair for pair in pairs if pair.partnership.state == PartnershipState.ACTIVE])

    # Proposals --------------------------------------------------------------------------------------------------------

    def _question(self) -> None:
        world = self.world
        answered = {(row.proposal_id, row.side) for row in world.made(ProposalAnswer)}
        sent = [row for row in world.made(Proposal) if row.state == ProposalState.SENT]
        for side, text in QUESTIONS:
            # Not the first: one proposal is to lie there as it came.
            able = [row for row in sent[2:] if (row.pk, side) not in answered and row.sent_at is not None]
            if able:
                # Best where whoever looks around first is a coordinator.
                proposal = min(able, key=lambda row: row.division.name != VOLLSMOSE.name)
                sent.remove(proposal)
                assert proposal.sent_at is not None
                at = min(proposal.sent_at + timedelta(hours=6), world.at(world.today - DAY, (18, 22)))
                world.add(ProposalQuestion(id=world.key(), created_at=at, proposal=proposal, side=side, text=text))

    def _suggest(self) -> None:
        """Keep the times and places of which the two have chosen; of one pair only the mentor has."""
        world = self.world
        to_meet = [row for row in world.made(Proposal) if row.state == ProposalState.TO_MEET]
        for number, proposal in enumerate(to_meet):
            assert proposal.meeting_on is not None
            assert proposal.sent_at is not None
            day = proposal.meeting_on
            places = sorted(
                (row for row in world.made(MeetingPlace) if row.division_id == proposal.division_id),
                key=lambda row: folded(row.name),
            )[:3]
            is_open = number == len(to_meet) - 1
            if is_open:
                day = world.today + 5 * DAY
                proposal.meeting_on, proposal.meeting_place = None, ""
            else:
                proposal.meeting_time, proposal.meeting_place = time(17, 30), places[0].words
            at = min(proposal.sent_at + 2 * DAY + timedelta(hours=5), world.at(world.today - DAY))
            times = [
                datetime.combine(day + later * DAY, clock, tzinfo=world.zone)
                for later, clock in ((0, time(17, 30)), (1, time(10)), (4, time(14)))
            ]
            for position, start in enumerate(times):
                suits = position == 0
                self._option(proposal, position, at, None if is_open else suits, suits_mentor=position < 2, start=start)
            for position, place in enumerate(places):
                suits = position < 2
                self._option(
                    proposal, 3 + position, at, None if is_open else suits, suits_mentor=position == 0, place=place
                )

    def _option(
        self,
        proposal: Proposal,
        position: int,
        at: datetime,
        suits_mentee: bool | None,
        *,
        suits_mentor: bool,
        start: datetime | None = None,
        place: MeetingPlace | None = None,
    ) -> None:
        self.world.add(
            MeetingOption(
                id=self.world.key(),
                created_at=at,
                proposal=proposal,
                position=position,
                starts_at=start,
                place=place,
                suits_mentee=suits_mentee,
                suits_mentor=suits_mentor,
            )
        )

    # Wishes and quiet words -------------------------------------------------------------------------------------------

    def _wish(self, waiting: Sequence[Case]) -> None:
        world = self.world
        for (kind, words), case in zip(WISHES, world.random.sample(list(waiting), len(WISHES)), strict=True):
            world.add(
                Wish(
                    id=world.key(),
                    created_at=world.at(world.ago(world.random.randint(1, 4)), (18, 22)),
                    person=case.human.person,
                    division=case.office.division,
                    kind=kind,
                    words=words,
                )
            )

    def _confide(self, pairs: Sequence[Pair]) -> None:
        """Leave three everyday concerns; somebody sees to one of them."""
        world = self.world
        drawn = world.random.sample(pairs, len(pairs))
        # The first one where whoever looks around first is a coordinator.
        drawn.sort(
            key=lambda pair: pair.mentee.office.place is not VOLLSMOSE or pair.mentee.owner.key != _first_key(pair)
        )
        for number, pair in enumerate([*drawn[:1], *drawn[-2:]][: len(drawn)]):
            about, words = CONCERNS[number]
            case = pair.mentor if number == 0 else pair.mentee
            at = world.at(world.ago(3 + number), (18, 22))
            is_taken = number == 1
            world.add(
                Concern(
                    id=world.key(),
                    created_at=at,
                    raised_by=case.human.person,
                    partnership=pair.partnership,
                    division=pair.partnership.division,
                    coordinator_id=pair.mentee.enrolment.coordinator_id,
                    about=About(about),
                    addressee=Addressee.COORDINATOR,
                    words=words,
                    wants_call=number == 0,
                    call_words="efter klokken 17" if number == 0 else "",
                    state=ConcernState.TAKEN if is_taken else ConcernState.RAISED,
                    taken_at=at + timedelta(hours=16) if is_taken else None,
                    taken_by=user_key(pair.mentee.enrolment.coordinator_id) if is_taken else "",
                )
            )

    # What waits for somebody ------------------------------------------------------------------------------------------

    def ask(self, follow: Follow, readiness: Readiness, pairs: Collection[Pair]) -> None:
        """Make the tasks that follow from all this, once the usual ones are there."""
        world = self.world
        for question in world.made(ProposalQuestion):
            proposal = question.proposal
            follow.ask(
                Kind.QUESTION,
                proposal,
                question.created_at.astimezone(world.zone).date(),
                proposal.mentee.coordinator_id,
                mentee=proposal.mentee.person.name,
                mentor=proposal.mentor.person.name,
            )
        for contact in world.made(ContactPerson):
            if contact.state == ContactPersonState.ASKED:
                name = contact.person.name
                follow.ask(Kind.CONTACT_PERSON, contact, contact.asked_on + CALL_WITHIN, None, name=name)
        owners = {case.human.person.pk: case.owner.user.pk for pair in pairs for case in (pair.mentee, pair.mentor)}
        for wish in world.made(Wish):
            on = wish.created_at.astimezone(world.zone).date()
            follow.ask(Kind.WISH, wish, on + 2 * DAY, owners.get(wish.person_id), name=wish.person.name)
        for row in readiness.corrected:
            application = row.application
            follow.ask(Kind.CORRECTED, application, world.today, None, name=application.person.name)
        refused = {offer.application_id for offer in readiness.refused}
        for task in world.made(Task):
            if task.kind == Kind.INTERVIEW and task.target_id in refused:
                task.words, task.due_on = task.words | {"why": NO_TIME}, world.today
