"""Reads of merges: what goes over, what was merged, and what has come since."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.db import models
from django.db.models import Exists, OuterRef, QuerySet

from mentornet.common.actors import Actor
from mentornet.intake.models import Application, Consent, ContactPerson, Enrolment, Wish
from mentornet.intake.queries import visible_people
from mentornet.learning.models import Attendance
from mentornet.matching.models import Proposal
from mentornet.messaging.models import Letter
from mentornet.partnerships.models import Partnership
from mentornet.people.models import Objection, Person, Profile
from mentornet.people.recipients import person_key
from mentornet.privacy.hers import is_hers, stood_as
from mentornet.privacy.journal import counted
from mentornet.privacy.models import Merge, NotTheSame

GOES_OVER: Final[tuple[type[models.Model], ...]] = (
    Application, Enrolment, ContactPerson, Profile, Proposal, Partnership, Consent, Objection, Attendance, Wish, Letter,
)  # fmt: skip
"""Of what is told how much there is. What somebody has told in confidence goes over too, and is not counted out."""
_LEADS_TO_HER: Final = ("last_name", "first_name", "email", "phone", "postcode")


def counts_of(person: Person) -> dict[str, int]:
    """Return how many rows of each of these kinds somebody has, one query each."""
    found = {}
    for model in GOES_OVER:
        if model is Letter:
            found[model._meta.label] = Letter.objects.filter(recipient=person_key(person.pk)).count()
        else:
            found[model._meta.label] = model._default_manager.filter(is_hers(model, person.pk)).count()
    return found


def moved(merge: Merge) -> dict[str, int]:
    """Return how many rows of each kind a merge has touched; nothing once that is deleted."""
    return dict(counted(merge.steps))


def come_since(merge: Merge) -> dict[str, int]:
    """Return how many rows of each kind have come to the one who was kept since: they stay with her."""
    known = {(step[1], step[2]) for step in merge.steps if step[0] == "set"}
    found: dict[str, int] = {}
    for model in (Application, Consent, ContactPerson, Wish):
        rows = model._default_manager.filter(person=merge.person_id, created_at__gt=merge.created_at)
        keys = [key for key in rows.values_list("pk", flat=True) if (model._meta.label, str(key)) not in known]
        found[model._meta.label] = len(keys)
    return found


def visible_merges(by: Actor) -> QuerySet[Merge]:
    """Return the merges of the people whom somebody sees, the newest first."""
    seen: Any = visible_people(by).order_by().filter(pk=OuterRef("person_id"))
    return Merge.objects.filter(Exists(seen)).select_related("person__user").order_by("-created_at", "pk")


def merges_of(by: Actor, person: Person) -> list[Merge]:
    """Return what was merged into somebody and stands, the newest first."""
    del by
    return list(Merge.objects.filter(person=person, undone_at__isnull=True).order_by("-created_at", "pk"))


def merged_into(by: Actor, gone_id: UUID) -> Merge | None:
    """Return the merge by which a row went, if the reader sees whom it went to."""
    return visible_merges(by).filter(gone_id=gone_id, undone_at__isnull=True).first()


def said_not_the_same(one_id: UUID, other_id: UUID) -> NotTheSame | None:
    """Return that two were said to be two women."""
    first, second = sorted((one_id, other_id))
    return NotTheSame.objects.select_related("one", "other").filter(one_id=first, other_id=second).first()


def names_before(person_id: UUID) -> list[str]:
    """Return by what else somebody was known whose rows were merged, as long as it is kept: names, addresses, numbers.

    When she becomes protected, it is taken out of what is written of her as well.
    """
    found = [str(getattr(one, name)) for one in stood_as(person_id) for name in _LEADS_TO_HER]
    return [word for word in dict.fromkeys(found) if word and "\n" not in word]
