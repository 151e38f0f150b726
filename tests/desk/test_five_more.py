"""Five more mentors on the desk: which profile, why this one, what it changes; and a bad address is told so."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from desk.test_forecast import PAGE, html, keep
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.matching.models import FiveMore, ShortageMap
from mentornet.programmes.models import Programme
from signing import CountQueries, SignIn

pytestmark = pytest.mark.django_db

QUERIES = 12


@pytest.fixture
def desk(client: Client, sign_in: SignIn, coordinator: Staff) -> Client:
    return sign_in(client, coordinator)


def year(matched: float, half: float) -> dict[str, Any]:
    return {
        "matched": [matched - 9, matched, matched + 9], "left": [5.0, 7.0, 9.0], "waiting": [8.0, 12.0, 20.0],
        "half": [half - 20, half, half + 20], "quality": [60.0, 61.0, 62.0],
    }  # fmt: skip


def played(
    division: Division, programme: Programme, *, more: float = 4, earlier: float = -21, **profile: Any
) -> FiveMore:
    now = timezone.now()
    content = {
        "now": year(50, 98), "then": year(50 + more, 98 + earlier),
        "more": {
            "matched": [more - 1, more, more + 2], "waiting": [-4.0, -3.0, 0.0],
            "half": [earlier - 7, earlier, earlier + 7], "quality": [0.0, 0.2, 0.4],
        },
    }  # fmt: skip
    return FiveMore.objects.create(
        division=division, programme=programme, asked_by="x", state="done", created_at=now, computed_at=now,
        content=content, **({"time": "evenings", "occupation": "22", "language": "ar"} | profile),
    )  # fmt: skip


@pytest.fixture
def shortages(division: Division, programme: Programme) -> ShortageMap:
    row = {
        "occupation": "22", "language": "ar", "online": False, "time": "evenings", "number": 2, "points": 61,
        "mentees": 4, "wanted": 2,
    }  # fmt: skip
    now = timezone.now()
    return ShortageMap.objects.create(
        division=division, programme=programme, asked_by="system:x", state="done", created_at=now, computed_at=now,
        content={
            "waiting": 9, "matched": 4, "left": 5, "mentors": 6, "cells": [], "plan": [],
            "profiles": [row, row | {"occupation": "52", "number": 1}],
        },
    )  # fmt: skip


@pytest.mark.usefixtures("shortages")
def test_whose_five_they_are_why_they_and_what_changes_is_told(
    desk: Client, programme: Programme, division: Division
) -> None:
    keep(programme, division)
    played(division, programme)
    page = html(desk)
    assert "In the middle run 4 more are matched within a year; in eight of ten runs, 3 to 6." in page
    assert "Half of the women have a mentor 3 weeks earlier." in page
    assert "it stands first on the shortage map" in page
    assert "Health professionals" in page or "Sundhed" in page
    assert "would hardly change" not in page
    # As charts with tables.
    assert page.count('class="chart-bars"') == 3 + 2
    assert "41–59" in page
    lines = desk.get(reverse("desk:forecast_table")).content.decode("utf-8-sig").splitlines()
    assert sum("five more" in line for line in lines) == 2
    assert len({line.count(",") for line in lines}) == 1


@pytest.mark.usefixtures("shortages")
def test_five_whom_nobody_needs_are_said_to_change_hardly_anything(
    desk: Client, programme: Programme, division: Division
) -> None:
    keep(programme, division)
    played(division, programme, more=0, earlier=0, occupation="52")
    page = html(desk)
    assert "Five such mentors would hardly change how many are matched, or how long they wait" in page
    assert "is number 2 on the shortage map" in page
    assert "more are matched within a year" not in page
    FiveMore.objects.update(occupation="61")
    assert "It does not stand on the shortage map." in html(desk)


def test_the_form_begins_with_what_the_map_puts_first_and_the_maps_row_leads_to_it(
    desk: Client, programme: Programme, division: Division, shortages: ShortageMap
) -> None:
    keep(programme, division)
    page = html(desk)
    assert '<option value="22" selected>' in page
    assert '<option value="ar" selected>' in page
    shown = desk.get(reverse("desk:shortage_map")).content.decode()
    assert "What would five such mentors change?" in shown
    asked = f"?programme={programme.pk}&amp;division={division.pk}&amp;occupation=52&amp;language=ar&amp;time=evenings"
    assert asked in shown
    other = html(desk, PAGE + asked.replace("&amp;", "&"))
    assert '<option value="52" selected>' in other
    assert "There is a problem" not in other


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("occupation", "99x", "There is no such field of work."),
        ("language", "<b>", "There is no such language."),
        ("time", "nights", "There is no such time."),
        ("division", "7", "You do not work in this division."),
    ],
)
def test_what_an_address_names_that_is_not_there_is_told(
    desk: Client, programme: Programme, division: Division, name: str, value: str, words: str
) -> None:
    keep(programme, division)
    told = {"programme": str(programme.pk), "division": str(division.pk), "time": "any"} | {name: value}
    for answer in (desk.get(PAGE, told), desk.post(reverse("desk:forecast_five_more"), told)):
        assert answer.status_code == 200
        assert words in answer.content.decode()
        assert "<b>" not in answer.content.decode()
    assert not FiveMore.objects.exists()
    # The control: without it, it is asked.
    del told[name]
    told |= {"division": str(division.pk)}
    assert desk.post(reverse("desk:forecast_five_more"), told).status_code == 302
    assert FiveMore.objects.get().division == division


def test_another_divisions_is_neither_asked_nor_seen(
    desk: Client, programme: Programme, division: Division, other_division: Division
) -> None:
    keep(programme, division)
    played(other_division, programme)
    page = html(desk)
    assert "more are matched within a year" not in page
    told = {"programme": str(programme.pk), "division": str(other_division.pk)}
    assert "You do not work in this division." in desk.post(reverse("desk:forecast_five_more"), told).content.decode()
    assert "five more" not in desk.get(reverse("desk:forecast_table")).content.decode()


def test_how_far_it_is_stands_there_and_what_has_stopped_is_said(
    desk: Client, programme: Programme, division: Division
) -> None:
    keep(programme, division)
    desk.post(reverse("desk:forecast_five_more"), {"programme": programme.pk, "division": division.pk})
    page = html(desk)
    assert 'hx-get="/desk/forecast/five-more/progress/"' in page
    FiveMore.objects.update(played=7, in_all=24, heartbeat_at=timezone.now())
    progress = reverse("desk:forecast_five_more_progress")
    assert "7 of 24 done." in desk.get(progress, headers={"HX-Request": "true"}).content.decode()
    assert desk.get(progress).status_code == 302
    FiveMore.objects.update(heartbeat_at=timezone.now() - timedelta(hours=1))
    assert "The work has stopped" in html(desk)
    assert desk.get(progress, headers={"HX-Request": "true"})["HX-Redirect"] == PAGE


def test_where_nothing_is_foretold_nothing_is_asked(desk: Client, programme: Programme) -> None:
    assert "What five more mentors would change" not in html(desk)
    assert programme.name not in html(desk)


def test_more_of_them_cost_no_query(
    desk: Client, programme: Programme, division: Division, django_assert_num_queries: CountQueries
) -> None:
    keep(programme, division)
    played(division, programme)
    html(desk)
    with django_assert_num_queries(QUERIES):
        html(desk)
    for field in ("23", "24"):
        played(division, programme, occupation=field)
    with django_assert_num_queries(QUERIES):
        html(desk)
