"""What tests of matching share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from matching.meeting_rows import Four, make_mentee, make_mentor, ready

from factories.django_rows import AT
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.matching.bank import forget
from mentornet.matching.models import MatchingMeeting
from mentornet.programmes.models import Programme


@pytest.fixture
def that_morning() -> Iterator[None]:
    """Let it be the morning of the factories' rows, with nothing kept in memory from another test."""
    forget()
    with time_machine.travel(AT):
        yield


@pytest.fixture
def four(division: Division, programme: Programme) -> Four:
    """Two who wait and two mentors: the first two have most in common, and so have the others."""
    return (
        make_mentee(division, programme, waited=90, topics=("cv", "network"), occupation="2221"),
        make_mentee(division, programme, waited=10, topics=("cv", "network"), occupation="5120"),
        make_mentor(division, programme, topics=("cv", "network"), occupation="2221"),
        make_mentor(division, programme, topics=("cv", "network"), occupation="5120"),
    )


@pytest.fixture
def meeting(coordinator: Staff, division: Division, programme: Programme, four: Four) -> MatchingMeeting:
    return ready(coordinator, programme, [division])
