"""An ending for somebody's safety is silent afterwards, whatever reason was counted, and from its first minute on."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import pytest

from factories.django_rows import AT, TODAY
from followup.value_pairs import letter_of, make_year, night
from mentornet.common.actors import System
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.followup import services
from mentornet.followup.models import ImpactLetter
from mentornet.followup.services.letters import mark_of_draft
from mentornet.followup.value_queries import draft_of, letters_new_to, letters_of, served
from mentornet.messaging.models import Letter
from mentornet.partnerships.models import Partnership
from mentornet.partnerships.services import begin_ending
from mentornet.partnerships.services.pairs import close_partnership
from mentornet.programmes.models import Programme
from mentornet.surveys.models import Ask
from mentornet.surveys.queries import own_open_ask
from mentornet.surveys.services import ask_due, install_questionnaires, remind
from partnerships.endings import fill_in_ending
from partnerships.sides import acting

pytestmark = pytest.mark.django_db
DAY: Final = timedelta(days=1)


def program(at: datetime = AT) -> System:
    return System("tests", at)


@pytest.fixture
def pair(coordinator: Staff, division: Division, programme: Programme) -> Partnership:
    install_questionnaires(by=program())
    return make_year(coordinator, division, programme)


def closed(by: Staff, pair: Partnership, reason: str) -> Partnership:
    services.close_partnership(by=by, closure=fill_in_ending(by, pair, "safety", "mentor"), on=TODAY, reason=reason)
    return Partnership.objects.select_related("mentee__person", "mentor__person").get(pk=pair.pk)


@pytest.mark.parametrize("reason", ["other", "mismatch", "safety"])
def test_nobody_is_asked_for_thanks_or_answers_whatever_is_counted(
    pair: Partnership, coordinator: Staff, reason: str
) -> None:
    closed(coordinator, pair, reason)
    assert night() == 0
    assert ask_due(by=program()) == 0
    assert not ImpactLetter.objects.exists()
    assert not Ask.objects.exists()
    assert served(pair.mentor.person_id, "mentor", TODAY) is None


def test_letter_sent_before_is_read_no_more(pair: Partnership, coordinator: Staff) -> None:
    night()
    letter = letter_of(pair)
    services.approve_letter(by=acting(pair, "mentee"), letter=letter, mark=mark_of_draft(draft_of(letter)))
    night(AT + 2 * DAY)
    assert letters_of(acting(pair, "mentor"), [pair])
    begin_ending(by=coordinator, partnership=pair, scenario="safety", who="mentor")
    pair.refresh_from_db()
    assert letters_of(acting(pair, "mentor"), [pair]) == []
    assert letters_new_to(acting(pair, "mentor")) == []


def test_from_the_first_minute_nobody_is_asked_or_reminded(pair: Partnership, coordinator: Staff) -> None:
    assert ask_due(by=program()) > 0
    begin_ending(by=coordinator, partnership=pair, scenario="safety", who="mentor")
    before = Letter.objects.count()
    assert remind(by=program(AT + 6 * DAY)) == 0
    assert Letter.objects.count() == before
    assert own_open_ask(acting(pair, "mentee")) is None


def test_closed_by_the_program_while_it_is_a_matter_of_safety(pair: Partnership, coordinator: Staff) -> None:
    """As when one of the two is erased meanwhile: the reason that is counted then is another one."""
    begin_ending(by=coordinator, partnership=pair, scenario="safety", who="mentor")
    pair.refresh_from_db()
    close_partnership(by=coordinator, partnership=pair, on=TODAY, reason="other")
    assert night() == 0
    assert ask_due(by=program()) == 0
