"""Who may hand out a copy of what is kept of somebody, and who may erase her."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from mentornet.audit.queries import entries_about
from mentornet.common.actors import Actor, System
from mentornet.common.answers import ALLOWED, Answer, denied
from mentornet.divisions.staff import Staff
from mentornet.people.enums import RevealKind
from mentornet.people.models import Person, Reveal
from mentornet.people.participants import Participant

_WAYS_IN: Final = frozenset({"email", "phone"})
"""What of a sealed identity lets somebody in who reads there."""


def may_copy(by: Actor, person: Person, known_in: Collection[UUID]) -> Answer:
    """Her own copy: herself; and whoever leads every division that knows her, since it tells of all of them.

    Of a protected person it tells who she is. Where the office has written anew how she is reached, whoever reads what
    is sent there takes it only once a second one has said yes, since then: one alone would see it otherwise, by
    writing an address of her own.
    """
    if isinstance(by, Participant) and by.person_id == person.pk:
        if person.is_protected and not _is_reached_as_two_know(person):
            return denied(
                _(
                    "We have written down a new way to reach you. Two people at the office must say yes before you "
                    "get your copy. Call us, and we do it together."
                )
            )
        return ALLOWED
    if person.is_protected and not _has_second_word(by, person):
        # It tells who she is.
        return denied(_("She is protected. Ask to see who she is first: a second person must say yes."))
    return _may_lead_all(by, known_in)


def may_erase(by: Actor, person: Person, known_in: Collection[UUID]) -> Answer:
    """Whoever leads every division that knows her: it reaches into all of them, and cannot be taken back.

    A protected person only with a second one's word: whoever erases her has just been allowed to see who she is.
    """
    if isinstance(by, System):
        return ALLOWED
    if person.is_protected and not _has_second_word(by, person):
        return denied(
            _("She is protected. Ask to see who she is first: when a second person has said yes, you can erase her.")
        )
    return _may_lead_all(by, known_in)


def _has_second_word(by: Actor, person: Person) -> bool:
    if not isinstance(by, Staff):
        return False
    return _second_words(person).filter(asked_by=by.user_id, expires_at__gt=by.at).exists()


def _second_words(person: Person) -> QuerySet[Reveal]:
    return Reveal.objects.filter(person=person, kind=RevealKind.SEE, is_approved=True)


def _is_reached_as_two_know(person: Person) -> bool:
    """Tell whether nobody has written her address anew since she was protected, or a second one has agreed since."""
    written = entries_about([person]).filter(act="people.write_sealed", at__gte=person.identity.created_at)
    last = next((entry.at for entry in written if _WAYS_IN & set(entry.detail.get("fields", ()))), None)
    return last is None or _second_words(person).filter(answered_at__gte=last).exists()


def _may_lead_all(by: Actor, known_in: Collection[UUID]) -> Answer:
    if isinstance(by, Staff) and (by.is_national_lead or (known_in and by.leads.issuperset(known_in))):
        return ALLOWED
    if isinstance(by, Staff) and by.leads:
        return denied(_("This reaches further than the divisions that you lead. Ask the national lead."))
    return denied(_("Ask whoever leads your division: she can do this."))
