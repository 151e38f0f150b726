"""Today through the keyboard, several at once; and a talk on a telephone that loses its connection: a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from browser.readable import TAGS
from factories.django_rows import user_of
from mentornet.agenda.models import Kind, Task
from mentornet.agenda.services import ask_for
from mentornet.divisions.models import Division
from mentornet.divisions.queries import staff_member
from mentornet.divisions.staff import Staff
from mentornet.followup.models import Talk
from mentornet.partnerships.models import Partnership
from mentornet.programmes.models import Programme
from partnerships.couples import make_couple

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DAY: Final = timedelta(days=1)
OpenPage = Callable[..., Page]


@pytest.fixture
def pairs(coordinator: Staff, division: Division, programme: Programme) -> list[Partnership]:
    # Today, not the tests' own day: the browser's clock is the machine's.
    by = staff_member(user_of(coordinator), now())
    made = []
    for number, name in enumerate(("Amina", "Fatma", "Leyla")):
        pair = make_couple(
            by, division, programme, names=(name, "Karen"), matched_on=by.today - 60 * DAY,
            first_met_on=by.today - 50 * DAY,
        )  # fmt: skip
        ask_for(
            by=by, kind=Kind.CONTACT, target_id=pair.pk, division_id=division.pk, due_on=by.today - (9 - number) * DAY,
            owner_id=by.user_id,
            words={
                "mentee": name, "mentor": "Karen", "why": "usual", "every": 30,
                "since": (by.today - 40 * DAY).isoformat(),
            },
        )  # fmt: skip
        made.append(pair)
    return made


@pytest.fixture
def open_page(browser: Browser, live_server: LiveServer, coordinator: Staff, settings: Settings) -> Iterator[OpenPage]:
    """Opens an address as a coordinator; whatever the console says fails the test, but that there is no connection."""
    settings.DEMO = True
    contexts: list[BrowserContext] = []
    said: list[str] = []

    def open_(path: str, *, width: int = 1280, **options: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, base_url=live_server.url, **options)
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
    assert [words for words in said if "ERR_INTERNET_DISCONNECTED" not in words] == []


def accessible(page: Page) -> None:
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}}).response["violations"]
    # The mirrored language is the tests' own: no browser knows its name.
    nodes = [(one["id"], node["html"]) for one in found for node in one["nodes"] if 'lang="xb"' not in node["html"]]
    assert nodes == []


def test_today_is_gone_through_by_the_keyboard(open_page: OpenPage, pairs: list[Partnership]) -> None:
    page = open_page(reverse("desk:today"))
    links = page.locator("[data-row] .task-sentence a")
    expect(links).to_have_count(3)
    page.keyboard.press("j")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("x")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("x")
    expect(page.locator("[data-tick]:checked")).to_have_count(2)
    # The most urgent stands first; the tick has not taken the place in the list.
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{reverse('desk:partnership', args=[pairs[1].pk])}")


def test_several_calls_are_noted_at_once(open_page: OpenPage, pairs: list[Partnership]) -> None:
    page = open_page(reverse("desk:today"), width=320)
    accessible(page)
    for number in (0, 2):
        page.locator("[data-tick]").nth(number).check()
    page.get_by_role("button", name="With all that are ticked").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2 things")
    accessible(page)
    page.get_by_role("button", name="Note that you have talked").click()
    expect(page.locator("[data-row]")).to_have_count(1)
    expect(page.get_by_text("you have talked with 2 pairs")).to_be_visible()
    assert set(Talk.objects.values_list("partnership_id", flat=True)) == {pairs[0].pk, pairs[2].pk}


@pytest.mark.parametrize("script", [True, False])
def test_a_talk_is_noted_on_a_telephone(open_page: OpenPage, pairs: list[Partnership], script: bool) -> None:
    page = open_page(reverse("desk:partnership_talk", args=[pairs[0].pk]), width=320, java_script_enabled=script)
    if script:
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_text("Amina", exact=True).last.click()
    page.get_by_text("well", exact=True).click()
    page.get_by_label("What you saw or heard").fill("De mødes igen på torsdag.")
    page.get_by_role("button", name="What would she receive?").click()
    expect(page.get_by_text("would be given this, and nobody else")).to_be_visible()
    page.get_by_role("button", name="Note the talk").click()
    expect(page.get_by_text("What was waiting for this talk is done.")).to_be_visible()
    talk = Talk.objects.get()
    assert (talk.with_whom, talk.going, talk.seen) == ("mentee", "well", "De mødes igen på torsdag.")
    assert not Task.objects.filter(target_id=pairs[0].pk, done_at__isnull=True).exists()


def test_what_is_written_survives_a_lost_connection(open_page: OpenPage, pairs: list[Partnership]) -> None:
    where = reverse("desk:partnership_talk", args=[pairs[0].pk])
    page = open_page(where, width=320)
    words = "Hun vil gerne ringes op på fredag."
    page.get_by_label("Karen").check()
    page.get_by_label("so-so").check()
    page.get_by_label("What you saw or heard").fill(words)
    page.context.set_offline(True)
    expect(page.get_by_text("There is no connection.")).to_be_visible()
    page.get_by_role("button", name="Note the talk").click()
    # Nothing was sent, and nothing is gone.
    expect(page.get_by_label("What you saw or heard")).to_have_value(words)
    assert not Talk.objects.exists()
    page.context.set_offline(False)
    expect(page.get_by_text("You are connected again.")).to_be_visible()
    # The telephone has thrown the page away meanwhile.
    page.goto(reverse("desk:today"))
    page.goto(where)
    expect(page.get_by_label("Karen")).to_be_checked()
    expect(page.get_by_label("so-so")).to_be_checked()
    expect(page.get_by_label("What you saw or heard")).to_have_value(words)
    page.get_by_role("button", name="Note the talk").click()
    expect(page.get_by_text("What was waiting for this talk is done.")).to_be_visible()
    assert Talk.objects.get().seen == words
    # Once it has arrived it is forgotten.
    page.goto(where)
    expect(page.get_by_label("What you saw or heard")).to_have_value("")
    expect(page.get_by_label("Karen")).not_to_be_checked()


def test_what_was_sent_into_nothing_comes_back(open_page: OpenPage, pairs: list[Partnership]) -> None:
    """The browser believes itself connected, and the answer never comes: its own error page stands there."""
    where = reverse("desk:partnership_talk", args=[pairs[0].pk])
    page = open_page(where, width=320)
    page.get_by_label("Karen").check()
    page.get_by_label("What you saw or heard").fill("Noget vigtigt.")
    page.route("**/talks/new/", lambda route: route.abort("internetdisconnected"))
    page.get_by_role("button", name="Note the talk").click(no_wait_after=True)
    page.wait_for_timeout(500)
    page.unroute("**/talks/new/")
    page.goto(where)
    expect(page.get_by_label("What you saw or heard")).to_have_value("Noget vigtigt.")
    expect(page.get_by_label("Karen")).to_be_checked()
    assert not Talk.objects.exists()


def test_the_week_and_the_caseload_can_be_read_by_everybody(open_page: OpenPage, pairs: list[Partnership]) -> None:
    assert len(pairs) == 3
    for width in (320, 1280):
        for name in ("desk:week", "desk:caseload"):
            page = open_page(reverse(name), width=width)
            accessible(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
