"""The shortage map in a real browser: readable on a telephone and in the dark; a text is copied by keyboard."""

from __future__ import annotations

from typing import Any, Final

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from browser.readable import MIRRORED, OpenPage, faults, overflow, unfold
from mentornet.divisions.models import Division
from mentornet.matching.models import ShortageMap
from mentornet.programmes.models import Programme

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("computed")]

PAGE: Final = "/desk/shortage-map/"


def _profile(number: int, **changes: Any) -> dict[str, Any]:
    usual = {
        "occupation": "22", "language": "ar", "online": False, "time": "evenings", "number": number, "points": 61,
        "mentees": 4, "wanted": 3 * number,
    }  # fmt: skip
    return usual | changes


@pytest.fixture
def computed(division: Division, programme: Programme) -> ShortageMap:
    """A map with each shade, and with what is left blank."""
    shades = [(5, 60), (4, 55), (3, 50), (2, 45), (1, 40), (0, 8), (0, 0)]
    cells = [
        {"field": str(field), "mentees": 4, "wanted": wanted, "points": points}
        for field, (wanted, points) in enumerate(shades)
    ]
    profiles = [_profile(1), _profile(0, points=9, occupation="", online=True, time="any")]
    content = {
        "waiting": 12, "matched": 8, "left": 4, "mentors": 9, "profiles": profiles, "cells": cells,
        "plan": [_profile(1), _profile(1, time="weekends")],
    }  # fmt: skip
    now = timezone.now()
    return ShortageMap.objects.create(
        division=division, programme=programme, created_at=now, asked_by="x", state="done", computed_at=now,
        content=content,
    )  # fmt: skip


@pytest.mark.parametrize("language", ["en", MIRRORED])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_readable_by_everybody(desk: OpenPage, computed: ShortageMap, width: int, scheme: str, language: str) -> None:
    for path in (PAGE, f"{PAGE}{computed.pk}/text/?what=1"):
        page = desk(path, width=width, color_scheme=scheme, language=language)
        assert overflow(page) <= 0
        assert faults(page) == []
        unfold(page)
        assert overflow(page) <= 0
        assert faults(page) == []


def test_from_the_list_to_a_text_that_is_copied(desk: OpenPage) -> None:
    page = desk(PAGE, width=320)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("link", name="A text ready to send").first.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("A text ready to send")
    page.get_by_role("button", name="Copy the text: English").press("Enter")
    expect(page.get_by_text("Copied", exact=True)).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "You speak Arabic beside Danish." in copied
    assert copied.rstrip().endswith("/en/mentor/")
