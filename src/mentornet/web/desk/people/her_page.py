"""By what the desk knows somebody, and where it shows her: among the people, or among the contact persons."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse

from mentornet.divisions.staff import Staff
from mentornet.intake.applicants import visible_contact_persons
from mentornet.intake.models import Application, ContactPerson
from mentornet.intake.queries import applications_of_person, visible_people


def known_by(by: Staff, person_id: UUID) -> Application | ContactPerson | None:
    """Return a row by which the actor's divisions know somebody, a contact person too; none where they do not."""
    if visible_people(by).filter(pk=person_id).exists():
        application = applications_of_person(by, person_id).first()
        if application is not None:
            return application
    return visible_contact_persons(by).filter(person_id=person_id).first()


def her_page(by: Staff, person_id: UUID) -> str:
    """Return the address of her page; empty where the actor sees none.

    Whoever only helps as a contact person has never applied, and stands among the contact persons alone.
    """
    if visible_people(by).filter(pk=person_id).exists():
        return reverse("desk:person", args=[person_id])
    contact = visible_contact_persons(by).filter(person_id=person_id).first()
    return reverse("desk:contact_person", args=[contact.pk]) if contact is not None else ""
