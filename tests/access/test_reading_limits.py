"""Harm 11: a phished account that takes page by page all that its role may see is asked again, and then stopped."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from exporting import ASKED, proven
from factories.django_rows import make_application, make_division, make_enrolment, make_programme, make_staff, user_of
from mentornet.accounts.models import Opening, User
from mentornet.accounts.services.reading import forget_openings, note_openings
from mentornet.audit.models import Entry
from mentornet.common.actors import System
from mentornet.common.answers import NotAllowedError
from mentornet.common.jobs import enqueue, run_ready_job
from mentornet.divisions.models import Division, Role
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Application
from mentornet.people.enums import Role as PersonRole
from mentornet.privacy.services import watching
from mentornet.programmes.models import Programme
from mentornet.web.signin import LETTER_JOB as PASSWORD_JOB
from racing import at_once
from signing import CountQueries, enter

pytestmark = pytest.mark.django_db
ASKS_AT, STOPS_AT = 3, 6


@pytest.fixture(autouse=True)
def limits(settings: Settings) -> None:
    settings.READING_ASKS_AT, settings.READING_STOPS_AT = ASKS_AT, STOPS_AT


@pytest.fixture
def division() -> Division:
    return make_division()


@pytest.fixture
def programme() -> Programme:
    return make_programme()


@pytest.fixture
def reader(division: Division) -> Staff:
    return make_staff(Role.COORDINATOR, division)


@pytest.fixture
def lead(division: Division) -> Staff:
    return make_staff(Role.DIVISION_LEAD, division, name="Birthe Dam")


@pytest.fixture
def desk(client: Client, reader: Staff) -> Client:
    return enter(client, user_of(reader))


@pytest.fixture
def people(division: Division, programme: Programme) -> list[Application]:
    return [make_application(division=division, programme=programme) for _ in range(12)]


def pages(people: Sequence[Application]) -> list[str]:
    return [reverse("desk:person", args=[one.person_id]) for one in people]


def shown(client: Client, addresses: Sequence[str]) -> list[int]:
    return [client.get(address).status_code for address in addresses]


def acts_of(act: str) -> int:
    return Entry.objects.filter(act=f"accounts.{act}").count()


def test_unusually_many_are_asked_for_the_code_and_then_stopped(
    desk: Client, reader: Staff, people: list[Application]
) -> None:
    addresses = pages(people)
    assert shown(desk, addresses[:ASKS_AT]) == [200] * ASKS_AT
    answer = desk.get(addresses[ASKS_AT])
    assert answer.status_code == 403
    assert "Your code again, please" in answer.content.decode()
    assert reverse("mfa_reauthenticate") in answer.content.decode()
    assert people[ASKS_AT].person.name not in answer.content.decode()
    assert acts_of("ask_reader") == 1
    # Whom she has seen already is not shown either, until she has shown who she is; nor is it asked about twice.
    assert shown(desk, addresses[:2]) == [403, 403]
    assert acts_of("ask_reader") == 1
    time.sleep(0.01)
    proven(desk, reader)
    assert shown(desk, addresses[:STOPS_AT]) == [200] * STOPS_AT
    answer = desk.get(addresses[STOPS_AT])
    assert (answer.status_code, acts_of("pause_reader")) == (403, 1)
    assert "You are shown nobody for now" in answer.content.decode()
    proven(desk, reader)
    assert shown(desk, [*addresses[:3], reverse("desk:people"), reverse("desk:bank")]) == [403] * 5
    assert shown(desk, [reverse("desk:today"), reverse("desk:sessions")]) == [200, 200]


def test_without_the_watch_all_are_shown(
    desk: Client, people: list[Application], settings: Settings
) -> None:  # fmt: skip
    settings.MIDDLEWARE = [one for one in settings.MIDDLEWARE if "watching" not in one]
    assert shown(desk, pages(people)) == [200] * len(people)


def test_the_same_ones_again_and_several_pages_of_one_count_once(desk: Client, people: list[Application]) -> None:
    first = people[:ASKS_AT]
    addresses = pages(first) + [reverse("desk:application", args=[one.pk]) for one in first]
    assert set(shown(desk, addresses * 3)) == {200}
    assert desk.get(pages(people)[ASKS_AT]).status_code == 403


def test_own_cases_do_not_count(
    desk: Client, reader: Staff, division: Division, programme: Programme, people: list[Application]
) -> None:
    own = [
        make_enrolment(
            PersonRole.MENTEE, division=division, programme=programme, enrolment={"coordinator": user_of(reader)}
        )
        for _ in range(STOPS_AT + 2)
    ]
    assert set(shown(desk, [reverse("desk:person", args=[one.person_id]) for one in own])) == {200}
    assert set(shown(desk, pages(people)[:ASKS_AT])) == {200}
    assert desk.get(pages(people)[ASKS_AT]).status_code == 403


def test_an_hour_later_it_counts_from_nothing(desk: Client, reader: Staff, people: list[Application]) -> None:
    shown(desk, pages(people)[: ASKS_AT + 1])
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        client = enter(Client(), user_of(reader))
        assert set(shown(client, pages(people)[:ASKS_AT])) == {200}
        assert client.get(pages(people)[ASKS_AT]).status_code == 403


def test_another_session_counts_on(desk: Client, reader: Staff, people: list[Application]) -> None:
    shown(desk, pages(people)[:ASKS_AT])
    other = enter(Client(), user_of(reader))
    assert other.get(pages(people)[ASKS_AT]).status_code == 403
    # What one session has shown counts for it alone.
    time.sleep(0.01)
    proven(other, reader)
    assert other.get(pages(people)[ASKS_AT]).status_code == 200
    assert desk.get(pages(people)[0]).status_code == 403


def test_several_beside_each_other_and_printed_ones_count(
    desk: Client, division: Division, programme: Programme, people: list[Application]
) -> None:
    mentee = make_enrolment(PersonRole.MENTEE, division=division, programme=programme)
    mentors = [make_enrolment(PersonRole.MENTOR, division=division, programme=programme) for _ in range(2)]
    desk.get(reverse("desk:match_compare", args=[mentee.pk]), {"with": [str(one.pk) for one in mentors]})
    assert Opening.objects.count() == 3
    assert desk.get(reverse("desk:interview_paper", args=[people[0].pk])).status_code == 403


def test_search_that_nobody_answers_counts(desk: Client) -> None:
    addresses = [reverse("desk:person", args=[uuid4()]) for _ in range(ASKS_AT + 1)]
    assert shown(desk, addresses) == [404] * ASKS_AT + [403]


def test_part_of_a_page_leads_to_a_whole_one(desk: Client, people: list[Application]) -> None:
    shown(desk, pages(people)[:ASKS_AT])
    answer = desk.get(pages(people)[ASKS_AT], headers={"hx-request": "true"})
    assert answer["HX-Redirect"].startswith(reverse("desk:reading"))
    told = desk.get(answer["HX-Redirect"])
    assert told.status_code == 200
    assert "Your code again, please" in told.content.decode()


def test_list_that_leaves_as_a_file_counts_as_many(
    desk: Client, reader: Staff, people: list[Application], settings: Settings
) -> None:
    settings.READING_ASKS_AT, settings.READING_STOPS_AT = 25, 50
    address = reverse("desk:export_people")
    for status in (200, 403):
        proven(desk, reader)
        assert desk.post(address, ASKED).status_code == status
    time.sleep(0.01)
    proven(desk, reader)
    assert desk.post(address, ASKED).status_code == 403
    assert user_of(reader).reading_paused_at is not None


# What she was writing ------------------------------------------------------------------------------------------------


def test_form_that_she_has_open_is_taken(desk: Client, reader: Staff, people: list[Application]) -> None:
    writing = reverse("desk:person_details", args=[people[0].person_id])
    assert desk.get(writing).status_code == 200
    shown(desk, pages(people)[1 : ASKS_AT + 1])
    assert desk.get(pages(people)[0]).status_code == 403
    person = people[0].person
    answer = desk.post(writing, {"first_name": "Amina", "last_name": "Noor", "language": person.language})
    assert answer.status_code in {200, 302}
    del reader


def test_form_about_somebody_new_is_given_back_with_its_words(desk: Client, people: list[Application]) -> None:
    shown(desk, pages(people)[: ASKS_AT + 1])
    answer = desk.post(
        reverse("desk:person_details", args=[people[-1].person_id]),
        {"first_name": "Words that took long"},
        headers={"origin": "http://testserver"},
    )
    assert answer.status_code == 403
    html = answer.content.decode()
    assert "Words that took long" in html
    assert "data-returns-drafts" in html


# Letting her on ------------------------------------------------------------------------------------------------------


def paused(desk: Client, reader: Staff, people: list[Application]) -> None:
    shown(desk, pages(people)[: ASKS_AT + 1])
    time.sleep(0.01)
    proven(desk, reader)
    shown(desk, pages(people)[: STOPS_AT + 1])
    assert user_of(reader).reading_paused_at is not None


def test_lead_and_administrator_see_it_and_let_her_on(
    desk: Client, reader: Staff, lead: Staff, people: list[Application]
) -> None:
    paused(desk, reader, people)
    for staff in (make_staff(Role.ADMINISTRATOR), make_staff(Role.NATIONAL_LEAD), lead):
        html = enter(Client(), user_of(staff)).get(reverse("desk:today")).content.decode()
        assert "data-paused" in html
        assert reverse("desk:reader_let_on", args=[reader.user_id]) in html
    other = make_staff(Role.DIVISION_LEAD, make_division(), name="Gerda Vang")
    colleague = make_staff(Role.COORDINATOR, Division.objects.first())
    for staff in (other, colleague):
        client = enter(Client(), user_of(staff))
        assert "data-paused" not in client.get(reverse("desk:today")).content.decode()
        client.post(reverse("desk:reader_let_on", args=[reader.user_id]))
    desk.post(reverse("desk:reader_let_on", args=[reader.user_id]))
    assert user_of(reader).reading_paused_at is not None
    told = desk.get(pages(people)[0]).content.decode()
    assert f"<bdi>{lead.name}</bdi>" in told
    assert f"<bdi>{other.name}</bdi>" not in told
    client = enter(Client(), user_of(lead))
    answer = client.post(reverse("desk:reader_let_on", args=[reader.user_id]), follow=True)
    assert "is shown people again" in answer.content.decode()
    assert (user_of(reader).reading_paused_at, acts_of("let_reader_on")) == (None, 1)
    assert (
        "had been let on already"
        in client.post(reverse("desk:reader_let_on", args=[reader.user_id]), follow=True).content.decode()
    )
    assert set(shown(desk, pages(people)[:ASKS_AT])) == {200}


def test_those_who_can_let_her_on_are_written_to(
    desk: Client, reader: Staff, lead: Staff, people: list[Application]
) -> None:
    administrator = make_staff(Role.ADMINISTRATOR)
    make_staff(Role.DIVISION_LEAD, make_division())
    paused(desk, reader, people)
    while run_ready_job("tests", timezone.now()):
        pass
    assert sorted(one.to[0] for one in mail.outbox) == sorted(str(user_of(one).email) for one in (lead, administrator))
    for letter in mail.outbox:
        assert reverse("desk:today") in letter.body
        said = f"{letter.subject} {letter.body}"
        assert reader.name not in said
        assert "network" not in said.lower()


def test_letter_that_could_not_be_written_shows_to_administrators(lead: Staff) -> None:
    enqueue(PASSWORD_JOB, user_id=str(uuid4()))
    DBTaskResult.objects.update(status="FAILED", finished_at=timezone.now())
    administrator = enter(Client(), user_of(make_staff(Role.ADMINISTRATOR)))
    assert "data-failed" in administrator.get(reverse("desk:today")).content.decode()
    assert "data-failed" not in enter(Client(), user_of(lead)).get(reverse("desk:today")).content.decode()
    DBTaskResult.objects.update(finished_at=timezone.now() - timedelta(days=3))
    assert "data-failed" not in administrator.get(reverse("desk:today")).content.decode()


def test_whoever_is_paused_lets_nobody_on(lead: Staff, division: Division) -> None:
    two = [lead, make_staff(Role.DIVISION_LEAD, division)]
    User.objects.filter(pk__in=[one.user_id for one in two]).update(reading_paused_at=timezone.now())
    with pytest.raises(NotAllowedError):
        watching.let_on(by=two[0], user=user_of(two[1]))


# Numbers -------------------------------------------------------------------------------------------------------------


def test_page_asks_once_more_for_whom_it_has_not_shown_lately(
    desk: Client, people: list[Application], settings: Settings, django_assert_num_queries: CountQueries
) -> None:
    settings.READING_ASKS_AT, settings.READING_STOPS_AT = 40, 120
    addresses = pages(people)
    desk.get(addresses[0])
    with CaptureQueriesContext(connection) as again:
        desk.get(addresses[0])
    with django_assert_num_queries(len(again) + 1):
        desk.get(addresses[1])


def test_openings_are_forgotten_after_a_day(reader: Staff) -> None:
    at = timezone.now()
    note_openings(by=System("tests", at - timedelta(hours=25)), reader_id=reader.user_id, opened={uuid4()})
    note_openings(by=System("tests", at), reader_id=reader.user_id, opened={uuid4()})
    assert forget_openings(by=System("tests", at)) == 1
    with pytest.raises(NotAllowedError):
        forget_openings(by=reader)


@pytest.mark.django_db(transaction=True)
def test_of_several_at_once_no_more_are_shown_than_the_limit_says(
    reader: Staff, people: list[Application], settings: Settings
) -> None:
    settings.READING_ASKS_AT = settings.READING_STOPS_AT = ASKS_AT
    client = enter(Client(), user_of(reader))
    clients = [enter(Client(), user_of(reader)) for _ in range(6)]
    shown(client, pages(people)[: ASKS_AT - 1])
    answers: list[int] = []
    at_once(
        *(
            lambda one=one, address=address: answers.append(one.get(address).status_code)
            for one, address in zip(clients, pages(people)[ASKS_AT:], strict=False)
        )
    )
    assert answers.count(200) <= 1
    assert answers.count(403) >= 5
    # Of those who found it too much, one has paused her.
    assert acts_of("pause_reader") == 1
