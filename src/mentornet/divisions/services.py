"""Opening divisions, and who works in them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from mentornet.accounts.models import User
from mentornet.audit.services import record
from mentornet.common.actors import Actor
from mentornet.common.answers import ChangedMeanwhileError, RefusedError, require
from mentornet.common.models import write_over
from mentornet.divisions.models import Division, MeetingPlace, Organisation, Role, StaffRole
from mentornet.divisions.rules import may_administer, may_give_role, may_lead, may_set_password


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
