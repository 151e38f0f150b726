"""The talk behind her personal link: choosing, moving, cancelling, none that suits; nothing tells what it is for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from factories.django_rows import make_application, make_person, make_profile
from intake.planning import WEDNESDAY, make_slot, moment
from mentornet.accounts.enums import Purpose
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.enums import ApplicationState
from mentornet.intake.models import Application, Interview, InterviewOffer, InterviewSlot
from mentornet.intake.services.slots import take_slot
from pages import untranslated
from portal.conftest import WithLink
from signing import CountQueries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]

TELLING = ("mentor", "mentee", "network", "programme", "Mentornet")
"""Words that would tell whoever else reads the page what it is about."""


@pytest.fixture
def application(division: Division) -> Application:
    application = make_application("mentee", division, person=make_person("Amina", "Yusuf", language="en"))
    make_profile(application.person, "mentee")
    return application


@pytest.fixture
def slots(coordinator: Staff, division: Division) -> list[InterviewSlot]:
    return [make_slot(coordinator, division, moment(hour)) for hour in (14, 15, 16)]


@pytest.fixture
def hers(application: Application, with_link: WithLink) -> Client:
    return with_link(Purpose.INTERVIEW, str(application.pk), application.person, code=False)


def address(application: Application, name: str = "interview") -> str:
    return reverse(f"portal:{name}", args=[application.pk])


def main_of(html: str) -> str:
    return html.partition("<main")[2].partition("</main>")[0]


def test_she_chooses_and_sees_it(hers: Client, application: Application, slots: list[InterviewSlot]) -> None:
    html = hers.get(address(application)).content.decode()
    assert [html.count(hour) for hour in ("14:00", "15:00", "16:00")] == [1, 1, 1]
    response = hers.post(address(application), {"slot": str(slots[1].pk), "seen": ""}, follow=True)
    html = response.content.decode()
    assert "Your appointment" in html
    assert "15:00" in html
    assert Interview.objects.get().at == slots[1].starts_at
    # Pressed twice: nothing else happens.
    hers.post(address(application), {"slot": str(slots[1].pk), "seen": ""})
    assert Interview.objects.count() == 1


def test_the_page_tells_nothing_of_what_it_is_for(
    hers: Client, application: Application, slots: list[InterviewSlot]
) -> None:
    pages = [hers.get(address(application)), hers.get(address(application, "interview_none"))]
    hers.post(address(application), {"slot": str(slots[0].pk), "seen": ""})
    pages += [hers.get(address(application)), hers.get(address(application, "interview_cancel"))]
    for page in pages:
        html = page.content.decode()
        assert not [word for word in TELLING if word.lower() in main_of(html).lower()]
        assert application.programme.name not in html


def test_the_calendar_file_is_neutral(hers: Client, application: Application, slots: list[InterviewSlot]) -> None:
    assert hers.get(address(application, "interview_calendar")).status_code == 404
    hers.post(address(application), {"slot": str(slots[0].pk), "seen": ""})
    response = hers.get(address(application, "interview_calendar"))
    text = response.content.decode()
    assert response["Content-Type"].startswith("text/calendar")
    assert "SUMMARY:Appointment" in text
    assert "DTSTART:20260304T130000Z" in text
    assert not [word for word in (*TELLING, "Amina", "interview with") if word.lower() in text.lower()]


def test_somebody_else_was_faster(
    hers: Client, application: Application, slots: list[InterviewSlot], division: Division, coordinator: Staff
) -> None:
    take_slot(by=coordinator, application=make_application("mentee", division), slot=slots[0])
    response = hers.post(address(application), {"slot": str(slots[0].pk), "seen": ""})
    html = response.content.decode()
    assert response.status_code == 422
    assert "This time has just been taken. Please choose another one." in html
    # She sees the rest.
    assert [html.count(hour) for hour in ("14:00", "15:00", "16:00")] == [0, 1, 1]


def test_nothing_chosen_is_said_so(hers: Client, application: Application, slots: list[InterviewSlot]) -> None:
    html = hers.post(address(application), {"seen": ""}).content.decode()
    assert "Choose a time first." in html


def test_she_moves_it(hers: Client, application: Application, slots: list[InterviewSlot]) -> None:
    hers.post(address(application), {"slot": str(slots[0].pk), "seen": ""})
    html = hers.get(address(application)).content.decode()
    assert "I need another time" in html
    mark = Interview.objects.get().mark
    hers.post(address(application), {"slot": str(slots[2].pk), "seen": mark})
    assert Interview.objects.get().at == slots[2].starts_at
    slots[0].refresh_from_db()
    assert slots[0].application is None
    # A page that was opened before knows no longer what is booked.
    html = hers.post(address(application), {"slot": str(slots[1].pk), "seen": mark}).content.decode()
    assert "16:00" in html
    assert Interview.objects.get().at == slots[2].starts_at


def test_on_the_day_itself_she_calls(
    hers: Client, application: Application, coordinator: Staff, division: Division
) -> None:
    today = make_slot(coordinator, division, moment(15, day=WEDNESDAY - timedelta(days=2)))
    take_slot(by=coordinator, application=application, slot=today)
    make_slot(coordinator, division, moment(14))
    html = hers.get(address(application)).content.decode()
    assert "It is very soon now. Please call us if you cannot come." in html
    assert "I need another time" not in html
    assert hers.get(address(application, "interview_cancel")).status_code == 302
    hers.post(address(application, "interview_cancel"))
    assert Interview.objects.get().cancelled_at is None


def test_she_cancels_and_can_choose_again(hers: Client, application: Application, slots: list[InterviewSlot]) -> None:
    hers.post(address(application), {"slot": str(slots[0].pk), "seen": ""})
    html = hers.post(address(application, "interview_cancel"), follow=True).content.decode()
    assert "Your appointment is cancelled." in html
    assert "Choose a day and a time" in html
    application.refresh_from_db()
    assert application.state == ApplicationState.RECEIVED


def test_none_suits_her(hers: Client, application: Application, slots: list[InterviewSlot]) -> None:
    html = hers.post(address(application, "interview_none"), {"words": "بعد العمل"}, follow=True).content.decode()
    assert "You have told us that the times do not suit you." in html
    assert InterviewOffer.objects.get().words == "بعد العمل"


def test_without_times_she_tells_when_she_can(hers: Client, application: Application) -> None:
    html = hers.get(address(application)).content.decode()
    assert "There are no free times here right now." in html
    assert address(application, "interview_none") in html


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (ApplicationState.INTERVIEWED, "Thank you for talking with us."),
        (ApplicationState.DECLINED, "There is nothing to choose here now"),
        (ApplicationState.WITHDRAWN, "There is nothing to choose here now"),
    ],
)
def test_afterwards(
    state: ApplicationState, words: str, hers: Client, application: Application, slots: list[InterviewSlot]
) -> None:
    Application.objects.update(state=state)
    html = hers.get(address(application)).content.decode()
    assert words in html
    assert "14:00" not in html
    hers.post(address(application), {"slot": str(slots[0].pk), "seen": ""})
    assert not Interview.objects.exists()


def test_another_ones_page_does_not_exist(hers: Client, client: Client, division: Division) -> None:
    other = make_application("mentee", division)
    for name in ("interview", "interview_none", "interview_cancel", "interview_calendar"):
        assert hers.get(address(other, name)).status_code == 404
        assert client.get(address(other, name)).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_as_much_for_one_time_as_for_three(
    count: int, hers: Client, application: Application, coordinator: Staff, division: Division,
    django_assert_num_queries: CountQueries,
) -> None:  # fmt: skip
    for number in range(count):
        make_slot(coordinator, division, moment(10 + number))
    hers.get(address(application))
    with django_assert_num_queries(8):
        hers.get(address(application))


def test_nothing_is_left_untranslated(hers: Client, application: Application, slots: list[InterviewSlot]) -> None:
    hers.cookies["django_language"] = "xb"
    for html in (
        hers.get(address(application)), hers.get(address(application, "interview_none")),
        hers.post(address(application), {}), hers.post(address(application), {"slot": str(slots[0].pk), "seen": ""},
                                                       follow=True),
        hers.get(address(application, "interview_cancel")),
    ):  # fmt: skip
        assert untranslated(html.content.decode()) == []
