"""Certificates: who has one, that they name nobody, and what is left of them."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from factories.django_rows import AT, TODAY
from followup.value_pairs import DAY, make_year
from mentornet.common.actors import System
from mentornet.common.answers import NotAllowedError
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.followup import services
from mentornet.followup.models import Certificate
from mentornet.followup.services.certificates import plain_code
from mentornet.followup.value_queries import certificate_by_number, is_led_to_certificates, served
from mentornet.partnerships.models import Partnership
from mentornet.people.models import Person
from mentornet.programmes.models import Programme
from partnerships.endings import end, fill_in_ending
from partnerships.sides import acting

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(coordinator: Staff, division: Division, programme: Programme) -> Partnership:
    return make_year(coordinator, division, programme)


def issue(pair: Partnership, name: str = "Karen Lund", **more: object) -> services.Issued:
    by = acting(pair, "mentor")
    return services.issue_certificate(by=by, person=pair.mentor.person, role="mentor", name=name, **more)  # type: ignore[arg-type]


def test_row_holds_no_name_and_no_number(pair: Partnership) -> None:
    issued = issue(pair)
    (row,) = Certificate.objects.values()
    kept = repr(row)
    assert "Karen" not in kept
    assert "Lund" not in kept
    assert plain_code(issued.code) not in kept
    assert row["facts"] == {"partnerships": 1, "meetings": 3, "hours": 3, "modules": []}


def test_name_is_the_same_however_it_is_written_and_no_other(pair: Partnership) -> None:
    issued = issue(pair)
    found = certificate_by_number(plain_code(issued.code.lower()))
    assert found == issued.certificate
    for name in ("Karen Lund", "  karen   LUND "):
        assert services.is_the_name(found, issued.code, name)
    for name in ("Karen", "Karin Lund", "", "Lund Karen"):
        assert not services.is_the_name(found, issued.code, name)
    assert not services.is_the_name(None, "AAAA-AAAA-AAAA-AAAA", "Karen Lund")


def test_same_name_again_is_the_same_certificate_and_another_name_another_one(pair: Partnership) -> None:
    first = issue(pair)
    assert issue(pair, "karen lund").code == first.code
    assert issue(pair, "K. Lund").code != first.code
    assert Certificate.objects.count() == 2
    for number in range(4):
        issue(pair, f"Name {number}")
    with pytest.raises(ValidationError, match="Withdraw one first"):
        issue(pair, "One more")


def test_signed_by_who_leads_the_division(pair: Partnership, division_lead: Staff) -> None:
    assert issue(pair).certificate.signer == "Birthe Dam"


@pytest.mark.parametrize(
    ("values", "has_one"),
    [
        ({"first_met_on": TODAY - 100 * DAY}, True),
        ({"first_met_on": TODAY - 30 * DAY}, False),
        ({"first_met_on": TODAY - 30 * DAY, "state": "closed", "closing_reason": "goal", "closed_on": TODAY}, True),
        ({"state": "closed", "closing_reason": "safety", "closed_on": TODAY}, False),
    ],
)
def test_when_there_is_one(pair: Partnership, values: dict[str, object], has_one: bool) -> None:
    Partnership.objects.filter(pk=pair.pk).update(**values)
    assert (served(pair.mentor.person_id, "mentor", TODAY) is not None) is has_one
    is_led = has_one or values.get("closing_reason") == "safety"
    assert is_led_to_certificates(pair.mentor.person_id, TODAY) is is_led
    if not has_one:
        with pytest.raises(NotAllowedError, match="no certificate yet"):
            issue(pair)


@pytest.mark.parametrize(("who", "of_mentee", "of_mentor"), [("mentor", 1, 0), ("mentee", 0, 1), ("", 1, 1)])
def test_after_an_ending_for_safety_there_is_one_for_whom_it_is_not_about(
    who: str, of_mentee: int, of_mentor: int, pair: Partnership, coordinator: Staff
) -> None:
    """Nobody loses what she has done by what was done to her."""
    fill_in_ending(coordinator, pair, "safety", who)
    before = [served(place.person_id, place.role, TODAY) for place in (pair.mentee, pair.mentor)]
    end(coordinator, pair, "safety", who, reason="safety")
    after = [served(place.person_id, place.role, TODAY) for place in (pair.mentee, pair.mentor)]
    # Both are led to it alike: that one of them is not would tell her whom it was about.
    assert all(is_led_to_certificates(place.person_id, TODAY) for place in (pair.mentee, pair.mentor))
    for found in (before, after):
        assert [0 if one is None else one.partnerships for one in found] == [of_mentee, of_mentor]


def test_without_a_meeting_there_is_none(pair: Partnership) -> None:
    pair.meetings.all().delete()
    assert served(pair.mentor.person_id, "mentor", TODAY) is None


def test_nobody_else_makes_hers(pair: Partnership, other_coordinator: Staff, coordinator: Staff) -> None:
    person = pair.mentor.person
    for by in (other_coordinator, acting(pair, "mentee")):
        with pytest.raises(NotAllowedError):
            services.issue_certificate(by=by, person=person, role="mentor", name="Karen Lund")
    assert services.issue_certificate(by=coordinator, person=person, role="mentor", name="Karen Lund").code


def test_protected_person_says_that_she_wants_it(pair: Partnership) -> None:
    Person.objects.filter(pk=pair.mentor.person_id).update(
        is_protected=True, last_name="", email="", phone="", postcode="", safe_contact=""
    )
    pair.mentor.person.refresh_from_db()
    with pytest.raises(ValidationError, match="Read this first"):
        issue(pair)
    assert issue(pair, understood=True).certificate.signer == ""


def test_withdrawn_it_stands_no_longer(pair: Partnership) -> None:
    certificate = issue(pair).certificate
    with pytest.raises(NotAllowedError):
        services.withdraw_certificate(by=acting(pair, "mentee"), certificate=certificate)
    services.withdraw_certificate(by=acting(pair, "mentor"), certificate=certificate)
    assert certificate.withdrawn_at == AT


@pytest.mark.parametrize("outlives", [True, False])
def test_after_erasure(pair: Partnership, outlives: bool) -> None:
    issued = issue(pair, outlives=outlives)
    key, person = issued.certificate.pk, pair.mentor.person
    assert services.let_stand_alone(by=System("tests", AT), person=person) == int(outlives)
    left = certificate_by_number(plain_code(issued.code))
    if not outlives:
        assert left is not None
        assert left.person_id == person.pk
        return
    assert left is not None
    assert left.pk != key
    assert (left.person_id, left.facts, left.signer, left.sealed_code) == (None, {}, "", "")
    assert left.issued_on.day == 1
    assert services.is_the_name(left, issued.code, "Karen Lund"), "the paper in her hand is still hers"
