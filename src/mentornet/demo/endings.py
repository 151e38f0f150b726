"""How partnerships of the demo network have ended lately: what each side said, what came of it, how it goes since."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any, Final

from mentornet.agenda.models import Kind, Task
from mentornet.common.actors import user_key
from mentornet.common.moments import months_later
from mentornet.demo.ending_texts import OUTCOMES, OWN_WORDS, REMARKS, SAID
from mentornet.demo.lists import Weighted
from mentornet.demo.pairs import Pair
from mentornet.demo.world import DAY, World
from mentornet.followup.after_states import AfterState, AnsweredHow, Doing
from mentornet.followup.models import Afterwards
from mentornet.partnerships.enums import ClosingReason, PartnershipState
from mentornet.partnerships.models import Closure, ClosureSide
from mentornet.partnerships.outcomes import (
    PAID,
    ExitTalk,
    LaterContact,
    MenteeNext,
    MentorNext,
    Said,
    Scenario,
    Work,
)
from mentornet.people.enums import Role
from mentornet.people.recipients import person_key

TOLD_FOR: Final = 800
"""Of what ended more than so many days ago no more is kept than the day and the reason."""
CALLED_WITHIN: Final = 45
WORKS: Final = Weighted(
    {
        Work.ORDINARY: 30, Work.SUBSIDISED: 6, Work.PLACEMENT: 10, Work.IGU: 4, Work.EDUCATION: 14,
        Work.SELF_EMPLOYED: 2, Work.NONE: 22, Work.UNKNOWN: 12,
    }
)  # fmt: skip
TALKS: Final = Weighted({ExitTalk.HELD: 76, ExitTalk.NOT_REACHED: 16, ExitTalk.NOT_WANTED: 8})
SAIDS: Final = Weighted({Said.YES: 55, Said.NO: 20, Said.UNKNOWN: 25})
NOW: Final = Weighted({Doing.WORK: 52, Doing.EDUCATION: 19, Doing.LOOKING: 21, Doing.OTHER: 8})
SINCE: Final = Weighted({AfterState.ANSWERED: 58, AfterState.NO_ANSWER: 30, AfterState.UNREACHABLE: 12})
HOURS: Final = (12, 20, 25, 30, 32, 37, 37, 37)


class Endings:
    """Tells how partnerships ended, and how it goes since."""

    def __init__(self, world: World, pairs: Collection[Pair]) -> None:
        self.world = world.aside("endings")
        self.pairs = pairs

    def tell_all(self) -> None:
        """Tell of those that are about to end, and of those that have ended lately."""
        for pair in self.pairs:
            partnership = pair.partnership
            if partnership.state == PartnershipState.CLOSING:
                self._begin(pair)
            elif partnership.closed_on is not None and partnership.closed_on >= self.world.ago(TOLD_FOR):
                self._end(pair, partnership.closed_on)

    def _begin(self, pair: Pair) -> None:
        """An ending that is being filled in: some have had the mentee's talk already."""
        world = self.world
        begun = world.ago(world.random.randint(1, 9))
        closure = world.add(
            Closure(
                id=world.key(),
                created_at=world.at(begun),
                partnership=pair.partnership,
                began_by=user_key(pair.mentee.enrolment.coordinator_id),
                scenario=Scenario.PLANNED,
                filled=";scenario;talk_mentee;" if world.chance(0.5) else ";scenario;",
            )
        )
        for side in Role:
            talked = side == Role.MENTEE and "talk_mentee" in (closure.filled or ())
            self._side(closure, side, ClosingReason.AGREED, begun, talk=ExitTalk.HELD if talked else "")

    def _end(self, pair: Pair, on: date) -> None:
        world, partnership = self.world, pair.partnership
        reason = ClosingReason(partnership.closing_reason)
        scenario = self._scenario(reason)
        waits = pair.mentee.enrolment.ended_on is None
        work = WORKS.one(world.random)
        is_paid = work in PAID
        is_safety = scenario == Scenario.SAFETY
        by = user_key(pair.mentee.enrolment.coordinator_id)
        closure = world.add(
            Closure(
                id=world.key(),
                created_at=world.at(max(on - world.days(2, 9), partnership.matched_on or on)),
                partnership=partnership,
                began_by=by,
                scenario=scenario,
                filled=";scenario;talk_mentee;talk_mentor;outcome;contact;next;thanks;summary;",
                ended_on=on,
                reason=reason,
                note=partnership.closing_note,
                work=work,
                hours=world.one(HOURS) if is_paid else None,
                own_level=SAIDS.one(world.random) if is_paid else "",
                danish_step=SAIDS.one(world.random),
                network=SAIDS.one(world.random),
                outcome_words=world.one(OUTCOMES) if world.chance(0.5) else "",
                later_contact=LaterContact.NONE
                if is_safety
                else LaterContact.FREE
                if scenario == Scenario.PLANNED
                else LaterContact.OFFICE,
                mentee_next=MenteeNext.FROM_NOW if waits else MenteeNext.LEAVES,
                mentor_next=MentorNext.READY,
                closed_at=world.at(on),
                closed_by=by,
            )
        )
        who = world.one((Role.MENTEE, Role.MENTOR, Role.MENTOR))
        for side in Role:
            led = side == who and scenario in {Scenario.ONE_SIDED, Scenario.SAFETY}
            own = reason if world.chance(0.7) else world.one((ClosingReason.TIME, ClosingReason.MISMATCH))
            self._side(closure, side, own, on, talk=TALKS.one(world.random), led=led)
            if not is_safety:
                self._since(pair, side, on)

    def _scenario(self, reason: ClosingReason) -> Scenario:
        if reason in {ClosingReason.GOAL, ClosingReason.AGREED}:
            return Scenario.PLANNED
        if reason == ClosingReason.SAFETY:
            return Scenario.SAFETY
        is_wish = reason in {ClosingReason.TIME, ClosingReason.MISMATCH}
        return Scenario.ONE_SIDED if is_wish and self.world.chance(0.5) else Scenario.UNPLANNED

    def _side(
        self, closure: Closure, side: Role, reason: ClosingReason, on: date, *, talk: str, led: bool = False
    ) -> None:
        world, is_held = self.world, talk == ExitTalk.HELD
        has_written = bool(talk) and world.chance(0.2)
        is_safety = closure.scenario == Scenario.SAFETY
        world.add(
            ClosureSide(
                id=world.key(),
                created_at=closure.created_at,
                closure=closure,
                side=side,
                led_to_it=led,
                talk=talk,
                talk_on=on if is_held else None,
                said=world.one(SAID[side]) if is_held else "",
                reason=reason if is_held else "",
                wants_contact=SAIDS.one(world.random) if is_held else "",
                remark=world.one(REMARKS) if is_held and world.chance(0.12) else "",
                has_thanks=not is_safety,
                may_be_asked=not is_safety,
                own_reason=reason if has_written else "",
                own_words=world.one(OWN_WORDS) if has_written else "",
                own_contact=SAIDS.one(world.random) if has_written else "",
                own_at=world.at(on) if has_written else None,
            )
        )

    # Since ------------------------------------------------------------------------------------------------------------

    def _since(self, pair: Pair, side: Role, on: date) -> None:
        """What she was asked since, in the months that the programme says."""
        world, care = self.world, pair.mentee.offer.versions[-1].care
        is_unwanted = False
        for month in care.follow_up_months:
            due = months_later(on, month)
            row = Afterwards(
                id=world.key(),
                created_at=world.at(on),
                partnership=pair.partnership,
                side=side,
                month=month,
                due_on=due,
            )
            if is_unwanted:
                row.state = AfterState.UNWANTED
            elif due < world.today:
                is_unwanted = self._asked(pair, row)
            world.add(row)

    def _asked(self, pair: Pair, row: Afterwards) -> bool:
        """Say what came of a question; whether she wants no more of them."""
        world = self.world
        row.asked_at = world.at(row.due_on)
        ago = (world.today - row.due_on).days
        state = SINCE.one(world.random)
        if ago <= 14 and state != AfterState.ANSWERED:
            row.state = AfterState.ASKED
            row.reminded_at = world.at(row.due_on + 7 * DAY) if ago > 7 else None
            return False
        row.reminded_at = None if state == AfterState.ANSWERED else world.at(row.due_on + 7 * DAY)
        if state == AfterState.NO_ANSWER and ago > CALLED_WITHIN:
            # Somebody has called her by now.
            state = AfterState.UNREACHABLE if world.chance(0.5) else AfterState.ANSWERED
        row.state = state
        if state == AfterState.ANSWERED:
            self._answered(pair, row)
        elif state == AfterState.NO_ANSWER:
            self._call(pair, row)
        return row.may_ask_again is False

    def _answered(self, pair: Pair, row: Afterwards) -> None:
        world = self.world
        is_called = row.reminded_at is not None
        case = pair.mentee if row.side == Role.MENTEE else pair.mentor
        row.how = AnsweredHow.CALL if is_called else AnsweredHow.HERSELF
        row.answered_by = (
            user_key(pair.mentee.enrolment.coordinator_id) if is_called else person_key(case.human.person.pk)
        )
        day = row.due_on + (
            timedelta(days=20) if is_called else timedelta(days=min(3, (world.today - row.due_on).days))
        )
        row.answered_at = world.at(min(day, world.today - DAY))
        facts: Mapping[str, Any] = {"again": SAIDS.one(world.random)}
        if row.side == Role.MENTEE:
            doing = NOW.one(world.random)
            facts = {"doing": doing, "danish_better": SAIDS.one(world.random)}
            if doing == Doing.WORK:
                facts = {**facts, "hours": world.one((10, 20, 30, 37, 37)), "own_level": SAIDS.one(world.random)}
        for name, value in facts.items():
            setattr(row, name, value)
        row.may_ask_again = world.chance(0.94) if world.chance(0.8) else None

    def _call(self, pair: Pair, row: Afterwards) -> None:
        person = (pair.mentee if row.side == Role.MENTEE else pair.mentor).human.person
        self._task(Kind.FOLLOW_UP, row.pk, pair, row.due_on + 21 * DAY, {"name": person.name})

    def ask(self) -> None:
        """Ask for what is to be finished."""
        for closure in self.world.made(Closure):
            if closure.closed_at is None:
                pair = next(one for one in self.pairs if one.partnership is closure.partnership)
                two = closure.partnership
                words = {"mentee": two.mentee.person.name, "mentor": two.mentor.person.name}
                due = closure.created_at.astimezone(self.world.zone).date() + 7 * DAY
                self._task(Kind.CLOSING, two.pk, pair, due, words)

    def _task(self, kind: Kind, target: Any, pair: Pair, due: date, words: Mapping[str, str]) -> None:
        world, enrolment = self.world, pair.mentee.enrolment
        world.add(
            Task(
                id=world.key(),
                created_at=world.at(min(due, world.today) - 7 * DAY),
                kind=kind,
                target_id=target,
                division_id=pair.partnership.division_id,
                owner_id=enrolment.coordinator_id,
                due_on=due,
                words=dict(words),
            )
        )
