"""The handbook: installed from what ships, rewritten here, found by situation."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from factories.django_rows import AT, make_person
from mentornet.audit.models import Entry
from mentornet.common.actors import System
from mentornet.common.answers import ChangedMeanwhileError, NotAllowedError
from mentornet.divisions.staff import Staff
from mentornet.learning import queries, services
from mentornet.learning.models import Chapter, ChapterText, Module, ModuleText, ReadReceipt
from mentornet.learning.services import shipping
from mentornet.learning.shipped import ShippedText, shipped_texts
from mentornet.people.enums import Role

pytestmark = pytest.mark.django_db
SHIPPING: Final = System("shipped", AT)
FACTS: Final[dict[str, Any]] = {
    "title": "Time",
    "summary": "Ours.",
    "situations": ["No time"],
    "body": "## Here\n\nWe do it otherwise.",
}


@pytest.fixture
def chapter(shipped: int) -> Chapter:
    assert shipped
    return Chapter.objects.get(role=Role.MENTOR, slug="finding-time")


def ship(monkeypatch: pytest.MonkeyPatch, *handbook: ShippedText) -> None:
    """Let the program come with these chapters, and with no training."""
    monkeypatch.setattr(shipping, "shipped_texts", lambda kind: iter(handbook if kind == "handbook" else ()))


def released(body: str, *, position: int = 5) -> ShippedText:
    facts = {"title": "Finding time", "summary": "Short.", "situations": ["We never find a time"]}
    return ShippedText(Role.MENTOR, position, "finding-time", "en", facts, body)


# Installing ---------------------------------------------------------------------------------------------------------


def test_everything_that_ships_is_installed(shipped: int) -> None:
    assert shipped == len(list(shipped_texts("handbook"))) + len(list(shipped_texts("training")))
    assert ChapterText.objects.count() + ModuleText.objects.count() == shipped
    assert set(ChapterText.objects.values_list("number", "written_by")) == {(1, "system:shipped")}
    assert Module.objects.filter(minutes__gt=0).count() == Module.objects.count() > 0


def test_installing_again_changes_nothing(shipped: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    before = list(ChapterText.objects.order_by("pk").values()), list(Chapter.objects.order_by("pk").values())
    # A savepoint and its release, two reads of the handbook, two of the training.
    with django_assert_num_queries(6):
        assert services.install_shipped(by=System("shipped", AT + timedelta(days=1))) == 0
    assert before == (
        list(ChapterText.objects.order_by("pk").values()),
        list(Chapter.objects.order_by("pk").values()),
    )
    assert shipped


def test_new_release_is_a_version_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    ship(monkeypatch, released("First."))
    assert services.install_shipped(by=SHIPPING) == 1
    ship(monkeypatch, released("Second.", position=6))
    assert services.install_shipped(by=SHIPPING) == 1
    texts = ChapterText.objects.order_by("number").values_list("number", "body", "chapter__position")
    assert list(texts) == [(1, "First.", 6), (2, "Second.", 6)]
    found = queries.chapter(Role.MENTOR, "finding-time", "en")
    assert found is not None
    assert found.body == "Second."


def test_new_release_leaves_what_was_rewritten_here(monkeypatch: pytest.MonkeyPatch, national_lead: Staff) -> None:
    ship(monkeypatch, released("First."))
    services.install_shipped(by=SHIPPING)
    chapter = Chapter.objects.get()
    services.rewrite_chapter(by=national_lead, chapter=chapter, language="en", seen=1, facts=FACTS)
    ship(monkeypatch, released("Second."))
    assert services.install_shipped(by=SHIPPING) == 0
    assert [text.title for text in queries.chapters(Role.MENTOR, "en")] == ["Time"]


def test_file_that_cannot_be_is_refused_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    ship(monkeypatch, replace(released("First."), slug="one"), replace(released(""), slug="two"))
    with pytest.raises(ValidationError):
        services.install_shipped(by=SHIPPING)
    assert not Chapter.objects.exists()


# Rewriting ----------------------------------------------------------------------------------------------------------


def test_rewriting_makes_a_version_and_keeps_the_earlier(chapter: Chapter, national_lead: Staff) -> None:
    text = services.rewrite_chapter(by=national_lead, chapter=chapter, language="en", seen=1, facts=FACTS)
    assert (text.number, text.written_by, text.written_at) == (2, national_lead.key, national_lead.at)
    assert chapter.texts.filter(language="en").count() == 2
    found = queries.chapter(Role.MENTOR, "finding-time", "en")
    assert found is not None
    assert found.body == FACTS["body"]
    entry = Entry.objects.get(act="learning.rewrite")
    assert entry.detail == {"language": "en", "version": 2}


def test_first_text_in_a_language_follows_none(chapter: Chapter, national_lead: Staff) -> None:
    text = services.rewrite_chapter(by=national_lead, chapter=chapter, language="uk", seen=0, facts=FACTS)
    assert text.number == 1


@pytest.mark.parametrize("seen", [0, 2])
def test_who_has_not_seen_the_newest_version_reads_it_first(chapter: Chapter, national_lead: Staff, seen: int) -> None:
    with pytest.raises(ChangedMeanwhileError, match="Read hers first"):
        services.rewrite_chapter(by=national_lead, chapter=chapter, language="en", seen=seen, facts=FACTS)
    assert chapter.texts.filter(language="en").count() == 1


def test_database_holds_one_text_of_each_number(chapter: Chapter) -> None:
    text = chapter.texts.get(language="en")
    text.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        text.save(force_insert=True)


def test_others_do_not_rewrite(chapter: Chapter, coordinator: Staff, division_lead: Staff) -> None:
    for somebody in (coordinator, division_lead):
        with pytest.raises(NotAllowedError):
            services.rewrite_chapter(by=somebody, chapter=chapter, language="en", seen=1, facts=FACTS)


@pytest.mark.parametrize(
    "wrong", [{"title": ""}, {"body": ""}, {"situations": ["x" * 201]}, {"situations": "one"}, {"summary": "x" * 301}]
)
def test_what_cannot_be_is_refused(chapter: Chapter, national_lead: Staff, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        services.rewrite_chapter(by=national_lead, chapter=chapter, language="en", seen=1, facts=FACTS | wrong)


# Reading ------------------------------------------------------------------------------------------------------------


def test_unwritten_language_falls_back_to_the_next_best(shipped: int) -> None:
    assert shipped
    assert {text.language for text in queries.chapters(Role.MENTEE, "ar")} == {"ar"}
    assert {text.language for text in queries.chapters(Role.MENTOR, "ar")} == {"en"}
    assert {text.language for text in queries.chapters(Role.MENTOR, "da")} == {"da"}
    positions = [text.chapter.position for text in queries.chapters(Role.MENTOR, "fa")]
    assert positions == sorted(positions)
    assert queries.chapter(Role.MENTOR, "no-such-chapter", "en") is None
    assert [text.language for text in queries.modules(Role.MENTEE, "ar")] == ["ar", "ar"]


def test_handbook_is_one_query(shipped: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    assert shipped
    with django_assert_num_queries(1):
        assert [text.chapter.slug for text in queries.chapters(Role.MENTOR, "en")]


@pytest.mark.parametrize(
    ("role", "language", "typed", "slug"),
    [
        ("mentor", "en", "we never find a time", "finding-time"),
        ("mentor", "en", "we nevr fnd time", "finding-time"),
        ("mentor", "en", "WE NEVER FIND A TIME!", "finding-time"),
        ("mentor", "en", "she asks about her case", "09"),
        ("mentee", "en", "I am in danger", "if-something-is-wrong"),
        ("mentee", "en", "i cant come", "time"),
        ("mentee", "ar", "لا أستطيع الحضور", "time"),
        ("mentee", "ar", "لا استطيع الحضور", "time"),
        ("mentee", "ar", "أنا في خطر", "if-something-is-wrong"),
    ],
)
def test_chapter_is_found_by_situation(shipped: int, role: str, language: str, typed: str, slug: str) -> None:
    assert shipped
    texts = queries.chapters(role, language)
    found = queries.chapters_for(texts, typed)
    wanted = {"09": "questions-for-the-coordinator"}.get(slug, slug)
    assert found, typed
    assert found[0][0].chapter.slug == wanted
    assert found[0][1] in found[0][0].situations


def test_danish_situations_are_found(shipped: int) -> None:
    assert shipped
    for text in queries.chapters(Role.MENTOR, "da"):
        for situation in text.situations:
            # Without its last letter, as somebody in haste types it.
            found = queries.chapters_for(queries.chapters(Role.MENTOR, "da"), situation.lower()[:-1])
            assert text.pk in [one.pk for one, _ in found[:2]], situation


def test_chapter_is_found_by_words_of_its_text(shipped: int) -> None:
    assert shipped
    texts = queries.chapters(Role.MENTOR, "en")
    found = queries.chapters_for(texts, "lunch tuesday")
    assert [(text.chapter.slug, situation) for text, situation in found] == [("finding-time", "")]


@pytest.mark.parametrize("typed", ["qqqqqqqq", "", "   ", "؟؟؟", "%_\\"])
def test_what_fits_nothing_finds_nothing(shipped: int, typed: str) -> None:
    assert shipped
    assert queries.chapters_for(queries.chapters(Role.MENTOR, "en"), typed) == []


def test_reading_is_noted_once(chapter: Chapter, coordinator: Staff) -> None:
    person, text = make_person(), chapter.texts.get(language="en")
    for _ in range(2):
        services.note_read(by=coordinator, person=person, text=text)
    assert ReadReceipt.objects.get().number == 1
    assert queries.read_chapters(person.pk) == {chapter.pk}
