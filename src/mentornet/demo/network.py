"""The demo network as a whole: seven years of it, or the first year of a pilot."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Final

from mentornet.demo.arrivals import Arrivals
from mentornet.demo.doors import Doors, is_closed
from mentornet.demo.entry import Case, Intake
from mentornet.demo.lists import Weighted
from mentornet.demo.names import DANE
from mentornet.demo.organisation import GRADUATES, JOB, set_up
from mentornet.demo.own_answers import answer_own_questions
from mentornet.demo.pairs import History, Pair, Pairing, best_of
from mentornet.demo.persons import Human, Registrar
from mentornet.demo.places import COPENHAGEN, PLACES
from mentornet.demo.population import MENTEE_DIVISIONS, MENTOR_DIVISIONS, Division
from mentornet.demo.proposals import BOTH, KEPT_FOR, Proposing, UnderWay
from mentornet.demo.waiting import HARD_CASES, HER_MENTOR, LONGEST, SHORTEST, THE_LONGEST, WaitingList
from mentornet.demo.world import DAY, Offer, Office, World
from mentornet.intake.enums import ApplicationState
from mentornet.matching.enums import ProposalState
from mentornet.partnerships.enums import ClosingReason
from mentornet.people.enums import Role
from mentornet.people.models import Avoidance, Person

PEOPLE: Final = 5_000
PARTNERSHIPS: Final = 2_000
MENTORS: Final = 2_240
BANK: Final = 722
RESTING: Final = 58
UNBRIEFED: Final = 44
LENT: Final = (150, 100, 50)
"""Counted from the newest, the partnerships with a mentor whom another division has lent."""
HISTORY_DAYS: Final = 7 * 365
PILOT_MENTEES: Final = 12
PILOT_MENTORS: Final = 312
PILOT_DAYS: Final = 240
Offices = Mapping[Division, Office]


class Network:
    """Builds a network in memory; :mod:`mentornet.demo.services` writes it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.registrar = Registrar(world)
        self.intake = Intake(world, self.registrar)
        self.arrivals = Arrivals(world, self.registrar, self.intake)
        self.history = History()
        self.pairing = Pairing(world, self.intake, self.history)
        self.proposing = Proposing(world)
        self.waiting = WaitingList(world, self.registrar, self.intake)
        self.doors = Doors(world, self.registrar, self.intake)
        self.mentors: list[Case] = []
        self.mentees: list[Case] = []
        self.to_propose: list[Case] = []
        self.longest: Case | None = None
        self.newest: Case | None = None
        self._pools: dict[tuple[str, str], list[Case]] = {}

    # A pilot ----------------------------------------------------------------------------------------------------------

    def build_pilot(self, password: str | None) -> None:
        """Make the first year: more than three hundred mentors have come for twelve mentees, and nobody is matched."""
        world = self.world
        set_up(world, [COPENHAGEN], opened_on=world.workday(world.ago(PILOT_DAYS)), password=password)
        office, offer = world.offices[0], world.offers[0]
        for _ in range(PILOT_MENTORS):
            mentor = self.arrivals.mentor(office, offer, world.ago(world.random.randint(20, PILOT_DAYS - 5)))
            self.mentors.append(mentor)
        for number in range(PILOT_MENTEES):
            self.waiting.enrol(office, offer, 6 + number * 9 + world.random.randint(0, 8))
        answer_own_questions(world, JOB)

    # Seven years ------------------------------------------------------------------------------------------------------

    def build_full(self, password: str | None) -> None:
        """Make the whole network, all but the proposals that are under way."""
        world = self.world
        set_up(world, PLACES, opened_on=None, password=password)
        offices = {office.place.home: office for office in world.offices}
        self._recruit(offices)
        self._pair_up(offices)
        self._wait(offices)
        self._settle_mentors()
        self._welcome()
        self._tell_proposals()
        self._apply(offices)
        self.doors.open(world.offices, self.mentors)
        self._give_up(offices)
        self._avoid()
        self._count_pairs()
        answer_own_questions(world, JOB)

    def propose(self) -> None:
        """Make the proposals under way; the waiting list and the bank are in the database by now."""
        under_way = UnderWay(self.proposing, [mentor for mentor in self.mentors if mentor is not self.newest])
        graduates = [case for case in self.to_propose if case.offer.programme.name == GRADUATES]
        others = [case for case in self.to_propose if case.offer.programme.name != GRADUATES]
        expiry = others[0].offer.versions[-1].expiry_days
        plans = [partial(under_way.to_meet, in_days=days) for days in (1, 2, 4, -1, -2, -2, -4)]
        self._carry_out(plans, graduates)
        plans = []
        for number, days_ago in enumerate((expiry - 1, 1, 1, expiry - 1, expiry, 8, 7, 6, 5, 5, 4, 3, 3, 2)):
            answers = BOTH[number % 2 : number % 2 + 1] if days_ago >= 2 and number % 3 else ()
            plans.append(partial(under_way.sent, days_ago=days_ago, answers=answers))
        self._carry_out(plans, others)
        drafted = 0
        for case in sorted(self.waiting.cases, key=lambda case: case.joined)[8:60:6]:
            if drafted < 4:
                drafted += under_way.draft(case)

    def _carry_out(self, plans: Sequence[Callable[[Case], bool]], cases: Sequence[Case]) -> None:
        """Carry plans out for one mentee each; those for whom nobody is found go on waiting."""
        left = iter(plans)
        plan = next(left, None)
        for case in cases:
            if plan is not None and plan(case):
                plan = next(left, None)
            else:
                self.waiting.cases.append(case)

    def _recruit(self, offices: Offices) -> None:
        """Let mentors come, evenly over the years and a few more lately."""
        world = self.world
        homes = Weighted(MENTOR_DIVISIONS)
        days = sorted(
            (int((HISTORY_DAYS + 60) * world.random.random() ** 1.12) + 6 for _ in range(MENTORS)), reverse=True
        )
        for ago in days:
            office = offices[homes.one(world.random)]
            on = world.ago(ago)
            self._enlist(self.arrivals.mentor(office, self.arrivals.offer(office, on), on))

    def _enlist(self, mentor: Case) -> None:
        self.mentors.append(mentor)
        self._pool(mentor.office, mentor.offer).append(mentor)

    def _pool(self, office: Office, offer: Offer) -> list[Case]:
        return self._pools.setdefault((office.place.name, offer.programme.name), [])

    def _pair_up(self, offices: Offices) -> None:
        """Make the partnerships, in the order of the days on which they began."""
        world = self.world
        homes = Weighted(MENTEE_DIVISIONS)
        days = sorted(int(HISTORY_DAYS * world.random.random() ** 1.1) + 1 for _ in range(PARTNERSHIPS))
        returning: list[tuple[date, int, Human, Office]] = []
        for number, ago in enumerate(reversed(days)):
            on = max(world.workday(world.ago(ago)), world.ago(HISTORY_DAYS))
            while returning and returning[0][0] <= on:
                came_on, _, human, office = heapq.heappop(returning)
                self._enlist(self.arrivals.come_back(human, office, came_on))
            pair = self._pair_on(offices, homes, on, is_lent=PARTNERSHIPS - number in LENT)
            closed_on, reason = pair.partnership.closed_on, pair.partnership.closing_reason
            if closed_on and reason in {ClosingReason.GOAL, ClosingReason.AGREED} and world.chance(0.06):
                came_on = closed_on + world.days(150, 700)
                if came_on < world.today - 60 * DAY and len(pair.mentee.human.known) == 1:
                    heapq.heappush(returning, (came_on, number, pair.mentee.human, pair.mentee.office))

    def _pair_on(self, offices: Offices, homes: Weighted[Division], on: date, *, is_lent: bool) -> Pair:
        world = self.world
        while True:
            mentee = None if is_lent else self._somebody_again(on)
            if mentee is not None:
                mentor = best_of(world, mentee, self._pool(mentee.office, mentee.offer), on)
                if mentor is not None and not self._were_paired(mentee, mentor):
                    self.history.again = [one for one in self.history.again if one[1] is not mentee]
                    return self.pairing.match(mentee, mentor, on)
            office = offices[homes.one(world.random)]
            waited = max(24, min(460, int(world.random.expovariate(1 / 95)) + 20))
            applied = on - timedelta(days=waited)
            offer = self.arrivals.offer(office, applied)
            if not any(one.is_free(on) and one.joined <= on for one in self._pool(office, offer)):
                continue
            mentee = self.arrivals.mentee(office, offer, applied, latest=on - 4 * DAY)
            bank = self._lenders(office, offer) if is_lent else self._pool(office, offer)
            mentor = best_of(world, mentee, bank, on)
            if mentor is None:
                self.mentees.append(mentee)
                self.intake.leave(mentee, on, "withdrew")
                continue
            self.mentees.append(mentee)
            return self.pairing.match(mentee, mentor, on)

    def _lenders(self, office: Office, offer: Offer) -> list[Case]:
        """Return the mentors of the other divisions, in the order in which they came."""
        return [one for one in self.mentors if one.office is not office and one.offer is offer]

    def _were_paired(self, mentee: Case, mentor: Case) -> bool:
        return any(pair.mentee is mentee and pair.mentor is mentor for pair in self.history.pairs)

    def _somebody_again(self, on: date) -> Case | None:
        ready = [case for day, case in self.history.again if day + 21 * DAY < on < day + 300 * DAY]
        return self.world.one(ready) if ready and self.world.chance(0.12) else None

    def _wait(self, offices: Offices) -> None:
        """Fill the waiting list, and choose those for whom a proposal is under way."""
        world = self.world
        for day, case in self.history.again:
            if day > world.ago(260):
                self.waiting.promise(case)
            else:
                self.intake.leave(case, day + world.days(40, 200), "withdrew" if world.chance(0.6) else "no_contact")
        named = {office.place.name: office for office in offices.values()}
        job = next(offer for offer in world.offers if offer.programme.name == JOB)
        self.longest = self.waiting.enrol(named["Vollsmose"], job, LONGEST, native="ar", facts=THE_LONGEST)
        self.waiting.enrol(named["København"], job, SHORTEST)
        for place, native, days, facts in HARD_CASES:
            self.waiting.enrol(named[place], job, days, native=native, facts=facts)
        for office in offices.values():
            there = sum(case.office is office for case in self.waiting.cases)
            for _ in range(office.place.waiting - there):
                self.waiting.enrol(office, self.arrivals.offer(office, world.ago(3)), self.waiting.age(office.place))
        # These are on their way off the list.
        for number in range(31):
            office = offices[Weighted(MENTEE_DIVISIONS).one(world.random)]
            offer = self.arrivals.offer(office, world.ago(30))
            if number < 8:
                offer = next(one for one in world.offers if one.programme.name == GRADUATES)
                office = named["København" if number < 5 else "Aarhus"]
            mentee = self.arrivals.mentee(office, offer, world.ago(world.random.randint(40, 200)), latest=world.ago(14))
            self.waiting.promise(mentee, soonest=9)
            self.waiting.cases.remove(mentee)
            self.to_propose.append(mentee)

    def _settle_mentors(self) -> None:
        """Say who of the free mentors is still there: in the bank, resting, to be briefed; the others have left."""
        world = self.world
        newest = sorted(
            (mentor for mentor in self.mentors if not mentor.busy), key=lambda mentor: mentor.enrolment.created_at
        )[-UNBRIEFED:]
        unbriefed = {id(mentor) for mentor in newest if mentor.last_seen > world.ago(150)}
        for mentor in newest:
            if id(mentor) in unbriefed:
                mentor.enrolment.briefed_on = mentor.enrolment.since = None
        free = [m for m in self.mentors if not m.enrolment.active and id(m) not in unbriefed]
        partly = sum(0 < m.enrolment.active < m.enrolment.capacity for m in self.mentors)
        by_interest = sorted(
            free,
            key=lambda m: (world.today - m.last_seen).days - min(500, world.random.expovariate(1 / 250)),
        )
        stay = by_interest[: BANK - partly + RESTING]
        resting = {id(mentor) for mentor in world.random.sample(stay, RESTING)}
        for mentor in stay:
            if id(mentor) in resting:
                if world.chance(0.1):
                    mentor.enrolment.capacity = 0
                else:
                    mentor.enrolment.resting_until = world.today + world.days(5, 150)
            elif world.chance(0.03):
                mentor.enrolment.resting_until = world.ago(world.random.randint(1, 60))
        for mentor in by_interest[len(stay) :]:
            gone = (world.today - mentor.last_seen).days
            on = mentor.last_seen + timedelta(days=world.random.randint(min(14, gone - 1), max(14, gone - 1)))
            self.intake.leave(
                mentor, on, world.random.choices(("withdrew", "moved", "no_contact", "other"), (55, 15, 20, 10))[0]
            )

    def _welcome(self) -> None:
        """Let the mentor come for whom the one who has waited longest has waited."""
        assert self.longest is not None
        office, offer = self.longest.office, self.longest.offer
        human = self.registrar.newcomer(office.place, Role.MENTOR, self.world.ago(23), background=DANE)
        self.registrar.better(human, Role.MENTOR, **HER_MENTOR)
        self.newest = self.intake.admit(human, Role.MENTOR, office, offer, self.world.ago(23))
        self.mentors.append(self.newest)

    def _tell_proposals(self) -> None:
        """Make the proposals that partnerships came from, and some that came to nothing."""
        world = self.world
        for pair in self.history.pairs:
            matched_on = pair.partnership.matched_on
            assert matched_on is not None
            if matched_on < world.ago(KEPT_FOR):
                continue
            joined = pair.mentee.joined
            if world.chance(0.3) and (matched_on - joined).days > 40 and len(pair.mentee.busy) == 1:
                on = joined + timedelta(days=world.random.randint(8, (matched_on - joined).days - 24))
                self.proposing.unfinished(pair.mentee, self._pool(pair.mentee.office, pair.mentee.offer), on)
            self.proposing.accepted(pair)
        assert self.longest is not None
        pool = self._pool(self.longest.office, self.longest.offer)
        for days, state in ((260, ProposalState.DECLINED), (118, ProposalState.EXPIRED)):
            self.proposing.unfinished(self.longest, pool, world.ago(days), state)
        recent = 0
        for case in self.waiting.cases:
            waited = (world.today - case.joined).days
            if case is self.longest or waited < 40 or case.busy:
                continue
            pool = self._pool(case.office, case.offer)
            if recent < 5 and world.chance(0.2):
                recent += self.proposing.unfinished(case, pool, world.ago(7), ProposalState.DECLINED) is not None
            elif world.chance(0.3):
                self.proposing.unfinished(case, pool, case.joined + world.days(10, waited - 25))

    def _apply(self, offices: Offices) -> None:
        """Leave applications of all stages on the desk."""
        world = self.world
        states: Sequence[tuple[ApplicationState, int]] = (
            (ApplicationState.RECEIVED, 17),
            (ApplicationState.BOOKED, 14),
            (ApplicationState.INTERVIEWED, 9),
            (ApplicationState.DECLINED, 58),
            (ApplicationState.WITHDRAWN, 26),
        )
        homes = Weighted(MENTEE_DIVISIONS)
        for state, number in states:
            for turn in range(number):
                office = offices[homes.one(world.random)]
                role = Role.MENTEE if world.chance(0.6) else Role.MENTOR
                self._applicant(office, role, state, turn)

    def _applicant(self, office: Office, role: Role, state: ApplicationState, turn: int) -> None:
        world = self.world
        decided = state in {ApplicationState.DECLINED, ApplicationState.WITHDRAWN}
        on = world.ago(world.random.randint(30, 1_400) if decided else world.random.randint(2, 20))
        offer = self.arrivals.offer(office, on)
        if not decided:
            while is_closed(world, office, role, offer, on):
                on -= DAY
        human = self.registrar.newcomer(office.place, role, on, sparse=world.chance(0.3))
        heard_on = None
        if state == ApplicationState.BOOKED:
            # Four of them today.
            heard_on = world.today + timedelta(days=0 if turn < 4 else world.random.randint(1, 6))
            if heard_on > world.today and heard_on.weekday() > 4:
                heard_on += timedelta(days=7 - heard_on.weekday())
        elif state == ApplicationState.INTERVIEWED:
            heard_on = max(on, world.workday(world.ago(world.random.randint(1, 5))))
        elif state == ApplicationState.DECLINED:
            heard_on = world.workday(on + world.days(6, 20))
        held = heard_on is not None and state != ApplicationState.BOOKED
        self.registrar.write(human, role, since=on, heard_on=heard_on if held else None)
        application = self.intake.apply(human, role, office, offer, on, state)
        if heard_on is not None:
            by = world.coworker(office, heard_on)
            self.intake.interview(application, human, max(on, heard_on), by, held=held)
            if state == ApplicationState.DECLINED:
                self.intake.decide(application, heard_on + world.days(1, 6), by, ApplicationState.DECLINED)

    def _give_up(self, offices: Offices) -> None:
        """Fill up with mentees who left before anybody was found."""
        world = self.world
        homes = Weighted(MENTEE_DIVISIONS)
        while len(world.made(Person)) < PEOPLE:
            office = offices[homes.one(world.random)]
            on = world.ago(world.random.randint(150, HISTORY_DAYS))
            case = self.arrivals.mentee(office, self.arrivals.offer(office, on), on, latest=on + 60 * DAY)
            waited = min(world.random.randint(30, 420), (world.today - case.joined).days - 1)
            reason = world.random.choices(("withdrew", "no_contact", "moved", "done", "other"), (34, 24, 16, 18, 8))[0]
            self.intake.leave(case, case.joined + timedelta(days=waited), reason)

    def _avoid(self) -> None:
        """Let a few people of the same division not meet."""
        world = self.world
        reasons = ("svigerinder", "bor i samme opgang", "tidligere kolleger", "familierne kender hinanden", "")
        for _ in range(14):
            case = world.one(self.waiting.cases)
            mentor = world.one(self._pool(case.office, case.offer))
            if case.human is not mentor.human and not self._is_avoided(case.human.person, mentor.human.person):
                on = world.workday(world.today - world.days(1, max(2, (world.today - case.joined).days)))
                world.add(
                    Avoidance(
                        person=case.human.person,
                        other=mentor.human.person,
                        reason=world.one(reasons),
                        created_at=world.at(on),
                        created_by=case.owner.key,
                    )
                )

    def _is_avoided(self, person: Person, other: Person) -> bool:
        return any(row.person is person and row.other is other for row in self.world.made(Avoidance))

    def _count_pairs(self) -> None:
        """Let profiles tell how many partnerships a mentor has been in."""
        for mentor in self.mentors:
            closed = sum(until <= self.world.today for _, until in mentor.busy)
            profile = mentor.human.profiles[Role.MENTOR]
            if closed or profile.pairs_before is not None:
                profile.pairs_before = closed
