"""Who sees that somebody's reading is paused, and lets her on."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from mentornet.accounts.models import User
from mentornet.accounts.queries import paused_readers, user_by_id
from mentornet.common.actors import Actor
from mentornet.common.answers import ALLOWED, Answer, denied
from mentornet.divisions.models import Role, StaffRole
from mentornet.divisions.staff import Staff


def _held(on: date) -> QuerySet[StaffRole]:
    return StaffRole.objects.filter(Q(until__isnull=True) | Q(until__gt=on), since__lte=on, user__is_active=True)


def paused_for(by: Staff) -> QuerySet[User]:
    """Return whose reading is paused, of those whom the actor may let on."""
    others = paused_readers().exclude(pk=by.user_id)
    if by.is_administrator or by.is_national_lead:
        return others
    return others.filter(pk__in=_held(by.today).filter(division_id__in=by.leads).values("user_id"))


def who_lets_on(user_id: UUID, on: date) -> list[UUID]:
    """Return who is written to when somebody's reading was paused: whoever leads her, and the heads."""
    hers = StaffRole.objects.filter(user_id=user_id, division__isnull=False).values("division_id")
    found = _held(on).filter(
        Q(role__in=(Role.NATIONAL_LEAD, Role.ADMINISTRATOR)) | Q(role=Role.DIVISION_LEAD, division_id__in=hers)
    )
    return sorted(set(found.exclude(user_id=user_id).values_list("user_id", flat=True)))


def names_who_let_on(user_id: UUID, on: date) -> list[str]:
    """Return their names, for whoever is paused to call one of them."""
    return [user.name for key in who_lets_on(user_id, on) if (user := user_by_id(key)) is not None]


def may_let_on(by: Actor, user: User) -> Answer:
    """Let somebody on whose reading is paused: a lead of hers, or one of the heads; never oneself."""
    if not isinstance(by, Staff) or by.user_id == user.pk:
        return denied(_("Somebody else lets you on: whoever leads your division, or an administrator."))
    if paused_readers().filter(pk=by.user_id).exists():
        return denied(_("Your own reading is paused. Somebody else lets her on."))
    if paused_for(by).filter(pk=user.pk).exists() or user.reading_paused_at is None:
        return ALLOWED
    return denied(_("Only whoever leads her division, or an administrator, lets her on."))
