"""The first meeting on her own page; the first page's next step, queries and languages of the pages."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest
import time_machine
from icalendar import Calendar
from matching.herself import herself, make_place, says, times_of
from matching.pairs import Pair, answer, bring_to, make_pair, propose

from factories.django_rows import AT, TODAY, make_programme
from mentornet.agenda.models import Kind, Task
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.matching import services
from mentornet.matching.enums import ProposalState, Side
from mentornet.matching.models import Proposal
from mentornet.people.models import Profile
from mentornet.web.portal.proposals.steps import next_step
from mentornet.web.portal.standing import Standing
from pages import untranslated
from portal.conftest import AsParticipant, WithLink
from portal.proposal_pages import enter, main_of, person_of, post, read, url, willing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]

S = ProposalState


@pytest.fixture
def pair(division: Division) -> Pair:
    return make_pair(division, make_programme())


@pytest.fixture
def meeting_pair(division: Division) -> Pair:
    return make_pair(division, make_programme(meets_first=True))


# Meeting ------------------------------------------------------------------------------------------------------------


def test_each_chooses_and_the_first_common_time_is_theirs(
    coordinator: Staff, division: Division, with_link: WithLink
) -> None:
    places = [make_place(division, name) for name in ("Amfi", "Bazar")]
    proposal = willing(coordinator, division)
    one, two, _three = times_of(proposal)
    rooms = {option.place_id: str(option.pk) for option in proposal.options.exclude(place=None)}
    mentee, mentor = (enter(with_link, proposal, side) for side in Side)
    page = read(mentee, url(proposal))
    assert "Saturday 7 March 2026 at 14:00" in page
    # Every place is ticked until she says otherwise, and no time is.
    assert page.count("checked") == len(places)
    chosen = {"times": [str(one.pk), str(two.pk)], "places": list(rooms.values())}
    assert post(mentee, proposal, "proposal_times", chosen).status_code == 302
    waits = read(mentee, url(proposal))
    assert "Thank you. We have your times" in main_of(waits)
    assert waits.count("checked") == 4
    # The other one reads nothing of what she has chosen.
    assert read(mentor, url(proposal)).count("checked") == len(places)
    post(mentor, proposal, "proposal_times", {"times": [str(two.pk)], "places": [rooms[places[1].pk]]})
    for client in (mentee, mentor):
        words = main_of(read(client, url(proposal)))
        assert "Monday 9 March 2026, 17:30" in words
        assert "Bazar" in words
        assert "Put it into my calendar" in words


def test_a_single_place_is_not_asked_about(coordinator: Staff, division: Division, with_link: WithLink) -> None:
    make_place(division, "Amfi", note="By the newspapers.")
    proposal = willing(coordinator, division)
    wanted = {"times": [str(times_of(proposal)[0].pk)]}
    for side in Side:
        client = enter(with_link, proposal, side)
        assert "By the newspapers." in read(client, url(proposal))
        post(client, proposal, "proposal_times", wanted)
    proposal.refresh_from_db()
    assert proposal.meeting_place == "Amfi"


def test_none_suits_her(coordinator: Staff, division: Division, with_link: WithLink) -> None:
    make_place(division)
    proposal = willing(coordinator, division)
    client = enter(with_link, proposal, Side.MENTEE)
    page = post(client, proposal, "proposal_times", {})
    assert page.status_code == 422
    assert "Choose at least one time, or say that none suits you." in page.content.decode()
    assert post(client, proposal, "proposal_times", {"none": "yes"}).status_code == 302
    assert "Thank you. We will call you" in main_of(read(client, url(proposal)))
    assert Task.objects.get(kind=Kind.MEET_FIRST, done_at=None).due_on == TODAY


def test_another_proposal_s_times_are_no_choice(coordinator: Staff, division: Division, with_link: WithLink) -> None:
    proposal, other = willing(coordinator, division), willing(coordinator, division)
    foreign = {"times": [str(times_of(other)[0].pk)]}
    assert post(enter(with_link, proposal, Side.MENTEE), proposal, "proposal_times", foreign).status_code == 422


def planned(by: Staff, division: Division, starts: time | None = time(17, 30)) -> Proposal:
    proposal = willing(by, division)
    return services.plan_meeting(
        by=by, proposal=proposal, on=TODAY + timedelta(days=7), place="Amfi, Torvet 1", starts=starts
    )


@pytest.mark.parametrize("starts", [time(17, 30), None])
def test_the_calendar_file_tells_nothing(
    starts: time | None, coordinator: Staff, division: Division, with_link: WithLink
) -> None:
    proposal = planned(coordinator, division, starts)
    file = enter(with_link, proposal, Side.MENTEE).get(url(proposal, "proposal_calendar"))
    assert file["Content-Type"].startswith("text/calendar")
    assert "attachment" in file["Content-Disposition"]
    calendar = Calendar.from_ical(file.content)
    (event,) = calendar.walk("VEVENT")
    assert str(event["SUMMARY"]) == "Appointment"
    assert str(event["LOCATION"]) == "Amfi, Torvet 1"
    begins = event.decoded("DTSTART")
    if starts is None:
        assert begins == date(2026, 3, 9)
    else:
        assert begins.isoformat() == "2026-03-09T16:30:00+00:00"
    text = file.content.decode().lower()
    for word in ("mentor", "network", person_of(proposal, Side.MENTOR).first_name.lower(), "amina"):
        assert word not in text


def test_without_a_meeting_there_is_no_file(coordinator: Staff, pair: Pair, with_link: WithLink) -> None:
    proposal = propose(coordinator, pair)
    went = enter(with_link, proposal, Side.MENTEE).get(url(proposal, "proposal_calendar"))
    assert (went.status_code, went["Location"]) == (302, url(proposal))


def test_on_the_day_each_is_asked_whether_they_met(coordinator: Staff, division: Division, with_link: WithLink) -> None:
    proposal = planned(coordinator, division)
    client = enter(with_link, proposal, Side.MENTEE)
    assert "Have you met" not in main_of(read(client, url(proposal)))
    with time_machine.travel(AT + timedelta(days=7, hours=10)):
        client = enter(with_link, proposal, Side.MENTEE)
        assert "Have you met" in main_of(read(client, url(proposal)))
        assert post(client, proposal, "proposal_met", {"met": "yes"}).status_code == 302
        assert "Would you like to go on with" in main_of(read(client, url(proposal)))
        post(client, proposal, "proposal_yes", {"asked": "after_meeting"})
        page = main_of(read(client, url(proposal)))
        assert "Thank you. You have said yes" in page
        assert "Then you get each other" in page
        other = enter(with_link, proposal, Side.MENTOR)
        post(other, proposal, "proposal_no", {"asked": "after_meeting", "decline_reason": "person"})
    proposal.refresh_from_db()
    assert proposal.state == S.DECLINED


def test_who_has_not_met_is_asked_what_happened(coordinator: Staff, division: Division, with_link: WithLink) -> None:
    proposal = planned(coordinator, division)
    with time_machine.travel(AT + timedelta(days=8)):
        client = enter(with_link, proposal, Side.MENTOR)
        went = post(client, proposal, "proposal_met", {"met": "no"})
        assert (went.status_code, went["Location"]) == (302, url(proposal, "proposal_ask"))
        assert post(client, proposal, "proposal_met", {"met": "perhaps"}).status_code == 422
    proposal.refresh_from_db()
    assert proposal.state == S.TO_MEET


# The first page, queries, languages ---------------------------------------------------------------------------------


def test_the_next_step_is_what_she_is_asked(coordinator: Staff, division: Division, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    step = next_step(Standing(herself(proposal, Side.MENTEE)))
    assert step is not None
    assert step.url == url(proposal)
    says(proposal, Side.MENTEE)
    assert next_step(Standing(herself(proposal, Side.MENTEE))) is None
    assert next_step(Standing(herself(proposal, Side.MENTOR))) is not None
    answer(coordinator, proposal, Side.MENTOR)
    assert next_step(Standing(herself(proposal, Side.MENTOR))) is None
    to_choose = willing(coordinator, division)
    step = next_step(Standing(herself(to_choose, Side.MENTEE)))
    assert step is not None
    assert step.button == "Choose times"


def add_facts(*sides: Enrolment, many: int) -> None:
    """Fill in as many topics and languages as asked for."""
    for side in sides:
        Profile.objects.filter(pk=side.profile_id).update(topics=("cv", "network", "danish")[:many])
        for position, code in enumerate(("ar", "fa", "uk")[:many]):
            side.person.languages.create(code=code, level="B1", position=position + 5)


@pytest.mark.parametrize("many", [1, 3])
def test_queries_do_not_depend_on_rows(
    many: int, coordinator: Staff, pair: Pair, as_participant: AsParticipant, django_assert_max_num_queries: Any
) -> None:
    proposal = propose(coordinator, pair)
    add_facts(*pair, many=many)
    for number in range(many):
        services.ask_coordinator(
            by=herself(proposal, Side.MENTEE), proposal=proposal, text=f"Question number {number}?"
        )
    client = as_participant(person_of(proposal, Side.MENTEE))
    with django_assert_max_num_queries(QUERIES):
        assert main_of(read(client, url(proposal))).count("Question number") == many


QUERIES = 14


@pytest.mark.parametrize("state", [S.SENT, S.TO_MEET, S.MET, S.ACCEPTED, S.DECLINED, S.EXPIRED])
def test_nothing_is_left_untranslated(
    state: S, coordinator: Staff, meeting_pair: Pair, as_participant: AsParticipant
) -> None:
    proposal = bring_to(state, coordinator, meeting_pair)
    for side in Side:
        client = as_participant(person_of(proposal, side))
        client.cookies["django_language"] = "xb"
        assert untranslated(read(client, url(proposal))) == []
        for name in ("proposal_no", "proposal_ask"):
            got = client.get(url(proposal, name))
            assert got.status_code == 302 or untranslated(got.content.decode()) == []


@pytest.mark.parametrize(("language", "direction"), [("da", "ltr"), ("ar", "rtl"), ("fa", "rtl"), ("uk", "ltr")])
def test_every_language_renders(
    language: str, direction: str, coordinator: Staff, division: Division, as_participant: AsParticipant
) -> None:
    proposal = willing(coordinator, division)
    client = as_participant(person_of(proposal, Side.MENTEE))
    client.cookies["django_language"] = language
    page = read(client, url(proposal))
    assert f'lang="{language}" dir="{direction}"' in page
