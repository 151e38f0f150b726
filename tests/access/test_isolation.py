"""What happens in another division changes nothing that a coordinator sees: not a byte, not a number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils.translation import get_language_from_path

from access.crawling import MOST, crawl
from access.matrix import Crossing, plain, uses_of
from access.worlds import ELSEWHERE, HERE, World, build_place, with_second_factor
from factories.django_rows import make_programme
from mentornet.accounts.models import SignInSession
from mentornet.divisions.queries import all_divisions
from mentornet.intake import queries
from mentornet.programmes.models import Programme

pytestmark = pytest.mark.django_db
LEAST_PAGES = 80


def _alone(programme: Programme) -> World:
    here = build_place(HERE, programme, last_name="Herby", phone="+4561000001")
    return World(here=here, elsewhere=here, users={"coordinator here": with_second_factor(here.staff)})


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
