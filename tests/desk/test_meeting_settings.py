"""By what a meeting judges, on its pages: own criteria among the weights, and a programme changed meanwhile."""

from __future__ import annotations

import re
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from matching.meeting_rows import make_mentee, make_mentor, pairs_of, ready, run_of

from exporting import proven
from factories.customs import a_custom
from factories.django_rows import make_staff
from mentornet.divisions.models import Division, Role
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.matching.models import MatchingMeeting, MeetingRun, Proposal
from mentornet.people.own_answers import change_customs
from mentornet.programmes.models import Programme
from mentornet.programmes.queries import current_version
from mentornet.programmes.services import change_programme
from mentornet.web.desk.meetings.forms import SettingsForm
from mentornet.web.desk.meetings.settled import settings_lines
from reference.customs import Custom, written_all
from signing import SignIn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]

Four = tuple[Enrolment, Enrolment, Enrolment, Enrolment]
CHILDREN = a_custom("children", weight=40.0, names={"en": "Small <children>", "da": "Små børn"})
DRIVES = a_custom("drives", is_rule=True, weight=0.0, names={"en": "Drives a car", "da": "Kører bil"})


def ask(programme: Programme, *customs: Custom) -> None:
    change_customs(
        by=make_staff(Role.NATIONAL_LEAD),
        programme=programme,
        seen=current_version(programme.pk).number,
        customs=written_all(customs),
        author_name="Lead",
        reason="We have seen it help.",
    )


def change(programme: Programme, **settings: Any) -> None:
    change_programme(
        by=make_staff(Role.NATIONAL_LEAD),
        programme=programme,
        seen=current_version(programme.pk).number,
        settings=settings,
        author_name="Lead",
        reason="We have seen it help.",
    )


@pytest.fixture
def desk(client: Client, sign_in: SignIn, coordinator: Staff) -> Client:
    return proven(sign_in(client, coordinator), coordinator)


@pytest.fixture
def four(division: Division, programme: Programme) -> Four:
    return (
        make_mentee(division, programme, waited=90, topics=("cv", "network"), occupation="2221"),
        make_mentee(division, programme, waited=10, topics=("cv", "network"), occupation="5120"),
        make_mentor(division, programme, topics=("cv", "network"), occupation="2221"),
        make_mentor(division, programme, topics=("cv", "network"), occupation="5120"),
    )


@pytest.fixture
def meeting(coordinator: Staff, division: Division, programme: Programme, four: Four) -> MatchingMeeting:
    return ready(coordinator, programme, [division])


@pytest.fixture
def own(coordinator: Staff, division: Division, programme: Programme, four: Four) -> MatchingMeeting:
    """A meeting of a programme with a criterion and a hard rule of its own."""
    ask(programme, CHILDREN, DRIVES)
    for one, answer in zip(four, (True, False, False, True), strict=True):
        profile = one.profile
        profile.answers, profile.stamp = {"children": answer}, 99
        profile.save()
    return ready(coordinator, programme, [division])


def page_of(desk: Client, meeting: MatchingMeeting, name: str = "meeting", *more: object) -> str:
    return unescape(desk.get(reverse(f"desk:{name}", args=[meeting.pk, *more])).content.decode())


def act(desk: Client, name: str, meeting: MatchingMeeting, *more: Any, **data: Any) -> str:
    answer = desk.post(reverse(f"desk:{name}", args=[meeting.pk, *more]), data, follow=True)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def shown(meeting: MatchingMeeting, **more: Any) -> dict[str, Any]:
    """Return what stands in the form."""
    meeting.refresh_from_db()
    form = SettingsForm(meeting=meeting, several=False)
    return {name: form.initial[name] for name in form.fields if name != "borrows"} | more


# Own criteria ---------------------------------------------------------------------------------------------------------


def test_an_own_criterion_stands_beside_the_others_and_is_weighed_like_them(
    desk: Client, own: MatchingMeeting, four: Four
) -> None:
    page = page_of(desk, own)
    assert re.search(r'name="own_children"[^>]*value="40"|value="40"[^>]*name="own_children"', page)
    assert "The programme’s own criteria" in page
    assert "hard rules count as well: <bdi>Drives a car</bdi>" in page
    page = act(desk, "meeting_settings", own, **shown(own, own_children=0))
    assert "The points are not compared" in page
    assert pairs_of(own)[four[0].pk] == four[2].pk
    own.refresh_from_db()
    assert own.own_weights == {"children": 0}
    # The ten were not touched: they follow the programme to the last digit.
    assert own.weights == own.version.weights
    page = page_of(desk, own, "meeting_minutes")
    assert "Small <children> 28.6, now 0" in page
    page = page_of(desk, own, "meeting_run", 1)
    assert re.search(r"<bdi>Small <children></bdi></dt><dd>28.6</dd>", page)
    assert re.search(r"<bdi>Drives a car</bdi></dt><dd>Hard rule</dd>", page)
    assert "Version of the programme</dt><dd>2</dd>" in page
    answer = desk.post(reverse("desk:meeting_run", args=[own.pk, 2])).content.decode()
    assert "The same question gives the same pairs" in answer


def test_the_name_is_not_taken_for_markup_and_is_in_the_readers_language(desk: Client, own: MatchingMeeting) -> None:
    for name, more in (("meeting", ()), ("meeting_minutes", ()), ("meeting_run", (1,))):
        page = desk.get(reverse(f"desk:{name}", args=[own.pk, *more])).content.decode()
        assert "Small &lt;children&gt;" in page
        assert "<children>" not in page
    with translation.override("da"):
        assert [line.label for line in settings_lines(run_of(own)) if line.key == "custom_children"] == ["Små børn"]


def test_the_shares_are_a_hundred_together(desk: Client, own: MatchingMeeting) -> None:
    for weight in (40, 33, 7, 1.23, 999):
        act(desk, "meeting_settings", own, **shown(own, own_children=weight))
        shares = [Decimal(line.value) for line in settings_lines(run_of(own)) if line.is_share]
        assert (len(shares), sum(shares)) == (11, 100)


def test_numbers_count_beside_each_other(desk: Client, own: MatchingMeeting) -> None:
    # Twice the number is twice the weight, whatever the ten are together.
    given = {f"weight_{name}": 0 for name in own.weights} | {"weight_pace": 20, "own_children": 40}
    act(desk, "meeting_settings", own, **shown(own, **given))
    lines = {line.key: line.value for line in settings_lines(run_of(own))}
    assert (lines["pace"], lines["custom_children"]) == ("33.3", "66.7")
    # What stands in the form then is what was typed.
    assert (shown(own)["weight_pace"], shown(own)["own_children"]) == ("20", "40")
    act(desk, "meeting_settings", own, **shown(own))
    first, second = MeetingRun.objects.order_by("-number")[:2]
    assert (first.fingerprint, first.settings) == (second.fingerprint, second.settings)


@pytest.mark.parametrize(
    ("weight", "words"),
    [
        ("", "Write a number."),
        ("x", "Enter a number."),
        ("-1", "greater than or equal to 0"),
        ("1001", "less than or equal to 1000"),
        ("NaN", "Enter a number."),
        ("1.234", "no more than 2 decimal places"),
    ],
)
def test_a_weight_that_is_none_is_told_beside_it(desk: Client, own: MatchingMeeting, weight: str, words: str) -> None:
    answer = desk.post(reverse("desk:meeting_settings", args=[own.pk]), shown(own, own_children=weight))
    assert answer.status_code == 422
    page = unescape(answer.content.decode())
    assert words in page
    assert 'id="id_own_children"' in page
    assert MeetingRun.objects.count() == 1


def test_a_weight_beside_which_nothing_counts_is_refused(desk: Client, own: MatchingMeeting) -> None:
    given = {f"weight_{name}": 0 for name in own.weights} | {"weight_pace": "0.01", "own_children": 1000}
    answer = desk.post(reverse("desk:meeting_settings", args=[own.pk]), shown(own, **given))
    assert answer.status_code == 422
    assert "This is too much beside the other weights." in answer.content.decode()


def test_another_floor_alone_is_compared_where_there_are_own_criteria(desk: Client, own: MatchingMeeting) -> None:
    page = act(desk, "meeting_settings", own, **shown(own, floor=99))
    assert "It costs the whole" in page
    assert "not compared" not in page


# The programme changed meanwhile --------------------------------------------------------------------------------------

SINCE = "The programme was changed since"
PEOPLE = "What is known of people has changed"


def heavier(programme: Programme) -> dict[str, float]:
    weights: dict[str, float] = current_version(programme.pk).weights
    return weights | {"occupation": 0.9}


@pytest.mark.parametrize(
    ("what", "words", "is_compared"),
    [
        ("weights", "Version 2 counts now: other weights.", False),
        ("criterion", "Version 2 counts now: a new criterion, Small <children>.", False),
        ("rule", "Version 2 counts now: a new hard rule, Drives a car.", True),
        ("floor", "Version 2 counts now: another floor.", True),
        ("language", "other values for what is unknown, for the language or for waiting", True),
        ("nothing", "Version 2 counts now: nothing by which pairs are judged.", True),
    ],
)
def test_the_board_says_that_the_programme_was_changed_and_never_compares_two_scales(
    desk: Client,
    coordinator: Staff,
    division: Division,
    programme: Programme,
    four: Four,
    what: str,
    words: str,
    is_compared: bool,
) -> None:
    for one, answer in zip(four, (True, False, False, True), strict=True):
        profile = one.profile
        profile.answers, profile.stamp = {"children": answer, "drives": answer}, 99
        profile.save()
    meeting = ready(coordinator, programme, [division])
    assert SINCE not in page_of(desk, meeting)
    match what:
        case "weights":
            change(programme, weights=heavier(programme))
        case "criterion":
            ask(programme, CHILDREN)
        case "rule":
            ask(programme, DRIVES)
        case "floor":
            change(programme, floor=Decimal("0.99"))
        case "language":
            change(programme, min_language="C2")
        case _:
            change(programme, expiry_days=25)
    page = page_of(desk, meeting)
    assert SINCE in page
    assert words in page
    assert PEOPLE not in page
    page = act(desk, "meeting_solve", meeting)
    assert SINCE not in page
    assert "From here on version 2 of the programme counts" in page
    assert ">The programme was changed</h3>" in page
    assert ("The points are not compared" not in page) == is_compared
    run_page = page_of(desk, meeting, "meeting_run", 2)
    for told in (page, run_page):
        if is_compared:
            assert "not compared" not in told
        else:
            assert "points more." not in told
            assert "It costs the whole" not in told
            assert not re.search(r'data-label="Points"', told)
            changes = re.search(r"<table class=\"table meeting-changes\".*?</table>", told, re.DOTALL)
            assert changes is None or not re.search(r"\(\d", changes[0])
    if what == "floor":
        assert "2 pairs fewer." in page
        assert "It costs the whole" in page
    assert "version 2 of the programme" in page_of(desk, meeting, "meeting_minutes")


def test_an_own_criterion_that_changes_pairs_shows_them_without_points(
    desk: Client, meeting: MatchingMeeting, programme: Programme, four: Four
) -> None:
    for one, answer in zip(four, (True, False, False, True), strict=True):
        profile = one.profile
        profile.answers, profile.stamp = {"children": answer}, 99
        profile.save()
    ask(programme, a_custom("children", weight=90.0))
    page = act(desk, "meeting_solve", meeting)
    assert "2 women have another mentor than before, or none. As many pairs as before." in page
    table = re.search(r"<table class=\"table meeting-changes\".*?</table>", page, re.DOTALL)
    assert table is not None
    assert four[0].person.name in table[0]
    assert "Points" not in table[0]
    assert not re.search(r"\(\d", table[0])


def test_people_and_programme_changed_are_both_told(
    desk: Client, division: Division, programme: Programme, meeting: MatchingMeeting
) -> None:
    make_mentor(division, programme)
    assert PEOPLE + " since" in page_of(desk, meeting)
    change(programme, expiry_days=25)
    page = page_of(desk, meeting)
    assert SINCE in page
    assert PEOPLE + " as well." in page
    assert PEOPLE + " as well." in act(desk, "meeting_solve", meeting)


def test_a_lock_tells_what_has_changed_besides(
    desk: Client, division: Division, programme: Programme, meeting: MatchingMeeting, four: Four
) -> None:
    page = act(desk, "meeting_tie", meeting, mentee=four[0].pk, mentor=four[3].pk, kind="lock")
    assert "as well" not in page
    assert "From here on" not in page
    make_mentor(division, programme)
    page = act(desk, "meeting_tie", meeting, mentee=four[1].pk, mentor=four[2].pk, kind="lock")
    assert PEOPLE + " as well." in page
    change(programme, weights=heavier(programme))
    page = act(desk, "meeting_tie", meeting, mentee=four[1].pk, mentor=four[3].pk, kind="forbid")
    assert "From here on version 2 of the programme counts: other weights." in page


def test_what_the_meeting_keeps_of_its_own_is_told(
    desk: Client, programme: Programme, meeting: MatchingMeeting
) -> None:
    act(desk, "meeting_settings", meeting, **shown(meeting, weight_pace=90, floor=20))
    change(programme, weights=heavier(programme), floor=Decimal("0.5"))
    page = page_of(desk, meeting)
    assert "Version 2 counts now: nothing by which pairs are judged." in page
    assert "What this meeting has set itself stays: weights; floor." in page


def test_nothing_leaves_by_a_programme_that_was_changed(
    desk: Client, programme: Programme, meeting: MatchingMeeting, four: Four
) -> None:
    act(desk, "meeting_rest", meeting, seen_run=1, reason="As it stands.")
    change(programme, floor=Decimal("0.99"))
    # What is decided stands: nobody gets another mentor, and it goes.
    assert "2 proposals sent." in act(desk, "meeting_send", meeting)
    assert Proposal.objects.count() == 2


def test_nothing_is_sent_where_the_programme_has_changed_the_set(
    desk: Client, programme: Programme, meeting: MatchingMeeting, four: Four
) -> None:
    data = {"mentee": four[0].pk, "seen": 0, "outcome": "propose", "reason": "They fit.", "mentor": four[2].pk}
    act(desk, "meeting_decide", meeting, **data)
    change(programme, floor=Decimal("0.99"))
    page = act(desk, "meeting_send", meeting)
    assert "Nothing was sent: the programme was changed since." in page
    assert "1 pair fewer." in page
    assert not Proposal.objects.exists()


def test_a_form_that_was_open_when_the_programme_was_changed_is_not_taken(
    desk: Client, programme: Programme, meeting: MatchingMeeting
) -> None:
    given = shown(meeting, floor=20)
    change(programme, floor=Decimal("0.5"))
    answer = desk.post(reverse("desk:meeting_settings", args=[meeting.pk]), given)
    assert answer.status_code == 422
    assert "The programme was changed meanwhile." in answer.content.decode()
    act(desk, "meeting_solve", meeting)
    answer = desk.post(reverse("desk:meeting_settings", args=[meeting.pk]), given)
    assert "Somebody else has changed the weights or the floor meanwhile." in answer.content.decode()
    assert shown(meeting)["floor"] == "50"
