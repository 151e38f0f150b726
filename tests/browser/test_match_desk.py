"""From the waiting list to the standing partnership in a real browser: with script, without, and with the keyboard."""

from __future__ import annotations

import re
from typing import Any, Final

import pytest
from django.urls import reverse
from playwright.sync_api import Page, Route, expect

from browser.readable import MIRRORED, OpenPage, faults, overflow, unfold
from factories.django_rows import make_enrolment, make_person, make_programme
from mentornet.divisions.models import Division
from mentornet.intake.models import Enrolment
from mentornet.matching.bank import forget
from mentornet.matching.models import Proposal
from mentornet.partnerships.models import Partnership

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FACTS: Final[dict[str, Any]] = {"topics": ("cv", "interview"), "occupation": "2221", "meeting": ("in person",)}


@pytest.fixture(autouse=True)
def _empty_memory() -> None:
    forget()


@pytest.fixture
def mentee(division: Division) -> Enrolment:
    programme = make_programme("Mentor network")
    for name in ("Kirsten", "Lise", "Mona"):
        person = make_person(name, "Dahl", email=f"{name}@example.org")
        make_enrolment("mentor", division, programme=programme, person=person, availability=("mon-evening",), **FACTS)
    french = make_person("Odette", "Dahl")
    make_enrolment("mentor", division, programme=programme, person=french, languages={"fr": "C1"}, **FACTS)
    person = make_person("Amina", "Yusuf", email="amina@example.org", phone="+45 00 00 00 01", area="Vollsmose")
    facts = FACTS | {"wishes": "أريد أن أعمل في المستشفى", "about": "I was a head nurse."}
    return make_enrolment(
        "mentee", division, programme=programme, person=person, availability=("mon-evening",), **facts
    )


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
def test_from_the_waiting_list_to_the_partnership(script: bool, desk: OpenPage, mentee: Enrolment) -> None:
    page = desk(reverse("desk:waiting"), java_script_enabled=script)
    page.locator(f'a[href="{reverse("desk:match", args=[mentee.pk])}"]').first.click()
    expect(page.locator("h1")).to_contain_text("A mentor for Amina Yusuf")
    expect(page.locator("[data-row]")).to_have_count(3)
    # A rule set aside: by a tick with script, by the button without.
    page.check("#loosen-language")
    if not script:
        page.click(".match-narrow button")
    expect(page.locator("[data-row]")).to_have_count(4)
    assert "loosen=language" in page.url
    for tick in page.locator('input[name="with"]').all()[:2]:
        tick.check()
    page.click("#compare-form button")
    expect(page.locator("h1")).to_contain_text("compared")
    page.locator(".compare-acts a").first.click()
    page.fill('textarea[name="reason"]', "Both are nurses.")
    page.click('button[value="propose"]')
    expect(page.locator("#toasts")).to_contain_text("Proposed to both")
    for side, name in (("mentee", "Amina"), ("mentor", "")):
        form = page.locator(f"#{side} form.answer-form")
        form.locator('input[value="yes"]').check()
        form.get_by_role("button", name=f"Take down the answer of {name}").click()
    expect(page.locator("#toasts")).to_contain_text("the partnership has begun")
    assert Partnership.objects.count() == 1
    page.locator(".proposal-next a.button-primary").click()
    expect(page.locator("h1")).to_contain_text("Amina")


def tab_to(page: Page, selector: str) -> None:
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"the keyboard never reaches {selector}")


def test_the_keyboard_is_enough(desk: OpenPage, mentee: Enrolment) -> None:
    page = desk(reverse("desk:match", args=[mentee.pk]))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    second = page.locator("[data-row] a.person-name").nth(1)
    expect(second).to_be_focused()
    name = second.inner_text()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text(name)
    tab_to(page, 'textarea[name="reason"]')
    page.keyboard.type("Both are nurses.")
    tab_to(page, 'button[value="propose"]')
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Proposed to both")
    for side, told in (("mentee", "says yes"), ("mentor", "the partnership has begun")):
        tab_to(page, f'#{side} input[type="radio"]')
        page.keyboard.press("Space")
        tab_to(page, f'#{side} button[type="submit"]')
        page.keyboard.press("Enter")
        expect(page.locator("#toasts")).to_contain_text(told)
    assert Proposal.objects.get().partnership_id is not None


def test_why_not_her_answers_while_one_types(desk: OpenPage, mentee: Enrolment) -> None:
    page = desk(reverse("desk:match", args=[mentee.pk]))
    page.focus("#why-not")
    page.keyboard.type("odette", delay=60)
    expect(page.locator("[data-row]")).to_have_count(1)
    expect(page.locator("[data-row]")).to_contain_text("They share no language")
    expect(page.locator("#why-not")).to_have_value("odette")
    expect(page.locator("#why-not")).to_be_focused()
    # The address follows the rows by a moment.
    expect(page).to_have_url(re.compile(r"q=odette&"))
    page.go_back()
    expect(page.locator("[data-row]")).to_have_count(3)


def test_what_is_typed_while_the_answer_comes_is_asked_too(desk: OpenPage, mentee: Enrolment) -> None:
    page = desk(reverse("desk:match", args=[mentee.pk]))
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile(r"q=odett&"), hold)
    page.focus("#why-not")
    with page.expect_request(re.compile(r"q=odett&")):
        page.keyboard.type("odett")
    # The answer comes while the next letter waits for the pause to end, and puts another form in this one's place.
    page.keyboard.type("e")
    held.pop().continue_()
    expect(page).to_have_url(re.compile(r"q=odette&"))
    expect(page.locator("[data-row]")).to_have_count(1)
    expect(page.locator("#why-not")).to_have_value("odette")


def test_a_no_asks_why(desk: OpenPage, mentee: Enrolment) -> None:
    page = desk(reverse("desk:match", args=[mentee.pk]))
    page.locator("[data-row] a.button").first.click()
    page.fill('textarea[name="reason"]', "Both are nurses.")
    page.click('button[value="propose"]')
    reason = page.locator("#mentor .answer-no")
    expect(reason).to_be_hidden()
    page.check('#mentor input[value="no"]')
    expect(reason).to_be_visible()
    page.click("#mentor form button[type=submit]")
    expect(page.locator(".error-summary")).to_be_focused()
    page.select_option("#mentor select[name$=decline_reason]", "time")
    page.click("#mentor form button[type=submit]")
    expect(page.locator("#toasts")).to_contain_text("keeps her place in the queue")


def test_the_reason_is_kept_until_it_is_sent(desk: OpenPage, mentee: Enrolment) -> None:
    page = desk(reverse("desk:match", args=[mentee.pk]))
    page.locator("[data-row] a.button").first.click()
    page.fill('textarea[name="reason"]', "Half a thou")
    page.go_back()
    page.locator("[data-row] a.button").first.click()
    expect(page.locator('textarea[name="reason"]')).to_have_value("Half a thou")


@pytest.mark.parametrize("language", ["en", MIRRORED])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_readable_by_everybody(width: int, scheme: str, language: str, desk: OpenPage, mentee: Enrolment) -> None:
    page = desk(
        reverse("desk:match", args=[mentee.pk]) + "?loosen=language",
        width=width,
        color_scheme=scheme,
        language=language,
    )

    def look(address: str | None = None) -> None:
        if address is not None:
            page.goto(address)
        unfold(page)
        assert page.get_attribute("html", "dir") == ("rtl" if language == MIRRORED else "ltr")
        assert faults(page) == []
        assert overflow(page) <= 0

    look()
    match = reverse("desk:match", args=[mentee.pk])
    look(f"{match}?q=odette")
    look(f"{match}?q=nobody")
    mentors = [str(one.pk) for one in Enrolment.objects.filter(role="mentor")]
    look(f"{reverse('desk:match_compare', args=[mentee.pk])}?{'&'.join(f'with={one}' for one in mentors)}")
    kirsten = Enrolment.objects.get(person__first_name="Kirsten")
    odette = Enrolment.objects.get(person__first_name="Odette")
    look(reverse("desk:match_pair", args=[mentee.pk, odette.pk]))
    look(reverse("desk:match_pair", args=[mentee.pk, kirsten.pk]))
    page.fill('textarea[name="reason"]', "Both are nurses.")
    page.click('button[value="propose"]')
    look()
    look(reverse("desk:proposals"))
