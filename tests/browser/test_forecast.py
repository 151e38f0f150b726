"""How long women will wait, in a real browser: readable on a telephone and in the dark, in both directions."""

from __future__ import annotations

from typing import Final

import pytest
from playwright.sync_api import expect

from browser.readable import MIRRORED, OpenPage, faults, overflow, unfold
from desk.test_five_more import played
from desk.test_forecast import keep
from mentornet.divisions.models import Division
from mentornet.matching.models import FiveMore
from mentornet.programmes.models import Programme

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGE: Final = "/desk/forecast/"


@pytest.mark.parametrize("language", ["en", MIRRORED])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_readable_by_everybody(
    desk: OpenPage, programme: Programme, division: Division, width: int, scheme: str, language: str
) -> None:
    keep(programme, division)
    played(division, programme)
    page = desk(PAGE, width=width, color_scheme=scheme, language=language)
    assert overflow(page) <= 0
    assert faults(page) == []
    unfold(page)
    assert overflow(page) <= 0


def test_the_numbers_are_fetched_as_a_file_by_keyboard(
    desk: OpenPage, programme: Programme, division: Division
) -> None:
    keep(programme, division)
    page = desk(PAGE, width=1280)
    with page.expect_download() as fetched:
        page.get_by_role("link", name="The numbers as a file").press("Enter")
    assert fetched.value.suggested_filename == "forecast.csv"


def test_what_is_folded_is_printed_open(desk: OpenPage, programme: Programme, division: Division) -> None:
    keep(programme, division)
    page = desk(PAGE, width=1280)
    folded = page.locator(".disclosure-words").filter(has=page.locator(".forecast-fields"))
    expect(folded).to_be_hidden()
    page.emulate_media(media="print")
    expect(folded).to_be_visible()
    # What is only pressed is not printed.
    expect(page.locator("#five-more form")).to_be_hidden()


def test_five_more_mentors_are_chosen_and_asked_for_by_keyboard(
    desk: OpenPage, programme: Programme, division: Division
) -> None:
    keep(programme, division)
    page = desk(f"{PAGE}?programme={programme.pk}&division={division.pk}&time=evenings", width=1280)
    page.get_by_label("Has time").select_option("weekends")
    page.get_by_role("button", name="Play it through").press("Enter")
    expect(page.get_by_text("Five more mentors are being played through")).to_be_visible()
    asked = FiveMore.objects.get()
    assert (asked.time, asked.division_id) == ("weekends", division.pk)
