"""A personal link opens one thing for one person, for a while; wrong ones tell nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client
from django.urls import path, reverse
from pytest_django import Settings

from access.matrix import plain, with_addresses
from entering import make_participant_user, open_with_link, sign_in_participant
from factories.django_rows import AT, make_person
from mentornet.accounts.enums import Purpose
from mentornet.accounts.models import OneTimeCode, PersonalLink
from mentornet.accounts.services.codes import code_of
from mentornet.accounts.services.links import close_links, make_link, write_link
from mentornet.common.actors import System
from mentornet.messaging.minting import GoneError
from mentornet.messaging.models import Letter
from mentornet.people.models import Person
from mentornet.people.recipients import person_key
from mentornet.web import links
from mentornet.web.access import Policy, open_to
from mentornet.web.links import by_link, register_page
from mentornet.web.sessions import LINKS
from signing import CountQueries

pytestmark = pytest.mark.django_db
BY = System("tests", AT)


@open_to(Policy.PERSONAL)
@by_link(Purpose.RETURN, "thing", code=True)
def guarded(request: Any, thing: str) -> HttpResponse:
    """A page about another person: whoever is let in sees her own name."""
    if not request.participant.name.startswith(thing):
        raise Http404
    return HttpResponse(f"Hello {request.participant.name}")


@open_to(Policy.PERSONAL)
@by_link(Purpose.DRAFT, "thing")
def unguarded(request: HttpRequest, thing: str) -> HttpResponse:
    """A page that tells about nobody else."""
    return HttpResponse(f"Your {thing}")


@pytest.fixture(autouse=True)
def pages(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let links of two purposes lead to the pages above, at a moment that stands still."""
    with_addresses(
        settings,
        [
            path("my/guarded/<str:thing>/", guarded, name="guarded"),
            path("my/open/<str:thing>/", unguarded, name="unguarded"),
        ],
    )
    monkeypatch.setattr(links, "_PAGES", {})
    register_page(Purpose.RETURN, "guarded", "thing")
    register_page(Purpose.DRAFT, "unguarded", "thing")
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def amina(db: None) -> Person:
    """Somebody to whom a link was sent."""
    return make_person("Amina", "Khalil", email="amina@example.org", language="ar")


def token_for(person: Person | None, purpose: Purpose = Purpose.RETURN, **more: Any) -> str:
    key = person_key(person.pk) if person is not None else ""
    subject = f"Amina:{person.pk}" if person is not None else "draft"
    return make_link(by=BY, purpose=purpose, subject=subject, person_key=key, **more)


# Opening ------------------------------------------------------------------------------------------------------------


def test_token_is_kept_nowhere_and_leaves_the_address(client: Client, amina: Person) -> None:
    token = token_for(None, Purpose.DRAFT, language="ar")
    assert len(token) >= 43
    link = PersonalLink.objects.get()
    assert token not in str(vars(link))
    answer = client.get(f"/l/{token}/")
    assert answer.headers["Location"] == "/my/open/draft/"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer.headers["Cache-Control"]
    assert client.cookies["django_language"].value == "ar"
    assert client.get("/my/open/draft/").content == b"Your draft"
    assert token not in str(dict(client.session))


def test_chosen_language_stays(client: Client) -> None:
    client.cookies["django_language"] = "uk"
    client.get(f"/l/{token_for(None, Purpose.DRAFT, language='ar')}/")
    assert client.cookies["django_language"].value == "uk"


def test_session_gets_a_new_key(client: Client) -> None:
    client.get(f"/l/{token_for(None, Purpose.DRAFT)}/")
    before = client.session.session_key
    client.get(f"/l/{token_for(None, Purpose.DRAFT)}/")
    assert client.session.session_key != before


def test_looking_first_uses_nothing_up(amina: Person) -> None:
    token = token_for(None, Purpose.DRAFT)
    for _ in range(3):
        Client().get(f"/l/{token}/")
        Client().head(f"/l/{token}/")
    hers = Client()
    hers.get(f"/l/{token}/")
    assert hers.get("/my/open/draft/").status_code == 200


def test_wrong_expired_and_closed_are_answered_alike_after_one_query(
    client: Client, django_assert_max_num_queries: CountQueries, caplog: pytest.LogCaptureFixture
) -> None:
    expired = token_for(None, Purpose.DRAFT, lasts=timedelta(seconds=-1))
    closed = token_for(None, Purpose.DRAFT)
    assert close_links(by=BY, purpose=Purpose.DRAFT, subject="draft") == 2
    pages, statuses, counts = set(), set(), set()
    for token in ("no-such-token", expired, closed, "x" * 300):
        with django_assert_max_num_queries(100) as asked:
            answer = client.get(f"/l/{token}/")
        statuses.add(answer.status_code)
        # The language picker comes back to the address that was asked for.
        pages.add(plain(answer).replace(token.encode(), b""))
        counts.add(sum("accounts_personallink" in query["sql"] for query in asked.captured_queries))
    assert statuses == {404}
    assert len(pages) == 1
    assert counts == {1}
    assert closed not in caplog.text
    assert LINKS not in client.session


def test_guessing_is_stopped_and_others_are_not(client: Client) -> None:
    right = token_for(None, Purpose.DRAFT)
    assert [client.get(f"/l/guess{number}/").status_code for number in range(31)] == [404] * 30 + [429]
    assert client.get(f"/l/{right}/").status_code == 429
    assert Client().get(f"/l/{right}/", REMOTE_ADDR="10.1.1.1").status_code == 302
    with time_machine.travel(AT + timedelta(minutes=11), tick=False):
        assert client.get(f"/l/{right}/").status_code == 302


def test_opening_right_links_is_never_too_often(client: Client) -> None:
    token = token_for(None, Purpose.DRAFT)
    assert {client.get(f"/l/{token}/").status_code for _ in range(40)} == {302}


# What is held -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["closed", "expired", "session"])
def test_grant_dies_with_its_link_and_with_its_session(client: Client, end: str) -> None:
    client.get(f"/l/{token_for(None, Purpose.DRAFT, lasts=timedelta(hours=1))}/")
    assert client.get("/my/open/draft/").status_code == 200
    later = AT
    if end == "closed":
        close_links(by=BY, purpose=Purpose.DRAFT, subject="draft")
    elif end == "expired":
        later = AT + timedelta(hours=1)
    else:
        client.logout()
    with time_machine.travel(later, tick=False):
        gone = client.get("/my/open/draft/")
        assert gone.status_code == 404
        assert plain(gone) == plain(Client().get("/my/open/draft/"))


def test_link_opens_its_own_purpose_and_subject_alone(client: Client, amina: Person) -> None:
    client.get(f"/l/{token_for(None, Purpose.DRAFT)}/")
    assert client.get("/my/open/another/").status_code == 404
    assert client.get("/my/guarded/draft/").status_code == 404
    client.get(f"/l/{make_link(by=BY, purpose=Purpose.DRAFT, subject='Amina')}/")
    assert client.get("/my/guarded/Amina/").status_code == 404


def test_link_of_somebody_else_takes_out_what_was_open(amina: Person) -> None:
    client = open_with_link(Purpose.RETURN, f"Amina:{amina.pk}", amina)
    assert client.get("/my/guarded/Amina/").content == b"Hello Amina Khalil"
    bodil = make_person("Bodil", email="bodil@example.org")
    token = make_link(by=BY, purpose=Purpose.RETURN, subject=f"Bodil:{bodil.pk}", person_key=person_key(bodil.pk))
    client.get(f"/l/{token}/")
    assert client.get("/my/guarded/Amina/").status_code == 404
    # And the code that Amina has given is none of hers.
    assert client.get("/my/guarded/Bodil/").headers["Location"].startswith("/my/code/")


def test_closing_a_subject_closes_all_its_sides(amina: Person) -> None:
    token_for(amina)
    make_link(by=BY, purpose=Purpose.RETURN, subject="Aminata")
    assert close_links(by=BY, purpose=Purpose.RETURN, subject="Amina") == 1
    assert PersonalLink.objects.filter(closed_at=None).get().subject == "Aminata"


# The code -----------------------------------------------------------------------------------------------------------


def test_stolen_link_shows_nothing_without_the_code(client: Client, amina: Person) -> None:
    client.get(f"/l/{token_for(amina)}/")
    lead = client.get("/my/guarded/Amina/")
    assert lead.status_code == 302
    page = client.get(lead.headers["Location"])
    for secret in ("Khalil", "amina@", "example.org"):
        assert secret not in page.content.decode()
    # Looking at it sends nothing.
    assert not Letter.objects.exists()


def test_code_sent_to_her_opens_the_page(client: Client, amina: Person) -> None:
    client.get(f"/l/{token_for(amina)}/")
    ask = client.get("/my/guarded/Amina/").headers["Location"]
    assert client.post(ask).headers["Location"] == ask
    assert (Letter.objects.get().recipient, Letter.objects.get().event) == (person_key(amina.pk), "one_time_code")
    code = code_of(OneTimeCode.objects.get())
    wrong = f"{(int(code) + 1) % 10**6:06}"
    assert client.post(ask, {"code": wrong}).status_code == 200
    assert client.get("/my/guarded/Amina/").status_code == 302
    back = client.post(ask, {"code": code})
    assert back.headers["Location"] == "/my/guarded/Amina/"
    assert client.get("/my/guarded/Amina/").content == b"Hello Amina Khalil"
    # Used up: another browser with the same link cannot use it again.
    other = Client()
    other.get(f"/l/{token_for(amina)}/")
    assert other.post(ask, {"code": code}).status_code == 200
    assert other.get("/my/guarded/Amina/").status_code == 302


def test_code_works_in_the_browser_alone_that_asked(client: Client, amina: Person) -> None:
    token = token_for(amina)
    thief = Client()
    for browser in (client, thief):
        browser.get(f"/l/{token}/")
    ask = client.get("/my/guarded/Amina/").headers["Location"]
    client.post(ask)
    assert thief.post(ask, {"code": code_of(OneTimeCode.objects.get())}).status_code == 200
    assert thief.get("/my/guarded/Amina/").status_code == 302


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example/", "/desk/"])
def test_code_page_leads_nowhere_else(client: Client, amina: Person, wanted: str) -> None:
    client.get(f"/l/{token_for(amina)}/")
    ask = f"/my/code/?for=return:Amina:{amina.pk}&next={wanted}"
    client.post(ask)
    back = client.post(ask, {"code": code_of(OneTimeCode.objects.get())})
    assert back.headers["Location"] == "/my/guarded/Amina/"


def test_code_page_without_a_link_leads_to_the_sign_in(client: Client, amina: Person) -> None:
    for wanted in (f"return:Amina:{amina.pk}", "", "nonsense"):
        assert client.post(f"/my/code/?for={wanted}").headers["Location"] == reverse("portal:sign_in")
    assert not OneTimeCode.objects.exists()


def test_form_sent_before_the_code_gives_back_what_was_typed(client: Client, amina: Person) -> None:
    client.get(f"/l/{token_for(amina)}/")
    answer = client.post("/my/guarded/Amina/", {"remark": "I wrote all this"}, headers={"origin": "http://testserver"})
    assert answer.status_code == 403
    assert "I wrote all this" in answer.content.decode()


def test_form_sent_after_the_link_has_gone_gives_back_what_was_typed(client: Client) -> None:
    answer = client.post("/my/open/draft/", {"remark": "I wrote all this"}, headers={"origin": "http://testserver"})
    assert answer.status_code == 404
    assert "I wrote all this" in answer.content.decode()


def test_guard_would_be_missed_were_it_off(client: Client, amina: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    # The control: what the code keeps back is shown as soon as no code is asked for.
    client.get(f"/l/{token_for(amina)}/")
    held = links._grant
    monkeypatch.setattr(links, "_grant", lambda key, kept: held(key, {**kept, "code_at": "given"}))
    assert client.get("/my/guarded/Amina/").content == b"Hello Amina Khalil"


# Beside a sign-in -----------------------------------------------------------------------------------------------------


def test_who_has_signed_in_needs_no_link(amina: Person) -> None:
    client = sign_in_participant(amina)
    assert client.get("/my/guarded/Amina/").content == b"Hello Amina Khalil"
    assert client.get("/my/guarded/Bodil/").status_code == 404


def test_link_of_another_counts_for_its_own_page_alone(amina: Person) -> None:
    make_participant_user(amina)
    client = sign_in_participant(amina)
    bodil = make_person("Bodil", email="bodil@example.org")
    token = make_link(by=BY, purpose=Purpose.RETURN, subject=f"Bodil:{bodil.pk}", person_key=person_key(bodil.pk))
    client.get(f"/l/{token}/")
    assert client.get("/my/guarded/Bodil/").headers["Location"].startswith("/my/code/")
    assert client.get("/my/guarded/Amina/").content == b"Hello Amina Khalil"
    assert client.get("/my/security/").status_code == 200


# In letters ---------------------------------------------------------------------------------------------------------


def test_letter_gets_an_address_that_opens(client: Client, amina: Person, settings: Settings) -> None:
    settings.ADDRESS = "https://desk.example.org"
    address = write_link("draft:thing", person_key(amina.pk), "fa", AT)
    assert address.startswith("https://desk.example.org/l/")
    # Tried again, the letter gets another; both open.
    again = write_link("draft:thing", person_key(amina.pk), "fa", AT)
    assert again != address
    for one in (address, again):
        assert client.get(one.removeprefix("https://desk.example.org")).headers["Location"] == "/my/open/thing/"
    assert PersonalLink.objects.first().language == "fa"  # type: ignore[union-attr]


@pytest.mark.parametrize("spec", ["sign_in:x", "nonsense", "", "draft:"])
def test_letter_gets_no_link_to_nothing(spec: str) -> None:
    with pytest.raises(GoneError):
        write_link(spec, "", "", AT)
