"""None of the times suits her, said twice at once, is said once; and who has withdrawn is sent none."""

from __future__ import annotations

import pytest

from factories.django_rows import make_application
from intake.planning import herself, make_slot, moment
from intake.test_slot_races import fresh
from mentornet.common.answers import NotAllowedError
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.models import InterviewOffer
from mentornet.intake.services.applications import withdraw_application
from mentornet.intake.services.slots import offer_times, refuse_times
from mentornet.messaging.models import Letter
from racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_pressed_several_times_at_once(division: Division) -> None:
    application = make_application("mentee", division)
    acts = [
        lambda one=one: refuse_times(by=herself(one), application=one, words="In the evening")
        for one in (fresh(application) for _ in range(4))
    ]
    assert at_once(*acts) == {"done": 4}
    assert InterviewOffer.objects.get().words == "In the evening"


def test_who_has_just_taken_her_application_back_is_sent_no_times(coordinator: Staff, division: Division) -> None:
    make_slot(coordinator, division, moment(14))
    application = make_application("mentee", division)
    # The page was opened before she withdrew.
    seen = fresh(application)
    withdraw_application(by=herself(application), application=application)
    with pytest.raises(NotAllowedError):
        offer_times(by=coordinator, application=seen, author_name="Inger")
    assert not Letter.objects.filter(event="interview_choose").exists()
