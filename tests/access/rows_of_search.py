"""A search that goes on: a contact person and an expert were asked in it, and a list of experts waits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from factories.django_rows import AT, TODAY, saved
from mentornet.accounts.models import User
from mentornet.common.actors import user_key
from mentornet.divisions.models import Division
from mentornet.intake.enums import ContactPersonState
from mentornet.intake.models import ContactPerson, Enrolment
from mentornet.people.models import Person
from mentornet.sourcing.enums import LegalBasis, ProspectState, SearchState
from mentornet.sourcing.models import Asking, Prospect, ProspectList, Search


def add_search(
    mentee: Enrolment, helper: Person, division: Division, user: User, word: Callable[[str], str]
) -> dict[str, UUID | int]:
    """Make the rows, and return their keys by the names of arguments; ``helper`` is asked as a contact person."""
    contact = saved(
        ContactPerson(
            person=helper,
            division=division,
            state=ContactPersonState.CONFIRMED,
            asked_on=TODAY,
            confirmed_on=TODAY,
            created_at=AT,
        )
    )
    expert = saved(
        Prospect(
            division=division,
            state=ProspectState.TOLD,
            name=word("sourcing.Prospect.name"),
            email=f"expert.{mentee.pk}@example.org",
            occupation="22",
            field_words=word("sourcing.Prospect.field_words"),
            basis=LegalBasis.PUBLISHED,
            source="An open list",
            obtained_on=TODAY,
            told_at=AT,
            keep_until=TODAY + timedelta(days=365),
            search_text="expert",
            created_at=AT,
        )
    )
    search = saved(
        Search(
            division=division,
            programme=mentee.programme,
            mentee=mentee,
            owner=user,
            occupation="22",
            steps=[{"what": "topics", "was": "cv", "became": "", "fits": 3}],
            fits=3,
            due_on=TODAY + timedelta(days=14),
            state=SearchState.OPEN,
            sent_at=AT,
            created_at=AT,
        )
    )
    asked = saved(Asking(search=search, contact=contact, asked_at=AT, created_at=AT))
    saved(Asking(search=search, prospect=expert, asked_at=AT, created_at=AT))
    waiting = saved(
        ProspectList(
            division=division,
            basis=LegalBasis.PUBLISHED,
            source="An open list",
            obtained_on=TODAY,
            file_name="list.csv",
            rows=[{"name": word("sourcing.ProspectList.rows"), "email": "listed@example.org"}],
            count=1,
            made_by=user_key(user.pk),
            created_at=AT,
        )
    )
    return {
        "sought_id": search.pk,
        "asking_id": asked.pk,
        "prospect_id": expert.pk,
        "prospect_list_id": waiting.pk,
    }
