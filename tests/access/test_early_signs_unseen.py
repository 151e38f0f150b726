"""Early signs and how long pairs last are the office's: no page, letter or file of the two tells of them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

import pytest
from django.http import HttpResponseBase

from access.crawling import crawl
from access.matrix import Crossing
from access.rows_beside import key_of
from access.worlds import HERE
from factories.django_rows import AT, TODAY
from mentornet.agenda.models import Kind, Task
from mentornet.common.actors import System
from mentornet.followup.models import EarlySign, SurvivalFit
from mentornet.followup.services import look_for_signs
from mentornet.messaging.models import Letter
from mentornet.partnerships.enums import PartnershipState
from mentornet.partnerships.models import Meeting, Partnership

pytestmark = pytest.mark.django_db

CANARY: Final = "kanariesign"
WORDS: Final = re.compile(rf"{CANARY}|early.sign|how.long.pairs.last|for \d+ days; the last one", re.IGNORECASE)


def texts(pages: dict[str, HttpResponseBase]) -> dict[str, str]:
    return {
        url: (b"".join(page) if page.streaming else page.content).decode("utf-8", "replace")  # type: ignore[attr-defined]  # per kind
        for url, page in pages.items()
    }


@pytest.fixture
def warned(crossing: Crossing) -> Crossing:
    """Let the pair of the place have signs, found by the program itself, and the network a history."""
    pair = Partnership.objects.get(pk=key_of(crossing.world.here, "partnership_id"))
    EarlySign.objects.all().delete()
    Meeting.objects.filter(partnership=pair).delete()
    long_ago = TODAY - timedelta(days=90)
    Partnership.objects.filter(pk=pair.pk).update(
        state=PartnershipState.ACTIVE, first_met_on=long_ago, agreement_on=long_ago, matched_on=long_ago
    )
    letters = Letter.objects.count()
    assert look_for_signs(by=System("night", AT)).new >= 1
    assert Letter.objects.count() == letters
    assert Task.objects.filter(kind=Kind.WARNED, target_id=pair.pk).exists()
    EarlySign.objects.create(
        partnership=pair, kind="pace", facts={"met": 1, "agreed": 6, "days": 84}, created_at=AT, first_seen_on=TODAY,
        last_seen_on=TODAY, put_aside_until=TODAY + timedelta(days=9), put_aside_reason=CANARY, put_aside_by="user:x",
    )  # fmt: skip
    SurvivalFit.objects.create(
        created_at=AT, asked_by="x", state="done", fitted_at=AT, until=TODAY, endings=3, content={"dimensions": {}}
    )
    return crossing


@pytest.mark.parametrize("role", ["mentor here", "mentee here", "link holder", "contact person", "anonymous"])
def test_no_page_of_theirs_tells_of_it(warned: Crossing, role: str) -> None:
    pages = crawl(warned, role, places=[HERE])
    assert len(pages) > 40
    # What an address was called comes back in a page that says that there is no such one.
    told = {url: text for url, text in texts(pages).items() if "early-signs" not in url and "how-long" not in url}
    assert {url: found.group() for url, text in told.items() if (found := WORDS.search(text))} == {}


def test_whoever_looks_after_them_reads_it(warned: Crossing) -> None:
    # The control: the same look finds it where it is.
    pages = texts(crawl(warned, "coordinator here", places=[HERE], only="desk:early_signs", most=60))
    assert any("for 90 days; the last one" in text for text in pages.values())
    assert any(CANARY in text for text in pages.values())
