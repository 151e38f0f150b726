"""An ending from its first page to its last in a real browser: by keyboard, narrow, without script, and back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import now
from playwright.sync_api import Page, expect

from browser.readable import OpenPage, faults, overflow
from factories.django_rows import make_programme, user_of
from mentornet.divisions.models import Division
from mentornet.divisions.queries import staff_member
from mentornet.divisions.staff import Staff
from mentornet.partnerships.models import Closure, Partnership
from partnerships.couples import make_couple

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def pair(division: Division, coordinator: Staff) -> Partnership:
    # Today, not the tests' own day: the browser's clock is the machine's.
    by = staff_member(user_of(coordinator), now())
    return make_couple(by, division, make_programme("Mentor network"), matched_on=by.today - timedelta(days=60))


def _is_clean(page: Page) -> None:
    assert faults(page) == []
    assert overflow(page) == 0


@pytest.mark.parametrize(("width", "script"), [(1280, True), (320, True), (320, False)])
def test_an_ending_page_by_page(
    width: int, script: bool, open_page: OpenPage, pair: Partnership, coordinator: Staff
) -> None:
    page = open_page(
        reverse("desk:partnership_close", args=[pair.pk]),
        user=user_of(coordinator),
        width=width,
        java_script_enabled=script,
    )

    def looked_at() -> None:
        if script:
            _is_clean(page)

    def keep() -> None:
        page.get_by_role("button", name="Keep, and go on").press("Enter")

    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("End the partnership")
    looked_at()
    # Chosen and sent by the keyboard alone.
    page.get_by_label("something came in between").focus()
    page.keyboard.press("Space")
    keep()
    expect(heading).to_have_text("The last talk with the mentee")
    page.get_by_label("we have talked").check()
    page.get_by_label("What she said").fill("She has a job now.")
    keep()
    # Nothing is lost by what is missing.
    expect(page.get_by_label("What she said")).to_have_value("She has a job now.")
    looked_at()
    page.get_by_label("Why does it end, as she says?").select_option("time")
    keep()
    expect(heading).to_have_text("The last talk with the mentor")
    page.get_by_label("she could not be reached").check()
    keep()
    expect(heading).to_have_text("What has come of it?")
    looked_at()
    # Back and forth: what was kept stands there.
    page.go_back()
    expect(heading).to_have_text("The last talk with the mentor")
    page.go_forward()
    expect(heading).to_have_text("What has come of it?")
    page.get_by_label("an ordinary job").check()
    keep()
    expect(heading).to_have_text("May the two keep in touch?")
    page.get_by_label("only through the office").check()
    keep()
    expect(heading).to_have_text("What comes next for each?")
    expect(page.get_by_text("Nobody is to blame")).to_be_visible()
    expect(page.get_by_label("she waits again, in her old place")).to_be_checked()
    looked_at()
    keep()
    expect(heading).to_have_text("Thanks, and later questions")
    looked_at()
    keep()
    expect(heading).to_have_text("Look it through, and close")
    looked_at()
    page.get_by_role("button", name="Close the partnership").press("Enter")
    expect(page.get_by_text("nothing is deleted", exact=False).first).to_be_visible()
    looked_at()
    closure = Closure.objects.get()
    assert (closure.work, closure.later_contact, closure.mentee_next) == ("ordinary", "office", "old_place")
    assert Partnership.objects.get(pk=pair.pk).state == "closed"
