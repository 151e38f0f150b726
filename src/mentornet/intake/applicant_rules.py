"""Who may write to us, take in what was written, and decide when a division takes people in."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from mentornet.common.actors import Actor, System, Visitor
from mentornet.common.answers import ALLOWED, Answer, denied
from mentornet.divisions.rules import may_lead, may_see, may_work_in
from mentornet.divisions.staff import Staff
from mentornet.intake.enums import ApplicationState
from mentornet.intake.models import Application, ApplicationDraft, Consent, ContactPerson, Enrolment
from mentornet.intake.rules import may_work_on
from mentornet.people.enums import Role
from mentornet.people.models import Person
from mentornet.people.participants import Participant


def may_write(by: Actor, draft: ApplicationDraft) -> Answer:
    """Go on with a draft. Whose browser holds it is known to the web alone: a visitor comes with her own only."""
    if not isinstance(by, Visitor) and by.key != draft.entered_by:
        return denied(_("Only whoever is writing this can change it."))
    if not draft.is_open:
        return denied(_("This has been sent already."))
    if draft.expires_on <= by.today:
        return denied(_("This was not sent for a month, and has been deleted. Please begin again."))
    return ALLOWED


def may_begin_with_her(by: Actor, division_id: UUID) -> Answer:
    """Begin a draft for somebody who goes on herself: casework in the division."""
    return may_work_in(by, division_id)


def may_receive(by: Actor, division_id: UUID, draft: ApplicationDraft | None, person: Person | None = None) -> Answer:
    """Take an application in: casework in the division, whoever sends the draft that it comes from, or herself."""
    if isinstance(by, Participant) and person is not None and person.pk == by.person_id:
        return ALLOWED
    if draft is None or isinstance(by, Staff | System):
        return may_work_in(by, division_id)
    if draft.division_id != division_id:
        return denied(_("This was written to another division."))
    return may_write(by, draft)


def may_take_in(by: Actor, application: Application) -> Answer:
    """Take in somebody who was pre-registered while the intake was closed."""
    if not (answer := may_work_on(by, application)):
        return answer
    if application.state != ApplicationState.PRE_REGISTERED:
        return denied(_("This application has been taken in already."))
    return ALLOWED


def may_open_intake(by: Actor, division_id: UUID) -> Answer:
    """Open and close a division's intake: its lead, and the program as she has set it."""
    return ALLOWED if isinstance(by, System) else may_lead(by, division_id)


def may_confirm_contact_person(by: Actor, contact: ContactPerson) -> Answer:
    """Welcome a contact person, or correct how she is reached."""
    return may_see(by, contact.person_id) and may_work_in(by, contact.division_id)


def may_end_contact_person(by: Actor, contact: ContactPerson) -> Answer:
    """Note that somebody is no contact person any more: the division's staff, and she herself."""
    if isinstance(by, Participant):
        return ALLOWED if by.person_id == contact.person_id else denied(_("This is somebody else’s."))
    return may_see(by, contact.person_id) and may_work_in(by, contact.division_id)


def may_refer(by: Actor, person: Person) -> Answer:
    """Have a link by which others come: her own."""
    if isinstance(by, Participant) and by.person_id == person.pk:
        return ALLOWED
    return denied(_("This link is somebody else’s."))


def may_note_consents(by: Actor, division_id: UUID | None) -> Answer:
    """Note what somebody has agreed to on the telephone: casework in a division that knows her."""
    if division_id is None:
        return denied(_("You do not work in this division."))
    return may_work_in(by, division_id)


def may_agree(by: Actor, person_id: UUID) -> Answer:
    """Say yes on her own pages: she herself."""
    if isinstance(by, Participant) and by.person_id == person_id:
        return ALLOWED
    return denied(_("This is somebody else’s."))


def may_take_consent_back(by: Actor, consent: Consent, divisions: frozenset[UUID]) -> Answer:
    """Take back what she has agreed to: she herself, or a coordinator of a division that knows her, at her word."""
    if isinstance(by, Participant):
        return ALLOWED if by.person_id == consent.person_id else denied(_("This is somebody else’s."))
    if isinstance(by, Staff) and divisions & by.casework:
        return may_see(by, consent.person_id)
    return denied(_("You do not work in this division."))


def may_become_mentor(by: Actor, enrolment: Enrolment, *, is_mentor: bool) -> Answer:
    """Apply as a mentor where she was a mentee: she herself, once that has ended."""
    if not isinstance(by, Participant) or by.person_id != enrolment.person_id or enrolment.role != Role.MENTEE:
        return denied(_("Only she herself can do this."))
    if is_mentor:
        return denied(_("You are a mentor already."))
    return ALLOWED if enrolment.ended_on is not None else denied(_("You are still a mentee. Talk to your coordinator."))
