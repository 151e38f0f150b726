"""The check-in by the link in a letter, on a small telephone in Arabic: one tap each, with and without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from browser.readable import faults, listen
from mentornet.accounts.enums import Purpose
from mentornet.accounts.services.links import make_link
from mentornet.agenda.models import Kind, Task
from mentornet.common.actors import System
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.partnerships.enums import PartnershipState
from mentornet.partnerships.models import Partnership
from mentornet.people.recipients import person_key
from mentornet.programmes.models import Programme
from mentornet.surveys.models import Ask
from mentornet.surveys.services import ask_due, install_questionnaires
from partnerships.couples import make_couple

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ask(coordinator: Staff, division: Division, programme: Programme) -> Ask:
    """What a mentee is asked today."""
    by = System("ask both sides", timezone.now())
    install_questionnaires(by=by)
    pair = make_couple(coordinator, division, programme)
    begun_on = by.today - timedelta(days=60)
    Partnership.objects.filter(pk=pair.pk).update(
        state=PartnershipState.ACTIVE, first_met_on=begun_on, agreement_on=begun_on
    )
    ask_due(by=by)
    return Ask.objects.select_related("partnership__mentee__person").get(side="mentee")


def address(ask: Ask) -> str:
    """Return the address in her letter, as the letter's writer makes it."""
    token = make_link(
        by=System("write letters", timezone.now()),
        purpose=Purpose.SURVEY,
        subject=str(ask.pk),
        person_key=person_key(ask.partnership.mentee.person_id),
        language="ar",
    )
    return f"/l/{token}/"


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def telephone(browser: Browser, live_server: LiveServer, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A small telephone; what the console says fails the test."""
    options: dict[str, Any] = {"java_script_enabled": request.param}
    context = browser.new_context(viewport={"width": 320, "height": 640}, base_url=live_server.url, **options)
    said: list[str] = []
    page = context.new_page()
    listen(page, said)
    yield page
    context.close()
    assert said == []


def look_at(page: Page) -> None:
    """Nothing runs out of the page's width, and nothing stands in the way of whoever reads it otherwise."""
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    main = page.locator("main").bounding_box()
    assert main is not None
    assert main["x"] >= 0
    assert main["x"] + main["width"] <= 320


def test_one_tap_each_in_arabic(telephone: Page, ask: Ask, request: pytest.FixtureRequest) -> None:
    has_scripts = "without" not in request.node.name
    name = ask.partnership.mentee.person.first_name
    telephone.goto(address(ask))
    expect(telephone.get_by_role("heading", level=1)).to_have_text("كيف تسير الأمور مع مرشدتكِ؟")
    look_at(telephone)
    choices = telephone.locator(".ask-choice")
    assert choices.count() == 5
    for number in range(5):
        box = choices.nth(number).bounding_box()
        assert box is not None
        # A thumb finds them: the least of WCAG is 24, of a telephone's maker 44.
        assert min(box["width"], box["height"]) >= 44
    if has_scripts:
        assert faults(telephone) == []
    choices.nth(1).click()
    expect(telephone.get_by_role("heading", level=1)).to_have_text("كم مرة التقيتما منذ أن سألناكِ آخر مرة؟")
    ask.refresh_from_db()
    assert ask.answers == {"going": 2}
    # The browser's own way back leads to where she stopped; by the link she can answer anew.
    telephone.go_back()
    expect(telephone.locator(".ask-choice")).to_have_count(5)
    telephone.locator('a[href$="/question/going/"]').click()
    expect(telephone.get_by_role("heading", level=1)).to_have_text("كيف تسير الأمور مع مرشدتكِ؟")
    telephone.locator(".ask-choice").nth(3).click()
    expect(telephone.get_by_role("heading", level=1)).to_have_text("كم مرة التقيتما منذ أن سألناكِ آخر مرة؟")
    look_at(telephone)
    telephone.locator(".ask-choice").nth(0).click()
    expect(telephone.get_by_role("heading", level=1)).to_have_text("هل تريدين أن نتصل بكِ؟")
    telephone.locator(".ask-choice").nth(0).click()
    telephone.wait_for_url("**/done/")
    look_at(telephone)
    if has_scripts:
        assert faults(telephone) == []
    ask.refresh_from_db()
    assert ask.answers == {"going": 4, "met": "0", "call": "yes"}
    assert Task.objects.filter(kind=Kind.CALL_WANTED).count() == 1
    assert name not in telephone.content()
