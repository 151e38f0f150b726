"""What is open of two rows that are to become one: each with the page on which it is closed."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from mentornet.divisions.staff import Staff
from mentornet.intake.enums import ApplicationState
from mentornet.intake.queries import visible_applications, visible_wishes
from mentornet.matching.enums import HOLDING, ProposalState
from mentornet.matching.queries import visible_proposals
from mentornet.partnerships.queries import running_of_people
from mentornet.people.models import Person
from mentornet.privacy.queries import visible_requests

_OPEN = (ProposalState.DRAFT, *HOLDING)


@dataclass(frozen=True, slots=True)
class Open:
    """One thing that is open.

    Attributes:
        name: which of the two it is of, as she stands here.
        words: what it is, and how it stands.
        where: the programme or division.
    """

    name: str
    words: str
    where: str
    url: str


def still_open(by: Staff, two: Collection[Person]) -> list[Open]:
    """Return what is open of two people, as far as the reader sees it; five queries."""
    names = {person.pk: person.name for person in two}
    return sorted(
        [*_pairs(by, names), *_proposals(by, names), *_asked(by, names)], key=lambda one: (one.name, one.words)
    )


def _pairs(by: Staff, names: dict[UUID, str]) -> Iterator[Open]:
    for pair in running_of_people(by, list(names)):
        side = pair.mentee if pair.mentee.person_id in names else pair.mentor
        words = _("partnership, %(state)s") % {"state": pair.get_state_display()}
        url = reverse("desk:partnership", args=[pair.pk])
        yield Open(names[side.person_id], words, side.programme.name, url)


def _proposals(by: Staff, names: dict[UUID, str]) -> Iterator[Open]:
    concerns = Q(mentee__person__in=list(names)) | Q(mentor__person__in=list(names))
    rows = visible_proposals(by).filter(concerns, state__in=_OPEN).select_related("mentee__programme")
    for row in rows:
        side = row.mentee if row.mentee.person_id in names else row.mentor
        words = _("proposal, %(state)s") % {"state": row.get_state_display()}
        url = reverse("desk:proposal", args=[row.pk])
        yield Open(names[side.person_id], words, row.mentee.programme.name, url)


def _asked(by: Staff, names: dict[UUID, str]) -> Iterator[Open]:
    for asked in visible_requests(by).filter(person__in=list(names), closed_at__isnull=True):
        words = _("asks about her data: %(what)s") % {"what": asked.get_kind_display()}
        url = reverse("desk:request", args=[asked.pk])
        yield Open(names[asked.person_id], words, asked.division.name, url)
    for wish in visible_wishes(by).filter(person__in=list(names), settled_at__isnull=True):
        words = _("asks her coordinator: %(what)s") % {"what": wish.get_kind_display()}
        yield Open(names[wish.person_id], words, wish.division.name, reverse("desk:wish", args=[wish.pk]))
    booked = visible_applications(by).filter(person__in=list(names), state=ApplicationState.BOOKED)
    for application in booked:
        url = reverse("desk:person", args=[application.person_id])
        yield Open(names[application.person_id], _("an interview is booked"), application.programme.name, url)
