"""An import in a real browser: from the files to the undo, without script too, readable by everybody."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from allauth.mfa.models import Authenticator
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from factories.django_rows import make_enrolment, make_person, user_of
from imports_steps import MENTEES, MENTORS, PAIRS, Journey
from mentornet.common.jobs import run_ready_job
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.imports.models import Batch
from mentornet.intake.models import Enrolment
from mentornet.programmes.models import Programme

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TAGS: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
MIRRORED: Final = "xb"
OpenDesk = Callable[..., Page]


@pytest.fixture(scope="session", autouse=True)
def _database_beside_the_browser() -> Iterator[None]:
    # Playwright's loop runs in this thread, so Django believes that its database is called from asynchronous code.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    yield
    if before is None:
        os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)


@pytest.fixture
def desk(browser: Browser, live_server: LiveServer, coordinator: Staff, programme: Programme) -> Iterator[OpenDesk]:
    """Opens an address as the coordinator; whatever the console says fails the test."""
    del programme
    contexts: list[BrowserContext] = []
    said: list[str] = []
    user = user_of(coordinator)
    Authenticator.objects.get_or_create(user=user, type=Authenticator.Type.TOTP, defaults={"data": {"secret": "x"}})

    def open_(path: str, *, language: str = "en", width: int = 1280, **options: Any) -> Page:
        client = Client()
        client.force_login(user)
        context = browser.new_context(viewport={"width": width, "height": 900}, base_url=live_server.url, **options)
        contexts.append(context)
        context.add_cookies(
            [
                {"name": "django_language", "value": language, "url": live_server.url},
                {"name": "session", "value": client.cookies["session"].value, "url": live_server.url},
            ]
        )
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert said == []


def faults(page: Page) -> list[str]:
    found = Axe().run(page, options={"runOnly": TAGS}).response["violations"]
    return [
        f"{violation['id']}: {node['html'][:200]}"
        for violation in found
        for node in violation["nodes"]
        if f'lang="{MIRRORED}"' not in node["html"]
    ]


def work() -> None:
    while run_ready_job("tests", timezone.now()):
        pass


def choose_files(page: Page, folder: Path) -> None:
    for subject, text in (("mentors", MENTORS), ("mentees", MENTEES), ("pairs", PAIRS)):
        (folder / f"{subject}.csv").write_text(text, "utf-8")
        page.set_input_files(f"input[name={subject}]", folder / f"{subject}.csv")
    page.get_by_role("button", name="Look at the columns").click()


@pytest.mark.parametrize("script", [True, False])
def test_from_the_files_to_the_undo(desk: OpenDesk, tmp_path: Path, script: bool) -> None:
    page = desk("/desk/imports/", java_script_enabled=script)
    page.get_by_role("link", name="Import a list").click()
    choose_files(page, tmp_path)
    expect(page.get_by_role("heading", level=1)).to_have_text("What do the columns mean?")
    page.get_by_label("Yes, on this day").check()
    page.get_by_label("Day of the briefing").fill("2026-01-15")
    page.get_by_role("button", name="Check the lists").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Checking the files")
    work()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ready to be taken over", timeout=10_000)
    page.go_back()
    page.go_forward()
    page.get_by_role("button", name="Take everybody over").click()
    work()
    expect(page.get_by_role("heading", level=1)).to_have_text("Everybody is taken over", timeout=10_000)
    assert Enrolment.objects.count() == 5
    page.get_by_role("button", name="Undo this import").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This import is undone")
    assert Enrolment.objects.count() == 0


@pytest.fixture
def states(coordinator: Staff, division: Division, programme: Programme) -> dict[str, str]:
    """An address for each state of an import, by its name."""
    by = replace(coordinator, at=timezone.now())
    make_enrolment("mentor", division, person=make_person("Amina", "Yusuf", email="amina@example.org"))

    def journey(**texts: str) -> Journey:
        return Journey.begin(by, division, programme, texts)

    now = timezone.now()
    known = "id,name,email,occupation\nE1,Amina Yusuf,amina@example.org,nurse\nE2,فاطمة بنعلي,f@example.org,\n"
    made = {
        "columns": journey(mentors=MENTORS.replace("occupation", "Was arbeitest du eigentlich am liebsten?")),
        "duplicates": journey(mentees=known).checked(),
        "faults": journey(
            mentees="id,waiting since\n" + "".join(f"E{number},never\n" for number in range(120))
        ).checked(),
        "stopped": journey(mentees=MENTEES).checked(),
        "work": journey(mentees=MENTEES).checked(),
        "done": journey(mentors=MENTORS, mentees=MENTEES, pairs=PAIRS).done(),
    }
    running = Batch.objects.filter(pk=made["work"].batch.pk)
    running.update(state="writing", asked_at=now, heartbeat_at=now + timedelta(hours=1), stage="writing")
    ago = now - timedelta(minutes=1)
    Batch.objects.filter(pk=made["stopped"].batch.pk).update(state="writing", asked_at=ago, heartbeat_at=ago)
    addresses = {name: f"/desk/imports/{journey.batch.pk}/" for name, journey in made.items()}
    return addresses | {
        "files": f"{addresses['columns']}files/",
        "columns": f"{addresses['columns']}columns/",
        "list": "/desk/imports/",
        "new": "/desk/imports/new/",
    }


@pytest.mark.parametrize(
    ("width", "language", "scheme"),
    [(320, "en", "light"), (1280, "en", "dark"), (320, MIRRORED, "dark"), (1280, MIRRORED, "light")],
)
def test_every_state_is_readable_by_everybody(
    desk: OpenDesk, states: dict[str, str], width: int, language: str, scheme: str
) -> None:
    page = desk("/desk/imports/", width=width, color_scheme=scheme, language=language)
    found: dict[str, object] = {}
    for name, path in states.items():
        page.goto(path)
        overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if wrong := [*faults(page), *([f"overflows by {overflow}"] if overflow > 0 else [])]:
            found[name] = wrong
    assert found == {}
