"""Who outside was told: read by her unless held back, with a day on which somebody asks again; demands for lists."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from factories.django_rows import AT, TODAY, make_division, make_enrolment, make_staff
from mentornet.agenda.models import Kind, Task
from mentornet.audit.models import Entry
from mentornet.common.answers import ChangedMeanwhileError, NotAllowedError
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.people.models import Person
from mentornet.people.participants import Participant
from mentornet.privacy.enums import DemandAnswer, Ground
from mentornet.privacy.models import Demand, Disclosure
from mentornet.privacy.queries import own_disclosures, visible_demands, visible_disclosures
from mentornet.privacy.services.copying import make_copy
from mentornet.privacy.services.disclosing import hold_back_until, let_her_read, write_demand, write_disclosure

pytestmark = pytest.mark.django_db

CANARY = "the immigration court asked where she works"
HELD: dict[str, Any] = {"held_back_reason": "The police ask us to wait.", "review_on": TODAY + timedelta(days=30)}


@pytest.fixture
def person(division: Division) -> Person:
    return make_enrolment("mentee", division).person


def herself(person: Person) -> Participant:
    return Participant(person_id=person.pk, name=person.name, at=AT)


def written(by: Staff, person: Person, division: Division, **facts: Any) -> Disclosure:
    key = facts.pop("key", None)
    told = {"told_on": TODAY, "told_to": "A court", "told": CANARY, "reason": "An order.", "ground": Ground.LAW}
    return write_disclosure(by=by, person=person, division_id=division.pk, facts=told | facts, key=key)


def copied(person: Person) -> str:
    content = make_copy(by=herself(person), person=person, language="en")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist())


def test_she_reads_it_and_it_is_in_her_copy(person: Person, division: Division, coordinator: Staff) -> None:
    disclosure = written(coordinator, person, division)
    assert list(own_disclosures(herself(person))) == [disclosure]
    assert CANARY in copied(person)
    assert Entry.objects.filter(act="privacy.write_disclosure", object_id=str(disclosure.pk)).exists()


def test_what_is_held_back_is_nowhere_of_hers_till_it_is_let_go(
    person: Person, division: Division, coordinator: Staff
) -> None:
    disclosure = written(coordinator, person, division, **HELD)
    assert list(own_disclosures(herself(person))) == []
    copy = copied(person)
    assert CANARY not in copy
    assert str(disclosure.pk) not in copy
    assert "privacy.write_disclosure" not in copy
    task = Task.objects.get(kind=Kind.HELD_BACK, target_id=disclosure.pk)
    assert task.due_on == HELD["review_on"]
    let_her_read(by=coordinator, disclosure=disclosure)
    # Negative control: the same row, no longer held back, is found by the same looks.
    assert CANARY in copied(person)
    assert list(own_disclosures(herself(person))) == [disclosure]
    assert not Task.objects.filter(kind=Kind.HELD_BACK, done_at__isnull=True).exists()
    with pytest.raises(ChangedMeanwhileError):
        let_her_read(by=coordinator, disclosure=disclosure)


def test_nothing_is_held_back_without_a_day(person: Person, division: Division, coordinator: Staff) -> None:
    for half in ({"held_back_reason": "Police."}, {"review_on": TODAY + timedelta(days=3)}):
        with pytest.raises(ValidationError):
            written(coordinator, person, division, **half)
    disclosure = written(coordinator, person, division)
    with pytest.raises(IntegrityError), transaction.atomic():
        Disclosure.objects.filter(pk=disclosure.pk).update(held_back_reason="Police.")
    with pytest.raises(ValidationError):
        hold_back_until(by=coordinator, disclosure=disclosure, day=TODAY, reason="Police.")
    disclosure.refresh_from_db()
    hold_back_until(by=coordinator, disclosure=disclosure, day=TODAY + timedelta(days=9), reason="Police.")
    assert list(own_disclosures(herself(person))) == []
    assert Task.objects.get(kind=Kind.HELD_BACK).due_on == TODAY + timedelta(days=9)


def test_sent_twice_is_written_once(person: Person, division: Division, coordinator: Staff) -> None:
    key = uuid4()
    assert written(coordinator, person, division, key=key).pk == written(coordinator, person, division, key=key).pk
    assert Disclosure.objects.count() == 1


def test_a_stranger_neither_writes_nor_reads(person: Person, division: Division, coordinator: Staff) -> None:
    disclosure = written(coordinator, person, division)
    stranger = make_staff("coordinator", make_division())
    assert list(visible_disclosures(stranger)) == []
    acts: list[Callable[[], object]] = [
        lambda: written(stranger, person, division),
        lambda: let_her_read(by=stranger, disclosure=disclosure),
        lambda: hold_back_until(by=stranger, disclosure=disclosure, day=TODAY + timedelta(days=1), reason="No."),
    ]
    for act in acts:
        with pytest.raises(NotAllowedError):
            act()


def test_a_demand_for_a_list_is_about_nobody(division: Division, coordinator: Staff, division_lead: Staff) -> None:
    facts = {"asked_on": TODAY, "asked_by": "An embassy", "asked": "All who come from there."}
    facts |= {"answer": DemandAnswer.REFUSED, "answer_words": "We hand out no lists."}
    with pytest.raises(NotAllowedError):
        write_demand(by=coordinator, division_id=division.pk, facts=facts)
    key = uuid4()
    demand = write_demand(by=division_lead, division_id=division.pk, facts=facts, key=key)
    assert write_demand(by=division_lead, division_id=division.pk, facts=facts, key=key).pk == demand.pk
    assert list(visible_demands(division_lead)) == [demand]
    assert list(visible_demands(make_staff("division_lead", make_division()))) == []
    with pytest.raises(ValidationError):
        write_demand(by=division_lead, division_id=division.pk, facts=facts | {"asked_on": TODAY + timedelta(days=1)})
    assert Demand.objects.count() == 1
