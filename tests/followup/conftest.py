"""A coordinator, her colleagues and her cases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from factories.django_rows import make_enrolment, make_staff
from mentornet.agenda.models import Task
from mentornet.divisions.models import Division, Role
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.partnerships.models import Partnership
from mentornet.programmes.models import Programme
from partnerships.couples import make_couple

MakePlace = Callable[..., Enrolment]


@pytest.fixture
def colleague(division: Division) -> Staff:
    return make_staff(Role.COORDINATOR, division, name="Mette Rask")


@pytest.fixture
def third(division: Division) -> Staff:
    return make_staff(Role.COORDINATOR, division, name="Sofie Berg")


@pytest.fixture
def make_place(coordinator: Staff, division: Division, programme: Programme) -> MakePlace:
    def make(role: str = "mentee", owner: Staff | None = None, **facts: Any) -> Enrolment:
        enrolment = {"coordinator_id": (owner or coordinator).user_id, **facts}
        return make_enrolment(role, division, programme=programme, enrolment=enrolment)

    return make


@pytest.fixture
def pair(coordinator: Staff, division: Division, programme: Programme) -> Partnership:
    couple = make_couple(coordinator, division, programme)
    Enrolment.objects.filter(pk__in=[couple.mentee_id, couple.mentor_id]).update(coordinator_id=coordinator.user_id)
    Task.objects.filter(target_id=couple.pk).update(owner_id=coordinator.user_id)
    return Partnership.objects.select_related("mentee__person", "mentor__person", "division").get(pk=couple.pk)
