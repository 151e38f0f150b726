"""Proposals: drafts, answers in any order and by both ways, meeting first, and every way to an end."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from hypothesis import strategies as st

from journeys.case_acting import WHICH, WHO, No, move, only_if
from journeys.case_intake_rules import Intake
from journeys.case_model import EXPIRY_DAYS, Pair, Place, Prop
from mentornet.common.actors import Actor
from mentornet.common.answers import ChangedMeanwhileError, NotAllowedError
from mentornet.divisions.staff import Staff
from mentornet.intake.services.places import NoPlaceLeftError
from mentornet.matching.enums import Channel, DeclineReason, ProposalState, Reply, Round, Side
from mentornet.matching.models import Proposal
from mentornet.matching.ranking import LOOSENABLE
from mentornet.matching.services import (
    RuleBrokenError,
    answer_for_herself,
    plan_meeting,
    propose,
    record_met,
    say_met,
    send_draft,
    take_down_answer,
    withdraw_proposal,
)
from mentornet.people.enums import Role

_S = ProposalState
DAYS: Final = timedelta(days=EXPIRY_DAYS)
SIDE: Final = st.sampled_from(Side)


class Matching(Intake):
    """Proposals."""

    @staticmethod
    def proposal(prop: Prop) -> Proposal:
        return Proposal.objects.get(pk=prop.pk)

    # Choosing --------------------------------------------------------------------------------------------------------

    def _no_pair(self, by: Staff, mentee: Place, mentor: Place, *, sends: bool) -> No | None:
        """Return how the two may not be proposed to each other now; ``None`` where they may."""
        book = self.book
        is_free = mentee.role == Role.MENTEE and mentee.ended_on is None
        is_free = is_free and not book.active(mentee) and not book.promised(mentee)
        reaches = self.in_division(by, mentee.division) and self.in_division(by, mentor.division)
        if no := self.only(reaches and is_free and mentor.role == Role.MENTOR):
            return no
        if mentor.ended_on is not None:
            return ChangedMeanwhileError
        in_bank = mentor.is_briefed and book.left(mentor) > 0 and not mentor.is_resting(self.today)
        if no := self.only(in_bank and not book.knew_each_other(mentee, mentor), RuleBrokenError):
            return no
        return self.only(not sends or not mentee.is_resting(self.today), NoPlaceLeftError)

    def _sent(self, prop: Prop) -> None:
        prop.state, prop.expires_on, prop.meets_first = _S.SENT, self.today + DAYS, self.meets_first

    def choose(self, mentee: Place, mentor: Place, by: Staff, *, send: bool = True) -> None:
        wanted = ["matching.choose", *(["matching.send"] if send else [])]
        made = self.act(
            "propose", wanted, self._no_pair(by, mentee, mentor, sends=send), propose,
            by=by, mentee=self.enrolment(mentee), mentor=self.enrolment(mentor), reason="Both are nurses.",
            seen_version=self.version(), loosened=LOOSENABLE, send=send,
        )  # fmt: skip
        if made is None:
            return
        if self.book.was_paired(mentee):
            self.count("propose again")
        prop = next((one for one in self.book.props if one.pk == made.pk), None)
        if prop is None:
            prop = Prop(made.pk, mentee, mentor, self.meets_first, _S.DRAFT)
            self.book.props.append(prop)
        if send:
            self._sent(prop)

    @only_if(lambda self: len(self.book.places) > 1)
    @move(which=WHICH, other=WHICH, who=WHO, send=st.sampled_from((True, True, True, False)))
    def two_are_proposed(self, which: int, other: int, who: str, send: bool) -> None:
        waiting, bank = self.book.waiting(self.divisions), self.book.bank(self.divisions, self.today)
        mentee = self.pick(self.book.places, which, lambda one: one.pk in waiting)
        mentor = self.pick(self.book.places, other, lambda one: one.pk in bank)
        assert mentee is not None
        assert mentor is not None
        if mentee is not mentor:
            self.choose(mentee, mentor, self.staff(who, mentee.division), send=send)

    @only_if(lambda self: self.book.props)
    @move(which=WHICH, who=WHO)
    def a_draft_is_sent(self, which: int, who: str) -> None:
        prop = self.pick(self.book.props, which, lambda one: one.state == _S.DRAFT)
        assert prop is not None
        by = self.staff(who, prop.mentee.division)
        no = self.only(self.in_division(by, prop.mentee.division) and prop.state == _S.DRAFT)
        no = no or self._no_pair(by, prop.mentee, prop.mentor, sends=True)
        if self.act("send draft", ["matching.send"], no, send_draft, by=by, proposal=self.proposal(prop)):
            self._sent(prop)

    # Answers ---------------------------------------------------------------------------------------------------------

    def answer(self, prop: Prop, side: Side, reply: Reply, by: Actor) -> None:
        """Take an answer down, or let her give it, as whoever acts is staff or herself."""
        is_hers, now = not isinstance(by, Staff), prop.round
        known = None if now is None else prop.answers.get((side, now))
        reason = DeclineReason.TIME if reply == Reply.NO else ""
        can = now is not None and not prop.is_late(self.today)
        if is_hers:
            is_same = known == reply
            no = self.only(can or is_same)
            wanted = ["matching.change_answer" if known else "matching.answer"]
        else:
            is_same = False
            no = self.only(self.in_division(by, prop.mentee.division) and can and known is None)
            wanted = ["matching.answer"]
        both = reply == Reply.YES and now is not None and prop.answers.get((Side(_other(side)), now)) == Reply.YES
        opens = both and (now == Round.AFTER_MEETING or not prop.meets_first)
        wanted += ["partnerships.open", "matching.accept"] if opens else []
        if is_hers:
            done = self.act(
                "answer herself", [] if is_same else wanted, no, answer_for_herself,
                by=by, proposal=self.proposal(prop), reply=reply, decline_reason=reason,
            )  # fmt: skip
        else:
            done = self.act(
                "take down", wanted, no, take_down_answer, by=by, proposal=self.proposal(prop), side=side,
                reply=reply, channel=Channel.PHONE, decline_reason=reason,
            )  # fmt: skip
        if done is None or is_same:
            return
        assert now is not None
        prop.answers[side, now] = str(reply)
        if reply == Reply.NO:
            prop.state = _S.DECLINED
        elif opens:
            prop.state = _S.ACCEPTED
            assert done.partnership_id is not None
            pair = Pair(done.partnership_id, prop.mentee, prop.mentor, self.today, first_met_on=prop.met_on)
            if prop.met_on is not None:
                pair.told[prop.met_on] = set()
            if self.book.was_paired(prop.mentee):
                self.count("rematch")
            self.book.pairs.append(pair)
        elif both:
            prop.state, prop.both_on, prop.expires_on = _S.TO_MEET, self.today, self.today + 2 * DAYS

    @only_if(lambda self: self.book.props)
    @move(which=WHICH, who=WHO, side=SIDE, reply=st.sampled_from((Reply.YES, Reply.YES, Reply.YES, Reply.NO)))
    def an_answer_is_taken_down(self, which: int, who: str, side: Side, reply: Reply) -> None:
        prop = self.pick(self.book.props, which, lambda one: one.round is not None)
        assert prop is not None
        self.answer(prop, side, reply, self.staff(who, prop.mentee.division))

    @only_if(lambda self: self.book.props)
    @move(which=WHICH, side=SIDE, reply=st.sampled_from((Reply.YES, Reply.YES, Reply.YES, Reply.NO)))
    def she_answers_herself(self, which: int, side: Side, reply: Reply) -> None:
        prop = self.pick(self.book.props, which, lambda one: one.round is not None)
        assert prop is not None
        self.answer(prop, side, reply, self.herself(prop.side(side).her))

    @only_if(lambda self: self.book.props)
    @move(which=WHICH, who=WHO)
    def a_proposal_is_withdrawn(self, which: int, who: str) -> None:
        prop = self.pick(self.book.props, which, lambda one: one.is_open)
        assert prop is not None
        by = self.staff(who, prop.mentee.division)
        no = self.only(self.in_division(by, prop.mentee.division) and prop.is_open)
        done = self.act(
            "withdraw proposal", ["matching.withdraw"], no, withdraw_proposal,
            by=by, proposal=self.proposal(prop), note="She has moved.",
        )  # fmt: skip
        if done is not None:
            prop.state = _S.WITHDRAWN

    # Meeting first ---------------------------------------------------------------------------------------------------

    @only_if(lambda self: self.book.props)
    @move(which=WHICH, who=WHO, days=st.integers(0, 12))
    def a_first_meeting_is_planned(self, which: int, who: str, days: int) -> None:
        prop = self.pick(self.book.props, which, lambda one: one.state == _S.TO_MEET)
        assert prop is not None
        by, on = self.staff(who, prop.mentee.division), self.today + timedelta(days=days)
        no = self.only(self.in_division(by, prop.mentee.division) and prop.state == _S.TO_MEET)
        is_told = prop.mentee.her.is_protected or prop.mentor.her.is_protected
        # The same day and place again is the same letter, and no act.
        wanted = ["matching.plan_meeting"]
        if prop.meeting_on == on:
            on += timedelta(days=1)
        done = self.act(
            "plan", wanted, no, plan_meeting,
            by=by, proposal=self.proposal(prop), on=on, place="" if is_told else "The library",
        )  # fmt: skip
        if done is not None:
            assert prop.both_on is not None
            prop.meeting_on, prop.expires_on = on, max(prop.both_on + 2 * DAYS, on + DAYS)

    def met(self, prop: Prop, by: Staff) -> None:
        no = self.only(self.in_division(by, prop.mentee.division) and prop.state == _S.TO_MEET)
        done = self.act(
            "met", ["matching.record_met"], no, record_met, by=by, proposal=self.proposal(prop), on=self.today
        )
        if done is not None:
            prop.state, prop.met_on, prop.expires_on = _S.MET, self.today, self.today + DAYS

    @only_if(lambda self: self.book.props)
    @move(which=WHICH, who=WHO)
    def they_have_met(self, which: int, who: str) -> None:
        prop = self.pick(self.book.props, which, lambda one: one.state == _S.TO_MEET)
        assert prop is not None
        self.met(prop, self.staff(who, prop.mentee.division))

    @only_if(lambda self: any(one.state in {_S.TO_MEET, _S.MET} for one in self.book.props))
    @move(which=WHICH, side=SIDE, met=st.booleans())
    def she_says_whether_they_met(self, which: int, side: Side, met: bool) -> None:
        prop = self.pick(self.book.props, which, lambda one: one.state in {_S.TO_MEET, _S.MET})
        assert prop is not None
        is_known = met and prop.state == _S.MET
        can = prop.state == _S.TO_MEET and not prop.is_late(self.today)
        can = can and prop.meeting_on is not None and prop.meeting_on <= self.today
        wanted = [] if is_known else ["matching.record_met" if met else "matching.not_met"]
        done = self.act(
            "say met", wanted, self.only(can or is_known), say_met,
            by=self.herself(prop.side(side).her), proposal=self.proposal(prop), met=met,
        )  # fmt: skip
        if done is not None and met and not is_known:
            prop.state, prop.met_on, prop.expires_on = _S.MET, prop.meeting_on, self.today + DAYS

    @only_if(lambda self: self.book.props and len(self.book.people) > 2)
    @move(which=WHICH, other=WHICH, reply=st.sampled_from(Reply))
    def a_stranger_answers(self, which: int, other: int, reply: Reply) -> None:
        prop = self.pick(self.book.props, which, lambda one: one.is_holding)
        assert prop is not None
        two = {prop.mentee.her, prop.mentor.her}
        her = self.pick([one for one in self.book.people if one not in two and not one.is_erased], other)
        if her is not None:
            self.act(
                "stranger answers", [], NotAllowedError, answer_for_herself,
                by=self.herself(her), proposal=self.proposal(prop), reply=reply, decline_reason=DeclineReason.TIME,
            )  # fmt: skip


def _other(side: Side) -> Side:
    return Side.MENTOR if side == Side.MENTEE else Side.MENTEE
