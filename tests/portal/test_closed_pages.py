"""Pages that a link has opened are closed when she says so, and open nothing for a closed account."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from entering import make_participant_user, open_with_link, sign_in_participant
from factories.django_rows import AT, make_application, make_person
from mentornet.accounts.enums import Purpose
from mentornet.accounts.models import User
from mentornet.intake.models import Application
from mentornet.partnerships.services import make_feed
from mentornet.people.models import Person
from mentornet.people.participants import Participant
from mentornet.web.sessions import LINKS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]
CLOSE = "Close these pages"


@pytest.fixture
def amina() -> Person:
    return make_person("Amina", email="amina@example.org")


@pytest.fixture
def application(amina: Person) -> Application:
    return make_application("mentee", person=amina)


def status_of(application: Application) -> str:
    return reverse("portal:application", args=[application.pk])


def test_who_came_by_link_closes_the_pages(amina: Person, application: Application) -> None:
    client = open_with_link(Purpose.STATUS, str(application.pk), amina)
    page = client.get(status_of(application)).content.decode()
    assert CLOSE in page
    assert reverse("portal:sign_out") in page
    closed = client.post(reverse("portal:sign_out")).content.decode()
    assert "These pages are closed" in closed
    assert "You are signed out" not in closed
    assert CLOSE not in closed
    assert LINKS not in client.session
    assert client.get(status_of(application)).status_code == 404


def test_who_has_signed_in_signs_out(amina: Person) -> None:
    client = sign_in_participant(amina)
    assert CLOSE not in client.get(reverse("portal:home")).content.decode()
    assert "You are signed out" in client.post(reverse("portal:sign_out")).content.decode()


def test_nobody_is_offered_to_close_anything() -> None:
    assert CLOSE not in Client().get(reverse("portal:sign_in")).content.decode()


@pytest.mark.parametrize("is_active", [True, False])
def test_closed_account_has_neither_links_nor_calendar(
    amina: Person, application: Application, *, is_active: bool
) -> None:
    make_participant_user(amina)
    token = make_feed(by=Participant(person_id=amina.pk, name=amina.name, at=AT))
    client = open_with_link(Purpose.STATUS, str(application.pk), amina)
    User.objects.update(is_active=is_active)
    expected = 200 if is_active else 404
    assert client.get(status_of(application)).status_code == expected
    assert Client().get(reverse("portal:feed", args=[token])).status_code == expected
