"""Applications: the list, one with its steps, and entering one by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from days import TODAY
from factories.django_rows import make_application, make_person, make_profile, user_of
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.enums import ApplicationState
from mentornet.intake.models import Application, Decision, Enrolment, Interview
from mentornet.people.enums import Role
from mentornet.people.models import Person, Profile
from mentornet.programmes.models import Programme
from pages import untranslated
from signing import CountQueries, SignIn

pytestmark = pytest.mark.django_db

S = ApplicationState
ACTS = ("book", "interview", "decide", "withdraw")


@pytest.fixture
def desk(client: Client, sign_in: SignIn, coordinator: Staff) -> Client:
    return sign_in(client, coordinator)


@pytest.fixture
def application(division: Division, programme: Programme) -> Application:
    application = make_application(Role.MENTEE, division, programme=programme, person=make_person("Amina", "Yusuf"))
    make_profile(application.person, Role.MENTEE, sector="health")
    return application


def page(client: Client, name: str, *args: object, **query: str) -> str:
    response = client.get(reverse(f"desk:{name}", args=args), query, follow=True)
    assert response.status_code == 200
    return str(response.content.decode())


def take(client: Client, act: str, application: Application, **given: Any) -> Any:
    return client.post(reverse(f"desk:application_{act}", args=[application.pk]), given, follow=True)


def booking(by: Staff, **changes: str) -> dict[str, str]:
    day = (TODAY + timedelta(days=2)).isoformat()
    return {"day": day, "time": "10:30", "place": "The library", "interviewer": str(by.user_id)} | changes


def heard(**changes: str) -> dict[str, str]:
    return {
        "shareable": "Wants to work again.", "coordinator_only": "CANARY-4711", "profile-sector": "health",
        "profile-goal_0": "cv", "profile-language_0": "ar", "profile-level_0": "C2",
    } | changes  # fmt: skip


def test_the_oldest_stands_first_and_tabs_count(desk: Client, division: Division) -> None:
    for days, state in ((3, S.RECEIVED), (9, S.INTERVIEWED), (5, S.APPROVED), (1, S.BOOKED)):
        person = make_person(f"P{days}", "X")
        make_application(Role.MENTEE, division, person=person, state=state, received_on=TODAY - timedelta(days=days))
    response = desk.get(reverse("desk:applications"))
    assert [row.application.person.first_name for row in response.context["rows"]] == ["P9", "P3", "P1"]
    assert {tab["label"]: tab["count"] for tab in response.context["tabs"]}["To decide"] == 3
    response = desk.get(reverse("desk:applications"), {"state": "approved", "q": "p5"})
    assert [row.application.person.first_name for row in response.context["rows"]] == ["P5"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_much_for_one_as_for_three(
    count: int, desk: Client, division: Division, programme: Programme, django_assert_num_queries: CountQueries
) -> None:
    for _ in range(count):
        make_application(Role.MENTEE, division, programme=programme)
    page(desk, "applications")
    with django_assert_num_queries(7):
        page(desk, "applications")


def test_from_received_to_the_waiting_list(desk: Client, application: Application, coordinator: Staff) -> None:
    assert "Book the interview" in page(desk, "application", application.pk)
    response = take(desk, "book", application, **booking(coordinator))
    assert "gets a letter with day, time and place" in response.content.decode()
    assert "The library" in response.content.decode()
    response = take(desk, "interview", application, **heard())
    assert "What is left is to decide." in response.content.decode()
    assert "CANARY-4711" not in response.content.decode()
    profile = Profile.objects.get(person=application.person)
    assert profile.topics == ("cv",)
    assert set(profile.provenance) == {"topics", "languages"}
    response = take(desk, "decide", application, outcome="approved", reason="Ready.", coordinator=coordinator.user_id)
    html = response.content.decode()
    assert "is on the waiting list" in html
    enrolment = Enrolment.objects.get()
    assert reverse("desk:match", args=[enrolment.pk]) in html
    assert (enrolment.since, enrolment.coordinator) == (application.received_on, user_of(coordinator))


def test_a_mentor_gets_places_and_a_briefing(desk: Client, division: Division, coordinator: Staff) -> None:
    application = make_application(Role.MENTOR, division, state=S.INTERVIEWED)
    make_profile(application.person, Role.MENTOR)
    take(desk, "decide", application, outcome="approved", reason="Kind.", capacity="2")
    enrolment = Enrolment.objects.get()
    assert (enrolment.capacity, enrolment.briefed_on) == (2, TODAY)


def test_the_second_press_is_told_so(desk: Client, application: Application, coordinator: Staff) -> None:
    take(desk, "interview", application, **heard())
    html = take(desk, "interview", application, **heard(shareable="Typed again")).content.decode()
    assert "The interview has been written down already." in html
    assert "Typed again" in html
    take(desk, "decide", application, outcome="declined", reason="Not here.")
    html = take(desk, "decide", application, outcome="approved", reason="Second thoughts").content.decode()
    assert "This application has been decided already." in html
    assert "Second thoughts" in html
    assert Decision.objects.get().outcome == "declined"
    assert Interview.objects.count() == 1


@pytest.mark.parametrize("act", ACTS)
def test_a_decided_application_leads_back_to_its_page(act: str, desk: Client, application: Application) -> None:
    Application.objects.update(state=S.WITHDRAWN)
    assert "decided already" in page(desk, f"application_{act}", application.pk)


def test_what_cannot_be_is_refused_and_kept(desk: Client, application: Application, coordinator: Staff) -> None:
    yesterday = (TODAY - timedelta(days=1)).isoformat()
    html = take(desk, "book", application, **booking(coordinator, day=yesterday)).content.decode()
    assert "That day is over." in html
    assert "The library" in html
    html = take(desk, "interview", application, **heard(shareable="")).content.decode()
    assert "CANARY-4711" in html
    html = take(desk, "decide", application, outcome="approved", reason="Too early").content.decode()
    assert "The interview comes first" in html
    assert "Too early" in html
    assert Application.objects.get().state == S.RECEIVED


def test_withdrawing(desk: Client, application: Application, coordinator: Staff) -> None:
    take(desk, "book", application, **booking(coordinator))
    take(desk, "withdraw", application)
    assert Application.objects.get().state == S.WITHDRAWN
    assert Interview.objects.get().cancelled_at is not None


def test_another_division_answers_404(
    client: Client, sign_in: SignIn, other_coordinator: Staff, application: Application
) -> None:
    elsewhere = sign_in(client, other_coordinator)
    for name in ("application", *(f"application_{act}" for act in ACTS)):
        assert elsewhere.post(reverse(f"desk:{name}", args=[application.pk])).status_code == 404
    assert "Amina" not in page(elsewhere, "applications")


# By hand ------------------------------------------------------------------------------------------------------------


def entry(programme: Programme, division: Division, **changes: str) -> dict[str, str]:
    return {
        "role": "mentee", "programme": str(programme.pk), "division": str(division.pk), "first_name": "Oksana",
        "last_name": "Melnyk", "email": "oksana@example.org", "phone": "12 34 56 78", "language": "da",
        "heard_through": "the library",
    } | changes  # fmt: skip


def enter(client: Client, given: dict[str, str]) -> Any:
    return client.post(reverse("desk:application_new"), given, follow=True)


def test_one_is_entered_by_hand(desk: Client, programme: Programme, division: Division) -> None:
    html = enter(desk, entry(programme, division)).content.decode()
    assert "The next step is the interview." in html
    application = Application.objects.get()
    assert (application.person.name, application.heard_through) == ("Oksana Melnyk", "the library")


def test_who_may_be_the_same_is_shown_first(desk: Client, programme: Programme, division: Division) -> None:
    known = make_person("Oxana", "Melnik", phone="+45 1234 5678", area="Vollsmose")
    make_application(Role.MENTEE, division, programme=programme, person=known, state=S.DECLINED)
    given = entry(programme, division)
    html = enter(desk, given).content.decode()
    assert "Is this the same person?" in html
    assert "Oxana Melnik" in html
    assert "the library" in html
    assert Application.objects.count() == 1
    enter(desk, given | {"person": str(known.pk)})
    known.refresh_from_db()
    # What stood in her file is kept, what was empty is filled in.
    assert (known.first_name, known.phone, known.email) == ("Oxana", "+45 1234 5678", "oksana@example.org")
    assert Application.objects.filter(person=known).count() == 2
    html = enter(desk, given | {"person": str(known.pk)}).content.decode()
    assert "open application for this programme already" in html
    enter(desk, given | {"person": "new"})
    assert Person.objects.count() == 2


def test_people_of_another_division_are_not_shown(
    desk: Client, programme: Programme, division: Division, other_division: Division
) -> None:
    known = make_person("Oksana", "Melnyk")
    make_application(Role.MENTEE, other_division, programme=programme, person=known)
    enter(desk, entry(programme, division))
    assert Person.objects.count() == 2
    given = entry(programme, division, person=str(known.pk), email="x@example.org", phone="", first_name="Other")
    enter(desk, given)
    assert not Application.objects.filter(person=known, division=division).exists()


def test_another_divisions_programme_or_division_is_no_choice(
    desk: Client, programme: Programme, division: Division, other_division: Division
) -> None:
    html = enter(desk, entry(programme, other_division)).content.decode()
    assert "Oksana" in html
    assert "data-focus" in html
    assert not Application.objects.exists()


def test_another_application_of_somebody_known_begins_with_what_is_known(
    desk: Client, application: Application
) -> None:
    html = page(desk, "application_new", person=str(application.person_id))
    assert 'value="Amina"' in html


def test_nothing_is_left_untranslated(
    desk: Client, application: Application, coordinator: Staff, programme: Programme, division: Division
) -> None:
    desk.cookies["django_language"] = "xb"
    known = entry(programme, division, first_name="Amina", last_name="Yusuf")
    for html in (
        page(desk, "applications"), page(desk, "applications", q="nobody"),
        page(desk, "applications", state="approved"),
        page(desk, "application", application.pk), page(desk, "application_new"), enter(desk, {}).content.decode(),
        enter(desk, known).content.decode(), *(page(desk, f"application_{act}", application.pk) for act in ACTS),
        *(take(desk, act, application, coordinator="x").content.decode() for act in ("book", "interview", "decide")),
        take(desk, "book", application, **booking(coordinator)).content.decode(),
        take(desk, "interview", application, **heard()).content.decode(),
        page(desk, "application_decide", application.pk),
        take(desk, "decide", application, outcome="approved", reason="Ready.").content.decode(),
    ):  # fmt: skip
        assert untranslated(html) == []


def test_a_talk_begins_with_the_offices_address(desk: Client, application: Application) -> None:
    Division.objects.update(address="Opdigtet Allé 7, Odense")
    page = desk.get(reverse("desk:application_book", args=[application.pk])).content.decode()
    assert 'value="Opdigtet Allé 7, Odense"' in page
