"""Ways into the demo network: contact persons, links that members share, an intake that is closed, drafts under way."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, time, timedelta
from random import Random
from typing import Any, Final

from mentornet.demo.entry import Case, Intake
from mentornet.demo.organisation import JOB
from mentornet.demo.persons import Registrar
from mentornet.demo.places import VOLLSMOSE, in_area
from mentornet.demo.shared_texts import CLOSED_WORDS, KNOWS_PEOPLE
from mentornet.demo.texts import HEARD_THROUGH
from mentornet.demo.world import Offer, Office, World
from mentornet.intake.enums import ApplicationState, Applying, ContactPersonState, Referrer, WayIn
from mentornet.intake.models import (
    Application,
    ApplicationDraft,
    ContactPerson,
    IntakeWindow,
    Referral,
)
from mentornet.intake.services.drafts import KEPT_FOR
from mentornet.people.enums import ContactWay, Role
from mentornet.people.models import Person

CLOSED_FOR: Final = 5
"""The intake of mentees where most wait was closed so many days ago."""
PRE_REGISTERED: Final = 6
CONTACT_PERSONS: Final = 8
NEW_TO_US: Final = 5
"""Of the contact persons of a division so many are nothing else; the others are its mentors, or were."""
SENT_BY_MEMBERS: Final = 14
NOTED_FOR: Final = 365
"""How an application came is known of those of the last so many days."""
LED_BY: Final = {
    "en veninde": Referrer.FRIEND,
    "sprogskolen": Referrer.LANGUAGE_SCHOOL,
    "jobcentret": Referrer.JOB_CENTRE,
    "boligforeningens café": Referrer.HOUSING,
    "søgte selv på nettet": Referrer.HERSELF,
    "en tidligere mentor": Referrer.MEMBER,
    "en mentee fra netværket": Referrer.MEMBER,
}
_SIGNS: Final = "abcdefghjkmnpqrstuvwxyz23456789"


def code_from(random: Random) -> str:
    """Draw a link's code as the program would, from a chance that can be repeated."""
    return "".join(random.choice(_SIGNS) for _ in range(8))


def is_closed(world: World, office: Office, role: Role, offer: Offer, on: date) -> bool:
    """Tell whether an intake was closed on a day."""
    closed = office.place is VOLLSMOSE and role == Role.MENTEE and offer.programme.name == JOB
    return closed and on >= world.ago(CLOSED_FOR)


class Doors:
    """Lets people come by other ways than an open intake, and notes by which way the others came."""

    def __init__(self, world: World, registrar: Registrar, intake: Intake) -> None:
        self.world = world.aside("doors")
        self.registrar = registrar
        self.intake = intake

    def open(self, offices: Collection[Office], mentors: Sequence[Case]) -> None:
        """Fill in contact persons, and those who wrote to a closed intake."""
        for office in offices:
            there = [case for case in mentors if case.office is office and case.human.person.email]
            self._know(office, there)
            if office.place is VOLLSMOSE:
                self._close(office)

    # Contact persons --------------------------------------------------------------------------------------------------

    def _know(self, office: Office, mentors: Sequence[Case]) -> None:
        world = self.world
        known = world.random.sample(range(len(KNOWS_PEOPLE)), CONTACT_PERSONS)
        cases = world.random.sample(mentors, CONTACT_PERSONS - NEW_TO_US)
        for number, index in enumerate(known):
            words, groups = KNOWS_PEOPLE[index]
            state = ContactPersonState.CONFIRMED
            if number == 0:
                state = ContactPersonState.ASKED
            elif number == CONTACT_PERSONS - 1:
                state = ContactPersonState.LEFT
            asked_on = world.ago(world.random.randint(2, 12) if number == 0 else world.random.randint(60, 1_100))
            person = cases[number - NEW_TO_US].human.person if number >= NEW_TO_US else self._newcomer(office, asked_on)
            contact = world.add(
                ContactPerson(
                    id=world.key(),
                    created_at=world.at(asked_on, (8, 22)),
                    person=person,
                    division=office.division,
                    field_words=words,
                    groups=groups,  # type: ignore[misc]  # a field of words
                    regions=office.place.area if world.chance(0.7) else f"mest {in_area(person.area)}",
                    heard_through=world.one(HEARD_THROUGH),
                    state=state,
                    asked_on=asked_on,
                    confirmed_on=None if state == ContactPersonState.ASKED else asked_on + world.days(2, 12),
                    left_on=world.ago(world.random.randint(5, 45)) if state == ContactPersonState.LEFT else None,
                )
            )
            if state == ContactPersonState.CONFIRMED and (number < 4 or world.chance(0.5)):
                assert contact.confirmed_on is not None
                self.refer(person, contact.confirmed_on)

    def _newcomer(self, office: Office, on: date) -> Person:
        human = self.registrar.newcomer(office.place, Role.MENTOR, on)
        human.person.area = human.person.area or office.place.name
        return self.world.add(human.person)

    def refer(self, person: Person, since: date) -> Referral:
        """Give somebody a link of her own."""
        world = self.world
        return world.add(
            Referral(
                id=world.key(),
                created_at=world.at(since, (9, 21)),
                person=person,
                code=code_from(world.random),
                since=since,
            )
        )

    # A closed intake --------------------------------------------------------------------------------------------------

    def _close(self, office: Office) -> None:
        world = self.world
        job = next(offer for offer in world.offers if offer.programme.name == JOB)
        since = world.ago(CLOSED_FOR)
        world.add(
            IntakeWindow(
                id=world.key(),
                created_at=world.at(since, (8, 9)),
                division=office.division,
                role=Applying.MENTEE,
                programme=job.programme,
                is_open=False,
                since=since,
                reason=dict(CLOSED_WORDS),
                changed_by=office.staff[0].key,
            )
        )
        for _ in range(PRE_REGISTERED):
            on = world.ago(world.random.randint(1, CLOSED_FOR))
            human = self.registrar.newcomer(office.place, Role.MENTEE, on)
            self.registrar.write(human, Role.MENTEE, since=on, heard_on=None)
            self.intake.apply(human, Role.MENTEE, office, job, on, ApplicationState.PRE_REGISTERED)

    # By which way they came -------------------------------------------------------------------------------------------

    def note_ways(self, mentors: Sequence[Case]) -> None:
        """Note how the applications of the last year came, and which of them members have sent."""
        world = self.world
        lately = [row for row in world.made(Application) if row.received_on >= world.ago(NOTED_FOR)]
        for row in lately:
            by_herself = world.chance(0.78)
            row.way_in = WayIn.SITE if by_herself else WayIn.DESK
            row.fits = True
            if row.heard_through:
                row.referrer = LED_BY.get(row.heard_through, Referrer.OTHER)
            if by_herself:
                row.language = row.person.language
                row.contact_confirmed = bool(row.person.email or row.person.phone)
            else:
                office = next(one for one in world.offices if one.division is row.division)
                row.entered_by = world.coworker(office, row.received_on).key
        self._send(lately, mentors)

    def _send(self, applications: Sequence[Application], mentors: Sequence[Case]) -> None:
        """Let some have come through a link: of contact persons, and of mentors who take part."""
        world = self.world
        busy = [case for case in mentors if case.enrolment.active and case.human.person.email]
        known = {row.person_id for row in world.made(Referral)}
        for case in world.random.sample(busy, min(24, len(busy))):
            if case.human.person.pk not in known:
                known.add(case.human.person.pk)
                self.refer(
                    case.human.person, case.joined + world.days(0, max(1, (world.today - case.joined).days // 2))
                )
        links = world.made(Referral)
        sent = world.random.sample(applications, min(len(applications), SENT_BY_MEMBERS * 4))
        for application in sent[::4]:
            able = [
                one for one in links if one.since < application.received_on and one.person is not application.person
            ]
            if able:
                application.referred_by = world.one(able)
                application.referrer, application.way_in = Referrer.MEMBER, WayIn.SITE
                application.heard_through, application.entered_by = "en kollega", ""
                application.language = application.language or application.person.language

    # Drafts -----------------------------------------------------------------------------------------------------------

    def begin(self, offices: Sequence[Office]) -> None:
        """Leave a few applications that somebody is still writing."""
        job = next(offer for offer in self.world.offers if offer.programme.name == JOB)
        for number, (role, language, first, step, answers) in enumerate(_DRAFTS):
            self._draft(offices[number % len(offices)], job, number, role, language, first, step, answers)

    def _draft(
        self,
        office: Office,
        offer: Offer,
        number: int,
        role: str,
        language: str,
        first: str,
        step: str,
        answers: dict[str, Any],
    ) -> None:
        world = self.world
        changed_on = world.ago(1 + number * 3)
        by_text = number == 1
        at = world.at(changed_on, (18, 22))
        world.add(
            ApplicationDraft(
                id=world.key(),
                created_at=at - timedelta(minutes=20),
                role=role,
                language=language,
                programme=None if role == Applying.CONTACT_PERSON else offer.programme,
                division=office.division,
                first_name=first,
                email="" if by_text else f"{first.lower()}.kladde@post.example",
                phone="+45 00 31 41 59" if by_text else "",
                contact_way=ContactWay.TEXT if by_text else "",
                contact_from=time(9) if by_text else None,
                contact_until=time(14) if by_text else None,
                answers=answers,
                step=step,
                changed_at=at,
                expires_on=changed_on + KEPT_FOR,
            )
        )


_DRAFTS: Final[Sequence[tuple[str, str, str, str, dict[str, Any]]]] = (
    ("mentee", "ar", "Huda", "goals", {"programme": {"eligible": "yes"}, "languages": {"skills": [["ar", "C2"]]}}),
    ("mentee", "fa", "Mahnaz", "languages", {"programme": {"eligible": "yes"}}),
    ("mentor", "da", "Vibeke", "offer", {"languages": {"skills": [["da", "C2"], ["en", "C1"]]}}),
    ("mentee", "uk", "Oksana", "work", {"programme": {"eligible": "unsure"}}),
    ("contact_person", "da", "Annelise", "network", {"network": {"field_words": "Sygeplejersker og bioanalytikere"}}),
)
