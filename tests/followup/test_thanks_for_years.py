"""Thanks at one, three, five and ten years: once each, unless she wants no such letters."""

from __future__ import annotations

from datetime import timedelta

import pytest

from factories.django_rows import AT, TODAY
from followup.value_pairs import make_year
from mentornet.common.actors import System
from mentornet.common.answers import NotAllowedError
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.followup.models import TenureThanks
from mentornet.followup.services import note_thanked, thank_for_years
from mentornet.followup.value_queries import to_thank
from mentornet.messaging.models import Letter
from mentornet.partnerships.models import Partnership
from mentornet.programmes.models import Programme

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(coordinator: Staff, division: Division, programme: Programme) -> Partnership:
    return make_year(coordinator, division, programme)


def night(days: int = 0) -> int:
    return thank_for_years(by=System("thanks for the years", AT + timedelta(days=days)))


def test_thanked_once_for_each_number_of_years(pair: Partnership) -> None:
    assert night(-1) == 0
    assert (night(), night(), night(1)) == (1, 0, 0)
    thanks = TenureThanks.objects.get()
    assert (thanks.years, thanks.person_id, thanks.reached_on) == (1, pair.mentor.person_id, TODAY)
    assert Letter.objects.filter(event="tenure_thanks").count() == 1
    assert night(2 * 365 + 1) == 1
    assert sorted(TenureThanks.objects.values_list("years", flat=True)) == [1, 3]


def test_who_has_left_is_not_thanked(pair: Partnership) -> None:
    type(pair.mentor).objects.filter(pk=pair.mentor_id).update(active=0, ended_on=TODAY, end_reason="done")
    assert night() == 0


def test_coordinator_notes_her_call_once(pair: Partnership, coordinator: Staff, other_coordinator: Staff) -> None:
    night()
    (row,) = to_thank(coordinator)
    assert list(to_thank(other_coordinator)) == []
    with pytest.raises(NotAllowedError):
        note_thanked(by=other_coordinator, thanks=row)
    note_thanked(by=coordinator, thanks=row)
    note_thanked(by=coordinator, thanks=row)
    row.refresh_from_db()
    assert (row.called_at, row.called_by) == (coordinator.at, coordinator.key)
