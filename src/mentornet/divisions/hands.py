"""Whether two members of the staff are two: whoever gives roles could give one to a second account of her own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from mentornet.accounts.models import User
from mentornet.common.actors import user_key
from mentornet.divisions.models import Role, StaffRole

NEW_FOR: Final = timedelta(days=30)
"""A role that is younger than this does not count against whoever has given it."""
_DOTS_SAY_NOTHING: Final = frozenset({"gmail.com", "googlemail.com"})


def are_two(one: UUID, other: UUID, division_id: UUID, at: datetime) -> bool:
    """Tell whether two users may see to what takes two people of a division.

    Each must hold a role by which she works there, and which the other one has not given her in the last thirty days,
    herself or through somebody to whom she gave one; and their addresses must not be one mailbox. Who gave a role is
    known of those that were given since it is noted.
    """
    if one == other or _is_one_mailbox(one, other):
        return False
    givers = _givers(at)
    return all(
        any(_is_old(role, at) or not _comes_from(role.given_by, from_whom, givers) for role in roles)
        for roles, from_whom in (
            (_roles(one, division_id, at), user_key(other)),
            (_roles(other, division_id, at), user_key(one)),
        )
    )


def _roles(user_id: UUID, division_id: UUID, at: datetime) -> Iterable[StaffRole]:
    """Return the roles by which somebody works with a division's people: an administrator's is none of them."""
    today = timezone.localdate(at)
    running = StaffRole.objects.filter(user_id=user_id, since__lte=today).filter(
        Q(until__isnull=True) | Q(until__gt=today)
    )
    return list(running.filter(Q(division_id=division_id) | Q(role=Role.NATIONAL_LEAD)))


def _is_old(role: StaffRole, at: datetime) -> bool:
    return role.created_at <= at - NEW_FOR


def _givers(at: datetime) -> dict[str, set[str]]:
    """Return who has given roles to whom in the last thirty days: by whom they were given to, as keys."""
    found: dict[str, set[str]] = {}
    for user_id, giver in StaffRole.objects.filter(created_at__gt=at - NEW_FOR).values_list("user_id", "given_by"):
        found.setdefault(user_key(user_id), set()).add(giver)
    return found


def _comes_from(giver: str, wanted: str, givers: dict[str, set[str]]) -> bool:
    seen, left = set[str](), [giver]
    while left:
        one = left.pop()
        if one == wanted:
            return True
        if one not in seen:
            seen.add(one)
            left += givers.get(one, ())
    return False


def _is_one_mailbox(one: UUID, other: UUID) -> bool:
    boxes = [_mailbox(email) for email in User.objects.filter(pk__in=[one, other]).values_list("email", flat=True)]
    return len(boxes) == 2 and boxes[0] == boxes[1] != ""


def _mailbox(email: str | None) -> str:
    """Return where mail arrives: what follows a plus is the reader's own, and with some providers so are dots."""
    local, _, domain = (email or "").casefold().rpartition("@")
    local = local.partition("+")[0]
    return f"{local.replace('.', '') if domain in _DOTS_SAY_NOTHING else local}@{domain}" if local else ""
