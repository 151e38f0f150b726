"""Ending what opens a person's pages: her links, her codes, where she is signed in, and what apps above add to it.

Somebody else may read what was sent to a former address, or hold a telephone that is lost.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from uuid import UUID

from django.db import transaction

from mentornet.accounts.queries import user_by_key
from mentornet.accounts.services.codes import drop_codes
from mentornet.accounts.services.links import close_links_of
from mentornet.accounts.services.own_ways import forget_passkeys
from mentornet.accounts.services.sessions import end_sessions_of
from mentornet.audit.services import record
from mentornet.common.actors import Actor
from mentornet.people.models import Person
from mentornet.people.recipients import person_key

Ending = Callable[[Actor, UUID], object]
"""Ends one more way in of the person with this key; whoever calls has asked whether the actor may."""

_ENDINGS: Final[dict[str, Ending]] = {}


def also_end(name: str, ending: Ending) -> None:
    """Register, in ``AppConfig.ready``, what else is ended with a person's ways in.

    Raises:
        ValueError: the name is taken by another.
    """
    if _ENDINGS.setdefault(name, ending) is not ending:
        raise ValueError(f"{name} is registered twice among what ends with a person's ways in")


@transaction.atomic
def end_ways_in(*, by: Actor, person: Person) -> None:
    """Let nothing that was opened or sent so far open anything of hers. Whoever calls has asked whether the actor may.

    Of somebody who works here too the sessions at the staff's door end as well: she has a password for another one.
    """
    close_links_of(by=by, person_key=person_key(person.pk))
    drop_codes(by=by, recipient=person_key(person.pk))
    user = None if person.user_id is None else user_by_key(person.user_id)
    if user is not None:
        end_sessions_of(by=by, user=user)
    for ending in _ENDINGS.values():
        ending(by, person.pk)


@transaction.atomic
def lose_telephone(*, by: Actor, person: Person) -> None:
    """End all ways in of somebody whose telephone is in other hands, and forget the passkeys, which may lie on it.

    Whoever calls has asked whether the actor may.
    """
    end_ways_in(by=by, person=person)
    user = None if person.user_id is None else user_by_key(person.user_id)
    if user is not None:
        forget_passkeys(by=by, user=user)
    record(by=by, act="people.lose_telephone", of=person)
