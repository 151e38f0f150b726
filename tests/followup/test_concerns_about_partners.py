"""A quiet word about whoever she works with: no partner of hers who works here reads it, now or later."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pytest

from conftest import MakeStaff
from factories.django_rows import AT, TODAY, make_person, user_of
from followup.test_concerns import raised
from mentornet.accounts.models import User
from mentornet.common.answers import NotAllowedError
from mentornet.divisions.models import Division, Role
from mentornet.divisions.staff import Staff
from mentornet.followup import services
from mentornet.followup.models import Concern
from mentornet.followup.queries import readable_concerns
from mentornet.followup.rules import may_read
from mentornet.intake.models import Enrolment
from mentornet.partnerships.models import Partnership
from mentornet.partnerships.services import close_partnership
from mentornet.people.models import Person
from mentornet.people.participants import Participant
from mentornet.programmes.models import Programme
from partnerships.couples import make_couple

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("national_lead")]

ABOUT_HER: Final = ("partner", "partnership")
Known = Callable[[Person, Staff], object]


@pytest.fixture
def colleague(make_staff: MakeStaff, division: Division) -> Staff:
    return make_staff(Role.COORDINATOR, division)


@pytest.fixture
def pair(coordinator: Staff, colleague: Staff, division: Division, programme: Programme) -> Partnership:
    """A pair of which the mentor works here, has the mentee's case, and is not known to be one and the same."""
    couple = make_couple(coordinator, division, programme, matched_on=TODAY)
    Enrolment.objects.filter(pk=couple.mentee_id).update(coordinator_id=colleague.user_id)
    return fresh(couple)


def fresh(pair: Partnership) -> Partnership:
    return Partnership.objects.select_related("mentee__person", "mentor__person", "division").get(pk=pair.pk)


def reads(by: Staff, concern: Concern) -> bool:
    found = bool(may_read(by, concern))
    # The rule for one and the condition for many say the same.
    assert found == readable_concerns(by).filter(pk=concern.pk).exists()
    return found


def told(pair: Partnership, *, about: str, words: str = "She frightens me.") -> Concern:
    """Tell it where no partnership is named."""
    person = pair.mentee.person
    by = Participant(person_id=person.pk, name=person.name, at=AT)
    return services.raise_concern(by=by, about=about, words=words)


def has_address(person: Person, by: Staff) -> None:
    Person.objects.filter(pk=person.pk).update(email=str(user_of(by).email).upper())


def signs_in_as(person: Person, by: Staff) -> None:
    Person.objects.filter(pk=person.pk).update(user=user_of(by))


is_known: Final = pytest.mark.parametrize("is_her", [has_address, signs_in_as])


def test_while_nobody_is_known_to_be_her_it_is_read(pair: Partnership, colleague: Staff) -> None:
    # The control of the tests below: nothing but who she is keeps it from her.
    assert reads(colleague, raised(pair))
    assert reads(colleague, told(pair, about="partner"))


@is_known
@pytest.mark.parametrize("about", ABOUT_HER)
def test_partner_who_works_here_does_not_read_it(
    is_her: Known, about: str, pair: Partnership, colleague: Staff, national_lead: Staff
) -> None:
    is_her(pair.mentor.person, colleague)
    concern = raised(fresh(pair), about=about)
    assert colleague.key in concern.kept_from
    assert not reads(colleague, concern)
    assert reads(national_lead, concern)


@is_known
@pytest.mark.parametrize("about", ABOUT_HER)
def test_partner_who_is_known_only_later_does_not_read_it_either(
    is_her: Known, about: str, pair: Partnership, colleague: Staff
) -> None:
    concern = raised(pair, about=about)
    assert reads(colleague, concern)
    is_her(pair.mentor.person, colleague)
    assert not reads(colleague, concern)
    with pytest.raises(NotAllowedError):
        services.read_concern(by=colleague, concern=concern)


@pytest.mark.parametrize("about", ABOUT_HER)
@pytest.mark.parametrize("is_closed", [True, False])
def test_told_without_a_partnership_it_is_kept_from_every_partner(
    is_closed: bool, about: str, pair: Partnership, coordinator: Staff, colleague: Staff
) -> None:
    if is_closed:
        close_partnership(by=coordinator, partnership=pair, on=TODAY, reason="safety")
    signs_in_as(pair.mentor.person, colleague)
    concern = told(pair, about=about)
    assert concern.partnership is None
    assert colleague.key in concern.kept_from
    assert not reads(colleague, concern)


def test_what_is_about_nobody_she_works_with_stays_with_the_office(pair: Partnership, colleague: Staff) -> None:
    signs_in_as(pair.mentor.person, colleague)
    assert reads(colleague, told(pair, about="other"))


def test_partner_of_somebody_else_reads_it(
    pair: Partnership, colleague: Staff, coordinator: Staff, division: Division, programme: Programme
) -> None:
    other = make_couple(coordinator, division, programme, names=("Nadia", "Bente"))
    signs_in_as(other.mentor.person, colleague)
    assert reads(colleague, raised(pair))


def test_without_an_address_nobody_is_found_by_it(pair: Partnership, colleague: Staff) -> None:
    User.objects.filter(pk=colleague.user_id).update(email="", phone="20202020")
    Person.objects.filter(pk=pair.mentor.person_id).update(email="")
    make_person(email="")
    concern = raised(fresh(pair))
    assert colleague.key not in concern.kept_from
    assert reads(colleague, concern)


def test_when_the_only_national_lead_turns_out_to_be_a_partner_others_read_it(
    pair: Partnership, national_lead: Staff, other_division: Division, make_staff: MakeStaff
) -> None:
    elsewhere = make_staff(Role.DIVISION_LEAD, other_division)
    concern = raised(pair, addressee="national_lead")
    assert (reads(national_lead, concern), reads(elsewhere, concern)) == (True, False)
    signs_in_as(pair.mentor.person, national_lead)
    assert (reads(national_lead, concern), reads(elsewhere, concern)) == (False, True)
