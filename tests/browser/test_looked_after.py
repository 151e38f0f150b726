"""The pages of looking after a pair as a thumb, a narrow window and a keyboard meet them: a real browser."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import pytest
from django.urls import reverse
from django.utils.timezone import now
from playwright.sync_api import Page, expect

from browser.readable import OpenPage, faults, overflow
from factories.django_rows import make_programme, user_of
from mentornet.agenda.models import Kind
from mentornet.agenda.services import ask_for
from mentornet.common.actors import System
from mentornet.divisions.models import Division
from mentornet.divisions.queries import staff_member
from mentornet.divisions.staff import Staff
from mentornet.followup.models import Afterwards
from mentornet.partnerships.models import Partnership
from mentornet.partnerships.services import begin_ending
from mentornet.surveys.models import Questionnaire
from mentornet.surveys.services import install_questionnaires
from partnerships.couples import make_couple

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DAY: Final = timedelta(days=1)
NARROW: Final = 320


@pytest.fixture
def by(coordinator: Staff) -> Staff:
    # Today, not the tests' own day: the browser's clock is the machine's.
    return staff_member(user_of(coordinator), now())


@pytest.fixture
def pair(division: Division, by: Staff) -> Partnership:
    return make_couple(by, division, make_programme("Mentor network"), matched_on=by.today - 60 * DAY)


def ask(by: Staff, pair: Partnership, kind: Kind, days: int) -> None:
    """Put something on the coordinator's list, so many days from today."""
    words = {"mentee": "Amina", "mentor": "Karen", "why": "usual", "every": 30, "since": by.today.isoformat()}
    ask_for(
        by=by, kind=kind, target_id=pair.pk, division_id=pair.division_id, due_on=by.today + days * DAY,
        owner_id=by.user_id, words=words,
    )  # fmt: skip


def is_clean(page: Page) -> None:
    assert faults(page) == []
    assert overflow(page) == 0


def test_arrows_go_from_one_section_of_today_to_the_next(desk: OpenPage, by: Staff, pair: Partnership) -> None:
    ask(by, pair, Kind.CONTACT, -3)
    ask(by, pair, Kind.NOT_MET, 2)
    page = desk(reverse("desk:today"))
    links = page.locator("[data-row] .task-sentence a")
    expect(page.locator("[data-list]")).to_have_count(2)
    for number in (0, 1, 1):
        page.keyboard.press("ArrowDown")
        expect(links.nth(number)).to_be_focused()
    page.keyboard.press("k")
    expect(links.nth(0)).to_be_focused()


def test_arrows_go_through_the_week(desk: OpenPage, by: Staff, pair: Partnership) -> None:
    ask(by, pair, Kind.CONTACT, 0)
    ask(by, pair, Kind.NOT_MET, 7)
    page = desk(reverse("desk:week"))
    page.keyboard.press("j")
    expect(page.locator(".week [data-row] a").first).to_be_focused()


def test_kinds_stand_in_one_line_on_a_telephone(desk: OpenPage, by: Staff, pair: Partnership) -> None:
    for number, kind in enumerate((Kind.CONTACT, Kind.NOT_MET, Kind.ENDING, Kind.WARNED)):
        ask(by, pair, kind, number - 9)
    page = desk(f"{reverse('desk:today')}?kind={Kind.WARNED}", width=NARROW)
    chips = page.locator(".chips .chip")
    assert chips.count() > 3
    boxes = [one.bounding_box() for one in chips.all()]
    assert len({round(box["y"]) for box in boxes if box}) == 1
    # The one that is chosen is seen without moving the line.
    chosen = page.locator(".chips .chip[aria-current]").bounding_box()
    assert chosen is not None
    assert chosen["x"] + chosen["width"] <= NARROW
    is_clean(page)


def test_signs_of_an_ending_stand_in_one_line_and_lead_to_its_pages(
    desk: OpenPage, by: Staff, pair: Partnership
) -> None:
    begin_ending(by=by, partnership=pair, scenario="planned", who="")
    page = desk(reverse("desk:partnership_close_step", args=[pair.pk, "contact"]), width=NARROW)
    marks = page.locator(".step-mark")
    expect(marks).to_have_count(8)
    boxes = [one.bounding_box() for one in marks.all()]
    assert len({round(box["y"]) for box in boxes if box}) == 1
    expect(page.locator(".step-current .step-label")).to_be_visible()
    is_clean(page)
    page.get_by_role("link", name="Thanks").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thanks, and later questions")


def test_who_wants_to_end_is_asked_where_one_of_them_does(desk: OpenPage, pair: Partnership) -> None:
    page = desk(reverse("desk:partnership_close", args=[pair.pk]), width=NARROW)
    who = page.get_by_role("group", name="Who wants to end?")
    expect(who).to_be_hidden()
    page.get_by_label("as the two have agreed").check()
    expect(who).to_be_hidden()
    page.get_by_label("one of them wants to end").check()
    expect(who).to_be_visible()


def test_each_fact_of_a_card_says_what_it_is(desk: OpenPage, by: Staff, pair: Partnership) -> None:
    Afterwards.objects.create(
        partnership=pair, side="mentee", month=3, state="no_answer", due_on=by.today - 30 * DAY,
        asked_at=by.at - 30 * DAY, created_at=by.at,
    )  # fmt: skip
    page = desk(reverse("desk:afterwards"), width=NARROW)
    cells = page.locator("tbody td")
    expect(cells).to_have_count(4)
    labels = cells.evaluate_all("all => all.map((one) => getComputedStyle(one, '::before').content)")
    assert labels == ['"Who"', '"Asked about"', '"Day"', '"How it stands"']
    is_clean(page)


def test_a_question_asks_for_what_its_answers_need(open_page: OpenPage, national_lead: Staff, by: Staff) -> None:
    install_questionnaires(by=System("shipped", by.at))
    questionnaire = Questionnaire.objects.get(key="check-in")
    page = open_page(reverse("desk:question_add", args=[questionnaire.pk]), user=user_of(national_lead), width=NARROW)
    kind = page.get_by_label("How it is answered")
    options, least = page.get_by_label("Answers to choose from").first, page.get_by_label("The least number")
    low = page.get_by_label("What 1 means").first
    for chosen, seen in {"scale": low, "single": options, "multiple": options, "number": least}.items():
        kind.select_option(chosen)
        expect(seen).to_be_visible()
        for other in {low, options, least} - {seen}:
            expect(other).to_be_hidden()
    kind.select_option("text")
    for other in (low, options, least):
        expect(other).to_be_hidden()
    is_clean(page)
