"""Computing how long pairs last: asked for once, done in the background, killed on the way, and who may ask."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from factories.django_rows import AT, TODAY, make_enrolment, make_person, make_staff, saved
from mentornet.audit.models import Entry
from mentornet.common import jobs
from mentornet.common.actors import System
from mentornet.common.answers import NotAllowedError
from mentornet.common.computed import STOPPED_AFTER, ComputedState
from mentornet.divisions.models import Division, Role
from mentornet.divisions.staff import Staff
from mentornet.followup import courses, tasks
from mentornet.followup.models import SurvivalFit
from mentornet.followup.services import ask_for_fit, ask_weekly, fit_history
from mentornet.followup.services.fits import FIT, KEPT_FOR
from mentornet.followup.sign_queries import fit_at_work, newest_fit
from mentornet.intake.models import Enrolment
from mentornet.partnerships.models import Partnership
from mentornet.people.enums import ObjectionPurpose
from mentornet.people.enums import Role as Part
from mentornet.people.models import Objection
from mentornet.programmes.models import Programme

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
BY = System("survival", AT)


@pytest.fixture
def lead(division: Division) -> Staff:
    return make_staff(Role.DIVISION_LEAD, division)


@pytest.fixture
def sides(division: Division, programme: Programme) -> tuple[Enrolment, Enrolment]:
    return (
        make_enrolment(Part.MENTEE, division, programme=programme, person=make_person("Amina")),
        make_enrolment(Part.MENTOR, division, programme=programme, person=make_person("Karen")),
    )


def ended(sides: tuple[Enrolment, Enrolment], count: int, *, reason: str = "time", days: int = 50) -> None:
    """Make so many partnerships that ended; whoever they are of does not matter here."""
    mentee, mentor = sides
    for number in range(count):
        saved(
            Partnership(
                mentee=mentee, mentor=mentor, division=mentee.division, state="closed", closing_reason=reason,
                matched_on=TODAY - (days + 40 + number) * DAY, first_met_on=TODAY - (days + 35 + number) * DAY,
                closed_on=TODAY - (40 + number) * DAY, created_at=AT,
            )
        )  # fmt: skip


def compute(fit: SurvivalFit) -> SurvivalFit:
    done = fit_history(by=BY, fit_id=fit.pk, attempt=fit.attempt, clock=lambda: AT)
    assert done is not None
    return done


def test_asked_twice_it_is_computed_once(lead: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr("mentornet.followup.services.fits.enqueue", lambda name, **given: asked.append({name: given}))
    fit = ask_for_fit(by=lead)
    assert ask_for_fit(by=lead) == fit
    assert asked == [{FIT: {"fit_id": str(fit.pk), "attempt": 1}}]
    compute(fit)
    assert ask_for_fit(by=lead) != fit
    assert Entry.objects.filter(act="followup.ask_for_fit").count() == 2


def test_only_leads_and_the_program_ask(coordinator: Staff, sides: tuple[Enrolment, Enrolment]) -> None:
    with pytest.raises(NotAllowedError):
        ask_for_fit(by=coordinator)
    ask_weekly(by=System("week", AT))
    # Nothing has ended yet.
    assert not SurvivalFit.objects.exists()
    ended(sides, 1)
    ask_weekly(by=System("week", AT))
    assert SurvivalFit.objects.get().asked_by == "system:week"


def test_the_worker_does_it(lead: Staff, sides: tuple[Enrolment, Enrolment]) -> None:
    ended(sides, 3)
    fit = ask_for_fit(by=lead)
    assert fit.in_all == 3
    assert jobs.run_ready_job("here", AT)
    done = newest_fit()
    assert done is not None
    assert (done.pk, done.endings, done.read) == (fit.pk, 3, 3)
    assert done.content == {"count": 3, "dimensions": {}, "left_out": 0}
    assert fit_at_work() is None
    assert tasks.fit.func(fit_id=str(fit.pk), attempt=1) is None
    assert SurvivalFit.objects.get().fitted_at == done.fitted_at


def test_a_hundred_endings_tell_something(lead: Staff, sides: tuple[Enrolment, Enrolment]) -> None:
    ended(sides, 99)
    assert compute(ask_for_fit(by=lead)).content["dimensions"] == {}
    ended(sides, 1, days=51)
    ended(sides, 60, reason="goal", days=300)
    content = compute(ask_for_fit(by=lead)).content
    (everybody,) = content["dimensions"]["all"]["groups"]
    assert (everybody["count"], everybody["endings"]) == (160, 100)
    assert everybody["steps"][0][:2] == [50, pytest.approx(61 / 160, abs=1e-4)]
    keys = [content["dimensions"][name]["groups"][0]["key"] for name in ("programme", "division")]
    assert keys == [str(sides[0].programme_id), str(sides[0].division_id)]


def test_who_objects_to_being_counted_is_not(lead: Staff, sides: tuple[Enrolment, Enrolment]) -> None:
    ended(sides, 2)
    Objection.objects.create(
        person=sides[1].person, purpose=ObjectionPurpose.STATISTICS, noted_by="user:x", created_at=AT
    )
    assert compute(ask_for_fit(by=lead)).content["count"] == 0


def test_killed_on_the_way_it_is_as_if_it_had_not_begun(
    lead: Staff, sides: tuple[Enrolment, Enrolment], monkeypatch: pytest.MonkeyPatch
) -> None:
    ended(sides, 5)
    monkeypatch.setattr(courses, "AT_ONCE", 2)
    fit = ask_for_fit(by=lead)
    told: list[int] = []

    def dies() -> Any:
        told.append(SurvivalFit.objects.get().read)
        if len(told) == 3:
            raise KeyboardInterrupt
        return AT

    with pytest.raises(KeyboardInterrupt):
        fit_history(by=BY, fit_id=fit.pk, attempt=1, clock=dies)
    fit.refresh_from_db()
    assert (fit.state, fit.read, fit.endings, fit.content) == (ComputedState.AT_WORK, 2, 0, {})
    # Queued again by the queue itself, the same attempt goes through.
    assert compute(fit).endings == 5


def test_what_has_stopped_is_begun_anew_and_the_former_attempt_ends(
    lead: Staff, sides: tuple[Enrolment, Enrolment]
) -> None:
    ended(sides, 2)
    fit = ask_for_fit(by=lead)
    late = replace(lead, at=AT + STOPPED_AFTER)
    assert not fit.has_stopped(AT + STOPPED_AFTER - timedelta(seconds=1))
    assert fit.has_stopped(late.at)
    anew = ask_for_fit(by=late)
    assert (anew.pk, anew.attempt) == (fit.pk, 2)
    assert fit_history(by=BY, fit_id=fit.pk, attempt=1, clock=lambda: AT) is None
    assert compute(anew).endings == 2


def test_begun_anew_while_it_reads_it_ends_without_a_word(lead: Staff, sides: tuple[Enrolment, Enrolment]) -> None:
    ended(sides, 2)
    fit = ask_for_fit(by=lead)
    calls: list[int] = []

    def another_is_asked_for() -> Any:
        calls.append(1)
        if len(calls) == 2:
            SurvivalFit.objects.update(attempt=2)
        return AT

    assert fit_history(by=BY, fit_id=fit.pk, attempt=1, clock=another_is_asked_for) is None
    assert SurvivalFit.objects.get().state == ComputedState.AT_WORK


def test_what_is_more_than_a_year_old_goes(lead: Staff) -> None:
    old = compute(ask_for_fit(by=lead))
    ask_weekly(by=System("week", AT + KEPT_FOR))
    assert SurvivalFit.objects.filter(pk=old.pk).exists()
    ask_weekly(by=System("week", AT + KEPT_FOR + DAY))
    assert not SurvivalFit.objects.filter(pk=old.pk).exists()


def test_what_goes_in_are_days_and_places_of_the_network_alone() -> None:
    """No country, language, faith, health or ground of residence: not even read."""
    assert set(courses._COLUMNS) == {
        "pk", "matched_on", "first_met_on", "agreement_on", "agreed_until", "state", "closed_on", "closing_reason",
        "mentee__programme_id", "division_id",
    }  # fmt: skip
