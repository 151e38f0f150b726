"""Who may handle letters."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol, runtime_checkable
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from mentornet.common.actors import Actor, System, Visitor
from mentornet.common.answers import ALLOWED, Answer, denied
from mentornet.messaging.models import Letter


@runtime_checkable
class Caseworker(Protocol):
    """Somebody with casework in divisions: staff, who are known only further up."""

    @property
    def casework(self) -> Collection[UUID]:
        """The divisions whose people she works with."""


@runtime_checkable
class Lead(Protocol):
    """Somebody who may lead the whole network: staff, who are known only further up."""

    @property
    def is_national_lead(self) -> bool:
        """She leads it."""


def may_handle_letter(by: Actor, letter: Letter) -> Answer:
    """Take back and send again: whoever caused the letter, staff of its division, and the program itself."""
    if isinstance(by, System) or by.key == letter.queued_by:
        return ALLOWED
    if isinstance(by, Caseworker) and letter.division_id in by.casework:
        return ALLOWED
    return denied(_("You do not work in the division that this letter is from."))


def may_write_by_hand(by: Actor, division_id: UUID) -> Answer:
    """Write to somebody in one's own words: staff of a division that knows her."""
    if isinstance(by, Caseworker) and division_id in by.casework:
        return ALLOWED
    return denied(_("You do not work in the division that this letter is from."))


def may_deliver(by: Actor) -> Answer:
    """Deliver what is due: the program alone, so that no letter leaves before its time."""
    return ALLOWED if isinstance(by, System) else denied(_("Letters leave by themselves when their time has come."))


def may_rewrite_letters(by: Actor) -> Answer:
    """Change what letters say: the national lead, as they are the same in all divisions."""
    if isinstance(by, System) or (isinstance(by, Lead) and by.is_national_lead):
        return ALLOWED
    return denied(_("Only the national lead changes what letters say: they are the same in all divisions."))


def may_refuse_letters(by: Actor, recipient: str) -> Answer:
    """Say no to letters: she herself, signed in or by the address that stands in each of them."""
    # A visitor is known by the signed address alone: whoever calls the service has read it.
    if isinstance(by, (System, Visitor)) or by.key == recipient:
        return ALLOWED
    return denied(_("Only she herself says which letters she wants."))
