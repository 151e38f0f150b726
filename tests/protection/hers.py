"""A protected person of the tests: a unique value wherever something would lead to her, and a network around her."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any, Final

from django.apps import apps
from django.db import models, transaction

from factories.django_rows import AT, TODAY, make_division, make_enrolment, make_person, make_staff, saved, user_of
from mentornet.agenda.models import Kind
from mentornet.agenda.services import ask_for
from mentornet.divisions.models import Division
from mentornet.divisions.models import Role as StaffRoleName
from mentornet.divisions.staff import Staff
from mentornet.imports.models import Batch, Report, Trace
from mentornet.intake.models import Enrolment, Interview
from mentornet.intake.services.protection import protect
from mentornet.messaging.models import Letter
from mentornet.messaging.services import queue_letter
from mentornet.partnerships.models import Note, Partnership, PlannedMeeting
from mentornet.people.models import Person
from mentornet.people.recipients import person_key
from mentornet.people.sealing import Cover

FIRST: Final = "Sorayamina"
LAST: Final = "Kanarifugl"
EMAIL: Final = "sorayamina.kanarifugl@kanariepost.dk"
PHONE: Final = "+45 61 72 83 94"
POSTCODE: Final = "97531"
AREA: Final = "Kanarieholmen"
SAFE: Final = "Ring aldrig efter kanarietid"
EMPLOYER: Final = "Kanariebageriet"
SCHOOL: Final = "Kanarieskolen"
PLACE: Final = "Kanarieparkens bibliotek"
MARKED: Final = {
    "first name": FIRST, "last name": LAST, "e-mail": EMAIL, "telephone": "61728394", "postcode": POSTCODE,
    "area": AREA, "how to reach her": SAFE, "employer": EMPLOYER, "school": SCHOOL, "meeting place": PLACE,
}  # fmt: skip
ALIAS: Final = "Solveig"
COVER: Final = Cover(alias=ALIAS, area="Jylland", words=f"{EMPLOYER}\n{SCHOOL}")


@dataclass
class Network:
    """Her, who looks after her, and the others around her.

    Attributes:
        her: her enrolment; ``other`` a mentor's; both meet already, in ``pair``.
        namesake: somebody with her first name, of whom nothing changes.
    """

    division: Division
    coordinator: Staff
    colleague: Staff
    lead: Staff
    her: Enrolment
    other: Enrolment
    namesake: Person
    pair: Partnership

    @property
    def person(self) -> Person:
        return Person.objects.get(pk=self.her.person_id)

    def protect(self) -> Person:
        """Protect her, as a coordinator does it."""
        return protect(
            by=self.coordinator, known_by=self.her.application, cover=COVER, reason="Somebody is looking for her."
        )


def make_network(*, name: str = "Kanariebyen") -> Network:
    """Make her, with her name in every kind of stored text."""
    division = make_division(name)
    coordinator = make_staff(StaffRoleName.COORDINATOR, division, name="Karen Koordinator")
    colleague = make_staff(StaffRoleName.COORDINATOR, division, name="Kirsten Kollega")
    lead = make_staff(StaffRoleName.DIVISION_LEAD, division, name="Lone Leder")
    person = make_person(
        FIRST, LAST, email=EMAIL, phone=PHONE, postcode=POSTCODE, area=AREA, safe_contact=SAFE, birth_year=1990
    )
    namesake = make_person(FIRST, "Andersen", email="andersen@example.org")
    make_enrolment("mentee", division, person=namesake, about=f"I am {FIRST} Andersen.")
    her = make_enrolment(
        "mentee",
        division,
        person=person,
        about=f"I am {FIRST} and I work at {EMPLOYER}. My son goes to {SCHOOL}. {FIRST}s motto: go on.",
        wishes=f"Somebody near {AREA}, {POSTCODE}.",
    )
    other = make_enrolment("mentor", division, programme=her.programme, about="A mentor.")
    interview = Interview(
        application=her.application, at=AT - timedelta(days=20), held_at=AT - timedelta(days=20), place=PLACE,
        interviewer=user_of(coordinator), shareable=f"{LAST}, {FIRST} wants to work.", created_at=AT,
        coordinator_only=f"{FIRST.upper()}: {PHONE}",
    )  # fmt: skip
    saved(interview)
    pair = saved(
        Partnership(
            mentee=her, mentor=other, division=division, state="active", matched_on=TODAY - timedelta(days=9),
            first_met_on=TODAY - timedelta(days=8), created_at=AT,
        )
    )  # fmt: skip
    Enrolment.objects.filter(pk__in=[her.pk, other.pk]).update(active=1)
    saved(
        PlannedMeeting(
            partnership=pair, side="mentor", at=AT + timedelta(days=3), place=PLACE, changed_at=AT, created_at=AT
        )
    )
    saved(
        Note(
            partnership=pair, text=f"Talked with {FIRST} {LAST} about {EMPLOYER}; write to {EMAIL}.", created_at=AT,
            written_by=coordinator.key, author_name=coordinator.name,
        )
    )  # fmt: skip
    _write_around(division, coordinator, her, other, namesake)
    return Network(division, coordinator, colleague, lead, her, other, namesake, pair)


def _write_around(division: Division, coordinator: Staff, her: Enrolment, other: Enrolment, namesake: Person) -> None:
    ask_for(
        by=coordinator, kind=Kind.NOT_MET, target_id=her.pk, division_id=division.pk, due_on=TODAY,
        words={"mentee": her.person.name, "mentor": other.person.name},
    )  # fmt: skip
    with transaction.atomic():
        for person, text in (
            (her.person_id, f"Kære {FIRST}, vi ses i {PLACE}."),
            (namesake.pk, f"Dear {FIRST}, {FIRST} {LAST} says hello, call {PHONE}."),
        ):
            queue_letter(
                by=coordinator, recipient=person_key(person), event="by_hand", values={"text": text}, about_id=None,
                division_id=division.pk,
            )  # fmt: skip
    saved(
        Letter(
            recipient=person_key(her.person_id), event="by_hand", values={"text": "x"}, division_id=division.pk,
            queued_by=coordinator.key, state="sent", send_after=AT, subject="x", body=f"Kære {FIRST},\n\nx",
            sent_to=EMAIL, sent_at=AT, channel="email", created_at=AT,
        )
    )  # fmt: skip
    batch = saved(
        Batch(
            division=division, programme=her.programme, user=user_of(coordinator), created_by=coordinator.key,
            author_name=coordinator.name, created_at=AT,
        )
    )  # fmt: skip
    listed = {"name": f"{FIRST} {LAST}", "first_name": FIRST, "last_name": LAST, "postcode": POSTCODE}
    Report.objects.create(batch=batch, content={"first": {"mentees": [listed]}}, choices={})
    former = {str(her.person_id): {"person": {"email": "sorayamina.gammel@kanariepost.dk"}, "profiles": {}}}
    Trace.objects.create(batch=batch, made={}, former=former, last_entry=0)


def _rows() -> Iterator[tuple[str, Any]]:
    for model in apps.get_models():
        if model._meta.app_label != "backups" and model._meta.label != "people.ProtectedIdentity":
            for row in model._default_manager.all():
                for column in model._meta.concrete_fields:
                    if not isinstance(column, models.BinaryField):
                        yield f"{model._meta.label}.{column.name}", getattr(row, column.attname)


def stored(canaries: dict[str, str], *, but: frozenset[str] = frozenset()) -> set[tuple[str, str]]:
    """Return where in the database, besides her sealed identity, any of these values stands."""
    found = set()
    for column, value in _rows():
        if value is None or column in but:
            continue
        text = str(value)
        digits = "".join(sign for sign in text if sign.isdigit())
        for name, canary in canaries.items():
            if canary.casefold() in text.casefold() or (canary.isdigit() and len(canary) > 6 and canary in digits):
                found.add((column, name))
    return found


def hour(of_day: int) -> time:
    """Return a full hour."""
    return time(of_day)
