"""Signing in in the browser: by a code without JavaScript, and by a passkey that the browser makes and keeps."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from typing import Any, Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from browser.readable import TAGS, listen
from entering import sign_in_participant
from factories.django_rows import make_person
from mentornet.accounts.models import OneTimeCode
from mentornet.accounts.services.codes import code_of
from mentornet.people.models import Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_BYTES: Final = 60 * 1024


@pytest.fixture
def amina(db: None) -> Person:
    """A participant."""
    return make_person("Amina", "Khalil", email="amina@example.org", language="en")


@pytest.fixture
def opened(browser: Browser, live_server: LiveServer, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page on a telephone; what the console says fails the test."""
    options: dict[str, Any] = getattr(request, "param", {})
    context = browser.new_context(viewport={"width": 360, "height": 740}, base_url=live_server.url, **options)
    context.add_cookies([{"name": "django_language", "value": "en", "url": live_server.url}])
    said: list[str] = []
    page = context.new_page()
    listen(page, said)
    yield page
    context.close()
    assert said == []


def asked() -> str:
    return code_of(OneTimeCode.objects.latest("created_at"))


@pytest.mark.parametrize("opened", [{"java_script_enabled": False}], indirect=True)
def test_code_signs_in_without_javascript(opened: Page, amina: Person) -> None:
    opened.goto("/my/security/")
    expect(opened).to_have_title("Your page")
    opened.get_by_label("Your e-mail address or phone number").fill("amina@example.org")
    # What needs JavaScript is not offered.
    expect(opened.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    opened.get_by_role("button", name="Send me a code").click()
    opened.get_by_label("The 6 digits of your code").fill(asked())
    opened.get_by_role("button", name="Sign in").click()
    expect(opened).to_have_url(f"{opened.url.split('/my/')[0]}/my/security/")
    expect(opened.get_by_role("heading", level=1)).to_have_text("How you sign in")
    opened.get_by_role("button", name="Sign out").click()
    expect(opened.get_by_role("heading", level=1)).to_have_text("You are signed out")


def test_passkey_is_made_and_signs_in(opened: Page, amina: Person, live_server: LiveServer) -> None:
    devtools = opened.context.new_cdp_session(opened)
    devtools.send("WebAuthn.enable")
    key = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    authenticator = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": key})["authenticatorId"]
    client = sign_in_participant(amina)
    opened.context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": live_server.url}])
    opened.goto("/my/security/")
    opened.get_by_role("button", name="Make a passkey").click()
    expect(opened.get_by_text("Your passkey is ready.")).to_be_visible()
    made = devtools.send("WebAuthn.getCredentials", {"authenticatorId": authenticator})["credentials"]
    assert len(made) == 1
    opened.get_by_role("button", name="Sign out").click()
    opened.goto("/my/sign-in/?next=/my/security/")
    opened.get_by_role("button", name="Sign in with a passkey").click()
    expect(opened.get_by_role("heading", level=1)).to_have_text("How you sign in")
    # Taken away, it opens nothing any more.
    opened.get_by_role("button", name="Remove").click()
    opened.get_by_role("button", name="Sign out").click()
    opened.goto("/my/sign-in/")
    opened.get_by_role("button", name="Sign in with a passkey").click()
    expect(opened.get_by_text("The passkey did not work.").first).to_be_visible()


def test_pages_are_light_and_everybody_can_use_them(opened: Page, amina: Person, live_server: LiveServer) -> None:
    sizes: dict[str, int] = {}
    opened.on(
        "response", lambda one: sizes.update({one.url: len(gzip.compress(one.body()))}) if _counts(one.url) else None
    )
    client = sign_in_participant(amina)
    opened.goto("/my/sign-in/")
    opened.wait_for_load_state("networkidle")
    print(f"\n{sum(sizes.values())} bytes of styles and behaviours, each compressed")
    assert 5_000 < sum(sizes.values()) <= MOST_BYTES
    faults = _faults(opened)
    opened.context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": live_server.url}])
    for address in ("/my/security/", "/my/sessions/", "/my/security/password/", "/my/security/app/"):
        opened.goto(address)
        faults += _faults(opened)
        assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    assert faults == []


def _faults(page: Page) -> list[str]:
    """Return what is hard to use for somebody; the language that tests mirror texts in is no real one."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}}).response["violations"]
    nodes = [(fault["id"], node["html"]) for fault in found for node in fault["nodes"]]
    return [f"{fault}: {html}" for fault, html in nodes if 'lang="xb"' not in html]


def _counts(url: str) -> bool:
    return url.split("?", maxsplit=1)[0].endswith((".css", ".js"))


def test_escape_twice_leaves_at_once(opened: Page) -> None:
    opened.route(
        "https://www.dmi.dk/**", lambda route: route.fulfill(body="<h1>The weather</h1>", content_type="text/html")
    )
    opened.goto("/my/sign-in/")
    opened.keyboard.press("Escape")
    opened.keyboard.press("Escape")
    expect(opened.get_by_role("heading")).to_have_text("The weather")
    opened.go_back()
    expect(opened).to_have_url("about:blank")
