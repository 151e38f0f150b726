"""A telephone that several use, or that is lost: nobody finds on it what is another's, nor takes her page over."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from entering import open_with_link, sign_in_participant
from factories.django_rows import AT, make_application, make_person
from mentornet.accounts.enums import Purpose
from mentornet.accounts.models import OneTimeCode
from mentornet.accounts.services.codes import code_of
from mentornet.partnerships.queries import feed_of
from mentornet.partnerships.services import make_feed
from mentornet.people.models import Person
from mentornet.people.participants import Participant
from mentornet.web.sessions import LINKS, PROVED_FOR

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]
CONTACT = {"contact_way": "email", "email": "his@example.org", "phone": "61 00 00 01"}


@pytest.fixture
def amina() -> Person:
    return make_person("Amina", "Khalil", email="amina@example.org", phone="61 00 00 01", contact_way="email")


def come_in(client: Client, person: Person) -> None:
    client.post(reverse("portal:sign_in"), {"address": person.email})
    client.post(reverse("portal:sign_in_code"), {"code": code_of(OneTimeCode.objects.latest("created_at"))})
    assert "_auth_user_id" in client.session


def test_signing_in_forgets_what_a_link_has_opened_for_another(amina: Person) -> None:
    bodil = make_person("Bodil", email="bodil@example.org")
    application = make_application("mentee", person=bodil)
    address = reverse("portal:application", args=[application.pk])
    client = open_with_link(Purpose.STATUS, str(application.pk), bodil)
    assert client.get(address).status_code == 200
    come_in(client, amina)
    assert client.get(address).status_code == 404
    assert client.session[LINKS] == {}


def test_signing_in_keeps_what_was_opened_for_herself(amina: Person) -> None:
    application = make_application("mentee", person=amina)
    client = open_with_link(Purpose.STATUS, str(application.pk), amina)
    come_in(client, amina)
    assert len(client.session[LINKS]) == 1


def test_ending_all_sessions_stops_her_calendar_too(amina: Person) -> None:
    token = make_feed(by=Participant(person_id=amina.pk, name=amina.name, at=AT))
    assert feed_of(token) is not None
    client = sign_in_participant(amina)
    assert client.post(reverse("portal:sessions_end_all")).status_code == 200
    assert feed_of(token) is None


def test_ending_this_very_session_is_signing_out(amina: Person) -> None:
    client = sign_in_participant(amina)
    assert amina.user is not None
    own = amina.user.sign_in_sessions.get()
    answer = client.post(reverse("portal:session_end", args=[own.pk]))
    assert answer.status_code in {200, 302}
    assert client.get(reverse("portal:home")).headers["Location"].startswith(reverse("portal:sign_in"))


def later(client: Client) -> time_machine.travel:
    """Let her page have lain open for longer than a code is good for."""
    del client
    return time_machine.travel(AT + PROVED_FOR + timedelta(seconds=60))


def test_where_codes_go_is_changed_only_by_who_has_just_shown_who_she_is(amina: Person) -> None:
    # Else whoever finds the page open has the next code sent to himself, and sets a password with it.
    client, address = sign_in_participant(amina), reverse("portal:details", args=["contact"])
    assert client.get(address).status_code == 200
    seen = client.get(address).context["form"]["seen"].value()
    with later(client):
        led = client.get(address)
        assert led.headers["Location"].startswith(reverse("portal:prove"))
        assert reverse("portal:details", args=["contact"]).replace("/", "%2F") in led.headers["Location"]
        kept = client.post(address, {**CONTACT, "seen": seen})
        # What she typed stands there still.
        assert (kept.status_code, "his@example.org" in kept.content.decode()) == (200, True)
    amina.refresh_from_db()
    assert amina.email == "amina@example.org"
    client.post(address, {**CONTACT, "seen": seen})
    amina.refresh_from_db()
    assert amina.email == "his@example.org"


@pytest.mark.parametrize("part", ["name", "place", "safety", "letters"])
def test_the_other_details_need_no_new_code(part: str, amina: Person) -> None:
    client = sign_in_participant(amina)
    with later(client):
        assert client.get(reverse("portal:details", args=[part])).status_code == 200
