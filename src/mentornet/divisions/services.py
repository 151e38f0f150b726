"""Opening divisions, and who works in them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from mentornet.accounts.models import User
from mentornet.audit.services import record
from mentornet.common.actors import Actor
from mentornet.common.answers import ChangedMeanwhileError, RefusedError, require
from mentornet.common.models import write_over
from mentornet.divisions.models import Absence, Division, MeetingPlace, Organisation, Role, StaffRole
from mentornet.divisions.queries import could_stand_in, divisions_worked_in
from mentornet.divisions.rules import may_administer, may_give_role, may_lead, may_set_absence, may_set_password

LONGEST_ABSENCE: Final = timedelta(days=366)


@transaction.atomic
def open_division(*, by: Actor, facts: Mapping[str, Any]) -> Division:
    """Open a division.

    Raises:
        NotAllowedError: neither an administrator nor the national lead.
        ValidationError: a name that is taken, or days that cannot be.
    """
    require(may_administer(by))
    division = Division(created_at=by.at, **facts)
    division.full_clean()
    division.save(force_insert=True)
    record(by=by, act="divisions.open", of=division, division_id=division.pk)
    return division


@transaction.atomic
def change_division(*, by: Actor, division: Division, facts: Mapping[str, Any]) -> Division:
    """Change a division's name, area, office or days.

    Raises:
        NotAllowedError: neither an administrator nor the national lead.
        ValidationError: a name that is taken, or days that cannot be.
    """
    require(may_administer(by))
    changed = write_over(division, facts)
    division.full_clean()
    if changed:
        division.save(update_fields=changed)
        record(by=by, act="divisions.change", of=division, division_id=division.pk, detail={"fields": changed})
    return division


@transaction.atomic
def add_place(*, by: Actor, division: Division, facts: Mapping[str, Any]) -> MeetingPlace:
    """Add a neutral place that is suggested to two who meet for the first time.

    Raises:
        NotAllowedError: she does not lead the division.
        ValidationError: no name, or one that is there already.
    """
    require(may_lead(by, division.pk))
    place = MeetingPlace(division=division, created_at=by.at, **facts)
    place.full_clean()
    place.save(force_insert=True)
    record(by=by, act="divisions.add_place", of=place, division_id=division.pk)
    return place


@transaction.atomic
def change_place(*, by: Actor, place: MeetingPlace, facts: Mapping[str, Any]) -> MeetingPlace:
    """Change a place, or stop suggesting it; meetings that are planned there stay.

    Raises:
        NotAllowedError: she does not lead the division.
        ValidationError: no name, or one that is there already.
    """
    require(may_lead(by, place.division_id))
    changed = write_over(place, facts)
    place.full_clean()
    if changed:
        place.save(update_fields=changed)
        record(by=by, act="divisions.change_place", of=place, division_id=place.division_id, detail={"fields": changed})
    return place


@transaction.atomic
def describe_organisation(*, by: Actor, facts: Mapping[str, Any]) -> Organisation:
    """Say who runs the network.

    Raises:
        NotAllowedError: neither an administrator nor the national lead.
        ValidationError: no name, or an address that cannot be.
        ChangedMeanwhileError: somebody else has described it for the first time meanwhile.
    """
    require(may_administer(by))
    found = Organisation.objects.first()
    is_new, described = found is None, found or Organisation(created_at=by.at)
    changed = write_over(described, facts)
    described.full_clean(validate_unique=False, validate_constraints=False)
    if is_new or changed:
        try:
            with transaction.atomic():
                # Only what she changed: somebody else may be changing the rest.
                described.save(update_fields=None if is_new else changed)
        except IntegrityError as error:
            raise ChangedMeanwhileError(
                _("Somebody else has just described the organisation. Look at it again.")
            ) from error
        record(by=by, act="divisions.describe_organisation", of=described, detail={"fields": changed})
    return described


@transaction.atomic
def give_role(
    *, by: Actor, email: str, name: str, role: Role | str, division: Division | None, since: date
) -> StaffRole:
    """Give somebody a role from a day on; who has no account yet gets one, and sets her password by e-mail.

    Raises:
        NotAllowedError: leads give roles in their own division, the national lead and administrators all of them.
        RefusedError: she holds that role already.
        ValidationError: a role without its division, or an address that cannot be.
    """
    require(may_give_role(by, role, division.pk if division else None))
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        user = User.objects.create_user(email=email, name=name)
    given = StaffRole(user=user, role=role, division=division, since=since, created_at=by.at, given_by=by.key)
    held = StaffRole.objects.filter(user=user, role=role, division=division, until__isnull=True)
    if held.exists():
        raise RefusedError(_("%(name)s holds that role already.") % {"name": user.name})
    given.full_clean()
    given.save(force_insert=True)
    record(
        by=by,
        act="divisions.give_role",
        of=given,
        division_id=division.pk if division else None,
        detail={"role": str(role)},
    )
    return given


@transaction.atomic
def set_password(*, by: Actor, user: User, password: str) -> None:
    """Set a new user's first password, from the command line.

    Raises:
        NotAllowedError: somebody else than the program asks.
    """
    require(may_set_password(by))
    user.set_password(password)
    user.save(update_fields=["password"])
    record(by=by, act="accounts.set_password", of=user)


@transaction.atomic
def end_role(*, by: Actor, held: StaffRole) -> StaffRole:
    """End a role today: from now on its holder sees nothing through it.

    Raises:
        NotAllowedError: as for giving it.
        ChangedMeanwhileError: it has ended.
        ValidationError: it is the last one that can set up staff.
    """
    require(may_give_role(by, held.role, held.division_id))
    # Locked in one order, so that two who end the last two roles at once do not both succeed.
    heads = (Role.ADMINISTRATOR, Role.NATIONAL_LEAD)
    left = list(
        StaffRole.objects.select_for_update()
        .filter(role__in=heads, until__isnull=True)
        .order_by("pk")
        .values_list("pk")
    )
    if held.role in heads and left == [(held.pk,)]:
        raise ValidationError(_("Nobody would be left who can set up staff. Give the role to somebody else first."))
    ended = StaffRole.objects.filter(pk=held.pk, until__isnull=True).update(until=max(by.today, held.since))
    if not ended:
        raise ChangedMeanwhileError(_("That role has ended already."))
    held.refresh_from_db()
    record(
        by=by,
        act="divisions.end_role",
        of=held,
        division_id=held.division_id,
        detail={"role": held.role},
    )
    return held


@transaction.atomic
def set_absence(*, by: Actor, user: User, stand_in: User, from_on: date, until_on: date, note: str = "") -> Absence:
    """Note that somebody is away, and who stands in for her. Her cases stay hers; it ends by itself.

    The same pressed twice is one.

    Raises:
        NotAllowedError: neither she herself, nor a lead of hers, nor one of the heads.
        ValidationError: days that cannot be, or on which she is away already; or the colleague does not work in all
            her divisions, is away herself, or has somebody who stands in: nobody stands in for a stand-in.
    """
    require(may_set_absence(by, user.pk, divisions_worked_in(user.pk, by.today)))
    if until_on < by.today:
        raise ValidationError({"until_on": _("The last day is today or later.")})
    if until_on - from_on > LONGEST_ABSENCE:
        raise ValidationError({"until_on": _("That is longer than a year. Hand the cases over instead.")})
    # Both held in one order till the end: of two who note at once, the second one finds what the first has noted.
    list(User.objects.select_for_update().filter(pk__in=[user.pk, stand_in.pk]).order_by("pk").values_list("pk"))
    row = Absence(
        user=user, stand_in=stand_in, from_on=from_on, until_on=until_on, note=note.strip(), set_by=by.key,
        created_at=by.at,
    )  # fmt: skip
    there = Absence.objects.filter(ended_at__isnull=True, from_on__lte=until_on, until_on__gte=from_on)
    same = there.filter(user=user, stand_in=stand_in, from_on=from_on, until_on=until_on).first()
    if same is not None:
        return same
    row.full_clean(validate_unique=False, validate_constraints=False)
    row.validate_constraints()
    _require_free(there, user, stand_in)
    if not could_stand_in(user, by.today).filter(pk=stand_in.pk).exists():
        raise ValidationError({"stand_in": _("Choose a colleague who works in the same divisions.")})
    row.save(force_insert=True)
    record(by=by, act="divisions.set_absence", of=row)
    return row


def _require_free(there: QuerySet[Absence], user: User, stand_in: User) -> None:
    """Refuse where somebody is away already on these days, or a stand-in would need one herself."""
    if there.filter(user=user).exists():
        raise ValidationError({"from_on": _("She is away on some of these days already.")})
    if there.filter(user=stand_in).exists():
        raise ValidationError({"stand_in": _("This colleague is away herself then. Choose somebody else.")})
    if (standing := there.filter(stand_in=user).select_related("user").first()) is not None:
        words = _("She stands in for %(name)s on some of these days. Choose somebody else for %(name)s first.")
        raise ValidationError({"from_on": words % {"name": standing.user.name}})


@transaction.atomic
def end_absence(*, by: Actor, absence: Absence) -> Absence:
    """Note that somebody is back early, or does not go away after all: from now on nobody stands in for her.

    Raises:
        NotAllowedError: neither she herself, nor a lead of hers, nor one of the heads.
        ChangedMeanwhileError: it has ended.
    """
    require(may_set_absence(by, absence.user_id, divisions_worked_in(absence.user_id, by.today)))
    still = Absence.objects.filter(pk=absence.pk, ended_at__isnull=True, until_on__gte=by.today)
    if not still.update(ended_at=by.at, ended_by=by.key):
        raise ChangedMeanwhileError(_("That has ended already."))
    absence.refresh_from_db()
    record(by=by, act="divisions.end_absence", of=absence)
    return absence
