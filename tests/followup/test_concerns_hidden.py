"""Who is hidden from whom leaves no quiet word without a reader: whom it is about least of all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from conftest import MakeStaff
from factories.django_rows import AT, give_role, user_of
from followup.test_concerns import WORDS, pair, raised
from mentornet.common.answers import RefusedError
from mentornet.common.jobs import run_due_periodic
from mentornet.divisions.models import Division, HiddenPerson, Role
from mentornet.divisions.queries import staff_member
from mentornet.divisions.staff import Staff
from mentornet.followup.models import Concern
from mentornet.followup.queries import has_reader, readable_concerns
from mentornet.followup.rules import may_read
from mentornet.intake.services.hiding import hide
from mentornet.partnerships.models import Partnership
from mentornet.people.models import Person
from mentornet.people.participants import Participant
from signing import enter

__all__ = ["pair"]
pytestmark = pytest.mark.django_db

Readers = dict[str, Staff]


@pytest.fixture
def that_morning() -> Iterator[None]:
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def readers(
    coordinator: Staff, division_lead: Staff, national_lead: Staff, other_division: Division, division: Division,
    make_staff: MakeStaff,
) -> Readers:  # fmt: skip
    return {
        "hers": coordinator,
        "colleague": make_staff(Role.COORDINATOR, division),
        "lead": division_lead,
        "national": national_lead,
        "elsewhere": make_staff(Role.DIVISION_LEAD, other_division),
        "coordinator elsewhere": make_staff(Role.COORDINATOR, other_division),
    }


def hide_from(by: Staff, person: Person) -> None:
    """Let her choose it herself."""
    hide(by=Participant(person_id=person.pk, name=person.name, at=AT), person=person, user=user_of(by))


def who_reads(readers: Readers, concern: Concern) -> set[str]:
    # As they are now: from whom somebody is hidden is read with the roles.
    now = {name: staff_member(user_of(by), AT) for name, by in readers.items()}
    found = {name for name, by in now.items() if may_read(by, concern)}
    assert found == {name for name, by in now.items() if readable_concerns(by).filter(pk=concern.pk).exists()}
    assert has_reader(concern, AT) == bool(found)
    return found


@pytest.mark.parametrize(("about", "readers_are"), [("partner", {"hers", "lead", "national"}), ("other", {"national"})])
def test_whom_it_is_about_silences_nobody_by_hiding_herself(
    about: str, readers_are: set[str], pair: Partnership, readers: Readers
) -> None:
    addressee = "national_lead" if about == "other" else "coordinator"
    concern = raised(pair, about=about, addressee=addressee)
    for name in ("hers", "lead", "national"):
        hide_from(readers[name], pair.mentor.person)
    assert who_reads(readers, concern) == readers_are
    later = raised(pair, about=about, addressee=addressee, words="kanarielater")
    assert who_reads(readers, later) == readers_are


def test_whom_it_is_about_is_not_to_be_opened_from_it(pair: Partnership, readers: Readers, that_morning: None) -> None:
    concern = raised(pair)
    desk, url = enter(Client(), user_of(readers["hers"])), reverse("desk:concern", args=[concern.pk])
    address = reverse("desk:partnership", args=[pair.pk])
    assert address in desk.post(url).content.decode()
    hide_from(readers["hers"], pair.mentor.person)
    page = desk.post(url).content.decode()
    assert WORDS in page
    assert address not in page
    assert pair.mentor.person.last_name not in page


def test_she_who_tells_it_is_read_by_nobody_from_whom_she_is_hidden(pair: Partnership, readers: Readers) -> None:
    concern = raised(pair)
    hide_from(readers["hers"], pair.mentee.person)
    assert who_reads(readers, concern) == {"colleague", "lead", "national"}


@pytest.mark.parametrize("is_hidden_first", [True, False])
def test_hidden_from_the_only_national_lead_it_goes_to_another_division(
    is_hidden_first: bool, pair: Partnership, readers: Readers, that_morning: None
) -> None:
    if is_hidden_first:
        hide_from(readers["national"], pair.mentee.person)
    concern = raised(pair, about="coordinator")
    if not is_hidden_first:
        assert who_reads(readers, concern) == {"national"}
        hide_from(readers["national"], pair.mentee.person)
    assert who_reads(readers, concern) == {"elsewhere"}
    # Also beneath the policies of the database, which give her nothing else of that division.
    desk, url = enter(Client(), user_of(readers["elsewhere"])), reverse("desk:concern", args=[concern.pk])
    for name in ("desk:today", "desk:concerns"):
        assert url in desk.get(reverse(name)).content.decode()
    assert WORDS in desk.post(url).content.decode()
    assert desk.post(reverse("desk:concern_take", args=[concern.pk])).status_code == 302
    desk.post(reverse("desk:concern_note", args=[concern.pk]), {"text": "kanarienote"})
    assert "kanarienote" in desk.post(url).content.decode()
    assert Concern.objects.get(pk=concern.pk).taken_by == readers["elsewhere"].key
    beside = enter(Client(), user_of(readers["coordinator elsewhere"]))
    assert beside.post(url).status_code == 404


@pytest.mark.parametrize("is_herself", [True, False])
def test_hiding_from_the_last_reader_is_refused(
    is_herself: bool, pair: Partnership, readers: Readers, make_staff: MakeStaff
) -> None:
    concern = raised(pair, about="coordinator")
    # Nobody leads another division: the national lead alone reads it.
    user_of(readers["elsewhere"]).staff_roles.all().delete()
    person, national = pair.mentee.person, user_of(readers["national"])
    by = Participant(person_id=person.pk, name=person.name, at=AT) if is_herself else readers["lead"]
    with pytest.raises(RefusedError, match="nobody would be left"):
        hide(by=by, person=person, user=national, reason="Her aunt.")
    assert not HiddenPerson.objects.exists()
    assert who_reads(readers, concern) == {"national"}
    # From anybody else it may be, and once somebody else reads it, from her too.
    hide(by=by, person=person, user=user_of(readers["hers"]), reason="Her cousin.")
    make_staff(Role.NATIONAL_LEAD)
    hide(by=by, person=person, user=national, reason="Her aunt.")
    assert HiddenPerson.objects.count() == 2


def test_word_without_a_reader_is_told_to_whoever_looks_after_the_program(
    pair: Partnership, readers: Readers, administrator: Staff, that_morning: None
) -> None:
    concern = raised(pair, about="coordinator")
    desk, today = enter(Client(), user_of(administrator)), reverse("desk:today")

    def is_told(at: datetime) -> bool:
        run_due_periodic(at)
        page = desk.get(today).content.decode()
        assert WORDS not in page
        return "data-unread" in page

    assert not is_told(AT)
    # Roles end too.
    user_of(readers["national"]).staff_roles.all().delete()
    assert who_reads(readers, concern) == {"elsewhere"}
    user_of(readers["elsewhere"]).staff_roles.all().delete()
    assert who_reads(readers, concern) == set()
    assert is_told(AT + timedelta(hours=2))
    assert "data-unread" not in enter(Client(), user_of(readers["hers"])).get(today).content.decode()
    give_role(user_of(administrator), Role.NATIONAL_LEAD)
    assert not is_told(AT + timedelta(hours=4))
