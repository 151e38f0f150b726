"""Foretelling waits: asked for once, done in the background, too early below a hundred matches, and never of few."""

from __future__ import annotations

from datetime import timedelta
from math import inf
from typing import Any

import numpy as np
import pytest
from django.utils.translation import override

from factories.django_rows import AT, TODAY, make_enrolment, make_person, make_staff, saved
from mentornet.audit.models import Entry
from mentornet.common import jobs
from mentornet.common.actors import System
from mentornet.common.answers import NotAllowedError
from mentornet.common.computed import STOPPED_AFTER, ComputedState
from mentornet.divisions.models import Division, Role
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.matching import forecast as forecasts
from mentornet.matching import tasks
from mentornet.matching.forecast import (
    FEWEST,
    expected_wait,
    foretell,
    newest_forecast,
    wait_in_words,
    widening_of,
    words_for_her,
)
from mentornet.matching.models import Forecast
from mentornet.matching.past import Past, read_past
from mentornet.matching.services import ask_for_forecast, ask_weekly_for_forecast, compute_forecast
from mentornet.matching.services.forecasts import FORETELL, KEPT_FOR
from mentornet.matching.solving import solved
from mentornet.partnerships.models import Partnership
from mentornet.people.enums import ObjectionPurpose
from mentornet.people.enums import Role as Part
from mentornet.people.models import Objection
from mentornet.programmes.models import Programme
from mentornet.programmes.queries import current_version
from pairing import history

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
BY = System("forecast", AT)


@pytest.fixture
def lead(division: Division) -> Staff:
    return make_staff(Role.DIVISION_LEAD, division)


@pytest.fixture
def sides(division: Division, programme: Programme) -> tuple[Enrolment, Enrolment]:
    return (
        make_enrolment(Part.MENTEE, division, programme=programme, person=make_person("Amina")),
        make_enrolment(Part.MENTOR, division, programme=programme, person=make_person("Karen")),
    )


def matched(sides: tuple[Enrolment, Enrolment], count: int) -> None:
    """Make so many partnerships; whoever they are of does not matter here."""
    mentee, mentor = sides
    for number in range(count):
        on = TODAY - (40 + 6 * number) * DAY
        saved(
            Partnership(
                mentee=mentee, mentor=mentor, division=mentee.division, state="closed", closing_reason="goal",
                matched_on=on, first_met_on=on, closed_on=on + 5 * DAY, created_at=AT,
            )
        )  # fmt: skip


def compute(forecast: Forecast) -> Forecast:
    done = compute_forecast(by=BY, forecast_id=forecast.pk, attempt=forecast.attempt, clock=lambda: AT)
    assert done is not None
    return done


def test_asked_twice_it_is_computed_once(lead: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(
        "mentornet.matching.services.forecasts.enqueue", lambda name, **given: asked.append({name: given})
    )
    forecast = ask_for_forecast(by=lead)
    assert ask_for_forecast(by=lead) == forecast
    assert asked == [{FORETELL: {"forecast_id": str(forecast.pk), "attempt": 1}}]
    compute(forecast)
    assert ask_for_forecast(by=lead) != forecast
    assert Entry.objects.filter(act="matching.ask_for_forecast").count() == 2


def test_only_leads_and_the_program_ask(coordinator: Staff, sides: tuple[Enrolment, Enrolment]) -> None:
    with pytest.raises(NotAllowedError):
        ask_for_forecast(by=coordinator)
    matched(sides, 99)
    ask_weekly_for_forecast(by=System("week", AT))
    assert not Forecast.objects.exists()
    matched(sides, 1)
    ask_weekly_for_forecast(by=System("week", AT))
    assert Forecast.objects.get().asked_by == "system:week"


def test_the_worker_does_it_and_says_that_it_is_too_early(lead: Staff, sides: tuple[Enrolment, Enrolment]) -> None:
    matched(sides, 99)
    forecast = ask_for_forecast(by=lead)
    assert jobs.run_ready_job("here", AT)
    done = newest_forecast()
    assert done is not None
    assert (done.pk, done.matches) == (forecast.pk, 99)
    programme = str(sides[0].programme_id)
    assert done.content == {"programmes": {programme: {"matches": 99}}}
    assert tasks.foretell.func(forecast_id=str(forecast.pk), attempt=1) is None
    # Nothing is said to anybody from fewer than a hundred.
    assert expected_wait(done, programme_id=sides[0].programme_id, division_id=sides[0].division_id) is None
    assert words_for_her(sides[0]) == ""


def test_who_objects_to_being_counted_is_not(lead: Staff, sides: tuple[Enrolment, Enrolment]) -> None:
    matched(sides, 2)
    Objection.objects.create(
        person=sides[1].person, purpose=ObjectionPurpose.STATISTICS, noted_by="user:x", created_at=AT
    )
    assert compute(ask_for_forecast(by=lead)).matches == 0


def test_begun_anew_the_earlier_attempt_ends_without_a_word(lead: Staff, sides: tuple[Enrolment, Enrolment]) -> None:
    matched(sides, 1)
    forecast = ask_for_forecast(by=lead)
    Forecast.objects.update(created_at=AT - STOPPED_AFTER - DAY)
    anew = ask_for_forecast(by=lead)
    assert (anew.pk, anew.attempt) == (forecast.pk, 2)
    assert compute_forecast(by=BY, forecast_id=forecast.pk, attempt=1, clock=lambda: AT) is None
    assert Forecast.objects.get().state == ComputedState.AT_WORK
    compute(anew)


def test_what_is_old_is_deleted(lead: Staff) -> None:
    old = compute(ask_for_forecast(by=lead))
    ask_weekly_for_forecast(by=System("week", AT + KEPT_FOR))
    assert Forecast.objects.filter(pk=old.pk).exists()
    ask_weekly_for_forecast(by=System("week", AT + KEPT_FOR + DAY))
    assert not Forecast.objects.filter(pk=old.pk).exists()


# What is foretold -----------------------------------------------------------------------------------------------------


@pytest.fixture
def network(division: Division, programme: Programme) -> Past:
    """Forty mentors and 130 women in one division, over three years, as a history of rows; most were matched."""
    mentors = [make_enrolment(Part.MENTOR, division, programme=programme) for _ in range(40)]
    for number in range(130):
        woman = make_enrolment(Part.MENTEE, division, programme=programme)
        came = TODAY - (40 + 7 * number) * DAY
        Enrolment.objects.filter(pk=woman.pk).update(created_at=AT - (40 + 7 * number) * DAY)
        type(woman.application).objects.filter(pk=woman.application_id).update(received_on=came - 8 * DAY)
        if number % 10 == 0:
            continue
        saved(
            Partnership(
                mentee=woman, mentor=mentors[number % 40], division=division, state="closed", closing_reason="goal",
                matched_on=came + (10 + number % 50) * DAY, closed_on=TODAY - 3 * DAY, created_at=AT,
            )
        )  # fmt: skip
    Enrolment.objects.filter(pk__in=[one.pk for one in mentors]).update(briefed_on=TODAY - 1_200 * DAY)
    return read_past(current_version(programme.pk), TODAY)


@pytest.fixture
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few runs: what they come to is another file's business."""
    monkeypatch.setattr(forecasts, "SEEDS", (1, 2))
    monkeypatch.setattr(history, "HANDS_TRIED", (1.0,))
    monkeypatch.setattr(history, "FAIR_TRIED", (1.0,))


@pytest.mark.usefixtures("quickly")
def test_a_hundred_matches_tell_something(network: Past, lead: Staff, division: Division) -> None:
    done = compute(ask_for_forecast(by=lead))
    assert done.played == done.in_all > 0
    (content,) = done.content["programmes"].values()
    assert content["matches"] >= 100
    assert {(one["every"], one["lends"]) for one in content["ways"]} == {
        (every, lends) for every in (0, 7, 30) for lends in (False, True)
    }
    for one in content["ways"]:
        assert one["matched"] == sorted(one["matched"])
    # What came lay beyond all that two runs foretold: that is kept as nothing, and read as no end.
    (kept,) = {name for name, by in content["wider"].items() if by is None}
    assert widening_of(content)[kept] == inf
    assert content["tried"]["really"] == network.history.matches(TODAY.toordinal() - 365, TODAY.toordinal())
    assert min(one["women"] for one in content["groups"]) >= FEWEST
    woman = Enrolment.objects.filter(role=Part.MENTEE).first()
    assert woman is not None
    found = expected_wait(done, programme_id=woman.programme_id, division_id=division.pk, occupation="2221")
    assert found is not None
    assert found.women >= FEWEST
    # What was foretold of those waits before was wrong without end: she reads nothing rather than something wrong.
    assert found.foretold[0] is None
    assert words_for_her(woman) == ""
    for one in content["groups"]:
        one["foretold"] = [35.0, 80.0, 130.0]
    Forecast.objects.update(content=done.content)
    words = words_for_her(woman)
    assert "half of the women who apply here wait between 1 month and 4 months" in words
    assert "This is not a promise." in words
    assert str(woman.person.first_name) not in words
    for language in ("da", "ar", "fa", "uk"):
        with override(language):
            assert not {"women", "promise.", "weeks", "months"} & set(words_for_her(woman).split())


@pytest.mark.usefixtures("quickly")
def test_the_same_past_foretells_the_same(network: Past) -> None:
    one, again = (foretell(network, TODAY.toordinal(), solve=solved, tell=lambda: None) for _ in range(2))
    assert one == again


def test_few_are_widened_and_the_one_beside_them_is_hidden_too(network: Past) -> None:
    """Three fields in one division: of few women, of many, of some; the few are not told, nor the smallest beside."""
    fields = np.array(["2", "5"] * 65)
    few = np.zeros(130, np.bool_)
    few[:4] = True
    groups = [("d", "1", few), ("d", "2", ~few & (fields == "2")), ("d", "5", fields == "5")]
    shown = forecasts._told(network, [], TODAY.toordinal(), groups)
    assert "1" not in {one["field"] for one in shown}
    # The control: without the few everybody with enough is told.
    all_told = forecasts._told(network, [], TODAY.toordinal(), groups[1:])
    assert len(all_told) == 2
    assert len(shown) == len(all_told) - 1


@pytest.mark.parametrize(
    ("quarters", "words"),
    [
        ((42.0, 70.0, 98.0), "Of 31 women like her, half waited between 6 weeks and 14 weeks."),
        ((42.0, 150.0, 300.0), "half waited between 1 month and 10 months."),
        ((42.0, 70.0, None), "a quarter had a mentor within 6 weeks, and half within 10 weeks."),
        ((42.0, None, None), "a quarter had a mentor within 6 weeks. How long the others wait is not known."),
        ((None, None, None), "fewer than a quarter had a mentor within a year."),
    ],
)
def test_a_wait_is_told_as_a_range_with_its_base(
    quarters: tuple[float | None, float | None, float | None], words: str
) -> None:
    assert words in wait_in_words(quarters, 31)
