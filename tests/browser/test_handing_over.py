"""Cases handed over, packs and absences in a real browser: readable by everybody, by keyboard alone, and on paper."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from typing import Final

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now
from playwright.sync_api import Page, expect

from browser.readable import MIRRORED, OpenPage, faults, overflow, unfold
from exporting import proven
from factories.django_rows import make_enrolment, make_staff, user_of
from followup.handing import hand
from mentornet.agenda.models import Kind
from mentornet.agenda.services import ask_for
from mentornet.divisions.models import Division, Role
from mentornet.divisions.queries import staff_member
from mentornet.divisions.services import set_absence
from mentornet.divisions.staff import Staff
from mentornet.followup.models import Handover
from mentornet.intake.models import Enrolment
from mentornet.partnerships.models import Goal, Note
from mentornet.programmes.models import Programme
from partnerships.couples import make_couple

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG: Final = "She wants to work with children again, as she did at home for eleven years. " * 6
WORD: Final = "Bemandingsvirksomhedskonsulentuddannelsesansøgning"


@pytest.fixture
def by(coordinator: Staff) -> Staff:
    # Today, not the tests' own day: the browser's clock is the machine's.
    return staff_member(user_of(coordinator), now())


@pytest.fixture
def colleague(division: Division) -> Staff:
    return make_staff(Role.COORDINATOR, division, name="Mette Rask")


@pytest.fixture
def cases(by: Staff, division: Division, programme: Programme) -> Sequence[Enrolment]:
    """A pair of whom there is much to tell, one who waits, and mentors of whom there is nothing."""
    pair = make_couple(by, division, programme, names=("فاطمة", "Karen"), matched_on=by.today)
    Enrolment.objects.filter(pk__in=[pair.mentee_id, pair.mentor_id]).update(coordinator_id=by.user_id)
    for text in (LONG, WORD, LONG):
        Note.objects.create(partnership=pair, text=text, written_by=by.key, author_name=by.name, created_at=by.at)
    Goal.objects.create(partnership=pair, words=LONG[:150], side="mentee", created_at=by.at)
    hers = {"coordinator_id": by.user_id, "since": by.today}
    waits = make_enrolment("mentee", division, programme=programme, enrolment=hers)
    for target, kind in ((pair.pk, Kind.CONTACT), (waits.pk, Kind.PROMISE)):
        ask_for(
            by=by, kind=kind, target_id=target, division_id=division.pk, due_on=by.today, owner_id=by.user_id,
            words={"mentee": "Fatima", "mentor": "Karen"},
        )  # fmt: skip
    idle = [make_enrolment("mentor", division, programme=programme, enrolment=hers) for _number in range(5)]
    return [pair.mentee, pair.mentor, waits, *idle]


@pytest.fixture
def pages(by: Staff, colleague: Staff, division: Division, cases: Sequence[Enrolment]) -> dict[str, str]:
    """The addresses, with something on each."""
    third = make_staff(Role.COORDINATOR, division, name="Samira Bo")
    (handover,) = hand(by, by, third, places=[cases[-1].pk], note="Call Amina first.")
    set_absence(
        by=by,
        user=user_of(by),
        stand_in=user_of(colleague),
        from_on=by.today,
        until_on=by.today,
        note="Back on Monday.",
    )
    return {
        "list": reverse("desk:handovers"),
        "new": reverse("desk:handover_new", args=[by.user_id, division.pk]),
        "one": reverse("desk:handover", args=[handover.pk]),
        "away": reverse("desk:absences"),
        "pack of a case": reverse("desk:pack_place", args=[cases[0].pk]),
        "pack of all": reverse("desk:pack_all", args=[by.user_id, division.pk]),
    }


def _prove(page: Page, by: Staff) -> Page:
    """Let her have given the second factor just now: over all cases it is asked for."""
    client = Client()
    client.cookies["session"] = next(one["value"] for one in page.context.cookies() if one["name"] == "session")
    proven(client, by)
    return page


def _made(page: Page) -> None:
    page.locator("main form button").first.press("Enter")
    expect(page.locator(".pack")).to_be_visible()


@pytest.mark.parametrize(
    ("width", "scheme", "language"),
    [(320, "light", "en"), (320, "dark", MIRRORED), (1280, "dark", "en"), (1280, "light", MIRRORED)],
)
def test_readable_by_everybody(
    desk: OpenPage, by: Staff, pages: dict[str, str], width: int, scheme: str, language: str
) -> None:
    page = _prove(desk(pages["list"], width=width, color_scheme=scheme, language=language), by)
    for name, address in pages.items():
        page.goto(address)
        unfold(page)
        assert (name, overflow(page), faults(page)) == (name, 0, [])
        if name.startswith("pack"):
            _made(page)
            assert (name, overflow(page), faults(page)) == (name, 0, [])


def _to(page: Page, name: str) -> None:
    """Go on by the tabulator until something is reached, as somebody does who has no mouse."""
    for _step in range(120):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "(document.activeElement.labels?.[0] ?? document.activeElement).textContent.trim().replace(/\\s+/g, ' ')"
        )
        if focused.startswith(name):
            return
    raise AssertionError(f"{name} cannot be reached")


@pytest.mark.parametrize("which", ["all", "one"])
def test_handed_over_by_the_keyboard_alone(
    which: str, desk: OpenPage, by: Staff, colleague: Staff, division: Division, cases: Sequence[Enrolment]
) -> None:
    page = desk(reverse("desk:handovers"), width=320)
    _to(page, "Hand over")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hand your cases over")
    _to(page, colleague.name)
    page.keyboard.press("Space")
    if which == "one":
        _to(page, "All of them")
        page.keyboard.press("ArrowDown")
        _to(page, cases[2].person.name)
        page.keyboard.press("Space")
    # Below the cases stands the button once more: whoever has ticked them need not go back.
    _to(page, "Hand over")
    page.keyboard.press("Enter")
    count = "1 case" if which == "one" else f"{len(cases)} cases"
    expect(page.get_by_text(re.compile(f"{count} handed over")).first).to_be_visible()
    assert Handover.objects.get().receiver_id == colleague.user_id
    theirs = Enrolment.objects.filter(coordinator_id=colleague.user_id)
    assert theirs.count() == (1 if which == "one" else len(cases))
    _to(page, "Take it back")
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile(f"Taken back: {count}")).first).to_be_visible()
    assert theirs.count() == 0


def test_on_paper_nothing_is_cut_and_each_case_begins_well(desk: OpenPage, by: Staff, pages: dict[str, str]) -> None:
    tool = shutil.which("pdftotext")
    if tool is None:
        pytest.skip("pdftotext is missing: apt-get install poppler-utils")
    page = _prove(desk(pages["list"]), by)
    page.goto(pages["pack of all"])
    _made(page)
    titles = page.locator(".pack-case h2").all_inner_texts()
    page.emulate_media(media="print")
    for part in (page.locator("nav").first, page.get_by_role("search"), page.locator("[data-print]")):
        expect(part).not_to_be_visible()
    # As wide as what is between the margins of A4: what sticks out there would be cut.
    page.set_viewport_size({"width": 680, "height": 900})
    assert overflow(page) <= 0
    cut = page.evaluate(
        "[...document.querySelectorAll('.pack *')].filter(one => one.getBoundingClientRect().right > innerWidth + 1"
        " || one.getBoundingClientRect().left < -1).map(one => one.outerHTML.slice(0, 80))"
    )
    assert cut == []
    printed = page.pdf(format="A4")
    told = subprocess.run([tool, "-layout", "-", "-"], input=printed, capture_output=True, check=True).stdout.decode()
    sheets = [" ".join(sheet.split()) for sheet in told.rstrip("\f").split("\f")]
    assert sheets[0].startswith("Handover pack")
    assert WORD in told
    # The pair and she who waits each begin a page; the others, of whom there is nothing to tell, share one.
    begins = [sheet for sheet in sheets[1:] if any(sheet.startswith(title.split(" – ")[-1]) for title in titles)]
    shared = [sum(title in sheet for title in titles) for sheet in sheets[1:]]
    assert max(shared) == 4
    assert len(sheets) <= 5
    assert len(begins) >= 2
    assert "Search for a person" not in told
