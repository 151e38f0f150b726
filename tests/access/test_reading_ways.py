"""Harm 11, by the side doors: taking cases over, keys behind the question mark, letters, the audit, names typed in."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from exporting import proven
from factories.django_rows import (
    AT,
    make_division,
    make_enrolment,
    make_person,
    make_programme,
    make_staff,
    saved,
    user_of,
)
from mentornet.accounts.models import Opening, User
from mentornet.accounts.queries import opened_lately
from mentornet.accounts.services.reading import note_openings
from mentornet.agenda.models import Kind, Task
from mentornet.audit.models import Entry
from mentornet.audit.services import record
from mentornet.divisions.models import Division, Role
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment, Interview, InterviewDraft
from mentornet.intake.services.enrolments import hand_over
from mentornet.messaging.models import Letter
from mentornet.people.enums import Role as PersonRole
from mentornet.people.recipients import person_key
from mentornet.privacy.enums import Ground
from mentornet.privacy.opened import look_at
from mentornet.privacy.services.disclosing import write_disclosure
from mentornet.privacy.services.requesting import take_request_down
from mentornet.programmes.models import Programme
from signing import enter

pytestmark = pytest.mark.django_db
ASKS_AT, STOPS_AT = 3, 6
MANY: Final = 10


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
def desk(client: Client, reader: Staff) -> Client:
    return enter(client, user_of(reader))


@pytest.fixture
def cases(division: Division, programme: Programme) -> list[Enrolment]:
    return [
        make_enrolment(
            PersonRole.MENTEE,
            division,
            programme=programme,
            person=make_person(f"Amina{n}", f"Kanarie{n}", email=f"amina{n}@example.org", phone=f"+456100000{n}"),
        )
        for n in range(MANY)
    ]


def her_page(desk: Client, one: Enrolment) -> int:
    return desk.get(reverse("desk:person", args=[one.person_id])).status_code


# Whose case it is -----------------------------------------------------------------------------------------------------


def take_over(desk: Client, one: Enrolment, reader: Staff) -> object:
    return desk.post(reverse("desk:enrolment_hand_over", args=[one.pk]), {"coordinator": str(reader.user_id)})


def keep_a_draft(desk: Client, one: Enrolment, reader: Staff) -> object:
    return InterviewDraft.objects.create(
        application=one.application, interviewer=user_of(reader), created_at=timezone.now(), changed_at=timezone.now()
    )


def talk_with(desk: Client, one: Enrolment, reader: Staff) -> object:
    return Interview.objects.create(
        application=one.application, interviewer=user_of(reader), at=timezone.now(), held_at=timezone.now(),
        created_at=timezone.now(),
    )  # fmt: skip


@pytest.mark.parametrize("take", [take_over, keep_a_draft, talk_with])
def test_whoever_makes_a_case_her_own_reads_no_more_of_them(
    desk: Client, reader: Staff, cases: list[Enrolment], take: Callable[[Client, Enrolment, Staff], object]
) -> None:
    read = []
    for one in cases:
        take(desk, one, reader)
        read.append(her_page(desk, one))
    assert read == [200] * ASKS_AT + [403] * (MANY - ASKS_AT)
    assert Entry.objects.filter(act="accounts.ask_reader").count() == 1


def not_own(reader: Staff, at: datetime) -> set[UUID]:
    openings = Opening.objects.filter(reader_id=reader.user_id)
    return {row.opened for row in look_at(openings, reader.user_id, at) if not row.is_own}


def test_a_case_is_ones_own_a_day_after_one_took_it_and_an_hour_after_others_gave_it(
    desk: Client, reader: Staff, cases: list[Enrolment], division: Division
) -> None:
    now, lead = timezone.now(), make_staff(Role.DIVISION_LEAD, division)
    long, *others = cases[:4]
    Enrolment.objects.filter(pk=long.pk).update(coordinator=user_of(reader))
    for one, by, before in zip(
        others, (reader, lead, lead), (timedelta(hours=23), timedelta(minutes=61), timedelta(minutes=59)), strict=True
    ):
        hand_over(by=replace(by, at=now - before), enrolment=one, coordinator_id=reader.user_id)
    note_openings(by=reader, reader_id=reader.user_id, opened={one.person_id for one in cases[:4]})
    assert not_own(reader, now) == {others[0].person_id, others[2].person_id}
    assert not_own(reader, now + timedelta(minutes=2)) == {others[0].person_id}
    assert not_own(reader, now + timedelta(hours=1, minutes=1)) == set()


def test_tasks_of_what_one_has_just_taken_over_make_nobody_ones_own(
    desk: Client, reader: Staff, cases: list[Enrolment]
) -> None:
    one = cases[0]
    Task.objects.create(
        kind=Kind.PROMISE, target_id=one.pk, division_id=one.division_id, due_on=AT.date(), created_at=AT, words={},
        owner_id=make_staff(Role.COORDINATOR, one.division).user_id,
    )  # fmt: skip
    take_over(desk, one, reader)
    assert Task.objects.get().owner_id == reader.user_id
    note_openings(by=reader, reader_id=reader.user_id, opened={one.person_id})
    assert not_own(reader, timezone.now()) == {one.pk, one.person_id}


# Keys that stand elsewhere --------------------------------------------------------------------------------------------


def test_people_behind_the_question_mark_count(desk: Client, cases: list[Enrolment]) -> None:
    read = []
    for one in cases:
        html = desk.get(reverse("desk:application_new"), {"person": str(one.person_id)}).content.decode()
        read.append(one.person.email in html)
    assert read == [True] * ASKS_AT + [False] * (MANY - ASKS_AT)


def letter_to(one: Enrolment, by: Staff) -> str:
    now = timezone.now()
    found = saved(
        Letter(
            recipient=person_key(one.person_id), event="by_hand", values={"text": "x"}, division_id=one.division_id,
            queued_by="system:tests", state="sent", send_after=now, subject="x", body="Words", sent_at=now,
            sent_to=one.person.email, channel="email", created_at=now,
        )
    )  # fmt: skip
    return reverse("desk:letter", args=[found.pk])


def request_of(one: Enrolment, by: Staff) -> str:
    found = take_request_down(
        by=by, person=one.person, division_id=one.division_id, kind="access", way="letter", words="W",
        received_on=by.today,
    )  # fmt: skip
    return reverse("desk:request", args=[found.pk])


def disclosure_of(one: Enrolment, by: Staff) -> str:
    facts = {"told_on": by.today, "told_to": "P", "told": "T", "reason": "W", "ground": Ground.LAW}
    found = write_disclosure(by=by, person=one.person, division_id=one.division_id, facts=facts)
    return reverse("desk:disclosure", args=[found.pk])


@pytest.mark.parametrize("page_of", [letter_to, request_of, disclosure_of])
def test_letters_and_what_else_hangs_on_somebody_counts_and_is_about_her(
    desk: Client, reader: Staff, cases: list[Enrolment], page_of: Callable[[Enrolment, Staff], str]
) -> None:
    addresses = [page_of(one, reader) for one in cases]
    for one in cases[:ASKS_AT]:
        assert her_page(desk, one) == 200
    # Whom she has been shown already, she is shown once more: it is about the same.
    assert [desk.get(one).status_code for one in addresses[:ASKS_AT]] == [200] * ASKS_AT
    assert desk.get(addresses[ASKS_AT]).status_code == 403
    assert opened_lately(reader.user_id, timezone.now()) == ASKS_AT + 1


def test_names_typed_in_to_see_who_is_alike_count(
    desk: Client, cases: list[Enrolment], division: Division, programme: Programme
) -> None:
    read = []
    for one in cases:
        given = {
            "role": "mentee", "programme": str(programme.pk), "division": str(division.pk), "language": "da",
            "first_name": one.person.first_name, "last_name": one.person.last_name, "email": "", "phone": "1",
        }  # fmt: skip
        html = desk.post(reverse("desk:application_new"), given).content.decode()
        read.append(one.person.email in html)
    assert read.count(True) <= ASKS_AT
    assert not any(read[ASKS_AT:])
    assert read[0], "the control: the first one is shown"


# The audit ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def head(db: None) -> Staff:
    return make_staff(Role.NATIONAL_LEAD)


@pytest.fixture
def told(head: Staff, cases: list[Enrolment]) -> list[str]:
    for one in cases:
        record(by=head, act="people.change", of=one.person, division_id=one.division_id)
    return [one.person.last_name for one in cases]


AUDIT: Final = {"since": "2020-01-01", "act": "people.change"}


def test_whoever_is_paused_reads_no_audit_and_takes_none_out(head: Staff, told: list[str]) -> None:
    desk = proven(enter(Client(), user_of(head)), head)
    export = reverse("desk:audit_export", query=AUDIT)
    # The control: before, she has both.
    assert all(name in desk.get(reverse("desk:audit"), AUDIT).content.decode() for name in told)
    User.objects.filter(pk=head.user_id).update(reading_paused_at=timezone.now())
    entries = Entry.objects.count()
    for answer in (desk.get(reverse("desk:audit"), AUDIT), desk.get(export), desk.post(export)):
        assert answer.status_code == 403
        assert not any(name in answer.content.decode() for name in told)
    assert desk.get(reverse("desk:retention")).status_code == 403
    assert Entry.objects.count() == entries
    # What names nobody stays hers.
    assert desk.get(reverse("desk:data_protection")).status_code == 200


def test_pages_of_the_audit_count_each_once(head: Staff, told: list[str]) -> None:
    desk = enter(Client(), user_of(head))
    addresses = [reverse("desk:audit", query={**AUDIT, "page": number}) for number in range(ASKS_AT + 1)]
    for _ in range(2):
        assert [desk.get(one).status_code for one in addresses[:ASKS_AT]] == [200] * ASKS_AT
    answer = desk.get(addresses[ASKS_AT])
    assert answer.status_code == 403
    assert not any(name in answer.content.decode() for name in told)


def test_the_audit_as_a_file_counts_as_many(head: Staff, told: list[str], settings: Settings) -> None:
    settings.READING_ASKS_AT, settings.READING_STOPS_AT = 25, 50
    desk, export = enter(Client(), user_of(head)), reverse("desk:audit_export", query=AUDIT)
    for status in (200, 403, 403):
        time.sleep(0.01)
        proven(desk, head)
        answer = desk.post(export)
        assert answer.status_code == status
        assert all((name in answer.content.decode()) is (status == 200) for name in told)
    assert user_of(head).reading_paused_at is not None
