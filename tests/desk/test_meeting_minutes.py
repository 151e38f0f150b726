"""What the minutes of a meeting tell of what was changed in it, and of those left over; and as a file."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from matching.meeting_rows import make_mentee, make_mentor, ready

from exporting import proven
from factories.django_rows import saved, user_of
from mentornet.divisions.models import Division, HiddenPerson
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.matching import services
from mentornet.matching.models import MatchingMeeting, MeetingDecision, MeetingPerson
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


def settings(meeting: MatchingMeeting, **more: Any) -> dict[str, Any]:
    weights = {f"weight_{name}": value for name, value in meeting.weights.items()}
    return {"seen": 0, "floor": 35, **weights} | more


def decision(mentee: Enrolment, **more: Any) -> dict[str, Any]:
    return {"mentee": mentee.pk, "seen": 0, "outcome": "propose", "reason": "Both are nurses."} | more


# What the minutes hold ------------------------------------------------------------------------------------------------


def minutes_of(desk: Client, meeting: MatchingMeeting) -> str:
    return desk.get(reverse("desk:meeting_minutes", args=[meeting.pk])).content.decode()


def test_minutes_tell_what_was_changed_and_on_which_run_was_decided(
    desk: Client, meeting: MatchingMeeting, four: Four
) -> None:
    assert "Changed during the meeting" not in minutes_of(desk, meeting)
    act(desk, "meeting_decide", meeting, **decision(four[0], mentor=four[2].pk))
    act(desk, "meeting_settings", meeting, **settings(meeting, floor=20))
    page = minutes_of(desk, meeting)
    assert "Floor 35, now 20. 2 pairs before, 2 after." in page
    # The settings made run 2; she was decided beside the first.
    assert MeetingDecision.objects.get().run == 1
    assert f'<a href="{reverse("desk:meeting_run", args=[meeting.pk, 1])}">Run 1</a>' in page
    act(desk, "meeting_decide", meeting, **decision(four[1], mentor=four[3].pk))
    assert MeetingDecision.objects.get(mentee=four[1]).run == 2


def test_minutes_name_who_is_left_over_and_why(
    desk: Client, coordinator: Staff, division: Division, programme: Programme, four: Four
) -> None:
    taken = make_mentee(division, programme, waited=5, topics=("cv", "network"), occupation="2221")
    silent = make_mentee(division, programme, waited=50, languages={"so": "C2"})
    one = ready(coordinator, programme, [division])
    page = minutes_of(desk, one)
    assert "For whom the set has nobody" in page
    assert re.search(
        f"{silent.person.name}.*no mentor fits her; what is missing most: a shared language.*"
        f"{taken.person.name}.*the mentors who fit her are with others in the set",
        page,
        re.DOTALL,
    )
    # Years later it is still what stood there then.
    make_mentor(division, programme, languages={"so": "C2", "da": "C2"}, capacity=3)
    assert "what is missing most: a shared language" in minutes_of(desk, one)
    MeetingPerson.objects.update(facts={})
    page = minutes_of(desk, one)
    assert silent.person.name in page
    assert "not kept any more" in page
    # Of whom something is decided it stands there already.
    act(desk, "meeting_decide", one, **decision(silent, outcome="wait"))
    act(desk, "meeting_decide", one, **decision(taken, outcome="wait"))
    assert "For whom the set has nobody" not in minutes_of(desk, one)


def test_minutes_leave_out_of_those_left_over_who_is_hidden(
    desk: Client, coordinator: Staff, division: Division, programme: Programme, four: Four
) -> None:
    silent = make_mentee(division, programme, waited=50, languages={"so": "C2"})
    one = ready(coordinator, programme, [division])
    assert silent.person.name in minutes_of(desk, one)
    saved(
        HiddenPerson(
            user=user_of(coordinator), person_id=silent.person_id, reason="A cousin.", set_by="system:tests",
            created_at=coordinator.at,
        ),
        exclude=("lifted_at",),
    )  # fmt: skip
    page = minutes_of(desk, one)
    assert silent.person.name not in page
    assert "For whom the set has nobody" not in page


@needs_press
@pytest.mark.skipif(not Path("/usr/bin/pdftotext").exists(), reason="could not run: needs pdftotext")
def test_a_list_of_decisions_breaks_over_pages(
    desk: Client, coordinator: Staff, division: Division, programme: Programme
) -> None:
    for _number in range(16):
        make_mentee(division, programme)
        make_mentor(division, programme)
    one = ready(coordinator, programme, [division])
    services.decide_the_rest(by=coordinator, meeting=one, seen_run=1, reason="As the set stands. " * 20)
    made = desk.post(reverse("desk:meeting_minutes", args=[one.pk]), {"as": "pdf"})
    told = subprocess.run(["/usr/bin/pdftotext", "-", "-"], input=made.content, capture_output=True, check=True)
    pages = told.stdout.decode().rstrip("\f").split("\f")
    assert len(pages) > 1
    # On the first page there are decisions beneath their heading, and none is but a heading.
    assert "As the set stands." in pages[0]
    assert all(len(page.split()) > 20 for page in pages)
