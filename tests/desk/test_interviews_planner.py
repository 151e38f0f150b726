"""The planner on the desk: a week of times, many added at once, taken out and put back, sent, and given."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from factories.django_rows import AT, TODAY, make_application, make_person, make_staff, user_of
from intake.planning import WEDNESDAY, herself, make_slot, moment
from mentornet.common.holidays import is_holiday
from mentornet.divisions.models import Division, Role
from mentornet.divisions.staff import Staff
from mentornet.intake.enums import ApplicationState
from mentornet.intake.models import Application, Interview, InterviewOffer, InterviewSlot
from mentornet.intake.services.interviews import book_interview, cancel_interview
from mentornet.intake.services.slots import offer_times, refuse_times, take_slot
from mentornet.programmes.models import Programme
from pages import untranslated
from signing import CountQueries, SignIn

DAY: Final = timedelta(days=1)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]


@pytest.fixture
def desk(client: Client, sign_in: SignIn, coordinator: Staff) -> Client:
    return sign_in(client, coordinator)


@pytest.fixture
def application(division: Division, programme: Programme) -> Application:
    person = make_person("Amina", "Yusuf", language="en")
    return make_application("mentee", division, programme=programme, person=person)


def page(client: Client, **query: str) -> str:
    return str(client.get(reverse("desk:interviews"), query).content.decode())


def adding(by: Staff, division: Division, **changes: Any) -> dict[str, Any]:
    return {
        "interviewer": str(by.user_id), "division": str(division.pk), "first_day": TODAY.isoformat(), "weeks": "3",
        "weekdays": ["1"], "begins": "14:00", "ends": "17:00", "minutes": "45", "pause": "", "way": "in_person",
        "place": "The library",
    } | changes  # fmt: skip


def add(client: Client, given: dict[str, Any]) -> str:
    return str(client.post(reverse("desk:interviews_add"), given, follow=True).content.decode())


def post(client: Client, name: str, *args: object, **given: str) -> str:
    return str(client.post(reverse(f"desk:{name}", args=args), given, follow=True).content.decode())


def test_tuesdays_for_three_weeks(desk: Client, coordinator: Staff, division: Division) -> None:
    html = add(desk, adding(coordinator, division))
    assert "12 times are in the plan now." in html
    starts = [timezone.localtime(slot.starts_at) for slot in InterviewSlot.objects.order_by("starts_at")]
    tuesdays = [TODAY + timedelta(days=days) for days in (1, 8, 15)]
    assert [start.date() for start in starts] == [day for day in tuesdays for _ in range(4)]
    assert [f"{start:%H:%M}" for start in starts[:4]] == ["14:00", "14:45", "15:30", "16:15"]
    # Pressed twice.
    assert "They stand in the plan already." in add(desk, adding(coordinator, division))
    assert InterviewSlot.objects.count() == 12


def test_the_clock_on_the_wall_holds_over_a_change_of_clocks(
    desk: Client, coordinator: Staff, division: Division
) -> None:
    # The clocks go forward on 29 March 2026.
    given = adding(coordinator, division, first_day="2026-03-23", weeks="2", weekdays=["0"], ends="15:00", pause="15")
    add(desk, given)
    slots = list(InterviewSlot.objects.order_by("starts_at"))
    assert [f"{timezone.localtime(slot.starts_at):%d %H:%M}" for slot in slots] == ["23 14:00", "30 14:00"]
    assert [slot.starts_at.hour for slot in slots] == [13, 12]


def test_public_holidays_are_left_out(desk: Client, coordinator: Staff, division: Division) -> None:
    # Good Friday and Easter Monday 2026 are 3 and 6 April.
    given = adding(coordinator, division, first_day="2026-04-01", weeks="1", weekdays=["0", "3", "4"], ends="14:45")
    assert "no time between these hours" in add(desk, given)
    add(desk, given | {"weeks": "2"})
    days = [timezone.localtime(slot.starts_at).date() for slot in InterviewSlot.objects.order_by("starts_at")]
    assert days == [date(2026, 4, 9), date(2026, 4, 10), date(2026, 4, 13)]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ends": "14:30"}, "there is no room for a time of this length"),
        ({"place": ""}, "Write where you meet"),
        ({"weekdays": []}, "data-focus"),
        ({"first_day": "2026-02-01"}, "The first of these times is over."),
        ({"minutes": "5", "weeks": "26", "weekdays": ["0", "1", "2", "3", "4"]}, "Add at most 200 at once."),
    ],
)
def test_what_cannot_be_is_refused_and_kept(
    changes: dict[str, Any], words: str, desk: Client, coordinator: Staff, division: Division
) -> None:
    html = add(desk, adding(coordinator, division) | {"place": "CANARY-7"} | changes)
    assert words in html
    assert "place" in changes or "CANARY-7" in html
    assert not InterviewSlot.objects.exists()


def test_overlapping_times_are_refused_in_words(desk: Client, coordinator: Staff, division: Division) -> None:
    make_slot(coordinator, division, moment(14, 20, day=TODAY + timedelta(days=1)))
    html = add(desk, adding(coordinator, division))
    assert "overlaps with what is planned already" in html
    assert InterviewSlot.objects.count() == 1


def test_the_week_shows_free_and_taken_and_booked_by_hand(
    desk: Client, coordinator: Staff, division: Division, application: Application, programme: Programme
) -> None:
    make_slot(coordinator, division, moment(10))
    take_slot(by=coordinator, application=application, slot=make_slot(coordinator, division, moment(14)))
    other = make_application("mentor", division, programme=programme, person=make_person("Bodil", "By hand"))
    book_interview(by=coordinator, application=other, at=moment(16), place="Here", interviewer=user_of(coordinator))
    html = page(desk)
    days = desk.get(reverse("desk:interviews")).context["days"]
    cells = next(day.cells for day in days if day.day == WEDNESDAY)
    whose = [cell.whose.person.first_name if cell.whose else None for cell in cells]
    assert whose == [None, "Amina", "Bodil"]
    assert [cell.is_free for cell in cells] == [True, False, False]
    assert "Nobody waits for a time" in html
    later = page(desk, week=(WEDNESDAY + timedelta(days=7)).isoformat())
    assert "Amina" not in later
    assert page(desk, week="nonsense")
    assert page(desk, week="9999-12-31")


@pytest.mark.parametrize(
    ("at", "planned", "opens_on"),
    [
        (AT, None, "Week 10: 2 March to 8 March 2026"),
        (AT + 4 * DAY, None, "Week 10: 2 March to 8 March 2026"),
        # A Saturday and a Sunday: what there is to plan lies in the week to come ...
        (AT + 5 * DAY, None, "Week 11: 9 March to 15 March 2026"),
        (AT + 6 * DAY, None, "Week 11: 9 March to 15 March 2026"),
        (AT + 6 * DAY, moment(8, day=TODAY + 6 * DAY), "Week 11: 9 March to 15 March 2026"),
        # ... unless somebody comes on that very day.
        (AT + 6 * DAY, moment(16, day=TODAY + 6 * DAY), "Week 10: 2 March to 8 March 2026"),
    ],
    ids=["monday", "friday", "saturday", "sunday", "sunday-over", "sunday-with-a-time"],
)
def test_the_plan_opens_on_a_week_that_is_not_over(
    at: datetime, planned: datetime | None, opens_on: str, client: Client, sign_in: SignIn, coordinator: Staff,
    division: Division,
) -> None:  # fmt: skip
    with time_machine.travel(at):
        if planned is not None:
            make_slot(coordinator, division, planned)
        desk = sign_in(client, coordinator)
        assert opens_on in page(desk)
        assert "Week 10" in page(desk, week=TODAY.isoformat())


@pytest.mark.parametrize("at", [AT, AT + 4 * DAY, AT + 5 * DAY, AT + 6 * DAY, AT + 30 * DAY])
def test_times_are_added_as_the_form_stands_on_whatever_day_it_is_opened(
    at: datetime, client: Client, sign_in: SignIn, coordinator: Staff, division: Division
) -> None:
    with time_machine.travel(at):
        desk = sign_in(client, coordinator)
        form = desk.get(reverse("desk:interviews_add")).context["form"]
        given = {name: form[name].value() for name in form.fields} | {"place": "The library"}
        html = add(desk, {name: value for name, value in given.items() if value is not None})
        assert "4 times are in the plan now." in html
        starts = {timezone.localtime(slot.starts_at).date() for slot in InterviewSlot.objects.all()}
        assert len(starts) == 1
        assert min(starts) > at.date()
        assert min(starts).weekday() < 5
        assert not is_holiday(min(starts))


def test_who_waits_comes_first_unless_a_time_is_looked_for(
    desk: Client, coordinator: Staff, division: Division, application: Application
) -> None:
    make_slot(coordinator, division, moment(10))
    html = page(desk)
    assert html.index('id="waiting-title"') < html.index('id="planner-title"')
    html = page(desk, **{"for": str(application.pk)})
    assert html.index('id="planner-title"') < html.index('id="waiting-title"')


def test_one_interviewer_alone(desk: Client, coordinator: Staff, division: Division) -> None:
    other = make_staff(Role.COORDINATOR, division, name="Karen Lund")
    make_slot(coordinator, division, moment(10), place="Room one")
    make_slot(other, division, moment(10), place="Room two")
    html = page(desk, who=str(other.user_id))
    assert "Room two" in html
    assert "Room one" not in html


def test_a_free_time_is_taken_out_and_put_back(desk: Client, coordinator: Staff, division: Division) -> None:
    slot = make_slot(coordinator, division, moment(14))
    html = post(desk, "interview_slot_out", slot.pk)
    assert "is out of the plan." in html
    assert reverse("desk:interview_slot_back", args=[slot.pk]) in html
    assert "is in the plan again." in post(desk, "interview_slot_back", slot.pk)
    slot.refresh_from_db()
    assert slot.withdrawn_at is None


def test_she_is_sent_the_times(desk: Client, coordinator: Staff, division: Division, application: Application) -> None:
    assert "There is no free time to send her." in post(desk, "interview_send", application.pk)
    make_slot(coordinator, division, moment(14))
    html = post(desk, "interview_send", application.pk, next="planner")
    assert "chooses a time herself" in html
    assert "was sent the times on 2 March" in html
    assert "She has just been sent the times." in post(desk, "interview_send", application.pk)
    assert InterviewOffer.objects.count() == 1


def test_she_is_put_into_a_time(desk: Client, coordinator: Staff, division: Division, application: Application) -> None:
    slot = make_slot(coordinator, division, moment(14))
    chosen = {"for": str(application.pk)}
    html = page(desk, **chosen)
    address = reverse("desk:interview_slot_give", args=[slot.pk, application.pk])
    assert address in html
    html = post(desk, "interview_slot_give", slot.pk, application.pk)
    assert "gets a letter with day, time and place" in html
    assert Interview.objects.get().at == slot.starts_at
    other = make_application("mentee", division)
    html = post(desk, "interview_slot_give", slot.pk, other.pk)
    assert "This time has just been taken." in html
    assert page(desk, **{"for": "nonsense"})


def test_what_she_answers_stands_before_the_coordinator(
    desk: Client, coordinator: Staff, division: Division, application: Application
) -> None:
    slot = make_slot(coordinator, division, moment(14))
    offer_times(by=coordinator, application=application, author_name="Inger")
    refuse_times(by=herself(application), application=application, words="Only in the evening")
    for html in (page(desk), str(desk.get(reverse("desk:application", args=[application.pk])).content.decode())):
        assert "Only in the evening" in html
    assert "None of the times for the interview suits" in desk.get(reverse("desk:today")).content.decode()
    take_slot(by=coordinator, application=application, slot=slot)
    cancel_interview(by=herself(application), application=application)
    assert "has cancelled the interview" in desk.get(reverse("desk:today"), {"whose": "all"}).content.decode()


def test_ones_own_calendar_file_names_nobody(
    desk: Client, coordinator: Staff, division: Division, application: Application
) -> None:
    other = make_staff(Role.COORDINATOR, division)
    take_slot(by=coordinator, application=application, slot=make_slot(coordinator, division, moment(14)))
    away = make_application("mentee", division)
    take_slot(by=coordinator, application=away, slot=make_slot(other, division, moment(15)))
    response = desk.get(reverse("desk:interviews_calendar"))
    text = response.content.decode().replace("\r\n ", "")
    assert response["Content-Type"].startswith("text/calendar")
    assert text.count("BEGIN:VEVENT") == 1
    assert "DTSTART:20260304T130000Z" in text
    assert reverse("desk:application", args=[application.pk]) in text
    assert "Amina" not in text


def test_another_division_answers_404(
    client: Client, sign_in: SignIn, other_coordinator: Staff, coordinator: Staff, division: Division,
    application: Application,
) -> None:  # fmt: skip
    slot = make_slot(coordinator, division, moment(14))
    elsewhere = sign_in(client, other_coordinator)
    for name, args in (
        ("interview_slot_out", [slot.pk]), ("interview_slot_back", [slot.pk]), ("interview_send", [application.pk]),
        ("interview_slot_give", [slot.pk, application.pk]),
    ):  # fmt: skip
        assert elsewhere.post(reverse(f"desk:{name}", args=args)).status_code == 404
    html = page(elsewhere, **{"for": str(application.pk)})
    assert "Amina" not in html
    assert "The library" not in html
    application.refresh_from_db()
    assert application.state == ApplicationState.RECEIVED


@pytest.mark.parametrize("count", [1, 3])
def test_the_planner_asks_as_much_for_one_as_for_three(
    count: int, desk: Client, coordinator: Staff, division: Division, programme: Programme,
    django_assert_num_queries: CountQueries,
) -> None:  # fmt: skip
    for number in range(count):
        make_slot(coordinator, division, moment(9 + number))
        taken = make_application("mentee", division, programme=programme)
        take_slot(by=coordinator, application=taken, slot=make_slot(coordinator, division, moment(15 + number)))
        make_application("mentee", division, programme=programme)
    page(desk)
    with django_assert_num_queries(11):
        page(desk)


def test_nothing_is_left_untranslated(
    desk: Client, coordinator: Staff, division: Division, application: Application, programme: Programme
) -> None:
    desk.cookies["django_language"] = "xb"
    make_slot(coordinator, division, moment(10))
    taken = make_application("mentee", division, programme=programme)
    take_slot(by=coordinator, application=taken, slot=make_slot(coordinator, division, moment(14)))
    offer_times(by=coordinator, application=application, author_name="Inger")
    for html in (
        page(desk), page(desk, **{"for": str(application.pk)}), page(desk, week="2026-01-05"),
        add(desk, adding(coordinator, division, place="", ends="14:10")),
        str(desk.get(reverse("desk:interviews_add")).content.decode()),
    ):  # fmt: skip
        assert untranslated(html) == []
