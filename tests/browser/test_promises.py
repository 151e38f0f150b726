"""The promises of the waiting list in a real browser: why she waits, taken earlier, and a letter that is stopped."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from browser.readable import MIRRORED, OpenPage, faults, overflow
from days import TODAY
from factories.django_rows import make_enrolment, make_person, make_programme
from mentornet.divisions.models import Division
from mentornet.intake.models import Earlier, Enrolment
from mentornet.matching.bank import forget

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _empty_memory() -> None:
    forget()


@pytest.fixture
def amina(division: Division) -> Enrolment:
    programme = make_programme("Mentor network")

    def waits(name: str, days: int) -> Enrolment:
        return make_enrolment(
            "mentee", division, programme=programme, topics=("cv",), availability=("mon-evening",),
            person=make_person(name, "Yusuf", email=f"{name}@example.org", language="en"),
            enrolment={"since": TODAY - days * DAY, "word_due_on": TODAY + 6 * DAY, "last_word_on": TODAY - 9 * DAY},
        )  # fmt: skip

    waits("Oksana", 90)
    return waits("Amina", 12)


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
def test_noted_taken_earlier_and_stopped(script: bool, desk: OpenPage, amina: Enrolment) -> None:
    page = desk(reverse("desk:waiting"), java_script_enabled=script)
    page.locator(f'a[href="{reverse("desk:waiting_why", args=[amina.pk])}"]').click()
    page.check('input[name="reason"][value="paper"]')
    page.fill('input[name="words"]', "Her diploma is in Kyiv")
    page.get_by_role("button", name="Save").click()
    row = page.locator("[data-row]", has_text="Amina")
    expect(row).to_contain_text("a paper is missing")
    expect(row).to_contain_text("Her diploma is in Kyiv")
    row.get_by_role("link", name="Amina Yusuf").first.click()
    page.get_by_role("link", name="Take her earlier").click()
    page.check('input[name="reason"][value="deadline"]')
    page.fill('textarea[name="words"]', "She sits an examination in six weeks")
    page.get_by_role("button", name="Take her earlier").click()
    expect(page.locator("[data-row]").first).to_contain_text("Taken before others")
    page.locator("#toasts form button").first.click()
    expect(page.locator("[data-row]").first).to_contain_text("Oksana")
    assert Earlier.objects.get().is_undone
    page.get_by_role("link", name="What the program writes").click()
    row = page.locator("[data-row]", has_text="Amina")
    row.locator("summary").click()
    expect(row).to_contain_text("One paper is still missing.")
    row.get_by_role("button", name="Stop it").click()
    expect(page.locator("[data-row]", has_text="Amina")).to_contain_text("the letter is stopped")


@pytest.mark.parametrize("language", ["en", MIRRORED])
@pytest.mark.parametrize("width", [320, 1280])
def test_pages_are_readable(width: int, language: str, desk: OpenPage, amina: Enrolment) -> None:
    addresses = [
        reverse("desk:waiting_letters"), reverse("desk:taken_earlier"), reverse("desk:waiting_why", args=[amina.pk]),
        reverse("desk:waiting_earlier", args=[amina.pk]),
    ]  # fmt: skip
    for address in addresses:
        page = desk(address, width=width, language=language)
        assert faults(page) == [], address
        assert overflow(page) <= 0, address
