"""A quiet word is heard whole, and by somebody, whoever it is about."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from conftest import MakeStaff
from factories.django_rows import AT, make_application, make_division, user_of
from followup.test_concerns import pair, raised
from mentornet.accounts.models import User
from mentornet.common.answers import RefusedError
from mentornet.divisions.models import Division, Organisation, Role, StaffRole
from mentornet.divisions.services import end_absence, set_absence
from mentornet.divisions.staff import Staff
from mentornet.followup import services
from mentornet.followup.models import Concern
from mentornet.followup.queries import has_reader, readable_concerns
from mentornet.followup.rules import may_read
from mentornet.intake.models import Enrolment, Interview
from mentornet.partnerships.models import Partnership
from mentornet.people.participants import Participant
from partnerships.sides import acting
from racing import at_once

__all__ = ["pair"]
pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("national_lead")
@pytest.mark.parametrize(
    "more",
    [
        {"wants_call": True, "call_words": "Tuesday before noon"},
        {"about": "coordinator"},
        {"addressee": "national_lead"},
    ],
)
def test_sent_anew_with_more_it_is_not_dropped(more: dict[str, Any], pair: Partnership) -> None:
    first = raised(pair)
    again = raised(pair, **more)
    assert again.pk != first.pk
    assert {name: getattr(again, name) for name in more} == more
    # Pressed twice it is still one.
    assert raised(pair, **more).pk == again.pk


@pytest.mark.django_db(transaction=True)
def test_pressed_twice_at_once_it_is_one(pair: Partnership) -> None:
    def tell() -> Concern:
        return services.raise_concern(by=acting(pair, "mentee"), about="partner", words="Help", partnership=pair)

    assert at_once(*[tell] * 4) == {"done": 4}
    assert Concern.objects.count() == 1


def readers(concern: Concern, people: dict[str, Staff]) -> set[str]:
    found = {name for name, by in people.items() if may_read(by, concern)}
    # The rule for one and the condition for many say the same.
    assert found == {name for name, by in people.items() if readable_concerns(by).filter(pk=concern.pk).exists()}
    return found


@pytest.fixture
def leads(
    national_lead: Staff, division_lead: Staff, other_division: Division, make_staff: MakeStaff, coordinator: Staff
) -> dict[str, Staff]:
    return {
        "national": national_lead,
        "lead": division_lead,
        "lead elsewhere": make_staff(Role.DIVISION_LEAD, other_division),
        "coordinator elsewhere": make_staff(Role.COORDINATOR, other_division),
        "hers": coordinator,
    }


def led_by(pair: Partnership, staff: Staff) -> None:
    Enrolment.objects.filter(pk__in=[pair.mentee_id, pair.mentor_id]).update(coordinator_id=staff.user_id)


def fresh(pair: Partnership) -> Partnership:
    return Partnership.objects.select_related("mentee__person", "mentor__person", "division").get(pk=pair.pk)


def test_about_the_only_national_lead_it_is_read_by_leads_of_other_divisions(
    pair: Partnership, leads: dict[str, Staff]
) -> None:
    led_by(pair, leads["national"])
    concern = raised(fresh(pair), about="coordinator")
    assert readers(concern, leads) == {"lead elsewhere"}


def test_about_a_national_lead_another_one_reads_it(
    pair: Partnership, leads: dict[str, Staff], make_staff: MakeStaff
) -> None:
    led_by(pair, leads["national"])
    leads["other national"] = make_staff(Role.NATIONAL_LEAD)
    assert readers(raised(fresh(pair), about="coordinator"), leads) == {"other national"}


def test_leads_of_other_divisions_read_nothing_while_a_national_lead_does(
    pair: Partnership, leads: dict[str, Staff]
) -> None:
    assert readers(raised(pair, about="coordinator"), leads) == {"national"}
    assert readers(raised(pair, about="partner"), leads) == {"national", "lead", "hers"}


def test_when_the_only_national_lead_has_left_it_does_not_lie_unread(
    pair: Partnership, leads: dict[str, Staff]
) -> None:
    concern = raised(pair, about="coordinator")
    StaffRole.objects.filter(user_id=leads.pop("national").user_id).update(until=AT.date())
    assert readers(concern, leads) == {"lead elsewhere"}


def test_while_the_only_one_who_may_read_it_is_away_it_does_not_lie_unread(
    pair: Partnership, leads: dict[str, Staff], make_staff: MakeStaff
) -> None:
    """Who stands in for her leads the network as well, and is whom it is about."""
    away = leads["other national"] = make_staff(Role.NATIONAL_LEAD)
    led_by(pair, leads["national"])
    concern = raised(fresh(pair), about="coordinator")
    assert readers(concern, leads) == {"other national"}
    absence = set_absence(
        by=away, user=user_of(away), stand_in=user_of(leads["national"]), from_on=AT.date(),
        until_on=AT.date() + timedelta(days=9),
    )  # fmt: skip
    assert readers(concern, leads) == {"other national", "lead elsewhere"}
    end_absence(by=away, absence=absence)
    assert readers(concern, leads) == {"other national"}


@pytest.mark.django_db(transaction=True)
def test_without_a_place_it_is_kept_from_whoever_has_talked_with_her(
    division: Division, leads: dict[str, Staff], make_staff: MakeStaff
) -> None:
    leads["other national"] = make_staff(Role.NATIONAL_LEAD)
    application = make_application("mentee", division)
    Interview.objects.create(
        application=application, interviewer=user_of(leads["national"]), at=AT, place="Here", created_at=AT
    )
    her = Participant(person_id=application.person_id, name="Amina", at=AT)
    concern = services.raise_concern(by=her, about="coordinator", words="She shouted at me.")
    assert readers(concern, leads) == {"other national"}


def test_about_the_only_national_lead_in_a_network_of_one_division_it_is_refused_and_not_kept(
    pair: Partnership, national_lead: Staff, division_lead: Staff
) -> None:
    led_by(pair, national_lead)
    Organisation.objects.create(name="Net", phone="+45 00 00 20 01", created_at=AT)
    with pytest.raises(RefusedError, match=r"\+45 00 00 20 01.*board"):
        raised(fresh(pair), about="coordinator")
    assert not Concern.objects.exists()
    # The control: with somebody who leads another division it is heard.
    division_lead_elsewhere = StaffRole.objects.get(user_id=division_lead.user_id)
    division_lead_elsewhere.division = make_division("Ribe")
    division_lead_elsewhere.save()
    assert raised(fresh(pair), about="coordinator") == Concern.objects.get()


def test_who_may_not_sign_in_reads_nothing(pair: Partnership, national_lead: Staff) -> None:
    User.objects.filter(pk=national_lead.user_id).update(is_active=False)
    with pytest.raises(RefusedError, match="so we have not kept them"):
        raised(pair, about="coordinator")
    StaffRole.objects.filter(user_id=national_lead.user_id).update(until=AT.date())
    User.objects.filter(pk=national_lead.user_id).update(is_active=True)
    with pytest.raises(RefusedError, match="so we have not kept them"):
        raised(pair, about="coordinator")
    assert not Concern.objects.exists()


def test_where_it_is_known_to_be_read_one_question_is_enough(
    pair: Partnership, leads: dict[str, Staff], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    concern = raised(pair, about="coordinator")
    # The roles, and what the national lead may see.
    with django_assert_num_queries(3):
        assert has_reader(concern, AT)
