"""The desk's page of waits foretold: ranges with their base, how wrong it was, and no division that is not hers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from days import TODAY
from factories.django_rows import make_division, make_staff
from mentornet.divisions.models import Division, Role
from mentornet.divisions.staff import Staff
from mentornet.matching.models import Forecast
from mentornet.programmes.models import Programme
from pages import untranslated
from signing import CountQueries, SignIn

pytestmark = pytest.mark.django_db

PAGE = "/desk/forecast/"
QUERIES = 12


@pytest.fixture
def desk(client: Client, sign_in: SignIn, coordinator: Staff) -> Client:
    return sign_in(client, coordinator)


def html(client: Client, path: str = PAGE) -> str:
    return client.get(path).content.decode()


def group(division: str, field: str, women: int) -> dict[str, Any]:
    return {
        "division": division, "field": field, "women": women, "came": [42.0, 70.0, 98.0],
        "foretold": [35.0, 80.0, None],
    }  # fmt: skip


def way(every: int, *, lends: bool = False, matched: int = 300) -> dict[str, Any]:
    return {
        "every": every, "lends": lends, "matched": [matched - 10.0, matched, matched + 10.0],
        "left": [60.0, 64.0, 66.0], "waiting": [85.0, 96.0, 104.0], "half": [83.0, 98.0, 110.0],
        "quality": [60.0, 61.0, 62.0],
    }  # fmt: skip


def keep(programme: Programme, division: Division, *others: str) -> Forecast:
    now = timezone.now()
    content = {
        "matches": 400,
        "tried": {
            "matched": [224.0, 228.0, 232.0], "really": 266, "foretold": [66.0, 130.0, 267.0],
            "came": [52.0, 124.0, None], "divisions": 5, "inside": 2, "quality": [62, 38], "tries": 6,
            "is_enough": True, "held": [2, 5], "of_divisions": [30, 15, 24],
        },
        "ways": [way(0), way(7), way(30), way(0, lends=True), way(7, lends=True)],
        "habits": {"hands": 1.2, "fair": 0.5},
        "wider": {"matched": 0.2, "left": 0.1, "waiting": 0.1, "half": 0.3, "quality": 0.5},
        "groups": [
            group("", "", 300), group(str(division.pk), "", 120), group(str(division.pk), "2", 31),
            *(group(other, "", 77) for other in others),
        ],
    }  # fmt: skip
    return Forecast.objects.create(
        created_at=now, asked_by="system:x", state="done", computed_at=now, until=TODAY, matches=400,
        content={"programmes": {str(programme.pk): content}},
    )  # fmt: skip


def test_nothing_computed_yet_says_when_it_will_be(desk: Client) -> None:
    assert "as soon as there have been 100 matches" in html(desk)


@pytest.mark.parametrize(("matches", "words"), [(4, "fewer than 5 of 100"), (81, "Too early: 81 of 100 matches.")])
def test_of_few_matches_nothing_is_foretold(desk: Client, programme: Programme, matches: int, words: str) -> None:
    now = timezone.now()
    Forecast.objects.create(
        created_at=now, asked_by="x", state="done", computed_at=now, until=TODAY, matches=matches,
        content={"programmes": {str(programme.pk): {"matches": matches}}},
    )  # fmt: skip
    page = html(desk)
    assert words in page
    assert "chart-bars" not in page


def test_waits_are_ranges_with_their_base_and_the_error_stands_beside(
    desk: Client, programme: Programme, division: Division
) -> None:
    far = make_division("Far")
    keep(programme, division, str(far.pk))
    page = html(desk)
    assert "Of 31 women like her, half waited between 6 weeks and 14 weeks." in page
    assert "would have foretold 224 to 232 matches for the year. There were 266: the middle was 14 % off." in page
    assert "What came lies outside the range" in page
    # How wrong it was over the years, and that the ranges were made wider by it.
    assert "lay in the range of the runs in 2 of 6, those of a division in 15 of 30." in page
    assert "it would have held 5 of 6, and 24 of 30." in page
    assert "The pairs that were made fit by 38 of 100, the foretold ones by 62" in page
    assert "too few to claim" not in page
    assert page.count('class="chart-bars"') == 3
    assert "290–310" in page
    # Another division's women are not told of.
    assert division.name in page
    assert ">Far<" not in page
    assert "Of 77 women" not in page


def test_the_file_holds_what_the_page_holds(desk: Client, programme: Programme, division: Division) -> None:
    far = make_division("Far")
    keep(programme, division, str(far.pk))
    answer = desk.get(reverse("desk:forecast_table"))
    assert answer["Content-Type"].startswith("text/csv")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert len({line.count(",") for line in lines}) == 1
    assert len(lines) == 1 + 3 + 5
    assert "Far" not in answer.content.decode()


def test_the_number_of_groups_costs_no_query(
    desk: Client, programme: Programme, division: Division, django_assert_num_queries: CountQueries
) -> None:
    forecast = keep(programme, division)
    html(desk)
    with django_assert_num_queries(QUERIES):
        html(desk)
    content = forecast.content["programmes"][str(programme.pk)]
    content["groups"] += [group(str(division.pk), field, 20) for field in "35789"]
    forecast.save()
    with django_assert_num_queries(QUERIES):
        html(desk)


def test_a_lead_has_it_computed_and_sees_how_far_it_is(client: Client, sign_in: SignIn, division: Division) -> None:
    sign_in(client, make_staff(Role.DIVISION_LEAD, division))
    page = client.post(reverse("desk:forecast_compute"), follow=True).content.decode()
    assert 'hx-get="/desk/forecast/progress/"' in page
    assert "It begins in a moment." in page
    Forecast.objects.update(in_all=312, played=120, heartbeat_at=timezone.now())
    progress = reverse("desk:forecast_progress")
    assert "120 of 312 done." in client.get(progress, headers={"HX-Request": "true"}).content.decode()
    assert client.get(progress).status_code == 302
    Forecast.objects.update(heartbeat_at=timezone.now() - timedelta(hours=1))
    assert "The work has stopped" in html(client)
    assert client.get(progress, headers={"HX-Request": "true"})["HX-Redirect"] == PAGE
    client.post(reverse("desk:forecast_compute"))
    assert Forecast.objects.get().attempt == 2


def test_a_coordinator_cannot_have_it_computed(desk: Client, coordinator: Staff) -> None:
    assert desk.post(reverse("desk:forecast_compute")).status_code == 403
    assert "Compute anew" not in html(desk)


def test_nothing_of_it_is_left_untranslated(desk: Client, programme: Programme, division: Division) -> None:
    desk.cookies["django_language"] = "xb"
    assert untranslated(html(desk)) == []
    keep(programme, division)
    assert untranslated(html(desk)) == []
