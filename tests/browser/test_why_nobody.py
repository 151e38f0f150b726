"""Why nobody yet, in a real browser: from the waiting list to what would help, asked once more, readable anywhere."""

from __future__ import annotations

from typing import Any, Final

import pytest
from django.urls import reverse
from matching.pairs import answer, letters_arrive, propose
from playwright.sync_api import expect

from browser.readable import MIRRORED, OpenPage, faults, overflow
from factories.django_rows import make_enrolment, make_person, make_programme
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.matching.bank import forget
from mentornet.matching.enums import Reply, Side
from mentornet.matching.models import Proposal

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FACTS: Final[dict[str, Any]] = {"topics": ("cv", "interview"), "occupation": "2221", "meeting": ("in person",)}
MONDAY, SUNDAY = ("mon-evening",), ("sun-morning",)


@pytest.fixture
def mentee(division: Division) -> Enrolment:
    forget()
    programme = make_programme("Mentor network")
    for name, topics in (("Lise", ("family_school",)), ("Kirsten", FACTS["topics"])):
        person, facts = make_person(name, "Dahl", email=f"{name}@example.org"), FACTS | {"topics": topics}
        make_enrolment("mentor", division, programme=programme, person=person, availability=SUNDAY, **facts)
    person = make_person("Amina", "Yusuf", email="amina@example.org", phone="+45 00 00 00 01", language="ar")
    return make_enrolment("mentee", division, programme=programme, person=person, availability=MONDAY, **FACTS)


def test_from_the_waiting_list_to_what_would_help(desk: OpenPage, mentee: Enrolment) -> None:
    page = desk(reverse("desk:waiting"))
    page.locator(f'a[href="{reverse("desk:why_nobody", args=[mentee.pk])}"]').click()
    expect(page.locator("h1")).to_contain_text("Why Amina Yusuf has no mentor yet")
    expect(page.locator(".why-told blockquote")).to_have_count(2)
    expect(page.locator(".why-told blockquote").nth(1)).to_have_attribute("dir", "rtl")
    expect(page.locator(".why-helps")).to_contain_text("2 mentors more would be right for her")
    # The way that helps most leads to the two side by side, with the rule set aside.
    page.locator(".why-helps a").first.click()
    expect(page.locator("h1")).to_contain_text("Amina Yusuf and Kirsten Dahl")
    expect(page.locator("#choose")).to_be_visible()


def test_two_are_asked_once_more_with_a_word(desk: OpenPage, mentee: Enrolment, coordinator: Staff) -> None:
    mentor = make_enrolment(
        "mentor", mentee.division, programme=mentee.programme, person=make_person("Mona", "Dahl"),
        availability=MONDAY, **FACTS,
    )  # fmt: skip
    proposal = propose(coordinator, (mentee, mentor))
    letters_arrive()
    answer(coordinator, proposal, Side.MENTOR, Reply.NO)
    forget()
    page = desk(reverse("desk:match_pair", args=[mentee.pk, mentor.pk]))
    expect(page.locator("#choose .callout").first).to_contain_text("The mentor said no on")
    page.fill('textarea[name="reason"]', "Both are nurses.")
    page.fill('textarea[name="again"]', "She has time again.")
    page.click('button[value="propose"]')
    expect(page.locator("#toasts")).to_contain_text("Proposed to both")
    assert Proposal.objects.filter(again="She has time again.").count() == 1


@pytest.mark.parametrize("language", ["en", MIRRORED])
@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (320, "dark"), (1280, "light")])
def test_the_pages_are_readable(desk: OpenPage, mentee: Enrolment, language: str, width: int, scheme: str) -> None:
    kirsten = Enrolment.objects.get(person__first_name="Kirsten")
    for url in (
        reverse("desk:why_nobody", args=[mentee.pk]),
        reverse("desk:why_idle", args=[kirsten.pk]),
        reverse("desk:learned"),
    ):
        page = desk(url, language=language, width=width, color_scheme=scheme)
        assert overflow(page) <= 0
        assert faults(page) == []
