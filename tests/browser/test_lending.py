"""A mentor between two divisions in a real browser: looked for, asked for, released, and the two side by side."""

from __future__ import annotations

import re
from typing import Final

import pytest
from django.urls import reverse
from django.utils.timezone import now
from matching.loans import Two, ask, make_two
from playwright.sync_api import Page, expect

from browser.readable import MIRRORED, OpenPage, faults, overflow, unfold
from factories.django_rows import user_of
from mentornet.divisions.models import Division
from mentornet.divisions.queries import staff_member
from mentornet.intake.models import Enrolment
from mentornet.matching.models import Loan
from mentornet.matching.services import release_loan

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REASON: Final = "She has waited for half a year, and nobody here knows hospitals. " * 4


@pytest.fixture
def two(division: Division, other_division: Division) -> Two:
    made = make_two(division, other_division)
    # Today, not the tests' own day: the browser's clock is the machine's.
    asks, lends = (staff_member(user_of(one), now()) for one in (made.asks, made.lends))
    return made._replace(asks=asks, lends=lends)


def main_of(page: Page) -> str:
    return page.locator("main").inner_text()


def test_from_the_list_to_the_two_side_by_side(open_page: OpenPage, two: Two) -> None:
    page = open_page(reverse("desk:match", args=[two.mentee.pk]), user=user_of(two.asks))
    page.get_by_role("link", name="Look in the banks of other divisions").first.click()
    expect(page.locator("[data-row]")).to_have_count(1)
    for mentor in two.mentors:
        assert mentor.person.first_name not in main_of(page)
    page.locator("#loan-language").select_option(label="Arabic")
    expect(page).to_have_url(re.compile("language=ar"))
    page.get_by_role("link", name="Ask for her").click()
    page.get_by_label("Why her, and for what?").fill(REASON)
    page.get_by_role("button", name="Ask her division").click()
    expect(page.locator("main")).to_contain_text("Her division asks her and answers you")
    loan = Loan.objects.get()
    chosen = Enrolment.objects.select_related("person").get(pk=loan.mentor_id).person

    hers = open_page(reverse("desk:today"), user=user_of(two.lends), width=320)
    expect(hers.locator("main")).to_contain_text("asks whether")
    hers.goto(reverse("desk:loan", args=[loan.pk]))
    expect(hers.locator("main")).to_contain_text(REASON.strip())
    assert two.mentee.person.first_name not in main_of(hers)
    hers.get_by_label("A word to the other division").fill("Call her at noon.")
    hers.get_by_role("button", name="Release her").first.click()
    expect(hers.locator("main")).to_contain_text("The other division may propose her")

    page.reload()
    expect(page.locator("main")).to_contain_text("Call her at noon.")
    page.get_by_role("link", name="Look at the two").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(chosen.first_name)
    page.get_by_label("Why these two?").fill("Both are nurses.")
    page.get_by_role("button", name="Propose to both").click()
    expect(page).to_have_url(re.compile("/proposals/"))


@pytest.mark.parametrize(
    ("width", "scheme", "language"),
    [(320, "light", "en"), (320, "dark", MIRRORED), (1280, "dark", "en"), (1280, "light", MIRRORED)],
)
def test_readable_by_everybody(open_page: OpenPage, two: Two, width: int, scheme: str, language: str) -> None:
    asked = ask(two)
    pages = {
        "list": (two.asks, f"{reverse('desk:loans')}?by=us"),
        "search": (two.asks, reverse("desk:loan_search", args=[two.mentee.pk])),
        "asked": (two.asks, reverse("desk:loan", args=[asked.pk])),
        "to be answered": (two.lends, reverse("desk:loan", args=[asked.pk])),
        "asked of us": (two.lends, reverse("desk:loans")),
    }
    opened = {
        by.user_id: open_page(
            reverse("desk:loans"), user=user_of(by), width=width, color_scheme=scheme, language=language
        )
        for by in (two.asks, two.lends)
    }
    for name, (by, address) in pages.items():
        page = opened[by.user_id]
        page.goto(address)
        unfold(page)
        assert (name, overflow(page), faults(page)) == (name, 0, [])
    release_loan(by=two.lends, loan=asked)
    for by in (two.asks, two.lends):
        page = opened[by.user_id]
        page.goto(reverse("desk:loan", args=[asked.pk]))
        assert (overflow(page), faults(page)) == (0, [])
