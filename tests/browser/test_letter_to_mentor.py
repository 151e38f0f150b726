"""A mentee decides about a letter to her mentor on a small telephone, in Arabic and without JavaScript too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from browser.readable import TAGS, listen
from entering import sign_in_participant
from factories.django_rows import make_division, make_programme, make_staff
from followup.value_pairs import letter_of, make_year, night
from mentornet.divisions.models import Role
from mentornet.followup.models import ImpactLetter
from mentornet.partnerships.models import Partnership
from mentornet.people.models import Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def pair(db: None) -> Partnership:
    division = make_division("Odense")
    pair = make_year(make_staff(Role.COORDINATOR, division), division, make_programme("Mentor network"))
    night()
    Person.objects.filter(pk=pair.mentee.person_id).update(language="ar")
    # The letter was asked for on the day of the factories; the browser lives today.
    ImpactLetter.objects.update(answer_by="2099-01-01")
    return pair


@pytest.fixture
def telephone(
    browser: Browser, live_server: LiveServer, pair: Partnership, request: pytest.FixtureRequest
) -> Iterator[Page]:
    options: dict[str, Any] = getattr(request, "param", {})
    context = browser.new_context(viewport={"width": 320, "height": 740}, base_url=live_server.url, **options)
    session = sign_in_participant(pair.mentee.person).cookies["session"].value
    cookies = {"django_language": "ar", "session": session}
    context.add_cookies([{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()])
    said: list[str] = []
    page = context.new_page()
    listen(page, said)
    yield page
    context.close()
    assert said == []


def is_clean(page: Page) -> None:
    found = Axe().run(page, options={"runOnly": TAGS})
    nodes = [(one["id"], node["html"]) for one in found.response["violations"] for node in one["nodes"]]
    # The mirrored language of the tests has no code that anybody knows.
    assert [f"{fault}: {html}" for fault, html in nodes if 'lang="xb"' not in html] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("telephone", [{}, {"java_script_enabled": False}], indirect=True)
def test_she_says_yes_in_arabic_at_320_pixels(telephone: Page, pair: Partnership, request: Any) -> None:
    letter = letter_of(pair)
    has_scripts = "telephone0" in request.node.name
    telephone.goto(f"/my/partnerships/{pair.pk}/letters/{letter.pk}/")
    expect(telephone.locator("html")).to_have_attribute("dir", "rtl")
    if has_scripts:
        is_clean(telephone)
    telephone.locator('a[href$="/choose/"]').click()
    if has_scripts:
        is_clean(telephone)
    telephone.locator("textarea").fill("شكرًا لك")
    telephone.locator("main form button[type=submit]").click()
    expect(telephone.locator("blockquote").first).to_have_text("شكرًا لك")
    telephone.locator('button[name="what"][value="yes"]').click()
    expect(telephone.locator("h1")).to_be_visible()
    assert letter_of(pair).state == "approved"
    if has_scripts:
        is_clean(telephone)
