"""Who answers what somebody asks about her data, lets it rest, notes what she objects to and whom it was told."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from mentornet.common.actors import Actor, System
from mentornet.common.answers import ALLOWED, Answer, denied
from mentornet.divisions.rules import may_lead, may_see, may_work_in
from mentornet.divisions.staff import Staff
from mentornet.people.models import Restriction
from mentornet.people.participants import Participant
from mentornet.privacy.models import Disclosure, Request

ANSWER_WITHIN: Final = timedelta(days=30)
"""By when she hears, counted from the day on which the request came."""
MOST_MORE: Final = timedelta(days=60)
"""How much more time there is at most, once, beyond these days."""
TOLD_BEFORE: Final = timedelta(days=7)
"""How long before the rest of her data ends she is told of it."""


def may_take_down(by: Actor, person_id: UUID, division_id: UUID) -> Answer:
    """Taking a request down, and writing who outside was told something of her: casework where she is known."""
    return may_see(by, person_id) and may_work_in(by, division_id)


def may_answer(by: Actor, request: Request) -> Answer:
    """Giving it more time, and closing it: casework in the division that answers her; it is still open."""
    if not (answer := may_take_down(by, request.person_id, request.division_id)):
        return answer
    return ALLOWED if request.is_open else denied(_("This has been answered already."))


def may_extend(by: Actor, request: Request) -> Answer:
    """More time: once, and told to her before the first month is over."""
    if not (answer := may_answer(by, request)):
        return answer
    if request.extended_on is not None:
        return denied(_("It has been given more time once. There is no second time: answer her."))
    if request.due_on < by.today:
        return denied(_("The month is over. More time is told before its end: answer her today."))
    return ALLOWED


def latest_extension(request: Request) -> date:
    """Return the last day to which a request can be put off."""
    return request.due_on + MOST_MORE


def may_take_request_back(by: Actor, request: Request) -> Answer:
    """Taking it back: she herself, while nobody has answered."""
    if not isinstance(by, Participant) or by.person_id != request.person_id:
        return denied(_("Only she herself takes back what she has asked."))
    return ALLOWED if request.is_open else denied(_("We have answered this already."))


def may_restrict(by: Actor, person_id: UUID, known_in: Collection[UUID]) -> Answer:
    """Letting somebody's data rest, and lifting it: casework in a division that knows her."""
    if isinstance(by, System):
        return ALLOWED
    if not (seen := may_see(by, person_id)):
        return seen
    if isinstance(by, Staff) and not by.casework.isdisjoint(known_in):
        return ALLOWED
    return denied(_("You do not work in a division that knows her."))


def may_lift(by: Actor, restriction: Restriction, known_in: Collection[UUID], *, at_her_wish: bool) -> Answer:
    """Using her data again: on the day of which she was told, or at once where she wants it herself."""
    if not (answer := may_restrict(by, restriction.person_id, known_in)):
        return answer
    if at_her_wish or (restriction.lifts_on is not None and restriction.lifts_on <= by.today):
        return ALLOWED
    return denied(_("Tell her first: choose a day, and she gets a letter. On that day it ends by itself."))


def may_object(by: Actor, person_id: UUID, known_in: Collection[UUID]) -> Answer:
    """Objecting to a purpose: she herself, and casework in a division that knows her, at her word."""
    if isinstance(by, Participant) and by.person_id == person_id:
        return ALLOWED
    return may_restrict(by, person_id, known_in)


def may_see_disclosure(by: Actor, disclosure: Disclosure) -> Answer:
    """Reading and changing it: casework in the division that wrote it."""
    return may_take_down(by, disclosure.person_id, disclosure.division_id)


def may_note_demand(by: Actor, division_id: UUID) -> Answer:
    """Writing down that somebody wanted a list: the division's lead, who answers such people."""
    return may_lead(by, division_id)
