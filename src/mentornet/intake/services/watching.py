"""Telling somebody who was not part of it: a lead on whose Today it stands that one or two others have acted."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from mentornet.agenda.models import Kind
from mentornet.agenda.queries import FOR_ITS_OWNER
from mentornet.agenda.services import ask_today
from mentornet.common.actors import Actor, user_key
from mentornet.divisions.queries import blind_to, heads_of
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Application, ContactPerson
from mentornet.people.models import Person, WrittenReach

UNTOLD: Final = "untold"
"""Why a task stands there: an address was written anew, and she was told nowhere."""
LISTED: Final = FOR_ITS_OWNER
"""Why a task stands there: a list, or somebody by hand, has brought in somebody who may be protected."""


def divisions_of_person(person_id: UUID) -> list[UUID]:
    """Return the divisions that know somebody, in one order."""
    here = Application.objects.filter(person_id=person_id), ContactPerson.objects.filter(person_id=person_id)
    return sorted({key for rows in here for key in rows.order_by().values_list("division_id", flat=True)})


def third_of(division_id: UUID, on: date, *, person_id: UUID, but: Collection[UUID]) -> UUID | None:
    """Return who leads a division, or the network, and is none of those who act; nobody where there is none.

    Whoever must not see her is asked nothing about her.
    """
    left = {*but, *blind_to(person_id)}
    return next((user_id for user_id in heads_of(division_id, on) if user_id not in left), None)


def tell_of_untold(by: Actor, reach: WrittenReach) -> None:
    """Ask a lead to call somebody whose address was written anew, and who could be told nowhere."""
    divisions = divisions_of_person(reach.person_id)
    if not divisions or not isinstance(by, Staff) or reach.written_by != user_key(by.user_id):
        return
    ask_today(
        by=by,
        kind=Kind.REVEALED,
        target_id=reach.person_id,
        division_id=divisions[0],
        owner_id=third_of(divisions[0], by.today, person_id=reach.person_id, but=[by.user_id]),
        words={"name": reach.person.name, "who": by.name, "why": UNTOLD},
    )


def tell_of_listed(by: Actor, *, division_id: UUID, importer: UUID | None, made: Iterable[tuple[UUID, UUID]]) -> None:
    """Tell a lead, and nobody else, that a list, or a form, has brought in somebody who may be protected.

    Args:
        by: who acts.
        division_id: whose list it was.
        importer: who has the list, or the form, and shall not learn from us that one of it is here.
        made: the new person's key, and the protected one's.
    """
    for made_id, protected_id in made:
        but = [] if importer is None else [importer]
        owner = third_of(division_id, by.today, person_id=protected_id, but=but)
        if owner is None:
            # On everybody's list it would tell the importer too.
            continue
        ask_today(
            by=by,
            kind=Kind.REVEALED,
            target_id=made_id,
            division_id=division_id,
            owner_id=owner,
            words={
                "name": Person.objects.get(pk=protected_id).name,
                "who": by.name if isinstance(by, Staff) else str(_("the program")),
                "why": LISTED,
            },
        )
