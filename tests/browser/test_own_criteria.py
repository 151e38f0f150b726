"""A criterion is added in a real browser: the order is seen to change while it is typed, and then it counts."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from browser.readable import OpenPage, faults, overflow
from factories.django_rows import make_enrolment, make_person, make_programme, user_of
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.matching.bank import forget
from mentornet.programmes.queries import current_version

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ASKED: dict[str, Any] = {
    "key": "children",
    "names": {"en": "Has small children", "da": "Har små børn"},
    "kind": "yes-no",
    "compared": "same",
    "wishes": "both",
    "weight": 0.0,
    "neutral": 0.5,
}


def come_to_rest(page: Page) -> None:
    """Wait until the preview that the last field asked for has come: a page left before says so in the console."""
    # The preview is asked for when nothing was typed for 400 ms.
    page.wait_for_timeout(600)
    page.wait_for_function("() => !document.querySelector('.htmx-request')")


def test_a_criterion_is_added_and_its_weight_changes_the_ranking(
    open_page: OpenPage, division: Division, national_lead: Staff
) -> None:
    forget()
    programme = make_programme("Mentor network", customs=[ASKED])
    mentee = make_enrolment(
        "mentee", division, programme=programme, person=make_person("Amina", "Yusuf"), answers={"children": True},
        occupation="2221",
    )  # fmt: skip
    for name, occupation, answer in (("Kirsten", "2221", False), ("Lise", "5120", True)):
        make_enrolment(
            "mentor", division, programme=programme, person=make_person(name, "Dahl"), occupation=occupation,
            answers={"children": answer},
        )  # fmt: skip
    page = open_page(reverse("desk:criterion_new", args=[programme.pk]), user=user_of(national_lead), expected="422")
    # What belongs to another kind of answer is put away.
    expect(page.locator("#choices")).to_be_hidden()
    page.check('input[name="kind"][value="level"]')
    expect(page.locator("#choices")).to_be_visible()
    page.check('input[name="kind"][value="yes-no"]')
    page.fill('input[name="name_en"]', "Goes to church")
    page.fill('textarea[name="reason"], input[name="reason"]', "It helps.")
    come_to_rest(page)
    page.click('button[name="save"]')
    expect(page.locator("main")).to_contain_text("reads as religion or belief")
    assert current_version(programme.pk).number == 1
    assert faults(page) == []
    page.goto(reverse("desk:criterion", args=[programme.pk, "children"]))
    page.fill('input[name="weight"]', "200")
    expect(page.locator("#preview")).to_contain_text("another mentor would stand first")
    expect(page.locator("#preview")).to_contain_text("For 1 of 1 who waits")
    expect(page.locator("#preview .moves li").first).to_contain_text("Lise Dahl")
    page.set_viewport_size({"width": 320, "height": 800})
    assert overflow(page) <= 0
    page.fill('textarea[name="reason"], input[name="reason"]', "Those who share it meet more often.")
    come_to_rest(page)
    page.click('button[name="save"]')
    expect(page.locator("#toasts")).to_contain_text("Version 2 is in force")
    page.goto(reverse("desk:match", args=[mentee.pk]))
    expect(page.locator("[data-row]").first).to_contain_text("Lise")
