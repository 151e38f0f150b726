"""Seven years of partnerships in the demo network, one after the other, as mentors were free."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from mentornet.demo.case_texts import CLOSING_NOTES, FIRST_NOTES, MIDDLE_NOTES, NOT_MET_NOTES, PAUSE_NOTES, QUIET_NOTES
from mentornet.demo.early_ends import ends_early_after
from mentornet.demo.entry import Case, Intake
from mentornet.demo.lists import Weighted
from mentornet.demo.persons import first_goal
from mentornet.demo.world import DAY, World
from mentornet.partnerships.enums import ClosingReason, PartnershipState
from mentornet.partnerships.models import Meeting, Note, Partnership
from mentornet.people.enums import Role
from reference import isco
from reference.cefr import Level
from reference.people import Mentee, Mentor

SOON: Final = 30
"""Days after the match within which most have signed."""
EARLY_REASONS: Final = Weighted(
    {
        ClosingReason.TIME: 31,
        ClosingReason.NO_CONTACT: 24,
        ClosingReason.MOVED: 13,
        ClosingReason.MISMATCH: 15,
        ClosingReason.OTHER: 12,
        ClosingReason.SAFETY: 1.5,
        ClosingReason.UNKNOWN: 3.5,
    }
)
LATE_REASONS: Final = Weighted({ClosingReason.GOAL: 47, ClosingReason.AGREED: 53})
LENGTHS: Final = Weighted({4: 3, 6: 18, 9: 22, 12: 57})
TOLD_UNTIL: Final = 1_100
"""Meetings and notes of partnerships that ended more than so many days ago are no longer kept."""
MINUTES: Final = (45, 60, 60, 75, 90, 90, 120, None, None)


@dataclass
class Pair:
    """A partnership with both sides' cases."""

    partnership: Partnership
    mentee: Case
    mentor: Case


@dataclass
class History:
    """Partnerships made so far, and who waits for another one.

    Attributes:
        again: mentees whose partnership ended early and who wait again, with the day.
    """

    pairs: list[Pair] = field(default_factory=list)
    again: list[tuple[date, Case]] = field(default_factory=list)


def likeness(mentee: Mentee | Mentor, mentor: Mentee | Mentor) -> float:
    """Return how well two seem to fit at a glance: enough for a history that nobody judges again."""
    found = 0.0
    if mentee.occupation and mentor.occupation:
        found += isco.digits_in_common(mentee.occupation, mentor.occupation)
    found += 0.5 * len(set(mentee.topics or ()) & set(mentor.topics or ()))
    found += 0.5 * len(set(mentee.interests or ()) & set(mentor.interests or ()))
    found += 0.3 * min(3, len(set(mentee.availability or ()) & set(mentor.availability or ())))
    if not can_talk(mentee, mentor):
        found -= 10
    return found


def can_talk(mentee: Mentee | Mentor, mentor: Mentee | Mentor) -> bool:
    """Tell whether they share a language at B1, or might."""
    if mentee.languages is None or mentor.languages is None:
        return True
    theirs = {skill.code: skill.level for skill in mentor.languages}
    return any(
        skill.code in theirs
        and (skill.level is None or skill.level >= Level.B1)
        and (theirs[skill.code] is None or (theirs[skill.code] or Level.A1) >= Level.B1)
        for skill in mentee.languages
    )


def best_of(world: World, mentee: Case, mentors: Sequence[Case], on: date, tries: int = 30) -> Case | None:
    """Return the likeliest of some mentors who are free on a day, if any is."""
    known = mentee.human.known[Role.MENTEE]
    found: list[tuple[float, int, Case]] = []
    for attempt in range(min(tries * 4, 4 * len(mentors))):
        mentor = world.one(mentors)
        rested = (on - mentor.last_seen).days
        if mentor.human is mentee.human or not 0 <= rested <= 900 or not mentor.is_free(on):
            continue
        found.append((likeness(known, mentor.human.known[Role.MENTOR]), attempt, mentor))
        if len(found) >= tries:
            break
    return max(found, key=lambda one: one[:2])[2] if found else None


def words_of(world: World, pair: Pair) -> dict[str, str]:
    """Return what texts about a pair are filled in with; what is drawn is drawn by this world's chances."""
    known = pair.mentee.human.known[Role.MENTEE]
    common = [word for word in known.interests or () if word in (pair.mentor.human.known[Role.MENTOR].interests or ())]
    return {
        "mentee": pair.mentee.first_name,
        "mentor": pair.mentor.first_name,
        "title": pair.mentee.enrolment.profile.occupation_title or "medarbejder",
        "goal": first_goal(known),
        "place": world.one(pair.mentee.office.place.meets),
        "interest": common[0] if common else "hverdagen",
    }


class Pairing:
    """Makes partnerships, runs them, closes those that have ended."""

    def __init__(self, world: World, intake: Intake, history: History) -> None:
        self.world = world
        self.patience = world.aside("endings")
        self.intake = intake
        self.history = history

    def match(self, mentee: Case, mentor: Case, on: date) -> Pair:
        """Open a partnership on a day, and tell it until today."""
        world = self.world
        months = LENGTHS.one(world.random)
        length = months * 30.4
        if mentee.offer.versions[-1].meets_first:
            # They have met before they said yes.
            met_after = -world.random.randint(1, 3)
        else:
            met_after = world.random.randint(3, 17) if world.chance(0.78) else world.random.randint(14, 46)
        signs_after = met_after + world.random.randint(0, 14)
        has_agreed = world.chance(0.95)
        ends_after = ends_early_after(self.patience, on, length, met_after, has_agreed and signs_after <= SOON)
        early = ends_after is not None
        lasts = ends_after or length * world.random.choice((0.7, 0.85, 0.95, 1.0, 1.0, 1.0, 1.05, 1.3))
        closed_on = world.workday(on + timedelta(days=max(12, int(lasts))))
        running = closed_on >= world.today
        agreed_until = on + timedelta(days=int(length))
        first_met_on = self._first_meeting(on, on + timedelta(days=met_after), closed_on)
        agreement_on = None
        if first_met_on is not None and (running or has_agreed):
            agreement_on = max(on, on + timedelta(days=signs_after))
            if agreement_on >= min(closed_on, world.today):
                agreement_on = None
        partnership = world.add(
            Partnership(
                id=world.key(),
                created_at=world.at(on),
                mentee=mentee.enrolment,
                mentor=mentor.enrolment,
                division=mentee.enrolment.division,
                matched_on=on,
                first_met_on=first_met_on,
                agreement_on=agreement_on,
                agreed_until=agreed_until if agreement_on is not None else None,
            )
        )
        pair = Pair(partnership, mentee, mentor)
        until = date.max if running else closed_on
        mentor.busy.append((on, until))
        mentee.busy.append((on, until))
        if running:
            self._run(pair)
        else:
            self._close(pair, closed_on, early=early)
        self._tell(pair)
        self.history.pairs.append(pair)
        return pair

    def _first_meeting(self, on: date, first: date, closed_on: date) -> date | None:
        world = self.world
        if first >= on and on < world.ago(14) and on > world.ago(55) and world.chance(0.25):
            # Matched, not met: what a coordinator looks for first.
            return None
        return None if first >= min(closed_on, world.today) else first

    def _run(self, pair: Pair) -> None:
        world, partnership = self.world, pair.partnership
        for case in (pair.mentee, pair.mentor):
            case.enrolment.active += 1
        if partnership.first_met_on is None or partnership.agreement_on is None:
            partnership.state = PartnershipState.MATCHED
            return
        ends = partnership.agreed_until or date.max
        draw = world.random.random()
        if draw < 0.07:
            partnership.state = PartnershipState.PAUSED
            partnership.paused_until = world.today + world.days(6, 90) if world.chance(0.8) else None
        elif ends <= world.today + 20 * DAY and draw < 0.75:
            partnership.state = PartnershipState.CLOSING
        else:
            partnership.state = PartnershipState.ACTIVE

    def _close(self, pair: Pair, on: date, *, early: bool) -> None:
        world, partnership = self.world, pair.partnership
        reason = (EARLY_REASONS if early else LATE_REASONS).one(world.random)
        if partnership.first_met_on is None and reason not in {ClosingReason.TIME, ClosingReason.NO_CONTACT}:
            reason = ClosingReason.TIME
        partnership.state = PartnershipState.CLOSED
        partnership.closed_on, partnership.closing_reason = on, reason
        if world.chance(0.7):
            partnership.closing_note = world.filled(CLOSING_NOTES[reason], self.words(pair))
        mentor, mentee = pair.mentor.enrolment, pair.mentee.enrolment
        mentor.since = on
        if reason in {ClosingReason.TIME, ClosingReason.MISMATCH, ClosingReason.NO_CONTACT} and world.chance(0.28):
            mentee.since = on
            self.history.again.append((on, pair.mentee))
        else:
            is_done = reason in {ClosingReason.GOAL, ClosingReason.AGREED}
            self.intake.leave(pair.mentee, on, "done" if is_done else "other")

    def words(self, pair: Pair) -> dict[str, str]:
        """Return what texts about a pair are filled in with."""
        return words_of(self.world, pair)

    def _tell(self, pair: Pair) -> None:
        """Write down the pair's meetings, and what the coordinator has noted."""
        world, partnership = self.world, pair.partnership
        last = partnership.closed_on or world.today - DAY
        if last < world.ago(TOLD_UNTIL):
            return
        if partnership.first_met_on is not None:
            self._meet(pair, partnership.first_met_on, last)
        self._note(pair, last)

    def _meet(self, pair: Pair, first: date, last: date) -> None:
        world, partnership = self.world, pair.partnership
        if partnership.state == PartnershipState.PAUSED:
            last -= world.days(5, 40)
        told = (f"person:{pair.mentor.human.person.pk}", f"person:{pair.mentee.human.person.pk}", pair.mentee.owner.key)
        day, pace = first, world.random.randint(8, 24)
        while day <= last:
            if day == first or world.chance(0.8):
                world.add(
                    Meeting(
                        id=world.key(),
                        created_at=world.at(min(day + world.days(0, 5), max(day, last)), (8, 22)),
                        partnership=partnership,
                        on=day,
                        minutes=world.one(MINUTES),
                        told_by=pair.mentee.owner.key if day == first else world.one(told),
                    )
                )
            day += timedelta(days=pace + world.random.randint(-4, 12))

    def _note(self, pair: Pair, last: date) -> None:
        world, partnership = self.world, pair.partnership
        assert partnership.matched_on is not None
        values = self.words(pair)
        told: list[tuple[date, Sequence[str]]] = []
        if partnership.first_met_on is not None and world.chance(0.75):
            told.append((partnership.first_met_on + world.days(0, 2), FIRST_NOTES))
        elif partnership.first_met_on is None and (last - partnership.matched_on).days > 20:
            told.append((partnership.matched_on + 18 * DAY, NOT_MET_NOTES))
        if partnership.first_met_on is not None:
            day = partnership.first_met_on + world.days(20, 60)
            while day < last and len(told) < 7:
                told.append((day, MIDDLE_NOTES if world.chance(0.85) else QUIET_NOTES))
                day += world.days(30, 110)
        if partnership.state == PartnershipState.PAUSED:
            told.append((last - world.days(0, 5), PAUSE_NOTES))
        seen: set[str] = set()
        for day, texts in told:
            months = (day - partnership.matched_on).days // 30
            # "3 months have gone by" is said when they have.
            sayable = [text for text in texts if months > 1 or "{months}" not in text]
            text = world.filled(sayable, values | {"months": str(months)})
            if text in seen or day > last:
                continue
            seen.add(text)
            author = pair.mentee.owner if world.chance(0.8) else world.coworker(pair.mentee.office, day)
            written_on = max(world.workday(day), partnership.matched_on)
            if not author.works_on(written_on):
                author = world.coworker(pair.mentee.office, written_on)
            world.add(
                Note(
                    id=world.key(),
                    created_at=world.at(written_on, (9, 18)),
                    partnership=partnership,
                    text=text,
                    written_by=author.key,
                    author_name=author.user.name,
                )
            )
