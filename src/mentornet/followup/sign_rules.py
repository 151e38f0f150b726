"""Who may have it computed how long partnerships last."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mentornet.common.actors import Actor, System
from mentornet.common.answers import ALLOWED, Answer, denied
from mentornet.divisions.staff import Staff


def may_ask_for_fit(by: Actor) -> Answer:
    """To compute anew how long partnerships last: whoever leads a division or the network, and the program itself."""
    if isinstance(by, System) or (isinstance(by, Staff) and by.leads):
        return ALLOWED
    return denied(_("Only a lead can do this."))
