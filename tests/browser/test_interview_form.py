"""The form of an interview in a browser: long, and saved from wherever in it somebody is."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from browser.readable import OpenPage
from factories.django_rows import make_application, make_person
from mentornet.divisions.models import Division
from mentornet.programmes.models import Programme

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [320, 1280])
def test_saving_is_in_sight_and_covers_nothing_that_is_typed_in(
    desk: OpenPage, division: Division, programme: Programme, width: int
) -> None:
    person = make_person("Amina", "Yusuf")
    application = make_application("mentee", division, programme=programme, person=person, state="interviewed")
    page: Page = desk(f"/desk/applications/{application.pk}/interview/", width=width)
    save = page.locator(".talk-form .form-actions button.button-primary")
    expect(save).to_be_in_viewport(ratio=1)
    bar = page.locator(".talk-form .form-actions")
    for field in page.locator(".talk-form textarea:visible").all():
        field.focus()
        assert field.evaluate("one => one.getBoundingClientRect().bottom") <= bar.evaluate(
            "one => one.getBoundingClientRect().top"
        )
    expect(save).to_be_in_viewport(ratio=1)
