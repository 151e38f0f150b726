"""The handbook on a participant's own pages."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from factories.django_rows import AT, make_enrolment, make_person
from mentornet.common.actors import System
from mentornet.divisions.models import Division
from mentornet.learning import queries
from mentornet.learning.models import ReadReceipt
from mentornet.learning.services import install_shipped, rewrite_chapter
from mentornet.people.enums import Role
from portal.conftest import AsParticipant
from signing import CountQueries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning", "shipped")]


@pytest.fixture
def shipped(db: None) -> None:
    install_shipped(by=System("tests", AT))


@pytest.fixture
def hers(as_participant: AsParticipant, division: Division) -> Client:
    return as_participant(make_enrolment(Role.MENTEE, division).person)


def page(client: Client, url: str, language: str = "en") -> str:
    client.cookies["django_language"] = language
    return client.get(url).content.decode()


def chapter(role: Role = Role.MENTEE, slug: str = "time") -> str:
    return reverse("portal:reading_chapter", args=[role, slug])


def test_she_reads_her_own_role_s_book(hers: Client) -> None:
    html = page(hers, reverse("portal:reading"))
    for text in queries.chapters(Role.MENTEE, "en"):
        assert chapter(Role.MENTEE, text.chapter.slug) in html
    assert chapter(Role.MENTOR, "finding-time") not in html


def test_opening_notes_nothing_and_saying_so_does(hers: Client) -> None:
    assert "I have read this" in page(hers, chapter())
    assert not ReadReceipt.objects.exists()
    html = hers.post(chapter(), {"read": "1"}, follow=True).content.decode()
    assert f"You have read 1 of {len(queries.chapters(Role.MENTEE, 'en'))} chapters." in html
    assert html.count("reading-mark") == 1
    hers.post(chapter(), {"read": "1"})
    assert ReadReceipt.objects.count() == 1
    assert "Take it back" in page(hers, chapter())
    hers.post(chapter(), {"forget": "1"})
    assert not ReadReceipt.objects.exists()


@pytest.mark.parametrize(
    ("language", "typed", "found"),
    [("en", "i cant come", 1), ("ar", "لا استطيع الحضور", 1), ("en", "qqqqqqq", 0), ("en", "x" * 900, 0)],
)
def test_chapter_is_found_by_what_she_says(hers: Client, language: str, typed: str, found: int) -> None:
    html = page(hers, f"{reverse('portal:reading')}?q={typed}", language)
    assert (chapter() in html) == bool(found)


def test_language_it_is_not_written_in_is_said(as_participant: AsParticipant, division: Division) -> None:
    mentor = as_participant(make_enrolment(Role.MENTOR, division).person)
    html = page(mentor, reverse("portal:reading"), "fa")
    assert "other-language" in html
    assert 'lang="en"' in html
    assert "other-language" not in page(mentor, reverse("portal:reading"), "da")


def test_who_is_known_as_neither_reads_both(as_participant: AsParticipant) -> None:
    html = page(as_participant(make_person()), reverse("portal:reading"))
    assert chapter() in html
    assert chapter(Role.MENTOR, "finding-time") in html


def test_what_does_not_exist_is_not_found(hers: Client) -> None:
    assert hers.get(chapter(slug="no-such-chapter")).status_code == 404
    assert hers.get(reverse("portal:reading_chapter", args=["nobody", "time"])).status_code == 404


def test_page_asks_as_much_for_one_mark_as_for_three(hers: Client, django_assert_max_num_queries: CountQueries) -> None:
    page(hers, reverse("portal:reading"))
    for text in queries.chapters(Role.MENTEE, "en")[:3]:
        hers.post(chapter(slug=text.chapter.slug), {"read": "1"})
        hers.get(reverse("portal:reading"))
        with django_assert_max_num_queries(12):
            hers.get(reverse("portal:reading"))


def test_new_version_is_read_anew(hers: Client) -> None:
    hers.post(chapter(), {"read": "1"})
    text = queries.chapter(Role.MENTEE, "time", "en")
    assert text is not None
    facts = {"title": text.title, "summary": text.summary, "body": f"{text.body}\n\nNew.", "situations": []}
    rewrite_chapter(by=System("tests", AT), chapter=text.chapter, language="en", seen=text.number, facts=facts)
    listed = page(hers, reverse("portal:reading"))
    assert "You have read 0 of" in listed
    assert "Changed since you read it" in listed
    opened = page(hers, chapter())
    assert "This chapter has changed since you read it." in opened
    assert "I have read this" in opened
    hers.post(chapter(), {"read": "1"})
    assert set(ReadReceipt.objects.values_list("number", flat=True)) == {text.number, text.number + 1}
    listed = page(hers, reverse("portal:reading"))
    assert "You have read 1 of" in listed
    assert "Changed since you read it" not in listed


def test_read_in_one_language_is_read_in_the_others(hers: Client) -> None:
    page(hers, chapter(), "da")
    hers.post(chapter(), {"read": "1"})
    assert ReadReceipt.objects.get().language == "da"
    listed = page(hers, reverse("portal:reading"), "en")
    assert "You have read 1 of" in listed
    assert "Changed since you read it" not in listed
