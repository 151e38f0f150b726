"""The components in a real browser: readable by everybody, at every width, in both directions, without script."""

from __future__ import annotations

import base64
from collections.abc import Callable
from functools import partial
from typing import Final

import pytest
from allauth.mfa.totp.internal import auth as totp
from playwright.sync_api import Page, Route
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from browser.readable import MIRRORED, OpenPage, faults, overflow, unfold
from factories.django_rows import PASSWORD, give_role, make_user
from mentornet.accounts.models import User
from mentornet.divisions.models import Division, Role
from signing import email_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GUIDE: Final = "/desk/styleguide/"

OpenGuide = Callable[..., Page]


@pytest.fixture
def guide(desk: OpenPage, settings: Settings) -> OpenGuide:
    """Opens the styleguide as a coordinator of a demonstration."""
    settings.DEMO = True
    return partial(desk, GUIDE)


@pytest.mark.parametrize("language", ["en", MIRRORED])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_styleguide_is_readable_by_everybody(guide: OpenGuide, width: int, scheme: str, language: str) -> None:
    page = guide(width=width, color_scheme=scheme, language=language)
    assert page.get_attribute("html", "dir") == ("rtl" if language == MIRRORED else "ltr")
    assert overflow(page) <= 0
    assert faults(page) == []
    # What is folded away must be readable as well.
    unfold(page)
    if width == 320:
        page.click("details.menu > summary")
    assert faults(page) == []
    assert overflow(page) <= 0


def test_a_fault_is_found(guide: OpenGuide) -> None:
    page = guide()
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"data:,\"><button></button>')"
    )
    assert {fault.partition(":")[0] for fault in faults(page)} >= {"image-alt", "button-name"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_styleguide_is_readable_without_modern_colours(guide: OpenGuide, scheme: str) -> None:
    # The colours of a browser of 2020: no oklch(), no light-dark().
    page = guide(color_scheme=scheme)

    def without_modern_colours(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(
            response=answer, body=answer.text().replace("@supports (color: light-dark(", "@supports (nothing: x(")
        )

    modern = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.route("**/tokens.css", without_modern_colours)
    page.reload()
    page.wait_for_load_state("networkidle")
    plain = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert modern.startswith("oklch(")
    assert plain.startswith("rgb(")
    assert faults(page) == []


def test_everything_can_be_reached_without_script(guide: OpenGuide) -> None:
    page = guide(width=320, java_script_enabled=False)
    assert page.is_visible("select#id_occupation")
    assert not page.is_visible("[data-copy]")
    assert not page.is_visible(".topbar-help")
    page.click("details.menu > summary")
    assert page.is_visible(".menu-sheet .way")
    assert not page.is_visible("#sample-dialog")


def test_keyboard_leads_through_the_desk(guide: OpenGuide) -> None:
    page = guide()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    assert page.is_visible("#keyboard-help")
    assert faults(page) == []
    page.keyboard.press("Escape")
    assert not page.is_visible("#keyboard-help")
    page.evaluate("document.activeElement.blur()")
    for name in ("Amina Yusuf", "Oksana Kovalenko"):
        page.keyboard.press("ArrowDown")
        assert page.evaluate("document.activeElement.textContent") == name
    page.fill("#id_name", "")
    page.type("#id_name", "g t / ?")
    assert page.input_value("#id_name") == "g t / ?"
    assert page.url.endswith(GUIDE)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("g")
    page.keyboard.press("t")
    page.wait_for_url("**/desk/")


def test_error_summary_takes_the_focus_and_leads_to_the_field(guide: OpenGuide) -> None:
    page = guide()
    assert page.evaluate("document.activeElement.className").endswith("error-summary")
    page.click(".error-summary a[href='#wrong_email']")
    assert page.evaluate("document.activeElement.id") == "wrong_email"


def test_combobox_finds_what_is_typed_and_fills_the_select(guide: OpenGuide) -> None:
    page = guide()
    box = page.get_by_role("combobox", name="Occupation").first
    assert not page.is_visible("select#id_occupation")
    box.fill("arh")
    box.fill("årh")
    assert page.locator(".combobox-option").all_text_contents() == ["Grafisk designer, Århus"]
    assert box.get_attribute("aria-expanded") == "true"
    assert faults(page) == []
    box.press("Enter")
    assert page.eval_on_selector("#id_occupation", "select => select.value") == "2166"
    box.fill("nothing of the kind")
    box.press("Tab")
    assert box.input_value() == "Grafisk designer, Århus"
    box.fill("")
    box.press("Tab")
    assert page.eval_on_selector("#id_occupation", "select => select.value") == ""


def test_dialog_opens_and_closes(guide: OpenGuide) -> None:
    page = guide()
    page.click("a[data-opens=sample-dialog]")
    assert page.is_visible("#sample-dialog")
    assert faults(page) == []
    page.get_by_role("button", name="Let it stand").click()
    assert not page.is_visible("#sample-dialog")


def test_toast_stays_until_it_is_closed(guide: OpenGuide) -> None:
    page = guide()
    assert page.locator(".toast").count() == 2
    page.locator(".toast [data-dismiss]").first.click()
    assert page.locator(".toast").count() == 1


def test_draft_is_kept_in_the_tab_and_nowhere_else(guide: OpenGuide) -> None:
    page = guide()
    page.fill("#id_about", "She began on Tuesday.")
    page.reload()
    assert page.input_value("#id_about") == "She began on Tuesday."
    assert page.evaluate("localStorage.length") == 0
    assert guide().input_value("#id_about") == ""


def test_draft_comes_back_after_a_form_that_lay_open_too_long(guide: OpenGuide) -> None:
    page = guide(expected="status of 403")
    page.fill("#id_about", "She began on Tuesday.")
    page.context.clear_cookies(name="csrf")
    page.locator("#forms form").get_by_role("button", name="Save", exact=True).click()
    page.wait_for_selector("[data-returns-drafts]")
    assert faults(page) == []
    page.goto(GUIDE)
    assert page.input_value("#id_about") == "She began on Tuesday."
    page.locator("#forms form").get_by_role("button", name="Save", exact=True).click()
    page.wait_for_load_state()
    page.goto(GUIDE)
    assert page.input_value("#id_about") == ""


def test_draft_does_not_outlive_its_writer(guide: OpenGuide) -> None:
    page = guide()
    page.fill("#id_about", "She began on Tuesday.")
    assert "Tuesday" in page.evaluate("JSON.stringify(sessionStorage)")
    page.locator(".sidebar").get_by_role("button", name="Sign out").click()
    page.wait_for_url(lambda url: GUIDE not in url)
    assert "Tuesday" not in page.evaluate("JSON.stringify(sessionStorage)")


def test_form_is_sent_once_and_wakes_again(guide: OpenGuide) -> None:
    page = guide()
    page.evaluate(
        """() => {
          const form = document.querySelector('.toast form');
          window.sent = 0;
          form.addEventListener('submit', () => { window.sent += 1; });
          form.target = 'elsewhere';
          form.action = 'data:,';
          document.querySelector('main').addEventListener('submit', (event) => { window.seen = event; });
          form.querySelector('button').click();
        }"""
    )
    page.wait_for_function("document.querySelector('.toast form button').disabled")
    page.evaluate("window.dispatchEvent(new Event('pageshow'))")
    assert not page.evaluate("document.querySelector('.toast form button').disabled")


@pytest.mark.parametrize(("width", "language"), [(320, "en"), (1280, MIRRORED)])
@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/password/reset/", "/accounts/password/reset/done/"])
def test_way_in_is_readable_by_everybody(open_page: OpenPage, path: str, width: int, language: str) -> None:
    page = open_page(path, width=width, language=language)
    assert faults(page) == []
    assert overflow(page) <= 0


def sign_in(page: Page, user: User, password: str) -> None:
    page.fill("#id_login", email_of(user))
    page.fill("#id_password", password)
    page.get_by_role("button", name="Sign in").click()


def code_for(secret: str) -> str:
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return str(totp.format_hotp_value(totp.hotp_value(secret, counter)))


def test_staff_member_sets_up_her_second_step(
    open_page: OpenPage, division: Division, settings: Settings, live_server: LiveServer
) -> None:
    settings.DEMO = False
    user = make_user("Line Krogh", password=PASSWORD)
    give_role(user, Role.COORDINATOR, division)
    page = open_page("/accounts/login/", width=320)
    sign_in(page, user, "wrong")
    page.wait_for_selector(".error-summary")
    assert faults(page) == []
    sign_in(page, user, PASSWORD)
    page.wait_for_url("**/totp/activate/**")
    assert faults(page) == []
    assert overflow(page) <= 0
    assert base64.b64decode(page.get_attribute(".qr img", "src").partition(",")[2]).startswith(b"<?xml")  # type: ignore[union-attr]
    page.click(".disclosure > summary")
    secret = page.inner_text(".secret")
    page.fill("#id_code", code_for(secret))
    page.get_by_role("button", name="Turn it on").click()
    # Both factors were given a moment ago: nothing is asked again.
    page.wait_for_url("**/recovery-codes/")
    assert page.locator(".codes li").count() == 10
    assert faults(page) == []
    for path in (
        "/accounts/reauthenticate/",
        "/accounts/2fa/",
        "/accounts/password/change/",
        "/accounts/logout/",
        "/accounts/2fa/totp/deactivate/",
    ):
        page.goto(path)
        assert page.url == live_server.url + path
        assert faults(page) == []
        assert overflow(page) <= 0
    page.goto("/accounts/logout/")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/login/**")
    sign_in(page, user, PASSWORD)
    page.wait_for_url("**/2fa/authenticate/")
    assert faults(page) == []
    assert overflow(page) <= 0
