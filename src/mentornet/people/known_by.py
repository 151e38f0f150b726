"""Who a user is, and who is known by an e-mail address or a telephone number: reads for signing in."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from mentornet.common.ordering import folded
from mentornet.people.models import Person, ProtectedIdentity
from mentornet.people.participants import Participant

_SHORTEST_NUMBER: Final = 6
_LONGEST_NUMBER: Final = 15
_DANISH: Final = "45"
_DANISH_DIGITS: Final = 8


def person_of_user(user_id: UUID) -> Person | None:
    """Return the person whose own pages a user opens."""
    return Person.objects.filter(user_id=user_id).first()


def participant_of_user(user_id: UUID, at: datetime) -> Participant | None:
    """Return the person behind a user, at work on what is hers."""
    found = Person.objects.filter(user_id=user_id).only("first_name", "last_name").first()
    return None if found is None else Participant(person_id=found.pk, name=found.name, at=at)


def participant_by_id(person_id: UUID | str, at: datetime) -> Participant | None:
    """Return a person at work on what is hers; ``None`` too for one whose account is closed."""
    may_come = Q(user__isnull=True) | Q(user__is_active=True)
    found = Person.objects.filter(may_come, pk=person_id).only("first_name", "last_name").first()
    return None if found is None else Participant(person_id=found.pk, name=found.name, at=at)


def digits_of(number: str) -> str:
    """Return a telephone number as its digits, with the country's code; empty when it is none.

    Eight digits are a Danish number, as they are dialled here.
    """
    digits = "".join(str(int(sign)) for sign in number if sign.isdecimal()).removeprefix("00")
    if len(digits) == _DANISH_DIGITS:
        digits = _DANISH + digits
    return digits if _SHORTEST_NUMBER <= len(digits) <= _LONGEST_NUMBER else ""


def known_by(typed: str) -> QuerySet[Person]:
    """Return everybody who has given this e-mail address or telephone number; one query, whatever was typed.

    Numbers are compared by their digits: they stand in the rows as they were written.
    """
    typed = typed.strip()
    if "@" in typed:
        return Person.objects.filter(Q(email__iexact=typed) | Q(identity__email__iexact=typed))
    digits = digits_of(typed)
    if not digits:
        # Nothing is found, and the database is asked all the same.
        return Person.objects.filter(email__iexact=typed, phone="")
    return Person.objects.filter(_with_number(digits, "phone") | _with_number(digits, "identity__phone"))


def _with_number(digits: str, column: str) -> Q:
    wanted = Q(**{f"{column}__regex": _pattern(digits, "(00)?")})
    if digits.startswith(_DANISH):
        wanted |= Q(**{f"{column}__regex": _pattern(digits.removeprefix(_DANISH), "")})
    return wanted


def sealed_alike(person: Person, among: QuerySet[ProtectedIdentity]) -> list[UUID]:
    """Return who of these protected people has somebody's e-mail address, telephone number or whole name."""
    email, digits = person.email.casefold(), digits_of(person.phone)
    found = []
    for identity in among.order_by("pk"):
        is_named = bool(identity.last_name) and folded(identity.name) == folded(person.name)
        is_written = bool(email) and identity.email.casefold() == email
        if is_named or is_written or (digits and digits_of(identity.phone) == digits):
            found.append(identity.person_id)
    return found


def is_reached_at(person: Person, *, email: bool) -> bool:
    """Tell whether somebody has an e-mail address, or else a number, whether or not it is sealed."""
    kept: Person | ProtectedIdentity = person.identity if person.is_protected else person
    return bool(kept.email if email else kept.phone)


def _pattern(digits: str, before: str) -> str:
    """Return an expression for a number with anything but digits in it; both databases read it."""
    apart = "[^0-9]*"
    return f"^{apart}{before}{apart.join(re.escape(digit) for digit in digits)}{apart}$"
