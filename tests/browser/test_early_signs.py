"""Early signs and how long pairs last in a real browser: readable on a telephone and in the dark; put aside by hand."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any, Final

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from browser.readable import MIRRORED, OpenPage, faults, overflow, unfold
from days import TODAY
from mentornet.common.actors import System
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.followup.models import EarlySign, SurvivalFit
from mentornet.followup.services import look_for_signs
from mentornet.partnerships.enums import PartnershipState
from mentornet.partnerships.models import Partnership
from mentornet.programmes.models import Programme
from partnerships.couples import make_couple

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("network")]

SIGNS: Final = "/desk/early-signs/"
LASTING: Final = "/desk/how-long-pairs-last/"


def _group(key: str, share: float) -> dict[str, Any]:
    steps = [[day, 1 - day * (1 - share) / 365, 1 - day * (1.2 - share) / 365, 1.0] for day in range(20, 365, 15)]
    at = {"91": [0.9, 0.85, 0.95, 300], "183": [0.8, 0.7, 0.9, 120], "365": None}
    return {"key": key, "count": 412, "endings": 96, "steps": steps, "at": at}


@pytest.fixture
def network(division: Division, programme: Programme, coordinator: Staff) -> None:
    """A pair that has not met for long, and a history with groups."""
    met = TODAY - timedelta(days=100)
    names = ("فاطمة", "Karen")
    pair = make_couple(coordinator, division, programme, names=names, matched_on=met, first_met_on=met)
    Partnership.objects.filter(pk=pair.pk).update(state=PartnershipState.ACTIVE, agreement_on=met)
    look_for_signs(by=System("night", timezone.now()))
    falling = {"going": 2, "on": "2026-03-03", "before": 4, "before_on": "2026-02-02"}
    EarlySign.objects.create(
        partnership=pair, kind="falling", side="mentee", facts=falling, first_seen_on=TODAY, last_seen_on=TODAY,
        created_at=timezone.now(),
    )  # fmt: skip
    told = {"known_after": 0, "hidden": 0, "held_out": None}
    parts = {
        "all": told | {"groups": [_group("all", 0.6)]},
        "met": told | {"known_after": 21, "groups": [_group("in_time", 0.7), _group("later", 0.4)]},
    }
    SurvivalFit.objects.create(
        created_at=timezone.now(), asked_by="x", state="done", fitted_at=timezone.now(), until=TODAY, endings=120,
        content={"count": 500, "dimensions": parts, "left_out": 1},
    )  # fmt: skip


@pytest.mark.parametrize("language", ["en", MIRRORED])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("path", [SIGNS, SIGNS + "?state=aside", LASTING])
def test_readable_by_everybody(desk: OpenPage, path: str, width: int, scheme: str, language: str) -> None:
    page = desk(path, width=width, color_scheme=scheme, language=language)
    assert overflow(page) <= 0
    assert faults(page) == []
    unfold(page)
    assert overflow(page) <= 0
    assert faults(page) == []


def test_a_sign_is_put_aside_by_keyboard_and_back(desk: OpenPage) -> None:
    page = desk(SIGNS, width=320)
    page.get_by_role("link", name=re.compile("Put aside ?: not met for long")).press("Enter")
    page.get_by_label("Why this is no sign").fill("They are both away.")
    page.get_by_role("button", name="Put it aside").press("Enter")
    expect(page.locator("#early-signs")).to_contain_text("They are both away.")
    page.locator("#early-signs").get_by_role("button", name="Let it count again").press("Enter")
    expect(page.locator("#early-signs")).not_to_contain_text("They are both away.")
    assert EarlySign.objects.filter(put_aside_until=None).count() == 2
