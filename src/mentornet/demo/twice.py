"""Who stands in the demo network twice: a mentor who came with a list, and had written to us herself before."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from mentornet.common.ordering import folded
from mentornet.demo.world import Office, World
from mentornet.intake.models import Enrolment
from mentornet.people.enums import Role
from mentornet.people.models import Person, Profile

OFFICES: Final = 3
"""In so many offices somebody stands twice."""


class Twice:
    """Lets two mentors of one office, whom nobody has been matched with, be one woman."""

    def __init__(self, world: World) -> None:
        self.world = world.aside("twice")

    def stand(self) -> None:
        """Give the second of two with one first name the last name, postcode and year of the first."""
        for office in self.world.offices[:OFFICES]:
            pair = self._alike(office)
            if pair is None:
                continue
            one, other = pair
            other.last_name, other.birth_year, other.postcode, other.area = (
                one.last_name, one.birth_year, one.postcode, one.area,
            )  # fmt: skip
            name = ".".join(folded(f"{one.first_name} {one.last_name}").split())
            other.email = f"{name.encode('ascii', 'ignore').decode()}.{other.pk.hex[:4]}@example.com"
            other.set_name_keys()
            self._work_alike(one, other)
            other.save(update_fields=["last_name", "birth_year", "postcode", "area", "email", *Person.NAME_KEYS])

    def _work_alike(self, one: Person, other: Person) -> None:
        """Let her do the same work in both rows; what else she has said differs, as when somebody asks twice.

        Stamped anew: a meeting that was held before has her in memory as she was.
        """
        told = Profile.objects.get(person=one, role=Role.MENTOR)
        Profile.objects.filter(person=other, role=Role.MENTOR).update(
            occupation=told.occupation, occupation_title=told.occupation_title, sector=told.sector,
            education=told.education, about="", stamp=self.world.stamp(),
        )  # fmt: skip

    def _alike(self, office: Office) -> tuple[Person, Person] | None:
        free = Enrolment.objects.filter(
            division=office.division,
            role=Role.MENTOR,
            ended_on=None,
            promised=0,
            active=0,
            person__is_protected=False,
            person__user=None,
            partnerships_as_mentor=None,
            proposals_as_mentor=None,
        )
        by_name: dict[str, list[Person]] = defaultdict(list)
        for place in free.select_related("person").order_by("since", "pk"):
            person = place.person
            if person.postcode and person.birth_year and person.enrolments.count() == 1:
                by_name[person.first_name].append(person)
                if len(by_name[person.first_name]) > 1:
                    first, second = by_name[person.first_name][:2]
                    return first, second
        return None
