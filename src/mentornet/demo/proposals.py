"""Proposals of the demo network: those that became partnerships, those that did not, and those under way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from mentornet.demo.case_texts import DECLINES, EXPIRIES, NEAR_FIELD, OTHER_FIELD, SAME_FIELD, WITHDRAWALS
from mentornet.demo.entry import Case
from mentornet.demo.judgement import Judgement, RealBank, judgement_of
from mentornet.demo.lists import Weighted
from mentornet.demo.pairs import Pair, best_of
from mentornet.demo.persons import first_goal
from mentornet.demo.world import DAY, World
from mentornet.matching.enums import Channel, DeclineReason, ProposalState, Reply, Round, Side
from mentornet.matching.models import Proposal, ProposalAnswer
from mentornet.people.enums import Role

KEPT_FOR: Final = 900
"""Proposals older than so many days are no longer kept."""
DECLINE_REASONS: Final = Weighted(
    {
        DeclineReason.TIME: 34,
        DeclineReason.FIELD: 18,
        DeclineReason.PLACE: 14,
        DeclineReason.FOUND: 12,
        DeclineReason.NO_ANSWER: 9,
        DeclineReason.LANGUAGE: 6,
        DeclineReason.PERSON: 4,
        DeclineReason.OTHER: 3,
    }
)
CHANNELS: Final = Weighted({Channel.PHONE: 70, Channel.EMAIL: 14, Channel.IN_PERSON: 10, Channel.TEXT: 6})
UNFINISHED: Final = Weighted({ProposalState.DECLINED: 62, ProposalState.EXPIRED: 22, ProposalState.WITHDRAWN: 16})
Answers = Sequence[tuple[Side, Round]]
BOTH: Final = ((Side.MENTOR, Round.PROPOSAL), (Side.MENTEE, Round.PROPOSAL))
BOTH_AFTER: Final = ((Side.MENTOR, Round.AFTER_MEETING), (Side.MENTEE, Round.AFTER_MEETING))


class Proposing:
    """Makes proposals and takes down the answers to them."""

    def __init__(self, world: World) -> None:
        self.world = world

    def draft(self, mentee: Case, mentor: Case, on: date, judgement: Judgement | None = None) -> Proposal:
        """Choose a mentor for a mentee, with a reason."""
        world = self.world
        author = world.coworker(mentee.office, on)
        at = world.at(on, (9, 15))
        version = mentee.offer.version_on(at)
        judgement = judgement or judgement_of(world, mentee, mentor, version, on)
        return world.add(
            Proposal(
                id=world.key(),
                created_at=at,
                mentee=mentee.enrolment,
                mentor=mentor.enrolment,
                division=mentee.enrolment.division,
                version=version,
                state=ProposalState.DRAFT,
                reason=self._reason(mentee, mentor, judgement),
                chosen_by=author.key,
                author_name=author.user.name,
                score=judgement.score,
                bars=judgement.bars,
                sentences=judgement.sentences,
                rank=judgement.rank,
                ranked=judgement.ranked,
                meets_first=version.meets_first,
            )
        )

    def _reason(self, mentee: Case, mentor: Case, judgement: Judgement) -> str:
        known, theirs = mentee.human.known[Role.MENTEE], mentor.human.known[Role.MENTOR]
        near = judgement.bars["occupation"][1] or 0
        common = [word for word in known.interests or () if word in (theirs.interests or ())]
        texts: Sequence[str] = SAME_FIELD if near >= 0.8 else NEAR_FIELD if near >= 0.3 else OTHER_FIELD
        if near < 0.3 and not common:
            texts = [text for text in texts if "{interest}" not in text]
        values = {
            "mentee": mentee.first_name,
            "mentor": mentor.first_name,
            "title": mentor.enrolment.profile.occupation_title or "kollega",
            "goal": first_goal(known),
            "interest": common[0] if common else "",
        }
        return self.world.filled(texts, values)

    def send(self, proposal: Proposal, on: date) -> None:
        """Send a draft."""
        proposal.state = ProposalState.SENT
        proposal.sent_at = max(self.world.at(on, (10, 16)), proposal.created_at + timedelta(minutes=20))
        proposal.expires_on = on + timedelta(days=proposal.version.expiry_days)

    def answer(
        self, case: Case, proposal: Proposal, to: tuple[Side, Round], on: date, reason: DeclineReason | None = None
    ) -> None:
        """Take an answer down: yes, or no with a reason."""
        world = self.world
        taken_by = world.coworker(case.office, on)
        world.add(
            ProposalAnswer(
                id=world.key(),
                created_at=world.at(max(on, proposal.created_at.astimezone(world.zone).date()), (16, 18)),
                proposal=proposal,
                side=to[0],
                round=to[1],
                reply=Reply.NO if reason else Reply.YES,
                decline_reason=reason or "",
                note=world.one(DECLINES[reason]) if reason and world.chance(0.8) else "",
                channel=CHANNELS.one(world.random),
                taken_by=taken_by.key,
                author_name=taken_by.user.name,
            )
        )

    def accepted(self, pair: Pair) -> Proposal:
        """Tell the proposal that a partnership came from."""
        world = self.world
        matched_on = pair.partnership.matched_on
        assert matched_on is not None
        enrolled = pair.mentee.enrolment.created_at.astimezone(world.zone).date()
        chosen_on = max(world.workday(matched_on - world.days(4, 10)), min(enrolled, matched_on))
        proposal = self.draft(pair.mentee, pair.mentor, chosen_on)
        self.send(proposal, chosen_on)
        answered_on = min(chosen_on + world.days(1, 3), matched_on)
        for to in BOTH:
            self.answer(pair.mentee, proposal, to, answered_on)
        if proposal.meets_first:
            met_on = pair.partnership.first_met_on or matched_on
            self.arrange(pair.mentee, proposal, met_on)
            proposal.met_on = met_on
            for to in BOTH_AFTER:
                self.answer(pair.mentee, proposal, to, matched_on)
        proposal.state = ProposalState.ACCEPTED
        proposal.partnership = pair.partnership
        proposal.ended_at = world.at(matched_on, (17, 19))
        return proposal

    def arrange(self, mentee: Case, proposal: Proposal, on: date) -> None:
        """Both have said yes to a first meeting."""
        proposal.state = ProposalState.TO_MEET
        proposal.meeting_on = on
        proposal.expires_on = on + timedelta(days=proposal.version.expiry_days)
        proposal.meeting_place = self.world.one(mentee.office.place.meets)

    def unfinished(
        self, mentee: Case, mentors: Sequence[Case], on: date, state: ProposalState | None = None
    ) -> Proposal | None:
        """Tell a proposal that came to nothing; ``None`` when nobody was free that day."""
        world = self.world
        mentor = best_of(world, mentee, mentors, on, tries=8)
        if mentor is None:
            return None
        on = world.workday(on)
        enrolled = mentee.enrolment.created_at.astimezone(world.zone).date()
        proposal = self.draft(mentee, mentor, max(on, enrolled))
        on = max(on, enrolled)
        state = state or UNFINISHED.one(world.random)
        values = {"mentee": mentee.first_name, "mentor": mentor.first_name}
        self.send(proposal, on)
        assert proposal.expires_on is not None
        latest = world.today - DAY
        if state == ProposalState.DECLINED:
            reason = DECLINE_REASONS.one(world.random)
            ended_on = min(on + world.days(1, 8), latest)
            first = Side.MENTEE if reason == DeclineReason.FOUND or world.chance(0.4) else Side.MENTOR
            if world.chance(0.4):
                other = Side.MENTOR if first == Side.MENTEE else Side.MENTEE
                self.answer(mentee, proposal, (other, Round.PROPOSAL), min(on + DAY, ended_on))
            self.answer(mentee, proposal, (first, Round.PROPOSAL), ended_on, reason)
        elif state == ProposalState.EXPIRED:
            ended_on = min(proposal.expires_on + DAY, latest)
            proposal.expires_on = ended_on - DAY
            proposal.end_note = world.filled(EXPIRIES, values)
        else:
            ended_on = min(on + world.days(1, 5), latest)
            proposal.end_note = world.filled(WITHDRAWALS, values)
        proposal.state = state
        proposal.ended_at = max(world.at(ended_on, (18, 19)), proposal.created_at + timedelta(hours=1))
        return proposal


class UnderWay:
    """Proposals that wait for something today, of the best mentors that the bank has."""

    def __init__(self, proposing: Proposing, mentors: Sequence[Case]) -> None:
        self.proposing = proposing
        self.world = proposing.world
        self.bank = RealBank(self.world.today)
        self.mentors = {mentor.enrolment.pk: mentor for mentor in mentors}
        self.taken: set[UUID] = set()

    def _choose(self, mentee: Case, on: date) -> tuple[Proposal, Case] | None:
        skip = 0 if self.world.chance(0.7) else self.world.random.randint(1, 3)
        found = self.bank.best(mentee, self.mentors.keys() - self.taken, skip=skip)
        if found is None:
            return None
        mentor_id, judgement = found
        self.taken.add(mentor_id)
        mentor = self.mentors[mentor_id]
        return self.proposing.draft(mentee, mentor, on, judgement), mentor

    def draft(self, mentee: Case) -> bool:
        """Begin a proposal that has not been sent; both stay free."""
        return self._choose(mentee, self.world.workday(self.world.ago(self.world.random.randint(1, 4)))) is not None

    def sent(self, mentee: Case, *, days_ago: int, answers: Answers = ()) -> bool:
        """Send a proposal; some have answered yes."""
        on = self.world.ago(days_ago)
        found = self._choose(mentee, on)
        if found is None:
            return False
        proposal, mentor = found
        self.proposing.send(proposal, on)
        for to in answers:
            self.proposing.answer(mentee, proposal, to, min(on + DAY, self.world.today - DAY))
        self._hold(mentee, mentor)
        return True

    def to_meet(self, mentee: Case, *, in_days: int) -> bool:
        """Let both have said yes to a first meeting, on a day to come or just past."""
        on = self.world.ago(9)
        found = self._choose(mentee, on)
        if found is None:
            return False
        proposal, mentor = found
        self.proposing.send(proposal, on)
        for to in BOTH:
            self.proposing.answer(mentee, proposal, to, on + 2 * DAY)
        self.proposing.arrange(mentee, proposal, self.world.today + timedelta(days=in_days))
        self._hold(mentee, mentor)
        if in_days < 0:
            proposal.state, proposal.met_on = ProposalState.MET, proposal.meeting_on
            if self.world.chance(0.6):
                self.proposing.answer(mentee, proposal, BOTH_AFTER[0], self.world.today - DAY)
        return True

    def _hold(self, mentee: Case, mentor: Case) -> None:
        for case in (mentee, mentor):
            case.enrolment.promised += 1
            case.enrolment.stamp = self.world.stamp()
