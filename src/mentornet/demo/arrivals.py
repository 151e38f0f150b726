"""How people come to the demo network: to which programme, and fit for it."""

from __future__ import annotations

from datetime import date

from mentornet.demo.entry import Case, Intake
from mentornet.demo.organisation import EVERYDAY, GRADUATES, JOB
from mentornet.demo.persons import Human, Registrar
from mentornet.demo.places import VOLLSMOSE
from mentornet.demo.world import DAY, Offer, Office, World
from mentornet.people.enums import Role
from mentornet.people.models import LanguageSkill
from reference.cefr import Level
from reference.people import LanguageSkill as Skill


class Arrivals:
    """Lets mentees and mentors come."""

    def __init__(self, world: World, registrar: Registrar, intake: Intake) -> None:
        self.world = world
        self.registrar = registrar
        self.intake = intake

    def offer(self, office: Office, on: date) -> Offer:
        """Draw the programme that somebody applies to, of those that ran on a day."""
        world = self.world
        offers = {offer.programme.name: offer for offer in world.offers}
        draw = world.random.random()
        for name, share in ((GRADUATES, 0.17), (EVERYDAY, 0.3 if office.place is VOLLSMOSE else 0.0)):
            offer = offers[name]
            if draw < share and offer.programme.created_at.date() + 14 * DAY < on:
                return offer
            draw -= share if draw >= share else 0
        return offers[JOB]

    def mentor(self, office: Office, offer: Offer, on: date) -> Case:
        """Let a mentor come, and be approved."""
        world = self.world
        human = self.registrar.newcomer(office.place, Role.MENTOR, on, sparse=world.chance(0.04))
        self._fit_mentor(human, offer)
        if offer.programme.name == GRADUATES and world.chance(0.07):
            self.registrar.make_man(human)
        return self.intake.admit(human, Role.MENTOR, office, offer, on)

    def _fit_mentor(self, human: Human, offer: Offer) -> None:
        known = human.known[Role.MENTOR]
        facts: dict[str, object] = {}
        if known.languages is None:
            # Whoever has talked with her knows.
            facts["languages"] = (Skill(human.background.native, Level.C2), Skill("da", Level.C2))[
                human.background.native == "da" :
            ]
        if offer.programme.name == GRADUATES and (known.education or 0) < 6:
            facts["education"] = 6
        arabic = human.background.native == "ar" or any(skill.code == "ar" for skill in known.languages or ())
        if arabic and known.occupation in {"2262", None}:
            # The profile that the bank lacks: a pharmacist who speaks Arabic.
            facts |= {"occupation": "2264", "sector": "sundhed"}
        if facts:
            self.registrar.better(human, Role.MENTOR, **facts)

    def mentee(self, office: Office, offer: Offer, on: date, *, latest: date | None = None) -> Case:
        """Let a mentee come, and be approved."""
        human = self.registrar.newcomer(office.place, Role.MENTEE, on, sparse=self.world.chance(0.05))
        self._fit_mentee(human, offer)
        return self.intake.admit(human, Role.MENTEE, office, offer, on, latest=latest)

    def _fit_mentee(self, human: Human, offer: Offer) -> None:
        if offer.programme.name == GRADUATES:
            if (human.known[Role.MENTEE].education or 0) < 6:
                self.registrar.better(human, Role.MENTEE, education=6)
            if self.world.chance(0.12):
                self.registrar.make_man(human)

    def come_back(self, human: Human, office: Office, on: date) -> Case:
        """Let a mentee of before become a mentor."""
        self.registrar.give_role(human, Role.MENTOR)
        skills = human.known[Role.MENTEE].languages
        for row in self.world.made(LanguageSkill):
            if row.person is human.person and row.code == "da":
                row.level = "C1"
        self.registrar.better(human, Role.MENTOR, languages=skills)
        offer = self.offer(office, on)
        self._fit_mentor(human, offer)
        return self.intake.admit(human, Role.MENTOR, office, offer, self.world.workday(on))
