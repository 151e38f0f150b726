"""What happens in another division changes nothing that a coordinator sees: not a byte, not a number."""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from django.db import transaction
from django.utils.translation import get_language_from_path

from access.crawling import MOST, crawl
from access.matrix import Crossing, plain, uses_of
from access.worlds import ELSEWHERE, HERE, World, build_place, with_second_factor
from exporting import ASKED, NAMES, address, proven
from factories.django_rows import give_role, make_programme, make_user
from mentornet.accounts.models import SignInSession
from mentornet.divisions.models import Role
from mentornet.divisions.queries import all_divisions
from mentornet.intake import queries
from mentornet.programmes.models import Programme
from reliability.recording import answer_of, ask, differences, record

pytestmark = pytest.mark.django_db
LEAST_PAGES = 80
# How many requests are recorded in all. ``make soak`` asks for 10,000.
RECORDED: Final = int(os.environ.get("MENTORNET_TEST_RECORDED", "1000"))
SHARES: Final = {"coordinator here": 0.5, "division lead here": 0.4, "mentee here": 0.05, "mentor here": 0.05}


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


def _seen(world: World, *, only: str = "", most: int = MOST) -> dict[str, tuple[int, bytes, dict[str, str]]]:
    """Return all that she can open, searches for names from here and from elsewhere among it."""
    # She signs in anew for each round, and sees her own sign-ins.
    SignInSession.objects.all().delete()
    words = ["Amina", "Bodil", "Herby", "Fjernholm", "kanarieelsewhere", "+4562000002"]
    answers = crawl(Crossing(world), "coordinator here", places=[HERE], words=words, only=only, most=most)
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
    before = _seen(world)
    elsewhere = build_place(ELSEWHERE, programme, last_name="Fjernholm", phone="+4562000002")
    after = _seen(world)
    print(f"\n{len(before)} pages and parts of pages compared")
    assert len(before) >= LEAST_PAGES
    assert _differences(before, after) == []
    # There was something to be seen, and she sees her own.
    texts = b"".join(body for _, body, _ in before.values())
    assert b"Herby" in texts
    assert elsewhere.canaries["people.Person.email"].encode() not in texts


def test_number_from_another_division_would_be_seen(db: None, moment: None, monkeypatch: pytest.MonkeyPatch) -> None:
    programme = make_programme("Mentor network")
    world = _alone(programme)
    _open_everything(monkeypatch, queries.waiting_mentees)
    before = _seen(world, only="desk:waiting", most=3)
    build_place(ELSEWHERE, programme, last_name="Fjernholm", phone="+4562000002")
    assert _differences(before, _seen(world, only="desk:waiting", most=3))


def _open_everything(patch: pytest.MonkeyPatch, query: Callable[..., Any]) -> None:
    """Let a query about divisions be one about all of them, wherever it is asked."""
    for module, name in uses_of(query):
        patch.setattr(module, name, lambda _divisions: query([division.pk for division in all_divisions()]))


@pytest.mark.parametrize("role", SHARES)
def test_recorded_requests_are_answered_by_the_same_bytes(db: None, moment: None, role: str) -> None:
    programme = make_programme("Mentor network")
    crossing = Crossing(_all_of_here(programme))
    most = int(RECORDED * SHARES[role])
    before = record(crossing, role, most)
    build_place(ELSEWHERE, programme, last_name="Fjernholm", phone="+4562000002")
    after = {key: ask(crossing, role, key) for key in before}
    assert differences(before, after) == []
    # Participants have few pages, and little to search in.
    assert len(before) == most or (role in crossing.world.participants and len(before) >= 20)
    print(f"\n{role}: {len(before)} requests")
    _tell(role, len(before))


def _tell(role: str, requests: int) -> None:
    """Write down how many there were, for the page about reliability."""
    if folder := os.environ.get("MENTORNET_TEST_FIGURES"):
        told = json.dumps({"role": role, "requests": requests})
        Path(folder, f"{role}.json").write_text(told, encoding="utf-8")


def test_exports_are_the_same_bytes(db: None, moment: None) -> None:
    programme = make_programme("Mentor network")
    crossing = Crossing(_all_of_here(programme))
    before = _files(crossing)
    build_place(ELSEWHERE, programme, last_name="Fjernholm", phone="+4562000002")
    assert differences(before, _files(crossing)) == []
    assert all(status == 200 for status, _, _ in before.values())
    _tell("exports", len(before))


def _files(crossing: Crossing) -> dict[str, Any]:
    role, found = "coordinator here", {}
    staff = crossing.staff(role)
    for name, words in itertools.product(NAMES, ("", "Herby", "Fjernholm")):
        url = address(name, q=words)
        before = transaction.savepoint()
        found[url] = answer_of(proven(crossing.client(role), staff).post(url, ASKED))
        transaction.savepoint_rollback(before)
    return found


def test_search_from_another_division_would_be_seen(db: None, moment: None, monkeypatch: pytest.MonkeyPatch) -> None:
    # The control of what is recorded: one query that forgets whose division it is, and the replay differs.
    programme = make_programme("Mentor network")
    crossing = Crossing(_all_of_here(programme))
    _open_everything(monkeypatch, queries.waiting_mentees)
    before = record(crossing, "coordinator here", 150)
    build_place(ELSEWHERE, programme, last_name="Fjernholm", phone="+4562000002")
    assert differences(before, {key: ask(crossing, "coordinator here", key) for key in before})
