"""Ways round the door: other methods, other spellings, forged requests, headers that servers behind proxies believe."""

from __future__ import annotations

from typing import Final

import pytest
from django.test import Client
from django.urls import reverse

from access.expected import POLICIES, expected_policy
from access.matrix import Crossing, addresses
from access.worlds import ELSEWHERE, HERE
from mentornet.audit.models import Entry
from mentornet.audit.models import Kind as EntryKind
from signing import email_of

pytestmark = pytest.mark.django_db

LEAST_ADDRESSES: Final = 70


def _urls(crossing: Crossing, place: str) -> list[tuple[str, str]]:
    urls = []
    for address in addresses():
        if expected_policy(address.name) is not None:
            names = crossing.divisional(address)
            chosen = {name: str(crossing.object_of(address, name, place)) for name in names}
            urls.append((address.name, crossing.url(address, chosen)))
    assert len(urls) > LEAST_ADDRESSES
    return urls


@pytest.mark.parametrize("role", ["anonymous", "no role", "administrator", "coordinator here"])
def test_asking_for_the_head_tells_what_opening_tells(crossing: Crossing, role: str) -> None:
    for place in (HERE, ELSEWHERE):
        for name, url in _urls(crossing, place):
            opened, head = (crossing.ask(role, method, url) for method in ("GET", "HEAD"))
            # Where only POST is taken, both are refused alike.
            assert head.status_code == opened.status_code, (name, place)
            assert head.get("Location") == opened.get("Location"), (name, place)
            assert head.content == b"", name  # type: ignore[attr-defined]  # pages are not streamed


@pytest.mark.parametrize("method", ["OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
def test_other_methods_reach_no_view(crossing: Crossing, method: str) -> None:
    for role in ("anonymous", "coordinator here"):
        for name, url in _urls(crossing, HERE):
            answer = crossing.ask(role, method, url)
            assert answer.status_code == 405, (name, role)
            assert answer["Allow"] == "GET, HEAD, POST"


ANSWER_MAIL_PROGRAMS: Final = frozenset({"links:stop_letters"})
"""Addresses that a mail program posts to without a page of ours (RFC 8058): a signature in them stands for it."""


def test_forged_request_changes_nothing(crossing: Crossing) -> None:
    client = Client(enforce_csrf_checks=True)
    user = crossing.world.users["national lead"]
    assert user is not None
    client.force_login(user)
    before = Entry.objects.exclude(kind=EntryKind.REFUSAL).count()
    for name, url in _urls(crossing, HERE):
        if name in ANSWER_MAIL_PROGRAMS:
            continue
        answer = client.post(url, {"reason": "forged"}, headers={"origin": "https://evil.example"})
        # With a header of htmx it is no less forged.
        part = client.post(url, {"reason": "forged"}, headers={"HX-Request": "true", "origin": "https://evil.example"})
        assert (answer.status_code, part.status_code) == (403, 403), name
    assert Entry.objects.exclude(kind=EntryKind.REFUSAL).count() == before


@pytest.mark.parametrize(
    "path",
    # The client takes what follows two strokes for a host: named, the doubled stroke behind it reaches the server.
    ["//testserver//desk/", "/desk//", "/DESK/", "/./desk/", "/desk/./", "/static/../desk/", "/desk/%2e%2e/desk/",
     "/desk/;a", "/desk/%00", "/desk/index.html", "/.well-known/change-password", "/desk/people/%2e%2e/"],
)  # fmt: skip
def test_other_spellings_open_nothing(crossing: Crossing, path: str) -> None:
    answer = crossing.ask("anonymous", "GET", path)
    assert answer.status_code in {301, 302, 400, 404}
    if "Location" in answer:
        target = answer["Location"]
        assert target.startswith("/")
        assert not target.startswith("//")
    assert b"Herby" not in getattr(answer, "content", b"")


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Original-URL": "/accounts/login/"},
        {"X-Rewrite-URL": "/accounts/login/"},
        {"X-Forwarded-User": "inger@example.org"},
        {"Remote-User": "inger@example.org"},
        {"Authorization": "Basic aW5nZXI6aW5nZXI="},
        {"X-Forwarded-Host": "evil.example"},
        {"X-Forwarded-Proto": "https"},
        {"X-Forwarded-For": "127.0.0.1"},
        {"HX-Boosted": "true"},
    ],
)
def test_headers_open_nothing(crossing: Crossing, headers: dict[str, str]) -> None:
    answer = crossing.ask("anonymous", "GET", reverse("desk:waiting"), **headers)
    assert answer.status_code == 302
    assert answer["Location"] == "/accounts/login/?next=%2Fdesk%2Fwaiting%2F"


def test_letter_about_the_password_names_no_host_of_the_senders_choice(crossing: Crossing) -> None:
    user = crossing.world.users["coordinator here"]
    assert user is not None
    answer = Client().post(
        reverse("account_reset_password"), {"email": email_of(user)}, headers={"host": "evil.example"}
    )
    assert answer.status_code == 400


def test_nothing_but_the_table_is_open_to_everyone() -> None:
    # Whoever makes this list longer opens the house to the street.
    assert {name for name, policy in POLICIES.items() if policy == "everyone"} == {
        *("front", "set_language", "mfa_authenticate", "account_login", "account_logout", "account_inactive"),
        *("account_reset_password", "account_reset_password_done", "account_reset_password_from_key"),
        "account_reset_password_from_key_done",
        *("public:home", "public:mentee", "public:mentor", "public:contact_person", "public:privacy"),
        *("public:accessibility", "public:divisions", "public:division"),
        *("public:handbooks", "public:handbook", "public:handbook_whole", "public:handbook_chapter"),
        *("public:handbook_pdf", "public:handbook_chapter_pdf"),
        # Whoever holds a paper asks whether it is true: no page says a name.
        "public:certificate",
        # Whoever writes to the network has no account; her way back is a link of her own.
        *("public:apply", "public:apply_step", "public:apply_later", "public:apply_sent"),
        *("public:apply_occupations", "public:sent_by"),
        # Who is asked in a search, or was told of, has no account either: her link opens a session of its own.
        *("public:found_by", "portal:expert_deleted"),
        # A calendar program and a mail program ask without a session: what they hold is drawn or signed.
        *("portal:feed", "links:stop_letters"),
        # A participant's way in; none of them tells whether anybody is known.
        *("links:open_link", "portal:code", "portal:sign_in", "portal:sign_in_code", "portal:sign_in_password"),
        *("portal:sign_in_app", "portal:passkey_begin", "portal:passkey_sign_in", "portal:sign_out"),
    }
