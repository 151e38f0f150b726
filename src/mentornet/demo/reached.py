"""How people of the demo network want to be reached, and in which language they read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Final
from uuid import UUID

from mentornet.demo.world import World
from mentornet.people.enums import ContactWay, Role
from mentornet.people.models import LanguageSkill, Person, Profile

READ_IN: Final[Mapping[str, str]] = {"ar": "ar", "fa": "fa", "prs": "fa", "uk": "uk"}
"""By what she speaks like her own, the language in which letters are written to her."""
_BY_WORDS: Final[Mapping[str, tuple[ContactWay, time | None, time | None]]] = {
    "Kun sms, og kun mellem klokken 9 og 14.": (ContactWay.TEXT, time(9), time(14)),
    "Ring ikke efter klokken 16. Skriv gerne en mail.": (ContactWay.EMAIL, time(8), time(16)),
    "Ring på hverdage, når børnene er i skole.": (ContactWay.CALL, time(8, 30), time(13, 30)),
}
"""What somebody has said in words, as the program keeps it."""


class Reached:
    """Settles how each person is written to."""

    def __init__(self, world: World) -> None:
        self.world = world.aside("reached")

    def settle(self) -> None:
        """Go through everybody who has ever been a mentee; a mentor now and then wants text messages."""
        skills: dict[UUID, dict[str, str]] = {}
        for skill in self.world.made(LanguageSkill):
            skills.setdefault(skill.person_id, {})[skill.code] = skill.level
        roles: dict[UUID, set[str]] = {}
        for profile in self.world.made(Profile):
            roles.setdefault(profile.person_id, set()).add(profile.role)
        for person in self.world.made(Person):
            hers = roles.get(person.pk, set())
            if hers == {Role.MENTEE}:
                person.language = self._language(person.language, skills.get(person.pk, {}))
                self._mentee(person)
            elif hers and person.phone and self.world.chance(0.02):
                person.contact_way = ContactWay.TEXT

    def _language(self, before: str, skills: Mapping[str, str]) -> str:
        danish = skills.get("da", "")
        own = next((READ_IN[code] for code, level in skills.items() if code in READ_IN and level in {"C2", ""}), None)
        if own is not None and danish < "B1":
            return own
        if own is not None and danish == "B1" and self.world.chance(0.4):
            return own
        return before if before != "en" or "en" in skills else "da"

    def _mentee(self, person: Person) -> None:
        world = self.world
        way, since, until = _BY_WORDS.get(person.safe_contact, ("", None, None))
        if not way and person.phone and world.chance(0.1):
            way = ContactWay.TEXT
        elif not way and world.chance(0.08):
            way = ContactWay.EMAIL
        if since is None and way and world.chance(0.3):
            since, until = time(9), time(15)
        if (way == ContactWay.TEXT and not person.phone) or (way == ContactWay.EMAIL and not person.email):
            way, since, until = "", None, None
        person.contact_way, person.contact_from, person.contact_until = way, since, until
        person.hides_network = "Mailen læses også" in person.safe_contact or world.chance(0.02)
