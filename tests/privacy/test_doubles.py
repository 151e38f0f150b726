"""Who may stand here twice, of whom that is asked, and two women who are said to be two."""

from __future__ import annotations

import pytest

from factories.django_rows import make_application, make_enrolment, make_person
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.people.enums import Role
from mentornet.people.models import Person
from mentornet.privacy.doubles import likely_doubles, may_be_her
from mentornet.privacy.models import NotTheSame
from mentornet.privacy.services.merging import say_not_the_same
from mentornet.programmes.models import Programme

pytestmark = pytest.mark.django_db


@pytest.fixture
def typed(division: Division, programme: Programme) -> Enrolment:
    return make_enrolment(
        Role.MENTEE, division, person=make_person("Hodan", "Warsame", postcode="5000"), programme=programme
    )


@pytest.fixture
def imported(division: Division, programme: Programme) -> Enrolment:
    return make_enrolment(
        Role.MENTEE, division, person=make_person("Hodan", "Warsame", postcode="5000"), programme=programme
    )


def test_two_women_are_not_asked_about_again(coordinator: Staff, typed: Enrolment, imported: Enrolment) -> None:
    assert len(may_be_her(coordinator, typed.person)) == 1
    say_not_the_same(by=coordinator, one=typed.person, other=imported.person)
    say_not_the_same(by=coordinator, one=imported.person, other=typed.person)
    assert NotTheSame.objects.count() == 1
    assert likely_doubles(coordinator) == may_be_her(coordinator, typed.person) == []


def test_an_address_of_many_makes_nobody_a_double(coordinator: Staff, division: Division) -> None:
    for number in range(5):
        make_application(division=division, person=make_person(f"Nr {number}", email="office@example.net"))
    assert likely_doubles(coordinator) == []


def test_mother_and_daughter_share_a_telephone(coordinator: Staff, division: Division) -> None:
    for name, year in (("Ida", 1970), ("Mia", 2001)):
        make_application(division=division, person=make_person(name, phone="20 20 20 20", birth_year=year))
    assert likely_doubles(coordinator) == []
    # And without the years they would be asked about, however the number is written.
    Person.objects.update(birth_year=None)
    Person.objects.filter(first_name="Mia").update(phone="+45 2020-2020")
    assert len(likely_doubles(coordinator)) == 1
