"""Backups on the desk: what there is to rely on, and the warning on Today where it is too little."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from mentornet.backups.enums import Kind
from mentornet.backups.models import Run
from mentornet.divisions.staff import Staff
from pages import untranslated
from signing import CountQueries, SignIn

pytestmark = pytest.mark.django_db
WARNED = "If this machine breaks"


def _run(kind: Kind, days_ago: float = 0, **fields: Any) -> Run:
    at = timezone.now() - timedelta(days=days_ago)
    drilled = {"has_signed_in": True} if kind is Kind.DRILL else {}
    return Run.objects.create(
        kind=kind, created_at=at, finished_at=at, made_at=at, file="mentornet-2026-11-22T020000Z.age",
        **({"tables": 80, "rows": 88_608, "size": 13_400_000} | drilled | fields),
    )  # fmt: skip


@pytest.fixture
def page(client: Client, sign_in: SignIn, administrator: Staff) -> Client:
    return sign_in(client, administrator)


def _shown(client: Client, name: str = "desk:backups") -> str:
    return client.get(reverse(name)).content.decode()


def test_nothing_set_up_says_how(page: Client) -> None:
    shown = _shown(page)
    assert "Backups do not come by themselves yet" in shown
    assert "mentornet backup --new-key FILE" in shown
    assert "None yet. If this machine breaks, everything is lost." in shown


def test_last_good_ones_are_shown(page: Client, settings: Any) -> None:
    settings.BACKUP_FOLDER, settings.BACKUP_KEYS = "/srv/backups", ("age1x",)
    _run(Kind.BACKUP)
    _run(Kind.DRILL, 3)
    shown = _shown(page)
    assert "12.8" in shown
    assert "88,608 rows found the same, and signed in" in shown or "88608 rows found the same" in shown
    assert "Missing" not in shown
    assert "do not come by themselves" not in shown


def test_failure_is_told_with_why(page: Client) -> None:
    _run(Kind.BACKUP, 1)
    _run(Kind.BACKUP, problem="/srv/backups: No such file or directory")
    shown = _shown(page)
    assert "The last backup did not end well" in shown
    assert "/srv/backups: No such file or directory" in shown


@pytest.mark.parametrize(
    ("days", "says"),
    [(None, "There are no backups yet"), (1, "No backup has been tried lately"), (3, "There are no backups yet")],
)
def test_today_warns_whoever_can_do_something(page: Client, days: float | None, says: str) -> None:
    if days is not None:
        _run(Kind.BACKUP, days)
    assert says in _shown(page, "desk:today")


def test_today_is_silent_when_all_is_well(page: Client) -> None:
    _run(Kind.BACKUP, 1)
    _run(Kind.DRILL, 3)
    assert reverse("desk:backups") not in _shown(page, "desk:today")


def test_today_warns_the_national_lead_and_nobody_else(
    client: Client, sign_in: SignIn, national_lead: Staff, coordinator: Staff
) -> None:
    assert WARNED in _shown(sign_in(client, national_lead), "desk:today")
    assert WARNED not in _shown(sign_in(Client(), coordinator), "desk:today")


def test_demonstration_has_nothing_to_lose(page: Client, settings: Any) -> None:
    settings.DEMO = True
    assert WARNED not in _shown(page, "desk:today")


def test_queries_do_not_grow(page: Client, django_assert_num_queries: CountQueries) -> None:
    _run(Kind.BACKUP)
    _shown(page)
    with CaptureQueriesContext(connection) as first:
        _shown(page)
    for number in range(5):
        _run(Kind.DRILL, number)
    with django_assert_num_queries(len(first)):
        _shown(page)


def test_nothing_is_left_untranslated(page: Client) -> None:
    _run(Kind.RESTORE, 2)
    _run(Kind.DRILL, 1, problem="It did not open.")
    _run(Kind.BACKUP, problem="There was no room.")
    page.cookies["django_language"] = "xb"
    for name in ("desk:backups", "desk:today"):
        assert untranslated(_shown(page, name)) == [], name
