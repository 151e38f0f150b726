"""Early signs and how long pairs last, as the desk shows them; and that the two never meet them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from days import TODAY
from factories.django_rows import make_division, make_programme, make_staff
from mentornet.agenda.models import Kind, Task
from mentornet.common.actors import System
from mentornet.divisions.models import Division, Role
from mentornet.divisions.staff import Staff
from mentornet.followup.models import EarlySign, SurvivalFit
from mentornet.followup.services import look_for_signs
from mentornet.intake.models import Enrolment
from mentornet.partnerships.enums import PartnershipState
from mentornet.partnerships.models import Partnership
from mentornet.programmes.models import Programme
from mentornet.web.desk.signs import shown
from pages import untranslated
from partnerships.couples import make_couple
from signing import CountQueries, SignIn

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
LIST = "/desk/early-signs/"


@pytest.fixture
def desk(client: Client, sign_in: SignIn, coordinator: Staff) -> Client:
    return sign_in(client, coordinator)


def warned(by: Staff, division: Division, programme: Programme, name: str = "Amina", days: int = 100) -> Partnership:
    """Make an active pair who met so many days ago for the last time."""
    met = TODAY - days * DAY
    names = (name, f"Mentor of {name}")
    pair = make_couple(by, division, programme, names=names, matched_on=met - 5 * DAY, first_met_on=met)
    Partnership.objects.filter(pk=pair.pk).update(state=PartnershipState.ACTIVE, agreement_on=met)
    pair.refresh_from_db()
    return pair


def tonight() -> None:
    look_for_signs(by=System("night", timezone.now()))


@pytest.fixture
def pair(coordinator: Staff, division: Division, programme: Programme) -> Partnership:
    pair = warned(coordinator, division, programme)
    tonight()
    return pair


def names(client: Client, **query: str) -> list[str]:
    return [row.pair.mentee.person.first_name for row in client.get(LIST, query).context["rows"]]


def html(client: Client, address: str, **query: str) -> str:
    response = client.get(address, query, follow=True)
    assert response.status_code == 200
    return str(response.content.decode())


def test_the_list_says_why_most_signs_first_and_filters(
    desk: Client, coordinator: Staff, division: Division, programme: Programme
) -> None:
    warned(coordinator, division, programme, "One", 100)
    other = make_programme("Another programme")
    both = warned(coordinator, division, other, "Both", 60)
    tonight()
    falling = {"going": 2, "on": "2026-03-03", "before": 4, "before_on": "2026-02-02"}
    EarlySign.objects.create(
        partnership=both, kind="falling", side="mentee", facts=falling, first_seen_on=TODAY, last_seen_on=TODAY,
        created_at=timezone.now(),
    )  # fmt: skip
    Enrolment.objects.filter(pk=both.mentee_id).update(coordinator=coordinator.user_id)
    assert names(desk) == ["Both", "One"]
    page = html(desk, LIST)
    assert "Nobody has told of a meeting for 100 days; the last one was on" in page
    assert "<bdi>Both</bdi> answered 2 of 5 on 3 March 2026, and 4 on 2 February 2026." in page
    assert names(desk, kind="falling") == ["Both"]
    assert names(desk, kind="nonsense") == ["Both", "One"]
    assert names(desk, programme=str(other.pk)) == ["Both"]
    assert names(desk, whose="mine") == ["Both"]
    assert names(desk, whose=str(coordinator.user_id), kind="unmet") == ["Both"]
    assert names(desk, state="aside") == []


FACTS = [
    ("unmet", "", {"days": 1, "last": "2026-03-01"}, "for 1 day; the last one was on 1 March 2026."),
    ("falling", "mentor", {"going": 1, "on": "2026-03-01"}, "<bdi>Karen</bdi> answered 1 of 5 on 1 March 2026."),
    (
        "one_silent", "mentee", {"unanswered": 3, "other_on": "2026-03-01"},
        "<bdi>Amina</bdi> has left the last 3 questions unanswered; <bdi>Karen</bdi> answered on 1 March 2026.",
    ),
    (
        "both_silent", "", {"mentee": 2, "mentor": 4},
        "<bdi>Amina</bdi> has left the last 2 questions unanswered, <bdi>Karen</bdi> the last 4.",
    ),
    (
        "pace", "", {"met": 2, "agreed": 6, "days": 84, "frequency": "fortnight"},
        "They have told of 2 meetings in the last 84 days; as they have agreed, it would have been about 6.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "side", "facts", "words"), FACTS)
def test_every_sign_has_its_sentence(
    kind: str,
    side: str,
    facts: dict[str, Any],
    words: str,
    coordinator: Staff,
    division: Division,
    programme: Programme,
) -> None:
    pair = make_couple(coordinator, division, programme)
    sign = EarlySign(partnership=pair, kind=kind, side=side, facts=facts)
    assert words in shown.reason_of(sign, pair)


def test_a_name_is_no_tag(coordinator: Staff, division: Division, programme: Programme) -> None:
    pair = make_couple(coordinator, division, programme, names=("<b>A", "B"))
    sign = EarlySign(partnership=pair, kind="falling", side="mentee", facts={"going": 1, "on": "2026-03-01"})
    assert "<bdi>&lt;b&gt;A</bdi>" in shown.reason_of(sign, pair)


def test_put_aside_with_a_reason_and_undone(desk: Client, pair: Partnership) -> None:
    address = reverse("desk:sign_aside", args=[pair.pk, "unmet"])
    assert "Nobody has told of a meeting" in html(desk, address)
    until = (TODAY + 20 * DAY).isoformat()
    typed = desk.post(address, {"reason": "", "until": until}).content.decode()
    assert "error-summary" in typed
    answer = desk.post(address, {"reason": "They are <away>.", "until": until}, follow=True).content.decode()
    assert "Put aside until" in answer
    assert "They are &lt;away&gt;." in answer
    again = reverse("desk:sign_again", args=[pair.pk, "unmet"])
    assert again in answer
    assert names(desk) == []
    assert names(desk, state="aside") == ["Amina"]
    assert not Task.objects.filter(kind=Kind.WARNED, done_at=None).exists()
    assert "It counts again." in desk.post(again, follow=True).content.decode()
    assert names(desk) == ["Amina"]
    # Pressed twice.
    assert desk.post(again, follow=True).status_code == 200
    assert Task.objects.filter(kind=Kind.WARNED, done_at=None).count() == 1


def test_a_sign_that_is_gone_leads_back_to_the_pair(desk: Client, pair: Partnership) -> None:
    EarlySign.objects.update(gone_on=TODAY)
    for address in (reverse("desk:sign_aside", args=[pair.pk, "unmet"]),):
        assert "This sign is gone" in html(desk, address)
    assert desk.get(reverse("desk:sign_aside", args=[pair.pk, "no-sign"])).status_code == 404


def test_the_pairs_page_and_today_say_why(desk: Client, pair: Partnership) -> None:
    page = html(desk, reverse("desk:partnership", args=[pair.pk]))
    assert 'id="early-signs"' in page
    assert "Nobody has told of a meeting for 100 days" in page
    assert "have not met for long: call them" in html(desk, reverse("desk:today"), whose="all")


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_much_for_one_as_for_three(
    count: int, desk: Client, coordinator: Staff, division: Division, programme: Programme,
    django_assert_num_queries: CountQueries,
) -> None:  # fmt: skip
    for number in range(count):
        warned(coordinator, division, programme, f"A{number}")
    tonight()
    desk.get(LIST)
    with django_assert_num_queries(11):
        desk.get(LIST)


def test_another_divisions_pairs_do_not_exist(desk: Client, programme: Programme) -> None:
    far = make_division("Far")
    there = warned(make_staff(Role.COORDINATOR, far), far, programme, "Zainab")
    tonight()
    assert names(desk) == []
    for name in ("sign_aside", "sign_again"):
        assert desk.post(reverse(f"desk:{name}", args=[there.pk, "unmet"])).status_code == 404
    assert EarlySign.objects.get().put_aside_until is None


def test_a_lent_mentors_division_does_not_look_after_the_pair(
    desk: Client, coordinator: Staff, division: Division, programme: Programme
) -> None:
    far = make_division("Far")
    met = TODAY - 100 * DAY
    pair = make_couple(
        make_staff(Role.COORDINATOR, far), far, programme, matched_on=met, first_met_on=met, mentor_division=division
    )
    Partnership.objects.update(state=PartnershipState.ACTIVE, agreement_on=met)
    tonight()
    assert EarlySign.objects.count() == 1
    assert names(desk) == []
    page = html(desk, reverse("desk:partnership", args=[pair.pk]))
    assert "Nobody has told of a meeting for" not in page
    answer = desk.post(
        reverse("desk:sign_aside", args=[pair.pk, "unmet"]), {"reason": "No.", "until": (TODAY + DAY).isoformat()}
    )
    assert EarlySign.objects.get().put_aside_until is None, answer


def test_nothing_is_left_untranslated(desk: Client, pair: Partnership) -> None:
    desk.cookies["django_language"] = "xb"
    aside = reverse("desk:sign_aside", args=[pair.pk, "unmet"])
    assert untranslated(html(desk, LIST)) == []
    assert untranslated(html(desk, aside)) == []
    assert untranslated(desk.post(aside, {"until": "x"}).content.decode()) == []
    assert untranslated(html(desk, reverse("desk:partnership", args=[pair.pk]))) == []
    desk.post(aside, {"reason": "Away.", "until": (TODAY + DAY).isoformat()})
    for query in ({}, {"state": "aside"}, {"kind": "pace"}):
        assert untranslated(html(desk, LIST, **query)) == []


# How long pairs last --------------------------------------------------------------------------------------------------

PAGE = "/desk/how-long-pairs-last/"


def group(key: str, share: float, count: int = 400, endings: int = 90) -> dict[str, Any]:
    at = {str(day): [share + more, share, 1.0, 120] for day, more in ((91, 0.2), (183, 0.1), (365, 0.0))}
    return {"key": key, "count": count, "endings": endings, "steps": [[40, share, share - 0.1, 0.9]], "at": at}


HELD_OUT = {
    "learnt_from": 700, "count": 300, "endings": 60, "concordance": 0.58, "brier": 0.2, "brier_of_all": 0.22,
    "calibration": [[0.7, 0.65, 200]],
}  # fmt: skip


def keep_fit(content: dict[str, Any] | None = None, endings: int = 120) -> SurvivalFit:
    now = timezone.now()
    return SurvivalFit.objects.create(
        created_at=now, asked_by="system:x", state="done", fitted_at=now, until=TODAY, endings=endings,
        content=content or {"count": 0, "dimensions": {}, "left_out": 0},
    )  # fmt: skip


def found(division: Division, *others: str) -> dict[str, Any]:
    def part(groups: list[dict[str, Any]], after: int = 0, hidden: int = 0) -> dict[str, Any]:
        return {"known_after": after, "groups": groups, "hidden": hidden, "held_out": HELD_OUT}

    parts = {
        "all": part([group("all", 0.6)]),
        "met": part([group("in_time", 0.7), group("later", 0.45)], after=21),
        "division": part([group(str(division.pk), 0.61), *(group(other, 0.31) for other in others)], hidden=2),
    }
    return {"count": 500, "dimensions": parts, "left_out": 1}


@pytest.mark.parametrize(
    ("endings", "words"),
    [(0, "Too early: 0 of 100 endings."), (4, "fewer than 5 of 100"), (37, "Too early: 37 of 100 endings.")],
)
def test_with_few_endings_it_is_too_early(desk: Client, endings: int, words: str) -> None:
    assert "Nothing has been computed yet" in html(desk, PAGE)
    keep_fit(endings=endings)
    page = html(desk, PAGE)
    assert words in page
    assert '<svg class="chart-drawing' not in page


def test_the_page_tells_each_group_with_how_many_it_was_read_from(desk: Client, division: Division) -> None:
    far = make_division("Far")
    keep_fit(found(division, str(far.pk), "gone"))
    page = html(desk, PAGE)
    assert "Of 100 pairs like these, about 80 last their first half year, and 70 their first year." in page
    assert "400 pairs, 90 early endings" in page
    assert page.count('class="chart-drawing"') == 4
    assert "in 58 of 100 cases. 50 would be by lot." in page
    assert "Groups with fewer than 5 early endings are not shown." in page
    # Another division's pairs are not hers to compare with.
    assert division.name in page
    assert "Far" not in page
    assert "of which 120 ended before their time" in page


def test_a_group_that_tells_no_more_than_chance_is_said_to(desk: Client, division: Division) -> None:
    content = found(division)
    content["dimensions"]["all"]["held_out"] = HELD_OUT | {"brier": 0.23}
    keep_fit(content)
    assert html(desk, PAGE).count("do not lean on it") == 1


def test_a_lead_has_it_computed_and_sees_how_far_it_is(
    client: Client, sign_in: SignIn, division: Division, coordinator: Staff
) -> None:
    sign_in(client, make_staff(Role.DIVISION_LEAD, division))
    page = client.post(reverse("desk:how_long_compute"), follow=True).content.decode()
    assert 'hx-get="/desk/how-long-pairs-last/progress/"' in page
    assert "It begins in a moment." in page
    SurvivalFit.objects.update(in_all=2_000, read=1_200, heartbeat_at=timezone.now())
    progress = reverse("desk:how_long_progress")
    assert "1200 of 2000 done." in client.get(progress, headers={"HX-Request": "true"}).content.decode()
    assert client.get(progress).status_code == 302
    long_ago = timezone.now() - timedelta(hours=1)
    SurvivalFit.objects.update(heartbeat_at=long_ago)
    assert "The work has stopped" in html(client, PAGE)
    assert client.get(progress, headers={"HX-Request": "true"})["HX-Redirect"] == PAGE
    client.post(reverse("desk:how_long_compute"))
    assert SurvivalFit.objects.get().attempt == 2


def test_nothing_of_it_is_left_untranslated(desk: Client, division: Division) -> None:
    desk.cookies["django_language"] = "xb"
    assert untranslated(html(desk, PAGE)) == []
    keep_fit(endings=3)
    assert untranslated(html(desk, PAGE)) == []
    SurvivalFit.objects.update(content=found(division))
    SurvivalFit.objects.create(created_at=timezone.now(), asked_by="x")
    assert untranslated(html(desk, PAGE)) == []
    SurvivalFit.objects.update(created_at=timezone.now() - DAY)
    assert untranslated(html(desk, PAGE)) == []


def test_a_coordinator_cannot_have_it_computed(desk: Client) -> None:
    assert desk.post(reverse("desk:how_long_compute")).status_code == 403
    assert "Compute anew" not in html(desk, PAGE)


@pytest.mark.parametrize(
    ("days", "met", "words"),
    [
        # 0.9 at a quarter; nobody had ended before day 40.
        (30, 5, "(Met within three weeks), about 90 lasted 3 months"),
        # 0.7 until now, 0.8 at half a year would be more than all: the steps of the test are not a history.
        (30, 25, "(Met later, or not at all), about 65 lasted 3 months"),
        (10, 5, "(All pairs), about 80 lasted 3 months"),
        (200, 5, "lasted 12 months"),
        (366, 5, ""),
    ],
)
def test_the_pairs_page_says_what_became_of_others(
    days: int, met: int, words: str, desk: Client, coordinator: Staff, division: Division, programme: Programme
) -> None:
    keep_fit(found(division))
    matched = TODAY - days * DAY
    pair = make_couple(coordinator, division, programme, matched_on=matched, first_met_on=matched + met * DAY)
    page = html(desk, reverse("desk:partnership", args=[pair.pk]))
    assert words in page
    assert ("Of 100 pairs that had lasted as long" in page) is bool(words)
    assert "Read from 400 pairs." in page or not words
