"""The promises of the waiting list on the desk: why each waits, what is written, and who is taken before others."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from days import TODAY
from factories.django_rows import make_enrolment, make_person
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Earlier, Enrolment
from mentornet.intake.services import waiting
from mentornet.messaging.services import refuse_letters
from mentornet.messaging.templates import Kind
from mentornet.people.enums import Role
from mentornet.people.participants import Participant
from mentornet.people.recipients import person_key
from mentornet.programmes.models import Programme
from signing import SignIn

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def desk(client: Client, sign_in: SignIn, coordinator: Staff) -> Client:
    return sign_in(client, coordinator)


def waits(division: Division, programme: Programme, name: str, *, days: int = 30, due: int = 5) -> Enrolment:
    return make_enrolment(
        Role.MENTEE,
        division,
        person=make_person(name, email=f"{name.lower()}@example.org", language="en"),
        programme=programme,
        languages={"da": "B2"},
        enrolment={"since": TODAY - days * DAY, "word_due_on": TODAY + due * DAY, "last_word_on": TODAY - 20 * DAY},
        topics=("cv",),
        availability=("mon-evening",),
    )


@pytest.fixture
def amina(division: Division, programme: Programme) -> Enrolment:
    return waits(division, programme, "Amina", days=10)


@pytest.fixture
def oksana(division: Division, programme: Programme) -> Enrolment:
    return waits(division, programme, "Oksana", days=60)


def names(desk: Client, **query: str) -> list[str]:
    return [row.enrolment.person.first_name for row in desk.get(reverse("desk:waiting"), query).context["rows"]]


# Why she waits --------------------------------------------------------------------------------------------------------


def test_why_she_waits_is_noted_shown_counted_and_filtered_by(
    desk: Client, amina: Enrolment, oksana: Enrolment
) -> None:
    url = reverse("desk:waiting_why", args=[amina.pk])
    assert "As it shows by itself: no mentor for her yet" in desk.get(url).content.decode()
    answer = desk.post(url, {"reason": "paper", "words": ""})
    assert answer.status_code == 422
    assert "Write a few words" in answer.content.decode()
    assert desk.post(url, {"reason": "paper", "words": "Her diploma <b>is</b> in Kyiv"}).status_code == 302
    html = desk.get(reverse("desk:waiting")).content.decode()
    assert "a paper is missing: 1" in html
    assert "Her diploma &lt;b&gt;is&lt;/b&gt; in Kyiv" in html
    assert names(desk, why="paper") == ["Amina"]
    assert names(desk, why="mentor") == ["Oksana"]
    assert names(desk, why="nonsense") == ["Oksana", "Amina"]
    assert "Her diploma" in desk.get(reverse("desk:person", args=[amina.person_id])).content.decode()
    desk.post(url, {"reason": "", "words": ""})
    assert names(desk, why="mentor") == ["Oksana", "Amina"]


def test_nobody_elses_reason_can_be_noted(
    desk: Client, other_division: Division, programme: Programme, division: Division
) -> None:
    theirs = waits(other_division, programme, "Hodan")
    mentor = make_enrolment(Role.MENTOR, division, programme=programme)
    for name in ("waiting_why", "waiting_earlier"):
        for enrolment in (theirs, mentor):
            assert desk.get(reverse(f"desk:{name}", args=[enrolment.pk])).status_code == 404
    for name in ("waiting_in_order", "waiting_letter_stop", "waiting_letter_write"):
        assert desk.post(reverse(f"desk:{name}", args=[theirs.pk])).status_code == 404


# What the program writes ----------------------------------------------------------------------------------------------


def test_letter_is_seen_before_it_leaves_stopped_and_let_go_again(desk: Client, amina: Enrolment) -> None:
    url = reverse("desk:waiting_letters")
    html = desk.get(url).content.decode()
    for words in (
        "A message for you",
        "Hello Amina,",
        "We keep looking.",
        "We write to you again by",
        "Stop it: I tell",
    ):
        assert words in html, words
    page = desk.post(reverse("desk:waiting_letter_stop", args=[amina.pk]), follow=True)
    html = page.content.decode()
    assert "Somebody tells her herself: the letter is stopped." in html
    assert "Hello Amina" not in html
    assert reverse("desk:waiting_letter_write", args=[amina.pk]) in html
    assert Enrolment.objects.get(pk=amina.pk).word_by_hand
    desk.post(reverse("desk:waiting_letter_write", args=[amina.pk]))
    assert not Enrolment.objects.get(pk=amina.pk).word_by_hand


def test_page_says_why_nothing_is_written_to_somebody(desk: Client, amina: Enrolment, coordinator: Staff) -> None:
    herself = Participant(person_id=amina.person_id, name="Amina", at=coordinator.at)
    refuse_letters(by=herself, recipient=person_key(amina.person_id), kinds=[Kind.NEWS])
    html = desk.get(reverse("desk:waiting_letters")).content.decode()
    assert "She wants no letters of this kind: call her." in html
    assert "Hello Amina" not in html


def test_nobody_is_promised_a_word(desk: Client) -> None:
    assert "Nobody is promised a word these days" in desk.get(reverse("desk:waiting_letters")).content.decode()


def test_lists_ask_the_same_questions_for_one_and_for_three(
    desk: Client, division: Division, programme: Programme, coordinator: Staff
) -> None:
    def asked(name: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert desk.get(reverse(name)).status_code == 200
        return len(queries)

    first = waits(division, programme, "Amina", days=10)
    waits(division, programme, "Oksana", days=90)
    waiting.take_earlier(by=coordinator, enrolment=first, reason="ours", words="A mistake")
    counts = {name: asked(name) for name in ("desk:waiting_letters", "desk:taken_earlier", "desk:waiting")}
    for name in ("Fatima", "Hodan"):
        one = waits(division, programme, name, days=20)
        waiting.take_earlier(by=coordinator, enrolment=one, reason="safety", words="Not calm")
    assert {name: asked(name) for name in counts} == counts
    assert counts["desk:waiting_letters"] == 9
    assert counts["desk:taken_earlier"] == 6


# The order ------------------------------------------------------------------------------------------------------------


def test_who_is_taken_earlier_stands_first_with_the_reason_and_goes_back(
    desk: Client, amina: Enrolment, oksana: Enrolment
) -> None:
    assert names(desk) == ["Oksana", "Amina"]
    url = reverse("desk:waiting_earlier", args=[amina.pk])
    assert "1 other in her division and programme has waited longer" in " ".join(desk.get(url).content.decode().split())
    assert desk.post(url, {"reason": "safety", "words": ""}).status_code == 422
    page = desk.post(url, {"reason": "safety", "words": "Her home is not calm"}, follow=True)
    html = page.content.decode()
    assert names(desk) == ["Amina", "Oksana"]
    assert "she is not safe, or things are hard at home" in html
    assert "taken before others: 1" in html
    assert names(desk, why="earlier") == ["Amina"]
    assert "Her home is not calm" in desk.get(url).content.decode()
    desk.post(reverse("desk:waiting_in_order", args=[amina.pk]))
    assert names(desk) == ["Oksana", "Amina"]
    assert Earlier.objects.get().is_undone


def test_longest_wait_needs_no_exception(desk: Client, amina: Enrolment, oksana: Enrolment) -> None:
    html = desk.get(reverse("desk:waiting_earlier", args=[oksana.pk])).content.decode()
    assert "she comes first anyway" in html
    assert "<textarea" not in html


def test_report_counts_by_division_and_names_nobody_who_was_passed_over(
    desk: Client, amina: Enrolment, oksana: Enrolment, coordinator: Staff
) -> None:
    url = reverse("desk:taken_earlier")
    assert "Nobody was taken before others." in desk.get(url).content.decode()
    waiting.take_earlier(by=coordinator, enrolment=amina, reason="rare", words="A pharmacist who speaks Dari")
    html = desk.get(url).content.decode()
    for words in (
        "1 was taken before others",
        "1 other had waited longer",
        "A pharmacist who speaks Dari",
        "Inger Holm",
        "Odense",
    ):
        assert words in html, words
    assert "Oksana" not in html
    waiting.keep_order(by=coordinator, enrolment=amina)
    html = desk.get(url).content.decode()
    assert "Nobody was taken before others." in html
    assert "Taken back" in html


def test_report_shows_no_other_divisions_exceptions(
    desk: Client, other_division: Division, programme: Programme, other_coordinator: Staff
) -> None:
    theirs = waits(other_division, programme, "Hodan", days=3)
    waits(other_division, programme, "Ayan", days=90)
    waiting.take_earlier(by=other_coordinator, enrolment=theirs, reason="ours", words="Kept from others")
    html = desk.get(reverse("desk:taken_earlier")).content.decode()
    assert "Kept from others" not in html
    assert "Hodan" not in html
    assert other_division.name not in html
