"""The first meeting, found by the two themselves: times, places, and whether they met."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any, Final

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from matching.herself import chooses, herself, make_place, places_of, says, times_of
from matching.mistakes import as_it_is, open_tasks, refused, soon, take_back
from matching.pairs import both_say_yes, later, letters_arrive, make_pair, propose

from factories.django_rows import AT, TODAY, make_division, make_enrolment, make_programme
from mentornet.agenda.models import Kind, Task
from mentornet.agenda.services import snooze
from mentornet.audit.models import Entry
from mentornet.common.actors import System
from mentornet.common.answers import ChangedMeanwhileError, NotAllowedError
from mentornet.common.holidays import easter, is_holiday
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.matching import services
from mentornet.matching.enums import ProposalState, Side
from mentornet.matching.models import MeetingOption, Proposal
from mentornet.matching.times import common_slots, suggested_times
from mentornet.messaging.models import Letter
from mentornet.people.validators import SLOTS

pytestmark = pytest.mark.django_db

S = ProposalState
WEEK: Final = ("mon-evening", "wed-morning", "sat-afternoon")


def willing(by: Staff, division: Division, **profiles: Any) -> Proposal:
    """Return a proposal of two who both want to meet, and can at the same three times of the week."""
    programme = make_programme(meets_first=True)
    pair = (
        make_enrolment("mentee", division, programme=programme, availability=WEEK, **profiles),
        make_enrolment("mentor", division, programme=programme, availability=(*WEEK, "sun-morning")),
    )
    return both_say_yes(by, propose(by, pair))


def events() -> list[str]:
    return sorted(Letter.objects.exclude(event__startswith="proposal_").values_list("event", flat=True))


# Which times --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "sunday"),
    [(2019, date(2019, 4, 21)), (2024, date(2024, 3, 31)), (2026, date(2026, 4, 5)), (2038, date(2038, 4, 25))],
)
def test_easter(year: int, sunday: date) -> None:
    assert easter(year) == sunday
    assert sunday.weekday() == 6


def test_holidays_of_a_year() -> None:
    found = [day for number in range(365) if is_holiday(day := date(2026, 1, 1) + timedelta(days=number))]
    assert [f"{day:%d.%m.}" for day in found] == [
        "01.01.", "02.04.", "03.04.", "05.04.", "06.04.", "14.05.", "24.05.", "25.05.", "05.06.", "24.12.", "25.12.",
        "26.12.", "31.12.",
    ]  # fmt: skip
    # Great Prayer Day was one until it was done away with.
    assert is_holiday(date(2023, 5, 5))
    assert not is_holiday(date(2024, 4, 26))


def test_three_different_times_after_there_was_time_to_choose() -> None:
    slots = common_slots(WEEK, WEEK)
    found = suggested_times(slots, TODAY)
    # A Monday morning: nothing in the next three days, one each, the first of each kind.
    assert [f"{timezone.localtime(at):%a %d.%m. %H:%M}" for at in found] == [
        "Sat 07.03. 14:00", "Mon 09.03. 17:30", "Wed 11.03. 10:00",
    ]  # fmt: skip
    assert found == suggested_times(slots, TODAY)


def test_one_slot_gives_three_weeks_of_it_without_holidays() -> None:
    found = suggested_times(common_slots(["thu-morning"], ["thu-morning"]), date(2026, 3, 23))
    # 2 April 2026 is Maundy Thursday.
    assert [timezone.localtime(at).date() for at in found] == [date(2026, 4, 9)]


def test_of_whom_nothing_is_known_the_other_s_times_are_asked() -> None:
    assert common_slots(None, ["mon-evening"]) == {SLOTS["mon-evening"]}
    assert common_slots(None, None) == frozenset()
    assert common_slots(["mon-evening"], ["tue-evening"]) == frozenset()
    assert suggested_times(frozenset(), TODAY) == []


@pytest.mark.parametrize("days", range(0, 24, 5))
def test_no_day_twice_and_all_within_three_weeks(days: int) -> None:
    day = TODAY + timedelta(days=days)
    found = suggested_times(common_slots(list(SLOTS), None), day)
    assert len({at.date() for at in found}) == len(found) == 3
    assert all(day + timedelta(days=4) <= timezone.localtime(at).date() <= day + timedelta(days=21) for at in found)


# Suggested ----------------------------------------------------------------------------------------------------------


def test_times_and_the_division_s_places_are_suggested(coordinator: Staff, division: Division) -> None:
    for name in ("Bazar", "Amfi", "Café", "Dansk hus"):
        make_place(division, name)
    make_place(division, "Aabning", is_active=False)
    make_place(make_division("Aalborg"), "Aalborg bibliotek")
    proposal = willing(coordinator, division)
    assert len(times_of(proposal)) == 3
    # The first three by name that are suggested, and nobody else's.
    assert [one.place.name for one in places_of(proposal) if one.place] == ["Amfi", "Bazar", "Café"]
    assert events() == ["meeting_choose"] * 2
    assert {letter.values["link"] for letter in Letter.objects.filter(event="meeting_choose")} == {
        f"proposal:{proposal.pk}:{side.person_id}" for side in (proposal.mentee, proposal.mentor)
    }


def test_whoever_meets_online_alone_is_suggested_no_place(coordinator: Staff, division: Division) -> None:
    make_place(division)
    proposal = willing(coordinator, division, meeting=("online",))
    assert (len(times_of(proposal)), places_of(proposal)) == (3, [])


def test_without_a_common_time_the_coordinator_finds_one(coordinator: Staff, division: Division) -> None:
    both_say_yes(coordinator, propose(coordinator, make_pair(division, make_programme(meets_first=True))))
    assert not MeetingOption.objects.exists()
    assert events() == []
    assert open_tasks() == [(Kind.MEET_FIRST, TODAY + services.CHOOSE_AGAIN_WITHIN)]


# Chosen -------------------------------------------------------------------------------------------------------------


def test_the_first_time_and_place_that_suit_both_become_the_meeting(coordinator: Staff, division: Division) -> None:
    make_place(division, "Amfi", address="Torvet 1, Odense")
    make_place(division, "Bazar")
    proposal = willing(coordinator, division)
    letters_arrive()
    one, two, three = times_of(proposal)
    here, there = places_of(proposal)
    proposal = chooses(proposal, Side.MENTEE, two, three, here, there)
    assert proposal.meeting_on is None
    proposal = chooses(proposal, Side.MENTOR, one, two, three, here)
    assert two.starts_at is not None
    local = timezone.localtime(two.starts_at)
    assert (proposal.meeting_on, proposal.meeting_time) == (local.date(), local.time())
    assert proposal.meeting_place == "Amfi, Torvet 1, Odense"
    assert proposal.expires_on is not None
    assert proposal.expires_on >= local.date() + timedelta(days=proposal.version.expiry_days)
    told = Letter.objects.filter(event="meet_first_at")
    assert told.count() == 2
    assert {letter.values["time"] for letter in told} == {"17:30"}
    assert open_tasks() == [(Kind.MEET_FIRST, local.date() + timedelta(days=1))]
    assert list(Entry.objects.filter(act="matching.choose_times").values_list("detail__side", flat=True)) == [
        "mentee", "mentor",
    ]  # fmt: skip


def test_a_meeting_by_hand_calls_the_question_back(coordinator: Staff, division: Division) -> None:
    proposal = willing(coordinator, division)
    services.plan_meeting(
        by=soon(coordinator), proposal=proposal, on=TODAY + timedelta(days=5), place="The library", starts=time(11)
    )
    states = dict(Letter.objects.filter(about_id=proposal.pk).values_list("event", "state"))
    assert (states["meeting_choose"], states["meet_first_at"]) == ("taken_back", "queued")
    for act in ([], times_of(proposal)[:1]):
        refused(lambda act=act: chooses(proposal, Side.MENTEE, *act), proposal, NotAllowedError, "has a day by now")  # type: ignore[misc]


def test_none_suits_her_asks_the_coordinator_today(coordinator: Staff, division: Division) -> None:
    make_place(division)
    proposal = willing(coordinator, division)
    task = Task.objects.get(kind=Kind.MEET_FIRST, done_at=None)
    snooze(by=coordinator, task=task, until=TODAY + timedelta(days=9), reason="Holiday.")
    proposal = chooses(proposal, Side.MENTEE)
    task.refresh_from_db()
    assert (task.due_on, task.snoozed_until) == (TODAY, None)
    assert not any(one.suits_mentee for one in MeetingOption.objects.all())
    # She may think better of it until somebody has called.
    (place,) = places_of(proposal)
    assert chooses(proposal, Side.MENTEE, *times_of(proposal), place).meeting_on is None
    assert chooses(proposal, Side.MENTOR, *times_of(proposal), place).meeting_on is not None


def test_no_common_time_asks_the_coordinator(coordinator: Staff, division: Division) -> None:
    make_place(division)
    proposal = willing(coordinator, division)
    one, two, _three = times_of(proposal)
    (place,) = places_of(proposal)
    chooses(proposal, Side.MENTEE, one, place)
    assert open_tasks()[0][1] > TODAY
    proposal = chooses(proposal, Side.MENTOR, two, place)
    assert proposal.meeting_on is None
    assert open_tasks() == [(Kind.MEET_FIRST, TODAY)]


def test_a_common_time_without_a_place_is_the_coordinator_s(coordinator: Staff, division: Division) -> None:
    proposal = willing(coordinator, division)
    one, *_others = times_of(proposal)
    for side in Side:
        proposal = chooses(proposal, side, one)
    assert proposal.meeting_on is None
    assert open_tasks() == [(Kind.MEET_FIRST, TODAY)]
    assert services.common_to_both(list(MeetingOption.objects.all()), AT) == (one.starts_at, None)


def test_a_time_that_is_over_is_not_taken(coordinator: Staff, division: Division) -> None:
    make_place(division)
    proposal = willing(coordinator, division)
    one, two, _three = times_of(proposal)
    (place,) = places_of(proposal)
    assert one.starts_at is not None
    days = (timezone.localtime(one.starts_at).date() - TODAY).days
    chooses(proposal, Side.MENTEE, one, two, place)
    proposal = chooses(proposal, Side.MENTOR, one, two, place, days=days, hours=12)
    assert two.starts_at is not None
    assert proposal.meeting_on == timezone.localtime(two.starts_at).date()


def test_she_chooses_what_was_suggested_to_her(coordinator: Staff, division: Division) -> None:
    make_place(division, "Amfi")
    make_place(division, "Bazar")
    proposal, other = willing(coordinator, division), willing(coordinator, division)
    refused(lambda: chooses(proposal, Side.MENTEE, *times_of(other)), proposal, ChangedMeanwhileError, "changed since")
    with pytest.raises(ValidationError, match="at least one place"):
        chooses(proposal, Side.MENTEE, *times_of(proposal))
    with pytest.raises(ValidationError, match="at least one time"):
        chooses(proposal, Side.MENTEE, *places_of(proposal))


def test_pressed_twice_plans_once(coordinator: Staff, division: Division) -> None:
    make_place(division)
    proposal = willing(coordinator, division)
    wanted = [times_of(proposal)[0], *places_of(proposal)]
    for side in Side:
        chooses(proposal, side, *wanted)
    before = as_it_is(proposal)
    chooses(proposal, Side.MENTOR, *wanted, minutes=6)
    assert as_it_is(proposal) == before


def test_a_yes_taken_back_forgets_what_was_suggested(coordinator: Staff, division: Division) -> None:
    proposal = willing(coordinator, division)
    first = {one.pk for one in MeetingOption.objects.all()}
    take_back(soon(coordinator), proposal, Side.MENTOR)
    assert not MeetingOption.objects.exists()
    assert set(Letter.objects.filter(event="meeting_choose").values_list("state", flat=True)) == {"taken_back"}
    says(proposal, Side.MENTOR, later={"minutes": 9})
    assert first.isdisjoint(one.pk for one in MeetingOption.objects.all())
    assert Letter.objects.filter(event="meeting_choose", state="queued").count() == 2


def test_a_withdrawal_taken_back_asks_for_times_again(coordinator: Staff, division: Division) -> None:
    proposal = willing(coordinator, division)
    before = as_it_is(proposal)
    services.withdraw_proposal(by=soon(coordinator), proposal=proposal, note="She has moved.")
    services.take_back_withdrawal(by=soon(coordinator, seconds=50), proposal=proposal)
    assert as_it_is(proposal) == before
    assert MeetingOption.objects.count() == 3


# Held ---------------------------------------------------------------------------------------------------------------


def planned(by: Staff, division: Division) -> Proposal:
    proposal = willing(by, division)
    return services.plan_meeting(by=by, proposal=proposal, on=TODAY + timedelta(days=5), place="The library")


def program(days: int) -> System:
    return System("tests", AT + timedelta(days=days))


def asked() -> list[str]:
    return [str(one.values["day"]) for one in Letter.objects.filter(event="have_you_met")]


def test_both_are_asked_on_the_day_after_whether_they_met(coordinator: Staff, division: Division) -> None:
    proposal = planned(coordinator, division)
    assert services.ask_after_meetings(by=program(5)) == 0
    assert services.ask_after_meetings(by=program(6)) == 1
    # Asked every half hour, they are written to once.
    assert services.ask_after_meetings(by=program(6)) == 0
    assert asked() == [(TODAY + timedelta(days=5)).isoformat()] * 2
    # They hold the question already: one letter is enough.
    services.say_met(by=herself(proposal, Side.MENTEE, days=7), proposal=proposal, met=True)
    assert not Letter.objects.filter(event="after_meeting").exists()
    assert services.ask_after_meetings(by=program(8)) == 0


def test_another_day_is_asked_after_anew(coordinator: Staff, division: Division) -> None:
    proposal = planned(coordinator, division)
    services.ask_after_meetings(by=program(6))
    later = TODAY + timedelta(days=9)
    services.plan_meeting(by=soon(coordinator), proposal=proposal, on=later, place="The library")
    assert services.ask_after_meetings(by=program(7)) == 0
    assert services.ask_after_meetings(by=program(10)) == 1
    assert sorted(asked()) == sorted([(TODAY + timedelta(days=5)).isoformat(), later.isoformat()] * 2)


@pytest.mark.parametrize("side", Side)
def test_one_word_is_enough_that_they_met(side: Side, coordinator: Staff, division: Division) -> None:
    proposal = planned(coordinator, division)
    proposal = services.say_met(by=herself(proposal, side, days=7), proposal=proposal, met=True)
    assert (proposal.state, proposal.met_on) == (S.MET, TODAY + timedelta(days=5))
    assert Letter.objects.filter(event="after_meeting").count() == 2
    assert [kind for kind, _day in open_tasks()] == [Kind.AFTER_MEETING]
    # The other one says the same a little later.
    other = next(one for one in Side if one != side)
    before = as_it_is(proposal)
    services.say_met(by=herself(proposal, other, days=8), proposal=proposal, met=True)
    assert as_it_is(proposal) == before


def test_before_the_day_nothing_is_asked(coordinator: Staff, division: Division) -> None:
    proposal = planned(coordinator, division)
    for met in (True, False):
        refused(
            lambda met=met: services.say_met(by=herself(proposal, Side.MENTEE, days=4), proposal=proposal, met=met),  # type: ignore[misc]
            proposal,
            NotAllowedError,
            "still to come",
        )


def test_that_they_did_not_meet_is_the_coordinator_s_to_hear(coordinator: Staff, division: Division) -> None:
    proposal = planned(coordinator, division)
    proposal = services.say_met(by=herself(proposal, Side.MENTOR, days=5), proposal=proposal, met=False)
    assert proposal.state == S.TO_MEET
    assert open_tasks() == [(Kind.MEET_FIRST, TODAY + timedelta(days=5))]
    assert Entry.objects.get(act="matching.not_met").detail == {"side": "mentor"}


def test_a_coordinator_corrects_that_they_met(coordinator: Staff, division: Division) -> None:
    proposal = planned(coordinator, division)
    proposal = services.say_met(by=herself(proposal, Side.MENTEE, days=5), proposal=proposal, met=True)
    Letter.objects.filter(event="after_meeting").update(send_after=AT + timedelta(days=9))
    undone = services.take_back_met(by=later(coordinator, 5), proposal=proposal)
    assert (undone.state, undone.met_on, undone.meeting_on) == (S.TO_MEET, None, TODAY + timedelta(days=5))


def test_the_hour_is_part_of_what_is_planned(coordinator: Staff, division: Division) -> None:
    proposal = willing(coordinator, division)
    on = TODAY + timedelta(days=5)
    plan: Any = {"on": on, "place": "The library"}
    proposal = services.plan_meeting(by=coordinator, proposal=proposal, **plan)
    letters_arrive()
    seen, now = proposal.meeting_mark, soon(coordinator)
    proposal = services.plan_meeting(by=now, proposal=proposal, starts=time(11), seen=seen, **plan)
    assert proposal.meeting_mark != seen
    assert events().count("meeting_moved_at") == 2
    with pytest.raises(ChangedMeanwhileError):
        services.plan_meeting(by=now, proposal=proposal, starts=time(12), seen=seen, **plan)
    # The same again is no other meeting.
    services.plan_meeting(by=now, proposal=proposal, starts=time(11), seen=seen, **plan)
    assert events().count("meeting_moved_at") == 2
