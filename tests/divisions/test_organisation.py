"""Who runs the network: one row, described by the heads, shown to everybody."""

from __future__ import annotations

from typing import Any, Final

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from factories.django_rows import AT, make_staff
from mentornet.audit.models import Entry
from mentornet.common.answers import NotAllowedError
from mentornet.divisions.models import Organisation, Role
from mentornet.divisions.queries import organisation
from mentornet.divisions.services import describe_organisation
from mentornet.divisions.staff import Staff
from racing import at_once

FACTS: Final[dict[str, Any]] = {
    "name": "Kvindenet",
    "legal_name": "Foreningen Kvindenet",
    "address": "Torvet 1, 5000 Odense",
    "email": "post@kvindenet.example",
    "phone": "70 10 10 10",
    "data_protection_email": "",
}


@pytest.mark.django_db
def test_before_it_is_described_it_has_the_programs_name() -> None:
    assert organisation().name == "Mentornet"
    assert not Organisation.objects.exists()


def test_described_once_and_changed_after(administrator: Staff, national_lead: Staff) -> None:
    first = describe_organisation(by=administrator, facts=FACTS)
    assert (first.created_at, organisation().legal_name) == (administrator.at, "Foreningen Kvindenet")
    second = describe_organisation(by=national_lead, facts=FACTS | {"phone": "70 20 20 20"})
    assert second.pk == first.pk
    assert organisation().phone == "70 20 20 20"
    entries = list(Entry.objects.filter(act="divisions.describe_organisation").order_by("at", "pk"))
    assert [sorted(entry.detail["fields"]) for entry in entries] == [
        ["address", "email", "legal_name", "name", "phone"],
        ["phone"],
    ]


def test_the_same_again_is_not_recorded(administrator: Staff) -> None:
    for _ in range(2):
        describe_organisation(by=administrator, facts=FACTS)
    assert Entry.objects.filter(act="divisions.describe_organisation").count() == 1


@pytest.mark.parametrize("wrong", [{"name": ""}, {"email": "nobody"}, {"phone": "1" * 31}])
def test_what_cannot_be_is_refused(administrator: Staff, wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        describe_organisation(by=administrator, facts=FACTS | wrong)
    assert not Organisation.objects.exists()


def test_others_do_not_describe_it(coordinator: Staff, division_lead: Staff) -> None:
    for somebody in (coordinator, division_lead):
        with pytest.raises(NotAllowedError):
            describe_organisation(by=somebody, facts=FACTS)


@pytest.mark.django_db
@pytest.mark.parametrize("second", [{}, {"is_only": False}])
def test_database_holds_one(second: dict[str, bool]) -> None:
    Organisation.objects.create(name="One", created_at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.create(name="Two", created_at=AT, **second)


@pytest.mark.django_db(transaction=True)
def test_described_for_the_first_time_by_two_at_once() -> None:
    leads = [make_staff(Role.ADMINISTRATOR, name=f"Lead {number}") for number in range(3)]
    said = at_once(*(lambda by=by: describe_organisation(by=by, facts=FACTS | {"name": by.name}) for by in leads))
    # Whoever comes after the first has been committed changes what is there; nobody makes a second one.
    assert said["done"] >= 1
    assert said.total() == said["done"] + said["ChangedMeanwhileError"]
    assert Organisation.objects.count() == 1
    assert Entry.objects.filter(act="divisions.describe_organisation").count() == said["done"]


@pytest.mark.django_db(transaction=True)
def test_two_who_change_different_things_keep_both() -> None:
    leads = [make_staff(Role.ADMINISTRATOR, name=f"Lead {number}") for number in range(2)]
    describe_organisation(by=leads[0], facts=FACTS)
    said = at_once(
        lambda: describe_organisation(by=leads[0], facts={"phone": "70 20 20 20"}),
        lambda: describe_organisation(by=leads[1], facts={"address": "Havnen 2"}),
    )
    assert said == {"done": 2}
    assert (organisation().phone, organisation().address) == ("70 20 20 20", "Havnen 2")
