"""What a request brings beyond its form, or twice, changes nothing."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

import pytest
from django import forms
from django.test import Client
from django.urls import reverse

from architecture.test_uploads import all_our_forms
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from signing import SignIn
from sources import SOURCES, named

FIELDS = {"name": "Esbjerg", "opened_on": "2005-03-01"}
OWN = UUID(int=5)


@pytest.fixture
def lead(sign_in: SignIn, national_lead: Staff) -> Client:
    return sign_in(Client(), national_lead)


@pytest.mark.django_db
def test_columns_that_the_form_does_not_have_stay_as_the_program_sets_them(lead: Client) -> None:
    more = {"id": str(OWN), "pk": str(OWN), "created_at": "1999-01-01", "updated_at": "1999-01-01", "stamp": "7"}
    assert lead.post(reverse("desk:division_new"), FIELDS | more).status_code == 302
    made = Division.objects.get(name="Esbjerg")
    assert made.pk != OWN
    assert "1999" not in str(vars(made))


@pytest.mark.django_db
def test_address_and_cookies_give_no_form_its_words(lead: Client) -> None:
    lead.cookies["area"] = "from a cookie"
    lead.post(reverse("desk:division_new") + "?name=Ribe&area=from+the+address&closed_on=2006-01-01", FIELDS)
    made = Division.objects.exclude(name="Odense").get(opened_on=date(2005, 3, 1))
    assert (made.name, made.area, made.closed_on) == ("Esbjerg", "", None)


@pytest.mark.django_db
def test_of_two_the_last_one_counts_wherever_it_is_looked_at(lead: Client) -> None:
    lead.post(reverse("desk:division_new"), {"name": ["Ribe", "Esbjerg"], "opened_on": "2005-03-01"})
    assert Division.objects.filter(name="Esbjerg").exists()
    assert not Division.objects.filter(name__contains="Ribe").exists()


WHOLE = re.compile(
    r"\*\*\s*(?:self\.)?request\.(?:POST|GET)|\.(?:POST|GET)\.dict\(\)|\*\*dict\(request|construct_instance"
)


def test_no_form_takes_its_fields_from_a_model_and_no_request_is_handed_on_whole() -> None:
    found = all_our_forms()
    assert len(found) > 40
    assert [one for one in found if issubclass(one, forms.BaseModelForm)] == []
    web = [path for path in SOURCES if "web" in path.parts]
    assert [named(path) for path in web if WHOLE.search(path.read_text(encoding="utf-8"))] == []
    assert WHOLE.search("make(by=actor, **request.POST.dict())")
