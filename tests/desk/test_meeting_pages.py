"""Matching meetings at the desk: opening, the board, locks, settings, decisions, sending, minutes, replaying."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from matching.loans import ask, make_two
from matching.meeting_rows import make_mentee, make_mentor, pairs_of, ready, run_of
from matching.pairs import bring_to, jobs_run
from pytest_django import DjangoAssertNumQueries

from exporting import proven
from factories.django_rows import make_staff, saved, user_of
from mentornet.audit.models import Entry
from mentornet.divisions.models import Division, HiddenPerson, Role
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.matching import services
from mentornet.matching.enums import MeetingState, ProposalState, TieKind
from mentornet.matching.models import MatchingMeeting, MeetingDecision, MeetingRun, MeetingTie, Proposal
from mentornet.programmes.models import Programme
from mentornet.web.ui.printing import missing
from signing import SignIn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]

needs_press = pytest.mark.skipif(bool(missing()), reason="could not run: needs WeasyPrint and Pango")

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


def test_begins_a_meeting_and_shows_how_far_it_is(
    desk: Client, division: Division, programme: Programme, four: Four
) -> None:
    assert "No meeting has been held yet" in desk.get(reverse("desk:meetings")).content.decode()
    page = desk.get(reverse("desk:meeting_new")).content.decode()
    assert programme.name in page
    answer = desk.post(
        reverse("desk:meeting_new"), {"programme": programme.pk, "divisions": [division.pk]}, follow=True
    )
    one = MatchingMeeting.objects.get()
    assert answer.redirect_chain == [(reverse("desk:meeting", args=[one.pk]), 302)]
    assert "Waiting for its turn." in answer.content.decode()
    progress = reverse("desk:meeting_progress", args=[one.pk])
    assert "0 of 5 done." in desk.get(progress, HTTP_HX_REQUEST="true").content.decode()
    assert desk.get(progress).status_code == 302
    jobs_run()
    done = desk.get(progress, HTTP_HX_REQUEST="true")
    assert done.headers["HX-Redirect"] == reverse("desk:meeting", args=[one.pk])
    page = board(desk, one)
    assert "The meeting is ready" in page
    assert "2 of 2 women who wait have a mentor in it" in page
    assert programme.name in desk.get(reverse("desk:meetings")).content.decode()


def test_what_has_stopped_is_started_again(
    desk: Client, coordinator: Staff, division: Division, programme: Programme, four: Four
) -> None:
    desk.post(reverse("desk:meeting_new"), {"programme": programme.pk, "divisions": [division.pk]})
    one = MatchingMeeting.objects.get()
    MatchingMeeting.objects.update(asked_at=coordinator.at.replace(hour=1))
    assert "The work has stopped" in board(desk, one)
    assert "Waiting for its turn." in act(desk, "meeting_again", one)
    jobs_run()
    assert "2 of 2 women" in board(desk, one)


def test_a_form_without_divisions_says_so(desk: Client, programme: Programme, four: Four) -> None:
    answer = desk.post(reverse("desk:meeting_new"), {"programme": programme.pk})
    assert answer.status_code == 422
    assert not MatchingMeeting.objects.exists()


def test_the_longest_wait_stands_first_with_her_candidates(desk: Client, meeting: MatchingMeeting, four: Four) -> None:
    page = board(desk, meeting)
    assert page.index(f'id="w-{four[0].pk}"') < page.index(f'id="w-{four[1].pk}"')
    assert page.count('class="meeting-candidate ') + page.count('class="meeting-candidate"') == 4
    assert page.count("in the best set") == 2


def test_locks_and_shows_what_changed_and_lifts_it_again(desk: Client, meeting: MatchingMeeting, four: Four) -> None:
    page = act(desk, "meeting_tie", meeting, mentee=four[0].pk, mentor=four[3].pk, kind="lock")
    tie = MeetingTie.objects.get()
    assert "Locked. What has changed" in page
    assert "2 women have another mentor than before" in page
    assert "It costs the whole" in page
    assert f"Locked to <bdi>{four[3].person.name}</bdi>" in page
    assert reverse("desk:meeting_lift", args=[meeting.pk, tie.pk]) in page
    assert "Lifted." in act(desk, "meeting_lift", meeting, tie.pk)
    assert "lifted already" in act(desk, "meeting_lift", meeting, tie.pk)
    assert pairs_of(meeting)[four[0].pk] == four[2].pk
    page = act(desk, "meeting_tie", meeting, mentee=four[0].pk, mentor=four[2].pk, kind="forbid")
    assert f"Not <bdi>{four[2].person.name}</bdi>" in page


@pytest.mark.parametrize("data", [{}, {"mentee": "x", "mentor": "y", "kind": "lock"}])
def test_a_button_that_was_not_whole_does_nothing(desk: Client, meeting: MatchingMeeting, data: Any) -> None:
    assert "not complete" in act(desk, "meeting_tie", meeting, **data)
    assert "not complete" in act(desk, "meeting_decide", meeting, **data)
    assert "not complete" in act(desk, "meeting_rest", meeting, **data)
    assert MeetingRun.objects.count() == 1


def settings(meeting: MatchingMeeting, **more: Any) -> dict[str, Any]:
    weights = {f"weight_{name}": value for name, value in meeting.weights.items()}
    return {"seen": 0, "floor": 35, **weights} | more


def test_another_floor_that_nobody_reaches_says_what_is_reachable(
    desk: Client, meeting: MatchingMeeting, four: Four
) -> None:
    page = act(desk, "meeting_settings", meeting, **settings(meeting, floor=99))
    assert "Nobody reaches this floor" in page
    assert "The floor is 99 points. The best pair that the rules allow has 7" in page
    assert "2 pairs fewer." in page
    # What another has changed meanwhile is not overwritten.
    answer = desk.post(reverse("desk:meeting_settings", args=[meeting.pk]), settings(meeting, floor=20))
    assert answer.status_code == 422
    assert "Somebody else has changed the weights" in answer.content.decode()
    answer = desk.post(reverse("desk:meeting_settings", args=[meeting.pk]), settings(meeting, floor="x", seen=1))
    assert answer.status_code == 422


def decision(mentee: Enrolment, **more: Any) -> dict[str, Any]:
    return {"mentee": mentee.pk, "seen": 0, "outcome": "propose", "reason": "Both are nurses."} | more


def test_decides_sends_and_keeps_the_minutes(desk: Client, meeting: MatchingMeeting, four: Four) -> None:
    page = act(
        desk, "meeting_decide", meeting, **decision(four[0], mentor=four[2].pk, dissent="Pia would have waited.")
    )
    assert "Decided. Nobody is told until" in page
    assert "Send 1 proposal" in page
    one = MeetingDecision.objects.get()
    assert "Somebody else has decided" in act(desk, "meeting_decide", meeting, **decision(four[0], outcome="wait"))
    assert "Taken back" in act(desk, "meeting_decision_back", meeting, one.pk, 1)
    assert not MeetingDecision.objects.exists()
    act(desk, "meeting_decide", meeting, **decision(four[0], mentor=four[2].pk, dissent="Pia would have waited."))
    page = act(desk, "meeting_rest", meeting, seen_run=run_of(meeting).number, reason="As it stands.")
    assert "1 pair decided as the set stands." in page
    page = act(desk, "meeting_send", meeting)
    assert "2 proposals sent." in page
    assert Proposal.objects.count() == 2
    assert "0 proposals sent." in act(desk, "meeting_send", meeting)
    page = act(desk, "meeting_close", meeting)
    assert "The meeting is closed." in page
    for words in ("Pia would have waited.", "Both are nurses.", four[1].person.name, "2 proposals were sent."):
        assert words in page
    assert "closed it on" in board(desk, meeting)
    assert "open again" in act(desk, "meeting_reopen", meeting)
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.OPEN


def test_who_is_searched_for_outside_is_not_called_one_nobody_looks_for(
    desk: Client, meeting: MatchingMeeting, four: Four
) -> None:
    idle = "Nobody is looked for now."
    assert idle in act(desk, "meeting_decide", meeting, **decision(four[0], outcome="wait"))
    page = act(desk, "meeting_decide", meeting, **decision(four[0], outcome="search") | {"seen": 1})
    assert "A mentor is looked for outside the bank" in page
    assert idle not in page


def test_says_that_people_have_changed_and_looks_anew(
    desk: Client, division: Division, programme: Programme, meeting: MatchingMeeting, four: Four
) -> None:
    assert "What is known of people has changed" not in board(desk, meeting)
    act(desk, "meeting_rest", meeting, seen_run=1, reason="As it stands.")
    third = make_mentee(division, programme, waited=200)
    make_mentor(division, programme)
    assert "What is known of people has changed" in board(desk, meeting)
    page = act(desk, "meeting_send", meeting)
    assert "Nothing was sent" in page
    assert third.person.name in page
    assert "What is known of people has changed since</" not in page
    assert "2 proposals sent." in act(desk, "meeting_send", meeting)
    make_mentor(division, programme)
    assert "looked for anew" in act(desk, "meeting_solve", meeting)


def test_a_lock_that_cannot_stand_is_named_on_the_board(desk: Client, meeting: MatchingMeeting, four: Four) -> None:
    act(desk, "meeting_tie", meeting, mentee=four[0].pk, mentor=four[3].pk, kind="lock")
    Enrolment.objects.filter(pk=four[3].pk).update(capacity=1, active=1, stamp=8)
    page = board(desk, meeting)
    assert "These locks cannot stand" in page
    assert "a rule stands between them now (a place left)" in page


def test_minutes_leave_on_paper_and_as_a_file_on_the_record(desk: Client, meeting: MatchingMeeting, four: Four) -> None:
    act(desk, "meeting_decide", meeting, **decision(four[0], mentor=four[2].pk))
    address = reverse("desk:meeting_minutes", args=[meeting.pk])
    assert "data-print" not in desk.get(address).content.decode()
    assert "data-print" in desk.post(address).content.decode()
    assert Entry.objects.filter(act="matching.make_minutes").count() == 1


@needs_press
def test_minutes_as_a_pdf(desk: Client, meeting: MatchingMeeting, four: Four) -> None:
    address = reverse("desk:meeting_minutes", args=[meeting.pk])
    made = desk.post(address, {"as": "pdf"})
    assert made.headers["Content-Type"] == "application/pdf"
    assert made.content.startswith(b"%PDF")
    assert Entry.objects.filter(act="matching.make_minutes").count() == 1


def test_minutes_leave_with_nobody_who_has_not_shown_who_she_is(
    client: Client, sign_in: SignIn, coordinator: Staff, meeting: MatchingMeeting
) -> None:
    address = reverse("desk:meeting_minutes", args=[meeting.pk])
    answer = sign_in(client, coordinator).post(address)
    assert answer.status_code == 302
    assert "reauthenticate" in answer.headers["Location"]
    assert not Entry.objects.filter(act="matching.make_minutes").exists()


def test_a_run_is_computed_once_more(desk: Client, meeting: MatchingMeeting, four: Four) -> None:
    act(desk, "meeting_tie", meeting, mentee=four[0].pk, mentor=four[3].pk, kind="lock")
    address = reverse("desk:meeting_run", args=[meeting.pk, 2])
    page = desk.get(address).content.decode()
    assert four[0].person.name in page
    assert run_of(meeting).fingerprint in page
    assert "The same question gives the same pairs" in desk.post(address).content.decode()
    MeetingRun.objects.filter(number=2).update(pairs=[[0, 0, 1]])
    assert "It does not hold" in desk.post(address).content.decode()
    assert "The first set: 2 pairs." in desk.get(reverse("desk:meeting_run", args=[meeting.pk, 1])).content.decode()
    assert desk.get(reverse("desk:meeting_run", args=[meeting.pk, 9])).status_code == 404


def test_two_learn_of_each_other(
    desk: Client, sign_in: SignIn, division: Division, meeting: MatchingMeeting, four: Four
) -> None:
    colleague = sign_in(Client(), make_staff(Role.COORDINATOR, division, name="Pia Fog"))
    meeting.refresh_from_db()
    pulse = reverse("desk:meeting_pulse", args=[meeting.pk])
    seen = {"seen": str(meeting.revision)}
    assert "moved on" not in desk.get(pulse, seen, HTTP_HX_REQUEST="true").content.decode()
    act(colleague, "meeting_tie", meeting, mentee=four[0].pk, mentor=four[3].pk, kind="lock")
    told = desk.get(pulse, seen, HTTP_HX_REQUEST="true").content.decode()
    assert "<bdi>Pia Fog</bdi>: A pair was locked." in told
    assert "hx-get" not in told
    assert desk.get(pulse, seen).status_code == 302


def test_another_divisions_meeting_is_not_there(
    client: Client, sign_in: SignIn, other_coordinator: Staff, meeting: MatchingMeeting, four: Four
) -> None:
    other = sign_in(client, other_coordinator)
    assert other.get(reverse("desk:meeting", args=[meeting.pk])).status_code == 404
    assert other.get(reverse("desk:meeting_minutes", args=[meeting.pk])).status_code == 404
    assert str(meeting.pk) not in other.get(reverse("desk:meetings")).content.decode()


@pytest.mark.parametrize("at", [0, 2])
def test_whoever_is_hidden_from_her_is_not_in_the_meeting(
    desk: Client, coordinator: Staff, sign_in: SignIn, division: Division, meeting: MatchingMeeting, four: Four, at: int
) -> None:
    colleague = sign_in(Client(), make_staff(Role.COORDINATOR, division, name="Pia Fog"))
    act(colleague, "meeting_tie", meeting, mentee=four[0].pk, mentor=four[3].pk, kind="lock")
    act(colleague, "meeting_decide", meeting, **decision(four[0], mentor=four[3].pk))
    name = four[at].person.name
    assert name in board(desk, meeting)
    saved(
        HiddenPerson(
            user=user_of(coordinator), person_id=four[at].person_id, reason="A cousin.", set_by="system:tests",
            created_at=coordinator.at,
        ),
        exclude=("lifted_at",),
    )  # fmt: skip
    addresses = [reverse("desk:meeting", args=[meeting.pk]), reverse("desk:meeting_minutes", args=[meeting.pk])]
    addresses += [reverse("desk:meeting_run", args=[meeting.pk, number]) for number in (1, 2)]
    for address in addresses:
        page = desk.get(address).content.decode()
        assert name not in page, address
        assert str(four[at].pk) not in page, address
    looked_at = "1 who wait, 2 in the bank" if at == 0 else "2 who wait, 1 in the bank"
    assert looked_at in desk.get(addresses[-1]).content.decode()
    counted = "0 decisions" if at == 0 else "1 decision "
    assert counted in desk.get(reverse("desk:meetings")).content.decode()
    assert ("1 woman who waits" if at == 0 else "2 women who wait") in board(desk, meeting)


def test_filters_of_the_agenda(desk: Client, meeting: MatchingMeeting, four: Four) -> None:
    act(desk, "meeting_decide", meeting, **decision(four[0], mentor=four[2].pk))
    first, second = (f'id="w-{one.pk}"' for one in four[:2])
    for state, shown in (("decided", (True, False)), ("undecided", (False, True)), ("without", (False, False))):
        page = board(desk, meeting, state=state)
        assert (first in page, second in page) == shown, state
    assert "Nobody on the agenda is like that" in board(desk, meeting, state="changed")


def test_a_mentor_of_whom_one_has_said_no_is_named_and_not_offered(
    desk: Client, coordinator: Staff, division: Division, programme: Programme, four: Four
) -> None:
    bring_to(ProposalState.DECLINED, coordinator, (four[0], four[2]))
    one = ready(coordinator, programme, [division])
    page = board(desk, one)
    name = f"<bdi>{four[2].person.name}</bdi>"
    assert f"Not {name} by itself: one of the two has said no before." in page
    assert reverse("desk:match_pair", args=[four[0].pk, four[2].pk]) in page
    assert page.count('class="meeting-candidate ') + page.count('class="meeting-candidate"') == 3
    # Locked by hand, she is offered as any other.
    services.tie_pair(by=coordinator, meeting=one, mentee=four[0], mentor=four[2], kind=TieKind.LOCK)
    page = board(desk, one)
    assert page.count('class="meeting-candidate ') + page.count('class="meeting-candidate"') == 4


def test_a_mentor_on_loan_is_told_of_in_the_meeting(
    client: Client, sign_in: SignIn, division: Division, other_division: Division
) -> None:
    two = make_two(division, other_division)
    loan = ask(two)
    one = ready(two.asks, two.programme, [division])
    desk = proven(sign_in(client, two.asks), two.asks)
    said = f"A mentor of {other_division.name} is released for her."
    assert said not in board(desk, one)
    services.release_loan(by=two.lends, loan=loan, answer="She is glad to.")
    page = board(desk, one)
    assert said in page
    answer = desk.get(reverse("desk:match_pair", args=[two.mentee.pk, loan.mentor_id]))
    assert answer.status_code == 200


@pytest.mark.parametrize("more", [0, 2])
def test_the_board_asks_as_often_for_three_as_for_one(
    desk: Client,
    coordinator: Staff,
    division: Division,
    programme: Programme,
    django_assert_num_queries: DjangoAssertNumQueries,
    more: int,
) -> None:
    make_mentor(division, programme)
    for _number in range(1 + more):
        make_mentee(division, programme)
        make_mentor(division, programme)
    one = ready(coordinator, programme, [division])
    mentee, mentor = next(iter(pairs_of(one).items()))
    act(desk, "meeting_tie", one, mentee=mentee, mentor=mentor, kind="forbid")
    board(desk, one)
    with django_assert_num_queries(27):
        board(desk, one)
    with django_assert_num_queries(6):
        desk.get(reverse("desk:meeting_pulse", args=[one.pk]), {"seen": "1"}, HTTP_HX_REQUEST="true")


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_meetings_asks_as_often_for_three_as_for_one(
    desk: Client,
    coordinator: Staff,
    division: Division,
    programme: Programme,
    django_assert_num_queries: DjangoAssertNumQueries,
    count: int,
) -> None:
    for _number in range(count):
        ready(coordinator, programme, [division])
    with django_assert_num_queries(8):
        desk.get(reverse("desk:meetings"))


def test_a_mentor_on_loan_is_a_candidate_of_hers_and_can_be_locked(
    client: Client, sign_in: SignIn, division: Division, other_division: Division
) -> None:
    two = make_two(division, other_division)
    loan = services.release_loan(by=two.lends, loan=ask(two))
    one = ready(two.asks, two.programme, [division])
    desk = proven(sign_in(client, two.asks), two.asks)
    page = board(desk, one)
    assert "1 of 1 woman who waits has a mentor in it" in page
    assert page.count("on loan") == 1
    page = act(desk, "meeting_tie", one, mentee=two.mentee.pk, mentor=loan.mentor_id, kind="lock")
    mentor = Enrolment.objects.select_related("person").get(pk=loan.mentor_id)
    assert f"Locked to <bdi>{mentor.person.name}</bdi>" in page
