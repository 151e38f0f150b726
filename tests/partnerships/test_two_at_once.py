"""The two at the same moment: both sign, both tell of one meeting, both change the agreement."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from factories.django_rows import AT, TODAY
from mentornet.audit.models import Entry
from mentornet.common.actors import System
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.messaging.models import Letter
from mentornet.partnerships import services
from mentornet.partnerships.models import (
    Account,
    Agreement,
    AgreementSignature,
    CalendarFeed,
    Meeting,
    Partnership,
    PlannedMeeting,
)
from mentornet.programmes.models import Programme
from partnerships.couples import make_couple
from partnerships.sides import TERMS, acting
from racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pair(coordinator: Staff, division: Division, programme: Programme) -> Partnership:
    services.install_agreement_texts(by=System("shipped", AT))
    return make_couple(coordinator, division, programme, matched_on=TODAY - timedelta(days=20))


def both(act: Callable[[str], object]) -> dict[str, int]:
    return dict(at_once(*(lambda side=side: act(side) for side in ("mentee", "mentor", "mentee", "mentor"))))


def test_both_sign_at_once_and_it_is_in_force_once(pair: Partnership) -> None:
    services.tell_meeting(by=acting(pair, "mentee"), partnership=pair, on=TODAY)
    agreement = services.fill_in(by=acting(pair, "mentee"), partnership=pair, terms=TERMS, seen=0)

    def sign(side: str) -> object:
        seen = Agreement.objects.select_related("partnership").get(pk=agreement.pk)
        by = acting(pair, side)
        return services.sign(by=by, agreement=seen, name=by.name, language="da")

    assert both(sign) == {"done": 4}
    pair.refresh_from_db()
    assert (pair.state, AgreementSignature.objects.count()) == ("active", 2)
    assert Entry.objects.filter(act="partnerships.begin").count() == 1
    assert Entry.objects.filter(act="partnerships.sign").count() == 1


def test_both_tell_of_one_meeting_at_once(pair: Partnership) -> None:
    said = both(
        lambda side: services.tell_meeting(
            by=acting(pair, side), partnership=pair, on=TODAY, minutes=60 if side == "mentee" else 90
        )
    )
    assert said == {"done": 4}
    assert (Meeting.objects.count(), Account.objects.count()) == (1, 2)


def test_both_change_the_agreement_at_once(pair: Partnership) -> None:
    services.fill_in(by=acting(pair, "mentee"), partnership=pair, terms=TERMS, seen=0)
    letters = Letter.objects.count()
    said = both(
        lambda side: services.fill_in(
            by=acting(pair, side),
            partnership=pair,
            terms=TERMS | {"months": "9" if side == "mentee" else "12"},
            seen=1,
        )
    )
    # One of them was first; the other is told to look, and pressed twice it is once.
    assert said == {"done": 2, "ChangedMeanwhileError": 2}
    assert Agreement.objects.count() == 2
    assert Letter.objects.count() == letters + 1


def test_both_plan_at_once(pair: Partnership) -> None:
    said = both(
        lambda side: services.plan_meeting(
            by=acting(pair, side), partnership=pair, at=AT + timedelta(days=1 if side == "mentee" else 2)
        )
    )
    assert said == {"done": 4}
    assert PlannedMeeting.objects.filter(called_off_at=None).count() == 1


def test_without_the_lock_a_meeting_told_by_both_would_stand_twice(pair: Partnership) -> None:
    """The control: who looks before the other has written, and does not hold the row, writes a second meeting."""

    def careless(side: str) -> object:
        seen = Partnership.objects.get(pk=pair.pk)
        return Meeting.objects.create(partnership=seen, on=TODAY, told_by=side, created_at=AT)

    assert both(careless) == {"done": 4}
    assert Meeting.objects.count() == 4


def test_calendar_address_made_twice_at_once_is_one(pair: Partnership) -> None:
    made = at_once(*(lambda: services.make_feed(by=acting(pair, "mentee")) for _ in range(4)))
    assert made == {"done": 4}
    assert CalendarFeed.objects.filter(closed_at__isnull=True).count() == 1
