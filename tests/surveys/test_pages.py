"""The pages: one tap behind a link, with nobody's name; the desk's builder, its results, and the pair's own page."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any, Final

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from entering import open_with_link, sign_in_participant
from factories.django_rows import AT, TODAY, make_programme, make_staff
from mentornet.accounts.enums import Purpose
from mentornet.common import jobs
from mentornet.divisions.models import Division, Role, StaffRole
from mentornet.divisions.staff import Staff
from mentornet.messaging.models import Letter
from mentornet.partnerships.models import Partnership
from mentornet.people.models import Objection
from mentornet.surveys import tasks
from mentornet.surveys.enums import AskState
from mentornet.surveys.models import Ask, Questionnaire
from mentornet.surveys.services import answer, ask_both_sides, ask_by_hand, ask_due, asking, let_go
from mentornet.web.desk.surveys.shown import answers_over_time
from mentornet.web.ui.own_names import own_name
from partnerships.sides import acting, person_of
from signing import CountQueries, SignIn
from surveys.conftest import MakePair, program

pytestmark = pytest.mark.django_db
Shipped = dict[str, Questionnaire]
DAY: Final = timedelta(days=1)
BEGUN: Final = TODAY - 60 * DAY


@pytest.fixture
def that_day() -> Any:
    with time_machine.travel(AT + timedelta(hours=1)):
        yield


def asked(pair: Partnership, side: str) -> Ask:
    return Ask.objects.select_related("partnership").get(partnership=pair, side=side)


def holding_link(pair: Partnership, side: str) -> tuple[Client, Ask]:
    """Return a browser that has opened the link in her letter, without a code."""
    ask = asked(pair, side)
    return open_with_link(Purpose.SURVEY, str(ask.pk), person_of(pair, side), code=False), ask


# One tap --------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("that_day")
@pytest.mark.parametrize(("side", "language", "direction", "words"), [
    ("mentee", "en", "ltr", "How is it going with your mentor?"),
    ("mentor", "da", "ltr", "Hvordan går det med din mentee?"),
    ("mentee", "ar", "rtl", "كيف تسير الأمور مع مرشدتكِ؟"),
    ("mentee", "fa", "rtl", "با راهنمایتان اوضاع چطور پیش می‌رود؟"),
    ("mentor", "uk", "ltr", "Як ідуть справи з вашою учасницею?"),
])  # fmt: skip
def test_link_opens_the_question_in_her_language(
    side: str, language: str, direction: str, words: str, make_pair: MakePair, shipped: Shipped
) -> None:
    pair = make_pair(BEGUN)
    ask_due(by=program())
    client, ask = holding_link(pair, side)
    client.cookies["django_language"] = language
    page = client.get(reverse("portal:survey", args=[ask.pk]))
    text = page.content.decode()
    assert page.status_code == 200
    assert f'lang="{language}" dir="{direction}"' in text.replace("  ", " ")
    assert words in text
    assert re.findall(r'name="answer" value="(\d)"', text) == list("12345")


@pytest.mark.usefixtures("that_day")
def test_tap_by_tap_to_the_end_and_nobody_is_named(make_pair: MakePair, shipped: Shipped) -> None:
    pair = make_pair(BEGUN)
    ask_due(by=program())
    client, ask = holding_link(pair, "mentee")
    names = {
        one
        for side in ("mentee", "mentor")
        for one in (person_of(pair, side).first_name, person_of(pair, side).last_name)
    }
    pages = [client.get(reverse("portal:survey", args=[ask.pk])).content.decode()]
    for question, value, following in (
        ("going", "2", "survey_question"), ("met", "0", "survey_question"), ("call", "yes", "survey_done"),
    ):  # fmt: skip
        url = reverse("portal:survey_question", args=[ask.pk, question])
        sent = client.post(url, {"answer": value})
        assert sent.status_code == 302
        assert asked(pair, "mentee").answers is not None
        assert asked(pair, "mentee").answers[question] == (int(value) if question == "going" else value)  # type: ignore[index]
        assert following.removeprefix("survey_") in sent["Location"]
        pages.append(client.get(sent["Location"]).content.decode())
        # Back: what she has answered is not shown to whoever holds the telephone now.
        back = client.get(url).content.decode()
        assert "aria-pressed" not in back
        assert "checked" not in back
        pages.append(back)
        # The same tap once more is the same answer.
        assert client.post(url, {"answer": value}).status_code == 302
    assert asked(pair, "mentee").state == AskState.ANSWERED
    assert "in a few days" in pages[-2] or "in a few days" in pages[-1]
    pages.append(client.get(reverse("portal:survey", args=[ask.pk])).content.decode())
    assert "You have answered. Thank you" in pages[-1]
    for page in pages:
        assert not {name for name in names if name in page}


@pytest.mark.usefixtures("that_day")
def test_what_she_left_out_is_asked_where_she_stopped(make_pair: MakePair, shipped: Shipped) -> None:
    pair = make_pair(BEGUN)
    ask_due(by=program())
    client, ask = holding_link(pair, "mentor")
    client.post(reverse("portal:survey_question", args=[ask.pk, "going"]), {"answer": "5"})
    again = client.get(reverse("portal:survey", args=[ask.pk])).content.decode()
    assert "How many times have you two met" in again
    wrong = client.post(reverse("portal:survey_question", args=[ask.pk, "met"]), {"answer": "77"})
    assert wrong.status_code == 422
    assert "Choose an answer first." in wrong.content.decode()
    passed = client.post(reverse("portal:survey_question", args=[ask.pk, "met"]), {"pass": "1"})
    assert passed["Location"].endswith("/question/call/")
    done = client.post(reverse("portal:survey_question", args=[ask.pk, "call"]), {"pass": "1"}, follow=True)
    assert "We have got your answer." in done.content.decode()
    assert asked(pair, "mentor").answers == {"going": 5}


@pytest.mark.usefixtures("that_day")
def test_too_late_and_not_hers(make_pair: MakePair, shipped: Shipped) -> None:
    pair, other = make_pair(BEGUN), make_pair(BEGUN)
    ask_due(by=program())
    client, ask = holding_link(pair, "mentee")
    elsewhere = asked(other, "mentee")
    for url in (
        reverse("portal:survey", args=[elsewhere.pk]),
        reverse("portal:survey", args=[asked(pair, "mentor").pk]),
        reverse("portal:survey_question", args=[ask.pk, "unknown"]),
    ):
        assert client.get(url).status_code == 404
    let_go(by=program(AT + 30 * DAY))
    for url in (
        reverse("portal:survey", args=[ask.pk]), reverse("portal:survey_question", args=[ask.pk, "going"])
    ):  # fmt: skip
        assert "This question is closed now" in client.get(url).content.decode()
    late = client.post(reverse("portal:survey_question", args=[ask.pk, "going"]), {"answer": "5"})
    assert "This question is closed now" in late.content.decode()
    assert asked(pair, "mentee").answers is None


@pytest.mark.usefixtures("that_day")
def test_who_has_several_is_told_which_by_a_day(make_pair: MakePair, shipped: Shipped) -> None:
    first, second = make_pair(BEGUN), make_pair(BEGUN - 3 * DAY)
    Partnership.objects.filter(pk=second.pk).update(mentor=first.mentor)
    ask_due(by=program())
    client, ask = holding_link(first, "mentor")
    assert (
        "It is about the two of you who began on 1 January 2026."
        in client.get(reverse("portal:survey", args=[ask.pk])).content.decode()
    )
    client, ask = holding_link(first, "mentee")
    assert "It is about the two" not in client.get(reverse("portal:survey", args=[ask.pk])).content.decode()


@pytest.mark.usefixtures("that_day")
def test_her_first_page_asks_too(make_pair: MakePair, shipped: Shipped) -> None:
    pair = make_pair(BEGUN)
    client = sign_in_participant(person_of(pair, "mentee"))
    assert reverse("portal:home") + "questions/" not in client.get(reverse("portal:home")).content.decode()
    ask_due(by=program())
    ask = asked(pair, "mentee")
    step = reverse("portal:survey", args=[ask.pk])
    assert step in client.get(reverse("portal:home")).content.decode()
    assert client.get(step).status_code == 200


# The desk -------------------------------------------------------------------------------------------------------------


def fill(pair: Partnership, side: str, going: int) -> None:
    by = acting(pair, side)
    answer(by=by, ask=asked(pair, side), question="going", given=[str(going)])


@pytest.mark.usefixtures("that_day")
def test_results_side_by_side_with_gap_and_rate(
    make_pair: MakePair, shipped: Shipped, coordinator: Staff, client: Client, sign_in: SignIn
) -> None:
    pairs = [make_pair(BEGUN) for _ in range(7)]
    ask_due(by=program())
    for pair in pairs[:6]:
        fill(pair, "mentee", 3)
    for pair in pairs[:5]:
        fill(pair, "mentor", 5)
    url = reverse("desk:survey_results", args=[shipped["check-in"].pk])
    page = sign_in(client, coordinator).get(url).content.decode()
    assert "6 of 7 who were asked have answered (86 %)." in page
    assert "5 of 7 who were asked have answered (71 %)." in page
    assert "mean 3.0" in page
    assert "mean 5.0" in page
    assert "\N{MINUS SIGN}2.0" in page
    table = client.get(reverse("desk:survey_table", args=[shipped["check-in"].pk])).content.decode()
    assert "gap,,-2," in table
    # A fifth one objects to being counted: four are left of the mentors, and nothing of theirs is shown.
    Objection.objects.create(
        person=pairs[0].mentor.person, purpose="statistics", noted_by="system:tests", created_at=AT
    )
    page = client.get(url).content.decode()
    assert "mean 5.0" not in page
    assert "\N{MINUS SIGN}2.0" not in page
    assert "mean 3.0" in page


@pytest.mark.usefixtures("that_day")
def test_results_of_others_count_for_nobody_else(
    make_pair: MakePair, shipped: Shipped, coordinator: Staff, other_coordinator: Staff, other_division: Division,
    client: Client, sign_in: SignIn,
) -> None:  # fmt: skip
    for pair in [make_pair(BEGUN, of=other_division, by=other_coordinator) for _ in range(5)]:
        ask_due(by=program())
        fill(pair, "mentee", 4)
    url = reverse("desk:survey_results", args=[shipped["check-in"].pk])
    nobody = sign_in(client, coordinator).get(url).content.decode()
    assert "Nobody has been asked here yet" in nobody
    assert "who were asked" not in nobody
    assert "5 of 5 who were asked" in sign_in(Client(), other_coordinator).get(url).content.decode()


@pytest.mark.usefixtures("that_day")
@pytest.mark.parametrize("count", [1, 3])
def test_results_cost_the_same_queries(
    count: int, make_pair: MakePair, shipped: Shipped, coordinator: Staff, client: Client, sign_in: SignIn,
    django_assert_num_queries: CountQueries,
) -> None:  # fmt: skip
    pairs = [make_pair(BEGUN) for _ in range(count)]
    ask_due(by=program())
    for pair in pairs:
        fill(pair, "mentee", 4)
    sign_in(client, coordinator)
    url = reverse("desk:survey_results", args=[shipped["check-in"].pk])
    client.get(url)
    with django_assert_num_queries(10):
        client.get(url)


@pytest.mark.usefixtures("that_day")
def test_another_divisions_questionnaire_is_not_there(
    shipped: Shipped, coordinator: Staff, other_division: Division, client: Client, sign_in: SignIn
) -> None:
    theirs = Questionnaire.objects.create(
        key="theirs", programme=make_programme("Theirs", division=other_division), aim="free", created_at=AT,
        draft={"title": {"en": "Theirs"}, "questions": []},
    )  # fmt: skip
    sign_in(client, coordinator)
    assert "Theirs" not in client.get(reverse("desk:questionnaires")).content.decode()
    for name in ("questionnaire", "survey_results", "survey_table", "question_add", "questionnaire_title"):
        assert client.get(reverse(f"desk:{name}", args=[theirs.pk])).status_code == 404
    for name in ("publish", "discard", "close", "ask", "due"):
        assert client.post(reverse(f"desk:questionnaire_{name}", args=[theirs.pk])).status_code == 404


@pytest.mark.usefixtures("that_day")
def test_pairs_page_shows_both_sides_over_time(
    make_pair: MakePair, shipped: Shipped, coordinator: Staff, client: Client, sign_in: SignIn
) -> None:
    pair = make_pair(BEGUN)
    ask_both_sides(by=program())
    fill(pair, "mentee", 2)
    fill(pair, "mentor", 5)
    page = sign_in(client, coordinator).get(reverse("desk:partnership", args=[pair.pk])).content.decode()
    section = page[page.index('id="answers"') :]
    assert "How is it going with your mentor?" in section
    assert "\N{MINUS SIGN}3" in section
    assert "no answer" in section


@pytest.mark.usefixtures("that_day")
def test_one_answer_alone_is_drawn_also_where_the_line_is_dashed(make_pair: MakePair, shipped: Shipped) -> None:
    pair = make_pair(BEGUN)
    ask_both_sides(by=program())
    fill(pair, "mentor", 5)
    said = Ask.objects.get(partnership=pair, side="mentor", questionnaire=shipped["check-in"])
    Ask.objects.create(
        partnership=pair, questionnaire=said.questionnaire, version=said.version, side="mentor", occasion="before",
        due_on=said.due_on - timedelta(days=30), asked_at=said.asked_at, created_at=said.created_at, state="silent",
    )  # fmt: skip
    series = next(one for one in answers_over_time(pair) if one.lines)
    # A line of no length at all would not be: its dashes have nothing to stand on.
    assert dict(series.lines) == {"mentee": "", "mentor": "M100 0h.01"}


@pytest.mark.usefixtures("that_day")
def test_builder_from_a_copy_to_a_version_that_is_asked(
    make_pair: MakePair, shipped: Shipped, national_lead: Staff, coordinator: Staff, client: Client, sign_in: SignIn
) -> None:
    make_pair(BEGUN)
    sign_in(client, national_lead)
    start = f"{reverse('desk:questionnaire_new')}?from={shipped['check-in'].pk}"
    made = client.post(start, {"title": "Half-way", "programme": "", "aim": "free", "who": "both"})
    found = Questionnaire.objects.get(key__startswith="own-")
    assert made["Location"] == reverse("desk:questionnaire", args=[found.pk])
    assert found.draft is not None
    assert [one["key"] for one in found.draft["questions"]] == ["going", "met", "call"]
    # A question of one's own, in one language; what is missing is named.
    wanted = {
        "kind": "single", "asked": "mentee", "text_en": "Where do you meet?", "seen": "0",
        "options_en": "library: At the library\nElsewhere",
    }  # fmt: skip
    assert client.post(reverse("desk:question_add", args=[found.pk]), wanted).status_code == 302
    found.refresh_from_db()
    assert found.draft is not None
    question = found.draft["questions"][-1]
    assert [one["key"] for one in question["options"]] == ["library", "a2"]
    page = client.get(reverse("desk:questionnaire", args=[found.pk])).content.decode()
    assert "missing in:" in page
    assert own_name("ar") in page
    # Somebody else has changed it meanwhile.
    stale = client.post(reverse("desk:question_add", args=[found.pk]), wanted)
    assert (stale.status_code, "meanwhile" in stale.content.decode()) == (422, True)
    move = reverse("desk:question_move", args=[found.pk])
    client.post(move, {"key": question["key"], "way": "up", "seen": "1"})
    client.post(move, {"key": "going", "way": "remove", "seen": "2"})
    found.refresh_from_db()
    assert found.draft is not None
    assert [one["key"] for one in found.draft["questions"]] == ["met", question["key"], "call"]
    preview = client.get(reverse("desk:questionnaire_preview", args=[found.pk, "ar", "mentee"])).content.decode()
    assert 'dir="rtl"' in preview
    assert "كم مرة التقيتما" in preview
    assert (
        "Where do you meet?"
        not in client.get(reverse("desk:questionnaire_preview", args=[found.pk, "en", "mentor"])).content.decode()
    )
    published = client.post(
        reverse("desk:questionnaire_publish", args=[found.pk]), {"reason": "The first.", "seen": "3"}
    )
    assert published.status_code == 302
    client.post(reverse("desk:questionnaire_ask", args=[found.pk]))
    assert jobs.run_ready_job("here", timezone.now())
    assert Ask.objects.filter(questionnaire=found).count() == 2
    due = reverse("desk:questionnaire_due", args=[found.pk])
    assert client.post(due, {"months": "3, one"}).status_code == 422
    client.post(due, {"months": "6, 3", "at_end": "on"})
    found.refresh_from_db()
    assert found.due == {"months": [3, 6], "at_end": True}
    client.post(reverse("desk:questionnaire_close", args=[found.pk]))
    found.refresh_from_db()
    assert found.closed_on == TODAY
    # A coordinator reads it, and changes nothing.
    sign_in(client, coordinator)
    assert client.get(reverse("desk:questionnaire", args=[found.pk])).status_code == 200
    client.post(reverse("desk:questionnaire_close", args=[shipped["quality"].pk]))
    assert Questionnaire.objects.get(key="quality").closed_on is None


def test_asking_by_hand_shows_how_far_it_is_and_what_came_of_it(
    make_pair: MakePair, shipped: Shipped, national_lead: Staff, client: Client, sign_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    for _ in range(5):
        make_pair(BEGUN)
    found = shipped["quality"]
    page, ask, progress = (reverse(f"desk:questionnaire{name}", args=[found.pk]) for name in ("", "_ask", "_asking"))
    sign_in(client, national_lead)
    assert client.get(progress, headers={"HX-Request": "true"})["HX-Redirect"] == page
    client.post(ask)
    shown = client.post(ask, follow=True).content.decode()
    assert f'hx-get="{progress}"' in shown
    assert "Ask them now" not in shown
    assert DBTaskResult.objects.count() == 1
    # Cut short after two pairs: what is done stands, and she sees how far it is wherever she comes from.
    real, parts = asking._ask_some, list[int]()

    def dies_on_the_second(*given: Any) -> int:
        parts.append(1)
        if len(parts) == 2:
            raise KeyboardInterrupt
        return real(*given)

    monkeypatch.setattr(asking, "AT_ONCE", 2)
    monkeypatch.setattr(asking, "_ask_some", dies_on_the_second)
    job = DBTaskResult.objects.get()
    with pytest.raises(KeyboardInterrupt):
        tasks.ask_them.func(**job.args_kwargs["kwargs"])
    assert client.get(progress).status_code == 302
    assert "4 of 10 done." in client.get(progress, headers={"HX-Request": "true"}).content.decode()
    # A colleague has asked for nothing.
    colleague = sign_in(Client(), make_staff(Role.NATIONAL_LEAD))
    assert "of 10 done" not in colleague.get(page).content.decode()
    monkeypatch.setattr(asking, "_ask_some", real)
    assert jobs.run_ready_job("here", timezone.now())
    assert (
        Ask.objects.filter(questionnaire=found).count() == Letter.objects.filter(event="questions_asked").count() == 10
    )
    assert client.get(progress, headers={"HX-Request": "true"})["HX-Redirect"] == page
    # It still says so when she comes back.
    assert "6 questions are on their way." in client.get(page).content.decode()
    DBTaskResult.objects.update(status="FAILED")
    assert "The work has stopped." in client.get(page).content.decode()
    client.post(ask)
    assert DBTaskResult.objects.count() == 2


def test_whoever_may_no_longer_ask_has_nobody_asked(
    make_pair: MakePair, shipped: Shipped, national_lead: Staff, client: Client, sign_in: SignIn
) -> None:
    make_pair(BEGUN)
    sign_in(client, national_lead)
    client.post(reverse("desk:questionnaire_ask", args=[shipped["quality"].pk]))
    StaffRole.objects.all().delete()
    assert jobs.run_ready_job("here", timezone.now())
    assert not Ask.objects.exists()
    assert DBTaskResult.objects.get().status == "FAILED"


@pytest.mark.usefixtures("that_day")
def test_anonymous_words_are_read_together_or_not_at_all(
    make_pair: MakePair, national_lead: Staff, client: Client, sign_in: SignIn
) -> None:
    words = {"key": "words", "kind": "text", "texts": {"en": "What could we do better?"}}
    found = Questionnaire.objects.create(key="about-us", aim="free", is_anonymous=True, created_at=AT)
    found.versions.create(
        number=1, title={"en": "About us"}, questions=[words], created_by="system:tests", reason="x", created_at=AT
    )
    pairs = [make_pair(BEGUN) for _ in range(5)]
    ask_by_hand(by=national_lead, questionnaire=found)
    url = reverse("desk:survey_results", args=[found.pk])
    sign_in(client, national_lead)
    for number, pair in enumerate(pairs):
        page = client.get(url).content.decode()
        assert "canary" not in page
        answer(by=acting(pair, "mentee"), ask=asked(pair, "mentee"), question="words", given=[f"canary {9 - number}"])
    page = client.get(url).content.decode()
    assert re.findall(r"canary \d", page) == [f"canary {number}" for number in range(5, 10)]
    # Nor on the pair's own page.
    pair_page = client.get(reverse("desk:partnership", args=[pairs[0].pk])).content.decode()
    assert "canary" not in pair_page
    assert 'id="answers"' not in pair_page
