"""A no taken down by mistake, taken back by the toast and by the page: in a real browser, with script and without."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from browser.readable import TAGS
from factories.django_rows import make_enrolment, make_person, make_programme, user_of
from mentornet.divisions.models import Division
from mentornet.divisions.queries import staff_member
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.matching.bank import forget
from mentornet.matching.models import Proposal
from mentornet.matching.services import propose
from mentornet.partnerships.models import Partnership

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


OpenPage = Callable[..., Page]


@pytest.fixture
def proposal(division: Division, coordinator: Staff) -> Proposal:
    forget()
    programme = make_programme("Mentor network")
    mentee, mentor = (
        make_enrolment(role, division, programme=programme, person=make_person(name, "Dahl", email=f"{name}@x.example"))
        for role, name in (("mentee", "Amina"), ("mentor", "Kirsten"))
    )
    # Today, not the tests' own day: the browser's clock is the machine's.
    by = staff_member(user_of(coordinator), now())
    return propose(by=by, mentee=mentee, mentor=mentor, reason="Both are nurses.", seen_version=1)


@pytest.fixture
def open_page(browser: Browser, live_server: LiveServer, coordinator: Staff, settings: Settings) -> Iterator[OpenPage]:
    """Opens an address as a coordinator; whatever the console says fails the test."""
    settings.DEMO = True
    contexts: list[BrowserContext] = []
    said: list[str] = []

    def open_(path: str, **options: Any) -> Page:
        context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=live_server.url, **options)
        contexts.append(context)
        client = Client()
        client.force_login(user_of(coordinator))
        for name, value in (("session", client.cookies["session"].value), ("django_language", "en")):
            context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
        page = context.new_page()
        page.on("console", lambda one: said.append(one.text) if one.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert said == []


def take_down(page: Page, side: str, reply: str) -> None:
    page.check(f'#{side} input[value="{reply}"]')
    if reply == "no":
        page.select_option(f"#{side} select[name$=decline_reason]", "time")
    page.click(f"#{side} form.answer-form button[type=submit]")


def faults(page: Page) -> list[str]:
    """Return what axe finds, save that the tests' mirrored language is not one that it knows."""
    found = Axe().run(page, options={"runOnly": TAGS}).response["violations"]
    return [
        f"{one['id']}: {node['html'][:200]}"
        for one in found
        for node in one["nodes"]
        if 'lang="xb"' not in node["html"]
    ]


def places(proposal: Proposal) -> list[tuple[int, int]]:
    keys = (proposal.mentee_id, proposal.mentor_id)
    return [(one.promised, one.active) for one in Enrolment.objects.filter(pk__in=keys)]


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
def test_a_wrong_no_is_undone_and_the_right_yes_taken(script: bool, open_page: OpenPage, proposal: Proposal) -> None:
    page = open_page(reverse("desk:proposal", args=[proposal.pk]), java_script_enabled=script)
    take_down(page, "mentee", "yes")
    take_down(page, "mentor", "no")
    expect(page.locator("#toasts")).to_contain_text("keeps her place in the queue")
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator("#toasts")).to_contain_text("Taken back")
    expect(page.locator(".timeline")).to_contain_text("The answer of Kirsten was taken back: No")
    assert places(proposal) == [(1, 0), (1, 0)]
    # The same from the page, by the quiet act beside the answer.
    take_down(page, "mentor", "no")
    page.locator("#mentor .take-back summary").click()
    expect(page.locator("#mentor .take-back")).to_contain_text("They are called back, and nobody hears of it.")
    if script:
        assert faults(page) == []
    page.locator("#mentor .take-back").get_by_role("button", name="Take this answer back").click()
    expect(page.locator("#toasts")).to_contain_text("Taken back")
    take_down(page, "mentor", "yes")
    expect(page.locator("#toasts")).to_contain_text("the partnership has begun")
    assert places(proposal) == [(0, 1), (0, 1)]
    assert Partnership.objects.count() == 1
    if script:
        # The page from before still offers to undo: it says what has become of that.
        page.locator("#toasts").get_by_role("button", name="Undo").click()
        expect(page.locator("#toasts")).to_contain_text("Taken back")
        page.go_back()
        assert Partnership.objects.count() == 0
        assert places(proposal) == [(1, 0), (1, 0)]
