"""What happens in another division changes nothing that a coordinator sees: not a byte, not a number."""

from __future__ import annotations

import itertools
import json
import math
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.utils.translation import get_language_from_path

from access.crawling import MOST, crawl
from access.matrix import Crossing, plain, uses_of
from access.worlds import ELSEWHERE, HERE, World, build_place, with_second_factor
from exporting import ASKED, NAMES, address, proven
from factories.django_rows import give_role, make_programme, make_user
from mentornet.divisions.models import Role
from mentornet.divisions.queries import all_divisions
from mentornet.intake import queries
from mentornet.programmes.models import Programme
from mentornet.web.ui import printing
from reliability.recording import Answer, Request, ask, differences, digests, record, replayed

pytestmark = pytest.mark.django_db
LEAST_PAGES = 80
# How many requests are recorded in all. ``make soak`` names its own number.
RECORDED: Final = int(os.environ.get("MENTORNET_TEST_RECORDED") or (10_000 if connection.vendor == "sqlite" else 1_000))
SHARES: Final = {"coordinator here": 0.5, "division lead here": 0.42, "mentee here": 0.04, "mentor here": 0.04}
IN_ONE_TEST: Final = 1_000
"""More than these are dealt out to several tests, which run beside each other."""


@pytest.fixture(autouse=True)
def _pages_in_place_of_pdfs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compare the page of which a PDF is made: that it is made in time is not what is asked here."""
    monkeypatch.setattr(printing, "missing", lambda: "a press")


def _dealt() -> Iterator[tuple[str, int, int]]:
    """Yield who asks, and which of how many shares of all that she can ask a test records."""
    for role, share in SHARES.items():
        shares = math.ceil(RECORDED * share / IN_ONE_TEST)
        yield from ((role, number, shares) for number in range(shares))


def _alone(programme: Programme) -> World:
    here = build_place(HERE, programme, last_name="Herby", phone="+4561000001")
    return World(here=here, elsewhere=here, users={"coordinator here": with_second_factor(here.staff)})


def _all_of_here(programme: Programme) -> World:
    """Return one division alone, with everybody in it who asks."""
    here = build_place(HERE, programme, last_name="Herby", phone="+4561000001")
    lead = make_user("Birthe Dam")
    give_role(lead, Role.DIVISION_LEAD, here.division)
    assert here.mentee is not None
    assert here.mentor is not None
    users = {"coordinator here": with_second_factor(here.staff), "division lead here": with_second_factor(lead)}
    return World(
        here=here,
        elsewhere=here,
        users=users,
        participants={"mentee here": here.mentee, "mentor here": here.mentor},
    )


def _seen(crossing: Crossing, *, only: str = "", most: int = MOST) -> dict[str, tuple[int, bytes, dict[str, str]]]:
    """Return all that she can open, searches for names from here and from elsewhere among it."""
    words = ["Amina", "Bodil", "Herby", "Fjernholm", "kanarieelsewhere", "+4562000002"]
    answers = crawl(crossing, "coordinator here", places=[HERE], words=words, only=only, most=most)
    return {
        url: (answer.status_code, plain(answer), {k: v for k, v in answer.headers.items() if k != "Content-Length"})
        for url, answer in answers.items()
        # The public site shows every division to everybody.
        if get_language_from_path(url) is None
    }


def _differences(
    before: dict[str, tuple[int, bytes, dict[str, str]]], after: dict[str, tuple[int, bytes, dict[str, str]]]
) -> list[str]:
    told = [f"only alone: {url}" for url in before if url not in after]
    told += [f"only with the other division: {url}" for url in after if url not in before]
    return told + [f"differs: {url}" for url in before if url in after and before[url] != after[url]]


def test_other_division_changes_no_byte(db: None, moment: None) -> None:
    programme = make_programme("Mentor network")
    world = _alone(programme)
    crossing = Crossing(world)
    before = _seen(crossing)
    elsewhere = build_place(ELSEWHERE, programme, last_name="Fjernholm", phone="+4562000002")
    after = _seen(crossing)
    print(f"\n{len(before)} pages and parts of pages compared")
    assert len(before) >= LEAST_PAGES
    assert _differences(before, after) == []
    # There was something to be seen, and she sees her own.
    texts = b"".join(body for _, body, _ in before.values())
    assert b"Herby" in texts
    assert elsewhere.canaries["people.Person.email"].encode() not in texts


@pytest.mark.usefixtures("past_policies")
def test_number_from_another_division_would_be_seen(db: None, moment: None, monkeypatch: pytest.MonkeyPatch) -> None:
    programme = make_programme("Mentor network")
    world = _alone(programme)
    _open_everything(monkeypatch, queries.waiting_mentees)
    crossing = Crossing(world)
    before = _seen(crossing, only="desk:waiting", most=3)
    build_place(ELSEWHERE, programme, last_name="Fjernholm", phone="+4562000002")
    assert _differences(before, _seen(crossing, only="desk:waiting", most=3))


def _open_everything(patch: pytest.MonkeyPatch, query: Callable[..., Any]) -> None:
    """Let a query about divisions be one about all of them, wherever it is asked."""
    for module, name in uses_of(query):
        patch.setattr(module, name, lambda _divisions: query([division.pk for division in all_divisions()]))


@pytest.mark.parametrize(("role", "share", "shares"), list(_dealt()))
def test_recorded_requests_are_answered_by_the_same_bytes(
    db: None, moment: None, role: str, share: int, shares: int
) -> None:
    programme = make_programme("Mentor network")
    crossing = Crossing(_all_of_here(programme))
    most = math.ceil(RECORDED * SHARES[role] / shares)
    before = record(crossing, role, most, share=share, shares=shares)
    build_place(ELSEWHERE, programme, last_name="Fjernholm", phone="+4562000002")
    assert differences(before, replayed(crossing, role, before)) == []
    assert [request.key for request, (status, _, _) in before.items() if status >= 500] == []
    assert len(before) == most
    assert len({request.key for request in before}) == most
    _tell(role, share, before, crossing)


def _tell(role: str, share: int, recorded: Iterable[Request], crossing: Crossing) -> None:
    """Write down which there were, for the page about reliability."""
    if folder := os.environ.get("MENTORNET_TEST_FIGURES"):
        names = {str(key): name for name, key in crossing.world.here.objects.items()}
        told = {"role": role, "requests": list(digests(role, recorded, names))}
        Path(folder, f"{role} {share}.json").write_text(json.dumps(told), encoding="utf-8")


def test_no_request_is_in_two_shares(db: None, moment: None) -> None:
    crossing = Crossing(_all_of_here(make_programme("Mentor network")))
    one, other = (record(crossing, "coordinator here", 40, share=share, shares=2) for share in (0, 1))
    assert len(one) == len(other) == 40
    assert not {request.key for request in one} & {request.key for request in other}
    kinds = {(request.method, bool(request.part), request.language) for request in (*one, *other)}
    assert {("GET", False, "da"), ("GET", False, "en")} <= kinds


def test_exports_are_the_same_bytes(db: None, moment: None) -> None:
    programme = make_programme("Mentor network")
    crossing = Crossing(_all_of_here(programme))
    before = _files(crossing)
    build_place(ELSEWHERE, programme, last_name="Fjernholm", phone="+4562000002")
    assert differences(before, _files(crossing)) == []
    assert all(status == 200 for status, _, _ in before.values())


def _files(crossing: Crossing) -> dict[Request, Answer]:
    role, found = "coordinator here", {}
    proven(crossing.client(role), crossing.staff(role))
    for name, words in itertools.product(NAMES, ("", "Herby", "Fjernholm")):
        request = Request(address(name, q=words), "POST", urlencode(ASKED))
        found[request] = ask(crossing, role, request)
    return found


@pytest.mark.usefixtures("past_policies")
def test_search_from_another_division_would_be_seen(db: None, moment: None, monkeypatch: pytest.MonkeyPatch) -> None:
    # The control of what is recorded: one query that forgets whose division it is, and the replay differs.
    programme = make_programme("Mentor network")
    crossing = Crossing(_all_of_here(programme))
    _open_everything(monkeypatch, queries.waiting_mentees)
    before = record(crossing, "coordinator here", 150)
    build_place(ELSEWHERE, programme, last_name="Fjernholm", phone="+4562000002")
    assert differences(before, replayed(crossing, "coordinator here", before))
