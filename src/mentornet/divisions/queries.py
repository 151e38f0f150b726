"""Divisions, and who works where."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from functools import reduce
from operator import and_
from typing import Final
from uuid import UUID

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Value
from django.utils import timezone

from mentornet.accounts.models import User
from mentornet.common.ordering import in_danish
from mentornet.divisions.models import Absence, Division, HiddenPerson, MeetingPlace, Organisation, Role, StaffRole
from mentornet.divisions.staff import Staff

UNNAMED: Final = "Mentornet"


def held_roles(user_id: UUID, on: date) -> list[StaffRole]:
    """Return the roles that somebody holds on a day."""
    return list(
        StaffRole.objects.filter(user_id=user_id, since__lte=on).filter(Q(until__isnull=True) | Q(until__gt=on))
    )


def _roles_and_hidden(user_id: UUID, on: date) -> tuple[list[StaffRole], frozenset[UUID]]:
    """Return the roles that somebody holds on a day, and the people whom she must not see: one query for both."""
    hidden = FilteredRelation("user__hidden_people", condition=Q(user__hidden_people__lifted_at__isnull=True))
    held = StaffRole.objects.filter(user_id=user_id, since__lte=on).filter(Q(until__isnull=True) | Q(until__gt=on))
    rows = list(held.annotate(hidden=hidden).annotate(hidden_id=F("hidden__person_id")).order_by("pk"))
    roles = {role.pk: role for role in rows}
    return list(roles.values()), frozenset(role.hidden_id for role in rows if role.hidden_id is not None)


def staff_member(user: User, at: datetime) -> Staff:
    """Return ``user`` at work: two queries at most, one for most."""
    roles, hidden = _roles_and_hidden(user.pk, timezone.localdate(at))
    casework = {role.division_id for role in roles if role.division_id is not None}
    leads = {role.division_id for role in roles if role.role == Role.DIVISION_LEAD and role.division_id is not None}
    national = any(role.role == Role.NATIONAL_LEAD for role in roles)
    if national:
        casework = leads = set(Division.objects.values_list("pk", flat=True))
    return Staff(
        user_id=user.pk,
        name=user.name,
        at=at,
        casework=frozenset(casework),
        leads=frozenset(leads),
        is_national_lead=national,
        is_administrator=any(role.role == Role.ADMINISTRATOR for role in roles),
        is_data_protection_officer=any(role.role == Role.DATA_PROTECTION_OFFICER for role in roles),
        hidden=hidden,
    )


def national_leads(on: date) -> list[UUID]:
    """Return the users who lead the whole network on a day, and may sign in."""
    held = StaffRole.objects.filter(role=Role.NATIONAL_LEAD, since__lte=on, user__is_active=True)
    return sorted(set(held.filter(Q(until__isnull=True) | Q(until__gt=on)).values_list("user_id", flat=True)))


def national_leads_here(on: date) -> list[UUID]:
    """Return the users who lead the whole network on a day, may sign in, and are not away."""
    held = StaffRole.objects.filter(role=Role.NATIONAL_LEAD, since__lte=on, user__is_active=True)
    away = Absence.objects.filter(from_on__lte=on, until_on__gte=on, ended_at__isnull=True).values("user_id")
    running = held.filter(Q(until__isnull=True) | Q(until__gt=on)).exclude(user_id__in=away)
    return sorted(set(running.values_list("user_id", flat=True)))


def leads_of(division_id: UUID, on: date) -> list[UUID]:
    """Return the users who lead a division on a day and may sign in; those who lead the network where nobody does."""
    held = StaffRole.objects.filter(role=Role.DIVISION_LEAD, division_id=division_id, since__lte=on)
    running = held.filter(Q(until__isnull=True) | Q(until__gt=on), user__is_active=True)
    return sorted(set(running.values_list("user_id", flat=True))) or national_leads(on)


def heads_of(division_id: UUID, on: date) -> list[UUID]:
    """Return whoever leads a division on a day, then whoever leads the network: each may sign in."""
    return list(dict.fromkeys([*leads_of(division_id, on), *national_leads(on)]))


def overseers(divisions: Collection[UUID], on: date) -> set[UUID]:
    """Return who oversees on a day what is done with the people of these divisions: leads, and data protection."""
    held = StaffRole.objects.filter(since__lte=on).filter(Q(until__isnull=True) | Q(until__gt=on))
    everywhere = Q(role__in=(Role.NATIONAL_LEAD, Role.DATA_PROTECTION_OFFICER))
    theirs = held.filter(everywhere | Q(role=Role.DIVISION_LEAD, division_id__in=divisions))
    return set(theirs.values_list("user_id", flat=True))


def divisions_of(by: Staff) -> QuerySet[Division]:
    """Return the divisions in which she works with people, by name."""
    return Division.objects.filter(pk__in=by.casework).order_by(in_danish("name"))


def all_divisions() -> QuerySet[Division]:
    """Return every division, closed ones too, by name."""
    return Division.objects.order_by(in_danish("name"))


def open_divisions(on: date) -> QuerySet[Division]:
    """Return the divisions that are open on a day, by name."""
    return all_divisions().filter(opened_on__lte=on).filter(Q(closed_on__isnull=True) | Q(closed_on__gt=on))


def places_to_meet(division_id: UUID) -> QuerySet[MeetingPlace]:
    """Return a division's neutral places, also those that are suggested no more, by name."""
    return MeetingPlace.objects.filter(division_id=division_id).order_by(in_danish("name"), "pk")


def places_of(by: Staff) -> QuerySet[MeetingPlace]:
    """Return the neutral places of the divisions whose set-up is hers."""
    return (
        MeetingPlace.objects.filter(division_id__in=by.leads)
        .select_related("division")
        .order_by(in_danish("division__name"), "-is_active", in_danish("name"), "pk")
    )


def led_by(by: Staff) -> QuerySet[Division]:
    """Return the divisions whose set-up is hers, by name."""
    return Division.objects.filter(pk__in=by.leads).order_by(in_danish("name"))


def organisation() -> Organisation:
    """Return who runs the network; before it is set up, an unsaved row with the program's own name."""
    return Organisation.objects.first() or Organisation(name=UNNAMED)


def is_described() -> bool:
    """Tell whether anybody has said who runs the network."""
    return Organisation.objects.exists()


def staff_roles(by: Staff) -> QuerySet[StaffRole]:
    """Return the roles that she may see and end: all of them for the heads, her divisions' for a lead."""
    held = StaffRole.objects.select_related("user", "division").order_by("division__name", "role", "user__name")
    if by.is_administrator or by.is_national_lead:
        return held
    return held.filter(division_id__in=by.leads)


def divisions_without_staff(on: date) -> QuerySet[Division]:
    """Return the open divisions in which nobody has a role of her own on a day, by name."""
    held = StaffRole.objects.filter(since__lte=on, division__isnull=False, user__is_active=True)
    held = held.filter(Q(until__isnull=True) | Q(until__gt=on))
    return open_divisions(on).exclude(pk__in=held.values("division_id"))


def coordinators_in(division_id: UUID, on: date) -> QuerySet[User]:
    """Return who does casework in a division on a day, by name."""
    return coordinators_of([division_id], on)


def coordinators_of(divisions: Collection[UUID], on: date) -> QuerySet[User]:
    """Return who does casework in one of these divisions on a day, by name."""
    holding = Q(staff_roles__until__isnull=True) | Q(staff_roles__until__gt=on)
    return (
        User.objects.filter(holding, staff_roles__division_id__in=divisions, staff_roles__since__lte=on)
        .distinct()
        .order_by("name")
    )


# From whom somebody is hidden ---------------------------------------------------------------------------------------


def hidden_rows(person_id: UUID) -> QuerySet[HiddenPerson]:
    """Return who must not see somebody, and who once had not to; what holds now first, then the latest."""
    return (
        HiddenPerson.objects.filter(person_id=person_id)
        .select_related("user")
        .order_by(F("lifted_at").desc(nulls_first=True), "-created_at", "pk")
    )


def blind_to(person_id: UUID) -> set[UUID]:
    """Return the users who must not see somebody."""
    held = HiddenPerson.objects.filter(person_id=person_id, lifted_at__isnull=True)
    return set(held.values_list("user_id", flat=True))


def is_hidden_from(user: OuterRef | Value, person: OuterRef | Value) -> Exists:
    """Return the condition that a row's user must not see a row's person: for many rows at once."""
    return Exists(HiddenPerson.objects.filter(user_id=user, person_id=person, lifted_at__isnull=True))


def hidden_from_anybody() -> frozenset[UUID]:
    """Return the keys of all who are hidden from one of the staff: for what is told to all of them alike."""
    return frozenset(HiddenPerson.objects.filter(lifted_at__isnull=True).values_list("person_id", flat=True))


def hidden_now(person_id: UUID) -> QuerySet[HiddenPerson]:
    """Return who must not see somebody now."""
    return HiddenPerson.objects.filter(person_id=person_id, lifted_at__isnull=True)


def staff_at_work(on: date, divisions: Collection[UUID] | None = None) -> QuerySet[User]:
    """Return who has a role on a day and may sign in, by name; with ``divisions``, who works with their people."""
    held = StaffRole.objects.filter(since__lte=on).filter(Q(until__isnull=True) | Q(until__gt=on))
    if divisions is not None:
        held = held.filter(Q(division_id__in=divisions) | Q(role=Role.NATIONAL_LEAD))
    return User.objects.filter(pk__in=held.values("user_id"), is_active=True).order_by(in_danish("name"), "pk")


def who_looks_after(person_id: UUID, division_id: UUID, on: date) -> UUID | None:
    """Return who looks after somebody in a division on a day in the place of one who must not see her.

    Whoever leads the division, else the network, else a coordinator; ``None`` where nobody is left.
    """
    held = StaffRole.objects.filter(since__lte=on, user__is_active=True).exclude(user_id__in=blind_to(person_id))
    held = held.filter(Q(until__isnull=True) | Q(until__gt=on), Q(division_id=division_id) | Q(role=Role.NATIONAL_LEAD))
    ranks = [Role.DIVISION_LEAD, Role.NATIONAL_LEAD, Role.COORDINATOR]
    found = [one for one in held.order_by("user__name", "pk") if one.role in ranks]
    return min(found, key=lambda one: ranks.index(Role(one.role))).user_id if found else None


# Who is away --------------------------------------------------------------------------------------------------------


def absences_on(on: date) -> QuerySet[Absence]:
    """Return who is away on a day, with whoever stands in, the first to be back first."""
    away = Absence.objects.filter(from_on__lte=on, until_on__gte=on, ended_at__isnull=True)
    return away.select_related("user", "stand_in").order_by("until_on", "pk")


def stood_in_for(user_id: UUID, on: date) -> QuerySet[Absence]:
    """Return for whom somebody stands in on a day."""
    return absences_on(on).filter(stand_in_id=user_id)


def absences_of(users: Collection[UUID], on: date) -> QuerySet[Absence]:
    """Return who of some users is away on a day."""
    return absences_on(on).filter(user_id__in=users)


def marked_away(users: QuerySet[User], on: date) -> QuerySet[User]:
    """Return users, each with ``is_away``: whether she is away on a day."""
    return users.annotate(is_away=Exists(absences_on(on).filter(user_id=OuterRef("pk"))))


def absence_of(user_id: UUID | None, on: date) -> Absence | None:
    """Return the absence of somebody on a day; ``None`` where she is there."""
    return None if user_id is None else absences_on(on).filter(user_id=user_id).first()


def coming_absences(by: Staff) -> QuerySet[Absence]:
    """Return the absences that last or are to come: her own, those she stands in for, and those of whom she leads.

    An administrator has all of them, each with ``is_told``: whether its word to colleagues is a word to her as well.
    """
    today = by.today
    rows = Absence.objects.filter(until_on__gte=today, ended_at__isnull=True)
    led = StaffRole.objects.filter(division_id__in=by.leads).filter(Q(until__isnull=True) | Q(until__gt=today))
    hers = Q(user_id=by.user_id) | Q(stand_in_id=by.user_id)
    if by.is_national_lead:
        hers = Q()
    elif by.leads:
        hers |= Q(user_id__in=led.values("user_id"))
    if by.is_administrator and not by.is_national_lead:
        seen = rows.annotate(is_told=Exists(rows.filter(hers, pk=OuterRef("pk"))))
    else:
        seen = rows.filter(hers).annotate(is_told=Value(True))
    return seen.select_related("user", "stand_in").order_by("from_on", "pk")


def divisions_worked_in(user_id: UUID, on: date) -> frozenset[UUID]:
    """Return the divisions in which somebody has a role of her own on a day."""
    held = StaffRole.objects.filter(user_id=user_id, since__lte=on, division__isnull=False)
    held = held.filter(Q(until__isnull=True) | Q(until__gt=on))
    return frozenset(held.values_list("division_id", flat=True))


def has_worked_in(user_id: UUID, division_id: UUID) -> bool:
    """Tell whether somebody has, or has had, a role of her own in a division, or leads or has led the network."""
    held = StaffRole.objects.filter(user_id=user_id)
    return held.filter(Q(division_id=division_id) | Q(role=Role.NATIONAL_LEAD)).exists()


def could_stand_in(user: User, on: date) -> QuerySet[User]:
    """Return who may stand in for somebody on a day: whoever works in all divisions in which she does, by name."""
    others = User.objects.filter(is_active=True).exclude(pk=user.pk)
    held = StaffRole.objects.filter(user=OuterRef("pk"), since__lte=on).filter(Q(until__isnull=True) | Q(until__gt=on))
    nation = Exists(held.filter(role=Role.NATIONAL_LEAD))
    mine = divisions_worked_in(user.pk, on)
    is_national = user.pk in national_leads(on)
    found = Q(nation)
    if mine and not is_national:
        each = [Q(Exists(held.filter(division_id=one))) for one in sorted(mine)]
        found |= reduce(and_, each)
    return others.filter(found).order_by(in_danish("name"), "pk")


def users_by_id(keys: Collection[UUID]) -> dict[UUID, User]:
    """Return users by their keys."""
    return {one.pk: one for one in User.objects.filter(pk__in=keys)}


def may_be_noted_away(by: Staff) -> QuerySet[User]:
    """Return whom somebody may note as away, by name: herself, those of whom she leads, everybody for the heads."""
    if by.is_administrator or by.is_national_lead:
        return staff_at_work(by.today)
    held = StaffRole.objects.filter(division_id__in=by.leads, since__lte=by.today)
    led = held.filter(Q(until__isnull=True) | Q(until__gt=by.today)).values("user_id")
    return staff_at_work(by.today).filter(Q(pk=by.user_id) | Q(pk__in=led))


def may_be_stand_ins(by: Staff) -> QuerySet[User]:
    """Return whom somebody may choose from as a stand-in, by name: those who work where she does."""
    everywhere = by.is_administrator or by.is_national_lead
    return staff_at_work(by.today, None if everywhere else by.casework)
