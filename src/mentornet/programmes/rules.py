"""Who may set up a programme."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mentornet.common.actors import Actor, System
from mentornet.common.answers import ALLOWED, Answer, denied
from mentornet.divisions.models import Division
from mentornet.divisions.rules import may_administer, may_lead, may_lead_nation
from mentornet.programmes.models import Programme


def may_start_programme(by: Actor, division: Division | None) -> Answer:
    """A national programme is the national lead's to start, a local one the division lead's."""
    if isinstance(by, System):
        return ALLOWED
    return may_lead_nation(by) if division is None else may_lead(by, division.pk)


def may_start_first_programme(by: Actor) -> Answer:
    """The first programme of all: whoever sets the installation up, before there is a national lead to ask."""
    if Programme.objects.exists():
        return denied(_("There is a programme already. Further ones are started by the national lead."))
    return may_administer(by)


def may_set_up_programme(by: Actor, programme: Programme) -> Answer:
    """Changing follows starting."""
    return may_start_programme(by, programme.division)
