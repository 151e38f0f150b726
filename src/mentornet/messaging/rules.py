"""Who may handle letters."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol, runtime_checkable
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from mentornet.common.actors import Actor, System
from mentornet.common.answers import ALLOWED, Answer, denied
from mentornet.messaging.models import Letter


@runtime_checkable
class Caseworker(Protocol):
    """Somebody with casework in divisions: staff, who are known only further up."""

    @property
    def casework(self) -> Collection[UUID]:
        """The divisions whose people she works with."""


def may_handle_letter(by: Actor, letter: Letter) -> Answer:
    """Take back and send again: whoever caused the letter, staff of its division, and the program itself."""
    if isinstance(by, System) or by.key == letter.queued_by:
        return ALLOWED
    if isinstance(by, Caseworker) and letter.division_id in by.casework:
        return ALLOWED
    return denied(_("You do not work in the division that this letter is from."))


def may_deliver(by: Actor) -> Answer:
    """Deliver what is due: the program alone, so that no letter leaves before its time."""
    return ALLOWED if isinstance(by, System) else denied(_("Letters leave by themselves when their time has come."))
