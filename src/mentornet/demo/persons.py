"""People of the demo network: names, contact details, what they speak, and their profiles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random
from typing import Any, Final

from mentornet.common.ordering import folded
from mentornet.demo.lives import GOALS
from mentornet.demo.more_names import MEN, MORE
from mentornet.demo.names import Background
from mentornet.demo.places import AREAS, Place, in_area
from mentornet.demo.population import MENTEE_BACKGROUNDS, MENTOR_BACKGROUNDS, Population
from mentornet.demo.texts import (
    AIMS,
    AIMS_IN_ENGLISH,
    GIVES,
    HOMES,
    LIKES,
    MENTEE_WISHES,
    MENTOR_WISHES,
    SAFE_CONTACTS,
    WORKS,
    WORKS_FROM_ELSEWHERE,
    WORKS_NO_MORE,
)
from mentornet.demo.world import World
from mentornet.people.enums import Provenance, Role
from mentornet.people.facts import stored_facts
from mentornet.people.models import LanguageSkill, Person, Profile
from reference import isco
from reference.cefr import Level
from reference.people import LanguageSkill as Skill
from reference.people import Mentee, Mentor
from reference.topics import Topic

_PLAIN: Final = str.maketrans(
    {"æ": "ae", "ø": "oe", "å": "aa", "ö": "o", "ü": "u", "ç": "c", "ş": "s", "ğ": "g", "ı": "i", "ł": "l", "ń": "n"}
    | {"á": "a", "é": "e", "í": "i", "ó": "o", "ú": "u", "ñ": "n", "ć": "c", "č": "c", "ž": "z", "š": "s", "đ": "d"}
    | {"ż": "z", "ź": "z", "ś": "s", "ą": "a", "ę": "e", "ã": "a", "ê": "e", "ô": "o", " ": ".", "'": "", "̇": ""}
)


@dataclass
class Human:
    """Somebody, with what is known of her before it becomes rows.

    Attributes:
        known: by role, as a spreadsheet would tell it.
    """

    person: Person
    background: Background
    place: Place
    known: dict[Role, Mentee | Mentor] = field(default_factory=dict)
    profiles: dict[Role, Profile] = field(default_factory=dict)


class Registrar:
    """Makes people, all with names of their own as far as names go."""

    def __init__(self, world: World) -> None:
        self.world = world
        # People and their stories draw from chances of their own: more of one does not change the other.
        self.random = Random(world.random.getrandbits(64))
        self._names: set[str] = set()
        self._addresses: set[str] = set()
        self._crowds: dict[tuple[str, Role, float], Population] = {}

    def newcomer(
        self, place: Place, role: Role, created_on: date, *, background: Background | None = None, sparse: bool = False
    ) -> Human:
        """Make a person with a role."""
        crowd = self._crowd(place, role, 0.45 if sparse else 0.08)
        if background is None:
            background = crowd.backgrounds.one(self.random)
        person = self._person(role, background, created_on)
        human = Human(person, background, place)
        self.give_role(human, role, sparse=sparse)
        return human

    def give_role(self, human: Human, role: Role, *, sparse: bool = False) -> None:
        """Draw what somebody wants or offers in a role."""
        crowd = self._crowd(human.place, role, 0.45 if sparse else 0.08)
        known: Mentee | Mentor
        if role == Role.MENTEE:
            known = crowd.mentee("", 0, background=human.background)
        else:
            known = crowd.mentor("", 0, background=human.background)
        if known.postcode is not None and not human.person.postcode:
            human.person.postcode = known.postcode
            human.person.area = AREAS[known.postcode]
        human.known[role] = known

    def _crowd(self, place: Place, role: Role, unknown: float) -> Population:
        key = (place.name, role, unknown)
        if key not in self._crowds:
            backgrounds = MENTEE_BACKGROUNDS if role == Role.MENTEE else MENTOR_BACKGROUNDS
            self._crowds[key] = Population(
                self.random,
                divisions={place.home: 1.0},
                backgrounds=backgrounds,
                today=self.world.today,
                unknown=unknown,
            )
        return self._crowds[key]

    def _person(self, role: Role, background: Background, created_on: date) -> Person:
        world = self.world
        first, last = self._name(background, is_man=False)
        age = self.random.triangular(19, 66, 34 if role == Role.MENTEE else 46)
        dane = background.native == "da"
        person = Person(
            id=world.key(),
            created_at=world.at(created_on, (8, 22)),
            first_name=first,
            last_name=last,
            birth_year=None if world.chance(0.12) else world.today.year - int(age),
            language="en" if role == Role.MENTEE and not dane and world.chance(0.3) else "da",
            phone="" if world.chance(0.06) else f"+45 00 {self._digits()} {self._digits()} {self._digits()}",
            safe_contact=world.one(SAFE_CONTACTS) if role == Role.MENTEE and world.chance(0.07) else "",
        )
        self._address(person, 0.1 if role == Role.MENTEE else 0.02)
        return person

    def _digits(self) -> str:
        return f"{self.random.randrange(100):02d}"

    def _address(self, person: Person, without: float) -> None:
        name = f"{folded(person.first_name)} {folded(person.last_name)}".translate(_PLAIN)
        plain = "".join(sign for sign in name if sign.isascii() and (sign.isalnum() or sign in ".-"))
        number = 1
        while (address := f"{plain}{number if number > 1 else ''}@post.example") in self._addresses:
            number += 1
        self._addresses.add(address)
        person.email = "" if self.world.chance(without) else address
        person.set_name_keys()

    def make_man(self, human: Human) -> None:
        """Give somebody a man's first name, where there are any for the mother tongue."""
        native = human.background.native
        if native in MEN:
            human.person.first_name, human.person.last_name = self._name(human.background, is_man=True)
            self._address(human.person, 0.05)

    def _name(self, background: Background, *, is_man: bool) -> tuple[str, str]:
        more_first, more_last = MORE.get(background.native, ((), ()))
        firsts = MEN[background.native] if is_man else background.first_names + more_first
        lasts = background.surnames + more_last
        first = last = ""
        for attempt in range(8):
            first, last = self.random.choice(firsts), self.random.choice(lasts)
            if attempt > 5 or (background.native == "da" and self.random.random() < 0.12):
                # As many do: two family names.
                last = f"{self.random.choice(lasts)} {last}"
            if f"{first} {last}" not in self._names:
                break
        self._names.add(f"{first} {last}")
        return first, last

    def better(self, human: Human, role: Role, **facts: Any) -> None:
        """Set facts of somebody in a role."""
        human.known[role] = replace(human.known[role], **facts)

    def write(self, human: Human, role: Role, *, since: date, heard_on: date | None) -> Profile:
        """Make the rows of a person who applied on a day, and of her profile in a role, as heard at an interview."""
        world, known = self.world, human.known[role]
        if not human.profiles:
            world.add(human.person)
            self._write_languages(human.person, known.languages or ())
        facts = stored_facts(known) | self._words(human, role)
        changed_on = heard_on or since
        profile = world.add(
            Profile(
                id=world.key(),
                created_at=world.at(since, (8, 22)),
                person=human.person,
                role=role,
                changed_at=world.at(changed_on),
                stamp=world.stamp(),
                provenance=self._provenance(
                    facts | {"languages": known.languages}, since, heard_on, quiet=world.chance(0.2)
                ),
                **facts,
            )
        )
        human.profiles[role] = profile
        return profile

    def _write_languages(self, person: Person, skills: tuple[Skill, ...]) -> None:
        for position, skill in enumerate(skills):
            level = skill.level.name if skill.level is not None else ""
            self.world.add(LanguageSkill(person=person, code=skill.code, level=level, position=position))

    def _provenance(
        self, facts: Mapping[str, Any], since: date, heard_on: date | None, *, quiet: bool
    ) -> dict[str, list[str]]:
        """Return where each known fact comes from: what she wrote, what was heard, what she has confirmed since."""
        found = {}
        for name, value in facts.items():
            if value in (None, "", ()):
                continue
            source, day = Provenance.SELF_REPORTED, since
            if heard_on is not None:
                draw = self.random.random()
                if draw < 0.55:
                    source, day = Provenance.HEARD, heard_on
                if draw < 0.2 and not quiet:
                    source, day = Provenance.CONFIRMED, min(heard_on + timedelta(days=4), self.world.today)
            found[name] = [source.value, day.isoformat()]
        return found

    def _words(self, human: Human, role: Role) -> dict[str, str]:
        """Return what she has written: title, about herself, wishes."""
        world, known = self.world, human.known[role]
        group = isco.group(known.occupation) if known.occupation else None
        title = world.one((group.synonyms["da"] or (group.titles["da"],))[:2]) if group else ""
        values = {
            "title": title,
            "title_en": group.synonyms["en"][0] if group and group.synonyms["en"] else title,
            "in_area": in_area(human.person.area or human.place.name),
            "interest": world.one(known.interests) if known.interests else "lange gåture",
            "years": self.random.choice((2, 3, 4, 5, 6, 8, 10, 12)),
            "count": self.random.choice((30, 40, 60, 80)),
        }
        sentences = self._about_mentee(known) if role == Role.MENTEE else self._about_mentor(human)
        about = " ".join(
            sentence.format_map(values) for sentence in sentences if sentence and (title or "{title" not in sentence)
        )
        wishes = MENTEE_WISHES if role == Role.MENTEE else MENTOR_WISHES
        wish = world.filled(wishes, values) if world.chance(0.5 if role == Role.MENTEE else 0.3) else ""
        if world.chance(0.12):
            about = ""
        return {"occupation_title": title, "about": about, "wishes": wish}

    def _about_mentee(self, known: Mentee | Mentor) -> list[str]:
        world = self.world
        danish = next((skill.level for skill in known.languages or () if skill.code == "da"), None)
        english = any(skill.code == "en" and (skill.level or Level.A1) >= Level.B2 for skill in known.languages or ())
        if english and danish is not None and danish <= Level.A2:
            return [world.one(AIMS_IN_ENGLISH)]
        return [world.one(AIMS), world.one(HOMES), world.one(LIKES)]

    def _about_mentor(self, human: Human) -> list[str]:
        born = human.person.birth_year
        if Role.MENTEE in human.known:
            first = WORKS_FROM_ELSEWHERE[2]
        elif born is not None and self.world.today.year - born > 62:
            first = self.world.one(WORKS_NO_MORE)
        elif human.background.native != "da":
            first = self.world.one(WORKS_FROM_ELSEWHERE[:2])
        else:
            first = self.world.one(WORKS)
        return [first, self.world.one(GIVES), self.world.one(LIKES)]


def first_goal(known: Mentee | Mentor) -> str:
    """Return the first goal or offer, as it stands inside a Danish sentence."""
    topic = known.topics[0] if known.topics else GOALS.values[0]
    return GOAL_WORDS[topic]


GOAL_WORDS: Final[Mapping[Topic, str]] = {
    Topic.JOB_SEARCH: "at søge job",
    Topic.CV: "et bedre CV",
    Topic.INTERVIEW: "at øve samtaler",
    Topic.WORKPLACE_CULTURE: "at forstå en dansk arbejdsplads",
    Topic.NETWORK: "et netværk i faget",
    Topic.RECOGNITION: "at få uddannelsen anerkendt",
    Topic.EDUCATION: "at finde den rigtige uddannelse",
    Topic.DANISH: "at tale mere dansk",
    Topic.EVERYDAY_LIFE: "hverdagen i Danmark",
    Topic.SOCIETY: "at forstå samfundet",
    Topic.BUSINESS: "at starte egen virksomhed",
    Topic.IT_SKILLS: "it i hverdagen",
    Topic.FAMILY_SCHOOL: "samarbejdet med børnenes skole",
    Topic.CONFIDENCE: "mere selvtillid",
}
