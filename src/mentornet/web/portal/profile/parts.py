"""What of her details is corrected together, on one page; facts of her profile are corrected one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mentornet.people.models import Person
from mentornet.web.portal.facts import FIXED, TOGETHER

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


@dataclass(frozen=True, slots=True)
class Part:
    """A page with one question.

    Attributes:
        names: the columns that it asks for.
        lede: what it is for.
    """

    names: Sequence[str]
    title: _StrOrPromise
    lede: _StrOrPromise = ""


DETAILS: Final[Mapping[str, _StrOrPromise]] = {
    "first_name": _("Your first name"),
    "last_name": _("Your last name"),
    "area": _("The part of town where you live"),
    "postcode": _("Your postcode"),
    "birth_year": _("The year in which you were born"),
    "email": _("Your e-mail address"),
    "phone": _("Your telephone"),
    "contact_way": _("How we may reach you"),
    "safe_contact": _("What we must know before we call or write"),
    "contact_from": _("When we may reach you"),
    "hides_network": _("The name of the network"),
    "language": _("The language of our letters"),
}
"""What her details are called, by their columns' names."""
PARTS: Final[Mapping[str, Part]] = {
    "name": Part(
        ("first_name", "last_name"),
        _("Your name"),
        _("Somebody whom we suggest to you reads your first name. Your last name only your partner reads."),
    ),
    "place": Part(
        ("area", "postcode"),
        _("Where you live"),
        _("Never write your address. The part of town is enough to find somebody near you."),
    ),
    "contact": Part(("contact_way", "email", "phone"), _("How we may reach you")),
    "safety": Part(
        ("safe_contact", "contact_from", "contact_until", "hides_network"),
        _("So that it is safe for you"),
        _("Does somebody else read your letters or answer your telephone? Tell us what we must know."),
    ),
    "letters": Part(("language",), _("The language of our letters")),
}
_PART_OF: Final[Mapping[str, str]] = {name: key for key, part in PARTS.items() for name in part.names}
_SEALED_PARTS: Final = frozenset(key for key, part in PARTS.items() if set(part.names) & set(Person.SEALED))
_TIMES: Final = frozenset({"availability", "meeting", "hours_per_month", "months"})
_OFFICE: Final = (FIXED - TOGETHER.keys()) | {"birth_year", "answers"}


def is_sealed(person: Person, part: str) -> bool:
    """Tell whether a part of her details is sealed, so that only she and her coordinator together write it anew."""
    return person.is_protected and part in _SEALED_PARTS


def is_detail_sealed(person: Person, name: str) -> bool:
    """Tell the same of one detail."""
    return is_sealed(person, _PART_OF.get(name, ""))


def edit_url(name: str, role: str) -> str:
    """Return where a fact is corrected; empty for what is talked over with the office."""
    if name in _OFFICE:
        return ""
    if name in _PART_OF:
        return reverse("portal:details", args=[_PART_OF[name]])
    if name in _TIMES:
        return reverse("portal:availability") + f"?role={role}"
    return reverse("portal:profile_fact", args=[role, TOGETHER.get(name, name)])
