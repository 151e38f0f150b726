"""What somebody agrees to now, and what it means that nothing is written down.

A consent counts until she takes it back. Where none was ever recorded, silence holds nobody back: what a place needs
was asked by the office before she had one, also of whoever came with a spreadsheet or by telephone. What she is free
to choose, the program itself acts on nowhere: the office reads on her page what she has said.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from mentornet.intake.applicants import consents_of
from mentornet.intake.enums import ASKED_CONSENTS, NEEDED_CONSENTS, OPTIONAL_CONSENTS, Applying, ConsentPurpose
from mentornet.intake.models import Consent
from mentornet.intake.queries import only_helps
from mentornet.people.participants import Participant

_NEEDED: Final = frozenset(purpose for purposes in NEEDED_CONSENTS.values() for purpose in purposes)
_OF_A_HELPER: Final = (*NEEDED_CONSENTS[Applying.CONTACT_PERSON], *OPTIONAL_CONSENTS[Applying.CONTACT_PERSON])


def have_taken_back(people: Collection[UUID], purpose: ConsentPurpose) -> set[UUID]:
    """Return who of these people has agreed to a purpose once, and does no longer: one query."""
    said = Consent.objects.filter(person_id__in=people, purpose=purpose)
    rows = list(said.values_list("person_id", "withdrawn_at"))
    return {key for key, _at in rows} - {key for key, at in rows if at is None}


def not_taken_back(person: str, purpose: ConsentPurpose) -> Q:
    """Return the same as a condition; ``person`` is the path to a row's person, such as ``"mentee__person_id"``."""
    said = Consent.objects.filter(person=OuterRef(person), purpose=purpose)
    return ~Q(Exists(said)) | Q(Exists(said.filter(withdrawn_at__isnull=True)))


@dataclass(frozen=True, slots=True)
class Asked:
    """One purpose, and what she has last said about it.

    Attributes:
        last: her newest consent to it, taken back or not; ``None`` where nothing was ever written down.
    """

    purpose: ConsentPurpose
    last: Consent | None

    @property
    def stands(self) -> bool:
        """Whether it is written down that she agrees."""
        return self.last is not None and self.last.withdrawn_at is None

    @property
    def standing(self) -> Consent | None:
        """The consent by which she agrees; ``None`` where nothing stands that could be taken back."""
        return self.last if self.stands else None

    @property
    def is_back(self) -> bool:
        """Whether she has taken it back."""
        return self.last is not None and self.last.withdrawn_at is not None

    @property
    def is_needed(self) -> bool:
        """Whether nothing could be done for her without it."""
        return self.purpose in _NEEDED


def asked_of(person_id: UUID, *, only: Collection[ConsentPurpose] = ASKED_CONSENTS) -> list[Asked]:
    """Return every purpose of ``only``, and what she has said to others, in the order in which they are asked."""
    last: dict[str, Consent] = {}
    for one in consents_of(person_id):
        # The one that stands was given after the others; two of one moment are told apart by that.
        if one.purpose not in last or one.withdrawn_at is None:
            last[one.purpose] = one
    return [Asked(purpose, last.get(purpose)) for purpose in ConsentPurpose if purpose in only or purpose in last]


def asked_of_her(by: Participant) -> list[Asked]:
    """Return what she is asked for herself: a contact person is introduced to nobody, and answers no questions."""
    return asked_of(by.person_id, only=_OF_A_HELPER if only_helps(by) else ASKED_CONSENTS)
