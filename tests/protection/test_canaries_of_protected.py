"""Her name and all that would lead to her, looked for on every page, in every file, letter, calendar and log."""

from __future__ import annotations

import io
import logging
import re
from collections import deque
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from access.crawling import _next
from entering import sign_in_participant
from exporting import ASKED, address, proven
from factories.django_rows import AT, make_division, make_staff, user_of
from mentornet.common.actors import System
from mentornet.divisions.models import Role as StaffRoleName
from mentornet.divisions.staff import Staff
from mentornet.intake.services.protection import approve_reveal, ask_to_reveal
from mentornet.matching.bank import forget
from mentornet.messaging.services import deliver_due_letters
from mentornet.partnerships.services.plans import make_feed
from mentornet.people.models import Person
from mentornet.people.participants import Participant
from protection.hers import ALIAS, FIRST, LAST, MARKED, Network, make_network
from signing import enter

pytestmark = pytest.mark.django_db
HERS: Final = {name: value for name, value in MARKED.items() if name != "first name"} | {
    # Her namesake keeps the first name; the two together are hers alone.
    "whole name": f"{FIRST} {LAST}",
}
MOST: Final = 160
BEGIN: Final = (
    "today", "waiting", "bank", "people", "applications", "proposals", "partnerships", "letters", "imports",
    "interviews", "contact_persons",
)  # fmt: skip


@pytest.fixture
def net() -> Iterator[Network]:
    forget()
    with time_machine.travel(AT + timedelta(minutes=1), tick=False):
        yield make_network()


def _text(answer: Any) -> str:
    return f"{answer.content.decode('utf-8', 'replace')}\n{answer.headers}"


def found_in(text: str) -> set[str]:
    """Return which of her values stand in a text; a telephone number may be shown in groups."""
    plain = re.sub(r"(?<=\d)[ \u00a0-](?=\d)", "", re.sub(r"&shy;|\u00ad|<wbr>", "", text))
    return {name for name, value in HERS.items() if value.casefold() in plain.casefold()}


def desk_of(staff: Staff) -> Client:
    client = Client(raise_request_exception=False)
    return proven(enter(client, user_of(staff)), staff)


def walked(client: Client, *begin: str, words: tuple[str, ...] = (ALIAS,)) -> dict[str, str]:
    """Open all that somebody can reach from some pages, the forms for searching too."""
    waiting, found = deque(begin), dict[str, str]()
    while waiting and len(found) < MOST:
        url = waiting.popleft()
        if url in found or not url.startswith("/") or url.startswith(("/static/", "//", "/accounts/logout")):
            continue
        answer = client.get(url)
        found[url] = _text(answer)
        if answer.status_code == 200 and "html" in answer.get("Content-Type", ""):
            waiting.extend(one.partition("#")[0] for one in _next(url, answer.content.decode(), words))
    return found


def desk_pages() -> list[str]:
    return [reverse(f"desk:{name}") for name in BEGIN]


def everything(net: Network) -> dict[str, str]:
    """Return all that anybody reads: pages of each role, files, calendars, letters."""
    pages = dict[str, str]()
    national = make_staff(StaffRoleName.NATIONAL_LEAD)
    own_page = reverse("desk:person", args=[net.her.person_id])
    for role, staff in (("coordinator", net.coordinator), ("lead", net.lead), ("national lead", national)):
        client = desk_of(staff)
        pages |= {f"{role} {url}": text for url, text in walked(client, own_page, *desk_pages()).items()}
        for name in ("waiting", "bank", "people", "partnerships", "proposals"):
            for kind in ("csv", "xlsx"):
                answer = client.post(address(name), ASKED | {"format": kind, "contact": "on"})
                assert answer.status_code == 200, name
                pages[f"{role} {name}.{kind}"] = _file(answer, kind)
    administrator = desk_of(make_staff(StaffRoleName.ADMINISTRATOR))
    pages |= {f"administrator {url}": text for url, text in walked(administrator, *desk_pages()).items()}
    partner = sign_in_participant(net.other.person)
    pages |= {f"partner {url}": text for url, text in walked(partner, reverse("portal:home")).items()}
    token = make_feed(by=Participant(person_id=net.other.person_id, name="x", at=AT))
    pages["partner's calendar"] = _text(Client().get(reverse("portal:feed", args=[token])))
    pages |= {f"anonymous {url}": text for url, text in walked(Client(), "/").items()}
    deliver_due_letters(by=System("tests", AT + timedelta(days=1)))
    pages["letters"] = "\n".join(f"{one.subject}\n{one.body}\n{one.extra_headers}" for one in mail.outbox)
    return pages


def _file(answer: Any, kind: str) -> str:
    """Return what stands in a file; of an empty list there is none, but a page that says so."""
    kind_of_answer = answer.headers["Content-Type"]
    if kind == "csv" or "html" in kind_of_answer:
        return str(answer.content.decode("utf-8"))
    assert "spreadsheet" in kind_of_answer
    book = load_workbook(io.BytesIO(answer.content))
    return "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)


def test_nothing_that_anybody_reads_leads_to_her(net: Network, caplog: pytest.LogCaptureFixture) -> None:
    net.protect()
    caplog.set_level(logging.DEBUG)
    pages = everything(net)
    assert len(pages) > 150
    assert {url: found for url, text in pages.items() if (found := found_in(text))} == {}
    assert found_in(caplog.text) == set()
    # She stands there, under the other name: the pages do show her.
    assert sum(ALIAS in text for text in pages.values()) > 10


def test_unprotected_she_would_be_found(net: Network) -> None:
    pages = everything(net)
    read = set().union(*(found_in(text) for text in pages.values()))
    assert read == set(HERS)
    assert sum(bool(found_in(text)) for text in pages.values()) > 10


def test_searching_her_own_name_finds_nobody(net: Network) -> None:
    client = desk_of(net.coordinator)
    assert LAST in client.get(reverse("desk:people"), {"q": LAST[:6]}).content.decode()
    net.protect()
    for name in ("people", "waiting", "bank", "applications", "proposals", "partnerships"):
        for word in (LAST, MARKED["e-mail"], MARKED["telephone"]):
            assert ALIAS not in client.get(reverse(f"desk:{name}"), {"q": word}).content.decode(), (name, word)
    assert ALIAS in client.get(reverse("desk:people"), {"q": ALIAS}).content.decode()


def test_division_stands_in_no_list_of_her(net: Network) -> None:
    national = desk_of(make_staff(StaffRoleName.NATIONAL_LEAD))
    her_row = re.compile(rf"<li class=\"row[^>]*>(?:(?!</li>).)*{ALIAS}(?:(?!</li>).)*</li>", re.DOTALL)

    def told(name: str) -> list[str]:
        rows = national.post(address(name), ASKED).content.decode().splitlines()
        listed = her_row.findall(national.get(reverse(f"desk:{name}"), {"q": ALIAS}).content.decode())
        return [line for line in (*rows, *listed) if ALIAS in line]

    net.protect()
    assert len(told("people")) >= 2
    assert [line for name in ("people", "partnerships") for line in told(name) if "Kanariebyen" in line] == []


def test_reveal_shows_her_to_whoever_was_allowed_and_to_nobody_else(net: Network) -> None:
    net.protect()
    asker, colleague = desk_of(net.coordinator), desk_of(net.colleague)
    page = reverse("desk:person_identity", args=[net.her.person_id])
    see = reverse("desk:person_identity_see", args=[net.her.person_id])
    assert found_in(_text(asker.get(page))) == set()
    assert asker.post(see).status_code == 302
    assert asker.post(page, {"kind": "see", "reason": "The police has called."}).status_code == 302
    answer = reverse("desk:reveal", args=[net.person.reveals.get().pk])
    assert "You have asked this yourself" in _text(asker.get(answer))
    asker.post(answer, {"answer": "yes"})
    assert net.person.reveals.get().answered_at is None
    assert found_in(_text(colleague.get(answer))) == set()
    assert colleague.post(answer, {"answer": "yes"}).status_code == 302
    assert found_in(_text(asker.get(page))) == set(), "opening a page alone shows nothing"
    shown = found_in(_text(asker.post(see)))
    assert {"last name", "e-mail", "telephone", "postcode", "area", "employer", "school", "how to reach her"} <= shown
    assert colleague.post(see).status_code == 302
    with time_machine.travel(AT + timedelta(minutes=16, seconds=1), tick=False):
        assert found_in(_text(proven(asker, net.coordinator).post(see, follow=True))) == set()


def test_reveal_asks_for_the_second_factor_again(net: Network) -> None:
    net.protect()
    reveal = ask_to_reveal(by=net.coordinator, known_by=net.her.application, reason="x")
    approve_reveal(by=net.colleague, reveal=reveal)
    stale = Client()
    proven(enter(stale, user_of(net.coordinator)), net.coordinator, ago=timedelta(minutes=11))
    for name in ("person_identity", "person_identity_see"):
        address_ = reverse(f"desk:{name}", args=[net.her.person_id])
        answer = stale.post(address_)
        assert (answer.status_code, found_in(_text(answer))) == (302, set())


def test_coordinator_protects_her_on_the_page(net: Network) -> None:
    client = desk_of(net.coordinator)
    page = reverse("desk:person_protect", args=[net.her.person_id])
    assert "Protect her now" in _text(client.get(page))
    refused = client.post(page, {"alias": FIRST, "area": "", "words": "", "reason": "x"})
    assert "part of her own name" in _text(refused)
    assert not Person.objects.get(pk=net.her.person_id).is_protected
    told = {
        "alias": ALIAS,
        "area": "Jylland",
        "words": f"{MARKED['employer']}\n{MARKED['school']}",
        "reason": "He looks.",
    }
    assert client.post(page, told).status_code == 302
    assert Person.objects.get(pk=net.her.person_id).is_protected
    her_page = _text(client.get(reverse("desk:person", args=[net.her.person_id])))
    assert "She is protected" in her_page
    assert ALIAS in her_page
    details = _text(client.get(reverse("desk:person_details", args=[net.her.person_id])))
    assert 'name="email"' not in details
    reach = reverse("desk:person_identity_reach", args=[net.her.person_id])
    assert client.post(reach, {"reach-phone": "22 33 44 55"}).status_code == 302
    assert net.person.identity.phone == "22 33 44 55"


def test_page_of_another_division_answers_that_there_is_nobody(net: Network) -> None:
    net.protect()
    reveal = ask_to_reveal(by=net.coordinator, known_by=net.her.application, reason="x")
    elsewhere = desk_of(make_staff(StaffRoleName.COORDINATOR, make_division("Elsewhere")))
    for name, key in (
        ("person_protect", net.her.person_id),
        ("person_identity", net.her.person_id),
        ("reveal", reveal.pk),
    ):
        assert elsewhere.get(reverse(f"desk:{name}", args=[key])).status_code == 404
