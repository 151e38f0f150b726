"""Who may do what with the ways in which others sign in."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mentornet.common.actors import Actor, System
from mentornet.common.answers import ALLOWED, Answer, denied


def may_handle_second_factors(by: Actor) -> Answer:
    """Somebody else's second factor: never on the desk, where each sets up her own."""
    return ALLOWED if isinstance(by, System) else denied(_("Everybody sets up her own second step."))
