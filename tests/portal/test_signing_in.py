"""A participant signs in: by a code, a password, her app; known or not, the pages are the same."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from entering import make_participant_user, open_with_link, sign_in_participant
from factories.django_rows import AT, give_role, make_application, make_division, make_person, make_user
from mentornet.accounts.enums import Door, Purpose
from mentornet.accounts.models import OneTimeCode, User
from mentornet.accounts.services.codes import code_of
from mentornet.accounts.services.own_ways import set_password
from mentornet.accounts.services.sessions import HELD
from mentornet.common.actors import System
from mentornet.divisions.models import Organisation, Role
from mentornet.messaging.models import Letter
from mentornet.people.models import Person
from signing import CountQueries

pytestmark = pytest.mark.django_db
SIGN_IN = "/my/sign-in/"
CODE = "/my/sign-in/code/"
PASSWORD = "four words in a row"
SECRET = "JBSWY3DPEHPK3PXP"
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')


@pytest.fixture
def amina(db: None) -> Person:
    """Somebody with an address of her own and a telephone."""
    return make_person("Amina", "Khalil", email="amina@example.org", phone="+45 61 00 00 01", language="ar")


def ask(client: Client, typed: str, **more: str) -> HttpResponse:
    return client.post(SIGN_IN, {"address": typed, **more})  # type: ignore[return-value]


def newest() -> OneTimeCode:
    return OneTimeCode.objects.latest("created_at", "pk")


def give(client: Client, code: str, url: str = CODE) -> Any:
    return client.post(url, {"code": code})


def enter_by_code(person: Person, typed: str = "") -> tuple[Client, Any]:
    client = Client()
    ask(client, typed or person.email)
    return client, give(client, code_of(OneTimeCode.objects.get(recipient=f"person:{person.pk}", used_at=None)))


# By a code ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", ["amina@example.org", "AMINA@example.org", "61000001", "+45 61 00 00 01", "0045-61000001"]
)
def test_who_is_known_comes_in_by_the_code_she_was_sent(amina: Person, typed: str) -> None:
    client = Client()
    assert ask(client, typed).headers["Location"] == CODE
    letter = Letter.objects.get()
    assert (letter.recipient, letter.event) == (f"person:{amina.pk}", "sign_in_code")
    # The outbox holds no code.
    assert code_of(newest()) not in str(letter.values)
    answer = give(client, code_of(newest()))
    assert answer.headers["Location"] == reverse("portal:home")
    amina.refresh_from_db()
    assert amina.user is not None
    assert (amina.user.email, amina.user.name) == ("amina@example.org", "Amina Khalil")
    assert client.session["_auth_user_id"] == str(amina.user.pk)
    assert client.session[HELD]["door"] == Door.PORTAL
    assert client.cookies["django_language"].value == "ar"


def test_digits_of_her_own_script_are_taken(amina: Person) -> None:
    client = Client()
    ask(client, amina.email)
    arabic = code_of(newest()).translate({ord(str(digit)): chr(0x0660 + digit) for digit in range(10)})
    assert give(client, f" {arabic[:3]} {arabic[3:]} ").status_code == 302


def test_pages_are_the_same_for_somebody_nobody_knows(amina: Person) -> None:
    answers = []
    for typed in (amina.email, "nobody@example.org", "99 99 99 99"):
        client = Client()
        first = ask(client, typed)
        second = client.get(CODE)
        wrong = give(client, "000000" if code_of(newest()) != "000000" else "000001")
        bodies = [_TOKEN.sub("", answer.content.decode()) for answer in (first, second, wrong)]
        answers.append(([first.status_code, wrong.status_code, first.headers["Location"]], bodies))
    assert answers[0] == answers[1] == answers[2]
    assert Letter.objects.count() == 1


def test_unknown_address_costs_as_much_as_a_known_one(
    amina: Person, django_assert_max_num_queries: CountQueries
) -> None:
    def writes(typed: str) -> int:
        with django_assert_max_num_queries(80) as asked:
            ask(Client(), typed)
        return sum(query["sql"].startswith(("INSERT", "UPDATE")) for query in asked.captured_queries)

    # A letter, its entry and the question are written either way; the entry that a code was asked for is one more.
    assert abs(writes(amina.email) - writes("nobody@example.org")) <= 2


def test_right_code_in_another_browser_opens_nothing(amina: Person) -> None:
    hers, other = Client(), Client()
    ask(hers, amina.email)
    code = code_of(newest())
    assert give(other, code).headers["Location"] == SIGN_IN
    ask(other, "nobody@example.org")
    assert give(other, code).status_code == 200
    assert "_auth_user_id" not in other.session


def test_nobody_comes_in_by_an_address_that_two_have_given(amina: Person) -> None:
    make_person("Bodil", email=amina.email)
    client = Client()
    ask(client, amina.email)
    assert not Letter.objects.exists()
    assert give(client, code_of(newest())).status_code == 200
    assert "_auth_user_id" not in client.session
    # Her own telephone lets her in.
    assert enter_by_code(amina, "61000001")[1].status_code == 302


def test_closed_account_gets_no_code(amina: Person) -> None:
    user = make_participant_user(amina)
    User.objects.filter(pk=user.pk).update(is_active=False)
    ask(Client(), amina.email)
    assert not Letter.objects.exists()


def test_sixth_code_within_the_hour_is_not_sent_and_nobody_is_told(amina: Person) -> None:
    with time_machine.travel(AT, tick=False):
        pages = [ask(Client(), amina.email).status_code for _ in range(7)]
        assert pages == [302] * 7
        assert Letter.objects.count() == 5
    with time_machine.travel(AT + timedelta(minutes=61), tick=False):
        ask(Client(), amina.email)
        assert Letter.objects.count() == 6


def test_too_many_questions_from_one_address_of_the_network_wait() -> None:
    with time_machine.travel(AT, tick=False):
        pages = [ask(Client(), f"nobody{number}@example.org").status_code for number in range(21)]
        assert pages == [302] * 20 + [429]
        assert Client().post(SIGN_IN, {"address": "x@example.org"}, REMOTE_ADDR="10.0.0.9").status_code == 302


def test_what_is_neither_address_nor_number_is_asked_for_again() -> None:
    answer = ask(Client(), "Amina")
    assert answer.status_code == 200
    assert "amina@example.org" in answer.content.decode()
    assert not OneTimeCode.objects.exists()


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example/my/", "/desk/", "javascript:alert(1)"])
def test_way_on_leads_nowhere_else(amina: Person, wanted: str) -> None:
    client = Client()
    ask(client, amina.email, next=wanted)
    assert give(client, code_of(newest())).headers["Location"] == reverse("portal:home")


def test_way_on_leads_back_to_where_she_was(amina: Person) -> None:
    client = Client()
    lead = client.get("/my/sessions/")
    assert lead.headers["Location"] == f"{SIGN_IN}?next=%2Fmy%2Fsessions%2F"
    client.post(lead.headers["Location"], {"address": amina.email, "next": "/my/sessions/"})
    assert give(client, code_of(newest())).headers["Location"] == "/my/sessions/"


def test_form_sent_after_the_session_gives_back_what_was_typed(client: Client) -> None:
    answer = client.post("/my/security/", {"remark": "I wrote all this"}, headers={"origin": "http://testserver"})
    assert answer.status_code == 403
    assert "I wrote all this" in answer.content.decode()
    assert SIGN_IN in answer.content.decode()


# Which user she becomes -----------------------------------------------------------------------------------------------


def test_code_alone_opens_no_desk_to_who_works_there_too(amina: Person) -> None:
    user = make_user("Amina Khalil", email=amina.email, password=PASSWORD)
    give_role(user, Role.COORDINATOR, make_division("Odense"))
    client, answer = enter_by_code(amina)
    assert answer.status_code == 302
    amina.refresh_from_db()
    assert amina.user == user
    assert client.get("/my/security/").status_code == 200
    for address in ("/desk/", "/desk/people/", "/accounts/2fa/totp/activate/", "/accounts/password/change/"):
        lead = client.get(address)
        assert (lead.status_code, lead.headers["Location"].split("?")[0]) == (302, "/accounts/login/"), address
    # Nor is how she signs in to the desk changed from here.
    assert client.post("/my/security/password/", {"password": "another four words"}).status_code == 302
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert client.post("/my/security/passkeys/begin/").status_code == 403
    # She signs in to the desk as always, in the same browser.
    assert client.get("/accounts/login/").status_code == 200
    log_in = client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert log_in.status_code == 302
    assert client.session[HELD]["door"] == Door.STAFF


def test_desk_would_be_open_if_the_door_did_not_count(amina: Person) -> None:
    # The control of the test above: the same user, through the other door.
    user = make_user("Amina Khalil", email=amina.email)
    give_role(user, Role.COORDINATOR, make_division("Odense"))
    client, _answer = enter_by_code(amina)
    session = client.session
    session[HELD] = {**session[HELD], "door": Door.STAFF.value}
    session.save()
    assert client.get("/desk/").headers["Location"].startswith("/accounts/2fa/")


def test_telephone_shows_nothing_about_a_mail_address(amina: Person) -> None:
    # Somebody has applied with her own telephone and the address of one of the staff.
    user = make_user("Inger Holm", email=amina.email)
    give_role(user, Role.COORDINATOR, make_division("Odense"))
    enter_by_code(amina, "61000001")
    amina.refresh_from_db()
    assert amina.user is not None
    assert amina.user != user
    assert (amina.user.email, amina.user.phone) == (None, "4561000001")


def test_user_follows_what_stands_of_her(amina: Person) -> None:
    enter_by_code(amina)
    Person.objects.filter(pk=amina.pk).update(email="new@example.org")
    amina.refresh_from_db()
    enter_by_code(amina)
    assert make_participant_user(amina).email == "new@example.org"
    # What she let go of is somebody else's now.
    bodil = make_person("Bodil", email="amina@example.org")
    enter_by_code(bodil)
    bodil.refresh_from_db()
    assert bodil.user is not None
    assert bodil.user.email == "amina@example.org"


# By a password, and her app ------------------------------------------------------------------------------------------


def by_password(client: Client, typed: str, password: str) -> Any:
    return client.post("/my/sign-in/password/", {"address": typed, "password": password})


def with_password(person: Person) -> User:
    user = make_participant_user(person)
    set_password(by=System("tests", AT), user=user, password=PASSWORD)
    return user


def test_password_signs_her_in_and_opens_no_desk(amina: Person) -> None:
    with_password(amina)
    client = Client()
    assert by_password(client, "61000001", PASSWORD).headers["Location"] == reverse("portal:home")
    assert client.get("/desk/").status_code == 302


def test_wrong_password_and_unknown_address_are_told_alike(amina: Person) -> None:
    with_password(amina)
    make_person("Bodil", email="bodil@example.org")
    pages = []
    for typed, password in ((amina.email, "wrong"), ("nobody@example.org", PASSWORD), ("bodil@example.org", PASSWORD)):
        body = by_password(Client(), typed, password).content.decode()
        pages.append(_TOKEN.sub("", body.replace(typed, "X").replace(password, "Y")))
    assert pages[0] == pages[1] == pages[2]


def test_passwords_cannot_be_tried_on(amina: Person) -> None:
    with_password(amina)
    with time_machine.travel(AT, tick=False):
        for number in range(5):
            by_password(Client(), amina.email, f"wrong {number}")
        late = Client()
        assert "Wait five minutes" in by_password(late, "AMINA@example.org", PASSWORD).content.decode()
        assert "_auth_user_id" not in late.session
    with time_machine.travel(AT + timedelta(minutes=6), tick=False):
        assert by_password(Client(), amina.email, PASSWORD).status_code == 302


def test_app_is_asked_for_after_a_code(amina: Person) -> None:
    TOTP.activate(make_participant_user(amina), SECRET)
    client, answer = enter_by_code(amina)
    assert answer.headers["Location"] == "/my/sign-in/app/"
    assert client.get("/my/security/").status_code == 302
    right = format_hotp_value(hotp_value(SECRET, next(yield_hotp_counters_from_time())))
    wrong = give(client, "000000" if right != "000000" else "000001", "/my/sign-in/app/")
    assert wrong.status_code == 200
    assert "_auth_user_id" not in client.session
    assert give(client, right, "/my/sign-in/app/").headers["Location"] == reverse("portal:home")
    assert client.get("/my/security/").status_code == 200


def test_app_is_set_up_on_her_page_and_its_spare_codes_open_once(amina: Person) -> None:
    client = sign_in_participant(amina)
    client.get("/my/security/app/")
    secret = client.session["mentornet.new_app"]
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    page = give(client, code, "/my/security/app/").content.decode()
    assert secret not in str(Authenticator.objects.get(type="totp").data)
    spare = re.findall(r"<li>(\d{8})</li>", page)
    assert len(spare) >= 10
    other, _answer = enter_by_code(amina)
    assert give(other, spare[0], "/my/sign-in/app/").status_code == 302
    again, _answer = enter_by_code(amina)
    assert give(again, spare[0], "/my/sign-in/app/").status_code == 200


def test_signing_out_forgets_the_browser(amina: Person) -> None:
    client, _answer = enter_by_code(amina)
    assert client.post("/my/sign-out/").status_code == 200
    assert client.get("/my/security/").status_code == 302
    assert client.get("/my/sign-out/").status_code == 405


def test_nothing_is_written_to_whoever_wants_only_a_call(amina: Person) -> None:
    Person.objects.filter(pk=amina.pk).update(contact_way="call")
    assert ask(Client(), amina.email).headers["Location"] == CODE
    assert not Letter.objects.exists()


# Whom to call ---------------------------------------------------------------------------------------------------------


def reach_of(client: Client, url: str) -> str:
    html = client.get(url).content.decode()
    return _TOKEN.sub("", html[html.index("<main") :])


def test_who_gets_no_code_reads_whom_to_call_and_nobody_is_told_from_another(amina: Person) -> None:
    """The same page for her and for nobody, though her office has a number of its own."""
    make_application("mentee", make_division("Ribe", phone="76 00 00 01"), person=amina)
    Organisation.objects.create(name="Net", created_at=AT)

    def seen() -> list[str]:
        found = []
        for typed in (amina.email, "nobody@example.org"):
            client = Client()
            ask(client, typed)
            found.append(reach_of(client, CODE))
        return found

    hers, nobodys = seen()
    assert hers == nobodys
    # Where nothing is known, what can be done all the same.
    assert reverse("public:divisions") in hers
    Organisation.objects.update(email="post@net.example")
    hers, nobodys = seen()
    assert hers == nobodys
    assert "mailto:post@net.example" in hers
    Organisation.objects.update(phone="+45 00 00 20 01")
    hers, nobodys = seen()
    assert hers == nobodys
    assert "tel:+4500002001" in hers.partition("</main>")[0]
    assert "tel:76000001" not in hers


def test_behind_a_link_the_page_of_a_code_names_her_office(amina: Person) -> None:
    Organisation.objects.create(name="Net", phone="+45 00 00 20 01", created_at=AT)
    office = make_division("Ribe", phone="76 00 00 01")
    make_application("mentee", office, person=amina)
    subject = f"{office.pk}:{amina.pk}"
    client = open_with_link(Purpose.PROPOSAL, subject, amina, code=False)
    url = f"{reverse('portal:code')}?for=proposal:{subject}"
    assert "tel:76000001" in reach_of(client, url).partition("</main>")[0]
    office.phone = ""
    office.save()
    assert "tel:+4500002001" in reach_of(client, url).partition("</main>")[0]
