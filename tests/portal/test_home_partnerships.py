"""Her first page with partnerships on it: as many questions to the database for three as for one."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from factories.django_rows import AT, TODAY
from mentornet.common.actors import System
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.learning.services import install_shipped
from mentornet.partnerships import services
from mentornet.partnerships.models import Partnership, PlannedMeeting
from mentornet.partnerships.queries import planned_around, told_until
from mentornet.people.enums import Role
from mentornet.programmes.models import Programme
from partnerships.couples import make_couple
from partnerships.sides import TERMS, acting
from portal.conftest import AsParticipant

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]

DAY: Final = timedelta(days=1)
QUERIES: Final = 20
"""With agreements signed, meetings told and planned: nothing waits, so that every area has been asked."""


def settle(pair: Partnership) -> None:
    """Let nothing wait in a partnership: signed, told of, and planned."""
    mentee, mentor = acting(pair, "mentee"), acting(pair, "mentor")
    agreement = services.fill_in(by=mentee, partnership=pair, terms=TERMS, seen=0)
    for by in (mentee, mentor):
        services.sign(by=by, agreement=agreement, name=by.name, language="en")
        services.tell_meeting(by=by, partnership=pair, on=TODAY - DAY, minutes=60, way="phone")
    for at in (AT - 2 * DAY, AT + 3 * DAY):
        PlannedMeeting.objects.create(partnership=pair, at=at, side="mentee", changed_at=AT, created_at=AT)


@pytest.mark.parametrize("side", Role.values)
def test_three_partnerships_ask_as_much_as_one(
    side: str,
    coordinator: Staff,
    division: Division,
    programme: Programme,
    as_participant: AsParticipant,
    django_assert_num_queries: DjangoAssertNumQueries,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    install_shipped(by=System("shipped", AT))
    services.install_agreement_texts(by=System("shipped", AT))
    pairs = [
        make_couple(coordinator, division, programme, matched_on=TODAY - 20 * DAY, names=names, briefed_on=TODAY)
        for names in (("Amina", "Karen"), ("Sara", "Lone"), ("Mina", "Rikke"))
    ]
    for pair in pairs:
        settle(pair)
    hers = as_participant(getattr(pairs[0], side).person)
    home = reverse("portal:home")
    hers.get(home)
    with django_assert_max_num_queries(QUERIES) as one:
        page = hers.get(home).content.decode()
    assert page.count('href="/my/partnerships/') == 1
    if side == Role.MENTEE:
        # She has one mentor at a time.
        return
    Partnership.objects.update(mentor=pairs[0].mentor)
    with django_assert_num_queries(len(one.captured_queries)):
        page = hers.get(home).content.decode()
    assert page.count('href="/my/partnerships/') == 3
    assert page.count("Your next meeting") == 3


def test_each_partnership_has_its_own_days(coordinator: Staff, division: Division, programme: Programme) -> None:
    told, untold = (
        make_couple(coordinator, division, programme, matched_on=TODAY - 20 * DAY, names=names)
        for names in (("Amina", "Karen"), ("Sara", "Lone"))
    )
    for days, on in ((9, told), (2, told), (3, untold)):
        services.tell_meeting(by=acting(on, "mentor"), partnership=on, on=TODAY - days * DAY, minutes=60, way="phone")
    for at in (AT - 9 * DAY, AT - 2 * DAY, AT + DAY, AT + 8 * DAY):
        PlannedMeeting.objects.create(partnership=told, at=at, side="mentee", changed_at=AT, created_at=AT)
    PlannedMeeting.objects.create(
        partnership=told, at=AT + DAY / 2, side="mentee", changed_at=AT, created_at=AT, called_off_at=AT
    )
    assert planned_around([told, untold], AT) == {told.pk: (AT - 2 * DAY, AT + DAY)}
    assert told_until([told]) == {(told.pk, "mentor"): TODAY - 2 * DAY}
    assert told_until([told, untold])[untold.pk, "mentor"] == TODAY - 3 * DAY
