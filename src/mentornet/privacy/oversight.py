"""Who oversees data: times, holds, breaches, the assessment and the audit."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.actors import Actor, System
from mentornet.common.answers import ALLOWED, Answer, denied
from mentornet.divisions.rules import may_oversee_data, may_work_in
from mentornet.divisions.staff import Staff
from mentornet.privacy.models.breaches import Breach


def may_set_terms(by: Actor) -> Answer:
    """How long things are kept: the data-protection officer and the national lead."""
    return may_oversee_data(by)


def may_hold(by: Actor, known_in: Collection[UUID]) -> Answer:
    """Keeping somebody past her time: whoever works in a division that knows her."""
    if isinstance(by, System) or any(may_work_in(by, division_id) for division_id in known_in):
        return ALLOWED
    return denied(_("You do not work in a division that knows her."))


def may_report(by: Actor) -> Answer:
    """Anybody who works here."""
    if isinstance(by, Staff) and (by.casework or by.is_administrator or by.is_data_protection_officer):
        return ALLOWED
    return denied(_("Only whoever works here can report this here."))


def readable(by: Actor) -> Q:
    """Return which breaches somebody reads: all, those of the divisions that she leads, and what she has reported."""
    if may_oversee_data(by):
        return Q()
    if not isinstance(by, Staff):
        return Q(pk__in=[])
    return Q(reported_by=by.key) | Q(division_id__in=by.leads)


def may_handle(by: Actor, breach: Breach) -> Answer:
    """Seeing to a breach: the officer, the national lead, and whoever leads the division in which it happened."""
    is_lead = isinstance(by, Staff) and breach.division_id is not None and breach.division_id in by.leads
    if may_oversee_data(by) or is_lead:
        return ALLOWED
    return denied(_("The data-protection officer and your lead see to this. Tell them what you know besides."))


def may_close(by: Actor, breach: Breach) -> Answer:
    """Closing one that somebody is done with: a second reader."""
    if not may_handle(by, breach):
        return may_handle(by, breach)
    if breach.settled_at is None:
        return denied(_("Somebody says first that she is done with it."))
    if breach.settled_by == by.key:
        return denied(_("A second person reads it and closes it."))
    return ALLOWED


def may_sign(by: Actor) -> Answer:
    """Signing the impact assessment: the data-protection officer alone."""
    if isinstance(by, Staff) and by.is_data_protection_officer:
        return ALLOWED
    return denied(_("Only the data-protection officer signs the assessment."))
