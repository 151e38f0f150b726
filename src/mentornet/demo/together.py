"""What partnerships of the demo network that run do together: agreement, meetings told of and planned, goals, doors."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from mentornet.demo.lists import Weighted
from mentornet.demo.pairs import Pair
from mentornet.demo.shared_texts import DOORS, EXTRAS, GOALS
from mentornet.demo.world import DAY, World
from mentornet.divisions.models import MeetingPlace
from mentornet.partnerships.enums import CameOfIt, Door, MeetingWay, PartnershipState, Sector, SharedContact, SignedHow
from mentornet.partnerships.models import (
    Account,
    Agreement,
    AgreementSignature,
    AgreementTemplate,
    Goal,
    GoalStep,
    Introduction,
    Meeting,
    PlannedMeeting,
)
from mentornet.partnerships.queries import newest_templates
from mentornet.partnerships.validators import CHOICES
from mentornet.partnerships.wording import DANISH, filled_in, text_hash
from mentornet.people.enums import Role
from mentornet.people.recipients import person_key
from reference.people import MeetingMode
from reference.topics import Topic

TOLD_FOR: Final = 548
"""What runs since longer than so many days has no more of this than its meetings."""
DAYS_OF_A_MONTH: Final = 30.44
HOURS: Final = (time(10), time(13), time(16, 30), time(17), time(18))
SHARES: Final = Weighted({SharedContact.PHONE: 55, SharedContact.BOTH: 20, SharedContact.EMAIL: 10, "": 15})
CAME_OF_IT: Final = Weighted(
    {
        CameOfIt.NOTHING_YET: 30,
        CameOfIt.TALK: 34,
        CameOfIt.INTERNSHIP: 13,
        CameOfIt.INTERVIEW: 12,
        CameOfIt.JOB: 8,
        CameOfIt.OTHER: 3,
    }
)
DOOR_SHARES: Final = Weighted(
    {
        Door.PERSON: 34,
        Door.COMPANY: 17,
        Door.VISIT: 15,
        Door.APPLICATION: 14,
        Door.EVENT: 12,
        Door.ASSOCIATION: 8,
    }
)
SECTORS: Final[Mapping[str, Sector]] = {
    "sundhed": Sector.CARE,
    "socialt arbejde": Sector.CARE,
    "undervisning": Sector.EDUCATION,
    "daginstitution": Sector.EDUCATION,
    "kontor": Sector.OFFICE,
    "regnskab": Sector.OFFICE,
    "personale": Sector.OFFICE,
    "ledelse": Sector.OFFICE,
    "jura": Sector.PUBLIC,
    "it": Sector.IT,
    "naturvidenskab": Sector.IT,
    "byggeri": Sector.INDUSTRY,
    "industri og lager": Sector.INDUSTRY,
    "handel": Sector.SHOPS,
    "skønhed": Sector.SHOPS,
    "restaurant og køkken": Sector.FOOD,
    "rengøring": Sector.CLEANING,
    "kommunikation": Sector.CULTURE,
    "kultur": Sector.CULTURE,
}


class Together:
    """Tells what two do together, from their match until today."""

    def __init__(self, world: World, pairs: Collection[Pair]) -> None:
        self.world = world.aside("together")
        self.pairs = [
            pair
            for pair in pairs
            if pair.partnership.is_running and (pair.partnership.matched_on or date.min) >= world.ago(TOLD_FOR)
        ]
        self.templates: Mapping[str, AgreementTemplate] = newest_templates()
        self.meetings: dict[UUID, list[Meeting]] = {}
        for meeting in world.made(Meeting):
            self.meetings.setdefault(meeting.partnership_id, []).append(meeting)
        self.places: dict[UUID, list[MeetingPlace]] = {}
        for place in world.made(MeetingPlace):
            self.places.setdefault(place.division_id, []).append(place)

    def tell_all(self) -> None:
        """Tell of every partnership that has begun lately."""
        for number, pair in enumerate(self.pairs):
            partnership = pair.partnership
            goals = self._topics(pair)
            self._agree(pair, goals, is_changed=number % 9 == 0)
            if partnership.first_met_on is None:
                continue
            self._account_for(pair, goals)
            partnership.mentor_shares = SHARES.one(self.world.random)
            partnership.mentee_shares = SHARES.one(self.world.random)
            self._aim(pair, goals)
            if self.world.chance(0.36):
                self._open_doors(pair)
            self._plan(pair)

    def _topics(self, pair: Pair) -> tuple[Topic, ...]:
        known = pair.mentee.human.known[Role.MENTEE]
        return tuple(known.topics or (Topic.DANISH, Topic.NETWORK))[: self.world.random.randint(1, 3)]

    def _goal_words(self, pair: Pair, topic: Topic) -> str:
        title = pair.mentee.enrolment.profile.occupation_title or "mig"
        return GOALS[topic][0].format(title=title)

    # The agreement ----------------------------------------------------------------------------------------------------

    def _agree(self, pair: Pair, topics: Collection[Topic], *, is_changed: bool) -> None:
        """Fill the agreement in, and let both sign it; a few have changed it since, a few have not signed yet."""
        world, partnership = self.world, pair.partnership
        assert partnership.matched_on is not None
        signed_on = partnership.agreement_on
        terms = self._terms(pair, topics)
        if signed_on is None:
            if partnership.first_met_on is None or not world.chance(0.75):
                return
            filled_on = min(partnership.first_met_on, world.today - DAY)
            agreement = self._fill_in(pair, terms, 1, filled_on)
            if world.chance(0.6):
                self._sign(pair, agreement, Role(agreement.side), filled_on, SignedHow.HERSELF)
            return
        filled_on = max(partnership.matched_on, signed_on - world.days(0, 6))
        agreement = self._fill_in(pair, terms, 1, filled_on)
        self._sign_both(pair, agreement, filled_on, signed_on)
        if is_changed and (world.today - signed_on).days > 60:
            changed_on = min(signed_on + world.days(30, 120), world.today - 5 * DAY)
            agreement.superseded_at = world.at(changed_on, (17, 20))
            terms = terms | {"frequency": "three_weeks", "minutes": "90"}
            agreement = self._fill_in(pair, terms, 2, changed_on, agreement.superseded_at)
            if world.chance(0.7):
                signed_on = partnership.agreement_on = changed_on + world.days(0, 4)
                self._sign_both(pair, agreement, changed_on, signed_on)
            else:
                self._sign(pair, agreement, Role(agreement.side), changed_on, SignedHow.HERSELF)
        if partnership.state != PartnershipState.CLOSING:
            partnership.agreed_until = signed_on + timedelta(days=round(int(terms["months"]) * DAYS_OF_A_MONTH))

    def _terms(self, pair: Pair, topics: Collection[Topic]) -> dict[str, Any]:
        world, partnership = self.world, pair.partnership
        assert partnership.matched_on is not None
        length = ((partnership.agreed_until or partnership.matched_on + 365 * DAY) - partnership.matched_on).days
        months = min(CHOICES["months"], key=lambda code: abs(int(code) * DAYS_OF_A_MONTH - length))
        ways = ["in_person"]
        modes = pair.mentee.human.known[Role.MENTEE].meeting
        if modes and MeetingMode.ONLINE in modes:
            ways.append("online")
        if world.chance(0.3):
            ways.append("phone")
        return {
            "goals": "\n".join(self._goal_words(pair, topic) for topic in topics),
            "frequency": world.one(("week", "fortnight", "fortnight", "fortnight", "three_weeks", "month")),
            "minutes": world.one(("60", "60", "90", "120")),
            "months": months,
            "ways": ways,
            "place": world.one(self.places[partnership.division_id]).words,
            "who_calls": world.one(("both", "both", "mentee", "mentor")),
            "extra": world.one(EXTRAS) if world.chance(0.4) else "",
        }

    def _fill_in(
        self, pair: Pair, terms: dict[str, Any], number: int, on: date, at: datetime | None = None
    ) -> Agreement:
        world = self.world
        mentee, mentor = pair.mentee.human.person, pair.mentor.human.person
        side = Role.MENTOR if world.chance(0.65) else Role.MENTEE
        return world.add(
            Agreement(
                id=world.key(),
                created_at=at or world.at(on, (9, 17)),
                partnership=pair.partnership,
                number=number,
                template_number=self.templates[DANISH].number,
                terms=terms,
                texts={
                    code: filled_in(one.wording, terms, mentee=mentee.name, mentor=mentor.name)
                    for code, one in self.templates.items()
                },
                language_mentee=mentee.language,
                language_mentor=mentor.language,
                side=side,
                made_by=person_key(mentor.pk if side == Role.MENTOR else mentee.pk),
            )
        )

    def _sign_both(self, pair: Pair, agreement: Agreement, since: date, last: date) -> None:
        """Let one sign some day, and the other on the last."""
        world = self.world
        on_paper = world.chance(0.22)
        first = Role(agreement.side)
        second = Role.MENTEE if first == Role.MENTOR else Role.MENTOR
        how = SignedHow.PAPER if on_paper else SignedHow.HERSELF
        earlier = since + timedelta(days=world.random.randint(0, (last - since).days))
        self._sign(pair, agreement, first, last if on_paper else earlier, how)
        self._sign(pair, agreement, second, last, how)

    def _sign(self, pair: Pair, agreement: Agreement, side: Role, on: date, how: SignedHow) -> None:
        world = self.world
        person = (pair.mentee if side == Role.MENTEE else pair.mentor).human.person
        language = person.language if how == SignedHow.HERSELF and person.language in agreement.texts else DANISH
        world.add(
            AgreementSignature(
                id=world.key(),
                created_at=max(world.at(on, (17, 22)), agreement.created_at + timedelta(minutes=5)),
                agreement=agreement,
                side=side,
                signed_on=on,
                name=person.name,
                language=language,
                text_hash=text_hash(agreement.texts[language]),
                how=how,
                noted_by=pair.mentee.owner.key if how == SignedHow.PAPER else person_key(person.pk),
            )
        )

    # Meetings ---------------------------------------------------------------------------------------------------------

    def _account_for(self, pair: Pair, topics: Collection[Topic]) -> None:
        """Let those who have told of a meeting say how they met and what about; sometimes the other tells of it too."""
        world = self.world
        modes = pair.mentee.human.known[Role.MENTEE].meeting or ()
        keys = {person_key(case.human.person.pk): role for case, role in self._sides(pair)}
        wanted = [*topics, Topic.DANISH, Topic.EVERYDAY_LIFE]
        for number, meeting in enumerate(self.meetings.get(pair.partnership.pk, ())):
            draw = world.random.random()
            meeting.way = MeetingWay.IN_PERSON
            if number and draw < 0.12:
                meeting.way = MeetingWay.PHONE
            elif number and MeetingMode.ONLINE in modes and draw < 0.35:
                meeting.way = MeetingWay.ONLINE
            about = world.random.sample(wanted, world.random.randint(1, 2))
            meeting.topics = tuple(dict.fromkeys(topic.value for topic in about))
            told = keys.get(meeting.told_by)
            if told is None:
                continue
            self._account(meeting, told, meeting.minutes, meeting.topics)
            if world.chance(0.3):
                other = Role.MENTEE if told == Role.MENTOR else Role.MENTOR
                self._account(meeting, other, meeting.minutes or 60, meeting.topics[:1])

    def _sides(self, pair: Pair) -> tuple[tuple[Any, Role], ...]:
        return ((pair.mentee, Role.MENTEE), (pair.mentor, Role.MENTOR))

    def _account(self, meeting: Meeting, side: Role, minutes: int | None, topics: tuple[str, ...]) -> None:
        self.world.add(
            Account(
                id=self.world.key(),
                created_at=meeting.created_at,
                meeting=meeting,
                side=side,
                minutes=minutes,
                way=meeting.way,
                topics=topics,  # type: ignore[misc]  # a field of words
            )
        )

    def _plan(self, pair: Pair) -> None:
        """Plan the next meeting; of some the time has just passed, and nobody has told of it yet."""
        world, partnership = self.world, pair.partnership
        if partnership.state == PartnershipState.PAUSED:
            return
        draw = world.random.random()
        if draw < 0.62:
            on = world.today + world.days(1, 13)
        elif draw < 0.72:
            on = world.ago(world.random.randint(1, 3))
        else:
            return
        since = max(partnership.matched_on or on, world.ago(8), min(on - DAY, world.ago(5)))
        at = min(world.at(since, (8, 20)), world.at(world.today - DAY))
        world.add(
            PlannedMeeting(
                id=world.key(),
                created_at=at,
                partnership=partnership,
                at=datetime.combine(on, world.one(HOURS), tzinfo=world.zone),
                minutes=world.one((60, 60, 90)),
                place=world.one(self.places[partnership.division_id]).words,
                side=Role.MENTOR if world.chance(0.6) else Role.MENTEE,
                changed_at=at,
            )
        )

    # What they work on ------------------------------------------------------------------------------------------------

    def _aim(self, pair: Pair, topics: Collection[Topic]) -> None:
        """Write goals with small steps; some are reached."""
        world, partnership = self.world, pair.partnership
        assert partnership.first_met_on is not None
        first, last = partnership.first_met_on, world.today - DAY
        for topic in topics:
            on = min(first + world.days(0, 30), last)
            at = world.at(on, (17, 21))
            goal = world.add(
                Goal(
                    id=world.key(),
                    created_at=at,
                    partnership=partnership,
                    words=self._goal_words(pair, topic),
                    side=Role.MENTEE if world.chance(0.6) else Role.MENTOR,
                )
            )
            steps = GOALS[topic][1]
            share = min(1.0, (last - on).days / 200 + world.random.uniform(-0.25, 0.3))
            days = []
            for number, words in enumerate(steps):
                is_done = number < round(share * len(steps))
                done_on = min(on + timedelta(days=14 * number) + world.days(3, 14), last) if is_done else None
                days.append(done_on)
                world.add(
                    GoalStep(
                        id=world.key(),
                        created_at=at + timedelta(minutes=number + 1),
                        goal=goal,
                        words=words,
                        side=Role.MENTEE if world.chance(0.5) else Role.MENTOR,
                        done_on=done_on,
                    )
                )
            if all(days) and world.chance(0.6):
                goal.reached_on, goal.changed_by = max(day for day in days if day), Role.MENTEE

    def _open_doors(self, pair: Pair) -> None:
        """Tell which doors the mentor has opened, and what came of it."""
        world, partnership = self.world, pair.partnership
        assert partnership.first_met_on is not None
        since = (world.today - partnership.first_met_on).days
        if since < 20:
            return
        field = pair.mentor.human.known[Role.MENTOR].sector or pair.mentee.human.known[Role.MENTEE].sector
        for _ in range(world.one((1, 1, 2, 3))):
            on = partnership.first_met_on + world.days(14, since - 1)
            door = DOOR_SHARES.one(world.random)
            is_fresh = (world.today - on).days < 15
            world.add(
                Introduction(
                    id=world.key(),
                    created_at=world.at(min(on + world.days(0, 3), world.today - DAY), (17, 22)),
                    partnership=partnership,
                    on=on,
                    door=door,
                    sector=SECTORS.get(field or "", Sector.OTHER),
                    came_of_it=CameOfIt.NOTHING_YET if is_fresh else CAME_OF_IT.one(world.random),
                    words=world.one(DOORS[door]),
                    side=Role.MENTOR if world.chance(0.75) else Role.MENTEE,
                )
            )
