"""A list is no oracle: whoever imports a protected woman's real name reads what she reads of anybody else's."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from factories.django_rows import AT, make_division, make_enrolment, make_person, make_staff, user_of
from imports_steps import Journey
from mentornet.agenda.models import Kind, Task
from mentornet.common.actors import System
from mentornet.divisions.models import Division, Role
from mentornet.divisions.staff import Staff
from mentornet.imports.enums import BatchState
from mentornet.imports.services import work
from mentornet.intake.services.protection import protect, rename_again
from mentornet.people.models import Person, ProtectedIdentity
from mentornet.people.sealing import Cover
from signing import enter

pytestmark = pytest.mark.django_db
LIST = "id;name;email;languages;occupation;capacity;about me\nM7;{name};{email};da;2330;1;I am {name}.\n"
HERS = {"name": "Soraya Kanarie", "email": "soraya@example.org"}
NOBODYS = {"name": "Sonja Kanalie", "email": "sonjaa@example.org"}
Begin = Callable[..., Journey]


@pytest.fixture
def lead(division: Division, coordinator: Staff) -> Staff:
    """Leads the division in which somebody is protected, whose real name is in a list."""
    lead = make_staff(Role.DIVISION_LEAD, division)
    first, last = HERS["name"].split()
    her = make_enrolment("mentee", division, person=make_person(first, last, email=HERS["email"]))
    protect(by=coordinator, known_by=her.application, cover=Cover(alias="Solveig"), reason="x")
    return lead


def seen(done: Journey, who: dict[str, str]) -> list[str]:
    """Return what the importer reads of her import, and of whom it has brought, without the one name in it."""
    with time_machine.travel(AT):
        desk = enter(Client(), user_of(done.by))
        addresses = [
            reverse("desk:import", args=[done.batch.pk]),
            reverse("desk:imports"),
            reverse("desk:people") + f"?q={who['name'].split()[1]}",
            reverse("desk:today") + "?whose=all",
        ]
        pages = [desk.get(address).content.decode() for address in addresses]
    said = []
    for page in pages:
        text = re.sub(r"<[^>]+>", " ", page[page.index("<main") :])
        for word in (who["name"], who["email"], *who["name"].split()):
            text = re.sub(re.escape(word), "NAME", text, flags=re.IGNORECASE)
        said.append(re.sub(r"\s+", " ", text))
    return said


def taken(journey: Begin, who: dict[str, str]) -> tuple[list[str], list[str]]:
    done = journey(mentors=LIST.format(**who)).checked()
    counts, faults = dict(done.batch.counts), done.faults
    done.write()
    assert done.batch.state == BatchState.DONE
    rename_again(by=System("tests", AT))
    return seen(done, who), [str(counts), str(faults), Person.objects.get(email=who["email"]).name.split()[0][:1]]


def test_importer_reads_the_same_of_both(journey: Begin, lead: Staff) -> None:
    of_her, facts = taken(journey, HERS)
    Person.objects.filter(email=HERS["email"]).update(first_name="Aside", last_name="", search_text="aside")
    # The second import stands beside the first: what is compared is of the same place in the list.
    of_nobody, others = taken(journey, NOBODYS)
    assert facts == others
    assert [of_her[0], of_her[2]] == [of_nobody[0], of_nobody[2]]
    assert "Solveig" not in "".join([of_her[0], of_her[2]])
    for page in (of_her[3], of_nobody[3]):
        assert "protected" not in page
        assert "taken her over from a list" not in page
    del lead


def test_somebody_who_may_know_is_told_and_nobody_else(journey: Begin, lead: Staff, coordinator: Staff) -> None:
    journey(mentors=LIST.format(**HERS)).done()
    new = Person.objects.get(email=HERS["email"])
    task = Task.objects.get(kind=Kind.REVEALED)
    assert (task.owner_id, task.target_id, task.words["name"]) == (lead.user_id, new.pk, "Solveig")
    with time_machine.travel(AT):
        hers = enter(Client(), user_of(lead)).get(reverse("desk:today")).content.decode()
        desk = enter(Client(), user_of(coordinator))
        assert "may be" in hers
        assert "may be" not in desk.get(reverse("desk:today") + "?whose=all").content.decode()
        assert desk.post(reverse("desk:task_done", args=[task.pk])).status_code == 404
        assert desk.post(reverse("desk:task_snooze", args=[task.pk])).status_code == 404
    # She herself stays sealed.
    assert ProtectedIdentity.objects.get().person.name == "Solveig"


def test_a_name_that_is_nobodys_tells_nobody(journey: Begin, lead: Staff) -> None:
    journey(mentors=LIST.format(**NOBODYS)).done()
    assert not Task.objects.filter(kind=Kind.REVEALED).exists()
    del lead


def test_where_nobody_else_leads_the_importer_is_not_told(
    journey: Begin, lead: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_division("Elsewhere")
    monkeypatch.setattr("mentornet.intake.services.watching.heads_of", lambda *_: [])
    journey(mentors=LIST.format(**HERS)).done()
    assert not Task.objects.filter(kind=Kind.REVEALED).exists()
    del lead


def test_without_telling_nobody_would_know(journey: Begin, lead: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    # The control of the test that a lead is told.
    monkeypatch.setattr(work, "tell_of_listed", lambda *_args, **_given: None)
    journey(mentors=LIST.format(**HERS)).done()
    assert not Task.objects.filter(kind=Kind.REVEALED).exists()
    del lead
