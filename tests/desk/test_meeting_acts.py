"""What an act in a meeting cost, who can be locked from elsewhere, and meetings that are about the same list."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from matching.meeting_rows import make_mentee, make_mentor, ready, run_of
from matching.pairs import jobs_run

from exporting import proven
from factories.django_rows import make_staff
from mentornet.audit.models import Entry
from mentornet.divisions.models import Division, Role
from mentornet.divisions.staff import Staff
from mentornet.intake.enums import EarlierReason
from mentornet.intake.models import Enrolment
from mentornet.intake.services.waiting import take_earlier
from mentornet.matching import services
from mentornet.matching.models import MatchingMeeting, MeetingDecision, MeetingRun
from mentornet.programmes.models import Programme
from signing import SignIn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]

Four = tuple[Enrolment, Enrolment, Enrolment, Enrolment]


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


def board(desk: Client, meeting: MatchingMeeting, **query: str) -> str:
    return desk.get(reverse("desk:meeting", args=[meeting.pk]), query).content.decode()


def act(desk: Client, name: str, meeting: MatchingMeeting, *more: Any, **data: Any) -> str:
    answer = desk.post(reverse(f"desk:{name}", args=[meeting.pk, *more]), data, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def settings(meeting: MatchingMeeting, **more: Any) -> dict[str, Any]:
    weights = {f"weight_{name}": value for name, value in meeting.weights.items()}
    return {"seen": 0, "floor": 35, **weights} | more


def decision(mentee: Enrolment, **more: Any) -> dict[str, Any]:
    return {"mentee": mentee.pk, "seen": 0, "outcome": "propose", "reason": "Both are nurses."} | more


# What it cost, and what is reachable ----------------------------------------------------------------------------------


def test_another_floor_alone_tells_the_cost_in_points(desk: Client, meeting: MatchingMeeting, four: Four) -> None:
    page = act(desk, "meeting_settings", meeting, **settings(meeting, floor=99))
    assert "It costs the whole" in page
    assert "The points are not compared" not in page
    assert 'data-label="Points"' in page


def test_other_weights_tell_no_difference_of_points(desk: Client, meeting: MatchingMeeting, four: Four) -> None:
    # Of the pace nothing is known: nobody reaches the floor by it.
    given = settings(meeting, floor=99) | {f"weight_{name}": 90 * (name == "pace") for name in meeting.weights}
    page = act(desk, "meeting_settings", meeting, **given)
    assert "The points are not compared: they are given by other weights or criteria now." in page
    assert "It costs the whole" not in page
    assert "2 women have another mentor than before, or none." in page
    assert 'data-label="Points"' not in page


def test_a_floor_that_only_a_lock_passes_says_what_is_reachable(
    desk: Client, meeting: MatchingMeeting, four: Four
) -> None:
    act(desk, "meeting_tie", meeting, mentee=four[0].pk, mentor=four[2].pk, kind="lock")
    page = act(desk, "meeting_settings", meeting, **settings(meeting, floor=99))
    assert "1 of 2 women who wait have a mentor in it" in page
    assert "Nobody but the locked pairs reaches this floor" in page
    # What is told is reached, typed as it stands there.
    told = re.search(r"at a floor of ([0-9.]+) or lower there are more pairs", page)
    assert told is not None
    best = run_of(meeting).settings["reachable"]
    assert float(told[1]) * 100 <= best < float(told[1]) * 100 + 10
    page = act(desk, "meeting_settings", meeting, **settings(meeting, floor=told[1], seen=1))
    assert "2 of 2 women who wait have a mentor in it" in page


def test_what_is_reachable_is_told_rounded_down(desk: Client, meeting: MatchingMeeting, four: Four) -> None:
    act(desk, "meeting_settings", meeting, **settings(meeting, floor=99))
    run = run_of(meeting)
    MeetingRun.objects.filter(pk=run.pk).update(settings=run.settings | {"reachable": 9028})
    page = board(desk, meeting)
    assert "at a floor of 90.2 or lower there are pairs" in page


def test_a_lock_that_was_sent_is_no_wrong_one(desk: Client, meeting: MatchingMeeting, four: Four) -> None:
    act(desk, "meeting_tie", meeting, mentee=four[0].pk, mentor=four[2].pk, kind="lock")
    act(desk, "meeting_decide", meeting, **decision(four[0], mentor=four[2].pk))
    page = act(desk, "meeting_send", meeting)
    assert "1 proposal sent." in page
    assert "These locks cannot stand" not in page


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("meeting_decide", {"outcome": "wait"}, "A decision was made"),
        ("meeting_rest", {"seen_run": 1, "reason": "As it stands."}, "All that was left was decided as the set has it"),
        ("meeting_solve", {}, "The best set was looked for anew"),
        ("meeting_close", {}, "The meeting was closed"),
    ],
)
def test_the_pulse_names_what_was_really_done(
    desk: Client, sign_in: SignIn, division: Division, meeting: MatchingMeeting, four: Four, name: str,
    data: dict[str, Any], said: str,
) -> None:  # fmt: skip
    colleague = sign_in(Client(), make_staff(Role.COORDINATOR, division, name="Pia Fog"))
    act(desk, "meeting_settings", meeting, **settings(meeting, floor=20))
    meeting.refresh_from_db()
    seen = {"seen": str(meeting.revision)}
    if name == "meeting_decide":
        data = decision(four[0], **data)
    if name == "meeting_rest":
        data = data | {"seen_run": run_of(meeting).number}
    act(colleague, name, meeting, **data)
    pulse = reverse("desk:meeting_pulse", args=[meeting.pk])
    assert f"<bdi>Pia Fog</bdi>: {said}." in desk.get(pulse, seen, HTTP_HX_REQUEST="true").content.decode()
    own = colleague.get(pulse, seen, HTTP_HX_REQUEST="true").content.decode()
    assert "Something was done in another window." in own


def test_who_waits_no_more_is_named_with_the_reason_and_not_sent_for_ever(
    desk: Client, coordinator: Staff, meeting: MatchingMeeting, four: Four
) -> None:
    act(desk, "meeting_decide", meeting, **decision(four[0], mentor=four[2].pk))
    assert "Send 1 proposal" in board(desk, meeting)
    services.propose(by=coordinator, mentee=four[0], mentor=four[3], reason="Meanwhile.", seen_version=1)
    page = board(desk, meeting)
    assert "Decided, and she waits no more" in page
    assert "Send 1 proposal" not in page
    services.solve_again(by=coordinator, meeting=meeting)
    assert services.send_decided(by=coordinator, meeting=meeting).count == 0
    one = MeetingDecision.objects.get()
    assert one.refused
    page = board(desk, meeting)
    assert escape(one.refused) in page
    page = act(desk, "meeting_decision_back", meeting, one.pk, one.number)
    assert "she waits no more" not in page


# Anybody of the bank --------------------------------------------------------------------------------------------------


def test_somebody_who_is_not_among_the_three_is_locked_from_the_page_of_the_two(
    desk: Client, coordinator: Staff, division: Division, programme: Programme, four: Four
) -> None:
    for _number in range(3):
        make_mentor(division, programme, topics=("cv", "network"), occupation="2221")
    far = make_mentor(division, programme, topics=("danish",), occupation="9112")
    pair = reverse("desk:match_pair", args=[four[0].pk, far.pk])
    assert "In the matching meeting" not in desk.get(pair).content.decode()
    one = ready(coordinator, programme, [division])
    assert far.person.name not in board(desk, one)
    page = desk.get(pair).content.decode()
    assert "Lock in the meeting" in page
    assert f'action="{reverse("desk:meeting_decide", args=[one.pk])}"' in page
    answer = desk.post(
        reverse("desk:meeting_tie", args=[one.pk]), {"mentee": four[0].pk, "mentor": far.pk, "kind": "lock"}
    )
    assert answer.headers["Location"] == reverse("desk:meeting", args=[one.pk]) + f"?page=1#w-{four[0].pk}"
    page = board(desk, one)
    assert f"Locked to <bdi>{far.person.name}</bdi>" in page
    # Beside the three she has a row of her own now.
    assert reverse("desk:match_pair", args=[four[0].pk, far.pk]) in page
    assert "Lock in the meeting" not in desk.get(pair).content.decode()
    act(desk, "meeting_decide", one, **decision(four[0], mentor=far.pk))
    assert MeetingDecision.objects.get().mentor_id == far.pk
    page = desk.get(pair).content.decode()
    assert "Decide otherwise in the meeting" in page
    act(desk, "meeting_close", one)
    assert "In the matching meeting" not in desk.get(pair).content.decode()


def test_another_meeting_is_none_for_these_two(
    desk: Client, coordinator: Staff, division: Division, other_division: Division, programme: Programme, four: Four
) -> None:
    lead = make_staff(Role.NATIONAL_LEAD)
    ready(lead, programme, [division, other_division])
    ready(lead, programme, [other_division])
    page = desk.get(reverse("desk:match_pair", args=[four[0].pk, four[2].pk])).content.decode()
    assert "In the matching meeting" not in page


# The list -------------------------------------------------------------------------------------------------------------


def test_who_is_taken_before_others_stands_first_with_the_reason(
    desk: Client, meeting: MatchingMeeting, coordinator: Staff, four: Four
) -> None:
    assert "Taken before others" not in board(desk, meeting)
    take_earlier(by=coordinator, enrolment=four[1], reason=EarlierReason.DEADLINE, words="A job begins.")
    page = board(desk, meeting)
    assert page.index(f'id="w-{four[1].pk}"') < page.index(f'id="w-{four[0].pk}"')
    assert page.count("Taken before others") == 1
    assert escape(str(EarlierReason.DEADLINE.label)) in page


def test_a_meeting_begun_by_mistake_is_thrown_away(
    desk: Client, division: Division, programme: Programme, meeting: MatchingMeeting, coordinator: Staff, four: Four
) -> None:
    act(desk, "meeting_tie", meeting, mentee=four[0].pk, mentor=four[3].pk, kind="lock")
    address = reverse("desk:meeting_throw_away", args=[meeting.pk])
    assert f'href="{address}"' in board(desk, meeting)
    # First it is said what would be gone; looking throws nothing away.
    page = desk.get(address).content.decode()
    assert f"<bdi>{four[0].person.name}</bdi> – <bdi>{four[3].person.name}</bdi>" in page
    assert "The best set was looked for 2 times." in page
    assert MatchingMeeting.objects.exists()
    page = act(desk, "meeting_throw_away", meeting)
    assert "The meeting is thrown away." in page
    assert not MatchingMeeting.objects.exists()
    assert not MeetingRun.objects.exists()
    assert Entry.objects.get(act="matching.throw_meeting_away").object_id == str(meeting.pk)
    assert desk.get(reverse("desk:meeting", args=[meeting.pk])).status_code == 404


def test_one_that_is_still_prepared_is_thrown_away_and_its_work_ends(
    desk: Client, division: Division, programme: Programme, coordinator: Staff, four: Four
) -> None:
    one = services.open_meeting(by=coordinator, programme=programme, divisions=[division])
    assert "Throw the meeting away" in board(desk, one)
    act(desk, "meeting_throw_away", one)
    jobs_run()
    assert not MatchingMeeting.objects.exists()


def test_with_a_decision_it_stays(desk: Client, meeting: MatchingMeeting, four: Four) -> None:
    act(desk, "meeting_decide", meeting, **decision(four[0], outcome="wait"))
    assert "Throw the meeting away" not in board(desk, meeting)
    assert "Something has been decided in this meeting" in act(desk, "meeting_throw_away", meeting)
    answer = desk.get(reverse("desk:meeting_throw_away", args=[meeting.pk]), follow=True)
    assert answer.redirect_chain == [(reverse("desk:meeting", args=[meeting.pk]), 302)]
    assert "Something has been decided in this meeting" in answer.content.decode()
    assert MatchingMeeting.objects.exists()


def test_another_open_meeting_about_the_same_list_is_told_of(
    desk: Client, coordinator: Staff, division: Division, other_division: Division, programme: Programme,
    meeting: MatchingMeeting, four: Four,
) -> None:  # fmt: skip
    told = "Another meeting is open about the same list"
    assert told not in board(desk, meeting)
    ready(make_staff(Role.NATIONAL_LEAD), programme, [division, other_division])
    # She does not sit in that one: to her it is not there.
    assert told not in board(desk, meeting)
    other = ready(coordinator, programme, [division])
    assert told in board(desk, meeting)
    services.close_meeting(by=coordinator, meeting=other)
    assert told not in board(desk, meeting)


# Many changes at once -------------------------------------------------------------------------------------------------


@pytest.fixture
def sixty(coordinator: Staff, division: Division, programme: Programme) -> MatchingMeeting:
    for _number in range(60):
        make_mentee(division, programme)
        make_mentor(division, programme)
    return ready(coordinator, programme, [division])


def test_the_first_changes_stand_open_the_others_are_folded_and_the_rest_stands_on_pages(
    desk: Client, sixty: MatchingMeeting
) -> None:
    page = act(desk, "meeting_settings", sixty, **settings(sixty, floor=99))
    assert "60 women have another mentor than before, or none." in page
    opened, folded = page.split("Show 44 more", 1)
    assert opened.count('class="unknown">nobody') == 6
    assert folded.count('class="unknown">nobody') == 44
    assert "<details" in opened.rpartition("</table>")[2]
    run = reverse("desk:meeting_run", args=[sixty.pk, 2])
    assert f'<a href="{run}">All 60 changes, page by page</a>' in page
    first = desk.get(run).content.decode()
    assert "1 to 50 of 60" in first
    second = desk.get(run, {"page": "2"}).content.decode()
    assert "51 to 60 of 60" in second
    assert second.count('class="unknown">nobody') == 10
    assert "60 women have another mentor" in second
    # Each of them once, on one of the pages.
    names = [re.findall(r'scope="row"><bdi>([^<]+)</bdi>', one) for one in (first, second)]
    assert [len(some) for some in names] == [50, 10]
    assert all(desk.get(run, {"page": page}).status_code == 200 for page in ("0", "x", "99"))
    # Computed once more from the second page, that page stands again.
    assert "51 to 60 of 60" in desk.post(f"{run}?page=2").content.decode()


def test_a_few_changes_stand_open_without_anything_folded(desk: Client, meeting: MatchingMeeting, four: Four) -> None:
    page = act(desk, "meeting_settings", meeting, **settings(meeting, floor=99))
    assert "meeting-more" not in page
    assert "page by page" not in page
    assert page.count('class="unknown">nobody') == 2
