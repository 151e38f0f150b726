"""A participant's training on her own pages."""

from __future__ import annotations

import re
from typing import Final
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from factories.django_rows import AT, TODAY, make_enrolment, make_person
from mentornet.common.actors import System
from mentornet.divisions.models import Division
from mentornet.intake.models import Enrolment
from mentornet.learning import queries
from mentornet.learning.models import Attendance, ModuleProgress, ModuleText
from mentornet.learning.services import install_shipped, note_training
from mentornet.people.enums import Role
from mentornet.people.participants import Participant
from mentornet.web.portal.standing import Standing
from mentornet.web.portal.steps import next_step
from portal.conftest import AsParticipant
from signing import CountQueries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning", "shipped")]
PROGRAM: Final = System("tests", AT)


@pytest.fixture
def shipped(db: None) -> None:
    install_shipped(by=PROGRAM)


@pytest.fixture
def mentor(division: Division) -> Enrolment:
    return make_enrolment(Role.MENTOR, division, enrolment={"briefed_on": None})


@pytest.fixture
def hers(as_participant: AsParticipant, mentor: Enrolment) -> Client:
    return as_participant(mentor.person)


def texts(role: Role = Role.MENTOR, language: str = "en") -> list[ModuleText]:
    return queries.modules(role, language)


def address(text: ModuleText) -> str:
    """Return where the one who is enrolled reads a part."""
    enrolment = Enrolment.objects.first()
    return reverse("portal:module", args=[enrolment.pk if enrolment else uuid4(), text.module.slug])


def answers(text: ModuleText, *, wrong: tuple[int, ...] = ()) -> dict[str, str]:
    return {
        f"question-{place + 1}": str((one["right"] + (place in wrong)) % len(one["answers"]))
        for place, one in enumerate(text.questions)
    }


def page(client: Client, url: str, language: str = "en") -> str:
    client.cookies["django_language"] = language
    return client.get(url).content.decode()


def test_page_says_how_far_she_is_and_leads_on(hers: Client, mentor: Enrolment) -> None:
    first, second, *rest = texts()
    note_training(by=PROGRAM, enrolment=mentor, module=first.module, way="attended", on=TODAY)
    html = page(hers, reverse("portal:training"))
    assert f"1 of {2 + len(rest)} parts are done." in html
    minutes = sum(text.module.minutes for text in (second, *rest))
    assert f"About {minutes} minutes are left." in html
    # One main way on: the first part that is left.
    (main,) = re.findall(r'<a class="button button-primary[^"]*" href="([^"]+)"', html)
    assert main == address(second)


def test_module_is_read_and_asked_without_scripts(hers: Client) -> None:
    text = texts()[0]
    html = page(hers, address(text))
    assert html.count('type="radio"') == sum(len(one["answers"]) for one in text.questions)
    assert text.questions[0]["why"] not in html
    assert "is-answered" not in html
    assert not ModuleProgress.objects.exists()


def test_wrong_answer_is_met_kindly_and_tried_again(hers: Client) -> None:
    text = texts()[0]
    answer = hers.post(address(text), answers(text, wrong=(1,)))
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "1 answer is not right yet" in html
    assert html.count("Not quite. Try again.") == 1
    assert html.count("is-answered") == len(text.questions) - 1
    # Only what is left is asked, today and next time.
    assert html.count('type="radio"') == len(text.questions[1]["answers"])
    assert page(hers, address(text)).count('type="radio"') == len(text.questions[1]["answers"])
    assert "questions are answered" in page(hers, reverse("portal:training"))
    done = hers.post(address(text), {"question-2": str(text.questions[1]["right"])}, follow=True)
    assert "This part is finished" in done.content.decode()
    assert Attendance.objects.get().module == text.module


def test_part_of_the_answers_is_enough_for_now(hers: Client) -> None:
    text = texts()[0]
    html = hers.post(address(text), {"question-1": answers(text)["question-1"]}).content.decode()
    assert "Right so far" in html
    assert html.count("is-answered") == 1


@pytest.mark.parametrize("sent", [{}, {"question-1": "x"}, {"question-1": "²"}, {"question-99": "0"}])
def test_no_answer_is_no_harm(hers: Client, sent: dict[str, str]) -> None:
    answer = hers.post(address(texts()[0]), sent)
    assert answer.status_code == 200
    assert "Choose an answer" in answer.content.decode()
    assert not ModuleProgress.objects.exists()


def test_answer_out_of_range_is_refused(hers: Client) -> None:
    answer = hers.post(address(texts()[0]), {"question-1": "99"}, follow=True)
    assert "Choose one of the answers." in answer.content.decode()
    assert not Attendance.objects.exists()


def test_with_the_last_part_she_can_be_proposed(hers: Client, mentor: Enrolment) -> None:
    *first, last = texts()
    for text in first:
        hers.post(address(text), answers(text))
    html = hers.post(address(last), answers(last), follow=True).content.decode()
    assert "we can propose a mentee to you now" in html
    assert "You have done all the parts" in html
    mentor.refresh_from_db()
    assert mentor.briefed_on == TODAY
    # Done is done: the questions stand there to read.
    assert 'type="radio"' not in page(hers, address(texts()[0]))
    assert hers.post(address(texts()[0]), {}).status_code == 200


def test_mentee_reads_arabic_from_the_right(as_participant: AsParticipant, division: Division) -> None:
    client = as_participant(make_enrolment(Role.MENTEE, division).person)
    text = texts(Role.MENTEE, "ar")[0]
    html = page(client, address(text), "ar")
    assert 'dir="rtl"' in html.split("<head")[0]
    assert text.title in html
    assert "other-language" not in html


def test_missing_translation_is_said_in_words(hers: Client) -> None:
    html = page(hers, address(texts()[0]), "uk")
    assert "other-language" in html
    assert texts()[0].title in html


def test_what_is_not_hers_is_not_there(hers: Client, division: Division) -> None:
    assert hers.get(address(texts(Role.MENTEE)[0])).status_code == 404
    other = make_enrolment(Role.MENTOR, division, enrolment={"briefed_on": None})
    assert hers.get(reverse("portal:module", args=[other.pk, texts()[0].module.slug])).status_code == 404
    assert hers.post(reverse("portal:module", args=[other.pk, texts()[0].module.slug])).status_code == 404


def test_who_has_no_place_yet_is_told_when(as_participant: AsParticipant) -> None:
    client = as_participant(make_person())
    assert "opens when you have a place" in page(client, reverse("portal:training"))
    assert client.get(address(texts()[0])).status_code == 404


def test_first_page_leads_to_what_her_match_waits_for(mentor: Enrolment, division: Division) -> None:
    def step_of(enrolment: Enrolment) -> str:
        step = next_step(Standing(Participant(person_id=enrolment.person_id, name="She", at=AT)))
        return step.url if step else ""

    assert step_of(mentor) == reverse("portal:training")
    mentee = make_enrolment(Role.MENTEE, division)
    assert step_of(mentee) == reverse("portal:training")
    for text in texts():
        note_training(by=PROGRAM, enrolment=mentor, module=text.module, way="read", on=TODAY)
    assert step_of(mentor) != reverse("portal:training")


def test_page_asks_as_much_for_one_part_as_for_all(
    hers: Client, mentor: Enrolment, django_assert_max_num_queries: CountQueries
) -> None:
    hers.get(reverse("portal:training"))
    for number, text in enumerate(texts()):
        if number:
            note_training(by=PROGRAM, enrolment=mentor, module=text.module, way="read", on=TODAY)
        with django_assert_max_num_queries(14):
            hers.get(reverse("portal:training"))
