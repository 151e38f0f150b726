"""Two coordinators at one moment on one application, each with her own connection."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import transaction

from factories.django_rows import make_application, make_enrolment, make_profile, make_staff, user_of
from mentornet.divisions.models import Division, Role
from mentornet.divisions.staff import Staff
from mentornet.intake.enums import ApplicationState
from mentornet.intake.models import Application, Decision, Enrolment
from mentornet.intake.services.applications import decide, withdraw_application
from mentornet.intake.services.confirmations import note_confirmed
from mentornet.intake.services.enrolments import give_word
from mentornet.messaging.models import Letter
from mentornet.people.services import hold_people
from racing import at_once, each_at_once, until_somebody_waits

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 4


@pytest.fixture
def staff(division: Division) -> list[Staff]:
    return [make_staff(Role.COORDINATOR, division, name=f"Coordinator {number}") for number in range(MANY)]


def test_an_application_is_decided_once(staff: list[Staff], division: Division) -> None:
    application = make_application("mentee", division, state=ApplicationState.INTERVIEWED)
    make_profile(application.person, "mentee")

    def act(by: Staff, outcome: str) -> Callable[[], object]:
        seen = Application.objects.select_related("person", "division", "programme").get(pk=application.pk)
        user = user_of(by)
        return lambda: decide(
            by=by, application=seen, outcome=outcome, reason="So.", author_name=by.name, coordinator=user
        )

    said = at_once(*(act(by, ("approved", "declined")[number % 2]) for number, by in enumerate(staff)))
    assert said == {"done": 1, "ChangedMeanwhileError": MANY - 1}
    assert Decision.objects.count() == 1
    assert Letter.objects.count() == 1
    application.refresh_from_db()
    assert Enrolment.objects.exists() is (application.state == ApplicationState.APPROVED)


def test_one_of_many_words_at_once_is_sent(staff: list[Staff], division: Division) -> None:
    mentee = make_enrolment("mentee", division)

    def act(by: Staff) -> Callable[[], object]:
        seen = Enrolment.objects.select_related("person", "division").get(pk=mentee.pk)
        return lambda: give_word(by=by, enrolment=seen)

    said = at_once(*(act(by) for by in staff))
    assert said == {"done": 1, "ChangedMeanwhileError": MANY - 1}
    assert Letter.objects.count() == 1


@pytest.mark.postgresql_only
def test_confirmed_beside_a_consent_taken_back(staff: list[Staff], division: Division) -> None:
    application = make_application("mentee", division, state=ApplicationState.INTERVIEWED)
    seen = make_profile(application.person, "mentee").stamp
    held = threading.Event()

    def take_back() -> None:
        # As a consent is taken back: she is held first, then what she has written to us for ends.
        with transaction.atomic():
            hold_people([application.person_id])
            held.set()
            until_somebody_waits()
            withdraw_application(by=staff[0], application=Application.objects.get(pk=application.pk))

    def confirm() -> None:
        assert held.wait(10)
        note_confirmed(by=staff[1], application=application, author_name="Inger", seen=seen)

    # Neither waits in a circle: whoever comes second sees that it has ended.
    assert each_at_once(take_back, confirm) == ["done", "NotAllowedError"]
