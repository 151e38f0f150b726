"""Whose time is over, since when, and who is left alone nevertheless.

Somebody's time ends with the last thing that was: a place that ended, an application, a partnership, a meeting, a
letter to her, her own sign-in. Who still has a place, an open application or a running partnership has no end.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from mentornet.audit.models import Entry
from mentornet.common.fields import TERMS, Retention
from mentornet.followup.enums import OPEN
from mentornet.followup.models import Concern
from mentornet.intake.enums import OPEN_STATES
from mentornet.intake.models import Application, ContactPerson, Decision, Enrolment
from mentornet.matching.models import Proposal
from mentornet.messaging.models import Letter
from mentornet.partnerships.enums import RUNNING
from mentornet.partnerships.models import Meeting, Partnership
from mentornet.people.models import Person
from mentornet.people.queries import NOT_ERASED, restricted_people
from mentornet.people.recipients import person_key
from mentornet.privacy.enums import Kept
from mentornet.privacy.hers import in_parts
from mentornet.privacy.models import Request, RetentionHold, RetentionTerm
from mentornet.privacy.queries import OPEN_PROPOSALS
from mentornet.privacy.rules import holds

_SIDES = ("mentee", "mentor")


def days_of() -> dict[Retention, RetentionTerm | None]:
    """Return the organisation's own numbers, the last of each class; nothing where it has none."""
    found: dict[Retention, RetentionTerm | None] = dict.fromkeys(TERMS)
    for term in RetentionTerm.objects.order_by("created_at", "pk"):
        found[Retention(term.retention)] = term
    return found


def whole(days: Mapping[Retention, int]) -> int:
    """Return after how many days a person goes as a whole: her name and how to reach her are needed together."""
    return max(days[Retention.CASE], days[Retention.CONTACT])


def ended_by(day: date, among: Collection[UUID] | None = None) -> dict[UUID, date]:
    """Return whose time was over on a day, of everybody or of some, each with the day on which it ended."""
    late = timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))
    found = Person.objects.filter(NOT_ERASED, created_at__lt=late)
    if among is not None:
        found = found.filter(pk__in=among)
    for going_on in _going_on(day, late):
        found = found.exclude(Exists(going_on))
    days: dict[UUID, date] = {}
    for some in in_parts(found.order_by("pk").values_list("pk", flat=True)):
        days |= _last_days(some)
    return {person: last for person, last in days.items() if last <= day}


def _going_on(day: date, late: datetime) -> Iterator[QuerySet[Any]]:
    """Return what somebody has who is still here, or was after a day."""
    her = OuterRef("pk")
    yield Enrolment.objects.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day), person=her)
    yield Application.objects.filter(Q(state__in=OPEN_STATES) | Q(received_on__gt=day), person=her)
    yield ContactPerson.objects.filter(Q(left_on__isnull=True) | Q(left_on__gt=day), person=her)
    for side in _SIDES:
        pair = {f"{side}__person": her}
        yield Partnership.objects.filter(Q(state__in=RUNNING) | Q(closed_on__gt=day), **pair)
        yield Proposal.objects.filter(Q(state__in=OPEN_PROPOSALS) | Q(ended_at__gte=late), **pair)


def _last_days(people: list[UUID]) -> dict[UUID, date]:
    last: dict[UUID, date] = {}

    def seen(person: UUID, at: date | datetime | None) -> None:
        if at is not None:
            on = timezone.localdate(at) if isinstance(at, datetime) else at
            last[person] = max(last.get(person, on), on)

    rows = Person.objects.filter(pk__in=people).values_list("pk", "created_at", "user__last_login")
    for person, made, signed_in in rows:
        seen(person, made)
        seen(person, signed_in)
    for model, path, moment in (
        (Enrolment, "person", "ended_on"),
        (Application, "person", "received_on"),
        (Decision, "application__person", "created_at"),
        (ContactPerson, "person", "left_on"),
        *((Partnership, f"{side}__person", "closed_on") for side in _SIDES),
        *((Meeting, f"partnership__{side}__person", "on") for side in _SIDES),
        *((Proposal, f"{side}__person", "ended_at") for side in _SIDES),
    ):
        grouped = model._default_manager.filter(**{f"{path}__in": people}).order_by().values(path)
        for person, at in grouped.annotate(last=Max(moment)).values_list(path, "last"):
            seen(person, at)
    keys = {person_key(person): person for person in people}
    letters = Letter.objects.filter(recipient__in=keys).order_by().values("recipient")
    for key, at in letters.annotate(last=Max("created_at")).values_list("recipient", "last"):
        seen(keys[key], at)
    # An application that was withdrawn says so nowhere else.
    whose = {
        str(pk): person for pk, person in Application.objects.filter(person__in=people).values_list("pk", "person_id")
    }
    told = Entry.objects.filter(object_type=Application._meta.label, object_id__in=whose).order_by()
    for key, at in told.values("object_id").annotate(last=Max("at")).values_list("object_id", "last"):
        seen(whose[key], at)
    return last


def hold_of(person_id: UUID, today: date) -> RetentionHold | None:
    """Return the hold on somebody, where one stands."""
    return holds(today).filter(person_id=person_id).first()


def kept_back(day: date) -> dict[UUID, Kept]:
    """Return who is left alone on a day, and why.

    Whether somebody has told something in confidence is told to nobody: it is one of the things that are still open.
    """
    kept: dict[UUID, Kept] = {}
    concerns = Concern.objects.filter(state__in=OPEN)
    for path in ("raised_by", "partnership__mentee__person", "partnership__mentor__person"):
        kept |= dict.fromkeys(concerns.exclude(**{path: None}).values_list(path, flat=True), Kept.OPEN)
    kept |= dict.fromkeys(open_requests(), Kept.OPEN)
    kept |= dict.fromkeys(restricted_people(), Kept.RESTRICTED)
    kept |= dict.fromkeys(holds(day).values_list("person_id", flat=True), Kept.HELD)
    protected = Person.objects.filter(NOT_ERASED, is_protected=True).values_list("pk", flat=True)
    return kept | dict.fromkeys(protected, Kept.PROTECTED)


def open_requests() -> Iterable[UUID]:
    """Return who has asked for something about her data that is not answered yet."""
    return Request.objects.filter(closed_at__isnull=True).values_list("person_id", flat=True)


def apart_from(people: Iterable[UUID], paths: Iterable[str]) -> Q:
    """Return that a row is about none of some people."""
    listed = list(people)
    wanted = Q()
    for path in paths:
        wanted &= Q(**{f"{path}__isnull": True}) | ~Q(**{f"{path}__in": listed})
    return wanted if listed else Q()
