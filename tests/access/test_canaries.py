"""A unique value in each guarded column: whoever is not to read it does not, and reading a restricted one is noted."""

from __future__ import annotations

import json
import logging
import re
from typing import Final

import pytest
from django.core import mail, serializers
from django.db import transaction
from django.http import HttpResponseBase

from access.crawling import crawl
from access.matrix import METHODS, Crossing, addresses, uses_of
from access.worlds import ELSEWHERE, HERE, Place
from factories.django_rows import AT
from mentornet.audit.models import Entry
from mentornet.audit.models import Kind as EntryKind
from mentornet.audit.services import record_read
from mentornet.common.actors import System
from mentornet.common.fields import Level, declared_models, level_of
from mentornet.intake.queries import visible_people
from mentornet.messaging.services import deliver_due_letters

pytestmark = pytest.mark.django_db
OUTSIDERS: Final = ("administrator", "no role", "before second factor", "role ended yesterday", "anonymous", "disabled")


def _text(answer: HttpResponseBase) -> str:
    body = b"".join(answer) if answer.streaming else answer.content  # type: ignore[attr-defined]  # per kind
    cookies = "; ".join(morsel.OutputString() for morsel in answer.cookies.values())
    return "\n".join([body.decode("utf-8", "replace"), str(dict(answer.headers)), cookies])


def _found(text: str, canaries: dict[str, str]) -> set[str]:
    # A telephone number may be shown in groups.
    plain = re.sub(r"(?<=\d)[ \u00a0-](?=\d)", "", text)
    return {column for column, value in canaries.items() if value in plain}


def test_canaries_stand_in_guarded_columns(crossing: Crossing) -> None:
    here = crossing.world.here
    assert len(here.canaries) >= 15
    for column in here.canaries:
        model, _, name = column.rpartition(".")
        assert model in declared_models()
        wanted = Level.RESTRICTED if column in here.restricted else Level.CASEWORK
        assert level_of(model, name) == wanted, column


@pytest.mark.parametrize("role", OUTSIDERS)
def test_outsider_reads_nothing(crossing: Crossing, caplog: pytest.LogCaptureFixture, role: str) -> None:
    caplog.set_level(logging.DEBUG)
    canaries = {**_tagged(crossing.world.here), **_tagged(crossing.world.elsewhere)}
    pages = crawl(crossing, role, places=[HERE, ELSEWHERE], words=["Amina", "kanarie"])
    assert len(pages) > 40
    assert {url: found for url, page in pages.items() if (found := _found(_text(page), canaries))} == {}
    assert _found(caplog.text, canaries) == set()


def _tagged(place: Place) -> dict[str, str]:
    return {f"{place.division.name}: {column}": value for column, value in place.canaries.items()}


def test_coordinator_reads_her_own_division_alone(crossing: Crossing, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    here, elsewhere = crossing.world.here, crossing.world.elsewhere
    pages = crawl(crossing, "coordinator here", places=[HERE, ELSEWHERE], words=["kanarieelsewhere", "Fjernholm"])
    texts = {url: _text(page) for url, page in pages.items()}
    # What she searched for is in the field again, and in the address.
    of_others = {name: value for name, value in elsewhere.canaries.items() if value != "kanarieelsewhere"}
    assert {url: found for url, text in texts.items() if (found := _found(text, of_others))} == {}
    # Her own she reads, so the pages do show such columns.
    read = set().union(*(_found(text, here.canaries) for text in texts.values()))
    assert len(read) >= 6, read
    assert _found(caplog.text, here.canaries | elsewhere.canaries) == set()


def _restricted_reads(crossing: Crossing) -> tuple[set[str], list[str]]:
    """Return which restricted columns can be read at all, and what is wrong with how."""
    here = crossing.world.here
    read, wrong = set[str](), list[str]()
    for address in addresses():
        names = crossing.divisional(address)
        url = crossing.url(address, {name: str(crossing.object_of(address, name, HERE)) for name in names})
        for method in METHODS:
            start = transaction.savepoint()
            before = Entry.objects.filter(kind=EntryKind.READ).count()
            answer = crossing.client("coordinator here").generic(
                method, url, content_type="application/x-www-form-urlencoded"
            )
            found = _found(_text(answer), here.secrets)
            noted = Entry.objects.filter(kind=EntryKind.READ).count() - before
            transaction.savepoint_rollback(start)
            if found and method == "GET":
                wrong.append(f"{url}: a page that is only opened shows {found}")
            if found and not noted:
                wrong.append(f"{url}: {found} read without a word in the audit")
            read |= found
    return read, wrong


def test_restricted_column_is_read_on_the_record_alone(crossing: Crossing) -> None:
    read, wrong = _restricted_reads(crossing)
    assert wrong == []
    # Each can be read somewhere, or the test would show nothing.
    assert read == set(crossing.world.here.secrets)


def test_reading_off_the_record_would_be_found(crossing: Crossing, monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in uses_of(record_read):
        monkeypatch.setattr(module, name, lambda **_: None)
    _, wrong = _restricted_reads(crossing)
    assert len(wrong) >= 2


@pytest.mark.usefixtures("past_policies")
def test_leak_would_be_found(crossing: Crossing, monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in uses_of(visible_people):
        monkeypatch.setattr(module, name, lambda _by: visible_people(System("tests", AT)))
    pages = crawl(crossing, "coordinator here", places=[ELSEWHERE], only="desk:person", most=3)
    assert any(_found(_text(page), crossing.world.elsewhere.canaries) for page in pages.values())


def test_audit_and_letters_hold_no_canary(
    crossing: Crossing, caplog: pytest.LogCaptureFixture, django_capture_on_commit_callbacks: object
) -> None:
    caplog.set_level(logging.DEBUG)
    place = crossing.world.here
    for address in addresses():
        names = crossing.divisional(address)
        url = crossing.url(address, {name: str(crossing.object_of(address, name, HERE)) for name in names})
        if address.name.startswith("desk:") and not address.name.startswith("desk:role"):
            # Nothing is taken back here: what each act leaves behind is looked at.
            crossing.client("coordinator here").post(url, {"reason": "A reason.", "note": "A note."})
    deliver_due_letters(by=System("tests", AT.replace(year=AT.year + 1)))
    entries = Entry.objects.all()
    assert entries.count() > 3
    assert _found(serializers.serialize("json", entries), place.canaries) == set()
    assert mail.outbox
    letters = [f"{letter.subject}\n{letter.body}\n{json.dumps(letter.extra_headers)}" for letter in mail.outbox]
    assert _found("\n".join(letters), place.canaries) == set()
    assert _found(caplog.text, place.canaries) == set()
