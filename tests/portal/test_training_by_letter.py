"""A mentor's training by the link in her letters: she is told to do it, and needs no sign-in for it."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import pytest
from django.urls import reverse

from factories.django_rows import AT, TODAY, make_application, make_enrolment, make_profile, make_programme
from mentornet.accounts.enums import Purpose
from mentornet.common.actors import System
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.enums import ApplicationState
from mentornet.intake.models import Enrolment
from mentornet.learning.queries import modules
from mentornet.learning.services import decide_on, install_shipped, remind_of_training
from mentornet.messaging.letters import render
from mentornet.messaging.models import Letter
from mentornet.people.enums import Role
from mentornet.programmes.models import Programme
from portal.conftest import AsParticipant, WithLink
from portal.proposal_pages import main_of, read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning", "shipped")]
PROGRAM: Final = System("tests", AT)


@pytest.fixture
def shipped(db: None) -> None:
    install_shipped(by=PROGRAM)


def approve(
    by: Staff, division: Division, role: Role, programme: Programme | None = None, lets_off: str = ""
) -> Letter:
    state = ApplicationState.INTERVIEWED
    application = make_application(role, division, programme=programme or make_programme(), state=state)
    make_profile(application.person, role)
    decide_on(
        by=by, application=application, outcome="approved", reason="Fits.", author_name=by.name, lets_off=lets_off
    )
    return Letter.objects.get(event="application_approved")


def test_mentor_with_training_left_is_led_to_it(coordinator: Staff, division: Division) -> None:
    letter = approve(coordinator, division, Role.MENTOR)
    assert letter.values == {"link": f"training:{Enrolment.objects.get().pk}"}
    _subject, body = render(letter.event, letter.values, name="Karen", language="en")
    assert "a short course" in body
    assert "do not need to do anything" not in body


@pytest.mark.parametrize("case", ["let off", "none asked", "mentee"])
def test_who_has_nothing_to_do_is_told_so(case: str, coordinator: Staff, division: Division) -> None:
    role = Role.MENTEE if case == "mentee" else Role.MENTOR
    programme = make_programme(modules=[]) if case == "none asked" else None
    letter = approve(coordinator, division, role, programme, "Was one." if case == "let off" else "")
    assert letter.values == {}


def test_reminder_has_her_link(division: Division) -> None:
    mentor = make_enrolment(Role.MENTOR, division, enrolment={"briefed_on": None, "created_at": AT - timedelta(days=4)})
    assert remind_of_training(by=PROGRAM) == 1
    assert Letter.objects.get().values == {"link": f"training:{mentor.pk}"}


def test_link_opens_her_training_without_a_sign_in(division: Division, with_link: WithLink) -> None:
    mentor = make_enrolment(Role.MENTOR, division, enrolment={"briefed_on": None})
    other = make_enrolment(Role.MENTOR, division, enrolment={"briefed_on": None})
    client = with_link(Purpose.TRAINING, str(mentor.pk), mentor.person, code=False)
    here = reverse("portal:training_here", args=[mentor.pk])
    for text in modules(Role.MENTOR, "en"):
        part = reverse("portal:module", args=[mentor.pk, text.module.slug])
        assert part in read(client, here)
        answers = {f"question-{place + 1}": str(one["right"]) for place, one in enumerate(text.questions)}
        assert client.post(part, answers).headers["Location"] == here
    assert "You have done all the parts" in main_of(read(client, here))
    mentor.refresh_from_db()
    assert mentor.briefed_on == TODAY
    # Nobody else's, and nothing of hers beside it.
    slug = modules(Role.MENTOR, "en")[0].module.slug
    assert client.get(reverse("portal:training_here", args=[other.pk])).status_code == 404
    assert client.get(reverse("portal:module", args=[other.pk, slug])).status_code == 404
    assert client.get(reverse("portal:profile")).status_code == 302


def test_ended_place_has_no_training(division: Division, with_link: WithLink) -> None:
    mentor = make_enrolment(Role.MENTOR, division, enrolment={"ended_on": TODAY, "end_reason": "moved"})
    client = with_link(Purpose.TRAINING, str(mentor.pk), mentor.person, code=False)
    assert "portal-row" not in read(client, reverse("portal:training_here", args=[mentor.pk]))


def test_page_of_her_application_leads_to_it(
    coordinator: Staff, division: Division, as_participant: AsParticipant
) -> None:
    approve(coordinator, division, Role.MENTOR)
    place = Enrolment.objects.select_related("person").get()
    client, address = as_participant(place.person), reverse("portal:application", args=[place.application_id])
    page = read(client, address)
    assert f'href="{reverse("portal:training")}"' in page
    assert "Before your first mentee you do a short training." in page
    Enrolment.objects.update(briefed_on=TODAY)
    page = read(client, address)
    assert f'href="{reverse("portal:training")}"' not in page
    assert "We contact you when we have a suggestion for you." in page
