"""What five more mentors would change: what is missing helps as five real ones do, what nobody needs hardly does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import pytest

from factories.django_rows import AT, TODAY, make_enrolment, saved
from mentornet.common import jobs
from mentornet.common.actors import System
from mentornet.common.answers import NotAllowedError
from mentornet.common.computed import STOPPED_AFTER, ComputedState
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.matching import five_more, forecast
from mentornet.matching.five_more import Wanted, play, visible_five_more
from mentornet.matching.models import FiveMore, Forecast, ShortageMap
from mentornet.matching.past import read_past
from mentornet.matching.services import ask_for_five_more, ask_for_the_most_wanted, compute_five_more
from mentornet.matching.services.five_more import KEPT_FOR
from mentornet.matching.solving import solved
from mentornet.partnerships.models import Partnership
from mentornet.people.enums import Role
from mentornet.programmes.models import Programme
from mentornet.programmes.queries import current_version

pytestmark = pytest.mark.django_db

DAY: Final = timedelta(days=1)
FOUND: Final[dict[str, Any]] = {
    "habits": {"hands": 2.0, "fair": 1.0},
    "wider": {"matched": 0.1, "left": 0.1, "waiting": 0.1, "half": 0.1},
}
EVENING: Final[dict[str, Any]] = {"availability": ("mon-evening",), "meeting": ("in person",), "topics": ("cv",)}
SOMALI: Final[dict[str, Any]] = {"languages": {"da": "C2", "so": "C2"}}
MISSING: Final = Wanted(language="so", time="evenings")
NOT_NEEDED: Final = Wanted(time="weekends")


@pytest.fixture
def network(division: Division, programme: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    """Forty women who were matched, and ten who ask for a mentor who speaks their language: nobody does."""
    monkeypatch.setattr(forecast, "SEEDS", (1, 2, 3))
    mentors = [make_enrolment(Role.MENTOR, division, programme=programme, **EVENING) for _ in range(20)]
    for number in range(40):
        woman = make_enrolment(Role.MENTEE, division, programme=programme, **EVENING)
        listed(woman, 60 + 12 * number)
        saved(
            Partnership(
                mentee=woman, mentor=mentors[number % 20], division=division, state="closed", closing_reason="goal",
                matched_on=TODAY - (30 + 12 * number) * DAY, closed_on=TODAY - 3 * DAY, created_at=AT,
            )
        )  # fmt: skip
    for _ in range(10):
        waits = make_enrolment(
            Role.MENTEE, division, programme=programme, enrolment={"since": TODAY - 40 * DAY},
            requires=("language:so",), **EVENING, **SOMALI,
        )  # fmt: skip
        listed(waits, 40)
    Enrolment.objects.filter(pk__in=[one.pk for one in mentors]).update(briefed_on=TODAY - 900 * DAY)
    Enrolment.objects.filter(partnerships_as_mentee__isnull=False).update(ended_on=TODAY - 3 * DAY)


def listed(woman: Enrolment, ago: int) -> None:
    Enrolment.objects.filter(pk=woman.pk).update(created_at=AT - ago * DAY)
    type(woman.application).objects.filter(pk=woman.application_id).update(received_on=TODAY - (ago + 5) * DAY)


def played(division: Division, programme: Programme, wanted: Wanted) -> dict[str, Any]:
    return play(
        read_past(current_version(programme.pk), TODAY), TODAY.toordinal(), wanted, division_id=division.pk,
        division=division.name, found=FOUND, solve=solved, tell=lambda: None,
    )  # fmt: skip


@pytest.mark.usefixtures("network")
def test_five_of_whom_is_missing_change_what_five_real_ones_do(division: Division, programme: Programme) -> None:
    without = played(division, programme, MISSING)
    more = without["more"]
    assert more["matched"][1] > 0
    assert more["waiting"][1] < 0
    # Five who are really there: the year as it is now has become the year with five more.
    for _ in range(5):
        real = make_enrolment(Role.MENTOR, division, programme=programme, **EVENING, **SOMALI)
        Enrolment.objects.filter(pk=real.pk).update(briefed_on=TODAY - DAY)
    really = played(division, programme, NOT_NEEDED)
    assert really["now"]["matched"][1] > without["now"]["matched"][1]
    assert really["now"]["matched"][1] == pytest.approx(without["then"]["matched"][1], rel=0.25)


@pytest.mark.usefixtures("network")
def test_five_whom_nobody_needs_change_nothing(division: Division, programme: Programme) -> None:
    # The control of the test above: people and luck are the same, so not one number differs.
    found = played(division, programme, NOT_NEEDED)
    assert found["now"] == found["then"]
    assert {one[1] for one in found["more"].values() if one is not None} == {0.0}


@pytest.mark.usefixtures("network")
def test_where_nobody_has_ever_been_nothing_is_played(other_division: Division, programme: Programme) -> None:
    assert played(other_division, programme, MISSING) == {}


# Asking for it --------------------------------------------------------------------------------------------------------


@pytest.fixture
def foretold(programme: Programme) -> Forecast:
    return Forecast.objects.create(
        created_at=AT, asked_by="system:x", state="done", computed_at=AT, until=TODAY, matches=400,
        content={"programmes": {str(programme.pk): {"matches": 400, **FOUND}}},
    )  # fmt: skip


def asked_by(by: Staff | System, division: Division, programme: Programme, wanted: Wanted = MISSING) -> FiveMore:
    return ask_for_five_more(by=by, division_id=division.pk, programme_id=programme.pk, wanted=wanted)


@pytest.mark.usefixtures("foretold", "network")
def test_asked_twice_it_is_played_once_by_the_worker(
    coordinator: Staff, division: Division, programme: Programme
) -> None:
    one = asked_by(coordinator, division, programme)
    assert asked_by(coordinator, division, programme) == one
    assert asked_by(coordinator, division, programme, NOT_NEEDED) != one
    while jobs.run_ready_job("here", AT):
        pass
    done = FiveMore.objects.get(pk=one.pk)
    assert (done.state, done.played, done.in_all) == (ComputedState.DONE, 6, five_more.RUNS)
    assert done.content["more"]["matched"][1] > 0
    # Asked for again it takes the place of what was found before.
    again = asked_by(coordinator, division, programme)
    assert compute_five_more(by=System("x", AT), asked_id=again.pk, attempt=1, clock=lambda: AT) is not None
    assert [row.pk for row in FiveMore.objects.filter(language="so")] == [again.pk]


@pytest.mark.usefixtures("foretold")
def test_only_who_works_there_asks_and_only_for_what_there_is(
    coordinator: Staff, other_coordinator: Staff, division: Division, programme: Programme
) -> None:
    with pytest.raises(NotAllowedError):
        asked_by(other_coordinator, division, programme)
    for wanted in (Wanted("99"), Wanted("251"), Wanted(language="xx-no"), Wanted(time="nights")):
        with pytest.raises(NotAllowedError, match="no such field of work, language or time"):
            asked_by(coordinator, division, programme, wanted)
    asked_by(coordinator, division, programme)
    assert visible_five_more(coordinator).count() == 1
    assert not visible_five_more(other_coordinator).exists()


def test_too_early_is_said(coordinator: Staff, division: Division, programme: Programme) -> None:
    with pytest.raises(NotAllowedError, match="It is too early"):
        asked_by(coordinator, division, programme)


@pytest.mark.usefixtures("foretold")
def test_begun_anew_the_earlier_attempt_ends_without_a_word(
    coordinator: Staff, division: Division, programme: Programme
) -> None:
    one = asked_by(coordinator, division, programme)
    FiveMore.objects.update(created_at=AT - STOPPED_AFTER - DAY)
    anew = asked_by(coordinator, division, programme)
    assert (anew.pk, anew.attempt) == (one.pk, 2)
    assert compute_five_more(by=System("x", AT), asked_id=one.pk, attempt=1, clock=lambda: AT) is None


@pytest.mark.usefixtures("foretold")
def test_what_the_shortage_map_puts_first_is_asked_for_by_itself(division: Division, programme: Programme) -> None:
    profile = {"occupation": "22", "language": "ar", "online": False, "time": "evenings", "number": 1, "points": 61}
    kept = ShortageMap.objects.create(
        division=division, programme=programme, asked_by="system:x", state="done", created_at=AT, computed_at=AT,
        content={"profiles": [profile, profile | {"occupation": "5"}]},
    )  # fmt: skip
    old = FiveMore.objects.create(
        division=division, programme=programme, time="any", asked_by="x", state="done", created_at=AT,
        computed_at=AT - KEPT_FOR - DAY,
    )  # fmt: skip
    assert ask_for_the_most_wanted(by=System("forecast", AT)) == 1
    one = FiveMore.objects.get()
    assert one.pk != old.pk
    wanted = five_more.wanted_by(one)
    assert wanted == Wanted("22", "ar", "evenings")
    assert (five_more.place_of(wanted, kept), five_more.place_of(Wanted("5", "ar", "evenings"), kept)) == (1, 2)
    assert five_more.place_of(MISSING, kept) is None
    # Where nobody is missing, and where it is too early, nothing is asked.
    ShortageMap.objects.update(content={"profiles": []})
    assert ask_for_the_most_wanted(by=System("forecast", AT)) == 0
