"""Real people and a demonstration never meet in one database."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Final

import pytest
from django.core.checks import Tags, run_checks
from django.utils import timezone
from pytest_django.fixtures import Settings

from mentornet.accounts.models import User
from mentornet.common.actors import System
from mentornet.common.fields import declared
from mentornet.demo.models import DemoNetwork
from mentornet.demo.organisation import NEUTRAL, WEIGHTS
from mentornet.demo.queries import holds_real_data, is_demo_database, needs_reload, sign_in_choices
from mentornet.demo.services import RealDataError, load_network, refuse_real_data
from mentornet.divisions.models import Division
from mentornet.intake.queries import mentor_bank, waiting_mentees
from mentornet.learning.models import ChapterText
from mentornet.learning.services import install_shipped
from mentornet.partnerships.models import Partnership
from mentornet.people.models import Person
from pairing.policy import DEFAULT_NEUTRAL, DEFAULT_WEIGHTS

TODAY: Final = date(2026, 11, 21)
ACTOR: Final = System("demo", datetime(2026, 11, 21, 7, 30, tzinfo=UTC))

pytestmark = pytest.mark.django_db


def somebody_real() -> Person:
    return Person.objects.create(first_name="Ada", search_text="ada", created_at=timezone.now())


def errors_of_the_check() -> list[str | None]:
    return [found.id for found in run_checks(tags=[Tags.security]) if found.id == "demo.E001"]


def test_a_pilot_is_the_first_year_of_one_division() -> None:
    summary = load_network(by=ACTOR, today=TODAY, size="pilot")
    ids = list(Division.objects.values_list("pk", flat=True))
    assert [division.name for division in Division.objects.all()] == ["København"]
    assert waiting_mentees(ids).count() == 12
    assert summary.rows["people.Person"] == 12 + 312
    assert mentor_bank(ids, TODAY).count() > 250
    assert not Partnership.objects.exists()
    assert sign_in_choices()[0].works_in == ("København",)


def test_loading_twice_leaves_what_is_there() -> None:
    load_network(by=ACTOR, today=TODAY, size="pilot")
    person = Person.objects.order_by("pk").first()
    assert person is not None
    Person.objects.filter(pk=person.pk).update(first_name="Somebody else")
    summary = load_network(by=ACTOR, today=TODAY, size="pilot")
    assert not summary.is_new
    assert Person.objects.get(pk=person.pk).first_name == "Somebody else"


def test_loading_anew_keeps_the_handbook() -> None:
    load_network(by=ACTOR, today=TODAY, size="pilot")
    install_shipped(by=System("shipped", ACTOR.at))
    chapters = ChapterText.objects.count()
    load_network(by=ACTOR, today=TODAY, size="pilot", fresh=True)
    assert ChapterText.objects.count() == chapters > 0


def test_a_demo_of_another_day_needs_to_be_loaded_anew() -> None:
    assert needs_reload(TODAY)
    load_network(by=ACTOR, today=TODAY, size="pilot")
    assert not needs_reload(TODAY)
    assert needs_reload(date(2026, 11, 22))


@pytest.mark.parametrize("fresh", [False, True])
def test_a_database_with_real_people_is_refused_and_left_alone(fresh: bool) -> None:
    somebody_real()
    with pytest.raises(RealDataError):
        load_network(by=ACTOR, today=TODAY, size="pilot", fresh=fresh)
    assert Person.objects.count() == 1
    assert not is_demo_database()


def test_a_database_with_staff_only_is_real_too() -> None:
    User.objects.create_user("lead@example.org", name="A Lead")
    assert holds_real_data()
    assert sign_in_choices() == []


def test_real_people_are_never_opened_as_a_demonstration(settings: Settings) -> None:
    somebody_real()
    settings.DEMO = True
    assert errors_of_the_check() == ["demo.E001"]
    with pytest.raises(RealDataError):
        refuse_real_data()


def test_the_same_people_are_opened_outside_a_demonstration(settings: Settings) -> None:
    somebody_real()
    settings.DEMO = False
    assert errors_of_the_check() == []
    refuse_real_data()


def test_the_mark_is_what_lets_people_be_shown(settings: Settings) -> None:
    # The control: the same person, with the mark, is one of a demonstration.
    somebody_real()
    settings.DEMO = True
    DemoNetwork.objects.create(seed=1, size="full", loaded_on=TODAY, loaded_at=ACTOR.at)
    assert errors_of_the_check() == []
    refuse_real_data()


def test_staff_sign_in_by_password_only_when_one_was_given() -> None:
    load_network(by=ACTOR, today=TODAY, size="pilot", users_password="a long enough one")
    assert all(user.check_password("a long enough one") for user in User.objects.all())


def test_weights_are_the_defaults_of_the_mathematics() -> None:
    assert {criterion.value: weight for criterion, weight in DEFAULT_WEIGHTS.items()} == WEIGHTS
    assert {criterion.value: value for criterion, value in DEFAULT_NEUTRAL.items()} == NEUTRAL


def test_every_column_is_declared() -> None:
    columns = {field.name for field in DemoNetwork._meta.concrete_fields}
    assert set(declared("demo.DemoNetwork")) == columns
