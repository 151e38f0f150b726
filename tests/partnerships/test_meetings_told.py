"""What the two tell of their meetings: once each, together one meeting; taken back without a trace in the states."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from factories.django_rows import AT, TODAY
from mentornet.agenda.models import Kind, Task
from mentornet.common.answers import ChangedMeanwhileError, NotAllowedError, RefusedError
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.messaging.models import Letter
from mentornet.partnerships import services
from mentornet.partnerships.models import Account, Meeting, Partnership, PlannedMeeting
from mentornet.partnerships.queries import next_planned, planned_of, usual_meeting
from mentornet.programmes.models import Programme
from partnerships.couples import make_couple
from partnerships.sides import acting

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def pair(coordinator: Staff, division: Division, programme: Programme) -> Partnership:
    return make_couple(coordinator, division, programme, matched_on=TODAY - 20 * DAY)


def tell(pair: Partnership, side: str, **facts: object) -> Account:
    values = {"on": TODAY, "minutes": 60, "way": "in_person", "topics": ["cv"]} | facts
    return services.tell_meeting(by=acting(pair, side), partnership=pair, **values)  # type: ignore[arg-type]


def test_the_first_meeting_told_settles_the_coordinators_question(pair: Partnership) -> None:
    tell(pair, "mentee")
    pair.refresh_from_db()
    assert pair.first_met_on == TODAY
    assert not Task.objects.filter(kind=Kind.NOT_MET, target_id=pair.pk, done_at=None).exists()


def test_both_tell_of_one_day_and_it_is_one_meeting(pair: Partnership) -> None:
    tell(pair, "mentee", minutes=60)
    tell(pair, "mentor", minutes=90, way="phone", topics=["danish"])
    meeting = Meeting.objects.get()
    assert (meeting.minutes, meeting.way, meeting.topics) == (60, "in_person", ("cv",))
    assert {(one.side, one.minutes) for one in meeting.accounts.all()} == {("mentee", 60), ("mentor", 90)}


def test_telling_twice_in_the_same_words_is_once_and_in_others_is_said(pair: Partnership) -> None:
    assert tell(pair, "mentee").pk == tell(pair, "mentee").pk
    with pytest.raises(ValidationError, match="told of this day"):
        tell(pair, "mentee", minutes=30)
    assert Account.objects.count() == 1


def test_what_the_coordinator_noted_is_confirmed_not_doubled(pair: Partnership, coordinator: Staff) -> None:
    services.record_meeting(by=coordinator, partnership=pair, on=TODAY)
    tell(pair, "mentor")
    assert Meeting.objects.get().told_by == coordinator.key
    services.take_account_back(by=acting(pair, "mentor"), partnership=pair, meeting=Meeting.objects.get())
    assert (Meeting.objects.count(), Account.objects.count()) == (1, 0)


@pytest.mark.parametrize("days", [1, -21, -400])
def test_a_day_that_cannot_be_is_refused(pair: Partnership, days: int) -> None:
    with pytest.raises(ValidationError):
        tell(pair, "mentee", on=TODAY + days * DAY)
    assert not Meeting.objects.exists()


def test_taking_back_the_only_meeting_of_an_active_pair_undoes_the_beginning(
    pair: Partnership, coordinator: Staff
) -> None:
    services.sign_agreement(by=coordinator, partnership=pair, on=TODAY)
    meeting = tell(pair, "mentee").meeting
    pair.refresh_from_db()
    assert pair.state == "active"
    services.take_account_back(by=acting(pair, "mentee"), partnership=pair, meeting=meeting)
    pair.refresh_from_db()
    assert (pair.state, pair.first_met_on, Meeting.objects.count()) == ("matched", None, 0)
    assert Task.objects.filter(kind=Kind.NOT_MET, target_id=pair.pk, done_at=None).exists()


def test_what_the_other_told_stays_when_one_takes_hers_back(pair: Partnership) -> None:
    meeting = tell(pair, "mentee", minutes=60).meeting
    tell(pair, "mentor", minutes=90)
    services.take_account_back(by=acting(pair, "mentee"), partnership=pair, meeting=meeting)
    left = Meeting.objects.get()
    assert (left.minutes, left.told_by) == (90, f"person:{pair.mentor.person_id}")
    assert [one.side for one in left.accounts.all()] == ["mentor"]


def test_moving_a_meeting_to_another_day(pair: Partnership) -> None:
    meeting = tell(pair, "mentee").meeting
    services.change_account(
        by=acting(pair, "mentee"), partnership=pair, meeting=meeting, on=TODAY - DAY, minutes=30, way="phone"
    )
    moved = Meeting.objects.get()
    assert (moved.on, moved.minutes, moved.way, moved.accounts.count()) == (TODAY - DAY, 30, "phone", 1)
    pair.refresh_from_db()
    assert pair.first_met_on == TODAY - DAY


def test_changing_goes_into_the_meeting_of_whoever_told_first(pair: Partnership) -> None:
    meeting = tell(pair, "mentee").meeting
    tell(pair, "mentor", minutes=60)
    services.change_account(by=acting(pair, "mentor"), partnership=pair, meeting=meeting, on=TODAY, minutes=120)
    assert Meeting.objects.get().minutes == 60
    services.change_account(by=acting(pair, "mentee"), partnership=pair, meeting=meeting, on=TODAY, minutes=45)
    assert Meeting.objects.get().minutes == 45


def test_after_two_weeks_nothing_is_changed_any_more(pair: Partnership) -> None:
    meeting = tell(pair, "mentee").meeting
    later = acting(pair, "mentee", AT + 15 * DAY)
    for act in (
        lambda: services.change_account(by=later, partnership=pair, meeting=meeting, on=TODAY),
        lambda: services.take_account_back(by=later, partnership=pair, meeting=meeting),
    ):
        with pytest.raises(ChangedMeanwhileError, match="two weeks"):
            act()


def test_nobody_touches_what_the_other_told(pair: Partnership) -> None:
    meeting = tell(pair, "mentee").meeting
    with pytest.raises(ChangedMeanwhileError):
        services.take_account_back(by=acting(pair, "mentor"), partnership=pair, meeting=meeting)


def test_strangers_and_staff_tell_nothing(
    pair: Partnership, coordinator: Staff, division: Division, programme: Programme
) -> None:
    stranger = acting(make_couple(coordinator, division, programme, names=("Zahra", "Else")), "mentor")
    for by in (stranger, coordinator):
        with pytest.raises(NotAllowedError):
            services.tell_meeting(by=by, partnership=pair, on=TODAY)  # type: ignore[arg-type]
    with pytest.raises(NotAllowedError):
        services.record_meeting(by=stranger, partnership=pair, on=TODAY)


def test_the_usual_meeting_is_what_they_mostly_do(pair: Partnership) -> None:
    assert usual_meeting(pair) == (60, "in_person")
    for days, minutes, way in ((1, 90, "phone"), (2, 90, "phone"), (3, 30, "online")):
        tell(pair, "mentee", on=TODAY - days * DAY, minutes=minutes, way=way)
    assert usual_meeting(pair) == (90, "phone")


# Planned --------------------------------------------------------------------------------------------------------------


def test_planning_again_moves_the_meeting_that_is_to_come(pair: Partnership) -> None:
    first = services.plan_meeting(by=acting(pair, "mentee"), partnership=pair, at=AT + DAY, place="Library")
    again = services.plan_meeting(by=acting(pair, "mentor"), partnership=pair, at=AT + 2 * DAY, minutes=90)
    assert again.pk == first.pk
    assert (again.changes, again.side, again.minutes) == (1, "mentor", 90)
    assert PlannedMeeting.objects.count() == 1
    services.call_off_meeting(by=acting(pair, "mentee"), partnership=pair, planned=again)
    assert next_planned(pair, AT) is None
    assert planned_of(pair.mentee.person, AT).get().changes == 2


@pytest.mark.parametrize("days", [-1, 0, 400])
def test_a_time_that_cannot_be_is_not_planned(pair: Partnership, days: int) -> None:
    with pytest.raises(ValidationError):
        services.plan_meeting(by=acting(pair, "mentee"), partnership=pair, at=AT + days * DAY)


# Pausing and the wish to end ------------------------------------------------------------------------------------------


def test_either_pauses_and_the_coordinator_and_the_other_are_told(pair: Partnership) -> None:
    until = TODAY + 30 * DAY
    services.pause_partnership(by=acting(pair, "mentee"), partnership=pair, until=until)
    pair.refresh_from_db()
    assert (pair.state, pair.paused_until) == ("paused", until)
    # Pressed twice, and by the other too: it rests already, and nobody is written to again.
    for side in ("mentee", "mentor"):
        with pytest.raises(RefusedError):
            services.pause_partnership(by=acting(pair, side), partnership=pair, until=until)
    assert Letter.objects.filter(event="pair_paused").count() == 1
    assert Task.objects.get(kind=Kind.PAUSED, target_id=pair.pk).due_on == until
    services.resume_partnership(by=acting(pair, "mentor"), partnership=pair)
    pair.refresh_from_db()
    assert (pair.state, pair.paused_until) == ("matched", None)
    assert not Task.objects.filter(kind=Kind.PAUSED, done_at=None).exists()


def test_a_participants_pause_has_an_end(pair: Partnership) -> None:
    with pytest.raises(ValidationError):
        services.pause_partnership(by=acting(pair, "mentee"), partnership=pair)


def test_the_wish_to_end_closes_nothing(pair: Partnership) -> None:
    for _ in range(2):
        services.ask_to_end(by=acting(pair, "mentor"), partnership=pair, words="I have a new job.")
    pair.refresh_from_db()
    assert pair.state == "matched"
    assert Task.objects.filter(kind=Kind.TO_END, target_id=pair.pk, done_at=None).count() == 1
    assert pair.notes.get().author_name == pair.mentor.person.name


def test_the_two_do_not_resume_what_the_coordinator_is_closing(pair: Partnership, coordinator: Staff) -> None:
    Partnership.objects.filter(pk=pair.pk).update(state="closing")
    pair.refresh_from_db()
    with pytest.raises(NotAllowedError):
        services.resume_partnership(by=acting(pair, "mentee"), partnership=pair)
    with pytest.raises(NotAllowedError):
        services.close_partnership(by=acting(pair, "mentee"), partnership=pair, on=TODAY, reason="goal")
