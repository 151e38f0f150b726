"""A whole search in a real browser: begun on the desk, answered on a telephone, and a woman who writes herself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from browser.readable import OpenPage, faults, listen, overflow
from days import TODAY
from factories.django_rows import make_enrolment, make_person, saved
from mentornet.accounts.enums import Purpose
from mentornet.accounts.services.links import make_link
from mentornet.common.actors import System
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.enums import ContactPersonState
from mentornet.intake.models import ApplicationDraft, ContactPerson, Enrolment
from mentornet.people.enums import Role
from mentornet.people.models import Person
from mentornet.people.recipients import person_key
from mentornet.programmes.models import Programme
from mentornet.sourcing.models import Asking, Search

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def women(division: Division, programme: Programme, coordinator: Staff) -> list[Enrolment]:
    """Four who wait, three of them in one field."""
    return [
        make_enrolment(
            Role.MENTEE,
            division,
            programme=programme,
            person=make_person(name),
            enrolment={"coordinator_id": coordinator.user_id, "since": TODAY - timedelta(days=90)},
            occupation=occupation,
            topics=("cv", "network"),
        )
        for name, occupation in (("Amina", "2221"), ("Zahra", "2221"), ("Olha", "2211"), ("Ruth", "5151"))
    ]


@pytest.fixture
def helper(division: Division) -> ContactPerson:
    contact = ContactPerson(
        person=make_person("Frida", email="frida@example.org"),
        division=division,
        state=ContactPersonState.CONFIRMED,
        asked_on=TODAY,
        confirmed_on=TODAY,
        created_at=timezone.now(),
    )
    contact.groups = ("22",)
    return saved(contact)


@pytest.fixture
def telephone(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A small telephone on which nobody has signed in."""
    options: dict[str, Any] = {"viewport": {"width": 320, "height": 740}, "base_url": live_server.url}
    context = browser.new_context(**options)
    said: list[str] = []
    page = context.new_page()
    listen(page, said)
    yield page
    context.close()
    assert said == []


def link_for(asking: Asking, person: Person) -> str:
    by = System("tests", timezone.now())
    token = make_link(by=by, purpose=Purpose.SEARCH, subject=str(asking.pk), person_key=person_key(person.pk))
    return f"/l/{token}/"


def test_whole_search(desk: OpenPage, telephone: Page, women: list[Enrolment], helper: ContactPerson) -> None:
    page = desk(f"/desk/searches/new/?mentee={women[0].pk}")
    assert faults(page) == []
    page.locator("main form.form-narrow button[type=submit]").click()
    page.wait_for_url(re.compile(r"/desk/searches/[0-9a-f-]{36}/$"))
    assert faults(page) == []
    expect(page.locator("main")).to_contain_text("It fits 3 women who wait.")
    page.get_by_role("button", name="Ask those ticked").click()
    expect(page.locator("main")).to_contain_text("Who was asked")
    # The contact person: a link, no account, one tap.
    asking = Asking.objects.get()
    telephone.goto(link_for(asking, helper.person))
    expect(telephone.locator("h1")).to_have_text("Do you know her?")
    assert faults(telephone) == []
    assert overflow(telephone) <= 0
    telephone.locator('button[name="reply"][value="knows"]').click()
    expect(telephone.locator("h1")).to_have_text("Thank you")
    assert overflow(telephone) <= 0
    # The woman she thought of reads, agrees, and begins.
    asking.refresh_from_db()
    telephone.goto(f"/en/known/{asking.code}/")
    assert faults(telephone) == []
    assert overflow(telephone) <= 0
    assert not ApplicationDraft.objects.exists()
    telephone.locator('input[name="agrees"]').check()
    telephone.wait_for_timeout(2_200)
    telephone.get_by_role("button", name="Begin").click()
    telephone.wait_for_url(re.compile(r"/apply/mentor/"))
    draft = ApplicationDraft.objects.get()
    assert draft.answered("consents").keys() == {"handling"}
    page.goto(page.url)
    expect(page.locator("main")).to_contain_text("1 has begun to write and has not sent it.")
    assert Search.objects.get().askings.get().reply == "knows"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "path", ["/desk/searches/", "/desk/searches/new/", "/desk/experts/", "/desk/experts/bring-in/"]
)
def test_readable_on_a_small_screen(desk: OpenPage, path: str, scheme: str) -> None:
    page = desk(path, width=320, color_scheme=scheme)
    assert overflow(page) <= 0
    assert faults(page) == []
