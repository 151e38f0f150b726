"""Questionnaires as they ship, and a pair that has begun."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.test import Client

from factories.django_rows import AT, TODAY, user_of
from mentornet.common.actors import System
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.partnerships.enums import PartnershipState
from mentornet.partnerships.models import Partnership
from mentornet.programmes.models import Programme
from mentornet.surveys.models import Questionnaire
from mentornet.surveys.services import install_questionnaires
from partnerships.couples import make_couple
from signing import SignIn, enter

MakePair = Callable[..., Partnership]


def program(at: datetime = AT) -> System:
    """Return the program at work at a moment."""
    return System("ask both sides", at)


@pytest.fixture
def shipped(db: None) -> dict[str, Questionnaire]:
    """The questionnaires that come with the program, by name."""
    install_questionnaires(by=System("shipped", AT))
    return {one.key: one for one in Questionnaire.objects.all()}


@pytest.fixture
def sign_in(db: None) -> SignIn:
    """Return what signs a staff member in, her second factor set up."""

    def sign(client: Client, staff: Staff) -> Client:
        return enter(client, user_of(staff))

    return sign


@pytest.fixture
def make_pair(coordinator: Staff, division: Division, programme: Programme) -> MakePair:
    """Makes an active pair of the division that began on a day, looked after by its coordinator."""

    def make(begun_on: date = TODAY, *, of: Division | None = None, by: Staff | None = None) -> Partnership:
        pair = make_couple(by or coordinator, of or division, programme, matched_on=begun_on, first_met_on=begun_on)
        Partnership.objects.filter(pk=pair.pk).update(
            state=PartnershipState.ACTIVE, first_met_on=begun_on, agreement_on=begun_on
        )
        Enrolment.objects.filter(pk__in=[pair.mentee_id, pair.mentor_id]).update(
            coordinator_id=(by or coordinator).user_id
        )
        return Partnership.objects.select_related("mentee__person", "mentor__person", "division").get(pk=pair.pk)

    return make
