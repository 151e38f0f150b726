"""The waiting list and the mentor bank in a real browser: by typing, by keyboard, without script, for everybody."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from browser.readable import MIRRORED, OpenPage, faults, overflow, unfold
from days import TODAY
from factories.django_rows import make_enrolment, make_person, user_of
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.people.enums import Role
from mentornet.programmes.models import Programme

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("network")]

WAITING: Final = "/desk/waiting/"
BANK: Final = "/desk/bank/"


@pytest.fixture
def network(division: Division, programme: Programme, coordinator: Staff) -> None:
    """Five mentors and three who wait, one of whom nobody fits."""
    for number, name in enumerate(("Åse", "Anna", "Dorte", "Rikke", "Karen")):
        make_enrolment(
            Role.MENTOR, division, person=make_person(name, "Lund"), programme=programme,
            languages={"da": "C2", "ar": "B2"} if number % 2 else {"da": "C1"},
            occupation=("5120", "2512")[number % 2], topics=("cv", "danish"), availability=("mon-evening",),
            meeting=("in person",), enrolment={"since": TODAY - timedelta(days=40 * number)},
        )  # fmt: skip
    for number, name in enumerate(("Amina", "Oksana", "فاطمة")):
        make_enrolment(
            Role.MENTEE, division, person=make_person(name, "Yusuf"), programme=programme,
            occupation_title="Sygeplejerske", occupation="2221", topics=("cv",),
            availability=("sat-morning",) if number == 1 else ("mon-evening",), meeting=("in person",),
            enrolment={"since": TODAY - timedelta(days=143 - 50 * number), "coordinator": user_of(coordinator),
                       "word_due_on": TODAY + timedelta(days=2 - 3 * number)},
        )  # fmt: skip


def _names(page: Page) -> list[str]:
    return [name.split()[0] for name in page.locator("[data-row] .person-name").all_inner_texts()]


@pytest.mark.parametrize("language", ["en", MIRRORED])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("path", [WAITING, BANK + "?topic=cv&language=ar&q=lund", BANK + "?q=nobody"])
def test_readable_by_everybody(desk: OpenPage, path: str, width: int, scheme: str, language: str) -> None:
    page = desk(path, width=width, color_scheme=scheme, language=language)
    assert page.get_attribute("html", "dir") == ("rtl" if language == MIRRORED else "ltr")
    assert overflow(page) <= 0
    assert faults(page) == []
    unfold(page)
    page.evaluate("document.querySelector('.sifted-switch').checked = true")
    assert overflow(page) <= 0
    assert faults(page) == []


def test_typing_narrows_the_bank_and_keeps_the_hands_where_they_are(desk: OpenPage) -> None:
    page = desk(BANK)
    assert _names(page) == ["Karen", "Rikke", "Dorte", "Anna", "Åse"]
    field = page.get_by_label("Search by name, occupation, sector or interest")
    field.press_sequentially("ås")
    expect(page.locator(".sifted-count")).to_have_text("1 of 5 mentors in the bank")
    assert _names(page) == ["Åse"]
    expect(page).to_have_url(re.compile(r"\?q=%C3%A5s$"))
    expect(field).to_be_focused()
    field.fill("")
    expect(page.locator(".sifted-count")).to_have_text("5 of 5 mentors in the bank")
    expect(page).to_have_url(re.compile(r"/bank/$"))


def test_a_filter_counts_anew_and_the_back_button_takes_it_back(desk: OpenPage) -> None:
    page = desk(BANK)
    # What she has folded stays folded.
    page.locator("#sift-topic").click()
    box = page.get_by_role("checkbox", name="Arabic")
    box.focus()
    page.keyboard.press("Space")
    expect(page.locator(".sifted-count")).to_have_text("2 of 5 mentors in the bank")
    assert _names(page) == ["Rikke", "Anna"]
    expect(page.locator("#language-ar")).to_be_focused()
    assert page.locator("label:has(#field-2) .count").inner_text() == "2"
    assert page.locator("details:has(> #sift-topic)").get_attribute("open") is None
    expect(page).to_have_url(re.compile(r"\?language=ar$"))
    page.go_back()
    expect(page.locator(".sifted-count")).to_have_text("5 of 5 mentors in the bank")
    expect(page.locator("#language-ar")).not_to_be_checked()


def test_the_bank_works_without_script_on_a_small_screen(desk: OpenPage) -> None:
    page = desk(BANK, width=320, java_script_enabled=False)
    assert not page.get_by_role("checkbox", name="Arabic").is_visible()
    page.get_by_text("Filters", exact=True).click()
    page.get_by_role("checkbox", name="Arabic").check()
    page.get_by_label("Search by name, occupation, sector or interest").fill("RIKKE")
    page.get_by_role("button", name="Search").click()
    assert _names(page) == ["Rikke"]
    assert "language=ar" in page.url


def test_arrows_move_in_both_lists(desk: OpenPage) -> None:
    for path, first, second in ((BANK, "Karen Lund", "Rikke Lund"), (WAITING, "Amina Yusuf", "Oksana Yusuf")):
        page = desk(path)
        for name in (first, second):
            page.keyboard.press("ArrowDown")
            expect(page.locator(":focus")).to_have_text(name)


def test_the_waiting_list_is_filtered_in_place(desk: OpenPage) -> None:
    page = desk(WAITING)
    assert _names(page) == ["Amina", "Oksana", "فاطمة"]
    page.get_by_label("Nobody fits").check()
    expect(page.locator(".sifted-count")).to_have_text("1 of 3 people who are waiting")
    assert _names(page) == ["Oksana"]
    expect(page).to_have_url(re.compile(r"\?fit=nobody$"))
    page.get_by_role("link", name="Clear the filters").click()
    assert len(_names(page)) == 3
    page.get_by_label("Order").select_option("word")
    expect(page).to_have_url(re.compile(r"\?sort=word$"))
    assert _names(page) == ["فاطمة", "Oksana", "Amina"]


def test_paper_shows_the_list_and_nothing_else(desk: OpenPage) -> None:
    page = desk(WAITING)
    page.emulate_media(media="print")
    for unseen in (".sifted-side", ".waiting-acts", ".sidebar", ".sifted-end"):
        assert not page.locator(unseen).first.is_visible(), unseen
    assert page.locator(".waiting-match").first.is_visible()
    assert page.locator(".printed-only").is_visible()
