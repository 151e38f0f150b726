"""Where letters to her go elsewhere, or her telephone is lost, nothing opens her pages that opened them before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from entering import make_participant_user, make_passkey, open_with_link, sign_in_participant
from factories.django_rows import AT, TODAY, give_role, make_application, make_person, saved
from mentornet.accounts.enums import Purpose
from mentornet.accounts.models import SignInSession, User
from mentornet.accounts.services.own_ways import passkeys_of
from mentornet.audit.models import Entry
from mentornet.common.actors import System
from mentornet.common.answers import NotAllowedError
from mentornet.divisions.models import Division, Role
from mentornet.divisions.staff import Staff
from mentornet.intake.models import ContactPerson
from mentornet.intake.services.ways_in import lose_telephone
from mentornet.partnerships.services import make_feed
from mentornet.people import reached_before, services
from mentornet.people.models import Person
from mentornet.people.participants import Participant
from mentornet.people.services import change_person
from signing import SignIn, enter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]
ELSEWHERE = {"email": "new@example.org"}


@pytest.fixture
def amina(division: Division) -> Person:
    person = make_person("Amina", email="old@example.org", phone="61 23 45 67")
    make_application("mentee", person=person, division=division)
    return person


def feed_of_hers(person: Person) -> str:
    token = make_feed(by=Participant(person_id=person.pk, name=person.name, at=AT))
    return reverse("portal:feed", args=[token])


def opens(browser: Client, address: str = "/my/profile/") -> bool:
    return browser.get(address).status_code == 200


@pytest.mark.parametrize(
    ("facts", "ends"), [(ELSEWHERE, True), ({"contact_way": "text"}, True), ({"first_name": "Amna"}, False)]
)
def test_sessions_and_calendar_end_with_the_address(
    facts: dict[str, Any], ends: bool, amina: Person, coordinator: Staff
) -> None:
    phone, feed = sign_in_participant(amina), feed_of_hers(amina)
    change_person(by=coordinator, person=Person.objects.get(pk=amina.pk), facts=facts)
    assert opens(phone) is not ends
    assert opens(Client(), feed) is not ends
    assert SignInSession.objects.exists() is not ends


def test_session_goes_on_when_nothing_ends_it(
    amina: Person, coordinator: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The control of the test above.
    for module in (services, reached_before):
        monkeypatch.setattr(module, "end_ways_in", lambda **_given: None)
    phone, feed = sign_in_participant(amina), feed_of_hers(amina)
    change_person(by=coordinator, person=Person.objects.get(pk=amina.pk), facts=ELSEWHERE)
    assert opens(phone)
    assert opens(Client(), feed)


def test_her_user_has_the_new_address_at_once(amina: Person, coordinator: Staff) -> None:
    make_participant_user(amina)
    change_person(by=coordinator, person=Person.objects.get(pk=amina.pk), facts=ELSEWHERE)
    assert User.objects.get(person=amina).email == "new@example.org"


def test_she_goes_on_where_she_has_changed_it_herself(amina: Person) -> None:
    here, there = sign_in_participant(amina), sign_in_participant(amina)
    url = reverse("portal:details", args=["contact"])
    seen = here.get(url).content.decode().split('name="seen" value="')[1].split('"')[0]
    data = {"contact_way": "email", "email": "new@example.org", "phone": "61 23 45 67", "seen": seen}
    key = here.session.session_key
    assert here.post(url, data).status_code == 302
    assert opens(here)
    assert not opens(there)
    # Under another key, listed anew; how long it lasts is as before.
    assert here.session.session_key != key
    assert [row.session_key for row in SignInSession.objects.all()] == [here.session.session_key]
    assert here.get("/my/sessions/").content.decode().count("here, now") == 1


def test_session_that_the_office_ends_meanwhile_does_not_go_on(amina: Person) -> None:
    here = sign_in_participant(amina)
    change_person(by=System("desk", timezone.now()), person=Person.objects.get(pk=amina.pk), facts=ELSEWHERE)
    assert here.post(reverse("portal:word"), {}).status_code in {302, 403}
    assert not opens(here)


# Her telephone is lost ------------------------------------------------------------------------------------------------


def test_lost_telephone_opens_nothing(amina: Person, coordinator: Staff, sign_in: SignIn) -> None:
    phone, feed = sign_in_participant(amina), feed_of_hers(amina)
    assert amina.user is not None
    make_passkey(amina.user)
    application = amina.applications.get()
    link = open_with_link(Purpose.STATUS, str(application.pk), amina)
    status = reverse("portal:application", args=[application.pk])
    assert opens(link, status)
    desk = sign_in(Client(), coordinator)
    address = reverse("desk:person_lost_telephone", args=[amina.pk])
    assert address in desk.get(reverse("desk:person", args=[amina.pk])).content.decode()
    assert "old@example.org" in desk.get(address).content.decode()
    # Looking ends nothing.
    assert opens(phone)
    assert desk.post(address).status_code == 302
    assert not opens(phone)
    assert not opens(link, status)
    assert not opens(Client(), feed)
    assert passkeys_of(amina.user) == []
    assert Entry.objects.filter(act="people.lose_telephone", actor=coordinator.key).count() == 1
    assert "She had lost her telephone" in desk.get(reverse("desk:person", args=[amina.pk])).content.decode()


def test_lost_telephone_of_a_contact_person_opens_nothing(
    division: Division, coordinator: Staff, other_coordinator: Staff, sign_in: SignIn
) -> None:
    dina = make_person("Dina", email="dina@example.org")
    contact = saved(ContactPerson(person=dina, division=division, state="confirmed", asked_on=TODAY, created_at=AT))
    phone, desk = sign_in_participant(dina), sign_in(Client(), coordinator)
    address = reverse("desk:person_lost_telephone", args=[dina.pk])
    hers = reverse("desk:contact_person", args=[contact.pk])
    assert address in desk.get(hers).content.decode()
    page = desk.get(address).content.decode()
    assert "dina@example.org" in page
    assert "still writing as an application" in page
    # These pages do not exist of somebody who has never applied.
    assert reverse("desk:person", args=[dina.pk]) + '"' not in page
    # How she is reached, the desk can change of her too.
    assert reverse("desk:person_details", args=[dina.pk]) in page
    assert sign_in(Client(), other_coordinator).post(address).status_code == 404
    with pytest.raises(NotAllowedError):
        lose_telephone(by=other_coordinator, known_by=contact)
    assert opens(phone)
    assert desk.post(address).headers["Location"] == hers
    assert not opens(phone)


def test_lost_telephone_is_not_for_other_divisions(
    amina: Person, coordinator: Staff, other_coordinator: Staff, sign_in: SignIn
) -> None:
    address = reverse("desk:person_lost_telephone", args=[amina.pk])
    assert sign_in(Client(), other_coordinator).post(address).status_code == 404
    with pytest.raises(NotAllowedError):
        lose_telephone(by=other_coordinator, known_by=amina.applications.get())


def test_mentor_who_works_here_stays_at_the_desk_when_she_says_it_of_herself(
    amina: Person, division: Division, make_user_of: Callable[[Person], User]
) -> None:
    user = make_user_of(amina)
    give_role(user, Role.COORDINATOR, division)
    desk, phone = enter(Client(), user), sign_in_participant(amina)
    assert desk.post(reverse("desk:person_lost_telephone", args=[amina.pk])).status_code == 302
    assert opens(desk, "/desk/sessions/")
    assert not opens(phone)


@pytest.fixture
def make_user_of() -> Callable[[Person], User]:
    return make_participant_user


@pytest.fixture
def sign_in(db: None) -> SignIn:
    def sign(client: Client, staff: Staff) -> Client:
        return enter(client, User.objects.get(pk=staff.user_id))

    return sign
