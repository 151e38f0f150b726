"""How many of those enrolled in a programme have answered its own questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from mentornet.intake.models import Enrolment
from mentornet.people.enums import Role
from mentornet.people.own_answers import answers_of
from mentornet.programmes.models import ProgrammeVersion
from reference.customs import UNKNOWN


@dataclass(frozen=True, slots=True)
class Answered:
    """Counts by role.

    Attributes:
        enrolled: how many are enrolled, by role.
        known: how many have an answer that counts, by the question's key and role.
    """

    enrolled: Mapping[str, int]
    known: Mapping[tuple[str, str], int]

    def of(self, key: str) -> dict[str, int]:
        """Return how many have answered one question, by role."""
        return {role: self.known.get((key, role), 0) for role in Role.values}


def answered_in(*, version: ProgrammeVersion, divisions: Collection[UUID]) -> Answered:
    """Count in some divisions: two queries."""
    here = Enrolment.objects.filter(
        programme_id=version.programme_id, division_id__in=divisions, ended_on__isnull=True
    ).order_by()
    enrolled = dict(here.values_list("role").annotate(Count("pk")))
    customs = version.own
    by_key = {custom.key: custom for custom in customs}
    known: Counter[tuple[str, str]] = Counter()
    for role, answers in here.exclude(profile__answers={}).values_list("role", "profile__answers"):
        for key, answer in answers_of(answers, customs):
            if by_key[key].number_of(answer) != UNKNOWN:
                known[key, role] += 1
    return Answered({role: enrolled.get(role, 0) for role in Role.values}, known)
