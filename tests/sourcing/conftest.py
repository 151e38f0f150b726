"""A division in which some women wait, a contact person, and what a search needs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from factories.django_rows import AT, TODAY, make_enrolment, make_person, saved
from mentornet.common.ledger import ledger_path
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.enums import ContactPersonState
from mentornet.intake.models import ContactPerson, Enrolment
from mentornet.people.enums import Role
from mentornet.people.participants import Participant
from mentornet.programmes.models import Programme
from mentornet.sourcing.briefs import Brief
from mentornet.sourcing.enums import LegalBasis
from mentornet.sourcing.models import Asking, Prospect, Search
from mentornet.sourcing.services import begin_search, send_search
from mentornet.sourcing.services.experts import searched

MakeWoman = Callable[..., Enrolment]
MakeContact = Callable[..., ContactPerson]
MakeExpert = Callable[..., Prospect]
DUE = TODAY + timedelta(days=14)
NURSE = "2221"


@pytest.fixture
def make_woman(division: Division, programme: Programme, coordinator: Staff) -> MakeWoman:
    """Makes a waiting woman of the division who wants to be a nurse."""

    def make(occupation: str = NURSE, *, of: Division | None = None, **profile: Any) -> Enrolment:
        return make_enrolment(
            Role.MENTEE,
            of or division,
            programme=programme,
            enrolment={"coordinator_id": coordinator.user_id},
            occupation=occupation,
            **profile,
        )

    return make


@pytest.fixture
def waiting(make_woman: MakeWoman) -> list[Enrolment]:
    """Four who wait: three of them want to be nurses, one an engineer."""
    return [
        make_woman(languages={"da": "B1", "ar": "C2"}, topics=("cv", "network"), availability=("mon-evening",)),
        make_woman(topics=("cv",)),
        make_woman("2211"),
        make_woman("2142"),
    ]


@pytest.fixture
def make_contact(division: Division) -> MakeContact:
    """Makes a confirmed contact person."""

    def make(*groups: str, of: Division | None = None, name: str = "Frida", **fields: Any) -> ContactPerson:
        contact = ContactPerson(
            person=make_person(name, email=f"{name.lower()}@example.org"),
            division=of or division,
            asked_on=TODAY - timedelta(days=40),
            confirmed_on=TODAY - timedelta(days=30),
            state=ContactPersonState.CONFIRMED,
            created_at=AT,
            **fields,
        )
        contact.groups = groups or None
        return saved(contact)

    return make


@pytest.fixture
def contact(make_contact: MakeContact) -> ContactPerson:
    return make_contact("22")


@pytest.fixture
def make_expert(division: Division) -> MakeExpert:
    """Makes an expert of whom a list has told us today."""

    def make(name: str = "Karen Holm", email: str = "karen@example.org", **fields: Any) -> Prospect:
        values: dict[str, Any] = {
            "division": division,
            "occupation": NURSE,
            "field_words": "head nurse",
            "regions": "Fyn",
            "basis": LegalBasis.PUBLISHED,
            "source": "the nurses’ open list of speakers",
            "obtained_on": TODAY,
            "keep_until": TODAY + timedelta(days=30),
            "created_at": AT,
        }
        expert = Prospect(name=name, email=email, **values | fields)
        expert.search_text = searched(expert)
        return saved(expert)

    return make


@pytest.fixture
def search(coordinator: Staff, division: Division, programme: Programme, waiting: list[Enrolment]) -> Search:
    """A search for the first of those who wait, not sent yet."""
    return begin_search(
        by=coordinator,
        division=division,
        programme=programme,
        brief=Brief(occupation=NURSE, language="ar", topics=("cv", "network"), times=("mon-evening",)),
        due_on=DUE,
        mentee=waiting[0],
    )


@pytest.fixture
def asking(coordinator: Staff, search: Search, contact: ContactPerson) -> Asking:
    """What a contact person was asked, just now."""
    return send_search(by=coordinator, search=search, contacts=[contact])[0]


def herself(contact: ContactPerson, *, days: int = 0) -> Participant:
    """Return a contact person at work on what is hers."""
    return Participant(person_id=contact.person_id, name=contact.person.name, at=AT + timedelta(days=days, minutes=5))


@pytest.fixture(autouse=True)
def ledger(tmp_path: Path, settings: Settings) -> Path:
    """The installation's ledger, empty: whoever says no stands in it."""
    settings.DATA_FOLDER = tmp_path
    return ledger_path()
