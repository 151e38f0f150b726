"""What the two of a pair have of it: the mentor's thought, a letter that was sent, her certificate and her thanks."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from factories.django_rows import AT, TODAY, saved
from mentornet.followup.models import Certificate, ImpactLetter, Reflection, TenureThanks
from mentornet.partnerships.models import Partnership
from mentornet.people.enums import Role as Part

LETTER: Final[dict[str, Any]] = {
    "title": "A letter",
    "greeting": "Dear {mentor},",
    "opening": "this is about {mentee}.",
    "facts": ["You have met 2 times."],
    "quotes": [{"heading": "In her words", "texts": ["It has meant much."]}],
    "ending": "Thank you.",
}


def value_rows(partnership: Partnership) -> dict[str, UUID | int]:
    """Make the rows, and return their keys by the names of arguments."""
    thought = Reflection(
        partnership=partnership,
        person=partnership.mentor.person,
        prompt="learned",
        text="Hers alone, too.",
        changed_at=AT,
        created_at=AT,
    )
    letter = saved(
        ImpactLetter(
            partnership=partnership,
            occasion="year",
            due_on=TODAY,
            since=TODAY - timedelta(days=365),
            until=TODAY,
            state="sent",
            chosen=("met",),  # type: ignore[misc]  # a field of words
            words="It has meant much.",
            texts={"en": LETTER},
            language_mentee="en",
            language_mentor="en",
            asked_at=AT,
            approved_at=AT,
            sent_at=AT,
            created_at=AT,
        )
    )
    certificate = saved(
        Certificate(
            person=partnership.mentor.person,
            division=partnership.division,
            role=Part.MENTOR,
            since=TODAY - timedelta(days=365),
            facts={"meetings": 2, "hours": 2, "modules": []},
            signer="A lead",
            code_hash=hashlib.sha256(str(partnership.pk).encode()).hexdigest(),
            sealed_code="sealed",
            name_hash="0" * 64,
            issued_on=TODAY,
            issued_by="system:tests",
            created_at=AT,
        ),
        exclude=("code_hash", "name_hash"),
    )
    thanks = TenureThanks(
        person=partnership.mentor.person, division=partnership.division, years=1, reached_on=TODAY, created_at=AT
    )
    named = ("impact_letter", "impact_choose", "impact_answer", "impact_paper")
    return {
        "reflection_id": saved(thought).pk,
        "certificate_id": certificate.pk,
        "thanks_id": saved(thanks).pk,
        **{f"portal:{name}/letter_id": letter.pk for name in named},
    }
