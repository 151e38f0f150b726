"""A whole matching meeting in a real browser: two coordinators at two machines, from the first set to the minutes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils.timezone import now
from matching.meeting_rows import make_mentee, make_mentor, ready
from matching.pairs import jobs_run
from playwright.sync_api import expect

from browser.readable import MIRRORED, OpenPage, faults, overflow, unfold
from factories.customs import a_custom
from factories.django_rows import make_staff, user_of
from mentornet.divisions.models import Division, Role
from mentornet.divisions.queries import staff_member
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.matching import services
from mentornet.matching.models import MatchingMeeting, MeetingTie, Proposal
from mentornet.people.own_answers import change_customs
from mentornet.programmes.models import Programme
from mentornet.programmes.queries import current_version
from reference.customs import written_all

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def by(coordinator: Staff) -> Staff:
    # Today, not the tests' own day: the browser's clock is the machine's.
    return staff_member(user_of(coordinator), now())


@pytest.fixture
def four(division: Division, programme: Programme) -> Sequence[Enrolment]:
    """Two who wait and two mentors; each of the women fits one of them best."""
    mentees = [
        make_mentee(division, programme, waited=number, occupation=code, topics=("cv", "network"))
        for number, code in ((90, "2221"), (10, "5120"))
    ]
    mentors = [make_mentor(division, programme, occupation=code, topics=("cv", "network")) for code in ("2221", "5120")]
    return [*mentees, *mentors]


def test_a_meeting_of_two(
    open_page: OpenPage, by: Staff, division: Division, programme: Programme, four: Sequence[Enrolment]
) -> None:
    colleague = make_staff(Role.COORDINATOR, division, name="Mette Rask")
    page = open_page(reverse("desk:meetings"), user=user_of(by))
    page.get_by_role("link", name="Begin a meeting").click()
    page.get_by_label(division.name).check()
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_text("Waiting for its turn.")).to_be_visible()
    jobs_run()
    # The page goes on by itself when the set is found.
    expect(page.get_by_text("2 of 2 women who wait have a mentor in it")).to_be_visible()
    address = re.sub(r"[?#].*", "", page.url)

    other = open_page(address, user=user_of(colleague))
    mentee, rival = four[0].person.name, four[3].person.name
    other.get_by_role("button", name=f"Lock {rival}").first.click()
    expect(other.get_by_text("2 women have another mentor than before")).to_be_visible()
    # The first one learns of it without having done anything.
    expect(page.get_by_text("Mette Rask: A pair was locked.")).to_be_visible()
    page.get_by_role("link", name="Show it as it stands").click()
    expect(page.get_by_text(f"Locked to {rival}")).to_be_visible()
    tie = MeetingTie.objects.get()
    assert (tie.mentee_id, tie.mentor_id) == (four[0].pk, four[3].pk)

    # She takes the lock off, decides, and sends all.
    page.get_by_role("button", name="Lift the lock").first.click()
    expect(page.get_by_text("Lifted.").first).to_be_visible()
    row = page.locator(f"#w-{four[0].pk}")
    row.locator("summary", has_text="Decide").click()
    row.get_by_label("Why", exact=True).fill("Both are nurses.")
    row.get_by_label("Who saw it otherwise").fill("Mette would have chosen somebody else.")
    row.get_by_role("button", name="Decide", exact=True).click()
    expect(page.locator(f"#w-{four[0].pk}").get_by_text("Both are nurses.").first).to_be_visible()
    page.locator("summary", has_text="that is left as the set has it").click()
    page.locator("#rest-reason").fill("As the set stands.")
    page.get_by_role("button", name="Decide them all").click()
    page.get_by_role("button", name="Send 2 proposals").click()
    expect(page.get_by_text("2 proposals sent.").first).to_be_visible()
    assert Proposal.objects.count() == 2
    page.get_by_role("button", name="Close the meeting").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Minutes of a matching meeting")
    expect(page.get_by_text("Mette would have chosen somebody else.")).to_be_visible()
    expect(page.get_by_text(mentee).first).to_be_visible()


def _crowded(by: Staff, division: Division, programme: Programme) -> MatchingMeeting:
    """A programme with a criterion and a rule of its own, and a meeting in which many have just lost their mentor."""
    children = a_custom("children", weight=40.0, names={"en": "Can meet while small children sleep", "da": "Børn"})
    change_customs(
        by=make_staff(Role.NATIONAL_LEAD),
        programme=programme,
        seen=current_version(programme.pk).number,
        customs=written_all([children, a_custom("drives", is_rule=True, weight=0.0)]),
        author_name="Lead",
        reason="We have seen it help.",
    )
    for _number in range(6):
        make_mentee(division, programme)
        make_mentor(division, programme)
    meeting = ready(by, programme, [division])
    services.change_settings(
        by=by, meeting=meeting, seen=0, weights=meeting.weights, floor=Decimal("0.99"), borrows=False
    )
    return meeting


def test_many_changes_are_folded_open_without_a_script_and_print_whole(
    open_page: OpenPage, by: Staff, division: Division, programme: Programme, four: Sequence[Enrolment]
) -> None:
    meeting = _crowded(by, division, programme)
    page = open_page(reverse("desk:meeting", args=[meeting.pk]), user=user_of(by))
    shown = page.locator("table.meeting-changes tbody tr").filter(visible=True)
    expect(shown).to_have_count(6)
    page.get_by_text("Show 2 more").click()
    expect(shown).to_have_count(8)
    page.get_by_text("Show 2 more").click()
    expect(shown).to_have_count(6)
    page.emulate_media(media="print")
    expect(shown).to_have_count(8)


def test_an_own_criterion_is_weighed_in_the_meeting(
    open_page: OpenPage, by: Staff, division: Division, programme: Programme, four: Sequence[Enrolment]
) -> None:
    meeting = _crowded(by, division, programme)
    page = open_page(reverse("desk:meeting", args=[meeting.pk]), user=user_of(by))
    page.get_by_text("Weights and floor of this meeting").click()
    page.get_by_label("Can meet while small children sleep").fill("100")
    page.get_by_role("button", name="Look for the best set with these").click()
    expect(page.get_by_text("The points are not compared")).to_be_visible()
    page.get_by_role("link", name="Run 3: from what it follows").click()
    fact = page.locator(".fact", has_text="Can meet while small children sleep")
    expect(fact).to_contain_text("50")
    page.get_by_role("button", name="Compute it once more").click()
    expect(page.get_by_text("The same question gives the same pairs")).to_be_visible()


@pytest.mark.parametrize(
    ("width", "scheme", "language"),
    [(320, "light", "en"), (320, "dark", MIRRORED), (1280, "dark", "en"), (1280, "light", MIRRORED)],
)
def test_readable_by_everybody(
    open_page: OpenPage,
    by: Staff,
    division: Division,
    programme: Programme,
    four: Sequence[Enrolment],
    width: int,
    scheme: str,
    language: str,
) -> None:
    meeting = _crowded(by, division, programme)
    pages = [
        reverse("desk:meetings"),
        reverse("desk:meeting_new"),
        reverse("desk:meeting", args=[meeting.pk]),
        reverse("desk:meeting_run", args=[meeting.pk, 2]),
        reverse("desk:meeting_minutes", args=[meeting.pk]),
        reverse("desk:meeting_throw_away", args=[meeting.pk]),
    ]
    page = open_page(pages[0], user=user_of(by), width=width, color_scheme=scheme, language=language)
    for address in pages:
        page.goto(address)
        unfold(page)
        assert (address, overflow(page), faults(page)) == (address, 0, [])
