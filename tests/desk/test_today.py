"""Today: what waits, for whom, and how it is settled."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from factories.django_rows import make_programme
from mentornet.agenda.models import Kind, Task
from mentornet.agenda.services import ask_for
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.services.applications import receive_application
from pages import untranslated
from signing import CountQueries, SignIn

pytestmark = pytest.mark.django_db
NOBODYS = "Nobody’s yet"
WORDS = {
    "name": "Amina",
    "mentee": "Amina",
    "mentor": "Bodil <b>",
    "who": "Karen",
    "count": 3,
    "helping": 1,
    "not_now": 2,
    "answered": 3,
    "asked": 4,
    "division": "Odense",
    "programme": "Mentor network",
}


def _ask(
    staff: Staff, division: Division, kind: Kind = Kind.CALL_FOR_ANSWER, days: int = 0, owner: bool = True
) -> Task:
    return ask_for(
        by=staff,
        kind=kind,
        target_id=uuid4(),
        division_id=division.pk,
        due_on=timezone.localdate() + timedelta(days=days),
        owner_id=staff.user_id if owner else None,
        words=WORDS,
    )


@pytest.fixture
def desk(client: Client, sign_in: SignIn, coordinator: Staff) -> Client:
    return sign_in(client, coordinator)


def _today(desk: Client, **query: str) -> str:
    response = desk.get(reverse("desk:today"), query)
    assert response.status_code == 200
    return response.content.decode()


def test_each_kind_has_a_sentence_and_an_action(desk: Client, coordinator: Staff, division: Division) -> None:
    for kind in Kind:
        _ask(coordinator, division, kind)
    page = _today(desk)
    assert page.count("data-row") == len(Kind)
    assert "Bodil &lt;b&gt;" in page
    assert "Bodil <b>" not in page


def test_most_urgent_stands_first_under_its_heading(desk: Client, coordinator: Staff, division: Division) -> None:
    for days in (30, 0, -9, 5):
        _ask(coordinator, division, days=days)
    page = _today(desk)
    places = [page.index(words) for words in (">Late ", ">Today <", ">The next seven days ", "Later: 1 thing")]
    assert places == sorted(places)
    assert "9 days late" in page


def test_counts_agree_with_the_lists_they_open(desk: Client, coordinator: Staff, division: Division) -> None:
    for kind, number in ((Kind.DECIDE, 3), (Kind.NOT_MET, 2)):
        for _ in range(number):
            _ask(coordinator, division, kind)
    assert _today(desk, kind=Kind.DECIDE).count("data-row") == 3
    assert _today(desk, kind=Kind.NOT_MET).count("data-row") == 2
    assert "5 things wait" in _today(desk)


def test_two_who_must_not_meet_stand_out_from_the_first_day(
    desk: Client, coordinator: Staff, division: Division
) -> None:
    _ask(coordinator, division)
    usual = _today(desk)
    _ask(coordinator, division, Kind.APART_PAIRED)
    page = _today(desk)
    assert (usual.count("tone-bad"), page.count("tone-bad")) == (0, 1)


def test_others_tasks_and_other_divisions_stay_out(
    desk: Client, coordinator: Staff, division: Division, other_division: Division, other_coordinator: Staff
) -> None:
    colleague = _ask(coordinator, division)
    Task.objects.filter(pk=colleague.pk).update(owner_id=uuid4())
    _ask(other_coordinator, other_division)
    _ask(other_coordinator, other_division, owner=False)
    assert "data-row" not in _today(desk)
    assert _today(desk, whose="all").count("data-row") == 1


def test_what_is_nobodys_yet_waits_for_her_too_and_is_marked(
    desk: Client, coordinator: Staff, division: Division
) -> None:
    _ask(coordinator, division)
    assert NOBODYS not in _today(desk)
    _ask(coordinator, division, Kind.INTERVIEW, owner=False)
    for whose in ("", "all"):
        page = _today(desk, whose=whose)
        assert (page.count("data-row"), page.count(NOBODYS)) == (2, 1)
        assert "2 things wait" in page
        assert _today(desk, whose=whose, kind=Kind.INTERVIEW).count("data-row") == 1


def test_new_application_is_on_todays_list_of_a_sole_coordinator(
    desk: Client, coordinator: Staff, division: Division
) -> None:
    """From the form to the desk: nobody has been given it, and nobody needs to look for it."""
    application = receive_application(
        by=coordinator,
        programme=make_programme(),
        division=division,
        role="mentee",
        person_facts={"first_name": "Amina", "email": "amina@example.org"},
    )
    assert Task.objects.get(target_id=application.pk).owner_id is None
    page = _today(desk)
    assert reverse("desk:application", kwargs={"application_id": application.pk}) in page
    assert "Nothing waits" not in page


def test_new_application_is_never_folded_away(desk: Client, coordinator: Staff, division: Division) -> None:
    """It is due in a fortnight, among much that is due earlier and later; once a time is agreed it may be folded."""
    for days in (3, 12, 30):
        _ask(coordinator, division, days=days)
    application = receive_application(
        by=coordinator,
        programme=make_programme(),
        division=division,
        role="mentee",
        person_facts={"first_name": "Amina", "email": "amina@example.org"},
    )
    # The page is drawn on the real day of the test.
    due_on = timezone.localdate() + timedelta(days=14)
    assert Task.objects.filter(target_id=application.pk).update(due_on=due_on) == 1
    page = _today(desk).partition('id="main"')[2]
    address = reverse("desk:application", kwargs={"application_id": application.pk})
    assert page.index("New applications") < page.index(address) < page.index("Later: 2 things")
    Task.objects.filter(target_id=application.pk).update(words={"name": "Amina", "time": "10:00"})
    page = _today(desk).partition('id="main"')[2]
    assert "New applications" not in page
    assert page.index("Later: 3 things") < page.index(address)


def test_put_off_and_taken_back(desk: Client, coordinator: Staff, division: Division) -> None:
    task = _ask(coordinator, division)
    until = (timezone.localdate() + timedelta(days=3)).isoformat()
    answer = desk.post(reverse("desk:task_snooze", kwargs={"task_id": task.pk}), {"until": until, "reason": "On leave"})
    assert answer.status_code == 302
    page = _today(desk)
    assert "data-row" not in page
    assert "1 thing has been put off" in page
    assert reverse("desk:task_wake", kwargs={"task_id": task.pk}) in page
    assert "On leave" in desk.get(reverse("desk:put_off")).content.decode()
    desk.post(reverse("desk:task_wake", kwargs={"task_id": task.pk}))
    assert "data-row" in _today(desk)


def test_put_off_into_the_past_is_refused_and_keeps_what_was_typed(
    desk: Client, coordinator: Staff, division: Division
) -> None:
    task = _ask(coordinator, division)
    page = desk.post(
        reverse("desk:task_snooze", kwargs={"task_id": task.pk}),
        {"until": timezone.localdate().isoformat(), "reason": "On leave"},
    ).content.decode()
    assert "Choose a day after today." in page
    assert "On leave" in page


@pytest.mark.parametrize(
    ("days", "reason", "words"),
    [(7, " ", "Write something here."), (733, "On leave", "That is too far ahead")],
)
def test_nothing_is_put_off_without_a_reason_or_for_good(
    days: int, reason: str, words: str, desk: Client, coordinator: Staff, division: Division
) -> None:
    task = _ask(coordinator, division)
    until = (timezone.localdate() + timedelta(days=days)).isoformat()
    page = desk.post(reverse("desk:task_snooze", args=[task.pk]), {"until": until, "reason": reason}).content.decode()
    assert words in page
    task.refresh_from_db()
    assert task.snoozed_until is None


def test_only_what_no_act_settles_is_ticked_off(desk: Client, coordinator: Staff, division: Division) -> None:
    by_act, by_hand = _ask(coordinator, division, Kind.DECIDE), _ask(coordinator, division, Kind.PROPOSAL_ENDED)
    for task in (by_act, by_hand):
        desk.post(reverse("desk:task_done", kwargs={"task_id": task.pk}))
    assert list(Task.objects.filter(done_at=None)) == [by_act]
    desk.post(reverse("desk:task_untick", kwargs={"task_id": by_hand.pk}))
    assert Task.objects.filter(done_at=None).count() == 2


@pytest.mark.parametrize("name", ["task_snooze", "task_wake", "task_done", "task_untick"])
def test_tasks_of_other_divisions_are_not_there(
    desk: Client, other_coordinator: Staff, other_division: Division, name: str
) -> None:
    task = _ask(other_coordinator, other_division)
    assert desk.post(reverse(f"desk:{name}", kwargs={"task_id": task.pk}), {}).status_code == 404


def test_queries_do_not_grow_with_rows(
    desk: Client, coordinator: Staff, division: Division, django_assert_num_queries: CountQueries
) -> None:
    desk.get(reverse("desk:today"))
    for rows in (1, 3):
        for _ in range(rows):
            _ask(coordinator, division)
        with django_assert_num_queries(13):
            _today(desk)


def test_administrator_is_led_to_the_setup(client: Client, sign_in: SignIn, administrator: Staff) -> None:
    page = _today(sign_in(client, administrator))
    assert reverse("desk:setup") in page


def test_nothing_is_left_untranslated(desk: Client, coordinator: Staff, division: Division) -> None:
    for kind in Kind:
        _ask(coordinator, division, kind)
    desk.cookies["django_language"] = "xb"
    assert untranslated(_today(desk, whose="all")) == []
    assert untranslated(desk.get(reverse("desk:put_off")).content.decode()) == []
