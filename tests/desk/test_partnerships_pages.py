"""Partnerships: the list, one pair with its timeline, and what is noted in it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from days import TODAY
from factories.django_rows import AT, make_staff
from mentornet.divisions.models import Division, Role
from mentornet.divisions.staff import Staff
from mentornet.partnerships import services
from mentornet.partnerships.enums import PartnershipState
from mentornet.partnerships.models import Meeting, Note, Partnership
from mentornet.programmes.models import Programme
from pages import untranslated
from partnerships.couples import make_couple
from signing import CountQueries, SignIn

pytestmark = pytest.mark.django_db

S = PartnershipState
DAY = timedelta(days=1)


@pytest.fixture
def desk(client: Client, sign_in: SignIn, coordinator: Staff) -> Client:
    return sign_in(client, coordinator)


@pytest.fixture
def pair(coordinator: Staff, division: Division, programme: Programme) -> Partnership:
    return make_couple(coordinator, division, programme, matched_on=TODAY - 20 * DAY)


def listed(client: Client, **query: str) -> list[str]:
    rows = client.get(reverse("desk:partnerships"), query).context["rows"]
    return [row.partnership.mentee.person.first_name for row in rows]


def page(client: Client, pair: Partnership, name: str = "partnership") -> str:
    response = client.get(reverse(f"desk:{name}", args=[pair.pk]), follow=True)
    assert response.status_code == 200
    return str(response.content.decode())


def act(client: Client, name: str, pair: Partnership, **given: Any) -> str:
    return str(client.post(reverse(f"desk:partnership_{name}", args=[pair.pk]), given, follow=True).content.decode())


def test_tabs_search_and_those_who_have_not_met(
    desk: Client, coordinator: Staff, division: Division, programme: Programme
) -> None:
    def couple(name: str, days: int, **more: Any) -> Partnership:
        names = (name, f"Mentor of {name}")
        return make_couple(coordinator, division, programme, names=names, matched_on=TODAY - days * DAY, **more)

    couple("Late", 20)
    couple("New", 2)
    met = couple("Met", 40, first_met_on=TODAY - 39 * DAY)
    services.close_partnership(by=_now(coordinator), partnership=couple("Over", 90), on=TODAY, reason="goal")
    assert listed(desk) == ["New", "Late", "Met"]
    assert listed(desk, state="not-met") == ["Late"]
    assert listed(desk, state="closed") == ["Over"]
    assert listed(desk, q="mentor of met") == ["Met"]
    tabs = desk.get(reverse("desk:partnerships")).context["tabs"]
    assert [tab["count"] for tab in tabs] == [3, 1, 3, 0, 0, 0, 1]
    html = desk.get(reverse("desk:partnerships")).content.decode()
    assert "Matched 20 days ago, not met" in html
    assert "Last met 39 days ago" in html
    assert str(met.pk) in html


def _now(staff: Staff) -> Staff:
    return make_staff(Role.COORDINATOR, Division.objects.get(pk=next(iter(staff.casework))), at=timezone.now())


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_much_for_one_as_for_three(
    count: int, desk: Client, coordinator: Staff, division: Division, programme: Programme,
    django_assert_num_queries: CountQueries,
) -> None:  # fmt: skip
    for number in range(count):
        make_couple(coordinator, division, programme, names=(f"A{number}", f"B{number}"), first_met_on=AT.date())
    desk.get(reverse("desk:partnerships"))
    with django_assert_num_queries(9):
        desk.get(reverse("desk:partnerships"))


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_as_much_for_a_long_story(
    count: int, desk: Client, pair: Partnership, coordinator: Staff, django_assert_num_queries: CountQueries
) -> None:
    by = _now(coordinator)
    for number in range(count):
        services.record_meeting(by=by, partnership=pair, on=TODAY - number * DAY)
        services.add_note(by=by, partnership=pair, text=f"Note {number}", author_name="Inger")
    page(desk, pair)
    with django_assert_num_queries(21):
        page(desk, pair)


def test_a_pair_from_match_to_active(desk: Client, pair: Partnership) -> None:
    html = page(desk, pair)
    assert "Ask both whether they have met" in html
    assert "Amina Yusuf" in html
    html = act(desk, "meet", pair, on=(TODAY - DAY).isoformat(), minutes="90")
    assert "The next step is their agreement." in html
    assert "They met for the first time, for 90 minutes" in html
    html = act(desk, "sign", pair, on=TODAY.isoformat(), until=(TODAY + 300 * DAY).isoformat())
    assert "The partnership is active." in html
    html = act(desk, "note", pair, text="They laughed a lot.")
    assert "They laughed a lot." in html
    pair.refresh_from_db()
    assert pair.state == S.ACTIVE


def test_a_second_press_changes_nothing(desk: Client, pair: Partnership) -> None:
    for _ in range(2):
        act(desk, "meet", pair, on=TODAY.isoformat())
        act(desk, "note", pair, text="Once.")
    html = act(desk, "meet", pair, on=TODAY.isoformat())
    assert "A meeting on that day stands here already." in html
    assert (Meeting.objects.count(), Note.objects.count()) == (1, 1)


def test_wrong_days_keep_what_was_typed(desk: Client, pair: Partnership) -> None:
    tomorrow = (TODAY + DAY).isoformat()
    html = act(desk, "meet", pair, on=tomorrow, minutes="45")
    assert "That day is still to come." in html
    assert 'value="45"' in html
    assert "still to come" in act(desk, "sign", pair, on=tomorrow)
    assert "after today" in act(desk, "pause", pair, until=TODAY.isoformat())
    assert not Meeting.objects.exists()


def test_a_pause_is_taken_back(desk: Client, pair: Partnership) -> None:
    html = act(desk, "pause", pair)
    assert reverse("desk:partnership_resume", args=[pair.pk]) in html
    assert "no longer where it was" in act(desk, "pause", pair)
    act(desk, "resume", pair)
    pair.refresh_from_db()
    assert pair.state == S.MATCHED


def test_a_paused_pair_is_let_go_on_by_one_button(desk: Client, pair: Partnership) -> None:
    act(desk, "pause", pair)
    html = page(desk, pair)
    # Once among the actions; the toast's undo has been shown already.
    assert html.count(reverse("desk:partnership_resume", args=[pair.pk])) == 1
    assert html.count("Let them go on") == 1


def test_what_a_closed_pair_never_did_is_left_out_not_to_come(desk: Client, pair: Partnership) -> None:
    Partnership.objects.filter(pk=pair.pk).update(state=S.CLOSED, closing_reason="goal", closed_on=TODAY)
    states = [step["state"] for step in desk.get(reverse("desk:partnership", args=[pair.pk])).context["steps"]]
    assert states == ["done", "skipped", "skipped", "skipped", "done"]


def test_a_closed_partnership_takes_no_meeting(desk: Client, pair: Partnership, coordinator: Staff) -> None:
    services.close_partnership(by=_now(coordinator), partnership=pair, on=TODAY, reason="goal")
    assert reverse("desk:partnership_meet", args=[pair.pk]) not in page(desk, pair)
    assert "A meeting can no longer be added." in act(desk, "meet", pair, on=TODAY.isoformat())
    for name in ("sign", "pause", "close"):
        assert "has been closed already" in page(desk, pair, f"partnership_{name}")


def test_another_division_answers_404(
    client: Client, sign_in: SignIn, other_coordinator: Staff, pair: Partnership
) -> None:
    elsewhere = sign_in(client, other_coordinator)
    assert listed(elsewhere) == []
    for name in ("", "_meet", "_note", "_sign", "_pause", "_resume", "_close"):
        assert elsewhere.post(reverse(f"desk:partnership{name}", args=[pair.pk])).status_code == 404


def test_the_mentors_division_reads_and_does_not_write(
    client: Client, sign_in: SignIn, coordinator: Staff, other_coordinator: Staff, division: Division,
    other_division: Division, programme: Programme,
) -> None:  # fmt: skip
    pair = make_couple(coordinator, division, programme, mentor_division=other_division)
    elsewhere = sign_in(client, other_coordinator)
    html = page(elsewhere, pair)
    assert "The mentee’s division looks after this pair." in html
    assert reverse("desk:partnership_meet", args=[pair.pk]) not in html
    assert "You do not work in this division." in act(elsewhere, "meet", pair, on=TODAY.isoformat())


@pytest.mark.parametrize("state", S)
def test_nothing_is_left_untranslated(state: S, desk: Client, pair: Partnership) -> None:
    act(desk, "meet", pair, on=TODAY.isoformat(), minutes="60")
    act(desk, "note", pair, text="Seen.")
    closed = {"closing_reason": "goal", "closed_on": TODAY} if state == S.CLOSED else {}
    Partnership.objects.filter(pk=pair.pk).update(state=state, **closed)
    desk.cookies["django_language"] = "xb"
    assert untranslated(page(desk, pair)) == []
    for name in ("sign", "pause", "close"):
        assert untranslated(page(desk, pair, f"partnership_{name}")) == []
        assert untranslated(act(desk, name, pair, until="x")) == []
    assert untranslated(act(desk, "meet", pair, on="x")) == []
    for query in ({}, {"q": "nobody"}, {"state": "not-met"}, {"state": str(state)}):
        assert untranslated(desk.get(reverse("desk:partnerships"), query).content.decode()) == []
