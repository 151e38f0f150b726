"""A quiet word that nobody has taken for a working day: those who may read it are told that something waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django_tasks_db.models import DBTaskResult

from factories.django_rows import AT, make_staff, user_of
from mentornet.common.actors import System
from mentornet.common.holidays import working_days_later
from mentornet.common.jobs import jobs_failed, run_ready_job
from mentornet.divisions.models import Division, Role
from mentornet.divisions.services import set_absence
from mentornet.divisions.staff import Staff
from mentornet.followup import services
from mentornet.followup.models import Concern, ConcernAlarm
from mentornet.followup.queries import is_late, readable_concerns
from mentornet.followup.rules import may_read
from mentornet.followup.services.alarms import LETTER_JOB
from mentornet.intake.models import Enrolment
from mentornet.partnerships.models import Partnership
from mentornet.people.models import Person
from mentornet.programmes.models import Programme
from partnerships.couples import make_couple
from partnerships.sides import acting

pytestmark = pytest.mark.django_db(transaction=True)
COPENHAGEN: Final = ZoneInfo("Europe/Copenhagen")
WORDS: Final = "kanariealarm"


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=COPENHAGEN)  # type: ignore[misc, arg-type]  # parts of a date


@pytest.mark.parametrize(
    ("told", "days", "due"),
    [
        (local(2026, 3, 2, 10, 30), 1, local(2026, 3, 3, 10, 30)),
        # A Friday: the weekend does not count.
        (local(2026, 3, 6, 15, 0), 1, local(2026, 3, 9, 15, 0)),
        (local(2026, 3, 6, 15, 0), 2, local(2026, 3, 10, 15, 0)),
        # On a Saturday: from Monday morning on.
        (local(2026, 3, 7, 11, 0), 1, local(2026, 3, 10)),
        # Before Easter 2026 (5 April): Maundy Thursday, Good Friday and Easter Monday are holidays.
        (local(2026, 4, 1, 9, 0), 1, local(2026, 4, 7, 9, 0)),
        # Over the change to summer time: the same hour.
        (local(2026, 3, 27, 9, 0), 1, local(2026, 3, 30, 9, 0)),
        (local(2026, 12, 23, 9, 0), 1, local(2026, 12, 28, 9, 0)),
    ],
)
def test_working_days(told: datetime, days: int, due: datetime) -> None:
    assert working_days_later(told, days) == due


@pytest.fixture
def pair(coordinator: Staff, division: Division, programme: Programme) -> Partnership:
    couple = make_couple(coordinator, division, programme)
    Enrolment.objects.filter(pk__in=[couple.mentee_id, couple.mentor_id]).update(coordinator_id=coordinator.user_id)
    return Partnership.objects.select_related("mentee__person", "mentor__person", "division").get(pk=couple.pk)


def raised(pair: Partnership, **facts: Any) -> Concern:
    values = {"about": "partner", "words": WORDS} | facts
    return services.raise_concern(by=acting(pair, "mentee"), partnership=pair, **values)


def sound(after: timedelta) -> int:
    return services.sound_alarms(by=System("alarms", AT + after))


def told() -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for row in ConcernAlarm.objects.select_related("user"):
        found.setdefault(row.round, set()).add(row.user.name)
    return found


DAY: Final = timedelta(days=1)


def test_after_a_working_day_the_office_after_two_the_national_lead(
    pair: Partnership, coordinator: Staff, division_lead: Staff, national_lead: Staff, other_coordinator: Staff
) -> None:
    make_staff(Role.COORDINATOR, pair.division, name="A colleague")
    concern = raised(pair)
    assert sound(DAY - timedelta(minutes=1)) == 0
    assert not is_late(concern, AT + DAY - timedelta(minutes=1))
    assert is_late(concern, AT + DAY)
    assert sound(DAY) == 2
    assert told() == {1: {coordinator.name, division_lead.name}}
    # Every hour again, and nobody is told twice.
    for hours in range(1, 24):
        assert sound(DAY + timedelta(hours=hours)) == 0
    assert sound(2 * DAY) == 1
    assert told()[2] == {national_lead.name}
    assert sound(3 * DAY) == 0


def test_what_is_taken_sounds_no_alarm(pair: Partnership, coordinator: Staff) -> None:
    concern = raised(pair)
    services.take_concern(by=coordinator, concern=concern)
    assert sound(9 * DAY) == 0
    concern.refresh_from_db()
    assert not is_late(concern, AT + 9 * DAY)


def test_about_the_coordinator_only_the_national_lead_is_told(
    pair: Partnership, coordinator: Staff, division_lead: Staff, national_lead: Staff
) -> None:
    raised(pair, about="coordinator")
    sound(DAY)
    sound(2 * DAY)
    assert told() == {1: {national_lead.name}, 2: {national_lead.name}}


def test_never_those_it_is_kept_from(
    pair: Partnership, coordinator: Staff, division_lead: Staff, national_lead: Staff
) -> None:
    # Whoever leads the network is the mentor whom it is about; so is no lead of hers told by another way.
    Person.objects.filter(pk=pair.mentor.person_id).update(user=user_of(national_lead))
    raised(pair)
    sound(DAY)
    sound(2 * DAY)
    names = set().union(*told().values())
    assert national_lead.name not in names
    # Nobody leads the network who may read it: the office is told a second time.
    assert told() == {1: {coordinator.name, division_lead.name}, 2: {coordinator.name, division_lead.name}}


def test_letter_says_nothing_but_that_something_waits(
    pair: Partnership, coordinator: Staff, settings: pytest.FixtureRequest
) -> None:
    raised(pair)
    raised(pair, words=f"{WORDS} two")
    assert sound(DAY) == 1
    asked = DBTaskResult.objects.filter(task_path__contains="write_that_something_waits")
    # Nothing of the word stands in the job, which is kept for two weeks.
    assert [one.args_kwargs["kwargs"] for one in asked] == [{"user_id": str(coordinator.user_id)}]
    run_ready_job("tests", AT + DAY)
    (letter,) = mail.outbox
    text = f"{letter.subject}\n{letter.body}"
    assert letter.to == [user_of(coordinator).email]
    assert "Something waits for you" in text
    for secret in (WORDS, "Amina", "Karen", "Yusuf", "Lund", "confidence", "quiet", "word", pair.division.name):
        assert secret.lower() not in text.lower()


def test_letter_that_cannot_be_written_is_counted(
    pair: Partnership, coordinator: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    raised(pair)
    sound(DAY)
    monkeypatch.setattr("mentornet.web.signin.get_adapter", _no_mail)
    run_ready_job("tests", AT + DAY)
    assert jobs_failed([LETTER_JOB], AT - timedelta(days=9999)) == 1


def _no_mail() -> None:
    raise OSError("no mail leaves")


# While her coordinator is away ----------------------------------------------------------------------------------------


@pytest.fixture
def stand_in(division: Division) -> Staff:
    return make_staff(Role.COORDINATOR, division, name="Mette Rask")


def leave(coordinator: Staff, stand_in: Staff) -> None:
    set_absence(
        by=coordinator, user=user_of(coordinator), stand_in=user_of(stand_in), from_on=AT.date(),
        until_on=AT.date() + 3 * DAY,
    )  # fmt: skip


def test_stand_in_reads_what_is_for_whoever_is_away_until_she_is_back(
    pair: Partnership, coordinator: Staff, stand_in: Staff
) -> None:
    concern = raised(pair)
    assert not readable_concerns(stand_in).exists()
    leave(coordinator, stand_in)
    for by, may in ((stand_in, True), (replace(stand_in, at=AT + 4 * DAY), False), (coordinator, True)):
        assert readable_concerns(by).exists() is may
        assert bool(may_read(by, concern)) is may
    sound(DAY)
    assert told() == {1: {coordinator.name, stand_in.name}}


@pytest.mark.parametrize("who", ["stand-in", "away"])
def test_stand_in_reads_nothing_that_either_must_not_read(
    who: str, pair: Partnership, coordinator: Staff, stand_in: Staff, division_lead: Staff
) -> None:
    leave(coordinator, stand_in)
    Person.objects.filter(pk=pair.mentor.person_id).update(user=user_of(stand_in if who == "stand-in" else coordinator))
    concern = raised(pair)
    assert not readable_concerns(stand_in).exists()
    assert not may_read(stand_in, concern)
    assert readable_concerns(division_lead).get() == concern
