"""The public site in the browser: each page at each width, in both schemes and directions, and without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from browser.readable import TAGS
from factories.django_rows import AT, make_division, make_programme
from mentornet.common.actors import System
from mentornet.divisions.models import Division, Organisation
from mentornet.learning.services import install_shipped
from mentornet.web.public.pages.figures import Figures
from web.public.reading import LANGUAGES, PAGES, address, alternates

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LOOKS: Final = [
    {"width": 320, "scheme": "light", "language": "ar"},
    {"width": 320, "scheme": "dark", "language": "en"},
    {"width": 320, "scheme": "light", "language": "uk"},
    {"width": 320, "scheme": "dark", "language": "xb"},
    {"width": 1280, "scheme": "light", "language": "da"},
    {"width": 1280, "scheme": "dark", "language": "ar"},
    {"width": 1280, "scheme": "light", "language": "fa"},
]


@pytest.fixture
def division(monkeypatch: pytest.MonkeyPatch) -> Iterator[Division]:
    """A network with something on every page, its figures among it."""
    Organisation.objects.create(
        name="Mentornetværket", legal_name="Foreningen Mentornetværket", address="Torvet 1", phone="70 10 10 10",
        email="kontakt@mentornet.example", created_at=AT,
    )  # fmt: skip
    install_shipped(by=System("shipped", AT))
    make_division("København og hele omegnen", area="København, Frederiksberg", email="koebenhavn@mentornet.example")
    make_programme("Job og sprog", eligibility={"da": "Kvinder over 18 år.", "ar": "نساء فوق سن 18 عامًا."})
    monkeypatch.setattr(
        "mentornet.web.public.pages.views.figures",
        lambda today: Figures(
            on=today, since=2003, divisions=5, people_ever=4_876, people_now=1_414, partnerships_ever=2_000,
            partnerships_now=229,
        ),
    )  # fmt: skip
    yield make_division("Odense", area="Odense og Fyn")
    cache.clear()


@pytest.fixture
def opened(browser: Browser, live_server: LiveServer, look: dict[str, Any]) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": look["width"], "height": 900}, color_scheme=look["scheme"], base_url=live_server.url
    )
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: "-".join(str(part) for part in look.values()))
def test_every_public_page_is_readable(opened: Page, division: Division, look: dict[str, Any]) -> None:
    said, faults = [], []
    opened.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.on("request", lambda request: said.append(request.url) if "//localhost" not in request.url else None)
    for which in PAGES:
        url = address(which, look["language"], division)
        opened.goto(url)
        found = Axe().run(opened, options={"runOnly": TAGS}).response["violations"]
        menu = opened.locator(".site-menu > summary")
        if menu.is_visible():
            menu.click()
            # The open menu lies over the page, which is looked at without it.
            head = Axe().run(opened, context={"include": [[".site-head"]]}, options={"runOnly": TAGS})
            found = [*found, *head.response["violations"]]
        # axe does not know the tests' mirrored language.
        faults += [
            f"{url} {one['id']}: {node['html'][:160]}"
            for one in found
            for node in one["nodes"]
            if 'lang="xb"' not in node["html"]
        ]
        if (wider := opened.evaluate("document.documentElement.scrollWidth - window.innerWidth")) > 0:
            faults.append(f"{url} scrolls sideways by {wider} px")
        direction = LANGUAGES.get(look["language"], "rtl")
        if opened.evaluate("getComputedStyle(document.body).direction") != direction:
            faults.append(f"{url} does not run {direction}")
    assert "\n".join([*faults, *said]) == ""


@pytest.fixture
def bare(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A telephone of 360 px on which no JavaScript runs, and which asks for Arabic."""
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, java_script_enabled=False, base_url=live_server.url, locale="ar"
    )
    yield context.new_page()
    context.close()


@pytest.mark.usefixtures("division")
def test_way_through_the_site_without_javascript(bare: Page) -> None:
    bare.goto("/")
    expect(bare.locator("html")).to_have_attribute("lang", "ar")
    expect(bare.locator("html")).to_have_attribute("dir", "rtl")
    # The menu opens by itself; the ways are not twice on the screen.
    assert bare.locator(".site-way:visible").count() == 0
    bare.locator(".site-menu > summary").click()
    assert bare.locator(".site-way:visible").count() == 6
    bare.locator('.site-way[href="/ar/handbook/"]:visible').click()
    bare.locator('a[href="/ar/handbook/mentee/"]').click()
    bare.locator("#situation").fill("لا استطيع الحضور")
    bare.locator(".handbook-search button").click()
    expect(bare.locator("#situation")).to_have_value("لا استطيع الحضور")
    bare.locator(".chapter-way a").first.click()
    expect(bare).to_have_url(re.compile(r"/ar/handbook/mentee/time/$"))
    expect(bare.locator("article")).to_have_attribute("lang", "ar")
    bare.locator('a[rel="next"]').click()
    expect(bare).to_have_url(re.compile(r"/ar/handbook/mentee/practising-danish/$"))
    # The same chapter in another language.
    bare.locator('.language[hreflang="da"]').click()
    expect(bare).to_have_url(re.compile(r"/da/handbook/mentee/practising-danish/$"))
    expect(bare.locator("html")).to_have_attribute("dir", "ltr")


def test_wide_screen_has_the_ways_in_a_row(browser: Browser, live_server: LiveServer, division: Division) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 800}, base_url=live_server.url)
    page.goto(address("mentor", "en", division))
    expect(page.locator(".site-menu > summary")).to_be_hidden()
    assert page.locator(".site-way:visible").count() == 6
    expect(page.locator(".site-way[aria-current]:visible")).to_have_text("Become a mentor")
    assert set(alternates(page.content())) >= set(LANGUAGES)
    page.close()


def test_whole_handbook_is_printed_without_the_sites_ways(
    browser: Browser, live_server: LiveServer, division: Division
) -> None:
    page = browser.new_page(base_url=live_server.url)
    page.emulate_media(media="print")
    page.goto(address("whole", "en", division))
    for hidden in (".site-head", ".site-ways", ".site-menu", ".languages", ".site-foot", ".trail"):
        expect(page.locator(hidden)).to_be_hidden()
    assert page.locator("article:visible").count() == 12
    # One article, as its own page for paper has it; what leads there and back is not printed.
    page.goto(address("mentor", "en", division) + "?print=1")
    expect(page.locator("article")).to_be_visible()
    expect(page.get_by_text("Use your browser to print this page.")).to_be_hidden()
    page.emulate_media(media="screen")
    expect(page.get_by_text("Use your browser to print this page.")).to_be_visible()
    page.close()
