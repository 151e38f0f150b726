"""The interview planner: times are added, taken out, sent, chosen, moved, cancelled; and she is reminded."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from factories.django_rows import AT, make_application, make_person, make_staff, user_of
from intake.planning import WEDNESDAY, herself, make_slot, moment
from mentornet.agenda.models import Task
from mentornet.audit.models import Entry
from mentornet.common.actors import System
from mentornet.common.answers import ChangedMeanwhileError, NotAllowedError, RefusedError
from mentornet.divisions.models import Division, Role
from mentornet.divisions.staff import Staff
from mentornet.intake.enums import ApplicationState, InterviewWay
from mentornet.intake.models import Application, Interview, InterviewOffer, InterviewSlot
from mentornet.intake.planner import free_slots, times_for, visible_slots
from mentornet.intake.services.applications import decide, withdraw_application
from mentornet.intake.services.interviews import (
    book_interview,
    cancel_interview,
    record_interview,
    remind_of_interviews,
)
from mentornet.intake.services.slots import (
    add_slots,
    offer_times,
    put_back_slot,
    refuse_times,
    take_out_slot,
    take_slot,
)
from mentornet.messaging.models import Letter, LetterState

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def application(division: Division) -> Application:
    return make_application("mentee", division, person=make_person("Amina", "Yusuf", language="en"))


def add(by: Staff, division: Division, *starts: datetime, **given: Any) -> list[InterviewSlot]:
    values: dict[str, Any] = {"interviewer": user_of(by), "place": "The library", "minutes": 45} | given
    return add_slots(by=by, division=division, starts=starts, **values)


def letters(event: str) -> list[Letter]:
    return list(Letter.objects.filter(event=event, state=LetterState.QUEUED))


# The plan -----------------------------------------------------------------------------------------------------------


def test_times_are_added_together_and_once(coordinator: Staff, division: Division) -> None:
    assert len(add(coordinator, division, moment(14), moment(14, 45), moment(14))) == 2
    # Pressed twice: they stand there already.
    assert add(coordinator, division, moment(14), moment(14, 45)) == []
    assert InterviewSlot.objects.count() == 2
    assert Entry.objects.filter(act="intake.add_slots").count() == 1


@pytest.mark.parametrize("wanted", [moment(13, 30), moment(14, 30)])
def test_what_overlaps_is_refused_whole(wanted: datetime, coordinator: Staff, division: Division) -> None:
    add(coordinator, division, moment(14))
    with pytest.raises(RefusedError, match="overlaps with what is planned"):
        add(coordinator, division, moment(9), wanted)
    assert InterviewSlot.objects.count() == 1


def test_times_that_touch_do_not_overlap(coordinator: Staff, division: Division) -> None:
    assert len(add(coordinator, division, moment(14), moment(14, 45), moment(13, 15))) == 3


def test_those_of_one_form_may_not_overlap_either(coordinator: Staff, division: Division) -> None:
    with pytest.raises(RefusedError, match="overlaps"):
        add(coordinator, division, moment(14), moment(14, 30))


def test_another_interviewer_has_times_of_her_own(coordinator: Staff, division: Division) -> None:
    other = make_staff(Role.COORDINATOR, division)
    add(coordinator, division, moment(14))
    assert add(other, division, moment(14, 15))


def test_the_database_refuses_two_that_begin_together(coordinator: Staff, division: Division) -> None:
    make_slot(coordinator, division, moment(14))
    slot = InterviewSlot(
        division=division, interviewer=user_of(coordinator), starts_at=moment(14), created_at=AT, place="Elsewhere"
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        slot.save(force_insert=True)


def test_a_booked_interview_is_in_the_way(coordinator: Staff, division: Division, application: Application) -> None:
    book_interview(
        by=coordinator, application=application, at=moment(14), place="Here", interviewer=user_of(coordinator)
    )
    with pytest.raises(RefusedError, match="overlaps"):
        add(coordinator, division, moment(14, 30))


@pytest.mark.parametrize(
    ("starts", "given", "words"),
    [
        ([], {}, "no time between these hours"),
        ([AT - HOUR], {}, "is over"),
        ([AT + 400 * DAY], {}, "within a year"),
        ([moment(14)], {"place": " "}, "where you meet"),
        ([AT + number * HOUR for number in range(1, 300)], {}, "at most 200"),
    ],
)
def test_what_cannot_be_planned(
    starts: list[datetime], given: dict[str, str], words: str, coordinator: Staff, division: Division
) -> None:
    with pytest.raises(ValidationError, match=words):
        add(coordinator, division, *starts, **given)


def test_on_the_telephone_no_place_is_needed(coordinator: Staff, division: Division) -> None:
    assert add(coordinator, division, moment(14), way=InterviewWay.TELEPHONE, place="")


def test_another_division_plans_nothing_here(other_coordinator: Staff, coordinator: Staff, division: Division) -> None:
    with pytest.raises(NotAllowedError):
        add(other_coordinator, division, moment(14))
    with pytest.raises(ValidationError, match="works in this division"):
        add(coordinator, division, moment(14), interviewer=user_of(other_coordinator))
    slot = make_slot(coordinator, division, moment(14))
    with pytest.raises(NotAllowedError):
        take_out_slot(by=other_coordinator, slot=slot)
    assert not visible_slots(other_coordinator).exists()


def test_a_free_time_is_taken_out_and_put_back(coordinator: Staff, division: Division) -> None:
    slot = make_slot(coordinator, division, moment(14))
    take_out_slot(by=coordinator, slot=slot)
    assert not visible_slots(coordinator).exists()
    with pytest.raises(ChangedMeanwhileError):
        take_out_slot(by=coordinator, slot=slot)
    put_back_slot(by=coordinator, slot=slot)
    assert visible_slots(coordinator).get() == slot
    take_out_slot(by=coordinator, slot=slot)
    add(coordinator, division, moment(14, 15))
    with pytest.raises(RefusedError, match="overlaps"):
        put_back_slot(by=coordinator, slot=slot)


# Sent and chosen ----------------------------------------------------------------------------------------------------


def test_she_is_sent_the_times_once(coordinator: Staff, division: Division, application: Application) -> None:
    with pytest.raises(RefusedError, match="no free time"):
        offer_times(by=coordinator, application=application, author_name="Inger")
    make_slot(coordinator, division, moment(14))
    offer_times(by=coordinator, application=application, author_name="Inger")
    assert [letter.values["link"] for letter in letters("interview_choose")] == [f"interview:{application.pk}"]
    with pytest.raises(ChangedMeanwhileError):
        offer_times(by=coordinator, application=application, author_name="Inger")
    assert len(letters("interview_choose")) == 1


def test_she_chooses_one(coordinator: Staff, division: Division, application: Application) -> None:
    slot = make_slot(coordinator, division, moment(14), minutes=60)
    by = herself(application)
    assert list(times_for(by, application)) == [slot]
    interview = take_slot(by=by, application=application, slot=slot)
    application.refresh_from_db()
    assert application.state == ApplicationState.BOOKED
    assert (interview.at, interview.place, interview.minutes) == (moment(14), "The library", 60)
    assert not free_slots([division.pk], AT).exists()
    (letter,) = letters("interview_invitation")
    assert letter.values == {
        "day": WEDNESDAY.isoformat(), "time": "14:00", "place": "The library", "link": f"interview:{application.pk}",
    }  # fmt: skip
    assert Task.objects.get(kind="interview").due_on == WEDNESDAY
    # Pressed twice: the same booking, and no second letter.
    assert take_slot(by=by, application=application, slot=slot) == interview
    assert len(letters("interview_invitation")) == 1


def test_what_is_taken_is_hers_alone(coordinator: Staff, division: Division, application: Application) -> None:
    slot = make_slot(coordinator, division, moment(14))
    take_slot(by=herself(application), application=application, slot=slot)
    other = make_application("mentee", division)
    with pytest.raises(ChangedMeanwhileError, match="just been taken"):
        take_slot(by=herself(other), application=other, slot=slot)
    other.refresh_from_db()
    assert other.state == ApplicationState.RECEIVED
    with pytest.raises(ChangedMeanwhileError):
        take_out_slot(by=coordinator, slot=slot)


def test_nobody_chooses_for_somebody_else(coordinator: Staff, division: Division, application: Application) -> None:
    slot = make_slot(coordinator, division, moment(14))
    other = make_application("mentee", division)
    for act in (
        lambda: take_slot(by=herself(other), application=application, slot=slot),
        lambda: refuse_times(by=herself(other), application=application, words="No"),
        lambda: cancel_interview(by=herself(other), application=application),
    ):
        with pytest.raises(NotAllowedError):
            act()


def test_times_of_another_office_are_no_choice(
    other_coordinator: Staff, other_division: Division, application: Application
) -> None:
    slot = make_slot(other_coordinator, other_division, moment(14))
    assert not times_for(herself(application), application).exists()
    with pytest.raises(NotAllowedError):
        take_slot(by=herself(application), application=application, slot=slot)


def test_today_is_too_close_for_her_and_not_for_a_coordinator(
    coordinator: Staff, division: Division, application: Application
) -> None:
    slot = make_slot(coordinator, division, AT + 4 * HOUR)
    by = herself(application)
    assert not times_for(by, application).exists()
    with pytest.raises(NotAllowedError, match="too close"):
        take_slot(by=by, application=application, slot=slot)
    assert take_slot(by=coordinator, application=application, slot=slot).at == slot.starts_at


def test_she_moves_it_until_the_day_before(coordinator: Staff, division: Division, application: Application) -> None:
    one, two = (make_slot(coordinator, division, moment(hour)) for hour in (14, 16))
    take_slot(by=herself(application), application=application, slot=one)
    take_slot(by=herself(application, at=AT + HOUR), application=application, slot=two)
    assert list(free_slots([division.pk], AT)) == [one]
    assert Interview.objects.get().at == two.starts_at
    # The first letter had not left: she gets one, about the day that holds.
    assert [letter.values["time"] for letter in letters("interview_invitation")] == ["16:00"]
    late = herself(application, at=AT + 2 * DAY)
    with pytest.raises(NotAllowedError, match="very soon"):
        take_slot(by=late, application=application, slot=one)
    with pytest.raises(NotAllowedError, match="very soon"):
        cancel_interview(by=late, application=application)


def test_what_has_left_is_corrected_by_a_letter(
    coordinator: Staff, division: Division, application: Application
) -> None:
    one, two = (make_slot(coordinator, division, moment(hour)) for hour in (14, 16))
    take_slot(by=coordinator, application=application, slot=one)
    Letter.objects.filter(event="interview_invitation").update(state=LetterState.SENT, sent_at=AT)
    take_slot(by=coordinator, application=application, slot=two)
    (letter,) = letters("interview_moved")
    assert letter.values["time"] == "16:00"


def test_a_time_by_hand_takes_what_lies_under_it_out_of_the_plan(
    coordinator: Staff, division: Division, application: Application
) -> None:
    make_slot(coordinator, division, moment(14))
    kept = make_slot(coordinator, division, moment(16))
    book_interview(
        by=coordinator, application=application, at=moment(14, 30), place="Here", interviewer=user_of(coordinator)
    )
    assert list(free_slots([division.pk], AT)) == [kept]
    other = make_application("mentee", division)
    with pytest.raises(RefusedError, match="somebody else"):
        book_interview(by=coordinator, application=other, at=moment(15), place="Here", interviewer=user_of(coordinator))


def test_cancelling_frees_the_time_and_tells_the_interviewer(
    coordinator: Staff, division: Division, application: Application
) -> None:
    slot = make_slot(coordinator, division, moment(14))
    take_slot(by=herself(application), application=application, slot=slot)
    cancel_interview(by=herself(application), application=application)
    application.refresh_from_db()
    assert application.state == ApplicationState.RECEIVED
    assert Interview.objects.get().cancelled_at == AT
    assert list(free_slots([division.pk], AT)) == [slot]
    assert letters("interview_invitation") == []
    task = Task.objects.get(kind="interview", done_at__isnull=True)
    assert (task.words, task.owner_id) == ({"name": "Amina Yusuf", "why": "cancelled"}, user_of(coordinator).pk)
    with pytest.raises(ChangedMeanwhileError):
        cancel_interview(by=herself(application), application=application)


def test_none_suits_her(coordinator: Staff, division: Division, application: Application) -> None:
    make_slot(coordinator, division, moment(14))
    offer_times(by=coordinator, application=application, author_name="Inger")
    refuse_times(by=herself(application), application=application, words="Only  in the evening")
    offer = InterviewOffer.objects.get()
    assert (offer.words, offer.refused_at) == ("Only in the evening", AT)
    assert Task.objects.get(kind="interview").words["why"] == "no_time"
    # She can be sent new ones at once.
    offer_times(by=coordinator, application=application, author_name="Inger")
    offer.refresh_from_db()
    assert (offer.words, offer.refused_at) == ("", None)


def test_a_withdrawn_or_declined_application_holds_no_time(coordinator: Staff, division: Division) -> None:
    for number, end in enumerate((withdraw_application, None)):
        application = make_application("mentee", division)
        slot = make_slot(coordinator, division, moment(10 + number))
        take_slot(by=coordinator, application=application, slot=slot)
        if end is not None:
            end(by=coordinator, application=application)
        else:
            decide(by=coordinator, application=application, outcome="declined", reason="Not here.", author_name="Inger")
        assert slot in free_slots([division.pk], AT)
        assert Interview.objects.get(application=application).cancelled_at == AT


def test_held_before_the_day_frees_it(coordinator: Staff, division: Division, application: Application) -> None:
    slot = make_slot(coordinator, division, moment(14))
    take_slot(by=coordinator, application=application, slot=slot)
    record_interview(
        by=coordinator,
        application=application,
        interviewer=user_of(coordinator),
        shareable="By telephone, today.",
        coordinator_only="",
    )
    assert list(free_slots([division.pk], AT)) == [slot]


# The reminder -------------------------------------------------------------------------------------------------------


def remind(at: datetime) -> int:
    return remind_of_interviews(by=System("tests", at))


def test_she_is_reminded_the_day_before_and_once(
    coordinator: Staff, division: Division, application: Application
) -> None:
    take_slot(by=coordinator, application=application, slot=make_slot(coordinator, division, moment(14)))
    assert [remind(AT), remind(AT + DAY), remind(AT + DAY + HOUR), remind(AT + 2 * DAY)] == [0, 1, 0, 0]
    (letter,) = letters("interview_reminder")
    assert (letter.values["time"], letter.values["link"]) == ("14:00", f"interview:{application.pk}")


def test_nobody_is_reminded_in_the_night(coordinator: Staff, division: Division, application: Application) -> None:
    take_slot(by=coordinator, application=application, slot=make_slot(coordinator, division, moment(14)))
    assert remind(moment(7, 59, day=WEDNESDAY - DAY)) == 0
    assert remind(moment(8, day=WEDNESDAY - DAY)) == 1


def test_who_has_booked_today_is_not_reminded(coordinator: Staff, division: Division, application: Application) -> None:
    slot = make_slot(coordinator, division, moment(14, day=WEDNESDAY - DAY))
    take_slot(by=herself(application), application=application, slot=slot)
    assert remind(AT + HOUR) == 0


def test_a_reminder_of_a_day_that_was_moved_does_not_leave(
    coordinator: Staff, division: Division, application: Application
) -> None:
    one, two = (make_slot(coordinator, division, moment(14, day=WEDNESDAY + day * DAY)) for day in (0, 1))
    take_slot(by=coordinator, application=application, slot=one)
    remind(AT + DAY)
    take_slot(by=herself(application, at=AT + DAY), application=application, slot=two)
    assert letters("interview_reminder") == []
    assert remind(AT + 2 * DAY) == 1
    assert [letter.values["day"] for letter in letters("interview_reminder")] == [two.starts_at.date().isoformat()]


@pytest.mark.parametrize(
    ("day", "at"),
    [
        # The clocks go forward in the night before, and back.
        (date(2026, 3, 29), datetime(2026, 3, 28, 12, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 24, 12, tzinfo=UTC)),
    ],
)
def test_the_day_before_a_change_of_clocks(
    day: date, at: datetime, coordinator: Staff, division: Division, application: Application
) -> None:
    for hour in (0, 23):
        booked = application if hour else make_application("mentee", division)
        slot = make_slot(coordinator, division, moment(hour, 15, day=day))
        take_slot(by=coordinator, application=booked, slot=slot)
    assert remind(at) == 2
    assert sorted(str(letter.values["time"]) for letter in letters("interview_reminder")) == ["00:15", "23:15"]


def test_where_nothing_is_written_the_letter_says_how(
    coordinator: Staff, division: Division, application: Application
) -> None:
    slot = make_slot(coordinator, division, moment(14), way=InterviewWay.TELEPHONE, place="")
    take_slot(by=coordinator, application=application, slot=slot)
    assert letters("interview_invitation")[0].values["place"] == "on the telephone: we call you"


def test_without_a_place_they_meet_at_the_offices_address(
    coordinator: Staff, division: Division, application: Application
) -> None:
    division.address = "Opdigtet Allé 7, Odense"
    division.save()
    (slot,) = add(coordinator, division, moment(14), place=" ")
    assert slot.place == "Opdigtet Allé 7, Odense"
    # Pressed twice it stands there already.
    assert add(coordinator, division, moment(14), place="") == []
    assert [one.place for one in add(coordinator, division, moment(15), place="Library")] == ["Library"]
    assert [one.place for one in add(coordinator, division, moment(16), place="", way=InterviewWay.TELEPHONE)] == [""]
    offer_times(by=coordinator, application=application, author_name="Inger Holm")
    take_slot(by=herself(application), application=application, slot=slot)
    assert letters("interview_invitation")[0].values["place"] == "Opdigtet Allé 7, Odense"
