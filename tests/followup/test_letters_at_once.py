"""Yes and no at the same moment, and the same answer pressed twice."""

from __future__ import annotations

import pytest

from factories.django_rows import AT
from followup.value_pairs import letter_of, make_year, night
from mentornet.audit.models import Entry
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.followup import services
from mentornet.followup.models import Certificate, Reflection
from mentornet.followup.services.letters import mark_of_draft
from mentornet.followup.value_queries import draft_of
from mentornet.messaging.models import Letter
from mentornet.partnerships.models import Partnership
from mentornet.programmes.models import Programme
from partnerships.sides import acting
from racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pair(coordinator: Staff, division: Division, programme: Programme) -> Partnership:
    return make_year(coordinator, division, programme)


def test_yes_and_no_at_once_are_one_of_them(pair: Partnership) -> None:
    night()
    mark = mark_of_draft(draft_of(letter_of(pair)))

    def yes() -> object:
        return services.approve_letter(by=acting(pair, "mentee"), letter=letter_of(pair), mark=mark)

    def no() -> object:
        return services.decline_letter(by=acting(pair, "mentee"), letter=letter_of(pair))

    at_once(yes, no, yes, no)
    letter = letter_of(pair)
    # No is never lost: where both came through, it was after the yes.
    assert letter.state in {"approved", "declined"}
    assert bool(letter.texts) is (letter.state == "approved")
    assert Entry.objects.filter(act="followup.decline_letter").count() <= 1
    assert Entry.objects.filter(act="followup.approve_letter").count() <= 1


def test_two_workers_ask_once(pair: Partnership) -> None:
    at_once(*(night for _ in range(3)))
    night()
    assert letter_of(pair).state == "asked"
    assert Letter.objects.filter(event="impact_asked").count() == 1


def test_pressed_twice_at_once_it_is_one_thought_and_one_certificate(pair: Partnership) -> None:
    by = acting(pair, "mentor", AT)
    write = {"partnership": pair, "prompt": "learned", "text": "Once."}
    at_once(*(lambda: services.write_reflection(by=by, **write) for _ in range(3)))  # type: ignore[arg-type]
    assert Reflection.objects.count() == 1
    make = {"person": pair.mentor.person, "role": "mentor", "name": "Karen Lund"}
    at_once(*(lambda: services.issue_certificate(by=by, **make) for _ in range(3)))  # type: ignore[arg-type]
    assert Certificate.objects.count() == 1
