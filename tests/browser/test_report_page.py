"""The printable page in a real browser: readable by everybody, at every width, on paper, without a single request."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from browser.readable import faults
from factories.outcomes import a_pair
from factories.people import TODAY, a_mentee, a_mentor
from pairing.outcome import ExplainedUnmatched, Outcome, Proof
from pairing.policy import Policy
from pairing.report import render_report
from pairing.terms import CRITERIA, RULES, Criterion, Rule, UnmatchedReason
from reference.faults import Notice
from reference.people import Mentee, Mentor
from reference.translation import LANGUAGES, Language, Message

pytestmark = pytest.mark.browser

ARABIC: Final = "فاطمة الزهراء بنعلي"
REASONS: Final = (Message("Both are doctors."), Message("{name} helps with the first goal.", {"name": ARABIC}))


def waiting(days: int, **changes: Any) -> Mentee:
    return a_mentee(f"e{days}", waiting_since=TODAY - timedelta(days=days), **changes)


def every_state() -> Outcome:
    """Two of each state that the page can show, with the longest and strangest words that people can write."""
    long, unbroken = "En meget lang og meget dansk titel " * 8, "Ø" * 300
    pairs = [
        a_pair(
            waiting(412, name=ARABIC, wishes=ARABIC * 4, interests=(ARABIC,)),
            a_mentor(interests=(ARABIC,)),
            locked=True,
            reasons=REASONS,
        ),
        a_pair(
            waiting(90),
            a_mentor("m2", wishes=long, division=long),
            unknown=(Criterion.TIME,),
            unsure=(Rule.TIME, Rule.PLACE),
            reasons=REASONS,
        ),
        a_pair(waiting(30), a_mentor("m2"), score=3000, locked=True, fails=(Rule.RESTING,)),
        a_pair(Mentee(id="e-unknown"), Mentor(id="m-unknown"), unknown=CRITERIA, unsure=tuple(RULES)),
        a_pair(waiting(20, name=unbroken, division=unbroken, wishes=unbroken), a_mentor(unbroken, name="<b>" + long)),
        *(a_pair(waiting(days, division="Ødis"), a_mentor(f"o{days}")) for days in range(100, 108)),
    ]
    nobody = ExplainedUnmatched(
        mentee=waiting(300, division="Esbjerg", name="Zahra Karimi", wishes="Kun søndag aften."),
        reason=UnmatchedReason.NO_ALLOWED,
        allowed=0,
        above_floor=0,
        fails=dict.fromkeys(RULES, 12),
        only=dict.fromkeys(RULES, 1),
        relaxation=Rule.TIME,
        relaxation_gain=3,
        sentences=(Message("One more time of the week would help."),),
    )
    floor = replace(
        nobody,
        mentee=waiting(10),
        reason=UnmatchedReason.FLOOR,
        allowed=3,
        fails=dict.fromkeys(RULES, 0),
        relaxation=None,
    )
    return Outcome(
        pairs=tuple(pairs),
        unmatched=(nobody, floor),
        mentees=len(pairs) + 2,
        mentors=14,
        places=20,
        policy=Policy(),
        today=TODAY,
        proof=Proof(number=11, number_bound=11, total=8_000, total_bound=8_000, checked=True),
        files=("mentors.csv", unbroken + ".csv"),
        notices=(Notice("mentees.csv", 7, "fag", unbroken, Message("noticed")),),
    )


OpenReport = Callable[..., Page]


@pytest.fixture
def open_report(browser: Browser, tmp_path: Path) -> Iterator[OpenReport]:
    """Open a text as a page; at the end nothing may have been asked for, and nothing complained of."""
    contexts: list[BrowserContext] = []
    seen: list[str] = []

    def open_(html: str, *, width: int = 1280, scheme: str = "light", scripts: bool = True) -> Page:
        file = tmp_path / f"page-{len(contexts)}.html"
        file.write_text(html, encoding="utf-8")
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if scheme == "dark" else "light",
            java_script_enabled=scripts,
            # axe is put into the page as a script, which the page's own policy forbids.
            bypass_csp=True,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: seen.append(request.url) if request.url != file.as_uri() else None)
        page.on("console", lambda message: seen.append(message.text))
        page.on("pageerror", lambda error: seen.append(str(error)))
        page.goto(file.as_uri())
        return page

    yield open_
    for context in contexts:
        context.close()
    # Chromium reports the empty icon of the page as a request for its data.
    assert [url for url in seen if url != "data:,"] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_page_has_no_barrier_and_never_scrolls_sideways(
    open_report: OpenReport, language: Language, scheme: str, width: int
) -> None:
    page = open_report(render_report(every_state(), language), width=width, scheme=scheme)
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    beyond = page.evaluate(
        """() => [...document.querySelectorAll("main *")]
            .filter(element => element.getBoundingClientRect().right > innerWidth + 0.5)
            .map(element => element.outerHTML.slice(0, 120))"""
    )
    assert beyond == []


def test_axe_sees_a_broken_page(open_report: OpenReport) -> None:
    html = render_report(every_state(), "en").replace('<html lang="en" dir="ltr">', "<html>")
    html = html.replace("--soft: #5c554b", "--soft: #cfc8bb")
    rules = {fault.partition(":")[0] for fault in faults(open_report(html))}
    assert rules == {"html-has-lang", "color-contrast"}


def test_the_pages_own_policy_stops_what_it_should(browser: Browser, tmp_path: Path) -> None:
    html = render_report(every_state(), "en").replace(
        "</main>", '<script>document.title = "ran"</script><img src="file:///etc/hostname"></main>'
    )
    file = tmp_path / "page.html"
    file.write_text(html, encoding="utf-8")
    page = browser.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(file.as_uri())
    assert page.title() != "ran"
    assert len([text for text in complaints if "Content Security Policy" in text]) == 2
    page.close()


def test_the_page_needs_no_script_and_no_help(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text(render_report(every_state(), "en"), encoding="utf-8")
    page = browser.new_page()
    seen: list[str] = []
    page.on("console", lambda message: seen.append(message.text))
    page.goto(file.as_uri())
    assert seen == []
    assert page.locator("article").count() == len(every_state().pairs) + 2
    page.close()


def test_status_is_never_told_by_colour_alone(open_report: OpenReport) -> None:
    page = open_report(render_report(every_state(), "en"))
    unknown = page.locator("tr.unknown")
    assert unknown.count() == 11
    assert set(unknown.locator("em").all_inner_texts()) == {"unknown"}
    fills = page.evaluate(
        """() => [...document.querySelectorAll("tr.unknown .fill")].map(bar => getComputedStyle(bar).fill)"""
    )
    assert {fill.replace('"', "") for fill in fills} == {"url(#hatch)"}


def test_the_skip_link_is_first_and_seen(open_report: OpenReport) -> None:
    page = open_report(render_report(every_state(), "en"), width=320)
    page.keyboard.press("Tab")
    box = page.locator("a.skip:focus").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    page.keyboard.press("Enter")
    assert page.url.endswith("#content")


def printed(page: Page, folder: Path) -> list[str]:
    """The text of each printed page."""
    pdf = folder / "page.pdf"
    page.pdf(path=pdf, prefer_css_page_size=True)
    tool = shutil.which("pdftotext")
    if tool is None:
        pytest.skip("pdftotext is missing: apt-get install poppler-utils")
    done = subprocess.run([tool, "-layout", pdf, "-"], check=True, capture_output=True, text=True, timeout=60)
    return done.stdout.split("\f")[:-1]


def test_on_paper_each_division_starts_a_page_that_bears_its_name(open_report: OpenReport, tmp_path: Path) -> None:
    pages = printed(open_report(render_report(every_state(), "en")), tmp_path)
    starts = [" ".join(text.split()) for text in pages]
    for division in ("Esbjerg", "Ødis", "Aarhus", "No division given"):
        [first] = [number for number, text in enumerate(starts) if f"{division} {division}" in text]
        assert starts[first].startswith(f"Proposed pairs, 21 November 2026 {division} {division}")
        assert f"Page {first + 1} of {len(pages)}" in starts[first]
    [last] = [number for number, text in enumerate(starts) if "How to read this" in text]
    assert last == len(pages) - 1
    assert starts[0].startswith("For the matching meeting")


def test_on_paper_no_pair_is_torn_apart(open_report: OpenReport, tmp_path: Path) -> None:
    pages = printed(open_report(render_report(every_state(), "en")), tmp_path)
    ours = [text for text in pages if "What the score is made of" in text]
    assert len(ours) > 4
    for text in ours:
        made, decided = text.count("What the score is made of"), text.count("Decision")
        assert made == decided == text.count("Waiting bonus")


def test_paper_is_light_even_where_the_screen_is_dark(open_report: OpenReport) -> None:
    page = open_report(render_report(every_state(), "en"), scheme="dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(ground) == "rgb(24, 22, 19)"
    assert page.locator(".decision").first.is_hidden()
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    assert page.locator(".decision").first.is_visible()
    breaks = "[...document.querySelectorAll('.division')].map(one => getComputedStyle(one).breakBefore)"
    assert set(page.evaluate(breaks)) == {"page"}
    whole = "[...document.querySelectorAll('article')].map(one => getComputedStyle(one).breakInside)"
    assert set(page.evaluate(whole)) == {"avoid"}
