"""When something is refused, missing, stale or broken: a sentence, a way on, nothing told, and a trace where due."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.test import Client
from django.urls import path, reverse
from pytest_django import Settings

from access.guards import missing_guards
from access.matrix import with_addresses
from access.worlds import World, with_second_factor
from factories.django_rows import AT, give_role, make_division, make_user
from mentornet.accounts.models import User
from mentornet.audit.models import Entry
from mentornet.audit.models import Kind as EntryKind
from mentornet.audit.services import record_refusal
from mentornet.common.actors import System
from mentornet.divisions.models import Role
from mentornet.web.access import Policy, open_to

TYPED = "kanarie-of-what-she-typed"


@pytest.fixture
def user(db: None) -> User:
    """A coordinator."""
    user = make_user("Inger Holm")
    give_role(user, Role.COORDINATOR, make_division("Odense"))
    return with_second_factor(user)


def _page(answer: HttpResponseBase) -> str:
    assert missing_guards(answer) == []
    text: str = answer.content.decode()  # type: ignore[attr-defined]  # pages are not streamed
    assert "<h1>" in text
    assert f'href="{reverse("front")}"' in text
    return text


def test_refused_page_says_whom_to_ask(client: Client, user: User) -> None:
    client.force_login(user)
    answer = client.get(reverse("desk:division_new"))
    assert answer.status_code == 403
    assert "Ask whoever leads your division" in _page(answer)


def test_missing_page_says_where_to_begin(client: Client, user: User) -> None:
    client.force_login(user)
    for address in ("/no/such/page/", reverse("desk:person", args=["5b0e9a52-5b5a-4c4e-8f0e-000000000000"])):
        answer = client.get(address)
        assert answer.status_code == 404
        _page(answer)


def test_broken_page_tells_nothing(client: Client, user: User, settings: Settings) -> None:
    @open_to(Policy.STAFF)
    def broken(request: HttpRequest) -> HttpResponse:
        raise RuntimeError(f"{TYPED} {request.user}")

    with_addresses(settings, [path("broken/", broken, name="broken")])
    client.force_login(user)
    client.raise_request_exception = False
    answer = client.post("/broken/", {"reason": TYPED})
    assert answer.status_code == 500
    text = answer.content.decode()
    assert missing_guards(answer) == []
    assert TYPED not in text
    assert user.name not in text
    assert "Go back one page and try again" in text


def test_expired_form_says_what_to_do_and_gives_back_what_was_typed(user: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    answer = client.post(reverse("desk:application_new"), {"reason": TYPED})
    assert answer.status_code == 403
    text = _page(answer)
    assert "Open the page again" in text
    # What was typed is brought back by the browser itself; the answer does not repeat what anybody may have sent.
    assert "data-returns-drafts" in text
    assert TYPED not in text


def test_sign_in_page_gives_back_what_was_typed_before_the_session_ended(client: Client) -> None:
    assert "data-returns-drafts" in client.get(reverse("account_login")).content.decode()


# Refusals in the audit ----------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_refusal_is_on_record_for_good() -> None:
    user = make_user("Inger Holm")
    give_role(user, Role.COORDINATOR, make_division("Odense"))
    client = Client()
    client.force_login(with_second_factor(user))
    assert not connection.settings_dict["ATOMIC_REQUESTS"], "a refused request would take its own record back"
    assert client.post(reverse("desk:division_new"), {"name": TYPED}).status_code == 403
    # Another connection sees it: it is not part of anything that could still be rolled back.
    connection.close()
    entry = Entry.objects.get(kind=EntryKind.REFUSAL)
    assert entry.actor == f"user:{user.pk}"
    assert (entry.object_type, entry.object_id) == ("address", "desk:division_new")
    assert TYPED not in str(entry.detail)


@pytest.mark.django_db(transaction=True)
def test_refusal_inside_work_that_is_rolled_back_is_not_lost() -> None:
    by = System("tests", AT)

    def refused() -> None:
        with transaction.atomic():
            make_division("Never there")
            record_refusal(by=by, act="tests.act", object_type="tests", object_id="1", reason="no")
            raise PermissionError

    # Written inside the work that it is about it would vanish with it: that is told at once, as a mistake.
    with pytest.raises(RuntimeError):
        refused()


def test_each_refusal_is_recorded_once(world: World, client: Client) -> None:
    user = world.users["no role"]
    assert user is not None
    client.force_login(user)
    client.get(reverse("desk:today"))
    client.post(reverse("desk:waiting"))
    refusals = Entry.objects.filter(kind=EntryKind.REFUSAL).order_by("pk")
    assert [(entry.object_id, entry.detail) for entry in refusals] == [
        ("desk:today", {"reason": "needs staff"}),
        ("desk:waiting", {"reason": "needs casework"}),
    ]
