"""The whole form in Arabic on a small telephone without JavaScript; and what JavaScript adds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from browser.readable import OpenPage
from factories.django_rows import make_division, make_programme
from mentornet.accounts.models import OneTimeCode
from mentornet.accounts.services.codes import code_of
from mentornet.divisions.models import Division
from mentornet.intake.models import Application, ApplicationDraft, Consent
from mentornet.web.public.apply.guards import FASTEST

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
READING = FASTEST.total_seconds() * 1000 + 500


@pytest.fixture
def place(settings: Settings, tmp_path: Path) -> Iterator[Division]:
    """An office that is open, in a network whose text messages leave: into a file."""
    cache.clear()
    settings.SMS_URL, settings.SMS_FOLDER = "file:", tmp_path
    made = make_division("Odense", area="Odense og Fyn")
    make_programme("Job og sprog", eligibility={"ar": "نساء فوق سن 18 عامًا.", "en": "Women over 18."})
    yield made
    cache.clear()


@pytest.fixture
def bare(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A telephone of 360 px on which no JavaScript runs, and which asks for Arabic."""
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, java_script_enabled=False, base_url=live_server.url, locale="ar"
    )
    yield context.new_page()
    context.close()


def go_on(page: Page) -> None:
    page.locator(".apply-actions button").first.click()


def test_whole_form_in_arabic_without_javascript(bare: Page, place: Division) -> None:
    bare.goto("/")
    bare.locator('.way-in-first a[href="/ar/mentee/"]').click()
    bare.locator('a[href="/ar/apply/mentee/"]').first.click()
    expect(bare.locator("html")).to_have_attribute("dir", "rtl")
    bare.wait_for_timeout(READING)
    bare.locator("main form button").click()
    bare.get_by_text("Odense", exact=True).check()
    go_on(bare)
    bare.locator("[name=eligible][value=yes]").check()
    go_on(bare)
    # What is forgotten is said, and she writes it.
    go_on(bare)
    expect(bare.locator(".error-summary")).to_be_visible()
    bare.locator("[name=first_name]").fill("أمينة")
    go_on(bare)
    bare.locator("[name=contact_way][value=text]").check()
    bare.locator("[name=phone]").fill("٦١ ٢٣ ٤٥ ٦٧")
    bare.locator("[name=contact_from]").select_option("9")
    bare.locator("[name=contact_until]").select_option("15")
    bare.locator("[name=hides_network]").check()
    go_on(bare)
    expect(bare).to_have_url(re.compile(r"/ar/apply/mentee/confirm/$"))
    # As a telephone with Arabic digits types it.
    code = code_of(OneTimeCode.objects.get()).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    bare.locator("[name=code]").fill(code)
    go_on(bare)
    bare.locator("[name=language_0]").select_option("ar")
    bare.locator("[name=level_0]").select_option("C2")
    bare.locator("[name=danish]").select_option("A1")
    go_on(bare)
    bare.locator("[name=birth_year]").fill("١٩٩٠")
    bare.locator("[name=area]").fill("Vollsmose")
    go_on(bare)
    bare.locator("[name=occupation_title]").fill("ممرضة")
    bare.locator("[name=look]").click()
    bare.locator("[name=occupation][value='2221']").check()
    go_on(bare)
    bare.locator("[name=topics][value=cv]").check()
    bare.locator("[name=topics][value=network]").check()
    bare.locator("[name=first]").select_option("network")
    go_on(bare)
    bare.locator(".apply-part", has=bare.locator("[value=mon-evening]")).click()
    go_on(bare)
    bare.locator("[name=meeting]").first.check()
    go_on(bare)
    bare.locator("[name=about]").fill("أحب عملي.")
    go_on(bare)
    bare.locator("[name=referrer][value=language_school]").check()
    go_on(bare)
    bare.locator("[name=handling]").check()
    bare.locator("[name=introduction]").check()
    go_on(bare)
    expect(bare).to_have_url(re.compile(r"/ar/apply/mentee/check/$"))
    expect(bare.locator(".apply-answers", has_text="ممرضة").first).to_be_visible()
    # One answer is changed, and she is back.
    bare.locator('a[href="/ar/apply/mentee/life/?change=1"]').click()
    bare.locator("[name=postcode]").fill("5240")
    go_on(bare)
    expect(bare).to_have_url(re.compile(r"/ar/apply/mentee/check/$"))
    bare.wait_for_timeout(READING)
    go_on(bare)
    expect(bare).to_have_url(re.compile(r"/ar/apply/mentee/sent/$"))
    application = Application.objects.get()
    assert (application.person.name, application.person.postcode, application.language) == ("أمينة", "5240", "ar")
    assert application.person.profiles.get().topics == ("network", "cv")
    assert Consent.objects.count() == 2


STEPS = ("place", "programme", "name", "contact", "confirm", "languages", "life", "work", "goals", "times", "meeting",
         "words", "heard", "consents", "check")  # fmt: skip


@pytest.mark.parametrize(
    ("language", "width", "scheme"), [("ar", 320, "light"), ("en", 320, "dark"), ("da", 1280, "light")]
)
def test_every_page_is_readable(open_page: OpenPage, place: Division, language: str, width: int, scheme: str) -> None:
    page = open_page(f"/{language}/apply/mentee/", language=language, width=width, color_scheme=scheme)
    faults: list[str] = []

    def look(name: str) -> None:
        found = Axe().run(page, options={"runOnly": TAGS}).response["violations"]
        # axe does not know the tests' mirrored language.
        nodes = [(one["id"], node["html"][:160]) for one in found for node in one["nodes"]]
        faults.extend(f"{name} {fault}: {html}" for fault, html in nodes if 'lang="xb"' not in html)
        if (wider := page.evaluate("document.documentElement.scrollWidth - window.innerWidth")) > 0:
            faults.append(f"{name} scrolls sideways by {wider} px")

    look("start")
    page.wait_for_timeout(READING)
    page.locator("main form button.button-primary").click()
    page.locator("[name=division]").first.check()
    go_on(page)
    draft = ApplicationDraft.objects.get()
    ApplicationDraft.objects.filter(pk=draft.pk).update(contact_way="email", email="amina@example.org")
    for step in (*STEPS, "../mentee/later"):
        page.goto(f"/{language}/apply/mentee/{step}/")
        look(step)
    assert "\n".join(faults) == ""


def test_occupations_are_found_while_she_types(open_page: OpenPage, place: Division) -> None:
    page = open_page("/uk/apply/mentor/", language="uk", width=360)
    page.wait_for_timeout(READING)
    page.locator("main form button.button-primary").click()
    page.goto("/uk/apply/mentor/work/")
    expect(page.locator(".apply-look")).to_be_hidden()
    page.locator("[name=occupation_title]").press_sequentially("медсест", delay=20)
    page.locator("[name=occupation][value='2221']").check()
    page.locator("[name=occupation_title]").press("End")
    page.locator("[name=occupation_title]").press_sequentially("ра", delay=20)
    # The list that stands there now was made for the whole word.
    expect(page.locator("[name=looked_for]")).to_have_value("медсестра")
    expect(page.locator("[name=occupation][value='2221']")).to_be_checked()
    go_on(page)
    page.wait_for_url("**/apply/mentor/offer/")
    assert ApplicationDraft.objects.get().answered("work")["occupation"] == "2221"


def test_page_is_read_aloud_where_there_is_a_voice(open_page: OpenPage, place: Division) -> None:
    page = open_page("/en/apply/mentee/")
    # This browser has no voice: nothing is offered.
    expect(page.locator("[data-read-aloud]")).to_be_hidden()
    page.context.add_init_script(
        """
        window.said = [];
        speechSynthesis.getVoices = () => [{ lang: "en-GB", name: "Tests" }];
        speechSynthesis.speak = (piece) => window.said.push(piece.text);
        window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } addEventListener() {} };
        """
    )
    page.reload()
    button = page.locator("[data-read-aloud]")
    expect(button).to_be_visible()
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    said = page.evaluate("window.said")
    assert said[0] == "Get a mentor"
    assert any("15 minutes" in one for one in said)
    assert not any("Leave this page" in one or "Leave this field" in one for one in said)
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
