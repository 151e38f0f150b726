"""Sessions end by themselves, and when their owner says so; she sees where she is signed in."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client

from entering import make_participant_user, open_with_link, sign_in_participant
from factories.django_rows import AT, give_role, make_division, make_person, make_user
from mentornet.accounts.enums import Door, Purpose
from mentornet.accounts.holder import Holder
from mentornet.accounts.models import PersonalLink, SignInSession, User
from mentornet.accounts.services.sessions import browser_words, end_all_sessions
from mentornet.common.answers import NotAllowedError
from mentornet.divisions.models import Role
from mentornet.people.models import Person
from mentornet.web import sessions
from signing import CountQueries, enter

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
FIREFOX = "Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0"


@pytest.fixture
def coordinator_here(db: None) -> User:
    """Somebody of the staff."""
    user = make_user("Inger Holm")
    give_role(user, Role.COORDINATOR, make_division("Odense"))
    return user


@pytest.fixture
def amina(db: None) -> Person:
    """A participant."""
    return make_person("Amina", email="amina@example.org")


def signed_in_at(user: User, person: Person | None = None) -> Client:
    with time_machine.travel(AT, tick=False):
        return enter(Client(), user) if person is None else sign_in_participant(person)


def status(client: Client, address: str, after: timedelta) -> int:
    with time_machine.travel(AT + after, tick=False):
        return client.get(address).status_code


# By themselves --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("idle", "is_open"), [(29 * MINUTE, True), (30 * MINUTE, False)])
def test_desk_closes_after_half_an_hour_unused(coordinator_here: User, idle: timedelta, *, is_open: bool) -> None:
    client = signed_in_at(coordinator_here)
    assert (status(client, "/desk/sessions/", idle) == 200) is is_open
    assert SignInSession.objects.exists() is is_open


@pytest.mark.parametrize(("idle", "is_open"), [(119 * MINUTE, True), (120 * MINUTE, False)])
def test_portal_closes_after_two_hours_unused(amina: Person, idle: timedelta, *, is_open: bool) -> None:
    client = signed_in_at(make_participant_user(amina), amina)
    assert (status(client, "/my/sessions/", idle) == 200) is is_open


@pytest.mark.parametrize("is_staff", [True, False])
def test_nothing_lasts_longer_than_twelve_hours(coordinator_here: User, amina: Person, *, is_staff: bool) -> None:
    client = signed_in_at(coordinator_here) if is_staff else signed_in_at(make_participant_user(amina), amina)
    address = "/desk/sessions/" if is_staff else "/my/sessions/"
    for quarter in range(1, 48):
        assert status(client, address, 15 * quarter * MINUTE) == 200
    assert status(client, address, 12 * HOUR) == 302


def test_limits_are_missed_when_they_are_off(coordinator_here: User, monkeypatch: pytest.MonkeyPatch) -> None:
    # The control of the tests above.
    monkeypatch.setattr(sessions, "_is_over", lambda _held, _now: False)
    assert status(signed_in_at(coordinator_here), "/desk/sessions/", 11 * HOUR) == 200


def test_what_a_link_opened_closes_too(amina: Person) -> None:
    with time_machine.travel(AT, tick=False):
        client = open_with_link(Purpose.STATUS, "x", amina)
    with time_machine.travel(AT + 2 * HOUR, tick=False):
        client.get("/my/sign-in/")
        assert sessions.LINKS not in client.session


def test_form_sent_too_late_gives_back_what_was_typed(coordinator_here: User) -> None:
    client = signed_in_at(coordinator_here)
    with time_machine.travel(AT + HOUR, tick=False):
        answer = client.post(
            "/desk/sessions/end-all/", {"remark": "I wrote all this"}, headers={"origin": "http://testserver"}
        )
    assert answer.status_code == 403
    assert "I wrote all this" in answer.content.decode()


def test_use_is_noted_once_a_minute(coordinator_here: User, django_assert_max_num_queries: CountQueries) -> None:
    client = signed_in_at(coordinator_here)

    def writes(after: timedelta) -> int:
        with django_assert_max_num_queries(60) as asked, time_machine.travel(AT + after, tick=False):
            client.get("/desk/sessions/")
        return sum(query["sql"].startswith("UPDATE") for query in asked.captured_queries)

    assert writes(timedelta(seconds=30)) == 0
    assert writes(timedelta(seconds=90)) == 2
    assert writes(timedelta(seconds=120)) == 0
    assert SignInSession.objects.get().seen_at == AT + timedelta(seconds=90)


def test_session_of_an_earlier_version_counts_from_now(coordinator_here: User) -> None:
    client = signed_in_at(coordinator_here)
    with time_machine.travel(AT, tick=False):
        session = client.session
        del session["mentornet.held"]
        session.save()
    assert status(client, "/desk/sessions/", 11 * HOUR) == 200
    assert status(client, "/desk/sessions/", 11 * HOUR + 31 * MINUTE) == 302


# By herself -----------------------------------------------------------------------------------------------------------


def test_list_tells_the_browser_and_no_more(amina: Person) -> None:
    client = sign_in_participant(amina)
    other = SignInSession.objects.get()
    SignInSession.objects.update(browser=browser_words(FIREFOX))
    page = client.get("/my/sessions/").content.decode()
    assert "Firefox, Android" in page
    assert "here, now" in page
    columns = {field.name for field in SignInSession._meta.concrete_fields}
    assert columns == {"id", "created_at", "user", "session_key", "door", "seen_at", "browser"}
    assert other.door == Door.PORTAL


@pytest.mark.parametrize("place", ["/my", "/desk"])
def test_one_session_ends_at_once_and_the_others_stay(coordinator_here: User, amina: Person, place: str) -> None:
    is_staff = place == "/desk"
    clients = [enter(Client(), coordinator_here) if is_staff else sign_in_participant(amina) for _ in range(3)]
    lost = SignInSession.objects.get(session_key=clients[2].session.session_key)
    assert clients[0].post(f"{place}/sessions/{lost.pk}/end/").status_code == 302
    assert [client.get(f"{place}/sessions/").status_code for client in clients] == [200, 200, 302]
    assert not Session.objects.filter(session_key=lost.session_key).exists()
    # Pressed a second time.
    assert clients[0].post(f"{place}/sessions/{lost.pk}/end/").status_code == 404


@pytest.mark.parametrize("place", ["/my", "/desk"])
def test_all_sessions_end(coordinator_here: User, amina: Person, place: str) -> None:
    is_staff = place == "/desk"
    clients = [enter(Client(), coordinator_here) if is_staff else sign_in_participant(amina) for _ in range(3)]
    clients[0].post(f"{place}/sessions/end-all/")
    assert [client.get(f"{place}/sessions/").status_code for client in clients] == [302] * 3
    assert not SignInSession.objects.exists()


def test_ending_all_closes_the_links_that_were_sent_to_her(amina: Person) -> None:
    holder, bodil = open_with_link(Purpose.STATUS, "x", amina), make_person("Bodil")
    open_with_link(Purpose.STATUS, "y", bodil)
    assert holder.session[sessions.LINKS]
    sign_in_participant(amina).post("/my/sessions/end-all/")
    assert [link.subject for link in PersonalLink.objects.filter(closed_at=None)] == ["y"]


def test_nobody_ends_the_sessions_of_another(amina: Person) -> None:
    mine, hers = make_participant_user(amina), make_participant_user(make_person("Bodil"))
    with pytest.raises(NotAllowedError):
        end_all_sessions(by=Holder(user_id=mine.pk, at=AT), user=hers)


def test_new_password_ends_her_other_sessions(amina: Person) -> None:
    here, there = sign_in_participant(amina), sign_in_participant(amina)
    assert here.post("/my/security/password/", {"password": "four words in a row"}).status_code == 302
    assert here.get("/my/sessions/").status_code == 200
    assert there.get("/my/sessions/").status_code == 302


def test_change_is_asked_a_code_for_a_quarter_of_an_hour_after_signing_in(amina: Person) -> None:
    client = signed_in_at(make_participant_user(amina), amina)
    for address in ("/my/security/password/", "/my/security/app/"):
        with time_machine.travel(AT + 16 * MINUTE, tick=False):
            lead = client.get(address)
            assert lead.headers["Location"].startswith("/my/security/check/?next="), address
            assert client.post("/my/security/password/remove/").headers["Location"].startswith("/my/security/check/")
            assert client.post("/my/security/passkeys/begin/").status_code == 403


SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Safari/604.1"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0"


@pytest.mark.parametrize(
    ("agent", "words"),
    [(FIREFOX, "Firefox, Android"), (SAFARI, "Safari, iPhone"), (EDGE, "Edge, Windows"), ("curl/8", ""), ("", "")],
)
def test_browser_is_told_without_its_version(agent: str, words: str) -> None:
    assert browser_words(agent) == words
