"""Writing the handbook and the training: versions, preview, comparison, translations that have grown old."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from factories.django_rows import AT, make_division, make_enrolment, make_person
from mentornet.audit.models import Entry
from mentornet.common.actors import System
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.learning import queries
from mentornet.learning.models import Chapter, ChapterText, Module, ModuleText, ReadReceipt
from mentornet.learning.services import install_shipped, note_read
from mentornet.people.enums import Role
from mentornet.web.desk.handbook.shown import Line, compared
from signing import SignIn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning", "shipped")]
BODY = "## Here\n\nWe do it *otherwise*.\n"
LATER = AT + timedelta(minutes=10)


@pytest.fixture
def shipped(db: None) -> None:
    install_shipped(by=System("tests", AT))


@pytest.fixture
def leading(client: Client, sign_in: SignIn, national_lead: Staff) -> Client:
    return sign_in(client, national_lead)


@pytest.fixture
def reading(client: Client, sign_in: SignIn, coordinator: Staff) -> Client:
    return sign_in(client, coordinator)


def place(kind: str = "chapter", slug: str = "finding-time", language: str = "en") -> dict[str, Any]:
    return {"what": kind, "role": "mentor", "slug": slug, "language": language}


def address(name: str = "handbook_text", **where: Any) -> str:
    return reverse(f"desk:{name}", kwargs=place() | where)


def chapter(language: str = "en") -> ChapterText:
    found = queries.chapter(Role.MENTOR, "finding-time", language)
    assert found is not None
    return found


def sent(**changes: Any) -> dict[str, Any]:
    return {
        "title": "Time", "summary": "Ours.", "situations": "No time\r\n\r\nNever\r\n", "body": BODY, "seen": "1",
        "save": "1",
    } | changes  # fmt: skip


# The list -----------------------------------------------------------------------------------------------------------


def test_list_has_everything_in_every_language(reading: Client) -> None:
    html = reading.get(reverse("desk:handbook")).content.decode()
    assert html.count("handbook-language") > 0
    found = [("chapter", one.role, one.slug) for one in Chapter.objects.all()]
    found += [("module", one.role, one.slug) for one in Module.objects.all()]
    for kind, role, slug in found:
        for language in ("da", "en", "ar", "fa", "uk"):
            assert address(what=kind, role=role, slug=slug, language=language) in html


def test_list_counts_who_has_read(reading: Client) -> None:
    for _ in range(2):
        note_read(by=System("tests", AT), person=make_person(), text=chapter())
    html = reading.get(reverse("desk:handbook")).content.decode()
    assert html.count("2 people have read it.") == 1


def test_list_asks_the_same_however_many_versions(leading: Client) -> None:
    counts = []
    for number in (1, 2, 3):
        # The first one shows, and forgets, what was said of the last act.
        leading.get(reverse("desk:handbook"))
        with CaptureQueriesContext(connection) as asked:
            leading.get(reverse("desk:handbook"))
        counts.append(len(asked))
        assert leading.post(address(), sent(seen=str(number), title=f"Time {number}")).status_code == 302
    assert len(set(counts)) == 1


def test_translation_older_than_the_danish_is_marked(leading: Client) -> None:
    assert "handbook-language-old" not in leading.get(reverse("desk:handbook")).content.decode()
    with time_machine.travel(LATER):
        saved = leading.post(address(language="da"), sent(), follow=True).content.decode()
        assert "Look at the translations next" in saved
        assert leading.get(reverse("desk:handbook")).content.decode().count("handbook-language-old") == 1
        assert "rewritten after this one" in leading.get(address()).content.decode()
        assert "rewritten after this one" not in leading.get(address(language="da")).content.decode()


# Writing ------------------------------------------------------------------------------------------------------------


def test_saving_is_a_new_version(leading: Client, national_lead: Staff) -> None:
    html = leading.post(address(), sent(), follow=True).content.decode()
    assert "Version 2 is in force" in html
    assert address("handbook_again", number=1) in html
    written = chapter()
    assert (written.number, written.title, written.body) == (2, "Time", BODY)
    assert written.situations == ["No time", "Never"]
    assert written.written_by == national_lead.key
    assert "Lise Bro" in leading.get(address()).content.decode()


def test_language_without_a_text_gets_its_first(leading: Client) -> None:
    html = leading.get(address(language="uk")).content.decode()
    assert "Not written in this language yet" in html
    assert chapter("da").title in html
    leading.post(address(language="uk"), sent(seen="0", title="Час"))
    assert chapter("uk").title == "Час"


def test_preview_shows_and_saves_nothing(leading: Client) -> None:
    tried = sent(preview="1", body=BODY + "\n<script>alert(1)</script>")
    del tried["save"]
    html = leading.post(address(), tried).content.decode()
    assert "<em>otherwise</em>" in html
    assert "<script>alert" not in html
    part = leading.post(address(), tried, headers={"HX-Request": "true", "HX-Target": "preview"}).content.decode()
    assert "<em>otherwise</em>" in part
    assert "<html" not in part
    assert chapter().number == 1


def test_what_is_missing_is_said_and_the_rest_kept(leading: Client) -> None:
    answer = leading.post(address(), sent(title="", situations="y" * 201))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Shorten this line" in html
    assert "We do it *otherwise*." in html
    assert chapter().number == 1


def test_second_of_two_authors_is_told(leading: Client) -> None:
    leading.post(address(), sent())
    answer = leading.post(address(), sent(title="Mine"))
    assert answer.status_code == 422
    assert "Read hers first" in answer.content.decode()
    assert "Mine" in answer.content.decode()
    assert chapter().title == "Time"


def test_others_read_and_do_not_write(reading: Client) -> None:
    html = reading.get(address()).content.decode()
    assert "<form" not in html.split("<main", 1)[1].split("</main>")[0]
    answer = reading.post(address(), sent())
    assert answer.status_code == 422
    assert chapter().number == 1
    reading.post(address("handbook_again", number=1))
    assert chapter().number == 1
    assert Entry.objects.filter(act="learning.rewrite").count() == 0


@pytest.mark.parametrize(
    "where", [{"what": "book"}, {"language": "de"}, {"slug": "no-such"}, {"role": "nobody"}, {"what": "module"}]
)
def test_what_does_not_exist_is_not_found(leading: Client, where: dict[str, str]) -> None:
    assert leading.get(address(**where)).status_code == 404
    assert leading.get(address("handbook_versions", **where)).status_code == 404
    assert leading.post(address("handbook_again", number=1, **where)).status_code == 404


# Versions -----------------------------------------------------------------------------------------------------------


def test_versions_are_compared_and_an_old_one_taken_again(leading: Client) -> None:
    before = chapter()
    leading.post(address(), sent(body=before.body + "\nA new last line.\n", title=before.title))
    html = leading.get(address("handbook_versions"), {"from": "1", "to": "2"}).content.decode()
    assert "From version 1 to version 2" in html
    assert "A new last line." in html
    assert html.count("compared-new") >= 1
    assert "Lise Bro" in html
    leading.post(address("handbook_again", number=1))
    assert (chapter().number, chapter().body) == (3, before.body)
    assert leading.post(address("handbook_again", number=99)).status_code == 404
    assert leading.get(address("handbook_versions"), {"from": "x", "to": "99"}).status_code == 200
    assert leading.get(address("handbook_versions", language="uk")).status_code == 404


def test_comparison_tells_what_is_gone_and_new() -> None:
    assert compared(["a", "b", "c"], ["a", "x", "c", "d"]) == [
        Line("same", "a"), Line("gone", "b"), Line("new", "x"), Line("same", "c"), Line("new", "d"),
    ]  # fmt: skip


# A module with its questions ----------------------------------------------------------------------------------------

MODULE = "your-role-and-its-limits"


def questions(*rows: dict[str, Any], initial: int = 0) -> dict[str, Any]:
    data: dict[str, Any] = {"questions-TOTAL_FORMS": len(rows), "questions-INITIAL_FORMS": initial}
    for number, row in enumerate(rows):
        data |= {f"questions-{number}-{name}": value for name, value in row.items()}
    return data


GOOD = {"text": "What now?", "answers": "This\r\nThat", "right": "2", "why": "Because."}


def module() -> ModuleText:
    return next(one for one in queries.modules(Role.MENTOR, "en") if one.module.slug == MODULE)


def test_module_is_written_with_its_questions(leading: Client) -> None:
    where = address(what="module", slug=MODULE)
    html = leading.get(where).content.decode()
    assert module().questions[0]["text"] in html
    empty = {"text": "", "answers": "", "right": "", "why": ""}
    assert leading.post(where, sent() | questions(GOOD, empty, GOOD | {"right": "1"})).status_code == 302
    written = module()
    assert written.number == 2
    assert [(one["answers"], one["right"]) for one in written.questions] == [
        (["This", "That"], 1),
        (["This", "That"], 0),
    ]
    assert Entry.objects.filter(act="learning.rewrite_module").count() == 1
    compared_page = leading.get(address("handbook_versions", what="module", slug=MODULE)).content.decode()
    assert "✓ That" in compared_page


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"text": ""}, "empty the whole question"),
        ({"answers": "Only one"}, "two to six answers"),
        ({"answers": "\n".join("abcdefg")}, "two to six answers"),
        ({"right": "3"}, "no answer with this number"),
        ({"right": "x"}, "Select a valid choice"),
        ({"why": ""}, "empty the whole question"),
    ],
)
def test_question_that_cannot_be_asked_is_told(leading: Client, wrong: dict[str, str], said: str) -> None:
    answer = leading.post(address(what="module", slug=MODULE), sent() | questions(GOOD | wrong))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert module().number == 1


def test_broken_form_is_no_error(leading: Client) -> None:
    assert leading.post(address(what="module", slug=MODULE), sent()).status_code == 422


# Who has read it ------------------------------------------------------------------------------------------------------


def test_desk_sees_who_of_her_division_has_read_which_version(reading: Client, division: Division) -> None:
    hers = make_enrolment(Role.MENTOR, division, person=make_person("Karen Her"))
    far = make_enrolment(Role.MENTOR, make_division(), person=make_person("Bodil Far"))
    silent = make_enrolment(Role.MENTOR, division, person=make_person("Dorte Silent"))
    for one in (hers, far, silent):
        note_read(by=System("tests", AT), person=one.person, text=chapter())
    # Marked before the page said that the office sees it.
    ReadReceipt.objects.filter(person=silent.person).update(is_told=False)
    url = reverse("desk:handbook_readers", args=["mentor", "finding-time"])
    assert url in reading.get(reverse("desk:handbook")).content.decode()
    html = reading.get(url).content.decode()
    assert hers.person.name in html
    assert far.person.name not in html
    assert silent.person.name not in html
    assert "Changed since she read it" not in html
    ReadReceipt.objects.filter(person=hers.person).update(number=0)
    assert "Changed since she read it" in reading.get(url).content.decode()
    assert reading.get(reverse("desk:handbook_readers", args=["mentor", "no-such"])).status_code == 404


def test_readers_ask_the_same_however_many(reading: Client, division: Division) -> None:
    url, counts = reverse("desk:handbook_readers", args=["mentor", "finding-time"]), []
    assert reading.get(url).status_code == 200
    for more in (1, 3):
        for _number in range(more):
            person = make_enrolment(Role.MENTOR, division).person
            note_read(by=System("tests", AT), person=person, text=chapter())
        with CaptureQueriesContext(connection) as asked:
            reading.get(url)
        counts.append(len(asked))
    assert len(set(counts)) == 1
