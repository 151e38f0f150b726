"""Who may work where."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.actors import Actor, System
from mentornet.common.answers import ALLOWED, Answer, denied
from mentornet.common.reach import shown
from mentornet.divisions.models import StaffRole
from mentornet.divisions.staff import Staff


def may_work_in(by: Actor, division_id: UUID) -> Answer:
    """Casework in a division: its staff, the national lead, and the program itself."""
    if isinstance(by, System) or (isinstance(by, Staff) and division_id in by.casework):
        return ALLOWED
    return denied(_("You do not work in this division."))


def may_see(by: Actor, *people: UUID) -> Answer:
    """Whom nobody has hidden from her; whoever is, answers as if she were of another division."""
    if isinstance(by, Staff) and not by.hidden.isdisjoint(people):
        return denied(_("You do not work in this division."))
    return ALLOWED


def seen_by(by: Actor, *people: str) -> Q:
    """Return what leaves out rows about people hidden from somebody; ``people`` are lookups to people's keys."""
    return shown(by.casework, *people) if isinstance(by, Staff) else Q()


def may_lead(by: Actor, division_id: UUID) -> Answer:
    """A division's own set-up: its lead and the national lead."""
    if isinstance(by, Staff) and division_id in by.leads:
        return ALLOWED
    return denied(_("Only the division's lead can change its set-up."))


def may_lead_nation(by: Actor) -> Answer:
    """What concerns all divisions."""
    if isinstance(by, Staff) and by.is_national_lead:
        return ALLOWED
    return denied(_("Only the national lead can do this."))


def may_administer(by: Actor) -> Answer:
    """Staff and divisions: the administrator and the national lead."""
    if isinstance(by, System) or (isinstance(by, Staff) and (by.is_administrator or by.is_national_lead)):
        return ALLOWED
    return denied(_("Only an administrator or the national lead can do this."))


def may_oversee_data(by: Actor) -> Answer:
    """How people's data are treated in the whole network: the data-protection officer and the national lead."""
    if isinstance(by, Staff) and (by.is_data_protection_officer or by.is_national_lead):
        return ALLOWED
    return denied(_("Only the data-protection officer or the national lead can do this."))


def may_set_password(by: Actor) -> Answer:
    """Somebody else's password: never on the desk, where each sets her own."""
    return ALLOWED if isinstance(by, System) else denied(_("Everybody sets her own password."))


def may_give_role(by: Actor, role: str, division_id: UUID | None) -> Answer:
    """A lead makes coordinators and leads of her own division; everything else is the heads'."""
    if may_administer(by):
        return ALLOWED
    if role in StaffRole.LOCAL and division_id is not None and may_lead(by, division_id):
        return ALLOWED
    return denied(_("You can give roles in the divisions that you lead."))


def may_set_absence(by: Actor, user_id: UUID, divisions: Collection[UUID]) -> Answer:
    """Noting that somebody is away, and that she is back: she herself, whoever leads a division of hers, the heads."""
    if may_administer(by) or (isinstance(by, Staff) and by.user_id == user_id):
        return ALLOWED
    if isinstance(by, Staff) and not by.leads.isdisjoint(divisions):
        return ALLOWED
    return denied(_("Only she herself, or whoever leads her division, can do this."))
