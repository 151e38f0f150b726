"""Who may do what with a partnership."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.actors import Actor
from mentornet.common.answers import ALLOWED, Answer, denied
from mentornet.divisions.rules import may_work_in
from mentornet.intake.rules import visible as visible_in
from mentornet.partnerships.enums import PARTNERSHIP_STEPS, PartnershipState
from mentornet.partnerships.models import Partnership


def visible(by: Actor) -> Q:
    """Return which partnerships somebody sees: those of her divisions' mentees, and of their mentors."""
    return visible_in(by) | visible_in(by, "mentor__")


def may_work_on(by: Actor, partnership: Partnership) -> Answer:
    """Casework belongs to the division of the mentee."""
    return may_work_in(by, partnership.division_id)


def may_step(by: Actor, partnership: Partnership, after: PartnershipState) -> Answer:
    """Tell whether a partnership may take a step now."""
    if not (answer := may_work_on(by, partnership)):
        return answer
    if PARTNERSHIP_STEPS.may(partnership.state, after):
        return ALLOWED
    if partnership.state == PartnershipState.CLOSED:
        return denied(_("This partnership has been closed already."))
    return denied(_("The partnership is no longer where it was. Look at it again."))


def may_take_opening_back(by: Actor, partnership: Partnership, *, is_built_on: bool) -> Answer:
    """Tell whether a partnership that was opened by mistake can vanish: only while nothing rests upon it."""
    if not (answer := may_work_on(by, partnership)):
        return answer
    if partnership.state == PartnershipState.CLOSED:
        return denied(_("This partnership has been closed already."))
    signed = partnership.agreement_on is not None or partnership.agreed_until is not None
    if is_built_on or signed or partnership.state != PartnershipState.MATCHED:
        return denied(
            _("More has been noted in this partnership since it began. Close it on its own page instead, and say why.")
        )
    return ALLOWED
